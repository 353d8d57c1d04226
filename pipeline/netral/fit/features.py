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

from netral.fit.corpus import Corpus, encode
from netral.model.model import encoder, stemmer
from netral.params import FAMILIES, Family
from netral.text.hashing import KeyTable, pair_keys

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
        corpus = self._to_learn_from(X)
        self.vocabulary_: dict[str, TermVocabulary | GramVocabulary] = {}
        for family in FAMILIES:
            if family in self.families:
                settings = getattr(self, family) or (Family((3, 5)) if family == "chars" else Family())
                self.vocabulary_[family] = _fit_grams(corpus, settings) if family == "chars" else _fit_terms(corpus, family, settings)
        self.n_features_ = sum(len(vocabulary.idf) for vocabulary in self.vocabulary_.values())
        return self

    def fit_transform(self, X: Sequence[str] | Corpus, y: Any = None) -> sparse.csr_matrix:
        """Choose the vocabulary and return the features of the same posts, without their names where these are dropped.

        A post to be scored may share character n-grams or a stem with a dropped name; nothing is learned from those.
        """
        corpus = self._to_learn_from(X)
        return self.fit(corpus, y).transform(corpus)

    def transform(self, X: Sequence[str] | Corpus) -> sparse.csr_matrix:
        """Return the features, shape (n, n_features_)."""
        check_is_fitted(self)
        corpus = self.encode(X)
        blocks = [
            _weigh(_count_grams(corpus, self._gram_range(), vocabulary), vocabulary.idf)
            if isinstance(vocabulary, GramVocabulary)
            else _weigh(_count_terms(corpus, family, vocabulary), vocabulary.idf)
            for family, vocabulary in self.vocabulary_.items()
        ]
        return sparse.hstack(blocks, format="csr")

    def get_feature_names_out(self, input_features: Any = None) -> NDArray:
        """Return the names of the columns, each with its family."""
        check_is_fitted(self)
        names = [f"{family}:{name}" for family, vocabulary in self.vocabulary_.items() for name in feature_names(vocabulary)]
        return np.array(names, dtype=object)

    def encode(self, X: Sequence[str] | Corpus) -> Corpus:
        """Encode prepared posts, unless they are already."""
        if isinstance(X, Corpus):
            return X
        stem = stemmer(self.stem)
        return encode(X, encoder(stem, None, max_chunks=1 << 62), stem)

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
    frequency = np.bincount(corpus.count(of, len(names)).indices, minlength=len(names))
    chosen = np.flatnonzero(frequency >= settings.min_df)
    pairs, pair_frequency = np.empty((0, 2), np.int64), np.empty(0, np.int64)
    if settings.ngrams[1] > 1:
        pairs, pair_frequency = _frequent_pairs(corpus, in_pairs, len(names), settings.min_df)
    # The most frequent features; among equals the order of the text, so that the data's order plays no part.
    order = sorted(
        [(-int(frequency[i]), names[int(i)], "", int(i)) for i in chosen]
        + [(-int(f), names[a], names[b], -1) for (a, b), f in zip(pairs.tolist(), pair_frequency, strict=True)]
    )[: settings.max_features]
    single = {name: -count for count, name, _, i in order if i >= 0}
    double = sorted((first, second, -count) for count, first, second, i in order if i < 0)
    terms = sorted({*single, *(term for first, second, _ in double for term in (first, second))})
    index = {term: i for i, term in enumerate(terms)}
    idf = _idf(np.array([single.get(term, 0) for term in terms] + [count for *_, count in double], np.float64), len(corpus))
    idf[: len(terms)][[term not in single for term in terms]] = 0.0
    return TermVocabulary(tuple(terms), np.array([(index[a], index[b]) for a, b, _ in double], np.int32).reshape(-1, 2), idf)


def _frequent_pairs(corpus: Corpus, of: NDArray[np.int32], width: int, min_df: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows, first, second = corpus.pairs(of)
    keys = first.astype(np.int64) * width + second
    order = np.lexsort((rows, keys))
    keys, rows = keys[order], rows[order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    distinct, frequency = np.unique(keys[new], return_counts=True)
    keep = frequency >= min_df
    return np.stack(np.divmod(distinct[keep], width), axis=1), frequency[keep]


def _count_terms(corpus: Corpus, family: str, vocabulary: TermVocabulary) -> sparse.csr_matrix:
    names, of, in_pairs = _ids(corpus, family)
    index = {term: i for i, term in enumerate(vocabulary.terms)}
    known = np.fromiter((index.get(name, -1) for name in names), np.int32, len(names))
    known = np.append(known, np.int32(-1))  # for items without a term
    single = corpus.count(known[of], len(vocabulary.terms))
    rows, first, second = corpus.pairs(known[in_pairs])
    column = KeyTable(pair_keys(vocabulary.pairs[:, 0], vocabulary.pairs[:, 1])).find(pair_keys(first, second))
    hit = column >= 0
    double = sparse.csr_matrix((np.ones(int(hit.sum())), (rows[hit], column[hit])), shape=(len(corpus), len(vocabulary.pairs)))
    double.sum_duplicates()
    double.data[:] = 1.0
    return sparse.hstack([single, double], format="csr")


def _fit_grams(corpus: Corpus, settings: Family) -> GramVocabulary:
    low, high = settings.ngrams
    keys, name, per_item = corpus.items.grams(low, high)
    counts = corpus.count()
    frequency = np.zeros(len(keys), np.int64)
    for start in range(0, len(corpus), _BLOCK):
        frequency += np.bincount((counts[start : start + _BLOCK] @ per_item).indices, minlength=len(keys))
    chosen = np.flatnonzero(frequency >= settings.min_df)
    # Equal frequencies at the cut are ordered by key, which does not depend on the order of the posts.
    chosen = np.sort(chosen[np.lexsort((keys[chosen], -frequency[chosen]))][: settings.max_features])
    return GramVocabulary(keys[chosen], tuple(name(int(i)) for i in chosen), _idf(frequency[chosen].astype(np.float64), len(corpus)))


def _count_grams(corpus: Corpus, ngrams: tuple[int, int], vocabulary: GramVocabulary) -> sparse.csr_matrix:
    keys, _, per_item = corpus.items.grams(*ngrams)
    place = np.searchsorted(keys, vocabulary.keys)
    there = np.append(keys, np.uint64(0))[place] == vocabulary.keys  # no key is 0
    columns = np.flatnonzero(there)
    chosen = sparse.csr_matrix((np.ones(len(columns)), (place[columns], columns)), shape=(len(keys), len(vocabulary.keys)))
    return (corpus.count() @ (per_item @ chosen)).tocsr()


def _idf(frequency: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    return np.log((1.0 + n) / (1.0 + frequency)) + 1.0


def _weigh(counts: sparse.csr_matrix, idf: NDArray[np.float64]) -> sparse.csr_matrix:
    """Return tf x idf / sqrt(sum of tf x idf²), row by row."""
    norm = np.sqrt(counts @ (idf * idf))
    weighed = counts.copy()
    weighed.data *= idf[counts.indices]
    weighed.data /= np.repeat(np.where(norm > 0, norm, 1.0), np.diff(counts.indptr))
    return weighed
