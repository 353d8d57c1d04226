"""Counting at scale: in how many posts a key stands, and which features are the most frequent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from netral.text.hashing import mix

_BUCKETS = 22  # bits; counts of this many buckets fit a processor's cache


def document_frequency(rows: NDArray[np.integer], keys: NDArray[np.int64], min_df: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the rows of each key, of those that stand in at least ``min_df`` rows.

    Most keys of a text stand there once. They are told by hashed counts, without sorting, as in the multi-stage counting of
    frequent pairs (Park, Chen & Yu 1995); what is left is sorted.

    Parameters
    ----------
    rows, keys : int arrays of shape (n,)
        Non-negative; a key may stand in a row again and again.
    min_df : int

    Returns
    -------
    keys, frequency : int64 arrays of shape (m,)
        Keys ascending.
    """
    bucket = (mix(keys.astype(np.uint64)) >> np.uint64(64 - _BUCKETS)).astype(np.int32)
    often = np.bincount(bucket)[bucket] >= min_df
    rows, keys = rows[often], keys[often]
    narrow = int(rows.max(initial=0)).bit_length()
    if int(keys.max(initial=0)).bit_length() + narrow < 63:  # both in one number: a plain sort
        both = np.sort((keys << narrow) | rows)
        keys = both[_new(both)] >> narrow
    else:
        order = np.lexsort((rows, keys))
        rows, keys = rows[order], keys[order]
        keys = keys[_new(keys) | _new(rows)]
    start = np.flatnonzero(_new(keys))
    frequency = np.diff(np.append(start, len(keys)))
    return keys[start][frequency >= min_df], frequency[frequency >= min_df]


def _new(values: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Say where a value differs from the one before."""
    new = np.ones(len(values), bool)
    new[1:] = values[1:] != values[:-1]
    return new


def most_frequent(frequency: NDArray[np.int64], limit: int, name: Callable[[int], Any]) -> NDArray[np.int64]:
    """Return the places of the ``limit`` highest frequencies, ascending; among equals at the cut those whose name comes first.

    Parameters
    ----------
    frequency : int64 array of shape (n,)
    limit : int
    name : callable of int to anything ordered
        Asked for the places at the cut alone; what it tells must not depend on the order of the posts.
    """
    if len(frequency) <= limit:
        return np.arange(len(frequency))
    cut = np.partition(frequency, len(frequency) - limit)[len(frequency) - limit]
    above, at = np.flatnonzero(frequency > cut), np.flatnonzero(frequency == cut)
    first = sorted(at.tolist(), key=name)[: limit - len(above)]
    return np.sort(np.append(above, np.array(first, np.int64)))


def rows_matrix(
    rows: NDArray[np.integer], columns: NDArray[np.integer], data: NDArray[np.float64], shape: tuple[int, int]
) -> sparse.csr_matrix:
    """Return the matrix of entries that stand in the order of their rows already; each keeps its place in its row."""
    starts = np.zeros(shape[0] + 1, np.int32)
    np.cumsum(np.bincount(rows, minlength=shape[0]), out=starts[1:])
    return sparse.csr_matrix((data, columns.astype(np.int32), starts), shape=shape)
