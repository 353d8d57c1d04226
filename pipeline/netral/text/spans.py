"""Strings as places in one run of bytes: cut at white space, given keys, compared, and made into strings where they are new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netral.text.growing import is_any, runs
from netral.text.hashing import P, mix

_INVERSE = np.uint64(pow(int(P), -1, 1 << 64))
_WIDE = 8  # bytes that are taken at once
_LOW = np.array([(1 << 8 * n) - 1 for n in range(_WIDE + 1)], np.uint64)  # the first n bytes of a number of eight
_LONG = 256  # longer strings are rare; each is hashed on its own

# White space of one byte: the blank, and what is so far above these. Of two or three bytes: they begin with one of these.
_BLANK, _TAB_TO_RETURN, _SEPARATORS = 0x20, (0x09, 4), (0x1C, 3)
_WIDE_BEGINS = (0xC2, 0xE1, 0xE2, 0xE3)
_WIDE_SPACES = {
    size: [int.from_bytes(space.encode(), "little") for space in spaces]
    for size, spaces in (
        (2, "\x85\xa0"),
        (3, "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"),
    )
}


@dataclass(frozen=True)
class Spans:
    """Strings in UTF-8.

    Attributes
    ----------
    text : uint8 array
        The bytes that the strings are in, and eight more.
    start, size : int64 arrays of shape (n,)
        Where each string begins, and how many bytes it has.
    """

    text: NDArray[np.uint8]
    start: NDArray[np.int64]
    size: NDArray[np.int64]

    @classmethod
    def of(cls, strings: pa.Array) -> Spans:
        """Return the strings of an Array of string or large_string without nulls."""
        _, places, content = strings.buffers()
        offsets = np.frombuffer(places, np.int64 if pa.types.is_large_string(strings.type) else np.int32)
        ends: NDArray[np.int64] = offsets[strings.offset : strings.offset + len(strings) + 1].astype(np.int64)
        text = np.frombuffer(content or b"", np.uint8)[ends[0] : ends[-1]]
        return cls.packed(text, ends - ends[0])

    @classmethod
    def packed(cls, text: NDArray[np.uint8], ends: NDArray[np.integer]) -> Spans:
        """Return strings that stand one after the other, of which each ends where the next begins (``ends`` begins with 0)."""
        wide = ends.astype(np.int64)
        return cls(np.append(text, np.zeros(_WIDE, np.uint8)), wide[:-1], np.diff(wide))

    @property
    def wide(self) -> NDArray[np.uint64]:
        """The eight bytes from each byte of the text on."""
        return np.ndarray((len(self.text) - _WIDE + 1,), "<u8", self.text.data, strides=(1,))

    def strings(self, which: NDArray[np.int64]) -> pa.Array:
        """Return some of the strings."""
        size = self.size[which]
        offsets = np.append(0, np.cumsum(size))
        content = self.text[runs(self.start[which], size)]
        return pa.LargeStringArray.from_buffers(len(which), pa.py_buffer(offsets), pa.py_buffer(content))

    def split(self) -> tuple[Spans, NDArray[np.int64]]:
        """Cut strings, all those of a text, at white space as ``str.split`` does; return the pieces, and how many each string has."""
        inside = self.text != _BLANK
        for first, more in (_TAB_TO_RETURN, _SEPARATORS):
            inside &= self.text - np.uint8(first) > more
        inside[len(self.text) - _WIDE :] = False
        maybe = np.flatnonzero(is_any(self.text, _WIDE_BEGINS))
        for size, spaces in _WIDE_SPACES.items():
            space = maybe[is_any(self.wide[maybe] & _LOW[size], spaces)]
            for place in range(size):
                inside[space + place] = False
        begins, ends = inside.copy(), inside.copy()
        begins[1:] &= ~inside[:-1]
        ends[:-1] &= ~inside[1:]
        begins[self.start] = inside[self.start]
        ends[self.start - 1] = inside[self.start - 1]  # what is before the first one is behind the last, and nothing
        start = np.flatnonzero(begins)
        counts = np.diff(np.append(np.searchsorted(start, self.start), len(start)))
        return Spans(self.text, start, np.flatnonzero(ends) + 1 - start), counts

    def keys(self, salt: int) -> NDArray[np.uint64]:
        """Give each string a key; odd numbers.

        Parameters
        ----------
        salt : int
            64 bits. With a secret one, nobody can write strings that share a key.
        """
        start, size, wide = self.start, self.size, self.wide
        keys = mix((wide[start] & _LOW[np.minimum(size, _WIDE)]) ^ (size.astype(np.uint64) * P) ^ np.uint64(salt))
        left = np.flatnonzero((size > _WIDE) & (size <= _LONG))
        for at in range(_WIDE, _LONG, _WIDE):
            if not len(left):
                break
            keys[left] = mix((keys[left] * P) ^ (wide[start[left] + at] & _LOW[np.minimum(size[left] - at, _WIDE)]))
            left = left[size[left] > at + _WIDE]
        for i in np.flatnonzero(size > _LONG).tolist():
            string, secret = self.text[start[i] : start[i] + size[i]].tobytes(), salt.to_bytes(_WIDE, "little")
            keys[i] = np.uint64(int.from_bytes(blake2b(string, digest_size=_WIDE, key=secret).digest(), "little") | 1)
        return keys


class Pieces:
    """Words whose pieces are compared all at once. A piece is named by the number of its word and places counted from its beginning.

    Parameters
    ----------
    words : Array of large_string, length n

    Attributes
    ----------
    sizes : int64 array of shape (n,)
        Bytes of each word.
    """

    def __init__(self, words: pa.Array) -> None:
        spans = Spans.of(words)
        text, self._wide, self._starts, self.sizes = spans.text, spans.wide, spans.start, spans.size
        # A polynomial in P over all bytes up to each; the inverse of the power takes what stands before a piece out again.
        powers = np.cumprod(np.full(len(text), P))
        self._sums = np.append(np.uint64(0), np.cumsum(text * powers))
        self._inverse = np.cumprod(np.full(len(text), _INVERSE))

    def have(self, word: NDArray[np.int64], at: NDArray[np.int64], strings: Sequence[str]) -> NDArray[np.bool_]:
        """Say which words have one of ``strings`` at these places; all are of one length, eight bytes at most."""
        size = len(strings[0])
        inside = (at >= 0) & (at + size <= self.sizes[word])
        there = self._wide[self._starts[word] + np.where(inside, at, 0)] & _LOW[size]
        return inside & is_any(there, [int.from_bytes(string.encode(), "little") for string in strings])

    def keys(self, word: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Return the keys of pieces; the same bytes have the same key, but so may others that somebody chose to."""
        first = self._starts[word] + start
        sums = (self._sums[self._starts[word] + end] - self._sums[first]) * self._inverse[first]
        return mix(sums + (end - start).astype(np.uint64))
