"""The one command: every part is printed, the release is asked at its own thresholds, and what is missing is said."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from netral.evaluation import protocols
from netral.files import write_json
from netral.studies import findings
from tests.building import bundled

app = typer.Typer()
app.command()(findings.main)


@pytest.fixture
def files(tmp_path, evaluated):
    """Two elections, neutral posts, news and a campaign of others, and what the flow wrote."""
    posts = bundled()
    names = sorted(set(posts.election) - {"", "none"})
    mine = posts[posts.election.isin(names[:2])]
    mine.drop(columns="prepared").to_csv(tmp_path / "posts.csv", index=False)
    rest = posts[~posts.election.isin(names[:2])]
    rest[rest.label == "neutral"][["text"]].to_parquet(tmp_path / "neutral.parquet")
    rest[(rest.label == "neutral") & (rest.election == names[3])][["text"]].to_csv(tmp_path / "news.csv", index=False)
    rest[(rest.label == "partisan") & (rest.election == names[4])][["text"]].to_csv(tmp_path / "campaign.csv", index=False)
    (tmp_path / "params.yaml").write_text("train: {families: [words], words: {ngrams: [1, 1]}}\nevaluate: {bootstrap: 20}\n")
    _, found, _ = evaluated
    for name in ("evaluate", "challenge", "gates"):
        write_json(tmp_path / "interim" / f"{name}.json", found[name])
    return tmp_path


def ask(folder, *more):
    names = {"posts": "posts.csv", "neutral": "neutral.parquet", "news": "news.csv", "campaign": "campaign.csv", "params": "params.yaml"}
    options = [part for name, file in names.items() for part in (f"--{name}", str(folder / file))]
    return CliRunner().invoke(app, [*options, "--interim", str(folder / "interim"), *map(str, more)])


@pytest.mark.slow
def test_everything_is_printed_and_written(files, tiny, monkeypatch):
    monkeypatch.setattr(protocols, "_FOLDS", 2)
    done = ask(files, "--release", tiny, "--out", files / "out.json")
    assert done.exit_code == 0, done.output
    for said in (
        "leave one election out",
        "inside pi",
        "tutorial, balanced",
        "| as set |",
        "news: ",
        "campaign: ",
        "reminders",
        "challenge: 7 of 7",
    ):
        assert said in done.output, said
    assert "time forward:" not in done.output
    found = json.loads((files / "out.json").read_text())
    shares = found["released"]["shares"]
    news = pd.read_csv(files / "news.csv")
    assert shares["news"]["posts"] == len(news)
    assert shares["campaign"]["flag"] <= shares["campaign"]["review"]
    assert shares["campaign"]["review"] > shares["news"]["review"]


def test_without_the_flow_it_ends_in_one_line(files):
    shutil.rmtree(files / "interim")
    done = ask(files)
    assert done.exit_code == 3
    assert "run the flow from the start" in done.output
    assert len(done.output.strip().splitlines()) == 1
