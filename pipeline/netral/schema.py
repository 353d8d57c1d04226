"""Posts, labelled or not: their columns, which of them are read from a file, and what is refused, with row numbers.

How files are read says `netral.tables.read`. Nothing here writes, and no message holds a text.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netral.errors import InputError
from netral.tables.csv_rows import Known
from netral.tables.read import Wanted
from netral.tables.read import read as read_file

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
#: Columns whose values are compared with others of the file, or with names of gazetteers: two spellings would be two elections.
NAMED = ("election", "platform", "genre", "lang")

# Not those where an annotator may note two things in one cell.
_KNOWN = Known({"label": LABELS}, ("id", "label", "election", "platform", "genre", "posted_at", *CLOSED))
_NO_ELECTION = ("", "none", "-")
# Ids are stored, so they may not be what names a person or a page: a link, a handle, an address.
_TELLING = re.compile(r"@|://|\bwww\.")


@dataclass(frozen=True)
class Checked:
    """The posts of a file, told apart.

    Attributes
    ----------
    accepted : pandas.DataFrame
        ``row`` (int64) and :data:`COLUMNS` (str, "" where the file says nothing), in the order of the file.
    rejected : list of dict
        ``row``, ``id``, ``kind`` and ``reason`` of each post that cannot be used; never its text. Reasons of a kind differ in what is
        particular to a row.
    """

    accepted: pd.DataFrame
    rejected: list[dict[str, Any]]


def read(path: Path) -> Checked:
    """Read a file of labelled posts (CSV, JSONL or Parquet) and check each row.

    Raises
    ------
    InputError
        If the file is missing, of another kind or encoding, or lacks a required column.
    """
    if path.is_dir():
        raise InputError(f"{path}: found a folder, expected one file of labelled posts; put those in it together, with ids that differ")
    if not path.is_file():
        raise InputError(
            f"{path}: no such file; put the labelled posts there, or name others (POSTS=file, or validate.posts in params.yaml)"
        )
    found = read_file(path, Wanted(lambda names: _wanted(path, names), COLUMNS, _KNOWN))
    checked = check(found.frame.fillna("").astype("str").assign(row=found.rows))
    return Checked(checked.accepted, sorted([*found.broken, *checked.rejected], key=lambda each: each["row"]))


def read_table(path: Path, only: Collection[str] = ()) -> pd.DataFrame:
    """Read the posts of a file that need no label.

    Parameters
    ----------
    path : Path
        CSV, JSONL or Parquet with a column ``text``.
    only : collection of str
        Columns to read; by default all.

    Returns
    -------
    DataFrame
        The rows that have a ``text``; this and ``id`` are str, other columns what they are in the file.

    Raises
    ------
    InputError
        If the file is missing, of another kind or encoding, or lacks the column, or if a row cannot be read.
    """

    def columns(names: list[str]) -> list[str]:
        if "text" not in names:
            raise InputError(f"{path}: found columns {_listed(names)}, expected one named text")
        read = [name for name in dict.fromkeys(names) if not only or name in only]
        _refuse_twice(path, names, [name for name in read if name])  # spreadsheets have several columns without one
        return read

    found = read_file(path, Wanted(columns, ("id", "text"), _KNOWN))
    if found.broken:
        first = found.broken[0]
        raise InputError(f"{path}: {len(found.broken)} rows cannot be read (row {first['row']}: {first['reason']}); correct them")
    return found.frame.dropna(subset="text").reset_index(drop=True)


def check(frame: pd.DataFrame) -> Checked:
    """Tell usable rows of ``frame`` (``row`` and str columns) from those to be put aside."""
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame({"row": frame["row"], **{name: frame.get(name, "") for name in COLUMNS}}).reset_index(drop=True)
    for name in ("id", "label", *OPTIONAL):
        frame[name] = frame[name].str.strip()
    label = frame["label"].str.lower()
    for name in (*CLOSED, *NAMED):
        frame[name] = frame[name].str.lower()
    frame["election"] = frame["election"].where(~frame["election"].isin(_NO_ELECTION), "")

    first = frame.index.to_series().groupby(frame["id"].to_numpy()).transform("min").to_numpy()
    first_row = frame["row"].to_numpy()[first]
    long, telling = frame["id"].str.len() > LONGEST_ID, frame["id"].str.contains(_TELLING)
    faults = [
        ("id is empty", "id is empty", frame["id"] == ""),
        ("id is too long", f"id is longer than {LONGEST_ID} characters", long),
        ("id tells a person", "id holds a handle, an address or a link; use a pseudonym", telling),
        ("id is used twice", "id is that of row {first} again", first != frame.index),
        ("text is empty", "text is empty", ~frame["text"].str.contains(r"\S")),
        ("label", "label is {label!r}, expected one of " + ", ".join(LABELS), ~label.isin(LABELS)),
        *(
            (name, f"{name} is {{{name}!r}}, expected one of {', '.join(words)}, or nothing", ~frame[name].isin(("", *words)))
            for name, words in CLOSED.items()
        ),
    ]
    fault = np.select([np.asarray(found, bool) for _, _, found in faults], range(len(faults)), -1)
    rejected = [
        {
            "row": int(frame["row"].iat[i]),
            "id": "" if long.iat[i] or telling.iat[i] else frame["id"].iat[i],
            "kind": kind,
            "reason": reason.format(first=first_row[i], **{name: _shown(frame[name].iat[i]) for name in ("label", *CLOSED)}),
        }
        for i in np.flatnonzero(fault >= 0)
        for kind, reason, _ in [faults[fault[i]]]
    ]
    return Checked(frame.assign(label=label)[fault < 0].reset_index(drop=True), rejected)


def dates(posted_at: pd.Series) -> pd.Series:
    """Read dates by ISO 8601, NaT where there is none or where it is written otherwise: 04/05/2024 may be of April or of May."""
    import pandas as pd

    return pd.to_datetime(posted_at, utc=True, errors="coerce", format="ISO8601")


def _shown(value: str) -> str:
    """Shorten a wrong value: in a shifted row it may be a text."""
    return value if len(value) <= 16 and not _TELLING.search(value) else f"{value[:1]}…"


def _wanted(path: Path, names: list[str]) -> list[str]:
    """Return the known ones of the column ``names``; refuse a file without the required ones."""
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise InputError(
            f"{path}: column {', '.join(missing)} is missing; found {_listed(names)}; expected {', '.join(REQUIRED)}: rename or add it"
        )
    _refuse_twice(path, names, COLUMNS)
    return [name for name in COLUMNS if name in names]


def _refuse_twice(path: Path, names: list[str], known: Collection[str]) -> None:
    if twice := next((name for name in known if names.count(name) > 1), None):
        raise InputError(f"{path}: column {twice} stands there twice; remove one")


def _listed(names: list[str]) -> str:
    return ", ".join(name[:32] for name in names[:20]) or "none"
