"""Which items of a post make a pair: neighbours, and what stands a little further from somebody who is named, whoever that is.

"Pilih Budi", "pilih saja Budi" and "Budi yang kita pilih" say the same; between other words a gap would only add noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: How far the other item of a pair may stand from a candidate.
REACH = 3

Places = NDArray[np.int64]


def find(ids: NDArray[np.int32], rows: NDArray[np.int64], candidate: int) -> tuple[Places, Places]:
    """Return the positions of the first and the second item of each pair.

    Parameters
    ----------
    ids : int array of shape (n,)
        Items, post after post; negative: it makes no pair, as what stands between two posts.
    rows : int array of shape (n,)
        The post of each item.
    candidate : int
        The id that stands for a candidate; negative: it is not known.
    """
    first = np.flatnonzero((ids[:-1] >= 0) & (ids[1:] >= 0))
    pairs = [(first, first + 1)]
    at = np.flatnonzero(ids == candidate) if candidate >= 0 else first[:0]
    for step in range(2, REACH + 1) if len(at) else ():
        for way in (-step, step):
            here = at[(at + way >= 0) & (at + way < len(ids))]
            other = here + way
            near = (rows[other] == rows[here]) & (ids[other] >= 0) & (ids[other] != candidate)
            pairs.append((np.minimum(here, other)[near], np.maximum(here, other)[near]))
    return np.concatenate([first for first, _ in pairs]), np.concatenate([second for _, second in pairs])


def without_names(items: NDArray[np.int32], named: NDArray[np.bool_], candidate: int) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Return the items with ``candidate`` where ``named`` is set, and which of them to keep: of several in a row the first."""
    items = np.where(named, np.int32(candidate), items)
    there = items == candidate
    return items, ~(there & np.append(False, there[:-1]))
