"""Where the records of a CSV file end, quoted line breaks and stray quotes considered.

A quote opens a field only at its start, and closes it only where a separator or a line break follows; inside, a quote is written twice.
Elsewhere in a field it is an ordinary character (``layar 5"``). A record is not in order that opens a field without closing it, goes on
after the closing quote, or has far more fields than there are columns. Then its first line alone is given up, so that one stray quote
cannot swallow what follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netral.scoring.blocks import CR, LF, UNCLOSED, Row

QUOTE = ord('"')
_QUOTED = re.compile(rb'"((?:[^"]++|"")*+)"')
_MANY = 1 << 20  # quotes in a window; the places of more would take more memory than all the rest

AFTER_QUOTE = "a field goes on after its closing quote"
FAR_MORE = "far more fields than the header has; perhaps a quote is opened and never closed"
_FAR = 64  # fields more than there are columns: from there on lines are being swallowed


@dataclass(frozen=True)
class CsvGrammar:
    """Records of fields between separators.

    Attributes
    ----------
    separator : bytes
        One byte.
    most : int
        Fields of a record, at most; of a longer one only as many and one more are collected.
    """

    separator: bytes
    most: int

    def ends(self, data: bytes, last: bool) -> tuple[NDArray[np.int64], bool]:
        """Return where the records end, as far as all quotes are in order, and whether all of them are; see `Grammar`."""
        content = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(content == LF) + 1
        clean = True
        is_quote = content == QUOTE
        if np.count_nonzero(is_quote) > _MANY:
            return ends[:0], False
        quotes = np.flatnonzero(is_quote)
        if len(quotes):
            misplaced = self._misplaced(content, quotes)
            clean = misplaced == len(data)
            inside = np.searchsorted(quotes, ends) % 2 == 1
            ends = ends[~inside & (ends <= misplaced)]
        if last and clean and len(quotes) % 2:
            return ends, False
        if last and clean and (not len(ends) or ends[-1] < len(data)):
            ends = np.append(ends, len(data))
        return ends, clean

    def _misplaced(self, content: NDArray[np.uint8], quotes: NDArray[np.int64]) -> int:
        """Return the place of the first quote that does not open or close a field and is no half of two, or the length of the content."""
        separator = self.separator[0]
        opening, closing = quotes[0::2], quotes[1::2]
        before = content[opening - 1]
        opens = (before == separator) | (before == LF) | (before == QUOTE) | (opening == 0)
        end = len(content) - 1
        after = content[np.minimum(closing + 1, end)]
        line_break = (after == CR) & ((content[np.minimum(closing + 2, end)] == LF) | (closing + 2 > end))
        closes = (after == separator) | (after == LF) | line_break | (after == QUOTE)
        wrong = [opening[~opens], closing[~closes]]
        return int(min((each[0] for each in wrong if len(each)), default=len(content)))

    def scan(self, data: bytes, start: int, stop: int, last: bool) -> tuple[Row, int] | None:
        """Return the record at ``start`` and its end; see `Grammar`."""
        line = data.find(b"\n", start, stop)
        if line < 0 and not last:
            return None
        end, after = (stop, stop) if line < 0 else (line, line + 1)
        text = data[start:end].rstrip(b"\r")
        if not text:
            return [], after
        if b'"' not in text:
            return text.split(self.separator, self.most), after
        return self._scan_quoted(data, start, stop, last, after)

    def _scan_quoted(self, data: bytes, start: int, stop: int, last: bool, line: int) -> tuple[Row, int] | None:
        """Read a record with quotes; ``line`` is the end of its first line."""
        fields: list[bytes] = []
        at, edge = start, start - 1
        for _ in range(self.most + _FAR):
            if data.startswith(b'"', at, stop):
                quoted = _QUOTED.match(data, at, stop)
                if not quoted:
                    return (UNCLOSED, line) if last else None
                field = quoted[1].replace(b'""', b'"')
                at = quoted.end()
            else:
                if edge < at:
                    edge = _find(b"\n", data, at, stop)
                end = _find(self.separator, data, at, edge)
                field = data[at:end] if end < edge else data[at:end].rstrip(b"\r")
                at = end
            if len(fields) <= self.most:
                fields.append(field)
            if data.startswith(self.separator, at, stop):
                at += 1
                continue
            while data.startswith(b"\r", at, stop):
                at += 1
            if at == stop:
                return (fields, stop) if last else None
            return (fields, at + 1) if data[at] == LF else (AFTER_QUOTE, line)
        return FAR_MORE, line


def _find(mark: bytes, data: bytes, at: int, stop: int) -> int:
    """Return the place of ``mark``, or ``stop``."""
    place = data.find(mark, at, stop)
    return stop if place < 0 else place
