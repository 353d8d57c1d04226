"""The comparison command: a table of every system under every protocol, and errors in one line."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from netral.evaluation import compare
from tests.building import ELECTIONS, ROOT, some

app = typer.Typer()
app.command()(compare.main)


@pytest.fixture
def files(tmp_path):
    """A few hundred of the bundled posts in two files."""
    posts = some(160).drop(columns="prepared")
    posts[::2].to_csv(tmp_path / "one.csv", index=False)
    posts[1::2].to_csv(tmp_path / "two.csv", index=False)
    return [str(tmp_path / "one.csv"), str(tmp_path / "two.csv")]


@pytest.mark.slow
def test_the_table_names_every_protocol_and_system(files, tmp_path):
    settings = tmp_path / "params.yaml"
    settings.write_text("train: {families: [words]}\nevaluate: {bootstrap: 20}\n")
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


def test_posts_of_one_label_are_refused_in_one_line(tmp_path):
    path = tmp_path / "one.csv"
    pd.DataFrame({"id": ["a", "b"], "text": ["x", "y"], "label": "neutral"}).to_csv(path, index=False)
    done = CliRunner().invoke(app, ["--posts", str(path), "--params", str(ROOT / "params.yaml")])
    assert done.exit_code == 3
    assert "posts of one label only" in done.output
    assert len(done.output.strip().splitlines()) == 1
