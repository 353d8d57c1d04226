"""Files of posts as people have them: CSV, JSONL and Parquet, plain, ``.gz`` or ``.zst``, read so that text stays text.

Row 1 is the first after the header, whatever line it stands on; empty lines are not counted. No message holds a text.
"""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from netral.errors import InputError
from netral.tables.csv_rows import Known, Lines, header
from netral.tables.csv_rows import rows as rows_of_csv

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
_STRAY = "a quote opens a field that does not end with one; close it, and write quotes within a quoted text twice"


@dataclass(frozen=True)
class Wanted:
    """What is asked of a file.

    Attributes
    ----------
    columns : callable
        Of the columns that the file has, those to read; raises `InputError` where some are missing.
    texts : collection of str
        Columns that become str, whatever the file holds there.
    known : Known
        What is known of columns of a CSV.
    """

    columns: Callable[[list[str]], list[str]]
    texts: Collection[str]
    known: Known


@dataclass(frozen=True)
class Table:
    """The rows of a file, told apart.

    Attributes
    ----------
    rows : array of int64
        The number of each row of ``frame``.
    frame : pandas.DataFrame
        The columns wanted. Nothing stands where the file says nothing: in an empty field of a CSV, at a null of the others.
    broken : list of dict
        ``row``, ``id`` (""), ``kind`` and ``reason`` of each row that cannot be read.
    """

    rows: NDArray[np.int64]
    frame: pd.DataFrame
    broken: list[dict[str, Any]]


def read(path: Path, wanted: Wanted) -> Table:
    """Read a file by its ending.

    CSV may have a byte order mark, empty lines or ``sep=;`` before the header, commas, semicolons or tabs, any line ends, and line
    breaks within quotes. Its columns that are no texts are numbers or booleans where they hold nothing else.

    Raises
    ------
    InputError
        If the file is missing, of another kind or encoding, or damaged.
    """
    if _ending(path) not in _READERS:
        raise InputError(
            f"{path}: found a file of kind {path.suffix or 'unknown'!r}, expected {', '.join(_READERS)}, plain, .gz or .zst; "
            "convert it, or rename it"
        )
    if not path.is_file():
        raise InputError(f"{path}: cannot be read (no such file); name another file")
    return _READERS[_ending(path)](path, wanted)


def _ending(path: Path) -> str:
    """Return the ending of a name in small letters, that of compression left out."""
    endings = [each.lower() for each in path.suffixes[-2:]]
    return "".join(endings[-2:-1] if endings and endings[-1] in _COMPRESSIONS else endings[-1:])


def _open(path: Path) -> io.BufferedReader:
    """Open what a file holds, unpacked."""
    import pyarrow as pa

    compression = _COMPRESSIONS.get(path.suffix.lower())
    return io.BufferedReader(pa.input_stream(str(path), compression)) if compression else open(path, "rb")


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of a UTF-8 file as they stand there."""
    import pyarrow as pa

    try:
        with _open(path) as file:
            yield from io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    except UnicodeDecodeError:
        _refuse_encoding(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path}: cannot be read ({' '.join(str(error).split())}); fetch or write the file again") from error


def _refuse_encoding(path: Path) -> NoReturn:
    """Say which line is not UTF-8, and how to convert the file."""
    with _open(path) as file:
        kind = "UTF-16" if file.peek(2)[:2] in (b"\xff\xfe", b"\xfe\xff") else "WINDOWS-1252"
        number = next((number for number, line in enumerate(file, 1) if not _is_utf8(line)), 1)
    unpack = _COMPRESSIONS.get(path.suffix.lower())
    name, target = shlex.quote(str(path)), shlex.quote(str(path.with_name(f"utf8-{path.stem if unpack else path.name}")))
    convert = f"{unpack} -dc {name} | iconv -f {kind} -t UTF-8 > {target}" if unpack else f"iconv -f {kind} -t UTF-8 {name} > {target}"
    raise InputError(f"{path}: line {number} is not UTF-8; convert the file, if it is {kind}, and name the new one: {convert}")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Rows:
    """Rows as they are read, column by column."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self._broken: list[dict[str, Any]] = []
        self._rows: list[int] = []
        self._columns: list[list[Any]] = [[] for _ in names]

    def add(self, row: int, values: list[Any]) -> None:
        self._rows.append(row)
        for column, value in zip(self._columns, values, strict=True):
            column.append(value)

    def put_aside(self, row: int, kind: str, reason: str) -> None:
        self._broken.append({"row": row, "id": "", "kind": kind, "reason": reason})

    def table(self, typed: Callable[[str, list[Any]], pd.Series]) -> Table:
        import numpy as np
        import pandas as pd

        columns = {name: typed(name, column) for name, column in zip(self.names, self._columns, strict=True)}
        return Table(np.array(self._rows, np.int64), pd.DataFrame(columns), self._broken)


def _read_csv(path: Path, wanted: Wanted) -> Table:
    # Not PyArrow's reader: on x86 it loses its place at a NUL byte and swallows the rows after it (version 25, seen on real posts).
    lines = Lines(_lines(path))
    separator, names = header(lines)
    rows = _Rows(wanted.columns(names))
    places = [names.index(name) for name in rows.names]
    for row, fields in enumerate(rows_of_csv(lines, separator, names, wanted.known), 1):
        if fields is None:
            rows.put_aside(row, "stray quote", _STRAY)
        elif len(fields) == len(names):
            rows.add(row, [fields[place] or None for place in places])
        else:
            rows.put_aside(row, "number of fields", f"{len(fields)} fields where the header has {len(names)}; quote the text")
    return rows.table(lambda name, column: _as_text(column) if name in wanted.texts else _typed(_as_text(column)))


def _as_text(column: list[Any]) -> pd.Series:
    import pandas as pd

    return pd.Series(column, dtype="str")


def _typed(column: pd.Series) -> pd.Series:
    """Return booleans or numbers where a column of words holds nothing else, so that it can be asked for them."""
    import pandas as pd

    small = column.str.lower()
    if small.isin(("true", "false")).all():
        return small == "true"
    try:
        return pd.to_numeric(column)
    except (ValueError, TypeError):
        return column


def _read_jsonl(path: Path, wanted: Wanted) -> Table:
    import pandas as pd

    names = list(dict.fromkeys(name for line in _lines(path) for name in _parse(line) or ()))
    rows = _Rows(wanted.columns(names))
    for row, line in enumerate(filter(str.strip, _lines(path)), 1):
        post = _parse(line)
        if post is None:
            rows.put_aside(row, "no JSON object", "no JSON object")
        else:
            rows.add(row, [_string(post.get(name)) if name in wanted.texts else post.get(name) for name in rows.names])
    return rows.table(lambda name, column: _as_text(column) if name in wanted.texts else pd.Series(column))


def _parse(line: str) -> dict[str, Any] | None:
    try:
        post = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return post if isinstance(post, dict) else None


def _string(value: Any) -> str | None:
    """Write a JSON value as a string that UTF-8 can hold (JSON may escape half a character)."""
    text = value if isinstance(value, str) else None if value is None else json.dumps(value, ensure_ascii=False)
    return text and text.encode("utf-8", "replace").decode("utf-8")


def _read_parquet(path: Path, wanted: Wanted) -> Table:
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    try:
        source = pa.BufferReader(_open(path).read()) if path.suffix.lower() in _COMPRESSIONS else path
        names = wanted.columns(parquet.read_schema(source).names)
        table = parquet.read_table(source, columns=names).select(names)
        frame = _with_texts(table, wanted.texts).to_pandas(ignore_metadata=True)  # that would make an index of what was one
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        found = " ".join(str(error).split())[:200]
        raise InputError(
            f"{path}: is no Parquet that can be read ({found}); expected the columns {', '.join(wanted.texts)} as strings"
        ) from error
    return Table(np.arange(1, len(frame) + 1), frame, [])


def _with_texts(table: pa.Table, texts: Collection[str]) -> pa.Table:
    import pyarrow as pa

    types = [pa.field(each.name, pa.string()) if each.name in texts else each for each in table.schema]
    return table.cast(pa.schema(types, table.schema.metadata))


_READERS = {".csv": _read_csv, ".tsv": _read_csv, ".jsonl": _read_jsonl, ".ndjson": _read_jsonl, ".parquet": _read_parquet}
