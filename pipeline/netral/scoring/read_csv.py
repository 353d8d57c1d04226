"""Read CSV and TSV: blocks in order by Arrow, others record by record."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from netral.scoring.batch import Batch, ReadOptions, Records, Rejected, sift
from netral.scoring.blocks import Block, Row, blocks, rescan
from netral.scoring.columns import find_column, need_column, no_ids
from netral.scoring.csv_grammar import CsvGrammar
from netral.scoring.csv_header import read_header
from netral.scoring.encoding import BOM, HEAD, NOT_UTF8, refuse_foreign
from netral.scoring.inputs import InputFile
from netral.scoring.window import open_window


@dataclass(frozen=True)
class _Layout:
    """How many columns there are, and which of them are read."""

    width: int
    text: int
    id: int | None
    platform: int | None
    kept: dict[str, int]

    @property
    def wanted(self) -> list[int]:
        return sorted({at for at in (self.text, self.id, self.platform, *self.kept.values()) if at is not None})


def read_csv(index: int, file: InputFile, options: ReadOptions, note: Callable[[str], None]) -> Iterator[Batch]:
    """Read one file; see `netral.scoring.read.read_batches`."""
    with open_window(file) as window:
        head, last = window.peek(HEAD)
        refuse_foreign(head, file)
        bom = len(BOM) if head.startswith(BOM) else 0
        header = read_header(head[bom:], last, file, options)
        layout = _layout(header.names, file, options)
        if layout.id is None:
            note(no_ids(options.id_column, header.names, file))
        window.skip(bom + header.size)
        grammar = CsvGrammar(header.separator, layout.width)
        first = 1
        for block in blocks(window, grammar, options.batch_rows):
            records, rejected = _read_block(block, grammar, layout, first, file.path)
            batch = sift(index, file.path, records, rejected, options.max_text, has_ids=layout.id is not None)
            if batch.read:
                yield batch
            first += batch.read


def _layout(names: tuple[str, ...], file: InputFile, options: ReadOptions) -> _Layout:
    return _Layout(
        len(names),
        need_column(options.text_column, names, file, "--text-column"),
        find_column(options.id_column, names, file),
        find_column(options.platform_column, names, file),
        {name: need_column(name, names, file, "--keep") for name in options.keep},
    )


def _read_block(block: Block | list[Row], grammar: CsvGrammar, layout: _Layout, first: int, path: str) -> tuple[Records, list[Rejected]]:
    if isinstance(block, Block):
        table = _fast(block, grammar.separator, layout)
        if table is not None:
            return _records(table, np.arange(first, first + len(table), dtype=np.int64), layout), []
        block = rescan(block, grammar)
    return _slow(block, layout, first, path)


def _fast(block: Block, separator: bytes, layout: _Layout) -> pa.Table | None:
    """Read a block with Arrow, or return None if anything in it needs a closer look."""
    if b"\r" in block.data and block.data.count(b"\r") != block.data.count(b"\r\n"):
        return None  # Arrow takes a lone CR for a line break
    if block.data.startswith(codecs.BOM_UTF8):
        return None  # Arrow takes each block for a file of its own, and this for its mark
    wanted = [str(at) for at in layout.wanted]
    try:
        table = pa.csv.read_csv(
            pa.BufferReader(block.data),
            pa.csv.ReadOptions(use_threads=False, block_size=len(block.data) + 1, column_names=[str(at) for at in range(layout.width)]),
            pa.csv.ParseOptions(delimiter=separator.decode(), newlines_in_values=True),
            pa.csv.ConvertOptions(column_types=dict.fromkeys(wanted, pa.string()), include_columns=wanted, strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    return table if len(table) == block.count else None


def _slow(rows: list[Row], layout: _Layout, first: int, path: str) -> tuple[Records, list[Rejected]]:
    """Read what Arrow refused: each record gives a row or a reason."""
    good: list[list[str]] = []
    numbers: list[int] = []
    rejected: list[Rejected] = []
    for number, row in enumerate(rows, first):
        found = _decode(row, layout)
        if isinstance(found, list):
            good.append(found)
            numbers.append(number)
        else:
            rejected.append(Rejected(path, number, *found))
    columns = list(zip(*good, strict=True)) or [()] * len(layout.wanted)
    table = pa.table({str(at): pa.array(values, pa.string()) for at, values in zip(layout.wanted, columns, strict=True)})
    return _records(table, np.array(numbers, np.int64), layout), rejected


def _decode(row: Row, layout: _Layout) -> list[str] | tuple[str | None, str]:
    """Return the wanted fields of a row, or its id, if it has one, and the reason against it."""
    if isinstance(row, str):
        return None, row
    if len(row) != layout.width:
        return None, f"{'more' if len(row) > layout.width else 'fewer'} than {layout.width} fields"
    try:
        return [row[at].decode("utf-8") for at in layout.wanted]
    except UnicodeDecodeError:
        name = None if layout.id is None else row[layout.id].decode("utf-8", "replace")
        return name or None, NOT_UTF8


def _records(table: pa.Table, rows: NDArray[np.int64], layout: _Layout) -> Records:
    def values(at: int) -> pa.Array:
        return table.column(str(at)).combine_chunks()

    nothing = pa.nulls(len(table), pa.string())
    return Records(
        rows,
        nothing if layout.id is None else values(layout.id),
        values(layout.text),
        None if layout.platform is None else values(layout.platform),
        pa.table({name: values(at) for name, at in layout.kept.items()}) if layout.kept else None,
    )
