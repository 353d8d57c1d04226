"""The header and the rows of a CSV file, quoted line breaks and stray quotes considered.

A quote opens a field only at its start, and closes it only where a separator or a line break follows; inside, a quote is written twice.
Elsewhere in a field it is an ordinary character (``layar 5"``). Of a row that is not in order so, its first line alone is given up, as in
scoring. Where a stray quote and a later one make one row of several, in order by these rules, what columns may hold tells.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

_LONGEST_FIELD = 1 << 24  # a longer one in quotes is a quote never closed
_SEPARATORS = ",;\t"
_SEP_LINE = re.compile(r"sep=([,;\t])")  # how spreadsheets tell each other
_LINE_BREAK = re.compile(r"[\r\n]")


@dataclass(frozen=True)
class Known:
    """What is known of some columns: by it rows are told apart that a stray quote has made one.

    Attributes
    ----------
    words : mapping of str to collection of str
        What a column may say, in small letters.
    one_line : collection of str
        Columns without line breaks.
    """

    words: Mapping[str, Collection[str]]
    one_line: Collection[str]


class Lines:
    """The lines ahead, some of which may be looked at and put back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._back: deque[str] = deque()
        csv.field_size_limit(_LONGEST_FIELD)

    def __iter__(self) -> Iterator[str]:
        while (line := self._back.popleft() if self._back else next(self._lines, None)) is not None:
            yield line

    def put_back(self, lines: list[str]) -> None:
        """Let ``lines`` come next."""
        self._back.extendleft(reversed(lines))

    def take(self, separator: str) -> tuple[list[str] | None, list[str]]:
        """Take the fields of the next row, None if its quotes are not in order, and the lines that were read for it, none at the end."""
        taken: list[str] = []

        def ahead() -> Iterator[str]:
            for line in self:
                taken.append(line)
                yield line

        try:
            return next(csv.reader(ahead(), delimiter=separator, strict=True), []), taken
        except csv.Error:
            return None, taken


def header(lines: Lines) -> tuple[str, list[str]]:
    """Take the first line: the separator and the names of the columns; empty lines and ``sep=;`` may stand before it.

    The separator is the one that yields the column of the text, or else the most columns.
    """
    first, separators = _content(lines), _SEPARATORS
    if told := _SEP_LINE.fullmatch(first.rstrip("\r\n")):
        first, separators = _content(lines), told[1]
    lines.put_back([first])
    tried = {separator: _names(lines, separator) for separator in separators}
    best = max(separators, key=lambda separator: ("text" in tried[separator][0], len(tried[separator][0])))
    names, taken = tried[best]
    for _ in zip(taken, lines, strict=False):  # these are over
        pass
    return best, names


def _content(lines: Lines) -> str:
    """Take lines up to one that is not empty; "" at the end."""
    return next((line for line in lines if line.strip("\r\n")), "")


def _names(lines: Lines, separator: str) -> tuple[list[str], list[str]]:
    """Look at the names of the columns with a separator, and at the lines that they stand on."""
    fields, taken = lines.take(separator)
    lines.put_back(taken)
    if fields is None:
        fields, taken = taken[0].split(separator), taken[:1]
    return [name.strip() for name in fields], taken


def rows(lines: Lines, separator: str, names: list[str], known: Known) -> Iterator[list[str] | None]:
    """Yield the fields of each row after the header, and None for a line that is given up; empty lines are left out."""
    while True:
        fields, taken = lines.take(separator)
        if not taken:
            return
        if fields is None or (len(taken) > 1 and _are_several(fields, taken, separator, names, known)):
            lines.put_back(taken[1:])
            yield None
        elif fields:
            yield fields


def _are_several(fields: list[str], taken: list[str], separator: str, names: list[str], known: Known) -> bool:
    """Say whether the fields of several lines are several rows rather than one.

    They are if the first line is a row without its quote, and so is the last one or one that lies within a field, or all together are none;
    if all together are none and a line within a field is a row; and if a line breaks where none does.
    """
    words = {names.index(name): said for name, said in known.words.items() if name in names}
    first, *rows, last = (_is_row(line.rstrip("\r\n").split(separator), len(names), words) for line in taken)
    swallowed = any(is_row and '"' not in line.replace('""', "") for is_row, line in zip(rows, taken[1:-1], strict=True))
    if len(fields) != len(names):
        return first or swallowed
    broken = any(name in known.one_line and _LINE_BREAK.search(value) for name, value in zip(names, map(str.strip, fields), strict=True))
    return broken or (first and (swallowed or last))


def _is_row(fields: list[str], width: int, words: Mapping[int, Collection[str]]) -> bool:
    """Say whether fields, parted regardless of quotes, are a row: a text before or after the words may have been parted with them."""
    return (
        bool(words)
        and len(fields) >= width
        and all(any(fields[at].strip(' "').lower() in said for at in (place, place - width)) for place, said in words.items())
    )
