"""Features by 64-bit keys: many at once, and a table that finds known keys.

A key stands for one n-gram, one pair of items or one string (:mod:`netral.text.spans`). Two of n share a key with a
probability of about n²/2⁶⁴ (one in a billion for 200,000); for features the training side checks that none do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from netral.text.growing import Growing

P = np.uint64(0x9E3779B97F4A7C15)  # odd, from the golden ratio (Knuth's multiplicative hashing)
_M = np.uint64(0xBF58476D1CE4E5B9)  # from Steele, Lea & Flood's SplitMix64
_FREE = np.uint64(0)


def mix(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread ``keys`` over 64 bits (the finaliser of SplitMix64); never 0."""
    keys = (keys ^ (keys >> np.uint64(30))) * _M
    keys = (keys ^ (keys >> np.uint64(27))) * P
    return (keys ^ (keys >> np.uint64(31))) | np.uint64(1)


def pair_keys(first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Give each pair of non-negative ids a key; arrays of shape (n,)."""
    return mix((first.astype(np.uint64) << np.uint64(32)) | second.astype(np.uint64))


def first_of_each(rows: NDArray[np.integer], ids: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return where each id occurs first in its row; positions in ascending order.

    Parameters
    ----------
    rows, ids : int arrays of shape (n,)
        Non-negative, less than 2³².
    """
    keys = (rows.astype(np.uint64) << np.uint64(32)) | ids.astype(np.uint64)
    bits = max(4, (2 * len(keys)).bit_length())
    slots = np.empty(1 << bits, np.int32)
    once = np.zeros(len(keys), bool)
    place, spread = np.arange(len(keys), dtype=np.int32), keys * P
    while len(place):  # those whose slot another key took try other slots
        slot = (spread >> np.uint64(64 - bits)).view(np.int64)
        slots[slot[::-1]] = place[::-1]  # where several want one slot, the last one has it: that of the first place
        first = slots[slot]
        once[first] = True
        left = np.flatnonzero(keys[first] != keys[place])
        place, spread = place[left], spread[left] * P
    return np.flatnonzero(once)


class CharGrams:
    """The character n-grams of words, each word padded with one space at both ends.

    Parameters
    ----------
    words : sequence of str
    low, high : int
        Shortest and longest n-gram.

    Attributes
    ----------
    keys : uint64 array of shape (m,)
    owner : int32 array of shape (m,)
        Position in ``words`` of the word that each n-gram is from; ascending within one length.
    start, length : int32 arrays of shape (m,)
        Where each n-gram stands in :attr:`text`.
    text : str
        The padded words, one after the other.
    """

    def __init__(self, words: Sequence[str], low: int, high: int) -> None:
        self.text = "".join([f" {word} " for word in words])
        letters = np.frombuffer(self.text.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
        sizes = np.fromiter(map(len, words), np.int64, len(words)) + 2
        owner = np.repeat(np.arange(len(words), dtype=np.int32), sizes)
        key = letters.copy()
        keys, owners, starts, lengths = [], [], [], []
        for n in range(2, high + 1):
            if len(letters) < n:
                break
            key = key[:-1] * P + letters[n - 1 :]
            if n >= low:
                inside = np.flatnonzero(owner[: len(key)] == owner[n - 1 :]).astype(np.int32)
                keys.append(mix(key[inside] + np.uint64(n)))
                owners.append(owner[inside])
                starts.append(inside)
                lengths.append(np.full(len(inside), n, np.int32))
        self.keys = np.concatenate(keys) if keys else np.empty(0, np.uint64)
        self.owner = np.concatenate(owners) if owners else np.empty(0, np.int32)
        self.start = np.concatenate(starts) if starts else np.empty(0, np.int32)
        self.length = np.concatenate(lengths) if lengths else np.empty(0, np.int32)


class KeyTable:
    """Find known keys: an open-addressing hash table in two arrays, filled and searched without a Python loop per key.

    Parameters
    ----------
    keys : uint64 array of shape (n,)
        Distinct keys, none 0; key ``i`` is found as ``i``.
    """

    def __init__(self, keys: NDArray[np.uint64]) -> None:
        self._added = Growing(np.empty(0, np.uint64))
        self._slots = np.empty(0, np.uint64)
        self.add(keys)

    @property
    def keys(self) -> NDArray[np.uint64]:
        """The keys by position."""
        return self._added.values

    def add(self, keys: NDArray[np.uint64]) -> None:
        """Add keys that are not there yet; they are found as the next positions."""
        before = len(self._added)
        self._added.add(keys)
        if 2 * len(self.keys) >= len(self._slots):
            slots = 1 << max(4, int(2 * len(self.keys) + 1).bit_length())
            self._mask = slots - 1
            self._slots, self._ids = np.zeros(slots, np.uint64), np.full(slots, -1, np.int32)
            before = 0
        waiting = np.arange(before, len(self.keys), dtype=np.int32)
        slot = self._first(self.keys[before:])
        while len(waiting):
            free = np.flatnonzero(self._slots[slot] == _FREE)[::-1]
            self._slots[slot[free]] = self.keys[waiting[free]]  # where several want one slot, the last one has it: that added first,
            self._ids[slot[free]] = waiting[free]  # for what is met early is met often, and is found at the first look
            left = np.flatnonzero(self._ids[slot] != waiting)
            waiting, slot = waiting[left], (slot[left] + 1) & self._mask

    def find(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Return the position of each key, -1 where it is not known; shape of ``keys``."""
        slot = self._first(keys)
        there = self._slots[slot]
        found = self._ids[slot]
        other = np.flatnonzero(there != keys)
        found[other] = -1
        other = other[there[other] != _FREE]
        slot = slot[other]
        while len(other):
            slot = (slot + 1) & self._mask
            there = self._slots[slot]
            hit = there == keys[other]
            found[other[hit]] = self._ids[slot[hit]]
            left = ~hit & (there != _FREE)
            other, slot = other[left], slot[left]
        return found

    def _first(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the slot that each key has, if no other took it before."""
        return (keys >> np.uint64(1)).view(np.int64) & self._mask
