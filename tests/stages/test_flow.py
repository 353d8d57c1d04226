"""The whole flow in copies of the project: by DVC, in one process, twice, in a second clone, with experiments."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from netral.model import artifact
from netral.stages import STAGES
from tests.building import read_bundled

ROOT = Path(__file__).parents[2]
COPIED = (".dvc/config", ".dvc/.gitignore", ".dvcignore", ".gitignore", "dvc.yaml", "data/example-posts.csv")

pytestmark = pytest.mark.slow


def call(root: Path, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a Python module in a project, with the code of that project."""
    environment = {**os.environ, "PYTHONPATH": str(root / "pipeline"), "DVC_SITE_CACHE_DIR": str(root.parent / "site")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run([sys.executable, "-m", *command], cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def git(root: Path, *command: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *command], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def release(root: Path) -> str:
    """Return the version that the flow wrote, after checking that it is whole."""
    version = json.loads((root / "data/interim/release.json").read_text())["version"]
    artifact.verify(root / "models" / version)
    return version


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with some of the posts and one candidate to try; no git, nothing run."""
    root = tmp_path_factory.mktemp("flow") / "small"
    for name in COPIED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    shutil.copytree(ROOT / "pipeline", root / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("challenge", "elections"):
        shutil.copytree(ROOT / "data" / name, root / "data" / name)
    (root / "data/raw").mkdir()
    read_bundled()[::4].to_csv(root / "data/raw/posts.csv", index=False)
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["train"] |= {"C": [1.0], "try_families": [["words", "stems"]]}
    params["evaluate"]["bootstrap"] = 20
    (root / "params.yaml").write_text(yaml.safe_dump(params, sort_keys=False))
    return root


@pytest.fixture(scope="module")
def project(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git clone in which the flow has run once, committed with its dvc.lock."""
    root = tmp_path_factory.mktemp("clone") / "project"
    shutil.copytree(small, root)
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "a")
    git(root, "config", "user.email", "a@contoh.id")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    call(root, "netral.stages.run")
    git(root, "add", ".")
    git(root, "commit", "-qm", "lock")
    return root


def test_every_file_that_a_stage_depends_on_is_there() -> None:
    flow = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    named = {dep for stage in flow.values() for dep in stage["deps"] if dep.startswith("pipeline/")}
    assert [dep for dep in named if not (ROOT / dep).exists()] == []


def test_a_release_is_written_and_posts_are_scored_with_it(project: Path) -> None:
    version = release(project)
    with open(project / "out/example-scores.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(project / "data/example-posts.csv", encoding="utf-8", newline="") as file:
        assert [row["id"] for row in rows] == [row["id"] for row in csv.DictReader(file)]
    assert {row["model"] for row in rows} == {version}
    assert git(project, "status", "--short") == ""


def test_a_second_run_does_nothing_and_compiled_files_change_nothing(project: Path) -> None:
    call(project, "compileall", "-q", "pipeline")
    before = {path: path.stat().st_mtime_ns for path in (project / "data/interim").rglob("*")}
    told = call(project, "dvc", "repro").stdout
    assert told.count("didn't change, skipping") == len(STAGES)
    assert "up to date" in call(project, "dvc", "status").stdout
    assert {path: path.stat().st_mtime_ns for path in (project / "data/interim").rglob("*")} == before


def test_a_release_that_was_deleted_is_written_again(project: Path) -> None:
    version = release(project)
    shutil.rmtree(project / "models")
    assert f"models/{version}" in call(project, "netral.stages.run").stdout
    assert release(project) == version


def test_a_second_clone_without_the_cache_ends_with_the_same_release(project: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "clone", "-q", str(project), str(tmp_path / "second")], check=True)
    call(tmp_path / "second", "netral.stages.run")
    assert release(tmp_path / "second") == release(project)
    assert git(tmp_path / "second", "status", "--short") == ""


def test_experiments_metrics_and_plots(project: Path) -> None:
    version = release(project)
    call(project, "dvc", "exp", "run", "-S", "train.C=[0.1]")
    assert release(project) != version
    shown = json.loads(call(project, "dvc", "metrics", "diff", "--json").stdout)
    assert shown["data/interim/train.json"]["chosen.C"]["old"] == 1.0
    assert shown["data/interim/train.json"]["chosen.C"]["new"] == 0.1
    assert "chosen.C" in call(project, "dvc", "metrics", "show").stdout
    call(project, "dvc", "plots", "show")
    assert list((project / "dvc_plots/static").glob("*.png"))
    git(project, "checkout", "-q", "params.yaml", "dvc.lock")
    call(project, "netral.stages.run")
    assert release(project) == version
    assert git(project, "status", "--short") == ""


def test_without_git_the_same_release_comes_from_one_process(small: Path, project: Path, tmp_path: Path) -> None:
    root = tmp_path / "tarball"
    shutil.copytree(small, root)
    told = call(root, "netral.stages.run").stdout
    assert all(f"\n{name}" in f"\n{told}" for name in STAGES)
    assert release(root) == release(project)


def test_another_file_of_posts_leaves_params_and_lock_alone(project: Path, tmp_path: Path) -> None:
    version, params, lock = release(project), (project / "params.yaml").read_bytes(), (project / "dvc.lock").read_bytes()
    other = tmp_path / "lain.csv"
    pd.read_csv(project / "data/raw/posts.csv", dtype=str)[["id", "text", "label"]][::2].to_csv(other, index=False, sep=";")
    call(project, "netral.stages.run", "--posts", str(other))
    assert release(project) != version
    assert (params, lock) == ((project / "params.yaml").read_bytes(), (project / "dvc.lock").read_bytes())
    call(project, "netral.stages.run")
    assert release(project) == version


@pytest.mark.parametrize("by", [[], ["--no-dvc"]])
def test_unusable_posts_end_the_flow_with_the_exit_code_of_the_stage(project: Path, tmp_path: Path, by: list[str]) -> None:
    subprocess.run(["git", "clone", "-q", str(project), str(tmp_path / "bad")], check=True)
    (tmp_path / "bad/data/raw/posts.csv").write_text("id,teks\n1,a\n")
    done = call(tmp_path / "bad", "netral.stages.run", *by, check=False)
    assert done.returncode == 3
    assert "error: data/raw/posts.csv: column text, label is missing; found id, teks" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "bad/models").exists()


def test_an_unknown_option_value_is_a_usage_error(small: Path, tmp_path: Path) -> None:
    shutil.copy(small / "params.yaml", tmp_path / "params.yaml")
    (tmp_path / "params.yaml").write_text("validate: {post: x.csv}\n")
    done = call(tmp_path, "netral.stages.run", check=False)
    assert done.returncode == 2
    assert "validate.post: unknown key" in done.stderr
