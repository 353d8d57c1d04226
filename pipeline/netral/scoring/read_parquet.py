"""Read Parquet: the columns that are needed, a few rows at a time, cut into batches by rows and bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from netral.errors import InputError, WriteError
from netral.scoring.batch import Batch, ReadOptions, Records, Rejected, sift
from netral.scoring.blocks import BLOCK
from netral.scoring.columns import find_column, need_column, no_ids
from netral.scoring.encoding import NOT_UTF8, is_utf8
from netral.scoring.inputs import InputFile
from netral.scoring.window import STEP, Window, damaged, open_window
from netral.text.arrow import to_arrow

_ROWS = 64  # read at once, at most: a dictionary page can hide texts of a megabyte behind a few bytes for each row
_DAMAGE = (OSError, ValueError, pa.ArrowException)  # ValueError also for names that are no UTF-8
_MAGIC = b"PAR1"
_EXACT = {16: 2.0**11, 32: 2.0**24, 64: 2.0**53}  # by bits: from here on a float stands for several whole numbers
_TEXT = "\0text"  # the texts as bytes, which makes those of all types alike; the name leaves room for the column as it is, to be kept


def read_parquet(index: int, file: InputFile, options: ReadOptions, note: Callable[[str], None]) -> Iterator[Batch]:
    """Read one file; see `netral.scoring.read.read_batches`."""
    with _source(file) as source, ExitStack() as stack:
        try:
            parquet = stack.enter_context(pq.ParquetFile(source, memory_map=False, pre_buffer=False, buffer_size=STEP))
            wanted, at_once = _wanted(parquet.schema_arrow, file, options, note), _rows_at_once(parquet.metadata, options)
        except MemoryError:  # which Arrow's errors may be, too: the file is not to blame
            raise
        except _DAMAGE as error:
            raise damaged(file, "as Parquet", error) from error
        first = 1
        for table in _cut(_pieces(parquet, wanted, at_once, file), options):
            _need_exact(table, options.id_column, file)
            records, rejected = _records(table, first, options, file.path)
            batch = sift(index, file.path, records, rejected, options.max_text, has_ids=options.id_column in wanted)
            yield batch
            first += batch.read


@contextmanager
def _source(file: InputFile) -> Iterator[str | IO[bytes]]:
    """Give what Arrow can read from any place: the file, or, if it is compressed as a whole, a temporary copy that is not."""
    if file.compression is None:
        yield file.path
        return
    with tempfile.TemporaryFile() as copy:
        with open_window(file) as window:
            if window.peek(len(_MAGIC))[0] != _MAGIC:
                raise InputError(f"{file.path}: found no Parquet inside, expected it by the name; correct the name")
            try:
                _unpack(window, copy)
            except OSError as error:
                raise WriteError(
                    f"{file.path}: cannot be unpacked ({error.strerror}); make room, or name another folder in TMPDIR"
                ) from error
        yield copy


def _unpack(window: Window, copy: IO[bytes]) -> None:
    last = False
    while not last:
        data, last = window.peek(STEP)
        window.skip(len(data))
        copy.write(data)
    copy.flush()


def _wanted(schema: pa.Schema, file: InputFile, options: ReadOptions, note: Callable[[str], None]) -> list[str]:
    """Return the columns to read: that of the text, then the others, each once.

    Raises
    ------
    InputError
        If one is missing, or there twice, or cannot hold what it should.
    """
    names = schema.names
    wanted = [options.text_column, *options.keep]
    for name, flag in zip(wanted, ["--text-column"] + ["--keep"] * len(options.keep), strict=True):
        need_column(name, names, file, flag)
    _need_type(schema.field(options.text_column), _is_text, "strings", "--text-column", file)
    if find_column(options.id_column, names, file) is None:
        note(no_ids(options.id_column, names, file))
    else:
        _need_type(schema.field(options.id_column), _is_plain, "strings or numbers", "--id-column", file)
        wanted.append(options.id_column)
    if find_column(options.platform_column, names, file) is not None and _is_plain(schema.field(options.platform_column).type):
        wanted.append(options.platform_column)
    return [options.text_column, *dict.fromkeys(wanted[1:])]


def _need_type(field: pa.Field, is_kind: Callable[[pa.DataType], bool], expected: str, flag: str, file: InputFile) -> None:
    if not is_kind(field.type):
        raise InputError(f"{file.path}: the column {field.name} holds {field.type}, expected {expected}; name another with {flag}")


def _need_exact(table: pa.Table, name: str, file: InputFile) -> None:
    """Refuse ids that were numbers before they were floats, and are no longer: several rows may have got the same."""
    if name in table.column_names and pa.types.is_floating(table.column(name).type):
        values = table.column(name)
        largest = pc.max(pc.abs(values.cast(pa.float64()).filter(pc.is_finite(values)))).as_py()
        if largest is not None and largest >= _EXACT[values.type.bit_width]:
            raise InputError(
                f"{file.path}: the column {name} holds {values.type}, in which numbers as large as {largest:.0f} "
                "have lost their last digits; write it as integers or strings, or name another with --id-column"
            )


def _is_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return any(is_kind(kind) for is_kind in _TEXTS)


def _is_bytes(kind: pa.DataType) -> bool:
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind)


def _is_plain(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return _is_text(kind) or any(is_kind(kind) for is_kind in _PLAIN)


_TEXTS = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_binary_view,
    pa.types.is_null,
)
_PLAIN = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean, pa.types.is_temporal)


def _rows_at_once(metadata: pq.FileMetaData, options: ReadOptions) -> int:
    """Return how many rows to read at once: fewer, the longer they are."""
    # Of all columns: asking a damaged file about a single one can abort the process (pyarrow 25 lets a C++ exception through).
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    longest = max((group.total_byte_size // max(1, group.num_rows) for group in groups), default=1)
    return max(1, min(_ROWS, options.batch_rows, BLOCK // max(1, longest)))


def _pieces(parquet: pq.ParquetFile, wanted: list[str], at_once: int, file: InputFile) -> Iterator[pa.Table]:
    pieces = parquet.iter_batches(batch_size=at_once, columns=wanted, use_threads=False)
    done, promised = 0, parquet.metadata.num_rows
    while True:
        try:
            piece = next(pieces, None)
        except MemoryError:
            raise
        except _DAMAGE as error:
            raise damaged(file, f"after row {done:,} of {promised:,}", error) from error
        if piece is None:
            break
        done += len(piece)
        table = pa.table({name: _plain(column) for name, column in zip(piece.schema.names, piece.columns, strict=True)})
        yield table.select(wanted[1:]).append_column(_TEXT, table.column(wanted[0]).cast(pa.binary()))
    if done != promised:
        raise InputError(f"{file.path}: found {done:,} rows, expected the {promised:,} that it promises; write the file again")


def _cut(pieces: Iterator[pa.Table], options: ReadOptions) -> Iterator[pa.Table]:
    """Join pieces to tables of ``batch_rows`` rows, or as many as have the bytes of a block."""
    held: list[pa.Table] = []
    rows = size = 0
    for piece in pieces:
        at = 0
        while at < len(piece):
            part = piece.slice(at)
            part = part.slice(0, _fitting(part, options.batch_rows - rows, BLOCK - size))
            held.append(part)
            rows, size, at = rows + len(part), size + part.nbytes, at + len(part)
            if rows == options.batch_rows or size >= BLOCK:
                yield pa.concat_tables(held)
                held, rows, size = [], 0, 0
    if held:
        yield pa.concat_tables(held)


def _fitting(table: pa.Table, rows: int, size: int) -> int:
    """Return how many rows of a table make up ``rows`` or reach ``size`` bytes, or that there are not as many."""
    if len(table) <= rows and table.nbytes <= size:
        return len(table)
    sizes = np.zeros(len(table), np.int64)
    for column in table.columns:
        if _is_text(column.type) and not pa.types.is_null(column.type):
            sizes += pc.fill_null(pc.binary_length(column.cast(pa.large_binary())), 0).to_numpy()
    return min(rows, len(table), int(np.searchsorted(np.cumsum(sizes), size)) + 1)


def _plain(column: pa.Array) -> pa.Array:
    """Write out a dictionary of strings, so that the size of its rows shows, and views, which Arrow cannot filter."""
    if pa.types.is_dictionary(column.type) and _is_text(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string_view(column.type):
        return column.cast(pa.large_string())
    return column.cast(pa.large_binary()) if pa.types.is_binary_view(column.type) else column


def _records(table: pa.Table, first: int, options: ReadOptions, path: str) -> tuple[Records, list[Rejected]]:
    rows = np.arange(first, first + len(table), dtype=np.int64)
    read = (_TEXT, options.id_column, options.platform_column)
    texts = [field.name for field in table.schema if _is_text(field.type) and (field.name in read or not _is_bytes(field.type))]
    valid = np.logical_and.reduce([_are_utf8(table.column(name)) for name in texts])
    if valid.all():
        return _as_records(table, rows, options), []
    bad = table.filter(to_arrow(~valid))
    has_id = options.id_column in table.column_names
    ids = _bytes(bad.column(options.id_column)).to_pylist() if has_id else [None] * len(bad)
    rejected = [
        Rejected(path, int(row), each.decode("utf-8", "replace") if each else None, NOT_UTF8)
        for row, each in zip(rows[~valid], ids, strict=True)
    ]
    return _as_records(table.filter(to_arrow(valid)), rows[valid], options), rejected


def _as_records(table: pa.Table, rows: NDArray[np.int64], options: ReadOptions) -> Records:
    def strings(name: str) -> pa.Array | None:
        return _strings(_whole(table.column(name))) if name in table.column_names else None

    ids = strings(options.id_column)
    kept = table.select(list(dict.fromkeys(options.keep))) if options.keep else None
    return Records(rows, pa.nulls(len(table), pa.string()) if ids is None else ids, strings(_TEXT), strings(options.platform_column), kept)


def _are_utf8(values: pa.ChunkedArray) -> NDArray[np.bool_]:
    try:
        _strings(values)
    except pa.ArrowInvalid:
        return np.array([each is None or is_utf8(each) for each in _bytes(values).to_pylist()])
    return np.ones(len(values), np.bool_)


def _whole(values: pa.ChunkedArray) -> pa.Array:
    return values.chunk(0) if values.num_chunks == 1 else values.combine_chunks()  # which would copy also a single one


def _strings(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return values as strings, checked to be UTF-8."""
    return _bytes(values).cast(pa.string())


def _bytes(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    return (values if _is_text(values.type) else _written(values)).cast(pa.binary())


def _numbers(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Write floats, as pandas keeps whole numbers of which some are missing: those in digits (Arrow writes 1e+14); NaN is null."""
    wide = values.cast(pa.float64())
    whole = pc.and_(pc.equal(pc.floor(wide), wide), pc.less(pc.abs(wide), _EXACT[values.type.bit_width]))
    digits = pc.if_else(whole, wide, 0.0).cast(pa.int64()).cast(pa.string())
    return pc.if_else(pc.is_nan(wide), None, pc.if_else(whole, digits, values.cast(pa.string())))


def _written(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    if pa.types.is_floating(values.type):
        return _numbers(values)
    try:
        return values.cast(pa.string())
    except pa.ArrowInvalid:
        if not pa.types.is_timestamp(values.type):
            raise
        return values.cast(pa.timestamp(values.type.unit)).cast(pa.string())  # of a time zone that Arrow does not know
