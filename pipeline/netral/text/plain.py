"""Find the chunks that are one word in plain letters, perhaps with capitals or marks around it: most new ones, all at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netral.text.shape import word_shapes

#: What may stand around a word without changing how it is read.
PUNCTUATION = ".,;:\"'()"


@dataclass(frozen=True)
class Plain:
    """Chunks of a batch that are one word.

    Attributes
    ----------
    place : int64 array of shape (n,)
        Positions in the batch.
    words : Array of string, length n
        The words in small letters.
    shapes : int32 array of shape (n,)
        What :func:`netral.text.shape.shape` says of the chunks.
    bare : bool array of shape (n,)
        Whether nothing stands around the word and no letter is a capital.
    """

    place: NDArray[np.int64]
    words: pa.Array
    shapes: NDArray[np.int32]
    bare: NDArray[np.bool_]

    def only(self, which: NDArray[np.bool_]) -> Plain:
        """Leave out the others."""
        if which.all():
            return self
        return Plain(self.place[which], self.words.filter(pa.array(which)), self.shapes[which], self.bare[which])


def find_plain(chunks: pa.Array) -> Plain:
    """Find the plain words among ``chunks`` (strings)."""
    trimmed = pc.ascii_trim(chunks, characters=PUNCTUATION)
    place = np.flatnonzero(_flags(pc.ascii_is_alpha(trimmed)))
    whole, core = chunks.take(place), trimmed.take(place)
    small = pc.ascii_lower(core)
    capital = _flags(pc.not_equal(pc.utf8_slice_codeunits(core, 0, 1), pc.utf8_slice_codeunits(small, 0, 1)))
    shouted = _flags(pc.equal(core, pc.ascii_upper(core)))
    quoted = _flags(pc.match_substring(whole, '"'))
    shapes = word_shapes(pc.binary_length(core).to_numpy(), capital, shouted, quoted)
    return Plain(place, small, shapes, _flags(pc.equal(whole, small)))


def _flags(values: pa.Array) -> NDArray[np.bool_]:
    return values.to_numpy(zero_copy_only=False)
