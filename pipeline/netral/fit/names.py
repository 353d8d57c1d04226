"""Proper names, found by their capital letters: they say which election a post is from, not whether it takes a side.

A gazetteer knows the candidates of its election. Around them stand hundreds of other names (nicknames, running mates,
cities, teams), and each tells a classifier which election and which camp wrote the post. They are recognised without
labels or lists: a word that is mostly written with a capital where no sentence starts is a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

#: A word is a name if at least this share of its uses within sentences has a capital (posts write many of theirs small) …
SHARE = 0.5
#: … and it was seen there at least this often.
USES = 5

_MOSTLY = 0.5  # a text with more capitalised words than this is a title: its capitals say nothing
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
# A word within a sentence: it follows a small letter (or a comma after one) and a space.
_WITHIN = re.compile(r"(?:(?<=[a-z] )|(?<=[a-z], ))[^\W\d_][\w'’-]*")


def words(text: str) -> list[str]:
    """Return the words within sentences of a prepared post, as written; none of a text that is a title."""
    every = _WORD.findall(text)
    return [] if sum(word[0].isupper() for word in every) > _MOSTLY * len(every) else _WITHIN.findall(text)


def uses(texts: Sequence[str], ids: dict[str, int], width: int) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Count the uses of known words within sentences, and those with a capital.

    Parameters
    ----------
    texts : sequence of str, length n
        Prepared posts (clean, targets replaced), with their capitals.
    ids : dict of str to int
        Column of each small-letter word.
    width : int

    Returns
    -------
    all uses, uses with a first capital alone : csr matrices of shape (n, width)
    """
    rows: list[int] = []
    columns: list[int] = []
    capital: list[bool] = []
    for row, text in enumerate(texts):
        for word in words(text):
            column = ids.get(word.lower())
            if column is not None:
                rows.append(row)
                columns.append(column)
                capital.append(word[0].isupper() and not word.isupper())  # KPU, TPS: an office is in every election

    def matrix(values: Iterable[bool]) -> sparse.csr_matrix:
        found = sparse.csr_matrix((np.fromiter(values, np.int32, len(rows)), (rows, columns)), shape=(len(texts), width))
        found.sum_duplicates()
        return found

    return matrix(True for _ in rows), matrix(capital)


def are_names(every: sparse.csr_matrix, capital: sparse.csr_matrix) -> NDArray[np.bool_]:
    """Say which columns are names, from the uses that :func:`uses` counts; shape (width,)."""
    total = np.asarray(every.sum(axis=0)).ravel()
    return (total >= USES) & (np.asarray(capital.sum(axis=0)).ravel() >= SHARE * total)
