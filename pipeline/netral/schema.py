"""Labelled posts: their columns, how files of them are read, and what is refused, with row numbers.

Row 1 is the first post after the header, whatever line it stands on. Nothing here writes, and no message holds a text.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netral.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

REQUIRED = ("id", "text", "label")
#: Columns that are kept when the file has them; all others, which may be personal, are never read.
OPTIONAL = ("election", "platform", "genre", "posted_at", "lang", "voice", "direction", "rule", "sampling")
COLUMNS = (*REQUIRED, *OPTIONAL)
#: What a post can be labelled; ``uncertain`` ones are kept and never trained on.
LABELS = ("partisan", "neutral", "uncertain")
#: Fewer posts than this of either side cannot be split, trained on and tested.
MINIMUM = 10
LONGEST_ID = 64

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
    ]
    fault = np.select([np.asarray(found, bool) for _, found in faults], range(len(faults)), -1)
    rejected = [
        {
            "row": int(frame["row"].iat[i]),
            "id": "" if long.iat[i] or telling.iat[i] else frame["id"].iat[i],
            "reason": faults[fault[i]][0].format(first=first_row[i], label=_shown(frame["label"].iat[i])),
        }
        for i in np.flatnonzero(fault >= 0)
    ]
    return Checked(frame.assign(label=label)[fault < 0].reset_index(drop=True), rejected)


def _shown(label: str) -> str:
    """Shorten a wrong label: in a shifted row it may be a text."""
    return label if len(label) <= 16 and not _TELLING.search(label) else f"{label[:1]}…"


def _read_csv(path: Path) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    separator, names = _header(path)
    columns = _wanted(path, names)
    broken: list[dict[str, Any]] = []
    failed: list[int] = []

    def put_aside(row: Any) -> str:
        failed.append(row.number)
        broken.append(
            {"row": 0, "id": "", "reason": f"{row.actual_columns} fields where the header has {row.expected_columns}; quote the text"}
        )
        return "skip"

    try:
        table = arrow_csv.read_csv(
            path,
            arrow_csv.ReadOptions(use_threads=False, column_names=names, skip_rows_after_names=1, block_size=1 << 24),
            arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=True, invalid_row_handler=put_aside),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, include_columns=columns),
        )
    except pa.ArrowInvalid as error:
        _refuse_encoding(path)
        raise InputError(
            f"{path}: is no CSV that can be read ({_one_line(error)}); look for a quote that is opened and never closed"
        ) from error
    # Arrow numbers a broken row by where it stands among all rows, the header being number 1.
    for each, number in zip(broken, failed, strict=True):
        each["row"] = number - 1
    return _numbered(table, {number - 1 for number in failed}), broken


def _header(path: Path) -> tuple[str, list[str]]:
    """Return the separator and the column names of a CSV file."""
    with open(path, "rb") as file:
        start = file.read(1 << 16)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{path}: is UTF-16, expected UTF-8; convert it: iconv -f UTF-16 -t UTF-8 {path.name} > utf8-{path.name}")
    text = start.decode("utf-8-sig", "replace")
    separator = max(",;\t", key=lambda each: text.partition("\n")[0].count(each))
    try:
        names = [name.strip() for name in next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])]
    except csv.Error as error:
        raise InputError(
            f"{path}: the header cannot be read ({error}); expected the columns {', '.join(REQUIRED)} in the first line"
        ) from error
    return separator, names


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


def _refuse_encoding(path: Path) -> None:
    """Say which line is not UTF-8, if one is not."""
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                convert = f"iconv -f WINDOWS-1252 -t UTF-8 {path.name} > utf8-{path.name}"
                raise InputError(f"{path}: line {number} is not UTF-8 (byte 0x{line[error.start]:02x}); convert it: {convert}") from error


def _read_jsonl(path: Path) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    import pyarrow as pa

    posts: list[dict[str, Any]] = []
    rows: list[int] = []
    broken: list[dict[str, Any]] = []
    for row, line in enumerate(_lines(path), 1):
        post = _parse(line)
        if isinstance(post, dict):
            rows.append(row)
            posts.append(post)
        elif line.strip():
            broken.append({"row": row, "id": "", "reason": "no JSON object"})
    columns = _wanted(path, list(dict.fromkeys(name for post in posts for name in post)))
    table = pa.table({name: pa.array([_string(post.get(name)) for post in posts], pa.string()) for name in columns})
    return _numbered(table, set()).assign(row=rows), broken


def _lines(path: Path) -> Iterator[str]:
    if path.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{path}: is UTF-16, expected UTF-8; convert it: iconv -f UTF-16 -t UTF-8 {path.name} > utf8-{path.name}")
    try:
        with open(path, encoding="utf-8-sig", newline="\n") as file:
            yield from file
    except UnicodeDecodeError:
        _refuse_encoding(path)


def _parse(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _string(value: Any) -> str:
    """Write a JSON value as a string that UTF-8 can hold (JSON may escape half a character)."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode("utf-8")


def _read_parquet(path: Path) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        columns = _wanted(path, parquet.read_schema(path).names)
        table = parquet.read_table(path, columns=columns)
        return _numbered(table.cast(pa.schema([(name, pa.string()) for name in columns])), set()), []
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{path}: is no Parquet that can be read ({_one_line(error)}); expected the columns {', '.join(COLUMNS)} as strings"
        ) from error


def _numbered(table: Any, without: set[int]) -> pd.DataFrame:
    """Turn an Arrow table into a frame with row numbers, leaving out the numbers of rows ``without`` a place in it."""
    import numpy as np

    frame = table.to_pandas().fillna("").astype("str")
    numbers = np.arange(1, len(frame) + len(without) + 1)
    return frame.assign(row=np.setdiff1d(numbers, np.fromiter(without, np.int64, len(without))))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
