"""What a run tells of itself, in metrics, logs and errors, and never of a post."""

from __future__ import annotations

import os

import pytest

import netral
from netral.errors import NetralError, OutputConflict
from netral.scoring.batch import ReadOptions
from netral.scoring.run import score_file
from tests.scoring.making import FILLERS, PLATFORMS, WEIGHTS, posts, write_posts


def test_metrics_tell_of_good_and_of_failed_runs(tmp_path, release):
    source, metrics = write_posts(tmp_path / "posts.csv", posts(100)), tmp_path / "netral.prom"
    manifest = score_file(source, tmp_path / "out.csv", model=release, metrics=metrics)
    samples = dict(line.rsplit(" ", 1) for line in metrics.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    label = f'output="{tmp_path / "out.csv"}"'
    assert samples[f"netral_run_exit_code{{{label}}}"] == "0"
    assert samples[f'netral_rows{{{label},outcome="read"}}'] == "100"
    assert samples[f'netral_decisions{{{label},decision="flag"}}'] == str(manifest["counts"]["decisions"]["flag"])
    with pytest.raises(OutputConflict):
        score_file(source, tmp_path / "out.csv", model=release, explain=1, metrics=metrics)
    assert f"netral_run_exit_code{{{label}}} 8" in metrics.read_text(encoding="utf-8")


def test_nothing_of_a_post_is_logged(tmp_path, release, caplog):
    rows = posts(200)
    with caplog.at_level("DEBUG", logger="netral"):
        score_file(write_posts(tmp_path / "posts.csv", rows), tmp_path / "out.csv", model=release, explain=1)
    assert "200 rows read" in caplog.text
    assert not [word for word in (*WEIGHTS, *FILLERS, *PLATFORMS, "p17") if word in caplog.text]


def test_metrics_tell_of_runs_that_did_not_begin(tmp_path, release):
    metrics = tmp_path / "netral.prom"
    source = write_posts(tmp_path / "posts.csv", posts(5))
    for arguments, code in (({"model": tmp_path / "nosuch"}, 5), ({"inputs": "nosuch.csv", "model": release}, 3)):
        with pytest.raises(NetralError):
            score_file(**({"inputs": source, "out": tmp_path / "out.csv", "metrics": metrics} | arguments))
        assert metrics.read_text(encoding="utf-8").splitlines()[2].endswith(f"}} {code}")

    def broken(folder):
        raise ValueError("a defect")

    with pytest.raises(ValueError, match="a defect"):
        score_file(source, tmp_path / "out.csv", metrics=metrics, load=broken)
    assert metrics.read_text(encoding="utf-8").splitlines()[2].endswith("} 1")


def failing_in_a_worker(folder):
    """Load a release that fails, where the test does not run, as code with a defect would; its message quotes a post."""
    model = netral.load(folder)

    def score(texts, gazetteer=None):
        raise ValueError(f"cannot parse {texts[0]}")

    if os.environ["NETRAL_TEST"] != str(os.getpid()):
        model.score = score
    return model


def test_a_worker_does_not_tell_what_a_post_said(tmp_path, release, monkeypatch):
    monkeypatch.setenv("NETRAL_TEST", str(os.getpid()))
    source = write_posts(tmp_path / "posts.csv", posts(2000))
    with pytest.raises(NetralError) as raised:
        score_file(source, tmp_path / "out.csv", model=release, read=ReadOptions(batch_rows=64), workers=2, load=failing_in_a_worker)
    assert str(raised.value) == "unexpected ValueError in a worker: this is a defect"
    assert raised.value.exit_code == 1
