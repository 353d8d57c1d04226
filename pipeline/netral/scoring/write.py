"""Results as bytes: batch by batch while a run goes on (`to_bytes`), then as the file that was asked for (`assemble`).

The bytes of a batch depend on the batch alone, and the final file on the batches in order; so neither interruptions nor
the number of workers can change it. CSV and JSONL batches are simply lines; Parquet, whose footer comes last, waits as
a row of Arrow streams.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from netral.errors import InputError, UsageError
from netral.scoring.batch import Rejected

_TYPES = {"id": pa.string(), "probability": pa.float64(), "decision": pa.string(), "model": pa.string()}
COLUMNS = tuple(_TYPES)
REASONS = "reasons"
#: Rows and bytes from which a Parquet row group is closed; it bounds the memory of the last step.
GROUP_ROWS, GROUP_BYTES = 131_072, 16 << 20
_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
_KINDS = {".csv": "csv", ".jsonl": "jsonl", ".parquet": "parquet"}


@dataclass(frozen=True)
class Format:
    """How results are written: ``csv``, ``jsonl`` or ``parquet``, and how that is compressed."""

    kind: str
    compression: str | None = None

    @property
    def plain(self) -> bool:
        """Whether the batches one after the other are the final file already."""
        return self.kind != "parquet" and self.compression is None


def format_of(out: Path) -> Format:
    """Tell the format from the suffixes of a name.

    Raises
    ------
    UsageError
        If it is none that can be written.
    """
    suffixes = ["", *(suffix.lower() for suffix in out.suffixes)]
    compression = _COMPRESSIONS.get(suffixes[-1])
    kind = _KINDS.get(suffixes[-2 if compression else -1])
    if kind is None:
        raise UsageError(f"{out}: the format is told from the name; expected .csv, .jsonl or .parquet, each also with .gz or .zst")
    return Format(kind, compression)


def header(kind: str, explain: int, keep: Sequence[str]) -> bytes:
    """What stands before the first batch."""
    return _csv_lines([[*COLUMNS, *([REASONS] if explain else []), *keep]]) if kind == "csv" else b""


def to_bytes(kind: str, results: pa.RecordBatch) -> bytes:
    """Write results as ``csv``, ``jsonl`` or, while they wait to become ``parquet``, as an Arrow stream."""
    return {"csv": csv_bytes, "jsonl": jsonl_bytes, "parquet": stream_bytes}[kind](results)


def csv_bytes(results: pa.RecordBatch) -> bytes:
    """CSV lines without header; numbers in the shortest form that reads back as the same number."""
    if any(_needs_care(column) for column in results.columns):
        return _csv_lines(zip(*(_cells(column) for column in results.columns), strict=True))
    columns = [column.to_pylist() if pa.types.is_string(column.type) else map(repr, column.to_pylist()) for column in results.columns]
    return "".join([f"{','.join(row)}\n" for row in zip(*columns, strict=True)]).encode()


def jsonl_bytes(results: pa.RecordBatch) -> bytes:
    """One JSON object a line; what JSON has no word for (NaN, infinity) becomes null."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_text).encode
    columns = [_jsonable(column) for column in results.columns]
    names = results.schema.names
    return "".join([encode(dict(zip(names, row, strict=True))) + "\n" for row in zip(*columns, strict=True)]).encode()


def stream_bytes(results: pa.RecordBatch) -> bytes:
    """An Arrow stream of its own."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, results.schema) as stream:
        stream.write_batch(results)
    return sink.getvalue().to_pybytes()


def rejected_bytes(rejected: Sequence[Rejected]) -> bytes:
    """Lines for the file of rejected rows."""
    return "".join([json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in rejected]).encode()


def assemble(form: Format, waiting: Path, final: Path, explain: int, keep: Sequence[str]) -> None:
    """Make the final file from what waits for it, the batches one after the other, in pieces of bounded size.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    with ExitStack() as stack:
        file: Any = stack.enter_context(open(final, "wb"))
        if form.compression:
            file = stack.enter_context(_compressed(file, form.compression))
        if form.kind == "parquet":
            _write_parquet(waiting, file, _unified(waiting, explain, keep))
        else:
            with open(waiting, "rb") as source:
                while piece := source.read(1 << 20):
                    file.write(piece)


def _compressed(file: BinaryIO, compression: str) -> Any:
    if compression == "gzip":
        import gzip

        return gzip.GzipFile("", "wb", 6, file, mtime=0)  # no name and no time inside: same content, same bytes
    return pa.CompressedOutputStream(file, compression)


def _write_parquet(waiting: Path, file: IO[bytes], schema: pa.Schema) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        group: list[pa.RecordBatch] = []
        for results in _read_back(waiting):
            columns = [_as(column, field.type) for column, field in zip(results.columns, schema, strict=True)]
            group.append(pa.RecordBatch.from_arrays(columns, schema=schema))
            if sum(map(len, group)) >= GROUP_ROWS or sum(each.nbytes for each in group) >= GROUP_BYTES:
                writer.write_table(pa.Table.from_batches(group), row_group_size=1 << 40)
                group = []
        if group:
            writer.write_table(pa.Table.from_batches(group), row_group_size=1 << 40)


def _unified(waiting: Path, explain: int, keep: Sequence[str]) -> pa.Schema:
    """One schema for all batches: a kept column that has different types in different files becomes text."""
    types: dict[str, set[pa.DataType]] = {name: set() for name in keep}
    for results in _read_back(waiting):
        for name in keep:
            types[name].add(results.schema.field(name).type)
    reasons = [(REASONS, pa.string())] if explain else []
    kept = [(name, found.pop() if len(found) == 1 else pa.string()) for name, found in types.items()]
    return pa.schema([*_TYPES.items(), *reasons, *kept])


def _as(column: pa.Array, wanted: pa.DataType) -> pa.Array:
    if column.type == wanted:
        return column
    return pa.array([None if cell is None else str(cell) for cell in _cells(column)], pa.string())


def _read_back(waiting: Path) -> Iterator[pa.RecordBatch]:
    size = waiting.stat().st_size
    with pa.OSFile(str(waiting)) as source:  # no memory map: mapped pages would count as memory of the run
        while source.tell() < size:
            yield from pa.ipc.open_stream(source)


def _csv_lines(rows: Any) -> bytes:
    rows = list(rows)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    if "\r" in text.getvalue():  # Python before 3.13 leaves a lone carriage return unquoted, which readers take for a line end
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode()


def _needs_care(column: pa.Array) -> bool:
    """Say whether a column has cells that are more than a text without quotes or a number."""
    if column.null_count:
        return True
    if pa.types.is_string(column.type):
        return bool(pc.any(pc.match_substring_regex(column, '[",\r\n]')).as_py())
    return not pa.types.is_floating(column.type)


def _values(column: pa.Array) -> list[Any]:
    """Return a column as Python's values; what these cannot hold, such as nanoseconds and far years, as Arrow writes it."""
    try:
        return [_text(value) if isinstance(value, bytes) else value for value in column.to_pylist()]
    except (ValueError, OverflowError, KeyError):
        pass
    naive = [pa.timestamp(column.type.unit), pa.string()] if pa.types.is_timestamp(column.type) else [pa.string()]
    for steps in (naive, [pa.int64(), pa.string()]):
        try:
            written = column
            for step in steps:
                written = written.cast(step)
            return written.to_pylist()
        except (pa.ArrowException, ValueError):
            continue
    raise InputError(f"--keep: a column holds {column.type} that cannot be written as text; write Parquet, or leave the column out")


def _text(value: Any) -> str:
    """Return what JSON has no word for as text; some programs write the strings of Parquet as bytes."""
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _cells(column: pa.Array) -> list[Any]:
    values = _values(column)
    if pa.types.is_string(column.type) or pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        return values
    if pa.types.is_nested(column.type):
        return [None if value is None else json.dumps(value, ensure_ascii=False, default=_text) for value in values]
    return [None if value is None else str(value).lower() if isinstance(value, bool) else str(value) for value in values]


def _jsonable(column: pa.Array) -> list[Any]:
    values = _values(column)
    if pa.types.is_floating(column.type):
        return [value if value is None or math.isfinite(value) else None for value in values]
    return [_tidy(value) for value in values] if pa.types.is_nested(column.type) else values


def _tidy(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _tidy(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_tidy(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
