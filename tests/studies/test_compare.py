"""The comparison command: a table of every system under every protocol, and errors in one line."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from netral.evaluation import protocols
from netral.studies import compare
from tests.building import ELECTIONS, ROOT, read_bundled, some

app = typer.Typer()
app.command()(compare.main)


@pytest.fixture(autouse=True)
def two_folds(monkeypatch):
    """Random splits have two folds here: five ask nothing else, and take long."""
    monkeypatch.setattr(protocols, "_FOLDS", 2)


@pytest.fixture
def files(tmp_path):
    """Some of the bundled posts of three elections, in two files."""
    posts = some(600).drop(columns="prepared")
    posts = posts[posts.election.isin(sorted({*posts.election} - {"none"})[:3])]
    posts[::2].to_csv(tmp_path / "one.csv", index=False)
    posts[1::2].to_csv(tmp_path / "two.csv", index=False)
    return [str(tmp_path / "one.csv"), str(tmp_path / "two.csv")]


@pytest.mark.slow
def test_the_table_names_every_protocol_and_system(files, tmp_path):
    settings = tmp_path / "params.yaml"
    settings.write_text("train: {families: [words], C: [1.0]}\nevaluate: {bootstrap: 20}\n")
    out = tmp_path / "table.json"
    done = CliRunner().invoke(app, ["--posts", *files, "--elections", str(ELECTIONS), "--params", str(settings), "--out", str(out)])
    assert done.exit_code == 0, done.output
    for said in (
        "leave one election out",
        "time forward",
        "leave one platform out",
        "grouped random split",
        "tutorial, balanced",
        "Optimistic",
    ):
        assert said in done.output
    rows = json.loads(out.read_text())["rows"]
    assert len({row["protocol"] for row in rows}) >= 4
    by_protocol = [{row["system"] for row in rows if row["protocol"] == name} for name in {row["protocol"] for row in rows}]
    assert all(systems == by_protocol[0] for systems in by_protocol)


@pytest.mark.slow
def test_other_posts_are_learned_from_and_not_asked_about(files, tmp_path):
    settings = tmp_path / "params.yaml"
    settings.write_text("train: {families: [words], C: [1.0]}\nevaluate: {bootstrap: 5}\n")
    pd.DataFrame({"text": [f"panitia kecamatan {i} membuka loket {i}" for i in range(60)]}).to_csv(tmp_path / "news.csv", index=False)
    read_bundled()[::16].to_csv(tmp_path / "also.csv", index=False)
    for path in files:  # two elections and no more to tell posts apart by: fewer protocols
        posts = pd.read_csv(path, dtype=str, keep_default_na=False)[["id", "text", "label", "election"]]
        posts[posts.election != max(posts.election)].to_csv(path, index=False)
    found = []
    for more in ([], ["--also", str(tmp_path / "also.csv"), "--neutral", str(tmp_path / "news.csv")]):
        out = tmp_path / "table.json"
        done = CliRunner().invoke(
            app, ["--posts", *files, "--params", str(settings), "--elections", str(ELECTIONS), "--out", str(out), *more]
        )
        assert done.exit_code == 0, done.output
        rows = json.loads(out.read_text())["rows"]
        found.append({row["system"]: row for row in rows if row["protocol"] == "leave one election out"})
    alone, beside = found
    assert {row["posts"] for row in alone.values()} == {row["posts"] for row in beside.values()}
    # Hundreds of posts teach more than these alone; netral knows most of it from its prior.
    assert beside["tutorial, balanced"]["mean_roc_auc"] > alone["tutorial, balanced"]["mean_roc_auc"]
    assert beside["netral"]["mean_roc_auc"] > alone["netral"]["mean_roc_auc"] - 0.05


def test_posts_of_one_label_are_refused_in_one_line(tmp_path):
    path = tmp_path / "one.csv"
    pd.DataFrame({"id": ["a", "b"], "text": ["x", "y"], "label": "neutral"}).to_csv(path, index=False)
    done = CliRunner().invoke(app, ["--posts", str(path), "--params", str(ROOT / "params.yaml")])
    assert done.exit_code == 3
    assert "posts of one label only" in done.output
    assert len(done.output.strip().splitlines()) == 1
