"""Posts as counts of items, encoded once for all folds, families and values of C."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from netral.fit import names
from netral.fit.counts import rows_matrix
from netral.fit.encoding import Encode, Part, Stem
from netral.fit.parallel import spread
from netral.text import contexts, pairs
from netral.text.encode import BOUNDARY
from netral.text.growing import runs
from netral.text.hashing import CharGrams, first_of_each
from netral.text.mask import CANDIDATE
from netral.text.words import is_pairable, is_word

if TYPE_CHECKING:
    from netral.fit.vocabulary import Prior, Space

_CANDIDATE_ID = 1  # in every corpus

_BATCH = 16_384
_END = "\x00"  # the name of the boundary


class Items:
    """The distinct items of a corpus, and what each is made of.

    Parameters
    ----------
    names : list of str
        Item of each id.
    stem : str
        ``sastrawi`` or ``none``.
    """

    def __init__(self, names: list[str], stem: str) -> None:
        self.names = names
        self._stem = stem

    @cached_property
    def pairable(self) -> NDArray[np.bool_]:
        """Items that may be part of a bigram."""
        return np.fromiter(map(is_pairable, self.names), bool, len(self.names))

    @cached_property
    def contexts(self) -> NDArray[np.int64]:
        """The contexts that each item puts its post in (:mod:`netral.text.contexts`)."""
        return contexts.of_items(pa.array(self.names, pa.large_string()))

    @cached_property
    def stems(self) -> tuple[list[str], NDArray[np.int32]]:
        """The distinct stems, and the stem of each item (-1: it has none)."""
        of = np.full(len(self.names), -1, np.int32)
        items = [self.names[i] for i in np.flatnonzero(self.pairable)]
        words = [item for item in items if is_word(item)]
        stems = iter(chain.from_iterable(spread(Stem(self._stem), words, _BATCH, "stemming")))
        names: dict[str, int] = {}
        of[self.pairable] = [names.setdefault(next(stems) if is_word(item) else item, len(names)) for item in items]
        return list(names), of

    def grams(self, low: int, high: int) -> tuple[NDArray[np.uint64], Callable[[int], str], sparse.csr_matrix]:
        """Character n-grams: their distinct keys, the n-gram of a key's position, and counts (items x keys)."""
        if (low, high) not in self._grams:
            words = [i for i, item in enumerate(self.names) if is_word(item)]
            found = CharGrams([self.names[i] for i in words], low, high)
            order = np.argsort(found.keys)
            new = np.diff(found.keys[order], prepend=np.uint64(0)) != 0  # no key is 0
            keys, one = found.keys[order[new]], order[new]
            column = np.empty(len(order), np.int32)
            column[order] = np.cumsum(new) - 1
            owner = np.array(words, np.int32)[found.owner]
            counts = sparse.csr_matrix((np.ones(len(owner)), (owner, column)), shape=(len(self.names), len(keys)))

            def name(position: int) -> str:
                at = one[position]
                return found.text[found.start[at] : found.start[at] + found.length[at]]

            self._grams[low, high] = keys, name, counts
        return self._grams[low, high]

    @cached_property
    def _grams(self) -> dict[tuple[int, int], tuple[NDArray[np.uint64], Callable[[int], str], sparse.csr_matrix]]:
        return {}


@dataclass(frozen=True)
class Corpus:
    """Encoded posts.

    Attributes
    ----------
    items : Items
    flat : int32 array of shape (total,)
        Item ids post after post, each post ended by a boundary.
    ends : int64 array of shape (n_posts,)
    named : bool array of shape (total,)
        Items that are written like names where they stand (:class:`netral.text.encode.Encoded`).
    uses, capitals : csr matrices of shape (n_posts, n_items)
        How often each item stands within a sentence, and how often with a capital (:mod:`netral.fit.names`).
    known_names : frozenset of str
        Items that are names whatever these posts say.
    space : Space, optional
        Places of words, learned from other posts (:mod:`netral.fit.space`).
    prior : Prior, optional
        A model of words, learned from other posts (:mod:`netral.fit.prior`).
    told : int64 array of shape (n_posts,), optional
        The contexts of the posts as they are read in scoring, where words that told them are left out here.
    group : int array of shape (n_posts,), optional
        Near-duplicate group of each post: copies of a post are counted once where terms are chosen.
    bare : pair of Corpus and int array, optional
        The posts that read otherwise without their election's gazetteer, as they read then; and which posts they are.
    """

    items: Items
    flat: NDArray[np.int32]
    ends: NDArray[np.int64]
    named: NDArray[np.bool_]
    uses: sparse.csr_matrix
    capitals: sparse.csr_matrix
    known_names: frozenset[str] = frozenset()
    space: Space | None = None
    prior: Prior | None = None
    told: NDArray[np.int64] | None = None
    group: NDArray[np.int64] | None = None
    bare: tuple[Corpus, NDArray[np.int64]] | None = None

    def __len__(self) -> int:
        return len(self.ends)

    def take(self, rows: NDArray[np.integer]) -> Corpus:
        """Return the posts at ``rows``; none twice where posts bring along how they read without a gazetteer."""
        starts = np.concatenate([[0], self.ends[:-1] + 1])[rows]
        sizes = self.ends[rows] + 1 - starts
        after, place = np.cumsum(sizes), runs(starts, sizes)
        return dataclasses.replace(
            self,
            flat=self.flat[place],
            named=self.named[place],
            ends=after - 1,
            uses=self.uses[rows],
            capitals=self.capitals[rows],
            told=None if self.told is None else self.told[rows],
            group=None if self.group is None else self.group[rows],
            bare=self._take_bare(rows),
        )

    def _take_bare(self, rows: NDArray[np.integer]) -> tuple[Corpus, NDArray[np.int64]] | None:
        if self.bare is None:
            return None
        corpus, of = self.bare
        place = np.full(len(self), -1)
        place[rows] = np.arange(len(rows))
        there = np.flatnonzero(place[of] >= 0)
        return (corpus.take(there), place[of[there]]) if len(there) else None

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """The post of each item."""
        return np.repeat(np.arange(len(self.ends)), np.diff(self.ends, prepend=-1))

    @property
    def contexts(self) -> NDArray[np.int64]:
        """The contexts of each post (:mod:`netral.text.contexts`)."""
        return self.told if self.told is not None else contexts.of_posts(self.items.contexts[self.flat], self.rows, len(self))

    def written_as_names(self, share: float = names.SHARE) -> frozenset[str]:
        """Return the items that the posts write like proper names: at least so often with a capital."""
        return frozenset(self.items.names[i] for i in np.flatnonzero(names.are_names(self.uses, self.capitals, share)))

    def without_names(self) -> Corpus:
        """Return the posts without the items that they mostly write like proper names, and without masks; their neighbours stay apart.

        Where one stands with its capital within a sentence, somebody is named: it becomes the placeholder of a candidate.
        """
        is_name = names.are_names(self.uses, self.capitals)
        known = self.known_names.union(names.MASKED, (self.items.names[i] for i in np.flatnonzero(is_name)))
        is_name = np.fromiter((item.removeprefix("#") in known for item in self.items.names), bool, len(is_name))  # in tags, too
        found = self.anonymous()
        return dataclasses.replace(found, told=found.contexts, flat=np.where(is_name[found.flat], np.int32(BOUNDARY), found.flat))

    def anonymous(self) -> Corpus:
        """Return the posts with the placeholder of a candidate wherever a name stands."""
        flat, kept = pairs.without_names(self.flat, self.named, _CANDIDATE_ID)
        ends = np.cumsum(kept)[self.ends] - 1
        return dataclasses.replace(self, flat=flat[kept], ends=ends, named=np.zeros(int(kept.sum()), bool))

    @cached_property
    def _items_of_posts(self) -> sparse.csr_matrix:
        once = first_of_each(self.rows, self.flat)
        once = once[self.flat[once] != BOUNDARY]
        return rows_matrix(self.rows[once], self.flat[once], np.ones(len(once)), (len(self), len(self.items.names)))

    def count(self, of: NDArray[np.integer] | None = None, width: int = 0) -> sparse.csr_matrix:
        """Count the distinct items of each post, or what ``of`` maps them to (-1: nothing): shape (n_posts, width)."""
        return self._items_of_posts if of is None else self._items_of_posts @ mapping(of, width)

    @cached_property
    def groups(self) -> tuple[NDArray[np.int64], int]:
        """The near-duplicate group of each post, numbered from 0, and how many there are; each post its own where nobody said."""
        if self.group is None:
            return np.arange(len(self)), len(self)
        names, member = np.unique(self.group, return_inverse=True)
        return member, len(names)

    def pairs(self, of: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
        """Return the pairs of items (:mod:`netral.text.pairs`) that both have an id in ``of``: their post, first id, second id; by post."""
        ids = of[self.flat].astype(np.int32)
        first, second = pairs.find(ids, self.rows, int(of[_CANDIDATE_ID]))
        order = np.argsort(first, kind="stable")
        first, second = first[order], second[order]
        return self.rows[first], ids[first], ids[second]


def mapping(of: NDArray[np.integer], width: int, values: NDArray[np.float64] | None = None) -> sparse.csr_matrix:
    """Return the matrix (len(of), width) that turns counts of items into counts of what each maps to (-1: nothing), or values of that."""
    rows = np.flatnonzero(of >= 0)
    columns = of[rows]
    return rows_matrix(rows, columns, np.ones(len(rows)) if values is None else values[columns], (len(of), width))


def encode(texts: Sequence[str], stem: str, bare: Sequence[str] = ()) -> Corpus:
    """Encode prepared posts (clean, targets replaced).

    Parameters
    ----------
    texts : sequence of str
    stem : str
        ``sastrawi`` or ``none``.
    bare : sequence of str
        As they read without the gazetteer of their election; empty where that is the same.
    """
    other = {place: text for place, text in enumerate(bare) if text and text != texts[place]}
    if not other:
        return _encode(texts, stem)
    whole = _encode([*texts, *other.values()], stem)
    again = whole.take(np.arange(len(texts), len(whole)))
    return dataclasses.replace(whole.take(np.arange(len(texts))), bare=(again, np.array([*other])))


def _encode(texts: Sequence[str], stem: str) -> Corpus:
    ids = {_END: BOUNDARY, CANDIDATE: _CANDIDATE_ID}
    parts: list[Part] = []
    for part in spread(Encode(stem), texts, _BATCH, "encoding"):
        number = np.fromiter([ids.setdefault(item, len(ids)) for item in part.items], np.int32, len(part.items))
        parts.append(dataclasses.replace(part, items=[], flat=number[part.flat]))
    offsets = np.cumsum([0, *(len(part.flat) for part in parts)])
    ends = [part.ends + offset for part, offset in zip(parts, offsets, strict=False)]

    def counts(of: Callable[[Part], sparse.csr_matrix]) -> sparse.csr_matrix:
        nobody = sparse.csr_matrix((0, len(ids)), dtype=np.int32)
        return sparse.vstack([nobody, *(names.move(of(part), part.words, ids, len(ids)) for part in parts)], format="csr")

    return Corpus(
        Items([*ids], stem),
        np.concatenate([np.empty(0, np.int32), *(part.flat for part in parts)]),
        np.concatenate([np.empty(0, np.int64), *ends]),
        np.concatenate([np.empty(0, bool), *(part.named for part in parts)]),
        counts(lambda part: part.uses),
        counts(lambda part: part.capitals),
    )
