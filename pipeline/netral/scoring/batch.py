"""What the readers hand to the engine: batches of rows that can be scored, and the rows that cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netral.errors import UsageError
from netral.text.arrow import to_arrow, to_numpy

#: Records of a batch; fewer where each is explained: between two batches a run can be stopped, and what a kill loses is one of them.
BATCH_ROWS, BATCH_ROWS_EXPLAINED = 8192, 2048


@dataclass(frozen=True)
class ReadOptions:
    """Which columns are read, and how much at a time.

    Attributes
    ----------
    text_column, id_column, platform_column : str
        Names of the columns; only the first must exist.
    keep : tuple of str
        Further columns to hand on.
    max_text : int
        Characters; a longer text is rejected.
    batch_rows : int
        Records of a batch, at most.
    """

    text_column: str = "text"
    id_column: str = "id"
    keep: tuple[str, ...] = ()
    platform_column: str = "platform"
    max_text: int = 1_000_000
    batch_rows: int = BATCH_ROWS

    def __post_init__(self) -> None:
        if isinstance(self.keep, str):
            raise UsageError(f"found {self.keep!r} as columns to keep, expected several names: ({self.keep!r},)")
        if self.max_text < 1 or self.batch_rows < 1:
            raise UsageError(f"found a longest text of {self.max_text} and batches of {self.batch_rows} rows, expected at least 1 of each")


def with_fitting_batches(options: ReadOptions, explain: int) -> ReadOptions:
    """Return the options of a run that gives ``explain`` reasons per row: batches are no larger than lets it stop within a second."""
    return replace(options, batch_rows=min(options.batch_rows, BATCH_ROWS_EXPLAINED)) if explain else options


@dataclass(frozen=True)
class Rejected:
    """A record that cannot be scored; the reason never holds its text."""

    file: str
    row: int
    id: str | None
    reason: str


@dataclass(frozen=True)
class Batch:
    """Consecutive records of one file.

    Attributes
    ----------
    file : int
        Index into the list of input files.
    rows : ndarray of int64, shape (n,)
        Record numbers of the good rows, ascending, from 1 in each file; a header is not counted.
    ids : pyarrow.Array of string, shape (n,)
        Never null: a row without an id has its record number (:func:`sift`).
    texts : pyarrow.Array of string, shape (n,)
        Never null, never blank.
    platforms : pyarrow.Array of string, shape (n,), or None
        None if there is no such column.
    kept : pyarrow.Table with n rows, or None
        The columns asked for with ``keep``: strings from CSV and JSONL, their own types from Parquet. None if none were asked for.
    rejected : tuple of Rejected
        The other records of the batch, ascending.
    read : int
        Records of the batch, ``len(rows) + len(rejected)``.
    """

    file: int
    rows: NDArray[np.int64]
    ids: pa.Array
    texts: pa.Array
    platforms: pa.Array | None
    kept: pa.Table | None
    rejected: tuple[Rejected, ...]
    read: int


@dataclass(frozen=True)
class Records:
    """Records as a reader found them: what a record lacks is null, and no text was looked at yet.

    Attributes
    ----------
    rows : ndarray of int64, shape (n,)
        Record numbers, ascending.
    ids, texts : pyarrow.Array of string, shape (n,)
        As in the file.
    platforms : pyarrow.Array of string, shape (n,), or None
        None if there is no such column.
    kept : pyarrow.Table with n rows, or None
        The columns to hand on.
    """

    rows: NDArray[np.int64]
    ids: pa.Array
    texts: pa.Array
    platforms: pa.Array | None
    kept: pa.Table | None


def sift(file: int, path: str, records: Records, rejected: Sequence[Rejected], max_text: int, *, has_ids: bool) -> Batch:
    """Set aside the records without a text or with one that is too long, and give every other one an id.

    Parameters
    ----------
    file : int
        Index of the file.
    path : str
        Its name.
    records : Records
        What the reader found.
    rejected : sequence of Rejected
        What the reader rejected among and between them.
    max_text : int
        Characters that a text may have.
    has_ids : bool
        Whether the file has ids. A row without one is then called ``row-N``: its number alone could be the id of another.
    """
    blank = pc.or_kleene(pc.equal(pc.binary_length(records.texts), 0), pc.utf8_is_space(records.texts))
    empty = _flags(blank, if_null=True)
    long = _flags(pc.greater(pc.utf8_length(records.texts), max_text), if_null=False)
    nameless = pc.fill_null(pc.equal(pc.binary_length(records.ids), 0), True)
    bad = [
        Rejected(path, int(records.rows[at]), None if nameless[at].as_py() else records.ids[at].as_py(), reason)
        for flags, reason in ((empty, "empty text"), (long, f"text of more than {max_text:,} characters"))
        for at in np.flatnonzero(flags)
    ]
    numbers = to_arrow(records.rows).cast(pa.string())
    ids = pc.if_else(nameless, pc.binary_join_element_wise("row-", numbers, "") if has_ids else numbers, records.ids)
    everything = sorted([*rejected, *bad], key=lambda each: each.row)
    good = ~(empty | long)
    read = len(records.rows) + len(rejected)
    if good.all():
        return Batch(file, records.rows, ids, records.texts, records.platforms, records.kept, tuple(everything), read)
    mask = to_arrow(good)
    platforms = None if records.platforms is None else records.platforms.filter(mask)
    kept = None if records.kept is None else records.kept.filter(mask)
    return Batch(file, records.rows[good], ids.filter(mask), records.texts.filter(mask), platforms, kept, tuple(everything), read)


def _flags(values: pa.Array, *, if_null: bool) -> NDArray[np.bool_]:
    return to_numpy(pc.fill_null(values, if_null))
