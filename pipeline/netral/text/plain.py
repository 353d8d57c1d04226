"""Find the chunks that are words in plain letters, with marks around or between them: most new ones, all at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netral.text.arrow import arrow
from netral.text.shape import LONG, pack

#: What may stand around a word without changing how it is read.
PUNCTUATION = ".,;:\"'()"

# An apostrophe would join the letters beside it to one word.
_SEVERAL = r'^[A-Za-z.,;:"()!?]*[A-Za-z][A-Za-z.,;:"()!?]*$'
# Other marks make no item, and "!" or "?" make one, however often they are repeated.
_MARKS = ((r"[^a-z!?]+", " "), (r"!(?: ?!)*", " ! "), (r"\?(?: ?\?)*", " ? "))


@dataclass(frozen=True)
class Plain:
    """Chunks of a batch that are plain words.

    Attributes
    ----------
    place : int64 array of shape (n,)
        Positions in the batch.
    counts : int32 array of shape (n,)
        How many words each chunk has; "!" and "?" count as words.
    words : Array of large_string, length sum of ``counts``
        The words in small letters, chunk after chunk.
    shapes : int32 array of shape (n,)
        What :func:`netral.text.shape.shape` says of the chunks.
    bare : bool array of shape (n,)
        Whether the chunk is one word in small letters with nothing around it.
    """

    place: NDArray[np.int64]
    counts: NDArray[np.int32]
    words: pa.Array
    shapes: NDArray[np.int32]
    bare: NDArray[np.bool_]

    def without(self, words: NDArray[np.bool_]) -> Plain:
        """Leave out the chunks that hold any of ``words``, a bool for each word."""
        if not words.any():
            return self
        chunk = np.repeat(np.arange(len(self.place)), self.counts)
        left = np.bincount(chunk, words, len(self.place)) == 0
        return Plain(self.place[left], self.counts[left], self.words.filter(arrow(left[chunk])), self.shapes[left], self.bare[left])


def find_plain(chunks: pa.Array) -> tuple[Plain, Plain]:
    """Find the chunks that are one plain word, and those that are several or have "!" or "?" beside them.

    Parameters
    ----------
    chunks : Array of large_string
        Without white space.
    """
    trimmed = pc.ascii_trim(chunks, characters=PUNCTUATION)
    one = _flags(pc.ascii_is_alpha(trimmed))
    several = _flags(pc.match_substring_regex(chunks, _SEVERAL)) & ~one
    return _one(chunks, trimmed, np.flatnonzero(one)), _several(chunks, np.flatnonzero(several))


def _one(chunks: pa.Array, trimmed: pa.Array, place: NDArray[np.int64]) -> Plain:
    whole, core = chunks.take(arrow(place)), trimmed.take(arrow(place))
    small = pc.ascii_lower(core)
    long = _numbers(pc.binary_length(core)) >= LONG
    capital = long & _flags(pc.not_equal(pc.utf8_slice_codeunits(core, 0, 1), pc.utf8_slice_codeunits(small, 0, 1)))
    shouted = long & _flags(pc.equal(core, pc.ascii_upper(core)))
    shapes = pack(long, capital, shouted, _quoted(whole))
    return Plain(place, np.ones(len(place), np.int32), small, shapes, _flags(pc.equal(whole, small)))


def _several(chunks: pa.Array, place: NDArray[np.int64]) -> Plain:
    whole = chunks.take(arrow(place))
    text = pc.ascii_lower(whole)
    for pattern, instead in _MARKS:
        text = pc.replace_substring_regex(text, pattern, instead)
    words = pc.utf8_split_whitespace(pc.ascii_trim(text, characters=" "))
    long, capital, shouted = (
        _numbers(pc.count_substring_regex(whole, pattern)) for pattern in (r"[A-Za-z]{4,}", r"\b[A-Z][A-Za-z]{3,}", r"\b[A-Z]{4,}\b")
    )
    counts = np.diff(words.offsets.to_numpy()).astype(np.int32)
    return Plain(place, counts, words.values, pack(long, capital, shouted, _quoted(whole)), np.zeros(len(place), bool))


def _quoted(chunks: pa.Array) -> NDArray[np.bool_]:
    return _flags(pc.match_substring(chunks, '"'))


def _flags(values: pa.Array) -> NDArray[np.bool_]:
    return values.to_numpy(zero_copy_only=False)


def _numbers(values: pa.Array) -> NDArray[np.int64]:
    return values.to_numpy()
