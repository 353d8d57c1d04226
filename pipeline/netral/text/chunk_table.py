"""Distinct chunks by key and number: the items of each, its marks, and how often it was met.

Numbers are given out once and looked up by the million, so all of it stands in arrays; a batch of new chunks is added
at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netral.text.growing import Growing, runs
from netral.text.hashing import KeyTable
from netral.text.item_ids import ItemIds

Ints = NDArray[np.int32]


class ChunkTable:
    """The chunks met so far, within a bound.

    Parameters
    ----------
    first : sequence of sequences of str
        Items of the chunks 0, 1, …, which are never forgotten.
    bound : int
        How many chunks may be there before those that were met once are forgotten.

    Attributes
    ----------
    items : ItemIds
        The items by id, as they come.
    generation : int
        How often chunks were forgotten: numbers and ids are valid within one generation.
    kept : int array
        The ids that the items had in the generation before.
    """

    def __init__(self, first: Sequence[Sequence[str]], bound: int) -> None:
        self._bound = bound
        self._first = len(first)
        self.items = ItemIds()
        self.generation = 0
        self.kept: NDArray[np.integer] = np.zeros(1, np.int32)
        self._keys = KeyTable(np.empty(0, np.uint64))
        self._flat, self._starts, self._counts, self._marks = (Growing(np.empty(0, np.int32)) for _ in range(4))
        self._uses = np.empty(0, np.int64)
        ids = self.items.number(pa.array([item for items in first for item in items], pa.large_string()))
        keys = 2 * np.arange(1, len(first) + 1, dtype=np.uint64)  # even ones, which no string has
        counts = np.array([len(items) for items in first], np.int32)
        self.add(keys, counts, ids, np.zeros(len(first), np.int32))

    def __len__(self) -> int:
        return len(self._marks)

    @property
    def marks(self) -> Ints:
        """What each chunk tells of its neighbours and its post (:mod:`netral.text.chunks`), shape (n_chunks,)."""
        return self._marks.values

    def find(self, keys: NDArray[np.uint64]) -> Ints:
        """Return the numbers of chunks; -1 for those that are not there."""
        return self._keys.find(keys)

    def add(self, keys: NDArray[np.uint64], counts: Ints, ids: Ints, marks: Ints) -> Ints:
        """Add chunks that have so many items each (``ids``, one chunk after the other); return their numbers."""
        starts = len(self._flat) + np.cumsum(counts, dtype=np.int32) - counts
        numbers = np.arange(len(self), len(self) + len(counts), dtype=np.int32)
        self._keys.add(keys)
        for column, values in ((self._flat, ids), (self._starts, starts), (self._counts, counts), (self._marks, marks)):
            column.add(values)
        return numbers

    def first_item(self, numbers: Ints) -> Ints:
        """Return the id of the first item of each of these chunks, which have some."""
        return self._flat.values[self._starts.values[numbers]]

    def expand(self, chunks: NDArray[np.integer]) -> tuple[Ints, NDArray[np.int64]]:
        """Return the items of a sequence of chunks, and for each chunk where the next one's items begin."""
        count = self._counts.values[chunks]
        return self._flat.values[runs(self._starts.values[chunks], count)], np.cumsum(count, dtype=np.int64)

    def use(self, chunks: Ints) -> None:
        """Count that these chunks were met."""
        uses = np.bincount(chunks, minlength=len(self))
        uses[: len(self._uses)] += self._uses
        self._uses = uses

    def forget_rare(self) -> None:
        """Make room when the table is full: keep the chunks that were met most, and at least twice, since the last time."""
        if len(self) <= self._bound:
            return
        uses = np.append(self._uses, np.zeros(len(self) - len(self._uses), np.int64))
        most = np.argsort(-uses, kind="stable")[: self._bound // 2]
        keep = np.zeros(len(self), bool)
        keep[most] = uses[most] >= 2
        keep[: self._first] = True
        flat, _ = self.expand(np.flatnonzero(keep))
        self.kept, items = np.unique(flat, return_inverse=True)
        self.items.keep(self.kept)
        counts = self._counts.values[keep]
        self._flat, self._counts, self._marks = Growing(items.astype(np.int32)), Growing(counts), Growing(self.marks[keep])
        self._starts = Growing(np.cumsum(counts, dtype=np.int32) - counts)
        self._keys = KeyTable(self._keys.keys[keep])
        self._uses = np.zeros(len(self), np.int64)
        self.generation += 1
