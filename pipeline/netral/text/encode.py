"""Many posts at once to items: each distinct chunk is analysed once, then looked up (law 2).

A chunk is what stands between two spaces. Its items do not depend on its neighbours, but for the few things that
span chunks: spaced numbers, datelines, inserted links, names of several words, ballot numbers. A chunk that may be
part of one is marked (:mod:`netral.text.chunks`), and a post with such marks is read as a whole (`prepare`): cleaned,
its targets replaced, then cut into chunks again. Both roads give the same items; a test holds them against each other.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netral.text.chunks import CLOSES, COUNT, DASH, DIGITS, KINDS, LONG, LOOK, NAME, PARTAI, PLAIN, PUNCTUATION, SHAPE, WHOLE, ChunkReader
from netral.text.clean import clean
from netral.text.furniture import strip
from netral.text.mask import mask
from netral.text.normalise import normalise
from netral.text.shape import QUOTE, TITLE, kinds, shape
from netral.text.targets import Targets
from netral.text.words import Tokeniser

#: Distinct chunks remembered before those that were seen once are forgotten (about 80 MB); results do not depend on it.
MAX_CHUNKS = 300_000
#: The item that ends every post; it has no features and breaks bigrams.
BOUNDARY = 0
#: Items from the first look up to the first word say what a post looks like; they stand before its boundary.
FIRST_LOOK, FIRST_WORD = 1, 3

_END = "\x00"
# The first chunks end a post; which of them does says what the post looks like (:func:`netral.text.shape.kinds`).
_ENDS: tuple[tuple[str, ...], ...] = ((), (TITLE,), (QUOTE,), (TITLE, QUOTE))


@dataclass(frozen=True)
class Encoded:
    """Posts as items.

    Attributes
    ----------
    items : int32 array of shape (total,)
        Item ids, post after post; each post ends with :data:`BOUNDARY`.
    ends : int64 array of shape (n_posts,)
        Position of each post's boundary.
    """

    items: NDArray[np.int32]
    ends: NDArray[np.int64]

    @property
    def rows(self) -> NDArray[np.int64]:
        """The post of each item; shape (total,)."""
        return np.repeat(np.arange(len(self.ends)), np.diff(self.ends, prepend=-1))


class _Table(dict[str, int]):
    """Chunk → number, asking ``analyse`` for a new chunk."""

    def __init__(self, analyse: Callable[[str], int]) -> None:
        super().__init__()
        self._analyse = analyse

    def __missing__(self, chunk: str) -> int:
        number = self[chunk] = self._analyse(chunk)
        return number


class Encoder:
    """Turn posts into item ids.

    Parameters
    ----------
    tokenise : Tokeniser
        Cuts one clean chunk into items.
    targets : Targets
        What is replaced by placeholders.
    max_chunks : int
        Bound of the memory.

    Attributes
    ----------
    items : list of str
        Item of each id: the boundary, the looks, then words as they come. It grows, until chunks are forgotten.
    generation : int
        How often chunks were forgotten: ids are valid within one generation.
    kept : int array
        The ids that the items had in the generation before.
    """

    def __init__(self, tokenise: Tokeniser, targets: Targets, max_chunks: int = MAX_CHUNKS) -> None:
        self._tokenise = tokenise
        self._targets = targets
        self._read = ChunkReader(tokenise, targets)
        self._max_chunks = max_chunks
        self.generation = 0
        self.kept: NDArray[np.integer] = np.zeros(1, np.int32)
        self._raw = _Table(self._analyse_raw)
        self._clean = _Table(self._analyse_clean)
        self.items: list[str] = [_END]
        self._ids = {_END: BOUNDARY}
        # Per distinct chunk: its items as a run of _flat, and its marks. Lists while they grow, arrays to look up.
        self._flat, self._starts, self._counts, self._marks = (array("i") for _ in range(4))
        for looks in _ENDS:
            self._add((*looks, _END), 0)
        self._arrays = tuple(np.array(values, np.int32) for values in self._lists)
        self._uses = np.zeros(1, np.int64)

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Encode raw posts."""
        self._forget_rare()
        if not len(texts):
            return Encoded(np.empty(0, np.int32), np.empty(0, np.int64))
        chunks = self._look_up(self._raw, texts)
        ends = np.flatnonzero(chunks == 0)
        marks = self._tables()[3][chunks]
        hard = np.unique(np.searchsorted(ends, _places_to_read(marks)))
        looks = np.unique(np.searchsorted(ends, _places_to_look(marks)))
        found = [row for row in np.setdiff1d(looks, hard, assume_unique=True) if self._spans_chunks(texts[row])]
        hard = np.union1d(hard, np.array(found, np.int64))
        if len(hard):
            again = self._look_up(self._clean, [self.prepare(texts[i]) for i in hard])
            chunks, ends = _replace_rows(chunks, ends, hard, again)
        return self._expand(chunks, ends)

    def encode_prepared(self, texts: Sequence[str]) -> Encoded:
        """Encode posts that went through :meth:`prepare` (the training side, which replaces each election's own names)."""
        self._forget_rare()
        if not len(texts):
            return Encoded(np.empty(0, np.int32), np.empty(0, np.int64))
        chunks = self._look_up(self._clean, texts)
        return self._expand(chunks, np.flatnonzero(chunks == 0))

    def prepare(self, text: str) -> str:
        """Clean one post and replace its targets."""
        return self._targets(clean(text))

    def _look_up(self, table: _Table, texts: Sequence[str]) -> NDArray[np.int32]:
        """Return the numbers of all chunks, post after post; 0 after each post. Each distinct chunk of the batch is asked for once."""
        pieces = pc.utf8_split_whitespace(_strings(texts))
        distinct = pieces.values.dictionary_encode()
        numbers = np.fromiter(map(table.__getitem__, distinct.dictionary.to_pylist()), np.int32)
        sizes = np.diff(pieces.offsets.to_numpy())
        chunks = np.zeros(len(distinct) + len(texts), np.int32)
        chunks[np.arange(len(distinct)) + np.repeat(np.arange(len(texts)), sizes)] = numbers[distinct.indices.to_numpy()]
        return chunks

    @property
    def _lists(self) -> tuple[array[int], ...]:
        return self._flat, self._starts, self._counts, self._marks

    def _tables(self) -> tuple[NDArray[np.int32], ...]:
        """The chunk tables as arrays, extended by what is new since the last call."""
        self._arrays = tuple(
            np.concatenate([old, np.array(values[len(old) :], np.int32)]) if len(old) < len(values) else old
            for old, values in zip(self._arrays, self._lists, strict=True)
        )
        return self._arrays

    def _expand(self, chunks: NDArray[np.int32], ends: NDArray[np.int64]) -> Encoded:
        flat, starts, counts, marks = self._tables()
        uses = np.bincount(chunks, minlength=len(marks))
        uses[: len(self._uses)] += self._uses
        self._uses = uses
        chunks[ends] = kinds(marks[chunks] >> SHAPE, ends)
        start, count = starts[chunks], counts[chunks]
        after = np.cumsum(count, dtype=np.int64)
        place = np.arange(after[-1]) + np.repeat(start - (after - count), count)
        return Encoded(flat[place], after[ends] - 1)

    def _forget_rare(self) -> None:
        """Make room when the tables are full: keep the chunks that were used most, and at least twice, since the last time."""
        if len(self._marks) <= self._max_chunks:
            return
        flat, starts, counts, marks = self._tables()
        uses = np.append(self._uses, np.zeros(len(marks) - len(self._uses), np.int64))
        most = np.argsort(-uses, kind="stable")[: self._max_chunks // 2]
        keep = np.zeros(len(marks), bool)
        keep[most] = uses[most] >= 2
        keep[: len(_ENDS)] = True
        number = np.cumsum(keep) - 1
        starts, counts = starts[keep], counts[keep]
        after = np.cumsum(counts, dtype=np.int64)
        flat = flat[np.arange(after[-1]) + np.repeat(starts - (after - counts), counts)]
        self.kept, items = np.unique(flat, return_inverse=True)
        self.items = [self.items[i] for i in self.kept]
        self._ids = {item: i for i, item in enumerate(self.items)}
        self._arrays = tuple(left.astype(np.int32) for left in (items, after - counts, counts, marks[keep]))
        self._flat, self._starts, self._counts, self._marks = (array("i", left.tobytes()) for left in self._arrays)
        for table in (self._raw, self._clean):
            left = {chunk: int(number[i]) for chunk, i in table.items() if keep[i]}
            table.clear()
            table.update(left)
        self._uses = np.zeros(len(self._marks), np.int64)
        self.generation += 1

    def _add(self, items: Iterable[str], marks: int) -> int:
        ids, start = self._ids, len(self._flat)
        for item in items:
            number = ids.get(item)
            if number is None:
                number = ids[item] = len(self.items)
                self.items.append(item)
            self._flat.append(number)
        return self._add_run(start, len(self._flat) - start, marks)

    def _add_run(self, start: int, count: int, marks: int) -> int:
        self._starts.append(start)
        self._counts.append(count)
        self._marks.append(marks)
        return len(self._marks) - 1

    def _analyse_raw(self, chunk: str) -> int:
        if chunk.isascii():
            like = self._raw.get(chunk.strip(PUNCTUATION).lower())
            if like is not None and self._marks[like] & PLAIN:  # "Makan," where "makan" is known
                return self._add_run(self._starts[like], self._counts[like], NAME | shape(chunk) << SHAPE)
        return self._add(*self._read(chunk))

    def _analyse_clean(self, chunk: str) -> int:
        return self._add(self._tokenise(chunk), shape(chunk) << SHAPE)

    def _spans_chunks(self, text: str) -> bool:
        """Say whether furniture or a name of several words stands in a post that has only LOOK marks."""
        text = normalise(text)
        masked = mask(text)
        return strip(masked) != masked or (masked != text and strip(text) != text) or self._targets.span_words(masked)


def _strings(texts: Sequence[str]) -> pa.Array:
    """Return Arrow strings; lone surrogates, which UTF-8 cannot hold, become "?" as in :func:`netral.text.normalise.normalise`."""
    try:
        found = pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        found = pa.array([text.encode("utf-8", "replace").decode("utf-8") for text in texts], pa.large_string())
    if found.null_count:
        raise TypeError("found a post that is None, expected text; leave it out")
    return found


def _places_to_read(marks: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return chunks whose post is to be read as a whole."""
    opens, closes = marks[:-1] & KINDS, (marks[1:] >> CLOSES) & KINDS
    both = opens & closes
    pair = (both & ~np.int32(DIGITS)) != 0
    # Numbers beside each other are one number of a person only if they have digits enough, which eight chunks around must show.
    digits = np.append(0, np.cumsum((marks >> COUNT) & LONG))
    numbers = np.flatnonzero(both & DIGITS)
    around = digits[np.minimum(numbers + 5, len(marks))] - digits[np.maximum(numbers - 3, 0)]
    return np.concatenate([np.flatnonzero(marks & WHOLE), np.flatnonzero(pair), numbers[around >= LONG]])


def _places_to_look(marks: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the chunks that ask for a look at their post."""
    look = np.flatnonzero(marks & (LOOK | DASH | PARTAI))
    kind = marks[look]
    name = marks & NAME
    beside = np.where(kind & DASH, name[np.maximum(look - 1, 0)], name[np.minimum(look + 1, len(marks) - 1)])
    return look[((kind & LOOK) != 0) | (beside != 0)]


def _replace_rows(
    chunks: NDArray[np.int32], ends: NDArray[np.int64], rows: NDArray[np.int64], other: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Put the posts of ``other`` in the place of ``rows``; every post ends with chunk 0."""
    starts = np.concatenate([[0], ends[:-1] + 1])
    sizes = ends + 1 - starts
    other_ends = np.flatnonzero(other == 0)
    starts[rows] = np.concatenate([[0], other_ends[:-1] + 1]) + len(chunks)
    sizes[rows] = np.diff(other_ends, prepend=-1)
    after = np.cumsum(sizes)
    place = np.arange(after[-1]) + np.repeat(starts - (after - sizes), sizes)
    return np.concatenate([chunks, other])[place], after - 1
