"""What each word of many posts adds to their log-odds, in arrays.

The parts are exact: with the intercept those of a post sum to the classifier's log-odds (calibration apart). A stem, a character
n-gram or half a bigram counts toward the word that it came from; a word that stands several times counts once, where it
stands first. A name is one word, however many it has. A post's parts are the same whatever stands beside it: every sum runs over
the items of one post, in their order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netral.model.scorer import ItemTable, Scorer, find_pairs
from netral.model.weights import norm
from netral.text import contexts
from netral.text.encode import BOUNDARY, CANDIDATE_ID, FIRST_LOOK, FIRST_WORD
from netral.text.growing import distinct
from netral.text.hashing import first_of_each
from netral.text.pairs import without_names

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Parts:
    """The parts of posts, arrays of shape (n,): post after post, of each first what it looks like, then its words as they stand.

    Attributes
    ----------
    row : int64 array
        The post.
    weight : float64 array
        What it adds to the log-odds.
    item : int32 array
        The look, :data:`CANDIDATE_ID` for a name, else :data:`BOUNDARY`.
    first, last : int64 arrays
        The chunks of the prepared post that a word is made of, from 0 in each post; for a look all of them.
    """

    row: Places
    weight: NDArray[np.float64]
    item: NDArray[np.int32]
    first: Places
    last: Places

    def heaviest(self, limit: int) -> Places:
        """Return the places of each post's heaviest parts, these first; what adds nothing is none."""
        some = np.flatnonzero(self.weight)
        row = self.row[some]
        order = np.lexsort((-np.abs(self.weight[some]), row))  # of equals the first, as it is stable
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        return some[order][rank < limit]


def read_parts(scorer: Scorer, prepared: pa.Array) -> Parts:
    """Read prepared posts as scoring does, and say what each of their words adds."""
    encoded, chunk = scorer.encoder.encode_with_chunks(prepared)
    items, rows, ends = encoded.items, encoded.rows, chunk[encoded.ends]
    begins = np.append(0, ends + 1)[:-1]
    n_chunks = int(ends[-1]) + 1 if len(ends) else 0
    item, joined = np.full(n_chunks, BOUNDARY, np.int32), np.zeros(n_chunks, bool)
    if scorer.anonymous:
        items, kept = without_names(items, encoded.named, CANDIDATE_ID)
        first, last = (chunk[places] for places in _names(encoded.named, kept))
        item[first], joined = CANDIDATE_ID, _joined(first, last, n_chunks)
        items, rows, chunk = items[kept], rows[kept], chunk[kept]
    weights = _weights(scorer.table(), items, rows, len(ends))
    look = np.flatnonzero((items >= FIRST_LOOK) & (items < FIRST_WORD))
    post = rows[look]
    looks = (post, weights[look], items[look], np.zeros_like(post), (ends - begins)[post] - 1)
    heads = np.flatnonzero(~joined)  # a word begins with each; so does what ends a post, which is none
    sums = np.bincount(np.cumsum(~joined)[chunk] - 1, weights, len(heads))
    post, after = np.searchsorted(ends, heads), np.append(heads, n_chunks)[1:]
    is_word = heads < ends[post]
    words = (each[is_word] for each in (post, sums, item[heads], heads - begins[post], after - 1 - begins[post]))
    both = [np.concatenate(pair) for pair in zip(looks, words, strict=True)]
    order = np.argsort(both[0], kind="stable")
    return Parts(*(each[order] for each in both))


def _names(named: NDArray[np.bool_], kept: NDArray[np.bool_]) -> tuple[Places, Places]:
    """Return the first and the last item of each name: one that is kept, and those behind it that are not."""
    number = np.cumsum(kept)
    ones = distinct(number[named])
    return np.searchsorted(number, ones), np.searchsorted(number, ones, "right") - 1


def _joined(first: Places, last: Places, n: int) -> NDArray[np.bool_]:
    """Say which of ``n`` chunks go on with the name in the chunk before; names begin and end with ``first`` and ``last``."""
    steps = np.bincount(first + 1, minlength=n + 1) - np.bincount(last + 1, minlength=n + 1)
    return np.cumsum(steps)[:n] > 0


def _weights(table: ItemTable, items: NDArray[np.int32], rows: Places, n: int) -> NDArray[np.float64]:
    """Return what each item of ``n`` posts adds to its log-odds; half of a pair goes to either of its items."""
    weights = np.zeros(len(items))
    once = first_of_each(rows, items)
    seen, post = items[once], rows[once]
    context = contexts.of_posts(table.contexts.values[seen], post, n)
    for family in table.families:
        part, square = np.zeros(len(items)), np.bincount(post, family.squares.values[seen], n)
        part[once] = family.parts(seen, context[post])
        if family.terms:
            first, second, pair = find_pairs(family.ids.values, family.terms, items, rows)
            row = rows[first]
            half = family.terms.pair_weight[pair, context[row]] / 2
            part += np.bincount(first, half, len(items)) + np.bincount(second, half, len(items))
            square += np.bincount(row, family.terms.pair_square[pair], n)
        weights += part / norm(square)[rows]
    return weights
