"""Find the chunks that are read all at once: words, numbers and emoji with marks around or between them, and links.

Most new chunks are of these kinds. What is said of them here is what :mod:`netral.text.chunks` says of each alone; the
tests hold one against the other. Patterns are for RE2, where ``\\d``, ``\\w`` and ``\\b`` know ASCII only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netral.text.arrow import to_arrow, to_numpy
from netral.text.chunks import BALLOT, CLOSES, COUNT, DIGITS, FINGERS, NAME, NUMBER_DIGITS, PLAIN, SHAPE
from netral.text.mask import ENDINGS
from netral.text.shape import GOES_ON, LONG_WORD, pack
from netral.text.targets import MAYBE_BALLOT

#: What may stand around a word without changing how it is read.
PUNCTUATION = ".,;:\"'()"

# Cleaning leaves these as they are: all ASCII but "#", "&", "<", "@" and the backslash; curly quotes; emoji, but circled digits.
_EMOJI = "\u2600-\u2775\u2794-\u27bf\U0001f300-\U0001f3fa\U0001f400-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001f9ff"
_CALM = rf"[!\"$%'-;=-?A-\[\]-~‘’“”•{_EMOJI}]*"
_MIXED = rf"^{_CALM}[A-Za-z0-9!?{_EMOJI}]{_CALM}$"
# It drops these, and writes out the last one.
_INVISIBLE, _ELLIPSIS = "[\u00ad\u200b-\u200f\u2060-\u2064\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]+", "…"
# But it may change what looks like a link, a long number or the mark of a page; and a dash may end a dateline.
_MORE = (
    rf"(?i)https?:|www\.|\.(?:{'|'.join(ENDINGS)})\b|\.[a-z]{{2,24}}/|\[gambas|--|-$"
    rf"|[0-9](?:[^0-9]?[0-9]){{5}}|[0-9]\W{{0,2}}xx|{MAYBE_BALLOT}"
)
_LINK = r"^https?://[!-%'-;=?A-\[\]-~]*$"
# What makes no item becomes spaces, two of them, so that both ends of a word have one of their own. A dash or an
# apostrophe joins what stands at both of its sides.
_SPACES = (
    (rf"[^a-z0-9'’!?{_EMOJI}-]+", "  "),
    (rf"([!?{_EMOJI}])", r"  \1  "),
    ("[-'’]{2,}", "  "),
    ("(?:^| )[-'’]|[-'’](?: |$)", " "),
)
_HAS_NUMBER = "(?i)[0-9]|xx"
_OPENS_NUMBER, _CLOSES_NUMBER = r"(?i)[0-9]\W*$|[0-9].*[)x]$|xx$", r"(?i)^(?:\W*[0-9]|xx)"


@dataclass(frozen=True)
class Plain:
    """Chunks of a batch that are read all at once.

    Attributes
    ----------
    place : int64 array of shape (n,)
        Positions in the batch.
    counts : int32 array of shape (n,)
        How many pieces each chunk has.
    pieces : Array of large_string, length sum of ``counts``
        What becomes an item each (:meth:`netral.text.words.Tokeniser.item`), in small letters, chunk after chunk.
    marks : int32 array of shape (n,)
        What :class:`netral.text.chunks.ChunkReader` says of the chunks, and :data:`netral.text.chunks.PLAIN`.
    """

    place: NDArray[np.int64]
    counts: NDArray[np.int32]
    pieces: pa.Array
    marks: NDArray[np.int32]


def find_plain(chunks: pa.Array, are_more: Callable[[pa.Array], NDArray[np.bool_]]) -> tuple[Plain, Plain, Plain]:
    """Find the chunks that are one word in plain letters, those that are several words, numbers or emoji, and links.

    Parameters
    ----------
    chunks : Array of large_string
        Without white space.
    are_more : callable
        Says of words in small letters whether they are more than that, so that their chunk is to be left out.
    """
    trimmed = pc.ascii_trim(chunks, characters=PUNCTUATION)
    one, link = to_numpy(pc.ascii_is_alpha(trimmed)), to_numpy(pc.match_substring_regex(chunks, _LINK))
    left = np.flatnonzero(~(one | link))
    return (
        _one(chunks, trimmed, np.flatnonzero(one), are_more),
        _mixed(chunks.take(to_arrow(left)), left, are_more),
        _links(np.flatnonzero(link)),
    )


def _one(chunks: pa.Array, trimmed: pa.Array, place: NDArray[np.int64], are_more: Callable[[pa.Array], NDArray[np.bool_]]) -> Plain:
    small = pc.ascii_lower(trimmed.take(to_arrow(place)))
    left = ~are_more(small)
    place, small = place[left], small.filter(to_arrow(left))
    whole, core = chunks.take(to_arrow(place)), trimmed.take(to_arrow(place))
    long = to_numpy(pc.binary_length(core)) >= LONG_WORD
    capital = long & to_numpy(pc.not_equal(pc.utf8_slice_codeunits(core, 0, 1), pc.utf8_slice_codeunits(small, 0, 1)))
    shouted = long & to_numpy(pc.equal(core, pc.ascii_upper(core)))
    shapes = pack(long, capital, shouted, to_numpy(pc.match_substring_regex(whole, GOES_ON)), to_numpy(pc.match_substring(whole, '"')))
    marks = np.where(to_numpy(pc.equal(whole, small)), PLAIN, NAME).astype(np.int32)
    return Plain(place, np.ones(len(place), np.int32), small, marks | shapes << SHAPE)


def _mixed(chunks: pa.Array, place: NDArray[np.int64], are_more: Callable[[pa.Array], NDArray[np.bool_]]) -> Plain:
    text = pc.replace_substring(pc.replace_substring_regex(chunks, _INVISIBLE, ""), _ELLIPSIS, "...")
    calm = to_numpy(pc.match_substring_regex(text, _MIXED)) & ~to_numpy(pc.match_substring_regex(text, _MORE))
    place, text, chunks = place[calm], text.filter(to_arrow(calm)), chunks.filter(to_arrow(calm))
    words, counts = _split(pc.replace_substring_regex(pc.ascii_lower(text), "[^a-z0-9]+", " "))
    less = np.bincount(np.repeat(np.arange(len(place)), counts), are_more(words), len(place)) == 0
    place, text, chunks = place[less], text.filter(to_arrow(less)), chunks.filter(to_arrow(less))
    spaced = pc.ascii_lower(text)
    for pattern, instead in _SPACES:
        spaced = pc.replace_substring_regex(spaced, pattern, instead)
    pieces, counts = _split(spaced)
    bare = to_numpy(pc.equal(chunks, pc.ascii_trim_whitespace(spaced)))
    marks = NAME | np.where(bare, PLAIN, 0).astype(np.int32) | _number_marks(text) | _shapes(text) << SHAPE
    return Plain(place, counts, pieces, marks)


def _links(place: NDArray[np.int64]) -> Plain:
    ones = np.ones(len(place), np.int32)
    return Plain(place, ones, pa.repeat(pa.scalar("<URL>", pa.large_string()), len(place)), NAME * ones)


def _split(texts: pa.Array) -> tuple[pa.Array, NDArray[np.int32]]:
    """Return what stands between spaces, and how many of it each text has (one that is empty, if there is nothing)."""
    pieces = pc.utf8_split_whitespace(pc.ascii_trim(texts, characters=" "))
    return pieces.values, np.diff(pieces.offsets.to_numpy()).astype(np.int32)


def _shapes(text: pa.Array) -> NDArray[np.int32]:
    letters = pc.replace_substring_regex(text, "[^A-Za-z]+", "  ")
    patterns = ("[A-Za-z]{4,}", "(?:^| )[A-Z][A-Za-z]{3,}", "(?:^| )[A-Z]{4,}(?: |$)")  # LONG_WORD letters or more
    long, capital, shouted = (to_numpy(pc.count_substring_regex(letters, pattern)) for pattern in patterns)
    return pack(long, capital, shouted, *(to_numpy(pc.match_substring_regex(text, pattern)) for pattern in (GOES_ON, '["“”]')))


def _number_marks(text: pa.Array) -> NDArray[np.int32]:
    marks = np.zeros(len(text), np.int32)
    place = np.flatnonzero(to_numpy(pc.match_substring_regex(text, _HAS_NUMBER)))
    some = text.take(to_arrow(place))
    opens = np.where(to_numpy(pc.match_substring_regex(some, _OPENS_NUMBER)), DIGITS | FINGERS, 0)
    closes = np.where(to_numpy(pc.match_substring_regex(some, _CLOSES_NUMBER)), DIGITS | BALLOT, 0)
    marks[place] = opens | closes << CLOSES | np.minimum(to_numpy(pc.count_substring_regex(some, "[0-9xX]")), NUMBER_DIGITS) << COUNT
    return marks
