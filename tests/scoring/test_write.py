"""Results as CSV: the quick way writes what the `csv` module writes."""

from __future__ import annotations

import csv
import io
import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral.errors import InputError
from netral.scoring.write import csv_bytes, jsonl_bytes

CELLS = st.text(st.sampled_from('ab é",;\n\r\\'), max_size=4)


@given(st.lists(st.tuples(CELLS, st.floats(), st.sampled_from(["clear", "flag"]), st.none() | CELLS), max_size=5))
def test_csv_reads_back_as_it_was(rows: list[tuple[str, float, str, str | None]]) -> None:
    names = ("id", "probability", "decision", "kept")
    kinds = (pa.string(), pa.float64(), pa.string(), pa.string())
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    results = pa.RecordBatch.from_arrays([pa.array(values, kind) for values, kind in zip(columns, kinds, strict=True)], names=names)
    found = list(csv.reader(io.StringIO(csv_bytes(results).decode(), newline="")))
    assert found == [[cell if isinstance(cell, str) else "" if cell is None else repr(cell) for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("values", "written"),
    [
        (pa.array([1_700_000_000_123_456_789], pa.timestamp("ns")), "2023-11-14 22:13:20.123456789"),
        (pa.array([10**18], pa.duration("s")), "1000000000000000000"),
        (pa.array([1], pa.timestamp("us", "Mars/Phobos")), "1970-01-01 00:00:00.000001"),
        (pa.array([4_000_000], pa.date32()), "12921-08-18"),
    ],
)
def test_times_that_python_cannot_hold_are_written_as_arrow_does(values, written):
    results = pa.record_batch({"id": ["a"], "kept": values})
    assert csv_bytes(results).decode().strip() == f"a,{written}"
    assert json.loads(jsonl_bytes(results))["kept"] == written


def test_what_cannot_be_written_as_text_is_an_error_that_says_so():
    odd = pa.array([{"q": 1}], pa.struct([("q", pa.timestamp("us", "Mars/Phobos"))]))
    with pytest.raises(InputError, match="write Parquet, or leave the column out"):
        csv_bytes(pa.record_batch({"id": ["a"], "kept": odd}))
