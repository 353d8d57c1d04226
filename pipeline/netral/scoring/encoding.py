"""Recognise, from the first bytes of a file, what is no UTF-8 text, and say how to convert it."""

from __future__ import annotations

import shlex

from netral.errors import InputError
from netral.scoring.inputs import STDIN, InputFile

HEAD = 1 << 20  # bytes that are looked at
BOM = b"\xef\xbb\xbf"
NOT_UTF8 = "characters that are no UTF-8"

# Longer marks first: a UTF-32 mark begins like a UTF-16 one.
_MARKS = ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_KINDS = (
    (b"\x1f\x8b", "gzip data", "give the name its ending .gz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data", "give the name its ending .zst"),
    (b"\xfd7zXZ\0", "xz data", "unpack it, or compress it as .gz or .zst"),
    *((b"BZh%d1AY&SY" % level, "bzip2 data", "unpack it, or compress it as .gz or .zst") for level in range(1, 10)),
    (b"PAR1", "a Parquet file", "give the name the ending .parquet"),
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet", "unpack it, or save it as CSV (UTF-8)"),
)


def refuse_foreign(head: bytes, file: InputFile) -> None:
    """Refuse a file that is no UTF-8 text.

    Single lines that are no UTF-8 are no reason: their rows are rejected later. A file is taken for one in another encoding if several of
    its lines are no UTF-8, and hardly any line beyond ASCII is.

    Raises
    ------
    InputError
        With what it seems to be, and the command that converts it.
    """
    for mark, kind, remedy in _KINDS:
        if head.startswith(mark):
            raise InputError(f"{file.path}: found {kind}, expected text; {remedy if file.path != STDIN else 'unpack it before the pipe'}")
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), None) or _without_mark(head)
    if encoding:
        raise not_utf8(encoding, file)


def not_utf8(encoding: str, file: InputFile) -> InputError:
    """Return the error for a file in another encoding."""
    return InputError(f"{file.path}: found {encoding} text, expected UTF-8; convert it with: {_conversion(encoding, file)}")


def eight_bit(data: bytes) -> str:
    """Return the encoding that text with single bytes beyond ASCII most likely has."""
    try:
        data.decode("windows-1252")
    except UnicodeDecodeError:
        return "iso-8859-1"
    return "windows-1252"


def _without_mark(head: bytes) -> str | None:
    # ASCII letters as UTF-16 have a zero in every other byte.
    half = len(head) // 2
    if half and head[0::2].count(0) > 0.4 * half:
        return "utf-16be" if head[1::2].count(0) < 0.4 * half else None
    if half and head[1::2].count(0) > 0.4 * half:
        return "utf-16le"
    lines = head.removesuffix(b"\n").split(b"\n")
    beyond_ascii = [line for line in (lines[:-1] if len(head) == HEAD else lines) if not line.isascii()]
    strange = [line for line in beyond_ascii if not is_utf8(line)]
    if len(strange) >= max(2, len(lines) // 100) and 10 * len(strange) > 9 * len(beyond_ascii):
        return eight_bit(b"\n".join(strange))
    return None


def is_utf8(data: bytes) -> bool:
    """Return whether bytes are UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _conversion(encoding: str, file: InputFile) -> str:
    target = shlex.quote(f"utf8.{file.format}")
    if file.path == STDIN:
        return f"iconv -f {encoding} -t utf-8"
    name = shlex.quote(file.path)
    unpack = {"gzip": "gzip -dc", "zstd": "zstd -dc"}.get(file.compression or "")
    return f"{unpack} {name} | iconv -f {encoding} -t utf-8 > {target}" if unpack else f"iconv -f {encoding} -t utf-8 {name} > {target}"
