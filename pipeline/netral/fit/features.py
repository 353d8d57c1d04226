"""TF-IDF over three families of features: words, stems, characters within words.

Each distinct item of a post counts once: repeating a word makes it no stronger evidence. A family is weighted with
smoothed idf as scikit-learn does (Spärck Jones 1972) and divided by the root of its squared idf summed over occurrences.
That is the usual cosine normalisation wherever a feature occurs once in a post; unlike it, it adds up over the words of a
post, which is what makes scoring fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from netral.fit.corpus import Corpus, encode, mapping
from netral.fit.counts import document_frequency, most_frequent, rows_matrix
from netral.params import FAMILIES, Family
from netral.text.hashing import KeyTable, first_of_each, pair_keys

_BLOCK = 20_000  # posts whose character counts are held at once while document frequencies are counted


@dataclass(frozen=True)
class TermVocabulary:
    """Terms and pairs of one family; columns are the terms, then the pairs.

    A term that is only part of a chosen pair has idf 0.
    """

    terms: tuple[str, ...]
    pairs: NDArray[np.int32]
    idf: NDArray[np.float64]


@dataclass(frozen=True)
class GramVocabulary:
    """Character n-grams by ascending key."""

    keys: NDArray[np.uint64]
    names: tuple[str, ...]
    idf: NDArray[np.float64]


class Features(TransformerMixin, BaseEstimator):
    """Turn prepared posts into TF-IDF features.

    Parameters
    ----------
    families : sequence of str
        Some of ``words``, ``stems``, ``chars``.
    words, stems, chars : Family
        n-gram range, smallest document frequency, most features.
    stem : str
        ``sastrawi`` or ``none``.
    names : str
        ``drop``: what the posts to learn from write like proper names is not learned from (:mod:`netral.fit.names`);
        ``keep``: it is.

    Attributes
    ----------
    vocabulary_ : dict of str to TermVocabulary or GramVocabulary
    n_features_ : int
    """

    def __init__(
        self,
        families: Sequence[str] = FAMILIES,
        words: Family | None = None,
        stems: Family | None = None,
        chars: Family | None = None,
        stem: str = "sastrawi",
        names: str = "keep",
    ) -> None:
        self.families = families
        self.words = words
        self.stems = stems
        self.chars = chars
        self.stem = stem
        self.names = names

    def fit(self, X: Sequence[str] | Corpus, y: Any = None) -> Features:
        """Choose the vocabulary and weigh it.

        Parameters
        ----------
        X : sequence of str or Corpus, length n
            Prepared posts (clean, targets replaced).
        y : ignored
        """
        return self._fit(self._to_learn_from(X))

    def fit_transform(self, X: Sequence[str] | Corpus, y: Any = None) -> sparse.csr_matrix:
        """Choose the vocabulary and return the features of the same posts, without their names where these are dropped.

        A post to be scored may share character n-grams or a stem with a dropped name; nothing is learned from those.
        """
        corpus = self._to_learn_from(X)
        return self._fit(corpus).transform(corpus)

    def transform(self, X: Sequence[str] | Corpus) -> sparse.csr_matrix:
        """Return the features, shape (n, n_features_)."""
        check_is_fitted(self)
        corpus = self.encode(X)
        blocks = [
            block
            for family, vocabulary in self.vocabulary_.items()
            for block in (
                _grams(corpus, self._gram_range(), vocabulary)
                if isinstance(vocabulary, GramVocabulary)
                else _terms(corpus, family, vocabulary)
            )
        ]
        return sparse.hstack(blocks, format="csr")

    def get_feature_names_out(self, input_features: Any = None) -> NDArray:
        """Return the names of the columns, each with its family."""
        check_is_fitted(self)
        names = [f"{family}:{name}" for family, vocabulary in self.vocabulary_.items() for name in feature_names(vocabulary)]
        return np.array(names, dtype=object)

    def encode(self, X: Sequence[str] | Corpus) -> Corpus:
        """Encode prepared posts, unless they are already."""
        return X if isinstance(X, Corpus) else encode(X, self.stem)

    def _fit(self, corpus: Corpus) -> Features:
        self.vocabulary_: dict[str, TermVocabulary | GramVocabulary] = {}
        for family in FAMILIES:
            if family in self.families:
                settings = getattr(self, family) or (Family((3, 5)) if family == "chars" else Family())
                self.vocabulary_[family] = _fit_grams(corpus, settings) if family == "chars" else _fit_terms(corpus, family, settings)
        self.n_features_ = sum(len(vocabulary.idf) for vocabulary in self.vocabulary_.values())
        return self

    def _to_learn_from(self, X: Sequence[str] | Corpus) -> Corpus:
        corpus = self.encode(X)
        return corpus.without_names() if self.names == "drop" else corpus

    def _gram_range(self) -> tuple[int, int]:
        low, high = (self.chars or Family((3, 5))).ngrams
        return low, high


def feature_names(vocabulary: TermVocabulary | GramVocabulary) -> list[str]:
    """Return the features of one family as text."""
    if isinstance(vocabulary, GramVocabulary):
        return list(vocabulary.names)
    return [*vocabulary.terms, *(f"{vocabulary.terms[a]} {vocabulary.terms[b]}" for a, b in vocabulary.pairs)]


def _ids(corpus: Corpus, family: str) -> tuple[Sequence[str], NDArray[np.int32], NDArray[np.int32]]:
    """Return the names of a family's terms, the term of each item, and the same for bigrams (-1: none)."""
    items = corpus.items
    if family == "stems":
        names, of = items.stems
        return names, of, of
    of = np.arange(len(items.names), dtype=np.int32)
    of[0] = -1
    return items.names, of, np.where(items.pairable, of, np.int32(-1))


def _fit_terms(corpus: Corpus, family: str, settings: Family) -> TermVocabulary:
    names, of, in_pairs = _ids(corpus, family)
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
    single = {names[i]: int(frequency[i]) for i in terms[kept[kept < len(terms)]]}
    places = kept[kept >= len(terms)] - len(terms)
    double = sorted((names[a], names[b], int(f)) for (a, b), f in zip(pairs[places].tolist(), pair_frequency[places], strict=True))
    return _term_vocabulary(single, double, len(corpus))


def _term_vocabulary(single: dict[str, int], double: list[tuple[str, str, int]], n: int) -> TermVocabulary:
    """Put terms and pairs, with their document frequencies, in order, and weigh them."""
    terms = sorted({*single, *(term for first, second, _ in double for term in (first, second))})
    index = {term: i for i, term in enumerate(terms)}
    idf = _idf(np.array([single.get(term, 0) for term in terms] + [count for *_, count in double], np.float64), n)
    idf[: len(terms)][[term not in single for term in terms]] = 0.0
    return TermVocabulary(tuple(terms), np.array([(index[a], index[b]) for a, b, _ in double], np.int32).reshape(-1, 2), idf)


def _terms(corpus: Corpus, family: str, vocabulary: TermVocabulary) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Return the weighed terms and the weighed pairs of a family."""
    names, of, in_pairs = _ids(corpus, family)
    size = len(vocabulary.terms)
    index = {term: i for i, term in enumerate(vocabulary.terms)}
    known = np.fromiter((index.get(name, -1) for name in names), np.int32, len(names))
    known = np.append(known, np.int32(-1))  # for items without a term
    rows, first, second = corpus.pairs(known[in_pairs])
    column = KeyTable(pair_keys(vocabulary.pairs[:, 0], vocabulary.pairs[:, 1])).find(pair_keys(first, second))
    hit = np.flatnonzero(column >= 0)
    hit = hit[first_of_each(rows[hit], column[hit])]
    rows, idf = rows[hit], vocabulary.idf[size:][column[hit]]
    single = mapping(known[of], size, vocabulary.idf[:size])
    norm = _norm(corpus.count() @ single.power(2).sum(axis=1).A1 + np.bincount(rows, idf**2, len(corpus)))
    double = rows_matrix(rows, column[hit], idf / norm[rows], (len(corpus), len(vocabulary.pairs)))
    return _divided(corpus.count(), norm) @ single, double


def _fit_grams(corpus: Corpus, settings: Family) -> GramVocabulary:
    low, high = settings.ngrams
    keys, name, per_item = corpus.items.grams(low, high)
    counts, per_item = corpus.count().astype(bool), per_item.astype(bool)
    frequency = np.zeros(len(keys), np.int64)
    for start in range(0, len(corpus), _BLOCK):
        frequency += np.bincount((counts[start : start + _BLOCK] @ per_item).indices, minlength=len(keys))
    chosen = np.flatnonzero(frequency >= settings.min_df)
    # Equal frequencies at the cut are ordered by key, which does not depend on the order of the posts.
    chosen = chosen[most_frequent(frequency[chosen], settings.max_features, int)]
    return GramVocabulary(keys[chosen], tuple(name(int(i)) for i in chosen), _idf(frequency[chosen].astype(np.float64), len(corpus)))


def _grams(corpus: Corpus, ngrams: tuple[int, int], vocabulary: GramVocabulary) -> tuple[sparse.csr_matrix]:
    """Return the weighed character n-grams."""
    keys, _, per_item = corpus.items.grams(*ngrams)
    place = np.searchsorted(keys, vocabulary.keys)
    there = np.append(keys, np.uint64(0))[place] == vocabulary.keys  # no key is 0
    column = np.full(len(keys), -1, np.int32)
    column[place[there]] = np.flatnonzero(there)
    size = len(vocabulary.keys)
    norm = _norm(corpus.count() @ (per_item @ mapping(column, size) @ vocabulary.idf**2))
    return (_divided(corpus.count(), norm) @ (per_item @ mapping(column, size, vocabulary.idf)),)


def _idf(frequency: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    return np.log((1.0 + n) / (1.0 + frequency)) + 1.0


def _norm(squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what the features of a post are divided by: the root of tf x idf² summed, 1 where there are none."""
    return np.sqrt(np.where(squares > 0, squares, 1.0))


def _divided(counts: sparse.csr_matrix, norm: NDArray[np.float64]) -> sparse.csr_matrix:
    """Return ``counts`` (each 1) divided by the norm of the row: times idf per item, that gives tf x idf / norm in one product."""
    return sparse.csr_matrix((np.repeat(1.0 / norm, np.diff(counts.indptr)), counts.indices, counts.indptr), shape=counts.shape)
