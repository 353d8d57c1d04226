"""The first line of a CSV file: its separator and its columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from netral.errors import InputError
from netral.scoring.batch import ReadOptions
from netral.scoring.blocks import Row
from netral.scoring.csv_grammar import CsvGrammar
from netral.scoring.encoding import HEAD, eight_bit, not_utf8
from netral.scoring.inputs import InputFile

_MANY = 100_000  # columns
_SEPARATORS = {"csv": (b",", b";", b"\t"), "tsv": (b"\t",)}
_SEP_LINE = re.compile(rb"sep=([,;\t])\r*\n")  # how spreadsheets tell each other


@dataclass(frozen=True)
class Header:
    """What the first line says.

    Attributes
    ----------
    names : tuple of str
        The columns, in order.
    separator : bytes
        One byte.
    size : int
        Bytes up to the first record.
    """

    names: tuple[str, ...]
    separator: bytes
    size: int


def read_header(head: bytes, last: bool, file: InputFile, options: ReadOptions) -> Header:
    """Recognise separator and columns; ``last`` says that nothing follows ``head``.

    The separator is the one that yields the column of the text, or else the most columns.

    Raises
    ------
    InputError
        If there is no such line, or it is no UTF-8.
    """
    lines = head.lstrip(b"\r\n")
    separators = _SEPARATORS[file.format]
    if told := _SEP_LINE.match(lines):
        separators, lines = (told[1],), lines[told.end() :]
    start = len(head) - len(lines)
    if b"\r" in lines and b"\n" not in lines:
        raise InputError(f"{file.path}: its lines end with CR alone, expected LF or CRLF; convert it with: tr '\\r' '\\n'")
    candidates = [_try(lines, separator, last, file) for separator in separators]
    best = max(candidates, key=lambda each: (options.text_column in each.names, len(each.names)))
    return Header(best.names, best.separator, best.size + start)


def _try(lines: bytes, separator: bytes, last: bool, file: InputFile) -> Header:
    found: tuple[Row, int] | None = CsvGrammar(separator, _MANY).scan(lines, 0, len(lines), last)
    if found is None or not found[0]:
        raise InputError(f"{file.path}: found no line with column names in its first {HEAD >> 20} MB; expected one, as in id,text")
    fields, end = found
    if isinstance(fields, str):
        fields = lines[:end].rstrip(b"\r\n").split(separator)
    try:
        return Header(tuple(field.decode("utf-8").strip() for field in fields), separator, end)
    except UnicodeDecodeError as error:
        raise not_utf8(eight_bit(lines), file) from error
