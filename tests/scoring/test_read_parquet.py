"""Parquet of every type that a text can have."""

import datetime
import decimal
import errno
import gzip
import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from netral.errors import InputError, WriteError
from netral.scoring.encoding import NOT_UTF8
from tests.scoring.reading import bad, good, kept, read

TEXTS = ["warga", None, "rapat é", "  ", "kopi di balai desa"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "posts.parquet"


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, **options)
    return sink.getvalue()


def careless(*values: bytes) -> pa.Array:
    """Strings that nobody has checked to be UTF-8."""
    offsets = np.cumsum([0, *map(len, values)]).astype(np.int32)
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(b"".join(values)))


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.dictionary(pa.int32(), pa.string())],
    ids=str,
)
def test_texts_of_every_type_are_read_alike(path: Path, kind: pa.DataType) -> None:
    texts = pa.array(TEXTS).dictionary_encode() if pa.types.is_dictionary(kind) else pa.array(TEXTS).cast(kind)
    batches = read(path, parquet({"id": list("abcde"), "text": texts}, row_group_size=2))
    assert good(batches) == [(1, "a", "warga"), (3, "c", "rapat é"), (5, "e", "kopi di balai desa")]
    assert bad(batches) == [(2, "b", "empty text"), (4, "d", "empty text")]
    assert [batch.texts.type for batch in batches] == [pa.string()]


@pytest.mark.parametrize(
    ("ids", "strings"),
    [
        ([7, None], ["7", "row-2"]),
        ([2.0, 0.5], ["2", "0.5"]),
        ([decimal.Decimal("1.50"), None], ["1.50", "row-2"]),
        ([datetime.date(2024, 2, 14), None], ["2024-02-14", "row-2"]),
        ([b"a", b""], ["a", "row-2"]),
        ([None, None], ["row-1", "row-2"]),
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
    ],
)
def test_ids_become_strings(path: Path, ids: Any, strings: list[str]) -> None:
    assert [name for _, name, _ in good(read(path, parquet({"id": ids, "text": ["warga", "kopi"]})))] == strings


def test_kept_columns_have_their_own_types_and_go_with_their_rows(path: Path) -> None:
    columns = {"text": TEXTS, "likes": [1, 2, 3, 4, 5], "user": [{"n": 1}, None, {"n": 3}, None, None], "a.b": ["p", "q", "r", "s", "t"]}
    batches = read(path, parquet(columns), keep=("user", "likes", "a.b", "text"), batch_rows=2)
    assert kept(batches) == [
        {"user": {"n": 1}, "likes": 1, "a.b": "p", "text": "warga"},
        {"user": {"n": 3}, "likes": 3, "a.b": "r", "text": "rapat é"},
        {"user": None, "likes": 5, "a.b": "t", "text": "kopi di balai desa"},
    ]
    assert batches[0].kept.schema.field("likes").type == pa.int64()


def test_one_column_may_serve_twice(path: Path) -> None:
    batches = read(path, parquet({"text": ["warga", "kopi"]}), id_column="text", platform_column="text", keep=("text", "text"))
    assert good(batches) == [(1, "warga", "warga"), (2, "kopi", "kopi")]
    assert batches[0].platforms.to_pylist() == batches[0].kept.column("text").to_pylist() == ["warga", "kopi"]


def test_rows_that_are_no_utf8_are_rejected_wherever_it_matters(path: Path) -> None:
    columns = {
        "id": careless(b"a", b"b", b"\xff", b"d", b""),
        "text": careless(b"warga", b"rahasia \xe9", b"x", b"x", b"kopi"),
        "x": careless(b"1", b"2", b"3", b"\xff", b"5"),
        "raw": pa.array([b"\xff"] * 5),
    }
    batches = read(path, parquet(columns), keep=("x", "raw"))
    assert good(batches) == [(1, "a", "warga"), (5, "row-5", "kopi")]
    assert bad(batches) == [(2, "b", NOT_UTF8), (3, "\ufffd", NOT_UTF8), (4, "d", NOT_UTF8)]
    assert kept(batches) == [{"x": "1", "raw": b"\xff"}, {"x": "5", "raw": b"\xff"}]


def test_batches_ignore_row_groups(path: Path) -> None:
    columns = {"text": [f"warga {number}" for number in range(1000)]}
    for size in (1, 7, 333, 1000):
        batches = read(path, parquet(columns, row_group_size=size), batch_rows=300)
        assert [batch.rows.tolist() for batch in batches] == [list(range(at + 1, min(at + 300, 1000) + 1)) for at in range(0, 1000, 300)]


@pytest.mark.parametrize("kind", [pa.float16(), pa.float32(), pa.float64()])
def test_ids_that_pandas_made_floats_read_as_the_numbers_they_were(path: Path, kind: pa.DataType) -> None:
    ids = pa.array([1.0, None, float("nan"), 2.5, 2047.0, -0.0], pa.float64()).cast(kind)
    [batch] = read(path, parquet({"id": ids, "text": ["warga"] * len(ids)}))
    assert batch.ids.to_pylist() == ["1", "row-2", "row-3", "2.5", "2047", "0"]


def test_ids_of_many_digits_have_no_exponent_where_a_float_is_exact(path: Path) -> None:
    [batch] = read(path, parquet({"id": [12_345_678_901.0, 2.0**53 - 1, None], "text": ["warga"] * 3}))
    assert batch.ids.to_pylist() == ["12345678901", "9007199254740991", "row-3"]
    with pytest.raises(
        InputError, match="holds double, in which numbers as large as 1750000000000000000 have lost their last digits; write it as"
    ):
        read(path, parquet({"id": [1.75e18, None], "text": ["warga"] * 2}))


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        ({"text": [1]}, {}, "the column text holds int64, expected strings; name another with --text-column"),
        ({"text": [["a"]]}, {}, r"the column text holds list<.*>, expected strings"),
        ({"text": ["a"], "id": [[1]]}, {}, r"the column id holds list<.*>, expected strings or numbers; name another with --id-column"),
        ({"text": ["a"]}, {"keep": ("x",)}, "found the columns text; expected one named x; name the right one with --keep"),
        ({"a": [1], "b": [2]}, {}, "found the columns a, b; expected one named text"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(path: Path, columns: dict[str, Any], options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(path, parquet(columns), **options)


def test_damage_in_the_middle_says_after_which_row(path: Path) -> None:
    content = bytearray(parquet({"text": [f"warga {number} rapat" for number in range(9000)]}, row_group_size=3000, compression="gzip"))
    at = len(content) // 2
    content[at : at + 50] = bytes(50)
    with pytest.raises(InputError, match=r"posts\.parquet: cannot be read after row 2,944 of 9,000 \("):
        read(path, bytes(content))


def test_a_place_too_small_to_unpack_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    with pytest.raises(WriteError, match=r"No space left on device.*TMPDIR"):
        read(tmp_path / "posts.parquet.gz", gzip.compress(parquet({"text": ["warga"]})))
