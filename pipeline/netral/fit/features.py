"""TF-IDF over three families of features: words, stems, characters within words; and the place of a post in a space of words.

Each distinct item of a post counts once: repeating a word makes it no stronger evidence. A family is weighted with
smoothed idf as scikit-learn does (Spärck Jones 1972) and divided by the root of its squared idf summed over occurrences.
That is the usual cosine normalisation wherever a feature occurs once in a post; unlike it, it adds up over the words of a
post, which is what makes scoring fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from netral.fit.corpus import Corpus, encode, mapping
from netral.fit.counts import rows_matrix
from netral.fit.vocabulary import GramVocabulary, Space, TermVocabulary, Vocabulary, choose_grams, choose_terms, feature_names, ids, width
from netral.params import FAMILIES, Family
from netral.text.hashing import KeyTable, first_of_each, pair_keys

Result = TypeVar("Result")


class Features(TransformerMixin, BaseEstimator):
    """Turn prepared posts into TF-IDF features.

    Where the posts to learn from come with a space (:attr:`Corpus.space`), it is one more family, ``space``.

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
    vocabulary_ : dict of str to Vocabulary
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
        blocks = _at_once(partial(self._weigh, corpus), self.vocabulary_, corpus)
        return sparse.hstack([block for of_family in blocks for block in of_family], format="csr")

    def get_feature_names_out(self, input_features: Any = None) -> NDArray:
        """Return the names of the columns, each with its family."""
        check_is_fitted(self)
        names = [f"{family}:{name}" for family, vocabulary in self.vocabulary_.items() for name in feature_names(vocabulary)]
        return np.array(names, dtype=object)

    def encode(self, X: Sequence[str] | Corpus) -> Corpus:
        """Encode prepared posts, unless they are already."""
        return X if isinstance(X, Corpus) else encode(X, self.stem)

    def _fit(self, corpus: Corpus) -> Features:
        families = [family for family in FAMILIES if family in self.families]
        self.vocabulary_: dict[str, Vocabulary] = dict(
            zip(families, _at_once(partial(self._choose, corpus), families, corpus), strict=True)
        )
        if corpus.space:
            self.vocabulary_["space"] = corpus.space
        self.n_features_ = sum(map(width, self.vocabulary_.values()))
        return self

    def _choose(self, corpus: Corpus, family: str) -> TermVocabulary | GramVocabulary:
        settings = getattr(self, family) or (Family((3, 5)) if family == "chars" else Family())
        return choose_grams(corpus, settings) if family == "chars" else choose_terms(corpus, family, settings)

    def _weigh(self, corpus: Corpus, family: str) -> tuple[sparse.csr_matrix, ...]:
        vocabulary = self.vocabulary_[family]
        if isinstance(vocabulary, GramVocabulary):
            return (_grams(corpus, self._gram_range(), vocabulary),)
        if isinstance(vocabulary, Space):
            return (_places(corpus, vocabulary),)
        return _terms(corpus, family, vocabulary)

    def _to_learn_from(self, X: Sequence[str] | Corpus) -> Corpus:
        corpus = self.encode(X)
        return corpus.without_names() if self.names == "drop" else corpus

    def _gram_range(self) -> tuple[int, int]:
        low, high = (self.chars or Family((3, 5))).ngrams
        return low, high


def _at_once(work: Callable[[str], Result], families: Iterable[str], corpus: Corpus) -> list[Result]:
    """Do the work of each family in a thread of its own: products of matrices and sorts let the other threads run."""
    corpus.count()  # what the families share is computed once
    with ThreadPoolExecutor() as threads:
        return [*threads.map(work, families)]


def _terms(corpus: Corpus, family: str, vocabulary: TermVocabulary) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Return the weighed terms and the weighed pairs of a family."""
    names, of, in_pairs = ids(corpus, family)
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


def _places(corpus: Corpus, space: Space) -> sparse.csr_matrix:
    """Return the place of each post: the weighted mean of its words', divided as other families are."""
    index = {term: i for i, term in enumerate(space.terms)}
    known = np.fromiter((index.get(name, -1) for name in corpus.items.names), np.int32, len(corpus.items.names))
    single = mapping(known, len(space.terms), space.idf)
    norm = _norm(corpus.count() @ single.power(2).sum(axis=1).A1)
    return sparse.csr_matrix((_divided(corpus.count(), norm) @ single) @ space.vectors)


def _grams(corpus: Corpus, ngrams: tuple[int, int], vocabulary: GramVocabulary) -> sparse.csr_matrix:
    """Return the weighed character n-grams."""
    keys, _, per_item = corpus.items.grams(*ngrams)
    place = np.searchsorted(keys, vocabulary.keys)
    there = np.append(keys, np.uint64(0))[place] == vocabulary.keys  # no key is 0
    column = np.full(len(keys), -1, np.int32)
    column[place[there]] = np.flatnonzero(there)
    size = len(vocabulary.keys)
    norm = _norm(corpus.count() @ (per_item @ mapping(column, size) @ vocabulary.idf**2))
    return _divided(corpus.count(), norm) @ (per_item @ mapping(column, size, vocabulary.idf))


def _norm(squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what the features of a post are divided by: the root of tf x idf² summed, 1 where there are none."""
    return np.sqrt(np.where(squares > 0, squares, 1.0))


def _divided(counts: sparse.csr_matrix, norm: NDArray[np.float64]) -> sparse.csr_matrix:
    """Return ``counts`` (each 1) divided by the norm of the row: times idf per item, that gives tf x idf / norm in one product."""
    return sparse.csr_matrix((np.repeat(1.0 / norm, np.diff(counts.indptr)), counts.indices, counts.indptr), shape=counts.shape)
