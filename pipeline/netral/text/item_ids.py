"""Distinct items by number: found by the keys of their bytes, so that most items never become Python strings."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netral.text.arrow import to_arrow
from netral.text.growing import Growing, distinct
from netral.text.hashing import KeyTable
from netral.text.spans import Spans

#: Says something of each of many items (large strings).
Test = Callable[[pa.Array], NDArray[np.bool_]]


class ItemIds:
    """Numbers for items, given out as they come."""

    def __init__(self) -> None:
        self._salt = int.from_bytes(os.urandom(8), "little")
        self._table = KeyTable(np.empty(0, np.uint64))
        self._strings: list[pa.Array] = []
        self._names: list[str] = []
        self._answers: dict[Test, Growing[np.bool_]] = {}

    def __len__(self) -> int:
        return len(self._table.keys)

    def number(self, items: pa.Array) -> NDArray[np.int32]:
        """Return the ids of items (large strings); a new one gets the next."""
        keys = Spans.of(items).keys(self._salt)
        ids = self._table.find(keys)
        new = np.flatnonzero(ids < 0)
        if len(new):
            unseen, first, which = np.unique(keys[new], return_index=True, return_inverse=True)
            order = np.argsort(first)
            rank = np.empty(len(order), np.int32)
            rank[order] = np.arange(len(self), len(self) + len(order))
            ids[new] = rank[which]
            self._table.add(unseen[order])
            self._strings.append(items.take(to_arrow(new[first[order]])))
        return ids

    def are_among(self, words: KeyTable, ids: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Say which of these items are among some words (:meth:`keys`)."""
        return words.find(self._table.keys[ids]) >= 0

    def keys(self, words: Collection[str]) -> KeyTable:
        """Return the keys of words, by which items are known to be among them."""
        return KeyTable(distinct(Spans.of(pa.array(words, pa.large_string())).keys(self._salt)))

    def answers(self, test: Test) -> NDArray[np.bool_]:
        """Return what ``test`` says of every item; it is asked once about each."""
        known = self._answers.setdefault(test, Growing(np.empty(0, bool)))
        if len(known) < len(self):
            known.add(test(self.strings(len(known))))
        return known.values

    def strings(self, start: int = 0) -> pa.Array:
        """Return the items from an id on."""
        parts, before = [], len(self)
        for part in reversed(self._strings):
            if before <= start:
                break
            before -= len(part)
            parts.append(part)
        return pa.concat_arrays(parts[::-1] or [pa.array((), pa.large_string())]).slice(max(start - before, 0))

    @property
    def names(self) -> list[str]:
        """All items as Python strings; those that were not asked for before are made now."""
        self._names += self.strings(len(self._names)).to_pylist()
        return self._names

    def keep(self, ids: NDArray[np.integer]) -> None:
        """Forget all items but these; they are numbered anew in this order."""
        self._answers = {test: Growing(self.answers(test)[ids]) for test in self._answers}
        self._strings, self._names = [self.strings().take(to_arrow(ids))], []
        self._table = KeyTable(self._table.keys[ids])
