"""A release is asked about posts that were labelled by the guide; every label is counted, for each file and all together."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import typer
from sklearn.metrics import roc_auc_score
from typer.testing import CliRunner

from netral.model.model import load
from netral.studies import guide
from tests.building import bundled

app = typer.Typer()
app.command()(guide.main)


@pytest.fixture
def labelled(tmp_path: Path) -> tuple[Path, Path]:
    """Posts of a file with labels of its own, and labels by the guide that partly differ."""
    posts = bundled().drop(columns="prepared").groupby("label").head(40)
    posts = posts[posts.label != "uncertain"].reset_index(drop=True)
    posts[["id", "text", "label"]].to_csv(tmp_path / "posts.csv", index=False)
    labels = posts[["id", "label"]].assign(file="posts.csv", again=None)
    labels.loc[:3, "label"] = "opinion"
    labels.loc[7::8, "again"] = labels.label[7::8]
    labels.loc[79, "again"] = "uncertain"
    labels.to_parquet(tmp_path / "labels.parquet")
    return tmp_path / "posts.csv", tmp_path / "labels.parquet"


def test_every_label_is_counted_for_each_file_and_all(labelled: tuple[Path, Path], tiny: Path, tmp_path: Path) -> None:
    posts, labels = labelled
    done = CliRunner().invoke(app, [str(posts), "--release", str(tiny), "--labels", str(labels), "--out", str(tmp_path / "out.json")])
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "out.json").read_text())
    measured = found["measured"]
    assert {*measured} == {"posts.csv", "posts.csv, labelled neutral there", "posts.csv, labelled partisan there", "all"}
    assert measured["all"] == measured["posts.csv"]
    counts = {label: row["posts"] for label, row in measured["all"]["labels"].items()}
    assert counts["opinion"] == 4
    assert counts["uncertain"] == 1
    assert sum(counts.values()) == 80
    told = pd.read_csv(posts).assign(label=pd.read_parquet(labels).label)[4:-1]  # neither `opinion` nor `uncertain`
    assert measured["all"]["auc"] == pytest.approx(roc_auc_score(told.label == "partisan", load(tiny).predict_proba(told.text.tolist())))
    assert measured["posts.csv, labelled partisan there"]["auc"] is None
    assert found["agreement"]["posts"] == 10
    assert 0.8 < found["agreement"]["kappa"] < found["agreement"]["kappa_of_sides"] == 1.0
    read = pd.read_csv(posts)
    decided = pd.Series(load(tiny).decide(read.text.tolist()))
    assert sum(row["flag"] for row in measured["all"]["labels"].values()) == (decided == "flag").sum()
    assert sum(row["read"] for row in measured["all"]["labels"].values()) == (decided != "clear").sum()
    assert "10 of these posts were read twice" in done.output


def test_posts_without_labels_end_in_one_line(labelled: tuple[Path, Path], tiny: Path) -> None:
    posts, labels = labelled
    other = posts.rename(posts.with_name("other.csv"))
    done = CliRunner().invoke(app, [str(other), "--release", str(tiny), "--labels", str(labels)])
    assert done.exit_code == 3
    assert "no label of a post in other.csv" in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_two_files_of_one_name_are_refused(labelled: tuple[Path, Path], tiny: Path) -> None:
    posts, labels = labelled
    done = CliRunner().invoke(app, [str(posts), str(posts), "--release", str(tiny), "--labels", str(labels)])
    assert done.exit_code == 3
    assert "two files named posts.csv" in done.output
