"""Files of labelled posts as people have them, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from netral import schema
from netral.errors import InputError

POSTS = [
    {"id": "a1", "text": "Ayo coblos nomor 2, kawan!", "label": "partisan", "election": "pilkada-2024-contoh", "platform": "x"},
    {"id": "a2", "text": 'KPU berkata: "datang ke TPS"\r\nlalu pulang; ya', "label": "neutral", "election": "", "platform": ""},
    {"id": "a3", "text": "entahlah 🤔", "label": "uncertain", "election": "", "platform": "x"},
]


def write(folder: Path, kind: str) -> Path:
    """Write the same posts in one of the ways that people do."""
    frame = pd.DataFrame(POSTS)
    path = folder / f"posts{kind if kind.startswith('.') else '.csv'}"
    if kind == ".jsonl":
        path.write_text("".join(json.dumps(post) + "\n" for post in POSTS), encoding="utf-8")
    elif kind == ".parquet":
        frame.replace("", None).to_parquet(path)
    elif kind == "excel":
        path.write_bytes(frame.to_csv(sep=";", index=False, lineterminator="\r\n").encode("utf-8-sig"))
    elif kind == "tabs":
        frame.to_csv(path, sep="\t", index=False)
    else:
        frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("kind", [".csv", ".jsonl", ".parquet", "excel", "tabs"])
def test_every_kind_of_file_gives_the_same_posts(tmp_path: Path, kind: str) -> None:
    found = schema.read(write(tmp_path, kind))
    assert found.rejected == []
    assert list(found.accepted.columns) == ["row", *schema.COLUMNS]
    assert found.accepted["row"].tolist() == [1, 2, 3]
    assert found.accepted[list(POSTS[0])].to_dict("records") == POSTS
    assert set(found.accepted["lang"]) == {""}


def test_voice_and_sampling_are_known_words_in_any_capitals() -> None:
    """Protections hang on them: a reminder under another name would not be protected, a synthetic post would be tested on."""
    frame = pd.DataFrame({"row": [1, 2, 3], "id": ["a", "b", "c"], "text": ["x"] * 3, "label": ["neutral"] * 3})
    found = schema.check(frame.assign(voice=["Reminder", "pengingat", ""], sampling=["Synthetic", "", ""]))
    assert found.accepted[["voice", "sampling"]].to_numpy().tolist() == [["reminder", "synthetic"], ["", ""]]
    assert [(row["row"], row["reason"]) for row in found.rejected] == [
        (2, "voice is 'pengingat', expected one of own, quoted, report, official, reminder, forward, or nothing")
    ]


def test_bad_rows_are_named_and_their_texts_are_not_told(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    rows = [
        "id,text,label,author",
        "1,satu,Partisan,rahasia",
        "2,kurang",
        "1,lagi,neutral,x",
        "",
        "4,  ,neutral,x",
        "5,lima,netral,x",
        "6,enam,ayo coblos pak Wiryo ya,x",
        "https://x.contoh/7,tujuh,neutral,x",
        ",delapan,neutral,x",
        f"{'9' * 65},sembilan,neutral,x",
        "10,nul \x00 di sini,neutral,x",
        "11,sebelas,neutral,x",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    found = schema.read(path)
    assert found.accepted[["row", "id", "label"]].to_numpy().tolist() == [
        [1, "1", "partisan"],
        [10, "10", "neutral"],
        [11, "11", "neutral"],
    ]
    assert [(each["row"], each["id"]) for each in found.rejected] == [
        (2, ""),
        (3, "1"),
        (4, "4"),
        (5, "5"),
        (6, "6"),
        (7, ""),
        (8, ""),
        (9, ""),
    ]
    reasons = [each["reason"] for each in found.rejected]
    for part, reason in zip(
        ("2 fields", "row 1 again", "text is empty", "'netral'", "label is", "link", "id is empty", "longer"), reasons, strict=True
    ):
        assert part in reason
    assert "author" not in found.accepted
    assert not any(word in json.dumps(found.rejected) for word in ("Wiryo", "rahasia", "tujuh", "x.contoh"))


def test_json_values_of_other_kinds_become_strings_and_broken_lines_are_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    lines = [
        '{"id": 7, "text": "angka", "label": "neutral"}',
        "{rusak",
        "[1]",
        '{"id": "8", "text": "x \\ud83d y", "label": "neutral", "election": null}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = schema.read(path)
    assert found.accepted[["row", "id", "text", "election"]].to_numpy().tolist() == [[1, "7", "angka", ""], [4, "8", "x ? y", ""]]
    assert [each["row"] for each in found.rejected] == [2, 3]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("posts.csv", b"nomor,isi\n1,a\n", ["id, text, label is missing", "found nomor, isi"]),
        ("posts.csv", b"", ["missing", "found none"]),
        ("posts.csv", b"id,text,text,label\n", ["text stands there twice"]),
        (
            "posts.csv",
            "id,text,label\n1,caf\xe9,neutral\n".encode("latin-1"),
            ["line 2 is not UTF-8", "iconv -f WINDOWS-1252 -t UTF-8 posts.csv"],
        ),
        ("posts.csv", "id,text,label\n1,a,neutral\n".encode("utf-16"), ["iconv -f UTF-16 -t UTF-8 posts.csv"]),
        ("posts.jsonl", "{}".encode("utf-16"), ["iconv -f UTF-16"]),
        ("posts.jsonl", b'{"id": 1}\n', ["text, label is missing", "found id"]),
        ("posts.parquet", b"PAR1 rusak", ["no Parquet"]),
        ("posts.xlsx", b"PK", [".xlsx", ".csv, .jsonl or .parquet"]),
        ("posts.csv", b'id,text,label\n1,"' + b"x" * (1 << 24) + b"\n", ["never closed"]),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path, name: str, content: bytes, told: list[str]) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        schema.read(tmp_path / name)
    message = str(caught.value)
    assert message.startswith(str(tmp_path / name))
    assert "\n" not in message
    assert all(part in message for part in told), message


def test_a_missing_file_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such file.*validate\.posts"):
        schema.read(tmp_path / "posts.csv")


def test_a_post_of_a_megabyte_is_read(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(f"id,text,label\n1,{'x' * 1_000_000},neutral\n", encoding="utf-8")
    assert schema.read(path).accepted["text"].str.len().tolist() == [1_000_000]
