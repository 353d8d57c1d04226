"""Results as bytes: chunk by chunk while a run goes on (`encoder`), then as the file that was asked for (`assemble`).

The bytes of a chunk depend on the chunk alone, and the final file on the chunks in order; so neither interruptions nor
the number of workers can change it. CSV and JSONL chunks are simply lines; Parquet, whose footer comes last, waits as
a row of Arrow streams.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from netral.errors import InputError, UsageError
from netral.scoring.chunk import Rejected

COLUMNS = ("id", "probability", "decision", "model")
REASONS = "reasons"
#: Rows and bytes from which a Parquet row group is closed; it bounds the memory of the last step.
GROUP_ROWS, GROUP_BYTES = 131_072, 16 << 20
_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
_KINDS = {".csv": "csv", ".jsonl": "jsonl", ".parquet": "parquet"}

Encode = Callable[[pa.RecordBatch], bytes]


@dataclass(frozen=True)
class Format:
    """How results are written: ``csv``, ``jsonl`` or ``parquet``, and how that is compressed."""

    kind: str
    compression: str | None = None

    @property
    def plain(self) -> bool:
        """Whether the chunks one after the other are the final file already."""
        return self.kind != "parquet" and self.compression is None


def format_of(out: Path) -> Format:
    """Tell the format from the suffixes of a name.

    Raises
    ------
    UsageError
        If it is none that can be written.
    """
    suffixes = [suffix.lower() for suffix in out.suffixes]
    compression = _COMPRESSIONS.get(suffixes[-1]) if suffixes else None
    kind = _KINDS.get(suffixes[-2 if compression else -1]) if len(suffixes) > bool(compression) else None
    if kind is None:
        raise UsageError(f"{out}: the format is told from the name; expected .csv, .jsonl or .parquet, each also with .gz or .zst")
    return Format(kind, compression)


def header(kind: str, explain: int, keep: Sequence[str]) -> bytes:
    """What stands before the first chunk."""
    return _csv_lines([[*COLUMNS, *([REASONS] if explain else []), *keep]]) if kind == "csv" else b""


def encoder(kind: str) -> Encode:
    """Return the function that turns a batch of results into bytes."""
    return {"csv": encode_csv, "jsonl": encode_jsonl, "parquet": encode_stream}[kind]


def encode_csv(batch: pa.RecordBatch) -> bytes:
    """CSV lines without header; numbers in the shortest form that reads back as the same number."""
    if any(_needs_care(column) for column in batch.columns):
        return _csv_lines(zip(*(_cells(column) for column in batch.columns), strict=True))
    columns = [column.to_pylist() if pa.types.is_string(column.type) else map(repr, column.to_pylist()) for column in batch.columns]
    return "".join([f"{','.join(row)}\n" for row in zip(*columns, strict=True)]).encode()


def encode_jsonl(batch: pa.RecordBatch) -> bytes:
    """One JSON object a line; what JSON has no word for (NaN, infinity) becomes null."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
    columns = [_jsonable(column) for column in batch.columns]
    names = batch.schema.names
    return "".join([encode(dict(zip(names, row, strict=True))) + "\n" for row in zip(*columns, strict=True)]).encode()


def encode_stream(batch: pa.RecordBatch) -> bytes:
    """An Arrow stream of one batch."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    return sink.getvalue().to_pybytes()


def encode_rejected(rejected: Sequence[Rejected]) -> bytes:
    """Lines for the file of rejected rows."""
    return "".join([json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in rejected]).encode()


def assemble(kind: Format, chunks: Path, final: Path, explain: int, keep: Sequence[str]) -> None:
    """Make the final file from the chunks, in pieces of bounded size.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    with ExitStack() as stack:
        file: Any = stack.enter_context(open(final, "wb"))
        if kind.compression:
            file = stack.enter_context(_compressed(file, kind.compression))
        if kind.kind == "parquet":
            _write_parquet(chunks, file, _unified(chunks, explain, keep))
        else:
            with open(chunks, "rb") as source:
                while piece := source.read(1 << 20):
                    file.write(piece)


def _compressed(file: BinaryIO, compression: str) -> Any:
    if compression == "gzip":
        import gzip

        return gzip.GzipFile("", "wb", 6, file, mtime=0)  # no name and no time inside: same content, same bytes
    return pa.CompressedOutputStream(file, compression)


def _write_parquet(chunks: Path, file: IO[bytes], schema: pa.Schema) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        group: list[pa.RecordBatch] = []
        for batch in _batches(chunks):
            group.append(
                pa.RecordBatch.from_arrays(
                    [_as(column, field.type) for column, field in zip(batch.columns, schema, strict=True)], schema=schema
                )
            )
            if sum(map(len, group)) >= GROUP_ROWS or sum(each.nbytes for each in group) >= GROUP_BYTES:
                writer.write_table(pa.Table.from_batches(group), row_group_size=1 << 40)
                group = []
        if group:
            writer.write_table(pa.Table.from_batches(group), row_group_size=1 << 40)


def _unified(chunks: Path, explain: int, keep: Sequence[str]) -> pa.Schema:
    """One schema for all chunks: a kept column that has different types in different files becomes text."""
    kinds: dict[str, set[pa.DataType]] = {name: set() for name in keep}
    for batch in _batches(chunks):
        for name in keep:
            kinds[name].add(batch.schema.field(name).type)
    fixed = [("id", pa.string()), ("probability", pa.float64()), ("decision", pa.string()), ("model", pa.string())]
    reasons = [(REASONS, pa.string())] if explain else []
    return pa.schema([*fixed, *reasons, *((name, kind.pop() if len(kind) == 1 else pa.string()) for name, kind in kinds.items())])


def _as(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if column.type == kind:
        return column
    return pa.array([None if cell is None else str(cell) for cell in _cells(column)], pa.string())


def _batches(chunks: Path) -> Iterator[pa.RecordBatch]:
    size = chunks.stat().st_size
    with pa.OSFile(str(chunks)) as source:  # no memory map: mapped pages would count as memory of the run
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
        return column.to_pylist()
    except (ValueError, OverflowError, KeyError):
        pass
    naive = [pa.timestamp(column.type.unit), pa.string()] if pa.types.is_timestamp(column.type) else [pa.string()]
    for kinds in (naive, [pa.int64(), pa.string()]):
        try:
            written = column
            for kind in kinds:
                written = written.cast(kind)
            return written.to_pylist()
        except (pa.ArrowException, ValueError):
            continue
    raise InputError(f"--keep: a column holds {column.type} that cannot be written as text; write Parquet, or leave the column out")


def _cells(column: pa.Array) -> list[Any]:
    values = _values(column)
    if pa.types.is_string(column.type) or pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        return values
    if pa.types.is_nested(column.type):
        return [None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in values]
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
