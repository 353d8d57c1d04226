"""Labelled posts: their columns, how files of them are read, and what is refused, with row numbers.

Row 1 is the first post after the header, whatever line it stands on; empty lines are not counted. Nothing here writes,
and no message holds a text.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from netral.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

REQUIRED = ("id", "text", "label")
#: Columns that are kept when the file has them; all others, which may be personal, are never read.
OPTIONAL = ("election", "platform", "genre", "posted_at", "lang", "voice", "direction", "rule", "sampling")
COLUMNS = (*REQUIRED, *OPTIONAL)
#: What a post can be labelled; ``uncertain`` ones are kept and never trained on.
LABELS = ("partisan", "neutral", "uncertain")
VOICES = ("own", "quoted", "report", "official", "reminder", "forward")
SAMPLINGS = ("random", "keyword", "report", "active", "authored", "synthetic")
#: Fewer posts than this of either side cannot be split, trained on and tested.
MINIMUM = 10
LONGEST_ID = 64
#: Columns that something hangs on, so that another word would be overlooked: protected voices, posts that are never tested on.
CLOSED = {"voice": VOICES, "sampling": SAMPLINGS}

_LONGEST_FIELD = 1 << 24  # a longer field is a quote never closed
_NO_ELECTION = ("", "none", "-")
# Ids are stored, so they may not be what law 7 keeps out: a link, a handle, an address.
_TELLING = re.compile(r"@|://|\bwww\.")


@dataclass(frozen=True)
class Checked:
    """The posts of a file, told apart.

    Attributes
    ----------
    accepted : pandas.DataFrame
        ``row`` (int64) and :data:`COLUMNS` (str, "" where the file says nothing), in the order of the file.
    rejected : list of dict
        ``row``, ``id`` and ``reason`` of each post that cannot be used; never its text.
    """

    accepted: pd.DataFrame
    rejected: list[dict[str, Any]]


def read(path: Path) -> Checked:
    """Read a file of labelled posts (CSV, JSONL or Parquet) and check each row.

    CSV may have a byte order mark, commas, semicolons or tabs, any line ends, and line breaks within quotes.

    Raises
    ------
    InputError
        If the file is missing, of another kind or encoding, or lacks a required column.
    """
    readers: dict[str, Callable[[Path], tuple[pd.DataFrame, list[dict[str, Any]]]]] = {
        ".csv": _read_csv, ".tsv": _read_csv, ".jsonl": _read_jsonl, ".ndjson": _read_jsonl, ".parquet": _read_parquet,
    }  # fmt: skip
    if path.suffix.lower() not in readers:
        raise InputError(
            f"{path}: found a file of kind {path.suffix or 'unknown'!r}, expected .csv, .jsonl or .parquet; convert it, or rename it"
        )
    if not path.is_file():
        raise InputError(f"{path}: no such file; put the labelled posts there, or name another by validate.posts in params.yaml")
    frame, broken = readers[path.suffix.lower()](path)
    checked = check(frame)
    return Checked(checked.accepted, sorted([*broken, *checked.rejected], key=lambda each: each["row"]))


def check(frame: pd.DataFrame) -> Checked:
    """Tell usable rows of ``frame`` (``row`` and str columns) from those to be put aside."""
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame({"row": frame["row"], **{name: frame.get(name, "") for name in COLUMNS}}).reset_index(drop=True)
    for name in ("id", "label", *OPTIONAL):
        frame[name] = frame[name].str.strip()
    label = frame["label"].str.lower()
    for name in CLOSED:
        frame[name] = frame[name].str.lower()
    frame["election"] = frame["election"].where(~frame["election"].str.lower().isin(_NO_ELECTION), "")

    known = frame.index.to_series().groupby(frame["id"].to_numpy()).transform("min").to_numpy()
    first_row = frame["row"].to_numpy()[known]
    long, telling = frame["id"].str.len() > LONGEST_ID, frame["id"].str.contains(_TELLING)
    faults = [
        ("id is empty", frame["id"] == ""),
        (f"id is longer than {LONGEST_ID} characters", long),
        ("id holds a handle, an address or a link; use a pseudonym", telling),
        ("id is that of row {first} again", known != frame.index),
        ("text is empty", ~frame["text"].str.contains(r"\S")),
        ("label is {label!r}, expected one of " + ", ".join(LABELS), ~label.isin(LABELS)),
        *(
            (f"{name} is {{{name}!r}}, expected one of {', '.join(known)}, or nothing", ~frame[name].isin(("", *known)))
            for name, known in CLOSED.items()
        ),
    ]
    fault = np.select([np.asarray(found, bool) for _, found in faults], range(len(faults)), -1)
    rejected = [
        {
            "row": int(frame["row"].iat[i]),
            "id": "" if long.iat[i] or telling.iat[i] else frame["id"].iat[i],
            "reason": faults[fault[i]][0].format(first=first_row[i], **{name: _shown(frame[name].iat[i]) for name in ("label", *CLOSED)}),
        }
        for i in np.flatnonzero(fault >= 0)
    ]
    return Checked(frame.assign(label=label)[fault < 0].reset_index(drop=True), rejected)


def _shown(value: str) -> str:
    """Shorten a wrong value: in a shifted row it may be a text."""
    return value if len(value) <= 16 and not _TELLING.search(value) else f"{value[:1]}…"


def _read_csv(path: Path) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    # Not PyArrow's reader: on x86 it loses its place at a NUL byte and swallows the rows after it (version 25, seen on real posts).
    separator, names = _header(path)
    places = {name: names.index(name) for name in _wanted(path, names)}
    table = _Table(list(places))
    csv.field_size_limit(_LONGEST_FIELD)
    lines = _lines(path)
    reader = csv.reader(lines, delimiter=separator)
    next(reader)
    try:
        for row, fields in enumerate(filter(None, reader), 1):
            if len(fields) == len(names):
                table.add(row, [fields[place] for place in places.values()])
            else:
                table.put_aside(row, f"{len(fields)} fields where the header has {len(names)}; quote the text")
    except csv.Error as error:
        raise InputError(f"{path}: line {reader.line_num}: {error}; look for a quote that is opened and never closed") from error
    return table.frame(), table.broken


def _header(path: Path) -> tuple[str, list[str]]:
    """Return the separator and the column names of a CSV file."""
    first = next(_lines(path), "")
    separator = max(",;\t", key=first.count)
    return separator, [name.strip() for name in next(csv.reader([first], delimiter=separator), [])]


def _wanted(path: Path, names: list[str]) -> list[str]:
    """Return the known ones of the column ``names``; refuse a file without the required ones."""
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        found = ", ".join(name[:32] for name in names[:20]) or "none"
        raise InputError(f"{path}: column {', '.join(missing)} is missing; found {found}; expected {', '.join(REQUIRED)}: rename or add it")
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise InputError(f"{path}: column {twice[0]} stands there twice; remove one")
    return [name for name in COLUMNS if name in names]


def _refuse_encoding(path: Path) -> NoReturn:
    """Say which line is not UTF-8, and how to convert the file."""
    with open(path, "rb") as file:
        kind = "UTF-16" if file.read(2) in (b"\xff\xfe", b"\xfe\xff") else "WINDOWS-1252"
        file.seek(0)
        number = next((number for number, line in enumerate(file, 1) if not _is_utf8(line)), 1)
    convert = f"iconv -f {kind} -t UTF-8 {path.name} > utf8-{path.name}"
    raise InputError(f"{path}: line {number} is not UTF-8; convert the file, if it is {kind}: {convert}")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read_jsonl(path: Path) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    names = list(dict.fromkeys(name for line in _lines(path) for name in _parse(line) or ()))
    table = _Table(_wanted(path, names))
    for row, line in enumerate(filter(str.strip, _lines(path)), 1):
        post = _parse(line)
        if post is None:
            table.put_aside(row, "no JSON object")
        else:
            table.add(row, [_string(post.get(name)) for name in table.names])
    return table.frame(), table.broken


class _Table:
    """Rows as they are read, column by column."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.broken: list[dict[str, Any]] = []
        self._rows: list[int] = []
        self._columns: list[list[str]] = [[] for _ in names]

    def add(self, row: int, values: list[str]) -> None:
        self._rows.append(row)
        for column, value in zip(self._columns, values, strict=True):
            column.append(value)

    def put_aside(self, row: int, reason: str) -> None:
        self.broken.append({"row": row, "id": "", "reason": reason})

    def frame(self) -> pd.DataFrame:
        import numpy as np
        import pandas as pd

        columns = {name: pd.Series(column, dtype="str") for name, column in zip(self.names, self._columns, strict=True)}
        return pd.DataFrame({"row": np.array(self._rows, np.int64), **columns})


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of a UTF-8 file as they stand there."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            yield from file
    except UnicodeDecodeError:
        _refuse_encoding(path)


def _parse(line: str) -> dict[str, Any] | None:
    try:
        post = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return post if isinstance(post, dict) else None


def _string(value: Any) -> str:
    """Write a JSON value as a string that UTF-8 can hold (JSON may escape half a character)."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode("utf-8")


def _read_parquet(path: Path) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    try:
        columns = _wanted(path, parquet.read_schema(path).names)
        table = parquet.read_table(path, columns=columns).select(columns).cast(pa.schema([(name, pa.string()) for name in columns]))
    except (pa.ArrowException, OSError) as error:
        found = " ".join(str(error).split())[:200]
        raise InputError(
            f"{path}: is no Parquet that can be read ({found}); expected the columns {', '.join(COLUMNS)} as strings"
        ) from error
    frame = table.to_pandas().fillna("").astype("str")
    return frame.assign(row=np.arange(1, len(frame) + 1)), []
