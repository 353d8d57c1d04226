"""Near-duplicate posts: which ones must stay together when posts are split.

Two posts are near-duplicates if the sets of their word 3-shingles have a Jaccard similarity of at least a threshold;
groups are the connected components. There is no sampling and no seed: with shingles ordered from rare to common, two
sets that alike share one of their first few, so only posts that meet there are compared (prefix filter of Bayardo, Ma &
Srikant 2007). The search is exact but where more than a hundred distinct posts meet at one shingle.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from netral.fit.parallel import spread
from netral.text.hashing import mix

_WORD = re.compile(r"\w+")
_PLACEHOLDER = re.compile(r"<[A-Z]+>")
_BATCH = 10_000  # posts whose words are held at once as strings
_BUCKETS = 24  # bits of the hashed counts that tell which shingles stand there once
_BLOCK = 200_000  # pairs compared at once: bounds the memory
#: Posts that share a shingle are all compared up to this many; of more, each with the next ones in order of length.
_CROWD = 100


def group(texts: Sequence[str], threshold: float) -> NDArray[np.int64]:
    """Give near-duplicate posts the same number.

    Parameters
    ----------
    texts : sequence of str
        Clean texts. Case, punctuation and placeholders make no difference; posts of fewer than three words are
        near-duplicates only if their words are equal.
    threshold : float
        Jaccard similarity in (0, 1].

    Returns
    -------
    int64 array of shape (n,)
        A number per group, made of its words alone: the order of the posts makes no difference.
    """
    if not len(texts):
        return np.zeros(0, np.int64)
    names, tokens, sizes = _tokenise(texts)
    distinct, first, owner = np.unique(names, return_index=True, return_inverse=True)
    sets, size = _shingle_sets(tokens, (np.cumsum(sizes) - sizes)[first], sizes[first])
    del tokens
    component = np.arange(len(distinct))
    found: list[NDArray[np.int64]] = []
    for i, j in _candidates(sets, size, threshold):
        # A post that was copied ten thousand times makes millions of pairs: those known to be together are not compared.
        apart = component[i] != component[j]
        i, j = i[apart], j[apart]
        alike = _jaccard(sets, size, i, j) >= threshold - 1e-12
        found.append(np.stack([i[alike], j[alike]]))
        if sum(each.shape[1] for each in found) > len(distinct) // 20:
            component, found = _join(component, found), []
    component = _join(component, found)
    smallest = np.full(len(distinct), np.iinfo(np.int64).max)
    np.minimum.at(smallest, component, distinct)
    return smallest[component][owner]


def _join(component: NDArray[np.int64], found: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return the components (numbered by one of their posts each) after adding the pairs ``found``."""
    size = len(component)
    i, j = np.concatenate([np.stack([np.arange(size), component]), *found], axis=1)
    edges = coo_array((np.ones(len(i), np.int8), (i, j)), shape=(size, size))
    _, label = connected_components(edges, directed=False)
    return np.unique(label, return_index=True)[1][label]


def _tokenise(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64]]:
    """Return a 63-bit digest of the words of each post, the numbers (from 1) of all words, and how many each post has."""
    number: dict[str, int] = {}
    digests: list[bytes] = []
    tokens = [np.empty(0, np.uint32)]
    sizes: list[int] = []
    for digest, words, own, size in spread(_number, texts, _BATCH, "finding near-duplicates"):
        place = np.fromiter([number.setdefault(word, len(number) + 1) for word in words], np.uint32, len(words))
        digests.append(digest)
        tokens.append(place[own])
        sizes += size
    names = (np.frombuffer(b"".join(digests), ">u8").astype(np.uint64) >> np.uint64(1)).astype(np.int64)
    return names, np.concatenate(tokens), np.array(sizes, np.int64)


def _number(texts: Sequence[str]) -> tuple[bytes, list[str], NDArray[np.uint32], list[int]]:
    """Return the digests of some posts, their distinct words as they come, the place there of every word, and how many each post has."""
    found = [_words(text) for text in texts]
    digest = b"".join(hashlib.blake2b(" ".join(each).encode("utf-8", "replace"), digest_size=8).digest() for each in found)
    place: dict[str, int] = {}
    own = np.array([place.setdefault(word, len(place)) for word in chain.from_iterable(found)], np.uint32)
    return digest, [*place], own, [*map(len, found)]


def _words(text: str) -> list[str]:
    """Return the small-letter words of a post; of one without words, what else it holds."""
    text = (_PLACEHOLDER.sub(" ", text) if "<" in text else text).lower()
    return _WORD.findall(text) or ["".join(text.split())]


def _shingle_sets(tokens: NDArray[np.uint32], starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> tuple[csr_array, NDArray[np.int64]]:
    """Return a binary matrix (posts, shingles), the columns ordered from rare to common, and how many shingles each post has.

    Most shingles stand in one post alone: they count toward its size and have no column.
    """
    # Posts shorter than three words have one shingle, filled up with 0.
    counts = np.maximum(sizes - 2, 1)
    owner = np.repeat(np.arange(len(sizes), dtype=np.int32), counts)
    place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    first, left = starts[owner] + place, sizes[owner] - place
    padded = np.append(tokens, np.zeros(3, np.uint32))
    shingle = np.zeros(len(owner), np.uint64)
    for k in range(3):
        shingle = mix(shingle + np.where(k < left, padded[first + k], np.uint32(0)))
    del first, left, place
    bucket = (shingle >> np.uint64(64 - _BUCKETS)).astype(np.int32)
    alone = np.bincount(bucket, minlength=1 << _BUCKETS)[bucket] == 1
    size = np.bincount(owner[alone], minlength=len(sizes))
    keys, column = np.unique(shingle[~alone], return_inverse=True)
    matrix = coo_array((np.ones(len(column), np.int32), (owner[~alone], column)), shape=(len(sizes), len(keys))).tocsr()
    matrix.data[:] = 1
    rank = np.empty(len(keys), np.int32)
    # Ties go by the key, so that the order of the posts makes no difference.
    rank[np.argsort(np.bincount(matrix.indices, minlength=len(keys)), kind="stable")] = np.arange(len(keys))
    ordered = csr_array((matrix.data, rank[matrix.indices], matrix.indptr), shape=matrix.shape)
    ordered.sort_indices()
    return ordered, size + np.diff(matrix.indptr)


def _candidates(sets: csr_array, size: NDArray[np.int64], threshold: float) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield blocks of pairs (i, j) of posts that may be as alike as ``threshold``."""
    prefix = size - np.ceil(threshold * size - 1e-9).astype(np.int64) + 1
    shared = np.diff(sets.indptr)
    prefix -= size - shared  # the rarest shingles come first: those that stand in this post alone
    place = np.arange(sets.nnz) - np.repeat(sets.indptr[:-1], shared)
    kept = place < np.repeat(prefix, shared)
    post = np.repeat(np.arange(sets.shape[0], dtype=np.int64), shared)[kept]
    shingle = sets.indices[kept]
    order = np.lexsort((post, size[post], shingle))
    post, shingle = post[order], shingle[order]
    crowd_start = np.flatnonzero(np.diff(shingle, prepend=-1))
    crowd_stop = np.append(crowd_start, len(post))[1:]
    crowd_end = np.repeat(crowd_stop, crowd_stop - crowd_start)
    waiting: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    here = np.arange(len(post))
    for step in range(1, _CROWD):
        here = here[here + step < crowd_end[here]]
        i, j = post[here], post[here + step]
        # Sorted by size within a crowd: once the next post is too long, so are those after it.
        near = size[i] >= threshold * size[j] - 1e-9
        here, i, j = here[near], i[near], j[near]
        if not len(here):
            break
        waiting.append((np.minimum(i, j), np.maximum(i, j)))
        if sum(len(each) for each, _ in waiting) >= 10 * _BLOCK:
            yield from _blocks(waiting, sets.shape[0])
            waiting = []
    yield from _blocks(waiting, sets.shape[0])


def _blocks(pairs: list[tuple[NDArray[np.int64], NDArray[np.int64]]], posts: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    if not pairs:
        return
    once = np.unique(np.concatenate([i * posts + j for i, j in pairs]))
    for start in range(0, len(once), _BLOCK):
        yield np.divmod(once[start : start + _BLOCK], posts)


def _jaccard(sets: csr_array, size: NDArray[np.int64], i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the similarity of each pair of rows."""
    shared = sets[i].multiply(sets[j]).sum(axis=1)
    return shared / (size[i] + size[j] - shared)
