"""Results as CSV: the quick way writes what the `csv` module writes."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from netral.scoring.write import encode_csv

CELLS = st.text(st.sampled_from('ab é",;\n\r\\'), max_size=4)


@given(st.lists(st.tuples(CELLS, st.floats(), st.sampled_from(["clear", "flag"]), st.none() | CELLS), max_size=5))
def test_csv_reads_back_as_it_was(rows: list[tuple[str, float, str, str | None]]) -> None:
    names = ("id", "probability", "decision", "kept")
    kinds = (pa.string(), pa.float64(), pa.string(), pa.string())
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    batch = pa.RecordBatch.from_arrays([pa.array(values, kind) for values, kind in zip(columns, kinds, strict=True)], names=names)
    found = list(csv.reader(io.StringIO(encode_csv(batch).decode(), newline="")))
    assert found == [[cell if isinstance(cell, str) else "" if cell is None else repr(cell) for cell in row] for row in rows]
