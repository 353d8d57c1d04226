"""Prepared posts to item ids, batch by batch: what one process does for :func:`netral.fit.corpus.encode`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from netral.fit import names
from netral.text.analyser import encoder, stemmer
from netral.text.encode import BOUNDARY, Encoder


@dataclass(frozen=True)
class Part:
    """Some posts, with ids of their own.

    Attributes
    ----------
    items : list of str
        Item of each id, in the order in which they come; the boundary first.
    flat : int32 array of shape (total,)
        Item ids post after post, each post ended by a boundary.
    ends : int64 array of shape (n_posts,)
    named : bool array of shape (total,)
        Items that are written like names.
    words : list of str
        Small-letter words that stand within a sentence.
    uses, capitals : csr matrices of shape (n_posts, len(words))
        As :func:`netral.fit.names.count` gives them.
    """

    items: list[str]
    flat: NDArray[np.int32]
    ends: NDArray[np.int64]
    named: NDArray[np.bool_]
    words: list[str]
    uses: sparse.csr_matrix
    capitals: sparse.csr_matrix


class Encode:
    """Encode a batch of prepared posts with one kind of stemmer (its dictionary tells hashtags apart)."""

    def __init__(self, stem: str) -> None:
        self._stem = stem

    def __call__(self, texts: Sequence[str]) -> Part:
        """Return the posts with ids that depend on these posts alone, whatever the process did before."""
        known = _encoder(self._stem)
        encoded = known.encode_prepared(texts)
        ids, first, renumbered = np.unique(np.append(np.int32(BOUNDARY), encoded.items), return_index=True, return_inverse=True)
        order = np.argsort(first)
        place = np.empty(len(ids), np.int32)
        place[order] = np.arange(len(ids))
        items = known.items  # once: every look at it takes what has come since
        return Part([items[i] for i in ids[order].tolist()], place[renumbered[1:]], encoded.ends, encoded.named, *names.count(texts))


class Stem:
    """Stem a batch of words."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __call__(self, words: Sequence[str]) -> list[str]:
        """Return the stem of each word."""
        return [*map(_stemmer(self._kind), words)]


# Once for a process: what they have learned of earlier batches makes them faster and their results no different.
_stemmer = cache(stemmer)


@cache
def _encoder(stem: str) -> Encoder:
    return encoder(_stemmer(stem), None)
