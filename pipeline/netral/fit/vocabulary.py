"""Which features a model has: terms, pairs of neighbours and character n-grams of enough posts, and their weights.

Nothing here depends on the order of the posts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from netral.fit.corpus import Corpus, Items, mapping
from netral.fit.counts import document_frequency, most_frequent
from netral.fit.parallel import in_threads
from netral.params import Family
from netral.text.hashing import KeyTable, first_of_each, pair_keys

BLOCK = 20_000  # posts whose features are counted at once


@dataclass(frozen=True)
class TermVocabulary:
    """Terms and pairs of one family; columns are the terms, then the pairs.

    A term that is only part of a chosen pair has idf 0.
    """

    terms: tuple[str, ...]
    pairs: NDArray[np.int32]
    idf: NDArray[np.float64]

    def by_name(self) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
        """Return the idf of the terms that count alone, and of the pairs."""
        size, idf = len(self.terms), self.idf.tolist()
        pairs = ((self.terms[a], self.terms[b]) for a, b in self.pairs.tolist())
        return {term: value for term, value in zip(self.terms, idf, strict=False) if value}, dict(zip(pairs, idf[size:], strict=True))


@dataclass(frozen=True)
class Prior:
    """A linear model of terms and pairs, learned from other posts (:mod:`netral.fit.prior`).

    Attributes
    ----------
    about : str
        What it was learned from.
    vocabulary : TermVocabulary
        Terms and pairs, with their idf there.
    weights : float64 array of shape (1 + contexts, width)
        Coefficients of TF-IDF, and what is added to them in each of :data:`netral.params.CONTEXTS`.
    strength : float
        How much it counts beside what is learned; the weights are multiplied by it already.
    """

    about: str
    vocabulary: TermVocabulary
    weights: NDArray[np.float64]
    strength: float = 1.0

    def scaled(self, by: float) -> Prior:
        """Multiply all weights: how much it counts beside what is learned."""
        return dataclasses.replace(self, weights=by * self.weights, strength=by * self.strength)

    def within(self, ngrams: Sequence[int], names: Set[str]) -> Prior:
        """Leave out what the features at hand have not: pairs where these are single terms, and words that are names (in tags, too)."""
        terms, pairs, idf = self.vocabulary.terms, self.vocabulary.pairs, self.vocabulary.idf
        good = np.array([term.removeprefix("#") not in names for term in terms], bool)
        whole = good[pairs].all(axis=1) & (ngrams[1] > 1)
        kept = np.zeros(len(terms), bool)
        kept[pairs[whole]] = True
        kept |= good & (idf[: len(terms)] > 0)
        number = np.cumsum(kept) - 1
        of = np.concatenate([np.flatnonzero(kept), len(terms) + np.flatnonzero(whole)])
        left = TermVocabulary(tuple(terms[i] for i in np.flatnonzero(kept)), number[pairs[whole]].astype(np.int32), idf[of])
        return dataclasses.replace(self, vocabulary=left, weights=self.weights[:, of])

    def coefficients(self, words: TermVocabulary) -> NDArray[np.float64]:
        """Return its coefficients in a vocabulary that holds all of its terms; shape (1 + contexts, width(words)).

        Where a term has another idf there, a single use of it weighs what it weighed here.
        """
        place = {name: i for i, name in enumerate(words.terms)}
        term = np.array([place[name] for name in self.vocabulary.terms], np.int64)
        first, second = term[self.vocabulary.pairs.T]
        pair = KeyTable(pair_keys(words.pairs[:, 0], words.pairs[:, 1])).find(pair_keys(first, second))
        at = np.append(term, len(words.terms) + pair).astype(np.int64)
        counts = words.idf[at] > 0  # a term that is only part of a pair has none
        found = np.zeros((len(self.weights), len(words.idf)))
        found[:, at[counts]] = (self.weights * self.vocabulary.idf)[:, counts] / words.idf[at[counts]]
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
    """Choose the terms and pairs of a family.

    Parameters
    ----------
    corpus : Corpus
    family : str
        ``words`` or ``stems``.
    settings : Family
    in_pairs_alone : collection of str
        Terms that are no features by themselves.
    prior : Prior, optional
        Its terms and pairs come on top, with the idf that they have there if these posts do not choose them.
    """
    names, of, in_pairs = ids(corpus.items, family)
    group, posts = corpus.groups  # of a copied post one counts
    counts = corpus.count() if family == "words" else corpus.count(of, len(names))
    frequency = _frequency(group, counts)
    terms = np.flatnonzero(frequency >= settings.min_df)
    pairs, pair_frequency = np.empty((0, 2), np.int64), np.empty(0, np.int64)
    if settings.ngrams[1] > 1:
        # A pair cannot stand in more posts than its terms do.
        number = np.full(len(names) + 1, -1, np.int32)
        number[terms] = np.arange(len(terms))
        rows, first, second = corpus.pairs(number[in_pairs])
        keys, pair_frequency = document_frequency(group[rows], first.astype(np.int64) * len(terms) + second, settings.min_df)
        pairs = terms[np.stack(np.divmod(keys, max(1, len(terms))), axis=1)]

    def name(place: int) -> tuple[str, str]:
        first, second = (terms[place], -1) if place < len(terms) else pairs[place - len(terms)]
        return names[first], "" if second < 0 else names[second]

    # Among equals the order of the text, so that the data's order plays no part.
    kept = most_frequent(np.append(frequency[terms], pair_frequency), settings.max_features, name)
    single = {names[i]: int(frequency[i]) for i in terms[kept[kept < len(terms)]] if names[i] not in in_pairs_alone}
    places = kept[kept >= len(terms)] - len(terms)
    double = {(names[a], names[b]): int(f) for (a, b), f in zip(pairs[places].tolist(), pair_frequency[places], strict=True)}
    idf_of_terms, idf_of_pairs = _weighed(single, posts), _weighed(double, posts)
    if prior:
        of_terms, of_pairs = prior.vocabulary.by_name()
        idf_of_terms, idf_of_pairs = of_terms | idf_of_terms, of_pairs | idf_of_pairs
    return _term_vocabulary(idf_of_terms, idf_of_pairs)


def _frequency(group: NDArray[np.int64], counts: sparse.csr_matrix) -> NDArray[np.int64]:
    """Count the groups of posts that each column stands in."""
    rows = np.repeat(group, np.diff(counts.indptr))
    return np.bincount(counts.indices[first_of_each(rows, counts.indices)], minlength=counts.shape[1])


def _term_vocabulary(idf_of_terms: dict[str, float], idf_of_pairs: dict[tuple[str, str], float]) -> TermVocabulary:
    """Put terms and pairs in order."""
    pairs = sorted(idf_of_pairs)
    terms = sorted({*idf_of_terms, *chain.from_iterable(pairs)})
    index = {term: i for i, term in enumerate(terms)}
    idf = np.array([idf_of_terms.get(term, 0.0) for term in terms] + [idf_of_pairs[pair] for pair in pairs])
    return TermVocabulary(tuple(terms), np.array([(index[a], index[b]) for a, b in pairs], np.int32).reshape(-1, 2), idf)


def _weighed(frequency: dict[Any, int], posts: int) -> dict[Any, float]:
    """Return the idf of what stands in so many posts."""
    return dict(zip(frequency, smooth_idf(np.array([*frequency.values()], np.float64), posts).tolist(), strict=True))


def choose_grams(corpus: Corpus, settings: Family) -> GramVocabulary:
    """Choose the character n-grams."""
    low, high = settings.ngrams
    keys, name, per_item = corpus.items.grams(low, high)
    group, posts = corpus.groups
    counts, per_item = mapping(group, posts).astype(bool).T.tocsr() @ corpus.count().astype(bool), per_item.astype(bool)

    def frequencies(start: int, end: int) -> NDArray[np.int64]:
        return np.bincount((counts[start:end] @ per_item).indices, minlength=len(keys))

    frequency = sum(in_threads(frequencies, posts, BLOCK), np.zeros(len(keys), np.int64))
    chosen = np.flatnonzero(frequency >= settings.min_df)
    # Equal frequencies at the cut are ordered by key, which does not depend on the order of the posts.
    chosen = chosen[most_frequent(frequency[chosen], settings.max_features, int)]
    return GramVocabulary(keys[chosen], tuple(name(int(i)) for i in chosen), smooth_idf(frequency[chosen].astype(np.float64), posts))


def smooth_idf(frequency: NDArray[np.number], n: int) -> NDArray[np.float64]:
    """Return the inverse document frequency of terms that stand in ``frequency`` of ``n`` posts, smoothed as scikit-learn does."""
    return np.log((1.0 + n) / (1.0 + frequency)) + 1.0
