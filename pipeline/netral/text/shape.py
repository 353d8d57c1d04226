"""What a post looks like as a whole: a title, or one with words in quotation marks; and where in it a name may stand.

Headlines and quoted speech are mostly somebody else's words, and the letters alone do not show it: a headline about a
campaign is full of campaign words. Each chunk tells how many of its longer words begin with a capital and whether it
has a quotation mark; a post is the sum of its chunks, so that a chunk is looked at once, wherever it stands.
A chunk whose words have capitals, behind one after which a sentence goes on, is written like a name.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from netral.text.quotes import MARKS

#: The item of a post whose longer words mostly begin with a capital; no text holds its sign.
TITLE = "¶judul"
#: The item of a post with a quotation mark.
QUOTE = "¶kutipan"

#: Letters of the words that count: titles write small words ("di", "dan") small, and some longer ones ("untuk", "dalam").
LONG_WORD = 4
_WORD = re.compile(rf"[^\W\d_]{{{LONG_WORD},}}")
_FEWEST, _SHARE = 3, 0.7  # longer words of a title at least, and the share of them that has a capital
_SHOUTED = 0.5  # where this share is written in capitals alone, capitals say nothing
_TAG = re.compile(r"#\S+")  # its capitals part its words
_NAME = re.compile("<(?:CALON|PARTAI)>")
_PLACEHOLDER = re.compile("<[A-Z]+>")
_QUOTES = frozenset(MARKS)
_AROUND = '.,;:!?()"“”'

#: Bits of a chunk's shape: three counts of three bits, whether a sentence goes on behind it, and whether there is a quotation mark.
BITS = 11
_COUNT, _MOST = 3, 7
_GOES_ON, _QUOTED = 3 * _COUNT, BITS - 1
#: A chunk behind which a sentence goes on: it ends in a small letter, or is a form of address with a dot; a pattern that RE2 knows as well.
GOES_ON = r"[a-z],?$|^(?:[Dd]rs?|Hj?|KH|Ir|[Pp]rof)\.$"
_ENDS = re.compile(GOES_ON)
_FIELD = 21  # bits of each count in a post's sum


def shape(chunk: str) -> int:
    """Return the shape of one clean chunk, its targets replaced: a number of :data:`BITS` bits."""
    core = chunk.strip(_AROUND)
    quoted = len(core) < len(chunk) and not _QUOTES.isdisjoint(chunk)
    goes_on = (_ENDS.search(chunk) is not None) << _GOES_ON
    if core.isalpha():  # as most chunks are
        return (len(core) >= LONG_WORD and 1 | core[0].isupper() << _COUNT | core.isupper() << 2 * _COUNT) | goes_on | quoted << _QUOTED
    quoted = quoted or not _QUOTES.isdisjoint(core)
    text = _TAG.sub(" ", chunk) if "#" in chunk else chunk
    names = len(_NAME.findall(text)) if "<" in text else 0
    words = _WORD.findall(_PLACEHOLDER.sub(" ", text) if "<" in text else text)
    capitals = shouts = 0
    if not text.islower():
        for word in words:
            capitals += word[0].isupper()
            shouts += word.isupper()
    counts = min(len(words) + names, _MOST) | min(capitals + names, _MOST) << _COUNT | min(shouts, _MOST) << 2 * _COUNT
    return counts | goes_on | quoted << _QUOTED


def pack(words: NDArray, capitals: NDArray, shouts: NDArray, goes_on: NDArray[np.bool_], quoted: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the shapes of chunks.

    Parameters
    ----------
    words, capitals, shouts : int arrays of shape (n,)
        How many words of :data:`LONG_WORD` letters each has, with a capital, and all in capitals.
    goes_on, quoted : bool arrays of shape (n,)
        Whether it ends as :data:`GOES_ON` says, and whether it has a quotation mark.
    """
    words, capitals, shouts = (np.minimum(count, _MOST).astype(np.int32) for count in (words, capitals, shouts))
    bits = goes_on.astype(np.int32) << _GOES_ON | quoted.astype(np.int32) << _QUOTED
    return words | capitals << _COUNT | shouts << 2 * _COUNT | bits


def long_words(shapes: NDArray[np.integer]) -> NDArray[np.integer]:
    """Return how many words of :data:`LONG_WORD` letters chunks have, from their shapes."""
    return shapes & _MOST


def are_quoted(shapes: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Say which chunks have a quotation mark, from their shapes."""
    return shapes >> _QUOTED != 0


def like_names(shapes: NDArray[np.integer], passed_over: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the places of chunks that stand within a sentence and whose longer words, one at least, all have a capital.

    Parameters
    ----------
    shapes : int array of shape (n_chunks,)
    passed_over : bool array of shape (n_chunks,)
        Chunks of which nothing is left: those around them stand beside each other.
    """
    before = shapes
    if passed_over.any():
        before = shapes[np.maximum.accumulate(np.where(passed_over, 0, np.arange(len(shapes))))]
    return np.flatnonzero(_CAPITALISED[shapes[1:]] & (before[:-1] >> _GOES_ON & 1 != 0)) + 1


def _spread(code: int) -> int:
    return sum((code >> _COUNT * place & _MOST) << _FIELD * place for place in range(3))


def _is_capitalised(code: int) -> bool:
    words, capitals, shouts = (code >> _COUNT * place & _MOST for place in range(3))
    return 0 < words == capitals and not shouts and not code >> _QUOTED


_SPREAD = np.array([_spread(code) for code in range(1 << BITS)], np.int64)
_CAPITALISED = np.array([_is_capitalised(code) for code in range(1 << BITS)])


def kinds(shapes: NDArray[np.integer], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Say what each post looks like.

    Parameters
    ----------
    shapes : int array of shape (n_chunks,)
        Shape of each chunk, post after post.
    ends : int array of shape (n_posts,)
        Position of each post's last chunk; at least one post.

    Returns
    -------
    int64 array of shape (n_posts,)
        1 for a title, 2 for a post with a quotation mark, 3 for both, 0 for neither.
    """
    total = np.add.reduceat(_SPREAD[shapes], np.append(0, ends[:-1] + 1))
    words, capitals, shouts = (total >> _FIELD * place & (1 << _FIELD) - 1 for place in range(3))
    title = (words >= _FEWEST) & (capitals >= _SHARE * words) & (shouts < _SHOUTED * words)
    found = title.astype(np.int64)
    found[np.searchsorted(ends, np.flatnonzero(are_quoted(shapes)))] |= 2
    return found
