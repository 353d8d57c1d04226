"""Stage split: what it writes, and what it leaves unused."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from netral.params import Params
from netral.stages import clean, split, validate


def test_uncertain_and_conflicting_posts_are_not_used_and_the_report_adds_up(root: Path) -> None:
    raw = pd.read_csv(root / "data/raw/posts.csv", dtype=str, keep_default_na=False)
    raw.loc[0, "text"] = raw.loc[5, "text"]
    raw.loc[[0, 5], "label"] = ["partisan", "neutral"]
    raw.to_csv(root / "data/raw/posts.csv", index=False)
    for stage in (validate, clean, split):
        stage.run(Params(), root)
    found = pd.read_parquet(root / "data/interim/split.parquet")
    report = json.loads((root / "data/interim/split.json").read_text())
    assert found.columns.tolist() == ["id", "part", "fold", "group"]
    assert found["id"].tolist() == raw["id"].tolist()
    assert set(found["part"][raw["label"] == "uncertain"]) == {"unused"}
    assert found["part"].iloc[[0, 5]].tolist() == ["unused", "unused"]
    assert sum(sum(counts.values()) for counts in report["parts"].values()) == len(raw)
    assert report["unused"]["conflicting"] == 2
    assert report["protocol"] == "elections"
    for part, counts in report["parts"].items():
        assert counts == raw["label"][found["part"] == part].value_counts().to_dict()


def test_the_same_posts_are_split_the_same_way_to_the_byte(root: Path) -> None:
    written = []
    for _ in range(2):
        for stage in (validate, clean, split):
            stage.run(Params(), root)
        written.append({path.name: path.read_bytes() for path in (root / "data/interim").iterdir()})
    assert written[0] == written[1]
