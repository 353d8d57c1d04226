"""Which features a model has: terms, pairs of neighbours and character n-grams of enough posts, and their weights.

Nothing here depends on the order of the posts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netral.fit.corpus import Corpus, Items
from netral.fit.counts import document_frequency, most_frequent
from netral.fit.parallel import in_threads
from netral.params import Family

BLOCK = 20_000  # posts whose features are counted at once


@dataclass(frozen=True)
class TermVocabulary:
    """Terms and pairs of one family; columns are the terms, then the pairs.

    A term that is only part of a chosen pair has idf 0.
    """

    terms: tuple[str, ...]
    pairs: NDArray[np.int32]
    idf: NDArray[np.float64]


@dataclass(frozen=True)
class Prior:
    """A linear model of terms and pairs, learned from other posts (:mod:`netral.fit.prior`).

    Attributes
    ----------
    terms : tuple of str
    pairs : int32 array of shape (m, 2)
        Places of their terms.
    frequency : int64 array of shape (n + m,)
        In how many posts each term, then each pair, stood; 0 for a term that is only part of a pair.
    posts : int
        How many posts there were.
    weights : float64 array of shape (2, n + m)
        Coefficients of TF-IDF, and what is added to them in posts that name somebody.
    """

    terms: tuple[str, ...]
    pairs: NDArray[np.int32]
    frequency: NDArray[np.int64]
    posts: int
    weights: NDArray[np.float64]

    def scaled(self, by: float) -> Prior:
        """Multiply all weights: how much it counts beside what is learned."""
        return dataclasses.replace(self, weights=by * self.weights)

    def coefficients(self, words: TermVocabulary) -> NDArray[np.float64]:
        """Return its coefficients in a vocabulary that holds all its terms, with idf of their own there; shape (2, len(words.idf))."""
        place = {name: i for i, name in enumerate(words.terms)}
        pair = {(int(a), int(b)): i for i, (a, b) in enumerate(words.pairs, len(words.terms))}
        term = np.array([place[name] for name in self.terms], np.int64)
        at = np.append(term, [pair[int(term[a]), int(term[b])] for a, b in self.pairs]).astype(np.int64)
        counts = self.frequency > 0
        found = np.zeros((2, len(words.idf)))
        found[:, at[counts]] = (self.weights * _idf(self.frequency.astype(np.float64), self.posts))[:, counts] / words.idf[at[counts]]
        return found


@dataclass(frozen=True)
class GramVocabulary:
    """Character n-grams by ascending key."""

    keys: NDArray[np.uint64]
    names: tuple[str, ...]
    idf: NDArray[np.float64]


@dataclass(frozen=True)
class Space:
    """Words and their places, learned from posts without labels (:mod:`netral.fit.space`); columns are the dimensions.

    Attributes
    ----------
    terms : tuple of str
        Items, in alphabetical order.
    vectors : float64 array of shape (n, dimensions)
        One row per word.
    idf : float64 array of shape (n,)
        Smoothed idf in the posts that the space was learned from.
    """

    terms: tuple[str, ...]
    vectors: NDArray[np.float64]
    idf: NDArray[np.float64]

    def scaled(self, by: float) -> Space:
        """Multiply all coordinates: the smaller, the less is learned from the space beside what is learned of words alone."""
        return dataclasses.replace(self, vectors=by * self.vectors)


Vocabulary = TermVocabulary | GramVocabulary | Space


def width(vocabulary: Vocabulary) -> int:
    """Return how many features one family has."""
    return vocabulary.vectors.shape[1] if isinstance(vocabulary, Space) else len(vocabulary.idf)


def feature_names(vocabulary: Vocabulary) -> list[str]:
    """Return the features of one family as text."""
    if isinstance(vocabulary, Space):
        return [str(dimension) for dimension in range(width(vocabulary))]
    if isinstance(vocabulary, GramVocabulary):
        return list(vocabulary.names)
    return [*vocabulary.terms, *(f"{vocabulary.terms[a]} {vocabulary.terms[b]}" for a, b in vocabulary.pairs)]


def ids(items: Items, family: str) -> tuple[Sequence[str], NDArray[np.int32], NDArray[np.int32]]:
    """Return the names of a family's terms, the term of each item, and the same for bigrams (-1: none)."""
    if family == "stems":
        names, of = items.stems
        return names, of, of
    of = np.arange(len(items.names), dtype=np.int32)
    of[0] = -1
    return items.names, of, np.where(items.pairable, of, np.int32(-1))


def choose_terms(
    corpus: Corpus, family: str, settings: Family, in_pairs_alone: Collection[str] = (), prior: Prior | None = None
) -> TermVocabulary:
    """Choose the terms and pairs of ``words`` or ``stems``, and take those of a prior too; some terms count in pairs alone."""
    names, of, in_pairs = ids(corpus.items, family)
    counts = corpus.count() if family == "words" else corpus.count(of, len(names))
    frequency = np.bincount(counts.indices, minlength=len(names))
    terms = np.flatnonzero(frequency >= settings.min_df)
    pairs, pair_frequency = np.empty((0, 2), np.int64), np.empty(0, np.int64)
    if settings.ngrams[1] > 1:
        # A pair cannot stand in more posts than its terms do.
        number = np.full(len(names) + 1, -1, np.int32)
        number[terms] = np.arange(len(terms))
        rows, first, second = corpus.pairs(number[in_pairs])
        keys, pair_frequency = document_frequency(rows, first.astype(np.int64) * len(terms) + second, settings.min_df)
        pairs = terms[np.stack(np.divmod(keys, max(1, len(terms))), axis=1)]

    def name(place: int) -> tuple[str, str]:
        first, second = (terms[place], -1) if place < len(terms) else pairs[place - len(terms)]
        return names[first], "" if second < 0 else names[second]

    # Among equals the order of the text, so that the data's order plays no part.
    kept = most_frequent(np.append(frequency[terms], pair_frequency), settings.max_features, name)
    single = {names[i]: int(frequency[i]) for i in terms[kept[kept < len(terms)]] if names[i] not in in_pairs_alone}
    places = kept[kept >= len(terms)] - len(terms)
    double = {(names[a], names[b]): int(f) for (a, b), f in zip(pairs[places].tolist(), pair_frequency[places], strict=True)}
    if prior:
        size, frequencies = len(prior.terms), prior.frequency.tolist()
        more = {term: f for term, f in zip(prior.terms, frequencies, strict=False) if f}
        single = {term: single.get(term, 0) + more.get(term, 0) for term in (*single, *more)}
        both = {(prior.terms[a], prior.terms[b]): f for (a, b), f in zip(prior.pairs, frequencies[size:], strict=True)}
        double = {pair: double.get(pair, 0) + both.get(pair, 0) for pair in (*double, *both)}
    return _term_vocabulary(single, sorted((*pair, count) for pair, count in double.items()), len(corpus) + (prior.posts if prior else 0))


def _term_vocabulary(single: dict[str, int], double: list[tuple[str, str, int]], n: int) -> TermVocabulary:
    """Put terms and pairs, with their document frequencies, in order, and weigh them."""
    terms = sorted({*single, *(term for first, second, _ in double for term in (first, second))})
    index = {term: i for i, term in enumerate(terms)}
    idf = _idf(np.array([single.get(term, 0) for term in terms] + [count for *_, count in double], np.float64), n)
    idf[: len(terms)][[term not in single for term in terms]] = 0.0
    return TermVocabulary(tuple(terms), np.array([(index[a], index[b]) for a, b, _ in double], np.int32).reshape(-1, 2), idf)


def choose_grams(corpus: Corpus, settings: Family) -> GramVocabulary:
    """Choose the character n-grams."""
    low, high = settings.ngrams
    keys, name, per_item = corpus.items.grams(low, high)
    counts, per_item = corpus.count().astype(bool), per_item.astype(bool)

    def frequencies(start: int, end: int) -> NDArray[np.int64]:
        return np.bincount((counts[start:end] @ per_item).indices, minlength=len(keys))

    frequency = sum(in_threads(frequencies, len(corpus), BLOCK), np.zeros(len(keys), np.int64))
    chosen = np.flatnonzero(frequency >= settings.min_df)
    # Equal frequencies at the cut are ordered by key, which does not depend on the order of the posts.
    chosen = chosen[most_frequent(frequency[chosen], settings.max_features, int)]
    return GramVocabulary(keys[chosen], tuple(name(int(i)) for i in chosen), _idf(frequency[chosen].astype(np.float64), len(corpus)))


def _idf(frequency: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    return np.log((1.0 + n) / (1.0 + frequency)) + 1.0
