"""Read JSONL, one object per line: blocks in order by Arrow, others line by line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.json
from numpy.typing import NDArray

from netral.errors import InputError
from netral.scoring.batch import Batch, ReadOptions, Records, Rejected, sift
from netral.scoring.blocks import CR, LF, Block, Row, blocks, rescan
from netral.scoring.columns import missing_column, no_ids
from netral.scoring.encoding import BOM, HEAD, NOT_UTF8, refuse_foreign
from netral.scoring.inputs import InputFile
from netral.scoring.window import open_window

_SPACE = b" \t\r\n"
_KINDS = {str: "a string", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object", type(None): "null"}
_TYPES = {str: pa.string(), int: pa.int64(), bool: pa.bool_()}
"""What Arrow reads as it stands; other values take the slow road, so that both give the same strings."""


class LineGrammar:
    """Every line is a record; see `netral.scoring.blocks.Grammar`."""

    def ends(self, data: bytes, last: bool) -> tuple[NDArray[np.int64], bool]:
        """Return where the lines end."""
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
        unfinished = last and (not len(ends) or ends[-1] < len(data))
        return (np.append(ends, len(data)) if unfinished else ends), True

    def scan(self, data: bytes, start: int, stop: int, last: bool) -> tuple[Row, int] | None:
        """Return the line at ``start``, without the space around it."""
        end = data.find(b"\n", start, stop)
        if end < 0 and not last:
            return None
        end, after = (stop, stop) if end < 0 else (end, end + 1)
        line = data[start:end].strip(_SPACE)
        return [line] if line else [], after


def read_jsonl(index: int, file: InputFile, options: ReadOptions, note: Callable[[str], None]) -> Iterator[Batch]:
    """Read one file; see `netral.scoring.read.read_batches`."""
    with open_window(file) as window:
        head, last = window.peek(HEAD)
        refuse_foreign(head, file)
        if head.startswith(BOM):
            window.skip(len(BOM))
            head = head[len(BOM) :]
        schema, has_ids = _look(head if last else head[: head.rfind(b"\n") + 1], file, options, note)
        first = 1
        for block in blocks(window, LineGrammar(), options.batch_rows):
            records, rejected = _read_block(block, schema, options, first, file.path)
            batch = sift(index, file.path, records, rejected, options.max_text, has_ids=has_ids)
            if batch.read:
                yield batch
            first += batch.read


def _look(head: bytes, file: InputFile, options: ReadOptions, note: Callable[[str], None]) -> tuple[pa.Schema | None, bool]:
    """Learn from the first lines which columns there are and of which types, and whether one holds ids.

    The types are None if there is a column that Arrow cannot turn into strings.

    Raises
    ------
    InputError
        If no line holds an object, or none an object with a text.
    """
    objects = [value for line in head.split(b"\n") if isinstance(value := _parse(line), dict)]
    if head.strip(_SPACE) and not objects:
        raise InputError(f"{file.path}: found no JSON object in its first lines, expected one on each; convert an array with: jq -c '.[]'")
    names = list(dict.fromkeys(name for each in objects for name in each))
    if objects and options.text_column not in names:
        raise missing_column(options.text_column, names, file, "--text-column")
    if objects and options.id_column not in names:
        note(no_ids(options.id_column, names, file))
    for name in options.keep:
        if objects and name not in names:
            note(f"{file.path}: found no {name} in its first lines; it stays empty where it is missing")
    kinds = {name: type(value) for each in reversed(objects) for name, value in each.items() if value is not None}
    types = {name: _TYPES.get(kinds.get(name, str)) for name in _wanted(options)} | {options.text_column: pa.string()}
    return None if None in types.values() else pa.schema(list(types.items())), options.id_column in names


def _wanted(options: ReadOptions) -> list[str]:
    return list(dict.fromkeys((options.text_column, options.id_column, options.platform_column, *options.keep)))


def _read_block(
    block: Block | list[Row], schema: pa.Schema | None, options: ReadOptions, first: int, path: str
) -> tuple[Records, list[Rejected]]:
    if isinstance(block, Block):
        table = None if schema is None else _fast(block, schema)
        if table is not None:
            return _records(table, np.arange(first, first + len(table), dtype=np.int64), options), []
        block = rescan(block, LineGrammar())
    return _slow(block, options, first, path)


def _fast(block: Block, schema: pa.Schema) -> pa.Table | None:
    """Read a block with Arrow, or return None if anything in it needs a closer look."""
    content = np.frombuffer(block.data, np.uint8)
    closing = block.ends - 1
    closing = closing - (content[closing] == LF)
    closing = closing - (content[closing] == CR)
    objects = (content[block.starts] == ord("{")) & (content[closing] == ord("}"))
    # Arrow takes objects, not lines: it would read two on one line, or one on two. A line from { to } that it can read is one object.
    if np.count_nonzero(objects) != block.count:
        return None
    try:
        table = pa.json.read_json(
            pa.BufferReader(block.data),
            pa.json.ReadOptions(use_threads=False, block_size=len(block.data) + 1),
            pa.json.ParseOptions(explicit_schema=schema, newlines_in_values=False, unexpected_field_behavior="ignore"),
        )
        table.validate(full=True)  # Arrow does not look whether strings are UTF-8
    except pa.ArrowInvalid:
        return None
    return table if len(table) == block.count else None


def _slow(rows: list[Row], options: ReadOptions, first: int, path: str) -> tuple[Records, list[Rejected]]:
    """Read what Arrow refused: each line gives a row or a reason."""
    wanted = _wanted(options)
    columns: dict[str, list[str | None]] = {name: [] for name in wanted}
    numbers: list[int] = []
    rejected: list[Rejected] = []
    for number, row in enumerate(rows, first):
        fields, reason = ({}, row) if isinstance(row, str) else _fields(row[0], wanted, options.text_column)
        if reason:
            rejected.append(Rejected(path, number, fields.get(options.id_column), reason))
            continue
        numbers.append(number)
        for name in wanted:
            columns[name].append(fields[name])
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return _records(table, np.array(numbers, np.int64), options), rejected


def _parse(line: bytes) -> dict[str, Any] | str:
    """Return the object of a line, or why there is none. Bytes that are no UTF-8 matter only in the fields that are read."""
    try:
        value = json.loads(line.decode("utf-8", "surrogateescape"))
    except ValueError:
        return "line that is no JSON"
    except RecursionError:
        return "JSON that is nested too deeply"
    return value if isinstance(value, dict) else f"line with {_KINDS[type(value)]}, expected an object"


def _fields(line: bytes, wanted: list[str], text: str) -> tuple[dict[str, str | None], str]:
    """Return the wanted fields of a line as strings, and the reason against it, if there is one."""
    record = _parse(line)
    if isinstance(record, str):
        return {}, record
    fields = {name: value for name in wanted if _is_unicode(value := _as_string(record.get(name)))}
    if len(fields) < len(wanted):
        return fields, NOT_UTF8
    if not isinstance(record.get(text), str | None):
        return fields, f"text that is {_KINDS[type(record[text])]}, expected a string"
    twice = _twice(line, wanted)
    return fields, f"the key {twice[0]} is there twice" if twice else ""


def _twice(line: bytes, wanted: list[str]) -> list[str]:
    written = (json.dumps(name, ensure_ascii=False).encode() for name in wanted)
    if b"\\" not in line and all(line.count(name) < 2 for name in written):  # a key may be written in escapes
        return []
    keys = [key for key, _ in json.loads(line.decode("utf-8", "surrogateescape"), object_pairs_hook=list)]
    return [name for name in wanted if keys.count(name) > 1]


def _as_string(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _is_unicode(value: str | None) -> bool:
    try:
        (value or "").encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _records(table: pa.Table, rows: NDArray[np.int64], options: ReadOptions) -> Records:
    strings = {name: table.column(name).combine_chunks().cast(pa.string()) for name in _wanted(options)}
    platforms = strings[options.platform_column]
    return Records(
        rows,
        strings[options.id_column],
        strings[options.text_column],
        None if platforms.null_count == len(platforms) else platforms,
        pa.table({name: strings[name] for name in options.keep}) if options.keep else None,
    )
