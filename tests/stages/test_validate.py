"""Stage validate: counts and quarantine; no text is written."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pandas as pd
import pytest

from netral.errors import InputError
from netral.params import Params, Validate
from netral.stages import validate

TEXTS = [f"Kegiatan warga nomor urusan {word} di balai desa" for word in "abcdefghijklmnopqrst"]


def project(folder: Path, extra: list[tuple[str, str, str]]) -> Path:
    """Write twenty good posts of either side, and ``extra`` ones (id, text, label) after them."""
    good = [(f"p{i}", text, "partisan" if i % 2 else "neutral") for i, text in enumerate(TEXTS)]
    path = folder / "data/raw/posts.csv"
    path.parent.mkdir(parents=True)
    pd.DataFrame([*good, *extra], columns=["id", "text", "label"]).to_csv(path, index=False)
    return folder


def report(root: Path) -> dict:
    return json.loads((root / "data/interim/validate.json").read_text())


def test_posts_are_counted_by_label_and_election(tmp_path: Path) -> None:
    root = project(tmp_path, [("e1", "Ayo dukung dia!", "partisan")])
    validate.run(Params(), root)
    assert report(root)["labels"] == {"partisan": 11, "neutral": 10}
    assert report(root)["by_election"] == {"none": {"neutral": 10, "partisan": 11}}


def test_dates_that_are_not_read_are_counted(tmp_path: Path, capsys) -> None:
    root = project(tmp_path, [])
    path = root / "data/raw/posts.csv"
    dates = ["27/11/2024", "27 November 2024", "", "2024-11-27", "2024-11-27T08:00:00+07:00"] * 4
    pd.read_csv(path).assign(posted_at=dates).to_csv(path, index=False)
    validate.run(Params(), root)
    said = "posts.csv: posted_at of 8 rows is no date by ISO 8601 (2024-11-27), as if it were empty"
    assert capsys.readouterr().out.splitlines() == ["posts.csv: 20 rows accepted, none rejected", said]


def test_bad_rows_go_aside_below_the_limit_and_fail_the_stage_above_it(tmp_path: Path, capsys) -> None:
    root = project(tmp_path, [("p1", "rahasia sekali", "neutral"), ("b2", "rahasia juga", "memihak")])
    params = dataclasses.replace(Params(), validate=Validate(max_rejected=0.1))
    validate.run(params, root)
    found = report(root)
    assert (found["accepted"], found["rejected"]) == (20, 2)
    assert found["reasons"] == {"id is used twice": 1, "label": 1}
    said = "posts.csv: 20 of 22 rows accepted, 2 rejected (id is used twice 1, label 1): data/interim/rejected.jsonl\n"
    assert capsys.readouterr().out == said
    lines = [json.loads(line) for line in (root / "data/interim/rejected.jsonl").read_text().splitlines()]
    assert [(line["row"], line["id"]) for line in lines] == [(21, "p1"), (22, "b2")]
    with pytest.raises(
        InputError, match=r"2 of 22 rows cannot be used, at most 5% may \(row 21: id is that of row 2 again; row 22: label is 'memihak'"
    ):
        validate.run(Params(), root)
    assert not any(b"rahasia" in path.read_bytes() for path in (root / "data/interim").iterdir())
    # What the first run left is gone: it would lie beside the rejected rows of another file.
    assert [path.name for path in (root / "data/interim").iterdir()] == ["rejected.jsonl"]
    (root / "data/raw/posts.csv").unlink()
    with pytest.raises(InputError):
        validate.run(params, root)
    assert not list((root / "data/interim").iterdir())


def test_a_stray_quote_counts_as_the_line_that_it_costs(tmp_path: Path) -> None:
    root = project(tmp_path, [])
    path = root / "data/raw/posts.csv"
    path.write_text(path.read_text() + 'b1,"rahasia sekali,neutral\nb2,kata orang",partisan\n')
    validate.run(dataclasses.replace(Params(), validate=Validate(max_rejected=0.05)), root)
    found = report(root)
    assert (found["accepted"], found["rejected"], found["reasons"]) == (21, 1, {"stray quote": 1})
    assert "rahasia" not in (root / "data/interim/rejected.jsonl").read_text()
    path.write_text(path.read_text().replace("p3,", 'p3,"').replace("p6,", 'p6,"'))
    with pytest.raises(InputError, match="3 of 22 rows cannot be used"):
        validate.run(Params(), root)


def test_a_file_with_one_side_only_is_refused(tmp_path: Path) -> None:
    root = project(tmp_path, [])
    path = root / "data/raw/posts.csv"
    path.write_text(path.read_text().replace("neutral", "uncertain"))
    with pytest.raises(InputError, match="found 0 posts labelled neutral, expected 10 or more"):
        validate.run(Params(), root)


def test_the_bundled_posts_are_all_accepted(root: Path, capsys) -> None:
    validate.run(Params(), root)
    assert capsys.readouterr().out.endswith(" rows accepted, none rejected\n")
    found = report(root)
    assert found["rejected"] == 0
    assert found["accepted"] >= 2000
    assert found["labels"]["neutral"] >= found["accepted"] / 2
