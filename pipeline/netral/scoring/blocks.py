"""Cut the content of a text file into blocks of whole records, fast where the records are in order, one by one where they are not.

Where a block ends depends on the bytes alone. A format tells how its records end in a `Grammar`, twice: for a whole window at once, and for
the one record that stands at a place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from netral.scoring.window import Window

BLOCK = 8 << 20  # bytes: a block with as many is full
_LEAST = 64 << 10  # bytes that are looked at at once
RECORD = 16 << 20  # bytes of a record; a million characters have at most 12 MB, however they are escaped

LF, CR = b"\n\r"

TOO_LONG = f"record of more than {RECORD >> 20} MB"
UNCLOSED = "a quote opens a field and none closes it"

Row = list[bytes] | str
"""The fields of a record, none for a blank line, or the reason why it cannot be read."""


class Grammar(Protocol):
    """How the records of a format end."""

    def ends(self, data: bytes, last: bool) -> tuple[NDArray[np.int64], bool]:
        """Return where the records in ``data`` end, as far as they are in order, and whether all of ``data`` is.

        ``last`` says that nothing follows ``data``.
        """

    def scan(self, data: bytes, start: int, stop: int, last: bool) -> tuple[Row, int] | None:
        """Return the record at ``start`` and its end, or None if it is not over at ``stop`` (``last``: nothing follows there)."""


@dataclass(frozen=True)
class Block:
    """Whole records in order: their bytes, and where each ends."""

    data: bytes
    ends: NDArray[np.int64]

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each record starts."""
        return np.concatenate((np.zeros(1, np.int64), self.ends[:-1]))

    @property
    def count(self) -> int:
        """Records, blank lines left out."""
        content = np.frombuffer(self.data, np.uint8)
        first, last, size = content[self.starts], content[self.ends - 1], self.ends - self.starts
        return len(self.ends) - int(np.count_nonzero((first == LF) | (first == CR) & ((size == 1) | (size == 2) & (last == LF))))


def blocks(window: Window, grammar: Grammar, most: int) -> Iterator[Block | list[Row]]:
    """Cut what lies ahead into blocks of at most ``most`` records.

    Yields
    ------
    Block or list of Row
        Records to be read by a fast reader, or, where something is not in order, the records themselves.
    """
    size = _LEAST
    while window.peek(1)[0]:
        block = _in_order(window, grammar, most, size)
        if block is None:
            yield _one_by_one(window, grammar, most)
        else:
            window.skip(len(block.data))
            if block.count:
                yield block
            # The next block is likely as long. How far is looked ahead changes what it costs, never where a block ends.
            size = max(_LEAST, len(block.data) * 5 // 4)


def rescan(block: Block, grammar: Grammar) -> list[Row]:
    """Read again, one by one, the records of a block that a fast reader refused; blank lines are left out."""
    rows, at = [], 0
    while at < len(block.data) and (found := grammar.scan(block.data, at, len(block.data), True)):
        row, at = found
        if row:
            rows.append(row)
    return rows


def _in_order(window: Window, grammar: Grammar, most: int, size: int) -> Block | None:
    while True:
        data, last = window.peek(size)
        ends, clean = grammar.ends(data, last)
        long = np.flatnonzero(np.diff(ends, prepend=0) > RECORD)
        if len(long):
            ends, clean = ends[: long[0]], False
        count = min(most, int(np.searchsorted(ends, BLOCK)) + 1)
        if count <= len(ends) or (clean and last):
            ends = ends[:count]
            return Block(data[: ends[-1]], ends)
        if not clean or len(data) - (ends[-1] if len(ends) else 0) > RECORD:
            return None
        size *= 2


def _one_by_one(window: Window, grammar: Grammar, most: int) -> list[Row]:
    rows: list[Row] = []
    size, at = 16 * _LEAST, 0
    data, last = window.peek(size)
    while len(rows) < most and at < BLOCK and not (last and at == len(data)):
        stop = min(len(data), at + RECORD)
        found = grammar.scan(data, at, stop, last and stop == len(data))
        if found is None and stop == len(data) and stop < at + RECORD:
            size *= 2
            data, last = window.peek(size)
            continue
        if found is None:
            # The record passes the limit. If its first line does not, a quote was never closed: that line alone is lost.
            line = data.find(b"\n", at, stop) + 1
            if not line:
                window.skip(at)
                window.skip_line()
                return [*rows, TOO_LONG]
            found = UNCLOSED, line
        row, at = found
        if row:
            rows.append(row)
    window.skip(at)
    return rows
