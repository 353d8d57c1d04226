"""Log-odds of many posts at once, from the weights of an artifact.

The model is TF-IDF over up to four families of features and a logistic regression; each distinct item of a post counts
once. Each family is divided by the root of its summed squared idf over these, so that everything about an item alone
(its word, its stem, all its character n-grams) is one number for each set of contexts that a post can be in
(:mod:`netral.text.contexts`), computed when the item is first seen; only pairs of items (:mod:`netral.text.pairs`) are looked up per post.
The tests hold the result against the fitted scikit-learn pipeline to 1e-12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netral.model.weights import Floats, GramWeights, TermWeights, Weights, norm
from netral.text import contexts, pairs
from netral.text.arrow import to_arrow
from netral.text.contexts import SETS
from netral.text.encode import CANDIDATE_ID, Encoder
from netral.text.growing import Growing
from netral.text.hashing import CharGrams, first_of_each, pair_keys
from netral.text.many import Texts
from netral.text.stem import NoStemmer, Stemmer
from netral.text.stem_filter import StemFilter
from netral.text.words import are_pairable, are_words, is_word

_BATCH = 8192


@dataclass(frozen=True)
class LogOdds:
    """What :meth:`Scorer.score` finds, arrays of shape (n,)."""

    value: Floats
    items: NDArray[np.int32]
    known: NDArray[np.int32]


class Scorer:
    """Score posts with one set of weights and one set of targets.

    Parameters
    ----------
    encoder : Encoder
    stem : Stemmer or NoStemmer
    weights : Weights
    names : str
        ``drop``: names count as the placeholder of a candidate; ``keep``: as the words that they are.
    """

    def __init__(self, encoder: Encoder, stem: Stemmer | NoStemmer, weights: Weights, names: str = "drop") -> None:
        self.encoder = encoder
        self.anonymous = names == "drop"
        self.weights = weights
        self._stem = stem
        self._generation = encoder.generation
        self._items = ItemTable(weights, stem)

    def score(self, texts: Texts) -> LogOdds:
        """Return the log-odds of raw posts; many are taken in batches, so that memory stays bounded."""
        parts = [self._score(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)] or [self._score(texts)]
        return LogOdds(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("value", "items", "known")))

    def _score(self, texts: Texts) -> LogOdds:
        encoded = self.encoder.encode(texts)
        encoded = encoded.anonymous() if self.anonymous else encoded
        table = self.table()
        items, rows, n = encoded.items, encoded.rows, len(encoded.ends)
        once = first_of_each(rows, items)  # saying a word again and again is no more evidence than saying it
        seen, post = items[once], rows[once]
        value = np.full(n, self.weights.intercept)
        context = contexts.of_posts(table.contexts.values[seen], post, n)
        around = context[post]
        for family in table.families:
            total = np.bincount(post, family.parts(seen, around), n)
            square = np.bincount(post, family.squares.values[seen], n)
            if family.terms:
                place, _, pair = find_pairs(family.ids.values, family.terms, items, rows)
                row = rows[place]
                total += np.bincount(row, family.terms.pair_weight[pair, context[row]], n)
                square += np.bincount(row, family.terms.pair_square[pair], n)
            value += total / norm(square)
        counted = np.diff(encoded.ends, prepend=-1) - 1
        known = np.bincount(rows, table.known.values[items], n)
        return LogOdds(value, counted.astype(np.int32), known.astype(np.int32))

    def table(self) -> ItemTable:
        """The numbers of every item that the encoder has met, up to date."""
        passed = self.encoder.generation - self._generation
        if passed == 1:
            self._items.keep(self.encoder.kept)
        elif passed:
            self._items = ItemTable(self.weights, self._stem)
        self._generation = self.encoder.generation
        self._items.extend(self.encoder.strings(len(self._items.known)))
        return self._items


def find_pairs(
    ids: NDArray[np.int32], terms: TermWeights, items: NDArray[np.int32], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    """Find the known pairs in a sequence of items, each once per post.

    Returns
    -------
    first, second : int64 arrays of shape (m,)
        Positions of the two items of each pair.
    pair : int32 array of shape (m,)
        Number of the pair.
    """
    there = ids[items]
    first, second = pairs.find(there, rows, int(ids[CANDIDATE_ID]))
    pair = terms.pairs.find(pair_keys(there[first], there[second]))
    hit = np.flatnonzero(pair >= 0)
    first, second, pair = first[hit], second[hit], pair[hit]
    once = first_of_each(rows[first], pair)
    return first[once], second[once], pair[once]


@dataclass
class Column:
    """What one family makes of every item.

    Attributes
    ----------
    sums : float64 values, n_items x SETS of them
        The item's part of the family's sum in each set of contexts, item after item.
    squares : float64 values, n_items of them
        The item's part of the square.
    ids : int32 values, n_items of them
        The item's number in pairs; -1 for none.
    terms : TermWeights, optional
        Where pairs are found; None for a family without pairs.
    """

    terms: TermWeights | None
    sums: Growing[np.float64] = field(default_factory=lambda: Growing(np.empty(0)))
    squares: Growing[np.float64] = field(default_factory=lambda: Growing(np.empty(0)))
    ids: Growing[np.int32] = field(default_factory=lambda: Growing(np.empty(0, np.int32)))

    def parts(self, items: NDArray[np.integer], context: NDArray[np.int64] | int) -> Floats:
        """Return the parts of the family's sum that items have in posts of one set of contexts each, or all of the same."""
        return self.sums.values[items.astype(np.int64) * SETS + context]

    def extend(self, sums: Floats, squares: Floats, ids: NDArray[np.int32]) -> None:
        """Add items; ``sums`` has shape (n, SETS)."""
        self.sums.add(sums.ravel())
        self.squares.add(squares)
        self.ids.add(ids)

    def keep(self, kept: NDArray[np.integer]) -> None:
        """Forget all items but these."""
        self.sums = Growing(self.sums.values.reshape(-1, SETS)[kept].ravel())
        self.squares, self.ids = Growing(self.squares.values[kept]), Growing(self.ids.values[kept])


class ItemTable:
    """Per item: what each family makes of it (:class:`Column`), whether any knows it, and the contexts that it puts its post in."""

    def __init__(self, weights: Weights, stem: Stemmer | NoStemmer) -> None:
        self._stem = stem
        self._weights = weights
        self._words, self._stems, self._space = map(_column, (weights.words, weights.stems, weights.space))
        self._chars = Column(None) if weights.chars else None
        self.known, self.contexts = Growing(np.empty(0)), Growing(np.empty(0, np.int64))

    @property
    def families(self) -> list[Column]:
        """The families that the model has, in a fixed order (the order of summation)."""
        return [column for column in (self._words, self._stems, self._chars, self._space) if column]

    def keep(self, kept: NDArray[np.integer]) -> None:
        """Forget all items but these; they are numbered anew in this order."""
        self.known, self.contexts = Growing(self.known.values[kept]), Growing(self.contexts.values[kept])
        for column in self.families:
            column.keep(kept)

    def extend(self, items: pa.Array) -> None:
        """Compute the numbers of new items (large strings)."""
        if not len(items):
            return
        known = np.zeros(len(items), bool)
        pairable = are_pairable(items)
        weights = self._weights
        for column, terms, ids_of in (
            (self._words, weights.words, _ids),
            (self._stems, weights.stems, self._stem_ids),
            (self._space, weights.space, _ids),
        ):
            if column and terms:
                ids = ids_of(terms, items)
                there = ids >= 0
                sums, squares = np.where(there[:, None], terms.weight[ids], 0.0), np.where(there, terms.square[ids], 0.0)
                known |= squares > 0  # 0: it counts in pairs alone
                column.extend(sums, squares, np.where(pairable, ids, np.int32(-1)))
        if self._chars and weights.chars:
            self._chars.extend(*_grams(weights.chars, items.to_pylist()), np.full(len(items), -1, np.int32))
        self.known.add(known.astype(np.float64))
        self.contexts.add(contexts.of_items(items))

    @cached_property
    def _filter(self) -> StemFilter:
        return StemFilter(frozenset(self._weights.stems.names.strings if self._weights.stems else ()), self._stem.is_root)

    def _stem_ids(self, terms: TermWeights, items: pa.Array) -> NDArray[np.int32]:
        """Return the ids of the items' stems; one that the model cannot know has none, as most new words."""
        ids = terms.names.find(items)
        place = np.flatnonzero(are_words(items))
        words = items.take(to_arrow(place))
        given = [*map(self._stem.known.get, words.to_pylist())]
        left = np.array([stem is None for stem in given], bool)
        ids[place[~left]] = terms.names.find(pa.array([stem for stem in given if stem is not None], pa.large_string()))
        place, words = place[left], words.filter(to_arrow(left))
        maybe = np.array(self._filter.which(words), np.int64)
        ids[place[maybe]] = terms.names.find(pa.array(map(self._stem, words.take(to_arrow(maybe)).to_pylist()), pa.large_string()))
        return ids


def _column(terms: TermWeights | None) -> Column | None:
    """Return an empty column; it looks for pairs only where the family has some."""
    return Column(terms if len(terms.pair_weight) else None) if terms else None


def _ids(terms: TermWeights, items: pa.Array) -> NDArray[np.int32]:
    return terms.names.find(items)


def _grams(chars: GramWeights, items: Sequence[str]) -> tuple[Floats, Floats]:
    words = [(place, item) for place, item in enumerate(items) if is_word(item)]
    grams = CharGrams([item for _, item in words], chars.low, chars.high)
    found = chars.table.find(grams.keys)
    owner = np.array([place for place, _ in words], np.int64)[grams.owner] if words else np.empty(0, np.int64)
    *sums, squares = (np.bincount(owner, values[found], len(items)).astype(np.float64) for values in (*chars.weight.T, chars.square))
    return np.column_stack(sums), squares
