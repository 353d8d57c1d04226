"""The check of the lock file finds what it should find, and nothing in the project's own."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest

from tests.building import ROOT
from tests.check_lock import problems

HASH = "--hash=sha256:" + "0a" * 32
PROJECT = '[project]\ndependencies = ["numpy>=2,<3", "Py_Yaml>=6"]\n[project.optional-dependencies]\ndev = ["ruff==0.1.2"]\n'
LOCK = f"""# made by a tool
numpy==2.1.0 ; python_version < '3.12' {HASH}
numpy==2.2.0 ; python_version >= '3.12' {HASH}
py-yaml==6.0.1 \\
    {HASH} \\
    {HASH}
    # via x
ruff==0.1.2 {HASH}
other==1.0 {HASH}
"""


def test_the_lock_file_of_the_project_is_in_step():
    done = subprocess.run([sys.executable, "tests/check_lock.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_lock_in_step_has_no_problems():
    assert problems(PROJECT, LOCK) == []


@pytest.mark.parametrize(
    ("project", "lock", "said"),
    [
        (PROJECT, LOCK.replace("py-yaml==6.0.1", "else==6.0.1"), "Py_Yaml: wanted by pyproject.toml, not in requirements.lock"),
        (PROJECT, LOCK.replace("numpy==2.1.0", "numpy==3.0.0"), "numpy: pyproject.toml wants <3,>=2, requirements.lock has 3.0.0"),
        (PROJECT, LOCK.replace("ruff==0.1.2", "ruff==0.1.3"), "ruff: pyproject.toml wants ==0.1.2, requirements.lock has 0.1.3"),
        (PROJECT, LOCK.replace(f"other==1.0 {HASH}", "other==1.0"), "other: expected SHA-256 hashes, and no other option"),
        (PROJECT, LOCK.replace(f"other==1.0 {HASH}", "other==1.0 --hash=md5:00"), "other: expected SHA-256 hashes, and no other option"),
        (PROJECT, LOCK.replace("other==1.0", "other>=1.0"), "other: is not pinned to one version"),
        (PROJECT, LOCK.replace("other==1.0", "other==1.*"), "other: is not pinned to one version"),
        (PROJECT, LOCK.replace("other==1.0", "other @ https://contoh.id/o.whl"), "other: is not pinned to one version"),
        (PROJECT, LOCK + f"numpy==2.1.0 {HASH}\n", "numpy: is pinned twice"),
        (PROJECT, LOCK + f"numpy==2.1.0 ; python_version < '3.12' {HASH}\n", "numpy: is pinned twice"),
        (PROJECT, LOCK + f"Other==1.0 {HASH}\n", "Other: is pinned twice"),
        (
            PROJECT,
            "--index-url https://contoh.id\n" + LOCK,
            "--index-url https://contoh.id: no pin; only lines of `name==version --hash=…` are allowed",
        ),
        (
            PROJECT,
            "https://contoh.id/o.whl\n" + LOCK,
            "https://contoh.id/o.whl: no pin; only lines of `name==version --hash=…` are allowed",
        ),
        (PROJECT, "-e .\n" + LOCK, "-e .: no pin; only lines of `name==version --hash=…` are allowed"),
        (PROJECT.replace("ruff==0.1.2", "ruff>=0.1"), LOCK, "ruff: pin it exactly, and once, in pyproject.toml"),
        (PROJECT.replace('"ruff==0.1.2"', ""), LOCK, "ruff: pin it exactly, and once, in pyproject.toml"),
    ],
)
def test_what_is_out_of_step_is_said(project, lock, said):
    assert problems(project, lock) == [said]


def test_ruff_is_pinned_in_one_place():
    version = next(
        line.removeprefix("ruff==")
        for line in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["dev"]
        if line.startswith("ruff==")
    )
    for name in ("Makefile", ".ci/run", "README.md", "params.yaml", "dvc.yaml"):
        assert f"ruff=={version}" not in (ROOT / name).read_text()
    assert not (ROOT / ".pre-commit-config.yaml").exists() or version not in (ROOT / ".pre-commit-config.yaml").read_text()
