"""Many posts at once to items: each distinct chunk is analysed once, then looked up.

A chunk is what stands between two spaces. Its items do not depend on its neighbours, but for the few things that
span chunks: spaced numbers, datelines, inserted links, names of several words, ballot numbers. A chunk that may be
part of one is marked (:mod:`netral.text.chunks`), and a post with such marks is read as a whole (`prepare`): cleaned,
its targets replaced, then cut into chunks again. Both roads give the same items; a test holds them against each other.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netral.text.arrow import to_arrow, to_numpy
from netral.text.chunk_table import ChunkTable
from netral.text.chunks import GONE, PLAIN, SHAPE, ChunkReader
from netral.text.clean import clean
from netral.text.growing import runs
from netral.text.many import Texts, prepare_all, received, strings
from netral.text.mask import CANDIDATE
from netral.text.naming import Naming
from netral.text.neighbours import places_to_look_at, places_to_read
from netral.text.pairs import without_names
from netral.text.plain import find_plain
from netral.text.quotes import unquote
from netral.text.shape import QUOTE, TITLE, kinds, like_names, long_words, shape
from netral.text.spans import Spans
from netral.text.targets import Targets
from netral.text.words import Tokeniser, is_word

#: Distinct chunks remembered before those that were seen once are forgotten (about 110 MB); results do not depend on it.
MAX_CHUNKS = 500_000
#: The item that ends every post; it has no features and breaks bigrams.
BOUNDARY = 0
#: Items from the first look up to the first word say what a post looks like; they stand before its boundary.
FIRST_LOOK, FIRST_WORD = 1, 3
#: The item that stands for a candidate.
CANDIDATE_ID = 3

_END = "\x00"
# The first chunks end a post; which of them does says what the post looks like (:func:`netral.text.shape.kinds`).
_ENDS: tuple[tuple[str, ...], ...] = ((), (TITLE,), (QUOTE,), (TITLE, QUOTE))
_TITLES = 1  # the bit of those that end a title


@dataclass(frozen=True)
class Encoded:
    """Posts as items.

    Attributes
    ----------
    items : int32 array of shape (total,)
        Item ids, post after post; each post ends with :data:`BOUNDARY`.
    ends : int64 array of shape (n_posts,)
        Position of each post's boundary.
    named : bool array of shape (total,)
        Words that name somebody, and how these are addressed (:mod:`netral.text.naming`).
    """

    items: NDArray[np.int32]
    ends: NDArray[np.int64]
    named: NDArray[np.bool_]

    @classmethod
    def nothing(cls) -> Encoded:
        """Return no posts."""
        return cls(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, bool))

    def anonymous(self) -> Encoded:
        """Return the posts with :data:`CANDIDATE_ID` in the place of each name: whoever it names, "pilih Budi" is said of somebody."""
        items, kept = without_names(self.items, self.named, CANDIDATE_ID)
        return Encoded(items[kept], np.cumsum(kept)[self.ends] - 1, np.zeros(int(kept.sum()), bool))

    @property
    def rows(self) -> NDArray[np.int64]:
        """The post of each item; shape (total,)."""
        return np.repeat(np.arange(len(self.ends)), np.diff(self.ends, prepend=-1))


class Encoder:
    """Turn posts into item ids.

    Parameters
    ----------
    tokenise : Tokeniser
        Cuts one clean chunk into items.
    targets : Targets
        What is replaced by placeholders.
    common : collection of str
        Words that are no names, whatever letters they are written in.
    max_chunks : int
        Bound of the memory.
    """

    def __init__(self, tokenise: Tokeniser, targets: Targets, common: Collection[str] = (), max_chunks: int = MAX_CHUNKS) -> None:
        self._tokenise = tokenise
        self._targets = targets
        self._reader = ChunkReader(tokenise, targets)
        self._table = ChunkTable([*((*looks, _END) for looks in _ENDS), (CANDIDATE,)], max_chunks)
        self._naming = Naming(self._table.items, common, tokenise.word)
        # What is secret makes the keys of chunks as received, and of those that were cleaned with their post.
        self._raw, self._clean = (int.from_bytes(os.urandom(8), "little") for _ in range(2))

    @property
    def items(self) -> list[str]:
        """Item of each id: the boundary, the looks, then words as they come. It grows, until chunks are forgotten."""
        return self._table.items.names

    def strings(self, start: int) -> pa.Array:
        """Return the items from an id on, as large Arrow strings."""
        return self._table.items.strings(start)

    @property
    def generation(self) -> int:
        """How often chunks were forgotten: ids are valid within one generation."""
        return self._table.generation

    @property
    def kept(self) -> NDArray[np.integer]:
        """The ids that the items had in the generation before."""
        return self._table.kept

    def encode(self, texts: Texts) -> Encoded:
        """Encode raw posts."""
        self._table.forget_rare()
        if not len(texts):
            return Encoded.nothing()
        posts = strings(texts)
        chunks = self._look_up(received(posts), cleaned=False)
        return self._expand(*self._read_whole(posts, chunks, np.flatnonzero(chunks == 0)))[0]

    def encode_prepared(self, texts: Texts) -> Encoded:
        """Encode posts that went through :meth:`prepare` (the training side, which replaces each election's own names)."""
        return self.encode_with_chunks(texts)[0]

    def encode_with_chunks(self, texts: Texts) -> tuple[Encoded, NDArray[np.int64]]:
        """Encode prepared posts; return as well which chunk each item is of, counted through all posts, an end of a post as one."""
        self._table.forget_rare()
        if not len(texts):
            return Encoded.nothing(), np.empty(0, np.int64)
        chunks = self._look_up(strings(texts), cleaned=True)
        encoded, after = self._expand(chunks, np.flatnonzero(chunks == 0))
        return encoded, np.repeat(np.arange(len(after)), np.diff(after, prepend=0))

    def prepare(self, text: str) -> str:
        """Clean one post, replace its targets and leave out what it quotes."""
        return unquote(self._targets(clean(self._targets.name_handles(text))))

    def prepare_all(self, texts: pa.Array) -> pa.Array:
        """Prepare many posts (large Arrow strings)."""
        return prepare_all(texts, self._targets)

    def _read_whole(
        self, posts: pa.Array, chunks: NDArray[np.int32], ends: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Put other chunks in the place of posts whose chunks do not stand alone; return all chunks and where posts end."""
        marks = self._table.marks[chunks]
        must = np.zeros(len(posts), bool)
        must[np.searchsorted(ends, places_to_read(marks))] = True
        may = must.copy()
        may[np.searchsorted(ends, places_to_look_at(marks, ends, posts))] = True
        rows = np.flatnonzero(may)
        if not len(rows):
            return chunks, ends
        whole = posts.take(to_arrow(rows))
        prepared = prepare_all(whole, self._targets)
        # Where it changes nothing, nothing spans chunks, and each was read right.
        other = must[rows] | to_numpy(pc.not_equal(prepared, whole))
        again = self._look_up(prepared.filter(to_arrow(other)), cleaned=True)
        return _replace_rows(chunks, ends, rows[other], again)

    def _look_up(self, texts: pa.Array, *, cleaned: bool) -> NDArray[np.int32]:
        """Return the numbers of all chunks, post after post; 0 after each post. A chunk is found by the key of its bytes."""
        spans, sizes = Spans.of(texts).split()
        keys = spans.keys(self._clean if cleaned else self._raw)
        numbers = self._table.find(keys)
        new = np.flatnonzero(numbers < 0)
        if len(new):
            distinct, first, which = np.unique(keys[new], return_index=True, return_inverse=True)
            numbers[new] = self._read(spans.strings(new[first]), distinct, cleaned=cleaned)[which]
        chunks = np.zeros(len(numbers) + len(texts), np.int32)
        chunks[np.arange(len(numbers)) + np.repeat(np.arange(len(texts)), sizes)] = numbers
        return chunks

    def _read(self, chunks: pa.Array, keys: NDArray[np.uint64], *, cleaned: bool) -> NDArray[np.int32]:
        """Read new chunks, those of the common kinds all at once and the others one by one; return their numbers."""
        counts, marks = (np.zeros(len(chunks), np.int32) for _ in range(2))
        found: list[tuple[NDArray[np.int64], NDArray[np.int32]]] = []  # where chunks stand, and their items
        for plain in find_plain(chunks, (lambda words: np.zeros(len(words), bool)) if cleaned else self._reader.are_more):
            ids, counts[plain.place] = self._once(plain.pieces, self._piece_ids(plain.pieces), plain.counts)
            marks[plain.place] = plain.marks >> SHAPE << SHAPE if cleaned else plain.marks
            found.append((plain.place, ids))
        odd = np.setdiff1d(np.arange(len(chunks)), np.concatenate([place for place, _ in found]), assume_unique=True)
        items: list[str] = []
        for place, chunk in zip(odd.tolist(), chunks.take(to_arrow(odd)).to_pylist(), strict=True):
            its, marks[place] = (self._tokenise(chunk), shape(chunk) << SHAPE) if cleaned else self._reader(chunk)
            counts[place] = len(its)
            items += its
        found.append((odd, self._table.items.number(pa.array(items, pa.large_string()))))
        ids = np.empty(counts.sum(), np.int32)
        starts = np.cumsum(counts) - counts
        for places, numbers in found:
            ids[runs(starts[places], counts[places])] = numbers
        return self._table.add(keys, counts, ids, marks)

    def _piece_ids(self, pieces: pa.Array) -> NDArray[np.int32]:
        """Return the ids of pieces of chunks; "makan" tells that of "Makan,"."""
        number = self._table.items.number
        like = np.maximum(self._table.find(Spans.of(pieces).keys(self._raw)), 0)
        known = self._table.marks[like] & PLAIN != 0
        ids = self._table.first_item(like)
        left = np.flatnonzero(~known)
        new = pieces.take(to_arrow(left))
        same = self._tokenise.are_items(new)
        ids[left[same]] = number(new.filter(to_arrow(same)))
        other = new.filter(to_arrow(~same)).dictionary_encode()
        others = number(pa.array(map(self._tokenise.item, other.dictionary.to_pylist()), pa.large_string()))
        ids[left[~same]] = others[other.indices.to_numpy()]
        return ids

    def _once(self, pieces: pa.Array, ids: NDArray[np.int32], counts: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Leave out items that are no words where the same one stands before them in the chunk: "!!!" is one mark."""
        chunk = np.repeat(np.arange(len(counts)), counts)
        again = np.flatnonzero((ids[1:] == ids[:-1]) & (chunk[1:] == chunk[:-1])) + 1
        _, first, which = np.unique(ids[again], return_index=True, return_inverse=True)
        words = np.array([is_word(self._tokenise.item(pieces[i].as_py())) for i in again[first].tolist()], bool)
        left_out = again[~words[which]]
        return np.delete(ids, left_out), counts - np.bincount(chunk[left_out], minlength=len(counts)).astype(np.int32)

    def _expand(self, chunks: NDArray[np.int32], ends: NDArray[np.int64]) -> tuple[Encoded, NDArray[np.int64]]:
        """Return the items of a sequence of chunks, and for each chunk where the next one's items begin."""
        self._table.use(chunks)
        marks = self._table.marks[chunks]
        chunks[ends] = kinds(marks >> SHAPE, ends)
        items, after = self._table.expand(chunks)
        place = like_names(marks >> SHAPE, marks == GONE)
        place = place[chunks[ends][np.searchsorted(ends, place)] & _TITLES == 0]
        first = after[place - 1]
        count = after[place] - first
        named = self._naming(items, first, count, long_words(marks[place] >> SHAPE), CANDIDATE_ID)
        return Encoded(items, after[ends] - 1, named), after


def _replace_rows(
    chunks: NDArray[np.int32], ends: NDArray[np.int64], rows: NDArray[np.int64], other: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Put the posts of ``other`` in the place of ``rows``; every post ends with chunk 0."""
    starts = np.concatenate([[0], ends[:-1] + 1])
    sizes = ends + 1 - starts
    other_ends = np.flatnonzero(other == 0)
    starts[rows] = np.concatenate([[0], other_ends[:-1] + 1]) + len(chunks)
    sizes[rows] = np.diff(other_ends, prepend=-1)
    return np.concatenate([chunks, other])[runs(starts, sizes)], np.cumsum(sizes) - 1
