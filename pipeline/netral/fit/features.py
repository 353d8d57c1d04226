"""TF-IDF over families of features: words, stems, characters within words; and the place of a post in a space of words.

Each distinct item of a post counts once: repeating a word makes it no stronger evidence. A family is weighted with
smoothed idf as scikit-learn does (Spärck Jones 1972) and divided by the root of its squared idf summed over occurrences
(:func:`netral.model.weights.norm`). That is the usual cosine normalisation wherever a feature occurs once in a post of more
than a few words; unlike it, it adds up over the words of a post, which is what makes scoring fast.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from netral.fit.corpus import Corpus, Items, encode, mapping
from netral.fit.counts import rows_matrix
from netral.fit.parallel import in_threads
from netral.fit.vocabulary import (
    BLOCK,
    GramVocabulary,
    Space,
    TermVocabulary,
    Vocabulary,
    choose_grams,
    choose_terms,
    feature_names,
    ids,
    width,
)
from netral.model.weights import norm
from netral.params import CONTEXTS, FAMILIES, Family, Train
from netral.text.hashing import KeyTable, first_of_each, pair_keys
from netral.text.mask import CANDIDATE
from netral.text.tags import NAMED

Weigher = Callable[[Corpus], tuple[sparse.csr_matrix, ...]]


class Features(TransformerMixin, BaseEstimator):
    """Turn prepared posts into TF-IDF features.

    Where the posts to learn from come with a space (:attr:`Corpus.space`), it is one more family, ``space``; where they come with
    a prior (:attr:`Corpus.prior`), its terms are words, too, and :func:`netral.fit.classifier.fit` adds its coefficients to those it
    learned; the ``fit`` of a scikit-learn pipeline does not.

    The same words weigh otherwise in other contexts (:mod:`netral.text.contexts`): for each context in ``interaction`` every feature
    stands once more, 0 in posts that are not in it (as for a domain of its own in Daumé 2007).

    Parameters
    ----------
    families : sequence of str
        Some of ``words``, ``stems``, ``chars``.
    words, stems, chars : Family
        n-gram range, smallest document frequency, most features; by default those of :class:`netral.params.Train`.
    stem : str
        ``sastrawi`` or ``none``.
    names : str
        ``drop``: what the posts to learn from write like proper names is not learned from (:mod:`netral.fit.names`), nor are handles,
        links and numbers of persons. That somebody is named counts beside other words alone ("pilih <CALON>"): campaign posts name a
        candidate, and so do headlines. ``keep``: all is.
    interaction : sequence of str
        Some of :data:`netral.params.CONTEXTS`; empty: features count alike in all posts.

    Attributes
    ----------
    vocabulary_ : dict of str to Vocabulary
    n_features_ : int
    prior_ : float64 array of shape (n_features_,)
        Coefficients of the prior, to be added to those that are learned; 0 without one.
    pooled_ : dict or None
        What that prior is (``about``) and its ``strength``.
    """

    def __init__(
        self,
        families: Sequence[str] = FAMILIES,
        words: Family | None = None,
        stems: Family | None = None,
        chars: Family | None = None,
        stem: str = "sastrawi",
        names: str = "keep",
        interaction: Sequence[str] = (),
    ) -> None:
        self.families = families
        self.words = words
        self.stems = stems
        self.chars = chars
        self.stem = stem
        self.names = names
        self.interaction = interaction

    def fit(self, X: Sequence[str] | Corpus, y: Any = None) -> Features:
        """Choose the vocabulary and weigh it.

        Parameters
        ----------
        X : sequence of str or Corpus, length n
            Prepared posts (clean, targets replaced).
        y : ignored
        """
        corpus = self.encode(X)
        return self._fit(self._to_learn_from(corpus), self._names(corpus))

    def fit_transform(self, X: Sequence[str] | Corpus, y: Any = None) -> sparse.csr_matrix:
        """Choose the vocabulary and return the features of the same posts, without their names where these are dropped.

        A post to be scored may share character n-grams or a stem with a dropped name; nothing is learned from those.
        """
        every = self.encode(X)
        corpus = self._to_learn_from(every)
        return self._fit(corpus, self._names(every)).transform(corpus)

    def transform(self, X: Sequence[str] | Corpus) -> sparse.csr_matrix:
        """Return the features, shape (n, n_features_)."""
        check_is_fitted(self)
        corpus = dataclasses.replace(self.encode(X), bare=None)
        corpus = corpus.anonymous() if self.names == "drop" else corpus
        weighers = [self._weigher(corpus.items, family) for family in self.vocabulary_]

        def weigh(start: int, end: int) -> sparse.csr_matrix:
            posts = corpus.take(np.arange(start, end))
            found = sparse.hstack([block for weigher in weighers for block in weigher(posts)], format="csr")
            contexts = posts.contexts
            there = [contexts >> CONTEXTS.index(context) & 1 > 0 for context in self.interaction]
            return sparse.hstack([found, *(_rows_of(found, rows) for rows in there)], format="csr") if there else found

        return _stacked(in_threads(weigh, len(corpus), BLOCK), self.n_features_)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray:
        """Return the names of the columns, each with its family."""
        check_is_fitted(self)
        names = [f"{family}:{name}" for family, vocabulary in self.vocabulary_.items() for name in feature_names(vocabulary)]
        again = [f"{context}*{name}" for context in self.interaction for name in names]
        return np.array(names + again, dtype=object)

    def contexts(self, found: sparse.csr_matrix) -> NDArray[np.int64]:
        """Return the contexts in ``interaction`` that the posts with the features ``found`` are in, as :attr:`Corpus.contexts` does.

        A post without a feature is in none.
        """
        size, numbers = self.n_features_ // (1 + len(self.interaction)), np.zeros(found.shape[0], np.int64)
        for place, context in enumerate(self.interaction, 1):
            there = np.diff(found[:, place * size : (1 + place) * size].indptr) > 0
            numbers |= there.astype(np.int64) << CONTEXTS.index(context)
        return numbers

    def transform_bare(self, X: Corpus) -> sparse.csr_matrix:
        """Return the features of the posts of ``X.bare``, whose names are not learned from either if those of ``X`` are not."""
        check_is_fitted(self)
        if X.bare is None:
            return sparse.csr_matrix((0, self.n_features_))
        return self.transform(self._to_learn_from(dataclasses.replace(X.bare[0], known_names=self._names(X))))

    def encode(self, X: Sequence[str] | Corpus) -> Corpus:
        """Encode prepared posts, unless they are already."""
        return X if isinstance(X, Corpus) else encode(X, self.stem)

    def settings_of(self, family: str) -> Family:
        """Return n-gram range, smallest document frequency and most features of ``words``, ``stems`` or ``chars``."""
        return getattr(self, family) or getattr(Train(), family)

    def _fit(self, corpus: Corpus, names: frozenset[str]) -> Features:
        self.vocabulary_: dict[str, Vocabulary] = {}
        prior = corpus.prior.within(self.settings_of("words").ngrams, names) if corpus.prior and "words" in self.families else None
        for family in FAMILIES:
            if family in self.families:
                settings = self.settings_of(family)
                if family == "chars":
                    self.vocabulary_[family] = choose_grams(corpus, settings)
                else:
                    alone = {CANDIDATE, NAMED} if self.names == "drop" else ()
                    self.vocabulary_[family] = choose_terms(corpus, family, settings, alone, prior if family == "words" else None)
        if corpus.space:
            self.vocabulary_["space"] = corpus.space
        known = np.zeros((1 + len(CONTEXTS), sum(map(width, self.vocabulary_.values()))))
        words = self.vocabulary_.get("words")  # the first family, if it is one
        if prior and isinstance(words, TermVocabulary):
            known[:, : width(words)] = prior.coefficients(words)
        self.pooled_ = {"about": prior.about, "strength": prior.strength} if prior else None
        # Where a context makes no difference here, all posts are weighed half as those in it.
        for place, context in enumerate(CONTEXTS, 1):
            if context not in self.interaction:
                known[0] += known[place] / 2
        self.prior_ = known[[0, *(1 + CONTEXTS.index(context) for context in self.interaction)]].ravel()
        self.n_features_ = len(self.prior_)
        return self

    def _names(self, corpus: Corpus) -> frozenset[str]:
        """Return the names that are not learned from, nor taken from a prior."""
        return corpus.known_names | corpus.written_as_names() if self.names == "drop" else frozenset()

    def _weigher(self, items: Items, family: str) -> Weigher:
        vocabulary = self.vocabulary_[family]
        if isinstance(vocabulary, GramVocabulary):
            low, high = self.settings_of("chars").ngrams
            return _gram_weigher(items, (low, high), vocabulary)
        if isinstance(vocabulary, Space):
            return _place_weigher(items, vocabulary)
        return _term_weigher(items, family, vocabulary)

    def _to_learn_from(self, corpus: Corpus) -> Corpus:
        return corpus.without_names() if self.names == "drop" else corpus


def _term_weigher(items: Items, family: str, vocabulary: TermVocabulary) -> Weigher:
    """Return what weighs the terms, and the pairs, of posts made of ``items``."""
    names, of, in_pairs = ids(items, family)
    size = len(vocabulary.terms)
    index = {term: i for i, term in enumerate(vocabulary.terms)}
    known = np.fromiter((index.get(name, -1) for name in names), np.int32, len(names))
    known = np.append(known, np.int32(-1))  # for items without a term
    in_pairs = known[in_pairs]
    table = KeyTable(pair_keys(vocabulary.pairs[:, 0], vocabulary.pairs[:, 1]))
    per_item = mapping(known[of], size, vocabulary.idf[:size])
    squares = per_item.power(2).sum(axis=1).A1

    def weigh(corpus: Corpus) -> tuple[sparse.csr_matrix, ...]:
        rows, first, second = corpus.pairs(in_pairs)
        column = table.find(pair_keys(first, second))
        hit = np.flatnonzero(column >= 0)
        hit = hit[first_of_each(rows[hit], column[hit])]
        rows, idf = rows[hit], vocabulary.idf[size:][column[hit]]
        root = norm(corpus.count() @ squares + np.bincount(rows, idf**2, len(corpus)))
        pairs = rows_matrix(rows, column[hit], idf / root[rows], (len(corpus), len(vocabulary.pairs)))
        return _divided(corpus.count(), root) @ per_item, pairs

    return weigh


def _place_weigher(items: Items, space: Space) -> Weigher:
    """Return what gives posts made of ``items`` their place: the sum of their words', weighed and divided as terms are."""
    index = {term: i for i, term in enumerate(space.terms)}
    known = np.fromiter((index.get(name, -1) for name in items.names), np.int32, len(items.names))
    per_item = mapping(known, len(space.terms), space.idf)
    squares = per_item.power(2).sum(axis=1).A1

    def weigh(corpus: Corpus) -> tuple[sparse.csr_matrix, ...]:
        divided = _divided(corpus.count(), norm(corpus.count() @ squares))
        return (sparse.csr_matrix((divided @ per_item) @ space.vectors),)

    return weigh


def _gram_weigher(items: Items, ngrams: tuple[int, int], vocabulary: GramVocabulary) -> Weigher:
    """Return what weighs the character n-grams of posts made of ``items``."""
    keys, _, counts = items.grams(*ngrams)
    place = np.searchsorted(keys, vocabulary.keys)
    there = np.append(keys, np.uint64(0))[place] == vocabulary.keys  # no key is 0
    column = np.full(len(keys), -1, np.int32)
    column[place[there]] = np.flatnonzero(there)
    counts = counts @ mapping(column, len(vocabulary.keys))
    squares = counts @ vocabulary.idf**2
    per_item = counts.multiply(vocabulary.idf).tocsr()

    def weigh(corpus: Corpus) -> tuple[sparse.csr_matrix, ...]:
        return (_divided(corpus.count(), norm(corpus.count() @ squares)) @ per_item,)

    return weigh


def _rows_of(block: sparse.csr_matrix, there: NDArray[np.bool_]) -> sparse.csr_matrix:
    """Return ``block`` with nothing in the rows that are not ``there``."""
    kept = np.repeat(there, np.diff(block.indptr))
    starts = np.append(0, np.cumsum(np.where(there, np.diff(block.indptr), 0)))
    return sparse.csr_matrix((block.data[kept], block.indices[kept], starts), shape=block.shape)


def _stacked(blocks: Iterable[sparse.csr_matrix], width: int) -> sparse.csr_matrix:
    """Put blocks of rows under each other, holding little more than the result: a million posts have two gigabytes of features."""
    indices, data, sizes = [], [], [np.zeros(1, np.int64)]
    for block in blocks:
        indices.append(block.indices)
        data.append(block.data)
        sizes.append(np.diff(block.indptr))
        del block
    starts = np.cumsum(np.concatenate(sizes))
    return sparse.csr_matrix((_joined(data, np.float64), _joined(indices, np.int32), starts), shape=(len(starts) - 1, width))


def _joined(parts: list[NDArray], kind: type[np.generic]) -> NDArray:
    """Concatenate ``parts`` and let go of each as soon as it is copied."""
    whole = np.empty(sum(map(len, parts)), kind)
    end = len(whole)
    while parts:
        part = parts.pop()
        whole[end - len(part) : end] = part
        end -= len(part)
    return whole


def _divided(counts: sparse.csr_matrix, root: NDArray[np.float64]) -> sparse.csr_matrix:
    """Return ``counts`` (each 1) divided by the norm of the row: times idf per item, that gives tf x idf / norm in one product."""
    return sparse.csr_matrix((np.repeat(1.0 / root, np.diff(counts.indptr)), counts.indices, counts.indptr), shape=counts.shape)
