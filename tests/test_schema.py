"""Files of labelled posts as people have them, and what is refused."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from random import Random

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from netral import schema
from netral.errors import InputError
from netral.scoring.batch import ReadOptions
from netral.scoring.inputs import find_inputs
from netral.scoring.read import read_batches
from netral.tables.csv_rows import Known
from netral.tables.read import Wanted
from netral.tables.read import read as read_file

POSTS = [
    {"id": "a1", "text": "Ayo coblos nomor 2, kawan!", "label": "partisan", "election": "pilkada-2024-contoh", "platform": "x"},
    {"id": "a2", "text": 'KPU berkata: "datang ke TPS"\r\nlalu pulang; ya', "label": "neutral", "election": "", "platform": ""},
    {"id": "a3", "text": "entahlah 🤔", "label": "uncertain", "election": "", "platform": "x"},
]


def write(folder: Path, kind: str) -> Path:
    """Write the same posts in one of the ways that people do."""
    frame = pd.DataFrame(POSTS)
    path = folder / f"posts{kind if kind.startswith('.') else '.csv'}"
    if kind.endswith(".gz"):
        path.write_bytes(gzip.compress(write(folder, kind.removesuffix(".gz")).read_bytes()))
    elif kind == ".jsonl":
        path.write_text("".join(json.dumps(post) + "\n" for post in POSTS), encoding="utf-8")
    elif kind == ".parquet":
        frame.replace("", None).to_parquet(path)
    elif kind == "excel":
        path.write_bytes(frame.to_csv(sep=";", index=False, lineterminator="\r\n").encode("utf-8-sig"))
    elif kind in ("tabs", ".tsv"):
        frame.to_csv(path, sep="\t", index=False)
    else:
        frame.to_csv(path, index=False)
    return path


KINDS = [".csv", ".CSV", ".jsonl", ".parquet", ".tsv", ".csv.gz", ".jsonl.gz", ".parquet.gz", "excel", "tabs"]


@pytest.mark.parametrize("kind", KINDS)
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


def test_an_election_is_one_in_any_capitals() -> None:
    """Two spellings would be two elections: one tested on while the other is trained on, and a gazetteer for one of them."""
    frame = pd.DataFrame({"row": [1, 2, 3], "id": ["a", "b", "c"], "text": ["x"] * 3, "label": ["neutral"] * 3})
    found = schema.check(
        frame.assign(election=["Pilkada-2024-Contoh", "pilkada-2024-contoh ", "None"], platform=["X", "x", "WhatsApp"])
    ).accepted
    assert found["election"].tolist() == ["pilkada-2024-contoh"] * 2 + [""]
    assert found["platform"].tolist() == ["x", "x", "whatsapp"]


def test_a_folder_is_told_from_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"found a folder, expected one file of labelled posts"):
        schema.read(tmp_path)
    with pytest.raises(InputError, match=r"gone\.csv: no such file; .* \(POSTS=file, or validate\.posts in params\.yaml\)"):
        schema.read(tmp_path / "gone.csv")


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
    kinds = [
        "number of fields",
        "id is used twice",
        "text is empty",
        "label",
        "label",
        "id tells a person",
        "id is empty",
        "id is too long",
    ]
    assert [each["kind"] for each in found.rejected] == kinds
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
            ["line 2 is not UTF-8", "iconv -f WINDOWS-1252 -t UTF-8 {folder}/posts.csv > {folder}/utf8-posts.csv"],
        ),
        ("posts.csv", "id,text,label\n1,a,neutral\n".encode("utf-16"), ["iconv -f UTF-16 -t UTF-8 {folder}/posts.csv"]),
        ("posts.jsonl", "{}".encode("utf-16"), ["iconv -f UTF-16"]),
        ("posts.jsonl", b'{"id": 1}\n', ["text, label is missing", "found id"]),
        ("posts.parquet", b"PAR1 rusak", ["no Parquet"]),
        ("posts.xlsx", b"PK", [".xlsx", ".csv, .tsv, .jsonl, .ndjson, .parquet"]),
        ("posts.csv.gz", gzip.compress(b"id,text,label\n1,a,neutral\n", mtime=0)[:-9], ["cannot be read", "fetch or write"]),
        (
            "posts.csv.gz",
            gzip.compress("id,text,label\n1,caf\xe9,neutral\n".encode("latin-1"), mtime=0),
            ["line 2 is not UTF-8", "gzip -dc {folder}/posts.csv.gz | iconv -f WINDOWS-1252 -t UTF-8 > {folder}/utf8-posts.csv"],
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path, name: str, content: bytes, told: list[str]) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        schema.read(tmp_path / name)
    message = str(caught.value)
    assert message.startswith(str(tmp_path / name))
    assert "\n" not in message
    assert all(part.replace("{folder}", str(tmp_path)) in message for part in told), message


def test_a_missing_file_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such file.*validate\.posts"):
        schema.read(tmp_path / "posts.csv")


def test_a_post_of_a_megabyte_is_read(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(f"id,text,label\n1,{'x' * 1_000_000},neutral\n", encoding="utf-8")
    assert schema.read(path).accepted["text"].str.len().tolist() == [1_000_000]


STRAY = "a quote opens a field that does not end with one"


@pytest.mark.parametrize(
    ("content", "kept", "lost"),
    [
        # A later quote goes on, closes the field in the last line, or stands in an empty field, before a comma, before a line break.
        ('1,"a,neutral\n2,b,neutral\n3,"c",partisan\n4,d,neutral\n', ["2 b", "3 c", "4 d"], [1]),
        ('1,a,neutral\n2,"b,neutral\n3,layar 5",partisan\n4,d,neutral\n', ["1 a", '3 layar 5"', "4 d"], [2]),
        ('1,"a,neutral\n2,"",neutral\n3,",c",partisan\n', ["3 ,c"], [1, 2]),
        ('1,"a,neutral\n2,"\nb",partisan\n3,c,neutral\n', ["2 \nb", "3 c"], [1]),
        ('1,"a, dan,neutral\n2,b, dan",partisan\n3,c,neutral\n', ["3 c"], [1, 2]),
        ('1,a,"neutral\n2,b,partisan\n3,c,neutral\n', ["2 b", "3 c"], [1]),
        ('1,a,"neutral\n2,"\nb",partisan\n3,c,neutral\n', ["2 \nb", "3 c"], [1]),
        ('1,"a "dan" a",neutral\n2,b,partisan\n', ["2 b"], [1]),
        ('1,a,neutral\n2,"b,partisan\n3,c,neutral\n', ["1 a", "3 c"], [2]),
    ],
)
def test_a_stray_quote_costs_its_own_line_and_makes_no_post_of_several(
    tmp_path: Path, content: str, kept: list[str], lost: list[int]
) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(f"id,text,label\n{content}", encoding="utf-8")
    found = schema.read(path)
    assert (found.accepted["id"] + " " + found.accepted["text"]).tolist() == kept
    assert [each["row"] for each in found.rejected] == lost
    assert any(each["reason"].startswith(STRAY) and each["kind"] == "stray quote" for each in found.rejected)


@pytest.mark.parametrize(
    "content",
    [
        'text,label,id\n"a,neutral,1\nb",partisan,2\nc,neutral,3\n',
        'label,id,text\nneutral,1,"a\npartisan,2,b"\nneutral,3,c\n',
        'id,election,label,text\n1,,neutral,"a\n2,,partisan,b"\n3,,neutral,c\n',
        'id,election,text,label\n1,"pilkada-a,a,neutral\n2,pilkada-a",b,partisan\n3,,c,neutral\n',
    ],
)
def test_rows_made_one_are_told_apart_wherever_the_label_stands(tmp_path: Path, content: str) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(content, encoding="utf-8")
    found = schema.read(path)
    assert found.accepted["id"].tolist() == ["2", "3"]
    assert [(each["row"], each["kind"]) for each in found.rejected] == [(1, "stray quote")]


def test_texts_of_several_lines_are_kept_whatever_commas_and_quotes_are_in_them(tmp_path: Path) -> None:
    texts = ["a\nb, c", "a, b\nc, d\n", '"a"\n\n, "b"', 'a,b\nlayar 5", c\r\nd', "a\rb", ",neutral", "satu\n2,dua\ntiga"]
    for order in (["id", "text", "label"], ["label", "id", "text"], ["text", "id", "label"]):
        frame = pd.DataFrame({"id": [f"p{i}" for i in range(len(texts))], "text": texts, "label": "neutral"})
        for notes in ({}, {"note": texts[::-1]}):
            frame[order].assign(**notes).to_csv(tmp_path / "posts.csv", index=False, quoting=csv.QUOTE_ALL)
            found = schema.read(tmp_path / "posts.csv")
            assert found.rejected == []
            assert found.accepted["text"].tolist() == texts


def test_two_things_noted_in_one_cell_are_no_two_rows(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": ["p1", "p2"], "text": ["a", "b"], "label": "neutral", "rule": ["R1\nR3", "R2"]})
    frame.to_csv(tmp_path / "posts.csv", index=False)
    found = schema.read(tmp_path / "posts.csv")
    assert found.rejected == []
    assert found.accepted["rule"].tolist() == ["R1\nR3", "R2"]


def test_a_quote_never_closed_in_megabytes_costs_its_own_line(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text('id,text,label\n1,"' + "x" * (1 << 24) + ",neutral\n2,b,neutral\n", encoding="utf-8")
    found = schema.read(path)
    assert found.accepted["id"].tolist() == ["2"]
    assert [each["row"] for each in found.rejected] == [1]


@pytest.mark.parametrize(
    "content",
    [
        "\n\r\nid,text,label\n1,halo,neutral\n",
        "sep=;\nid;text;label\n1;halo;neutral\n",
        "\ufeffsep=\t\r\nid\ttext\tlabel\r\n1\thalo\tneutral\r\n",
        '"id";"teks, asli, lama, baru";"text";"label"\n1;x;halo;neutral\n',
        '"id"\t"teks, asli\nlama, baru"\t"text"\t"label"\n1\tx\thalo\tneutral\n',
        "id,text,label,a;b;c;d;e\n1,halo,neutral,\n",
        "id,text,label\r1,halo,neutral\r",
    ],
)
def test_a_header_is_known_however_spreadsheets_write_it(tmp_path: Path, content: str) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(content, encoding="utf-8", newline="")
    found = schema.read(path)
    assert found.accepted[["row", "id", "text", "label"]].to_numpy().tolist() == [[1, "1", "halo", "neutral"]]
    assert found.rejected == []


@pytest.mark.parametrize("kind", KINDS)
def test_posts_that_need_no_label_are_read_from_every_kind_of_file(tmp_path: Path, kind: str) -> None:
    found = schema.read_table(write(tmp_path, kind))
    assert found[["id", "text", "label"]].to_numpy().tolist() == [[post["id"], post["text"], post["label"]] for post in POSTS]
    assert [*schema.read_table(write(tmp_path, kind), ("text",)).columns] == ["text"]


def test_text_stays_text_and_other_columns_are_what_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    texts = ["null", "NA", "None", "halo", "nan", "007", "1.0", "True"]
    path.write_text(
        "id;text;political;likes;kind\n" + "".join(f"{i:03};{text};True;{i};{text}\n" for i, text in enumerate(texts)) + "9;;;;\n"
    )
    found = schema.read_table(path)
    assert found.text.tolist() == found.kind.tolist() == texts, "a row without a text is none"
    assert found.id.tolist() == [f"{i:03}" for i in range(8)]
    assert found.likes.tolist() == list(range(8))
    path.write_text(path.read_text().replace("9;;;;\n", ""))
    assert schema.read_table(path).political.dtype == bool
    path.write_text("text\n007\n1.0\n\n")
    assert schema.read_table(path).text.tolist() == ["007", "1.0"]


def test_a_row_that_cannot_be_read_is_named_where_none_may_be_lost(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text('id,text\n1,a\n2,b,c\n3,"d\n')
    with pytest.raises(InputError, match=r"2 rows cannot be read \(row 2: 3 fields where the header has 2; quote the text\); correct them"):
        schema.read_table(path)
    path.write_text("id,text,text\n1,a,b\n")
    with pytest.raises(InputError, match="column text stands there twice"):
        schema.read_table(path)


def test_training_and_scoring_find_the_same_rows_in_a_damaged_file(tmp_path: Path) -> None:
    path, random = tmp_path / "posts.csv", Random(1)
    for _ in range(400):
        body = "".join(random.choice(('"', '"', '""', ",", ",", "\n", "\n", "\r\n", "a", "b ")) for _ in range(random.randint(1, 40)))
        path.write_text(f"id,text,more\n{body}", encoding="utf-8", newline="")
        found = read_file(path, Wanted(list, ("text",), Known({}, ())))
        ours = {int(row): text for row, text in zip(found.rows, found.frame.text, strict=True) if isinstance(text, str) and text.strip()}
        batches = list(read_batches(find_inputs([str(path)]), ReadOptions()))
        assert ours == {int(row): text for each in batches for row, text in zip(each.rows, each.texts.to_pylist(), strict=True)}, body
        assert len(found.rows) + len(found.broken) == sum(each.read for each in batches), body


@pytest.mark.parametrize("index", ["id", "text"])
def test_a_column_that_was_an_index_is_read(tmp_path: Path, index: str) -> None:
    posts = pd.DataFrame({"id": ["a", "b"], "text": ["satu", "dua"], "label": ["neutral", "partisan"]})
    posts.set_index(index).to_parquet(tmp_path / "posts.parquet")
    assert schema.read(tmp_path / "posts.parquet").accepted["text"].tolist() == ["satu", "dua"]
    assert schema.read_table(tmp_path / "posts.parquet")["id"].tolist() == ["a", "b"]


def test_a_list_in_a_quoted_post_is_no_rows(tmp_path: Path) -> None:
    text = "Daftar:\nAni, Medan, neutral\nBudi, Solo, partisan\nselesai"
    pd.DataFrame({"id": ["1", "2"], "text": [text, "apa kabar"], "label": ["neutral", "neutral"]}).to_csv(
        tmp_path / "posts.csv", index=False
    )
    found = schema.read(tmp_path / "posts.csv")
    assert found.rejected == []
    assert found.accepted["text"].tolist() == [text, "apa kabar"]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_column_that_stands_there_twice_is_refused_in_every_kind_of_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"posts.{kind}"
    if kind == "csv":
        path.write_text("id,text,x,x\n1,satu,2,3\n")
    else:
        columns = [pa.array(["1"]), pa.array(["satu"]), pa.array([2]), pa.array([3])]
        parquet.write_table(pa.Table.from_arrays(columns, names=["id", "text", "x", "x"]), path)
    with pytest.raises(InputError, match="column x stands there twice"):
        schema.read_table(path)
