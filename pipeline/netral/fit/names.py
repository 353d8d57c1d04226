"""Proper names, found by their capital letters: they say which election a post is from, not whether it takes a side.

A gazetteer knows the candidates of its election. Around them stand hundreds of other names (nicknames, running mates,
cities, teams), and each tells a classifier which election and which camp wrote the post. They are recognised without
labels or lists: a word that is mostly written with a capital where no sentence starts is a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from netral.text.mask import PLACEHOLDERS

#: Handles, links and numbers of persons: whom a post addresses and where it links is no more evidence than a name.
MASKED = frozenset(f"<{name}>" for name in PLACEHOLDERS)

#: A word is a name if at least this share of its uses within sentences has a capital (posts write many of theirs small) …
SHARE = 0.5
#: … and it was seen there at least this often.
USES = 5

_MOSTLY = 0.5  # a text with more capitalised words than this is a title: its capitals say nothing
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
# A word within a sentence: it follows a small letter (or a comma after one) and a space.
_WITHIN = re.compile(r"(?:(?<=[a-z] )|(?<=[a-z], ))[^\W\d_][\w'’-]*")
_FIRST = itemgetter(0)


def words(text: str) -> list[str]:
    """Return the words within sentences of a prepared post, as written; none of a text that is a title."""
    every = _WORD.findall(text)
    return [] if sum(map(str.isupper, map(_FIRST, every))) > _MOSTLY * len(every) else _WITHIN.findall(text)


def count(texts: Sequence[str]) -> tuple[list[str], sparse.csr_matrix, sparse.csr_matrix]:
    """Count the uses of every word within sentences, and those with a capital.

    Parameters
    ----------
    texts : sequence of str, length n
        Prepared posts (clean, targets replaced), with their capitals.

    Returns
    -------
    small-letter words, all uses, uses with a first capital alone : list of str, csr matrices of shape (n, len(words))
    """
    found = [words(text) for text in texts]
    every = [*chain.from_iterable(found)]
    number: dict[str, int] = {}
    columns = np.fromiter([number.setdefault(word, len(number)) for word in map(str.lower, every)], np.int32, len(every))
    # KPU, TPS: an office is in every election.
    capital = np.fromiter([word[0].isupper() and not word.isupper() for word in every], bool, len(every))
    ends = np.cumsum([0, *map(len, found)])

    def matrix(keep: NDArray[np.bool_]) -> sparse.csr_matrix:
        starts = np.append(0, np.cumsum(keep))[ends]
        found = sparse.csr_matrix((np.ones(int(keep.sum()), np.int32), columns[keep], starts), shape=(len(texts), len(number)))
        found.sum_duplicates()
        return found

    return list(number), matrix(np.ones(len(every), bool)), matrix(capital)


def move(counts: sparse.csr_matrix, found: Sequence[str], ids: dict[str, int], width: int) -> sparse.csr_matrix:
    """Move the columns of a matrix of counts to where each word has its id; words without one go.

    Parameters
    ----------
    counts : csr_matrix of shape (n, len(found))
    found : sequence of str
        The word of each column.
    ids : dict of str to int
    width : int
        Columns of the result.
    """
    to = np.fromiter((ids.get(word, -1) for word in found), np.int32, len(found))
    rows = np.flatnonzero(to >= 0)
    return counts @ sparse.csr_matrix((np.ones(len(rows), np.int32), (rows, to[rows])), shape=(len(found), width))


def are_names(every: sparse.csr_matrix, capital: sparse.csr_matrix, share: float = SHARE) -> NDArray[np.bool_]:
    """Say which columns are names, from the uses that :func:`count` finds; shape (width,)."""
    total = np.asarray(every.sum(axis=0)).ravel()
    return (total >= USES) & (np.asarray(capital.sum(axis=0)).ravel() >= share * total)
