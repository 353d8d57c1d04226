"""An array that grows at its end, the places of runs in an array, and what is distinct in one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)


class Growing(Generic[Kind]):
    """Values that are added to and read as an array: room is doubled when it is full, so that adding costs what is added.

    Parameters
    ----------
    values : array of shape (n,)
        The first ones; they tell the type.
    """

    def __init__(self, values: NDArray[Kind]) -> None:
        self._room = values
        self._size = len(values)

    def __len__(self) -> int:
        return self._size

    @property
    def values(self) -> NDArray[Kind]:
        """All values, shape (n,): a view that is good until more are added."""
        return self._room[: self._size]

    def add(self, values: NDArray[Kind]) -> None:
        """Add values at the end."""
        size = self._size + len(values)
        if size > len(self._room):
            room = np.empty(2 * size, self._room.dtype)
            room[: self._size] = self.values
            self._room = room
        self._room[self._size : size] = values
        self._size = size


def runs(starts: NDArray[np.integer], counts: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the places of runs, one after the other: ``starts[0]``, ``starts[0] + 1``, … and so on for each; shape (sum of counts,)."""
    after = np.cumsum(counts, dtype=np.int64)
    return np.arange(after[-1] if len(after) else 0) + np.repeat(starts - (after - counts), counts)


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Return the sorted distinct ``values``, as ``np.unique`` does, which imports numpy.ma to see whether any are masked (10 ms)."""
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def is_any(values: NDArray[Any], of: Sequence[int]) -> NDArray[np.bool_]:
    """Say which values are one of a few."""
    return np.logical_or.reduce([values == one for one in of])
