"""Which posts have something that spans chunks, by the marks of chunks beside each other (:mod:`netral.text.chunks`)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netral.text.arrow import to_arrow, to_numpy
from netral.text.chunks import CHECK, CLOSES, COUNT, DASH, DIGITS, KINDS, NAME, NUMBER_DIGITS, PARTAI, SHAPE, WHOLE
from netral.text.shape import are_quoted

# A dateline ends within so many chunks of its line: it has a place of up to four words, a comma and an outlet of up to five.
_DATELINE = 16
_LINES = r"[\n\r]|\\[nr]|&[#aAN]"  # also written out, or as an entity: "&#10;", "&amp;#10;", "&NewLine;"


def places_to_read(marks: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return chunks whose post is to be read as a whole."""
    pair = marks[:-1] & (marks[1:] >> CLOSES) & (KINDS & ~DIGITS)
    return np.concatenate([np.flatnonzero(marks & WHOLE), np.flatnonzero(pair)])


def places_to_look_at(marks: NDArray[np.int32], ends: NDArray[np.int64], strings: pa.Array) -> NDArray[np.int64]:
    """Return chunks whose post may have something that spans chunks, and often has not."""
    return np.concatenate([_names_and_dashes(marks, ends, strings), _long_numbers(marks), _further_marks(marks, ends)])


def _names_and_dashes(marks: NDArray[np.int32], ends: NDArray[np.int64], strings: pa.Array) -> NDArray[np.int64]:
    """Return chunks that ask for a look by themselves, or stand beside a name: "partai" before one, a dash behind one."""
    look = np.flatnonzero(marks & (CHECK | DASH | PARTAI))
    post = np.searchsorted(ends, look)
    kind, name = marks[look], marks & NAME
    dash = (kind & DASH != 0) & (name[np.maximum(look - 1, 0)] != 0)
    far = np.flatnonzero(dash & (look - np.append(-1, ends)[post] > _DATELINE))  # there only a post of several lines has a dateline
    rows, which = np.unique(post[far], return_inverse=True)
    dash[far] = to_numpy(pc.match_substring_regex(strings.take(to_arrow(rows)), _LINES))[which]
    party = (kind & PARTAI != 0) & (name[np.minimum(look + 1, len(marks) - 1)] != 0)
    return look[(kind & CHECK != 0) | party | dash]


def _long_numbers(marks: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return chunks with numbers beside each other that have digits enough, eight chunks around, to be one number of a person."""
    digits = np.append(0, np.cumsum((marks >> COUNT) & NUMBER_DIGITS))
    numbers = np.flatnonzero(marks[:-1] & (marks[1:] >> CLOSES) & DIGITS)
    around = digits[np.minimum(numbers + 5, len(marks))] - digits[np.maximum(numbers - 3, 0)]
    return numbers[around >= NUMBER_DIGITS]


def _further_marks(marks: NDArray[np.int32], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return chunks with a quotation mark behind another such chunk of their post: between them something may be quoted."""
    quoted = np.flatnonzero(are_quoted(marks >> SHAPE))
    post = np.searchsorted(ends, quoted)
    return quoted[1:][post[1:] == post[:-1]]
