"""JSONL as people have it: one bad line costs one row."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netral.errors import InputError
from netral.scoring import blocks, read_jsonl
from netral.scoring.batch import ReadOptions
from netral.scoring.encoding import NOT_UTF8
from netral.scoring.inputs import find_inputs
from netral.scoring.read import read_batches
from tests.scoring.reading import bad, good, kept, read

slow_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "posts.jsonl"


def lines(*values: object) -> bytes:
    return "".join((value if isinstance(value, str) else json.dumps(value)) + "\n" for value in values).encode()


def test_values_are_kept_as_strings(path: Path) -> None:
    values = ["x", 7, 1.5, True, None, ["a", {"b": "é"}], 10**30]
    content = lines(*({"nomor": number, "isi": "warga", "x": value} for number, value in enumerate(values)))
    batches = read(path, content, text_column="isi", id_column="nomor", keep=("x",))
    assert good(batches) == [(number + 1, str(number), "warga") for number in range(len(values))]
    assert [row["x"] for row in kept(batches)] == ["x", "7", "1.5", "true", None, '["a", {"b": "é"}]', "1" + "0" * 30]


@pytest.mark.parametrize("values", [["a", "b"], [1, -5], [True, False], [None, 2], [1.0, 1e300], ["a", 1], [[1], {}]])
def test_the_fast_and_the_slow_road_make_the_same_strings(path: Path, values: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    content = lines(*({"id": value, "text": "warga", "platform": value, "x": value} for value in values))
    fast = read(path, content, keep=("x",))
    monkeypatch.setattr(read_jsonl, "_fast", lambda *_: None)
    slow = read(path, content, keep=("x",))
    assert (good(fast), kept(fast)) == (good(slow), kept(slow))
    assert fast[0].platforms.to_pylist() == slow[0].platforms.to_pylist()


def test_common_files_take_the_fast_road(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_jsonl, "_slow", None)
    content = b"\xef\xbb\xbf" + lines(
        *({"id": number, "text": f"warga \u00e9 {number}", "user": {"text": 1}, "n": [1.5]} for number in range(100))
    )
    assert len(good(read(path, content.replace(b"\n", b"\r\n\r\n"), keep=("id",)))) == 100


def test_platforms_are_there_where_any_row_has_one(path: Path) -> None:
    batches = read(path, lines({"text": "a"}, {"text": "b"}, {"text": "c", "platform": "x"}, {"text": "d", "platform": None}), batch_rows=2)
    assert [batch.platforms and batch.platforms.to_pylist() for batch in batches] == [None, ["x", None]]


def test_every_bad_line_has_its_reason(path: Path) -> None:
    content = lines(
        '{"id":"a","text":"kafé"}',
        ["rahasia"],
        '{"id":"c","text":"rahasia',
        {"id": "d", "text": 5},
        {"id": "e", "text": ["rahasia"]},
        {"id": "f"},
        '{"id":"g","text":"x","text":"rahasia"}',
        '{"id":"h","text":"rahasia \\ud83d"}',
        '{"id":"i","text":"kopi","x":{"text":1},"y":NaN}',
        '{"id":"j","text":NaN}',
        '"rahasia"',
        "[" * 100_000,
    )
    content += rb'{"id":"o","text":"x","te\u0078t":"rahasia"}' + b"\n"
    batches = read(path, content + b'{"id":"m","text":"rahasia \xff"}\n{"id":"n","text":"pagi","x":"\xff"}')
    assert good(batches) == [(1, "a", "kafé"), (9, "i", "kopi"), (15, "n", "pagi")]
    assert bad(batches) == [
        (2, None, "line with a list, expected an object"),
        (3, None, "line that is no JSON"),
        (4, "d", "text that is a number, expected a string"),
        (5, "e", "text that is a list, expected a string"),
        (6, "f", "empty text"),
        (7, "g", "the key text is there twice"),
        (8, "h", NOT_UTF8),
        (10, "j", "text that is a number, expected a string"),
        (11, None, "line with a string, expected an object"),
        (12, None, "JSON that is nested too deeply"),
        (13, "o", "the key text is there twice"),
        (14, "m", NOT_UTF8),
    ]


def test_a_line_over_the_limit_is_one_row(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "RECORD", 100)
    batches = read(path, lines({"text": "a"}, {"text": "x" * 200_000}, {"text": "b"}))
    assert [text for *_, text in good(batches)] == ["a", "b"]
    assert bad(batches) == [(2, None, blocks.TOO_LONG)]


def test_a_first_line_longer_than_what_is_looked_at_hides_no_columns(path: Path) -> None:
    batches = read(path, lines({"id": "a", "text": "x" * 2_000_000}, {"id": 5, "text": "warga", "platform": "x"}), keep=("platform",))
    assert good(batches) == [(2, "5", "warga")]
    assert kept(batches) == [{"platform": "x"}]


def test_a_kept_column_that_seems_missing_is_noted(path: Path) -> None:
    path.write_bytes(lines({"id": 1, "text": "warga"}))
    notes: list[str] = []
    batches = list(read_batches(find_inputs([str(path)]), ReadOptions(keep=("likes",)), notes.append))
    assert notes == [f"{path}: found no likes in its first lines; it stays empty where it is missing"]
    assert kept(batches) == [{"likes": None}]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lines({"isi": "a", "nomor": 1}), "found the columns isi, nomor; expected one named text; name the right one with --text-column"),
        (b'[{"text":"a"}]\n', r"found no JSON object in its first lines, expected one on each; convert an array with: jq -c '\.\[\]'"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(path, content)


TOKENS = [
    '{"text":"a"}',
    '{"text":"b","id":"x"}',
    '{"text":5}',
    '{"id":3}',
    '{"text":',
    '"c"}',
    "[1]",
    "x",
    "\n",
    "\n",
    "\r\n",
    " ",
    "{",
    "}",
    "\n\n",
]


@slow_folder
@given(st.lists(st.sampled_from(TOKENS), max_size=25), st.sampled_from([1, 3, 8192]), st.sampled_from([20, 1 << 24]))
def test_both_roads_and_every_window_give_the_same_rows(tmp_path: Path, tokens: list[str], batch_rows: int, record: int) -> None:
    content = b'{"text":"first","id":"y"}\n' + "".join(tokens).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "RECORD", record)
        batches = read(tmp_path / "posts.jsonl", content, batch_rows=batch_rows)
        patch.setattr(blocks, "_LEAST", 3)
        narrow = read(tmp_path / "posts.jsonl", content, batch_rows=batch_rows)
        assert [(each.read, good([each]), bad([each])) for each in narrow] == [(each.read, good([each]), bad([each])) for each in batches]
        patch.setattr(read_jsonl, "_fast", lambda *_: None)
        slow = read(tmp_path / "posts.jsonl", content, batch_rows=batch_rows)
        assert (good(slow), bad(slow)) == (good(batches), bad(batches))
    assert sum(batch.read for batch in batches) == len([line for line in content.split(b"\n") if line.strip()])


@pytest.mark.parametrize("line", ['{"text":"x","tëks/a":"a","tëks/a":"b"}', '{"text":"x","tëks/a":"a","tëks\\/a":"b"}'])
def test_a_kept_key_that_is_there_twice_is_told_however_it_is_written(path: Path, line: str) -> None:
    batches = read(path, lines({"text": "y", "tëks/a": "a"}, line), keep=("tëks/a",))
    assert [reason for *_, reason in bad(batches)] == ["the key tëks/a is there twice"]
