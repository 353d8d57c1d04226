"""Log-odds of many posts at once, from the weights of an artifact.

The model is TF-IDF over up to three families of features and a logistic regression; each distinct item of a post counts
once. Each family is divided by the root of its summed squared idf over these, so that everything about an item alone
(its word, its stem, all its character n-grams) is one number, computed when the item is first seen; only pairs of
neighbours are looked up per post.
The tests hold the result against the fitted scikit-learn pipeline to 1e-12.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netral.model.artifact import unpack
from netral.text.encode import Encoder
from netral.text.hashing import CharGrams, KeyTable, first_of_each, pair_keys
from netral.text.stem import NoStemmer, StemFilter, Stemmer
from netral.text.words import is_pairable, is_word

Floats = NDArray[np.float64]
_BATCH = 8192


@dataclass(frozen=True)
class TermWeights:
    """Items (or stems) and pairs of them: weight = idf x coefficient, square = idf²; pairs shape (m, 2)."""

    index: dict[str, int]
    weight: Floats
    square: Floats
    pairs: KeyTable
    pair_weight: Floats
    pair_square: Floats


@dataclass(frozen=True)
class GramWeights:
    """Character n-grams by key."""

    low: int
    high: int
    table: KeyTable
    weight: Floats
    square: Floats


@dataclass(frozen=True)
class Weights:
    """All that the log-odds need; a family that the model has not is None."""

    intercept: float
    words: TermWeights | None
    stems: TermWeights | None
    chars: GramWeights | None


def weights_from_arrays(arrays: Mapping[str, NDArray], intercept: float, char_ngrams: Sequence[int]) -> Weights:
    """Build the look-up tables from the arrays of an artifact."""

    def terms(family: str) -> TermWeights | None:
        if f"{family}.weight" not in arrays:
            return None
        names = unpack(arrays[f"{family}.terms"], arrays[f"{family}.offsets"])
        pairs = arrays[f"{family}.pairs"]
        return TermWeights(
            {name: i for i, name in enumerate(names)},
            arrays[f"{family}.weight"],
            arrays[f"{family}.square"],
            KeyTable(pair_keys(pairs[:, 0], pairs[:, 1])),
            np.append(arrays[f"{family}.pair_weight"], 0.0),  # the last one answers for unknown pairs (-1)
            np.append(arrays[f"{family}.pair_square"], 0.0),
        )

    chars = None
    if "chars.weight" in arrays:
        low, high = char_ngrams
        weight, square = (np.append(arrays[f"chars.{name}"], 0.0) for name in ("weight", "square"))
        chars = GramWeights(low, high, KeyTable(arrays["chars.keys"]), weight, square)
    return Weights(float(intercept), terms("words"), terms("stems"), chars)


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
    """

    def __init__(self, encoder: Encoder, stem: Stemmer | NoStemmer, weights: Weights) -> None:
        self.encoder = encoder
        self.weights = weights
        self._stem = stem
        self._generation = -1
        self._items = ItemTable(weights, stem)

    def score(self, texts: Sequence[str]) -> LogOdds:
        """Return the log-odds of raw posts; many are taken in batches, so that memory stays bounded."""
        parts = [self._score(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)] or [self._score(texts)]
        return LogOdds(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("value", "items", "known")))

    def _score(self, texts: Sequence[str]) -> LogOdds:
        encoded = self.encoder.encode(texts)
        table = self.table()
        items, rows, n = encoded.items, encoded.rows, len(encoded.ends)
        once = first_of_each(rows, items)  # saying a word again and again is no more evidence than saying it
        seen, post = items[once], rows[once]
        value = np.full(n, self.weights.intercept)
        for sums, squares, ids, terms in table.families():
            total = np.bincount(post, sums[seen], n)
            square = np.bincount(post, squares[seen], n)
            if ids is not None and terms is not None:
                place, pair = find_pairs(ids, terms, items, rows)
                total += np.bincount(rows[place], terms.pair_weight[pair], n)
                square += np.bincount(rows[place], terms.pair_square[pair], n)
            value += total / np.sqrt(np.where(square > 0, square, 1.0))
        counted = np.diff(encoded.ends, prepend=-1) - 1
        known = np.bincount(rows, table.known[items], n)
        return LogOdds(value, counted.astype(np.int32), known.astype(np.int32))

    def table(self) -> ItemTable:
        """The numbers of every item that the encoder has met, up to date."""
        if self._generation != self.encoder.generation:
            self._items = ItemTable(self.weights, self._stem)
            self._generation = self.encoder.generation
        self._items.extend(self.encoder.items)
        return self._items


def find_pairs(
    ids: NDArray[np.int32], terms: TermWeights, items: NDArray[np.int32], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Find the known pairs of neighbours in a sequence of items, each once per post.

    Returns
    -------
    place : int64 array of shape (m,)
        Position of the first of each pair.
    pair : int32 array of shape (m,)
        Number of the pair.
    """
    there = ids[items]
    place = np.flatnonzero((there[:-1] >= 0) & (there[1:] >= 0))
    pair = terms.pairs.find(pair_keys(there[place], there[place + 1]))
    hit = pair >= 0
    place, pair = place[hit], pair[hit]
    once = first_of_each(rows[place], pair)
    return place[once], pair[once]


class ItemTable:
    """Per item: its part of each family's sum and square, and its number for pairs."""

    def __init__(self, weights: Weights, stem: Stemmer | NoStemmer) -> None:
        self._weights = weights
        self._stem = stem
        self._stems_matter = StemFilter(weights.stems.index if weights.stems else (), stem.is_root)
        self._size = 0
        self.known = np.empty(0)
        self._word_sums, self._word_squares = np.empty(0), np.empty(0)
        self._stem_sums, self._stem_squares = np.empty(0), np.empty(0)
        self._char_sums, self._char_squares = np.empty(0), np.empty(0)
        self.word_ids, self.stem_ids = np.empty(0, np.int32), np.empty(0, np.int32)

    def families(self) -> list[tuple[Floats, Floats, NDArray[np.int32] | None, TermWeights | None]]:
        """The families that the model has, in a fixed order (the order of summation)."""
        weights = self._weights
        found: list[tuple[Floats, Floats, NDArray[np.int32] | None, TermWeights | None]] = []
        if weights.words:
            found.append((self._word_sums, self._word_squares, self.word_ids, weights.words))
        if weights.stems:
            found.append((self._stem_sums, self._stem_squares, self.stem_ids, weights.stems))
        if weights.chars:
            found.append((self._char_sums, self._char_squares, None, None))
        return found

    def extend(self, items: Sequence[str]) -> None:
        """Compute the numbers of the items that are new since the last call."""
        new = items[self._size :]
        if not new:
            return
        self._size = len(items)
        known = np.zeros(len(new), bool)
        pairable = np.fromiter(map(is_pairable, new), bool, len(new))
        if self._weights.words:
            ids, sums, squares = _unigrams(self._weights.words, new)
            known |= ids >= 0
            self.word_ids = np.concatenate([self.word_ids, np.where(pairable, ids, np.int32(-1))])
            self._word_sums = np.concatenate([self._word_sums, sums])
            self._word_squares = np.concatenate([self._word_squares, squares])
        if self._weights.stems:
            # A stem that the model does not know counts for nothing: most new words need not be stemmed at all.
            stems = [self._stem(item) if is_word(item) and self._stems_matter(item) else item for item in new]
            ids, sums, squares = _unigrams(self._weights.stems, stems)
            known |= ids >= 0
            self.stem_ids = np.concatenate([self.stem_ids, np.where(pairable, ids, np.int32(-1))])
            self._stem_sums = np.concatenate([self._stem_sums, sums])
            self._stem_squares = np.concatenate([self._stem_squares, squares])
        if self._weights.chars:
            sums, squares = _grams(self._weights.chars, new)
            self._char_sums = np.concatenate([self._char_sums, sums])
            self._char_squares = np.concatenate([self._char_squares, squares])
        self.known = np.concatenate([self.known, known.astype(np.float64)])


def _unigrams(terms: TermWeights, items: Sequence[str]) -> tuple[NDArray[np.int32], Floats, Floats]:
    get = terms.index.get
    ids = np.fromiter((get(item, -1) for item in items), np.int32, len(items))
    there = ids >= 0
    return ids, np.where(there, terms.weight[ids], 0.0), np.where(there, terms.square[ids], 0.0)


def _grams(chars: GramWeights, items: Sequence[str]) -> tuple[Floats, Floats]:
    words = [(place, item) for place, item in enumerate(items) if is_word(item)]
    grams = CharGrams([item for _, item in words], chars.low, chars.high)
    found = chars.table.find(grams.keys)
    owner = np.array([place for place, _ in words], np.int64)[grams.owner] if words else np.empty(0, np.int64)
    sums, squares = (np.bincount(owner, values[found], len(items)).astype(np.float64) for values in (chars.weight, chars.square))
    return sums, squares
