"""Runs and releases in MLflow: a local store by default, a real server when asked; the same probabilities as the release."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import netral
from netral import tracking
from netral.errors import WriteError
from netral.params import Params

TEXTS = ["Ayo coblos nomor 2, lanjutkan!", "KPU menetapkan tiga pasangan calon", "", "jgn pilih dia lagi 😡"]


@pytest.fixture(autouse=True)
def tracked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETRAL_TRACKING", raising=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project after its stages."""
    interim = tmp_path / "data/interim"
    (interim / "plots").mkdir(parents=True)
    (interim / "plots/calibration.png").write_bytes(b"png")
    (interim / "validate.json").write_text(json.dumps({"posts": "posts.csv", "digest": "ab" * 32}))
    (interim / "train.json").write_text(json.dumps({"chosen": {"C": 1.0, "families": ["words"]}}))
    (interim / "evaluate.json").write_text(json.dumps({"headline": {"macro-F1 (test)": 0.75, "flag": None, "gates": True}}))
    return tmp_path


def log(root: Path, folder: Path, *, current: bool) -> str | None:
    return tracking.log_release(root, Params(), {"version": netral.load(folder).version, "current": current}, folder)


def other(tiny: Path, place: Path) -> Path:
    """Write a release of another version."""
    from netral.model import artifact

    settings, arrays, _ = artifact.read(tiny)
    settings = {**{k: v for k, v in settings.items() if k != "format"}, "thresholds": {"review": 0.4, "flag": None}}
    artifact.write(place, artifact.core_bytes(settings, arrays))
    return place


def test_a_retrain_is_one_run_with_all_that_describes_it(root: Path, tiny: Path) -> None:
    import mlflow

    run = mlflow.MlflowClient(f"sqlite:///{root}/mlflow.db").get_run(log(root, tiny, current=True))
    assert run.data.params["train.C"] == "(0.6, 2.0, 6.0)"
    assert run.data.params["clean.near_duplicate"] == "0.7"
    assert run.data.metrics == {"train.chosen.C": 1.0, "evaluate.headline.macro-F1 _test_": 0.75}
    assert run.data.tags["data.sha256"] == "ab" * 32
    assert run.data.tags["release"] == netral.load(tiny).version
    place = root / "mlartifacts" / run.info.run_id / "artifacts"
    kept = {str(path.relative_to(place)) for path in place.rglob("*.*")}
    assert {"plots/calibration.png", "reports/validate.json", "reports/evaluate.json", "release/CARD.md"} <= kept
    assert not list(root.glob(".mlflow*"))
    assert "MLFLOW_TRACKING_URI" not in os.environ


def test_the_registry_names_the_release_in_use_and_keeps_one_version_of_each(root: Path, tiny: Path) -> None:
    import mlflow

    for current in (False, True, True):
        log(root, tiny, current=current)
    client = mlflow.MlflowClient(f"sqlite:///{root}/mlflow.db")
    assert client.get_registered_model("netral").aliases == {"champion": 1}
    assert len(client.search_runs([client.get_experiment_by_name("netral").experiment_id])) == 3
    log(root, other(tiny, root / "other"), current=False)
    assert client.get_registered_model("netral").aliases == {"champion": 1, "challenger": 2}
    log(root, tiny, current=True)
    assert client.get_registered_model("netral").aliases == {"champion": 1, "challenger": 2}


def test_the_pyfunc_brings_its_code_and_gives_the_probabilities_of_the_release(root: Path, tiny: Path) -> None:
    """In a process that cannot import netral from here, as on a server of somebody else."""
    log(root, tiny, current=True)
    frame = pd.DataFrame({"text": [*TEXTS, None], "other": 1})
    frame.to_json(root / "in.json")
    script = f"""
import sys
sys.path = [each for each in sys.path if not each.startswith({str(Path(netral.__file__).parents[1])!r})]
import mlflow, pandas as pd
mlflow.set_tracking_uri("sqlite:///{root}/mlflow.db")
model = mlflow.pyfunc.load_model("models:/netral@champion")
out = model.predict(pd.read_json("{root}/in.json"))
import netral
assert "mlartifacts" in netral.__file__, netral.__file__
assert model.metadata.signature.inputs.to_dict() == [dict(type="string", name="text", required=True)]
out.to_pickle("{root}/out.pkl")
"""
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "PYTHONPATH": ""}, cwd=root)
    out = pd.read_pickle(root / "out.pkl")
    model = netral.load(tiny)
    there = [0, 1, 3]
    assert out["probability"].dtype == np.float64
    np.testing.assert_array_equal(out["probability"].to_numpy()[there], model.predict_proba([TEXTS[i] for i in there]))
    assert out["decision"].tolist()[:2] == model.decide(TEXTS[:2])
    assert out.iloc[[2, 4]].isna().all(axis=None)
    stored = next((root / "mlartifacts").rglob("requirements.txt")).read_text()
    assert "pysastrawi==" in stored.lower()
    assert "pytest" not in stored


def test_two_first_runs_at_once_both_find_a_whole_store(root: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from netral import tracking; tracking._connected(Path(sys.argv[1]), 'netral').__enter__()"
    )
    with ThreadPoolExecutor(2) as pool:
        done = list(
            pool.map(
                lambda _: subprocess.run([sys.executable, "-c", script, str(root)], capture_output=True, text=True, check=False), range(2)
            )
        )
    experiments = sqlite3.connect(root / "mlflow.db").execute("select name from experiments").fetchall()
    assert sorted(experiments) == [("Default",), ("netral",)]
    assert [each.returncode for each in done] == [0, 0], done


@pytest.mark.parametrize("off", ["off", "OFF", "0"])
def test_tracking_can_be_turned_off(root: Path, tiny: Path, off: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETRAL_TRACKING", off)
    assert log(root, tiny, current=True) is None
    assert not (root / "mlflow.db").exists()


def test_without_mlflow_nothing_is_tracked(root: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracking, "find_spec", lambda name: None)
    assert log(root, tiny, current=True) is None


def test_a_store_that_cannot_be_reached_says_that_the_release_is_complete(root: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(WriteError, match=r"127\.0\.0\.1:9.*is complete.*NETRAL_TRACKING=off") as caught:
        log(root, tiny, current=True)
    assert "\n" not in str(caught.value)


def test_a_temporary_copy_of_an_experiment_uses_the_store_of_the_project() -> None:
    assert tracking._home(Path("/a/b/.dvc/tmp/exps/x1/c")) == Path("/a/b")
    assert tracking._home(Path("/a/b")) == Path("/a/b")


def test_the_commit_is_named_and_a_changed_tree_too(tmp_path: Path) -> None:
    assert tracking.commit(tmp_path) == ""
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@contoh.id"]
    (tmp_path / "a").write_text("a")
    for command in (["init", "-q"], ["add", "a"], ["commit", "-qm", "a"], ["tag", "v1"]):
        subprocess.run([*git, *command], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    assert tracking.commit(tmp_path) == head
    (tmp_path / "a").write_text("b")
    assert tracking.commit(tmp_path) == f"{head}-dirty"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A real MLflow server on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    store, files = tmp_path / "server/mlflow.db", tmp_path / "server/files"
    files.mkdir(parents=True)
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{store}", "--artifacts-destination", str(files)]
    with (
        open(tmp_path / "server/log", "wb") as told,
        subprocess.Popen(command, stdout=told, stderr=told, start_new_session=True) as process,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, 15)


def _wait(url: str, process: subprocess.Popen[Any]) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except (urllib.error.URLError, OSError):
            assert process.poll() is None, "the server ended"
            time.sleep(0.25)
        else:
            return
    raise AssertionError("the server is not ready after a minute")


@pytest.mark.slow
def test_a_real_server_keeps_the_run_and_serves_the_release(root: Path, tiny: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import mlflow

    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    run = log(root, tiny, current=True)
    assert not (root / "mlflow.db").exists()
    client = mlflow.MlflowClient(server)
    assert client.get_run(run).data.metrics["train.chosen.C"] == 1.0
    assert {each.path for each in client.list_artifacts(run)} >= {"plots", "release", "reports"}
    mlflow.set_tracking_uri(server)
    loaded = mlflow.pyfunc.load_model("models:/netral@champion")
    mlflow.set_tracking_uri(None)
    probability = loaded.predict(pd.DataFrame({"text": TEXTS[:2]}))["probability"]
    np.testing.assert_array_equal(probability, netral.load(tiny).predict_proba(TEXTS[:2]))
