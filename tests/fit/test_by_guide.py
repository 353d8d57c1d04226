"""Labels find their posts by file and id, and two readings that differ are no label."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from netral.errors import InputError
from netral.fit import by_guide
from netral.schema import LONGEST_ID


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    frame = pd.DataFrame({"id": [1, 2, 3, 4], "text": ["satu", "dua", "tiga", "empat"], "label": ["neutral"] * 4})
    frame.to_parquet(tmp_path / "posts.parquet")
    return tmp_path / "posts.parquet"


def write(path: Path, **columns: list[str | None]) -> Path:
    pd.DataFrame(columns).to_parquet(path)
    return path


def test_posts_get_their_labels_by_file_and_id(posts: Path) -> None:
    labels = write(
        posts.with_name("labels.parquet"),
        file=["posts.parquet", "posts.parquet", "posts.parquet", "other.csv"],
        id=["1", "3", "4", "2"],
        label=["partisan", "opinion", "neutral", "partisan"],
        again=[None, "opinion", "partisan", None],
    )
    found = by_guide.read(posts, labels).set_index("text")
    assert found.label.to_dict() == {"satu": "partisan", "tiga": "opinion", "empat": "uncertain"}
    assert found.given.tolist() == ["neutral"] * 3
    assert found.loc["empat", ["first", "again"]].tolist() == ["neutral", "partisan"]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_an_id_is_no_number(tmp_path: Path, kind: str) -> None:
    frame = pd.DataFrame({"id": ["001", "1", "1e3"], "text": ["satu", "dua", "tiga"]})
    path = tmp_path / f"posts.{kind}"
    path.write_text(frame.to_csv(index=False) if kind == "csv" else frame.to_json(orient="records", lines=True))
    labels = write(tmp_path / "labels.parquet", file=[path.name] * 2, id=["001", "1e3"], label=["partisan", "neutral"], again=[None] * 2)
    assert by_guide.read(path, labels).id.tolist() == ["001", "1e3"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"file": ["other.csv"], "id": ["1"], "label": ["neutral"], "again": [None]}, "no label of a post in posts.parquet"),
        ({"file": ["posts.parquet"], "id": ["1"], "label": ["neutral"]}, "no column again"),
        ({"file": ["posts.parquet"], "id": ["1"], "label": ["yes"], "again": [None]}, "other labels than partisan"),
        ({"file": ["posts.parquet"], "id": ["1"], "label": ["neutral"], "again": ["yes"]}, "other labels than partisan"),
        ({"file": ["posts.parquet"] * 2, "id": ["1"] * 2, "label": ["neutral"] * 2, "again": [None] * 2}, "a post with two labels"),
    ],
)
def test_what_is_wrong_is_said(posts: Path, columns: dict[str, list[str | None]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        by_guide.read(posts, write(posts.with_name("labels.parquet"), **columns))


def test_posts_without_a_text_are_left_out_and_an_id_twice_is_refused(posts: Path) -> None:
    labels = write(posts.with_name("labels.parquet"), file=["posts.parquet"] * 2, id=["1", "2"], label=["neutral"] * 2, again=[None] * 2)
    pd.DataFrame({"id": [1, 2], "text": ["satu", None]}).to_parquet(posts)
    assert by_guide.read(posts, labels).id.tolist() == ["1"]
    pd.DataFrame({"id": [1, 1], "text": ["satu", "dua"]}).to_parquet(posts)
    with pytest.raises(InputError, match="the id '1' twice"):
        by_guide.read(posts, labels)


def test_a_file_of_labels_that_is_none_is_refused(posts: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        by_guide.read(posts, posts.with_name("nothing.parquet"))


def test_the_bundled_labels_are_whole_and_hold_no_text() -> None:
    found = pd.read_parquet(by_guide.FILE)
    assert [*found.columns] == ["file", "id", "label", "again"]
    assert not found.duplicated(["file", "id"]).any()
    assert {*found.label, *found.again.dropna()} == {*by_guide.LABELS}
    assert not found.id.str.contains(r"[\s@]").any()
    assert found.id.str.len().max() <= LONGEST_ID


def test_labels_find_their_posts_in_any_file_that_training_reads(tmp_path: Path) -> None:
    path = tmp_path / "posts.CSV"
    path.write_text("sep=;\nid;text;label\n001;null;a\n1;dua, tiga;b\n;empat;b\n", encoding="utf-8-sig")
    labels = write(tmp_path / "labels.parquet", file=["posts.CSV"] * 2, id=["001", "1"], label=["partisan", "neutral"], again=[None] * 2)
    found = by_guide.read(path, labels)
    assert found[["id", "text", "given"]].to_numpy().tolist() == [["001", "null", "a"], ["1", "dua, tiga", "b"]]
