"""The built wheel, alone in an empty environment with its base dependencies, scores a file as here."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import netral
from tests.building import ROOT, bundled

pytestmark = pytest.mark.slow
NOT_THERE = {"scikit-learn", "pandas", "mlflow", "dvc", "scipy", "joblib", "matplotlib", "pytest"}


def run(*command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NETRAL", "VIRTUAL_ENV"))}
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **{"env": environment, **options})  # type: ignore[call-overload,no-any-return]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A folder with the sdist and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    done = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory) -> Path:
    """The `bin` folder of an environment that has the wheel and what it asks for, in the versions of the lock file."""
    folder = tmp_path_factory.mktemp("alone")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    constraints = folder / "constraints.txt"
    pins = re.findall(r"^([\w.-]+==[^\s\\]+(?: *;[^\\\n]*)?)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    constraints.write_text("\n".join(pins) + "\n")
    (wheel,) = built.glob("*.whl")
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    done = run(*pip, "install", "--quiet", "--only-binary", ":all:", "--constraint", constraints, wheel)
    if done.returncode:
        probe = run(*pip, "download", "--quiet", "--no-deps", "--dest", folder / "probe", "typer")
        if probe.returncode:
            pytest.skip("pip reaches no package index here")
    assert done.returncode == 0, done.stderr[-2000:]
    return python.parent


def test_the_wheel_holds_the_package_and_its_word_lists_and_nothing_else(built):
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {
        f"netral/{path.relative_to(ROOT / 'pipeline' / 'netral')}"
        for path in (ROOT / "pipeline" / "netral").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if ".dist-info/" not in name} == package
    assert {"netral/text/lexicon/slang.tsv", "netral/text/lexicon/parties.tsv"} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_sdist_holds_what_a_build_needs_and_no_posts(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "pipeline/netral/__init__.py"} <= names
    assert not [name for name in names if name.startswith(("data", "models", "tests")) and not name.endswith("README.md")]


def test_alone_it_scores_a_file_as_here(installed, tiny, tiny_model, tmp_path):
    texts = bundled().text[:50].tolist()
    with open(tmp_path / "posts.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "text"), *((f"p{i}", text) for i, text in enumerate(texts))])
    done = run(installed / "netral", "score", "posts.csv", "--out", "scores.csv", "--model", tiny, "--explain", "2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with open(tmp_path / "scores.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [f"p{i}" for i in range(len(texts))]
    assert [float(row["probability"]) for row in rows] == pytest.approx(tiny_model.predict_proba(texts).tolist(), abs=1e-9)
    assert [row["decision"] for row in rows] == tiny_model.decide(texts)
    assert {row["model"] for row in rows} == {tiny_model.version}
    assert all(row["reasons"] for row in rows)


def test_nothing_of_the_training_side_is_installed(installed):
    listed = run(sys.executable, "-m", "pip", "--python", installed / "python", "list", "--format=freeze", "--disable-pip-version-check")
    names = {line.split("==")[0].lower() for line in listed.stdout.splitlines()}
    assert "netral" in names
    assert names.isdisjoint(NOT_THERE)


def test_it_says_its_version_and_how_to_be_used(installed, tmp_path):
    assert run(installed / "netral", "--version", cwd=tmp_path).stdout.strip() == f"netral {netral.__version__}"
    help_ = run(installed / "netral", "--help", cwd=tmp_path)
    assert all(command in help_.stdout for command in ("score", "explain", "model"))


def test_it_explains_and_verifies(installed, tiny, tmp_path):
    done = run(installed / "netral", "explain", "Ayo coblos nomor 2!", "--model", tiny, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "bukan bukti pelanggaran" in done.stdout
    assert run(installed / "netral", "model", "verify", tiny, cwd=tmp_path).returncode == 0


def test_without_a_model_it_says_so_in_one_line(installed, tmp_path):
    (tmp_path / "posts.csv").write_text("id,text\n1,halo\n")
    done = run(installed / "netral", "score", "posts.csv", "--out", "scores.csv", cwd=tmp_path)
    assert done.returncode == 5
    assert done.stderr.count("\n") == 1
    assert "no release is in use" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["posts.csv"]
