"""What the readers hand to the engine: chunks of rows that can be scored, and the rows that cannot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


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
    chunk_rows : int
        Records of a chunk, at most.
    """

    text_column: str = "text"
    id_column: str = "id"
    keep: tuple[str, ...] = ()
    platform_column: str = "platform"
    max_text: int = 1_000_000
    chunk_rows: int = 8192


@dataclass(frozen=True)
class Rejected:
    """A record that cannot be scored; the reason never holds its text."""

    file: str
    row: int
    id: str | None
    reason: str


@dataclass(frozen=True)
class Chunk:
    """Consecutive records of one file.

    Attributes
    ----------
    file : int
        Index into the list of input files.
    rows : ndarray of int64, shape (n,)
        Record numbers of the good rows, ascending, from 1 in each file; a header is not counted.
    ids : pyarrow.Array of string, shape (n,)
        Never null: a row without an id has its record number.
    texts : pyarrow.Array of string, shape (n,)
        Never null, never blank.
    platforms : pyarrow.Array of string, shape (n,), or None
        None if there is no such column.
    kept : pyarrow.Table with n rows, or None
        The columns asked for with ``keep``: strings from CSV and JSONL, their own types from Parquet. None if none were asked for.
    rejected : tuple of Rejected
        The other records of the chunk, ascending.
    read : int
        Records of the chunk, ``len(rows) + len(rejected)``.
    """

    file: int
    rows: NDArray[np.int64]
    ids: pa.Array
    texts: pa.Array
    platforms: pa.Array | None
    kept: pa.Table | None
    rejected: tuple[Rejected, ...]
    read: int
