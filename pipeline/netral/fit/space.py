"""A space of words, learned from posts without labels: words that stand beside the same words lie close together.

Positive pointwise mutual information of near neighbours, reduced by a truncated SVD (Levy, Goldberg & Dagan 2015). A few
thousand labelled posts know few words of the next election; in the space, what they teach of one word holds for its
neighbours too. A post is the weighted sum of its words' places, not normalised after that, so that what a classifier
learns there folds into one weight per word: scoring costs no more than for any other word.

One space comes with netral (``space.npz``, made by :mod:`netral.fit.make_space`); ``train.unlabelled`` learns another.
"""

from __future__ import annotations

from collections.abc import Set
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from netral.files import atomic
from netral.fit.corpus import Corpus
from netral.fit.vocabulary import Space, smooth_idf
from netral.model.artifact import pack, unpack
from netral.text.words import is_pairable

#: Dimensions; from 30 to 200 little changes.
DIMENSIONS = 50
#: Posts that a word must stand in: the place of a rarer one is noise.
MIN_DF = 15
#: Words at most, the most frequent ones.
MAX_WORDS = 30_000
#: How far a word's neighbours stand from it.
WINDOW = 2

#: The space that comes with netral.
BUNDLED = Path(__file__).with_name("space.npz")

_STEPS = 127  # a stored coordinate is a whole number of these parts of one
_SMOOTHING = 0.75  # context distribution smoothing (Levy et al. 2015): without this power of their counts rare contexts look telling


def learn(corpus: Corpus, names: Set[str] = frozenset(), min_df: int = MIN_DF) -> Space | None:
    """Learn the space of a corpus.

    Parameters
    ----------
    corpus : Corpus
        Posts without labels.
    names : set of str
        Words that get no place: a name lies near the names of its own camp and time.
    min_df : int
        Posts that a word must stand in.

    Returns
    -------
    Space or None
        Places have length 1. None if too few words are frequent enough.
    """
    items = corpus.items.names
    frequency = np.bincount(corpus.count().indices, minlength=len(items))
    there = [i for i in np.flatnonzero(frequency >= min_df) if is_pairable(items[i])]
    words = np.array(sorted(there, key=lambda i: (-frequency[i], items[i]))[:MAX_WORDS], np.int64)
    if len(words) <= DIMENSIONS:
        return None
    vectors = _reduce(_ppmi(_cooccurrences(corpus, words)))
    kept = sorted((i for i, word in enumerate(words) if items[word] not in names), key=lambda i: items[words[i]])
    idf = smooth_idf(frequency[words[kept]], len(corpus))
    return Space(tuple(items[words[i]] for i in kept), vectors[kept], idf)


def _cooccurrences(corpus: Corpus, words: NDArray[np.int64]) -> sparse.csr_matrix:
    """Count how often two words stand near each other in a post; symmetric."""
    number = np.full(len(corpus.items.names), -1, np.int32)
    number[words] = np.arange(len(words))
    ids = number[corpus.flat]
    counts = sparse.csr_matrix((len(words), len(words)))
    for step in range(1, WINDOW + 1):
        near = (ids[:-step] >= 0) & (ids[step:] >= 0) & (corpus.rows[:-step] == corpus.rows[step:])
        first, second = ids[:-step][near], ids[step:][near]
        counts += sparse.csr_matrix((np.ones(len(first)), (first, second)), shape=counts.shape)
    return (counts + counts.T).tocsr()


def _ppmi(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the positive pointwise mutual information of words and contexts."""
    word = np.asarray(counts.sum(axis=1)).ravel()
    context = word**_SMOOTHING
    found = counts.tocoo()
    value = np.log(found.data * context.sum() / (word[found.row] * context[found.col]))
    keep = value > 0
    return sparse.csr_matrix((value[keep], (found.row[keep], found.col[keep])), shape=counts.shape)


def _reduce(matrix: sparse.csr_matrix) -> NDArray[np.float64]:
    """Return the words' places, each of length 1 (0 for a word without neighbours)."""
    from sklearn.utils.extmath import randomized_svd

    left, size, _ = randomized_svd(matrix, DIMENSIONS, n_iter=4, random_state=0)
    vectors = left * np.sqrt(size)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(length > 0, length, 1.0)


@cache
def load(path: Path = BUNDLED) -> Space:
    """Read a space that :func:`store` wrote."""
    with np.load(path) as stored:
        vectors = stored["places"].astype(np.float64) / _STEPS
        return Space(tuple(unpack(stored["terms"], stored["offsets"])), vectors, stored["idf"].astype(np.float64))


def store(found: Space, about: str, path: Path) -> None:
    """Write a space, its coordinates rounded, and what it is from."""
    terms, offsets = pack(found.terms)
    places = np.round(found.vectors * _STEPS).astype(np.int8)
    with atomic(path) as file:
        np.savez_compressed(file, about=np.array(about), terms=terms, offsets=offsets, places=places, idf=found.idf.astype(np.float32))
