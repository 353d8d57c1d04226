"""Many posts at once to items: each distinct chunk is analysed once, then looked up (law 2).

A chunk is what stands between two spaces. Its items do not depend on its neighbours, but for the few things that
span chunks: spaced numbers, datelines, inserted links, names of several words, ballot numbers. A chunk that may be
part of one is marked, and a post with such marks is read as a whole (`prepare`): cleaned, its targets
replaced, then cut into chunks again. Both roads give the same items; a test holds them against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from netral.text.clean import clean
from netral.text.furniture import strip
from netral.text.mask import PLACEHOLDERS, mask
from netral.text.normalise import fold, normalise
from netral.text.targets import Targets, mask_ballot_numbers

#: Distinct chunks remembered before the tables are emptied (about 50 MB); results do not depend on it.
MAX_CHUNKS = 200_000
#: The item that ends every post; it has no features and breaks bigrams.
BOUNDARY = 0

_END = "\x00"
# Marks of a chunk. A post with a WHOLE chunk is read as a whole, and so is one where an OPENS chunk stands right
# before a CLOSES chunk. A LOOK chunk asks for a look at the post, which often finds nothing; so does a dash after a
# NAME (the end of a dateline) and "partai" before one.
_WHOLE, _OPENS, _CLOSES, _LOOK, _NAME, _DASH, _PARTY = 1, 2, 4, 8, 16, 32, 64
_LINKS = {"baca", "simak", "lihat", "tonton", "berita", "artikel", "pilihan"}
_NUMBER_WORDS = {"satu", "dua", "tiga", "empat", "lima"}
_BALLOT_WORDS = set(
    "nomor nomer nomr nmr nmer no paslon pasangan urut calon capres cawapres cagub cabup cawalkot caleg coblos cblos pilih plih milih "
    "memilih dukung menangkan menangin tusuk salam kubu pendukung tim relawan barisan".split()
)
_OPENING = _LINKS | _NUMBER_WORDS | _BALLOT_WORDS
_HIDDEN_DIGITS = {"x" * n for n in range(2, 13)}  # "0812 xxxx"
_CLOSING = {"juga", "selengkapnya", "terkait", "jari"} | _NUMBER_WORDS | _HIDDEN_DIGITS
_LOOKED_AT = set(
    "iklan diteruskan forwarded scroll gulir gambas advertisement advertisements editor penulis reporter pewarta kontributor".split()
)
_DASHES = re.compile("[–—―−]|--|-$")
_DASH_ALONE = re.compile("[–—―−-]+")
_NAME_LIKE = re.compile(r"[^a-z]|.*[.)>]|dan$|di$")  # what may stand before the dash of a dateline
_BROKEN = re.compile(r"[ÂÃâðïÅÄ]|\[Gambas:")
# What cleaning could change within one chunk; without it the chunk is clean as it stands.
_UNCLEAN = re.compile(
    r"[^ -~\u00a1-\uffff\U0001f000-\U0001faff]|[@&<]|https?:|www\."
    r"|\.(?:com|net|org|id|info|xyz|gov|edu)\b|\.[a-z]{2,24}/|(?:\d\D?){6}|\d\W{0,2}xx|\[gambas",
    re.IGNORECASE,
)
_PLACED = re.compile("<(?:" + "|".join(PLACEHOLDERS) + ")>")
_HANDLE = re.compile(r"@[A-Za-z0-9_]+[:,.]*")
_DIGIT_END = re.compile(r"\d\W*$|\d.*[)x]$|xx$", re.IGNORECASE)
_DIGIT_START = re.compile(r"\W*\d|xx|[:#.]+$", re.IGNORECASE)
_MAYBE_NUMBER = re.compile(r"\d|xx|satu|dua|tiga|empat|lima|^[:#.]+$", re.IGNORECASE)
_PUNCTUATION = ".,;:\"'()"
_WORDS = re.compile(r"\w+")


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
    tokenise : callable of str to list of str
        Cuts one clean chunk into items (:class:`netral.text.words.Tokeniser`).
    targets : Targets
        What is replaced by placeholders.
    max_chunks : int
        Bound of the memory.

    Attributes
    ----------
    items : list of str
        Item of each id; ``items[0]`` is the boundary. It grows, until the tables are emptied.
    generation : int
        How often the tables were emptied: ids are valid within one generation.
    """

    def __init__(self, tokenise: Callable[[str], list[str]], targets: Targets, max_chunks: int = MAX_CHUNKS) -> None:
        self._tokenise = tokenise
        self._targets = targets
        self._max_chunks = max_chunks
        self._looked_at = _LOOKED_AT | targets.triggers
        self._special = _OPENING | _CLOSING | _LOOKED_AT | targets.triggers | targets.single | targets.party_words
        self.generation = -1
        self._empty()

    def _empty(self) -> None:
        self.generation += 1
        self._raw = _Table(self._analyse_raw)
        self._clean = _Table(self._analyse_clean)
        self.items: list[str] = [_END]
        self._ids = {_END: BOUNDARY}
        self._raw[_END] = self._clean[_END] = 0
        # Per distinct chunk: its items as a run of _flat, and its marks. Lists while they grow, arrays to look up.
        self._flat: list[int] = [BOUNDARY]
        self._runs: list[int] = [0, 1]
        self._marks: list[int] = [0]
        self._arrays = (np.zeros(1, np.int32), np.array([0, 1]), np.zeros(1, np.uint8))

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Encode raw posts."""
        if len(self._raw) + len(self._clean) > self._max_chunks:
            self._empty()
        if not len(texts):
            return Encoded(np.empty(0, np.int32), np.empty(0, np.int64))
        chunks = self._look_up(self._raw, texts)
        ends = np.flatnonzero(chunks == 0)
        marks = self._tables()[2][chunks]
        whole = (marks & _WHOLE) != 0
        whole[:-1] |= ((marks[:-1] & _OPENS) != 0) & ((marks[1:] & _CLOSES) != 0)
        looks = np.unique(np.searchsorted(ends, _places_to_look(marks)))
        hard = np.unique(np.searchsorted(ends, np.flatnonzero(whole)))
        found = [row for row in np.setdiff1d(looks, hard, assume_unique=True) if self._spans_chunks(texts[row])]
        hard = np.union1d(hard, np.array(found, np.int64))
        if len(hard):
            again = self._look_up(self._clean, [self.prepare(texts[i]) for i in hard])
            chunks, ends = _replace_rows(chunks, ends, hard, again)
        return self._expand(chunks, ends)

    def encode_prepared(self, texts: Sequence[str]) -> Encoded:
        """Encode posts that went through :meth:`prepare` (the training side, which replaces each election's own names)."""
        if len(self._clean) > self._max_chunks:
            self._empty()
        if not len(texts):
            return Encoded(np.empty(0, np.int32), np.empty(0, np.int64))
        chunks = self._look_up(self._clean, texts)
        return self._expand(chunks, np.flatnonzero(chunks == 0))

    def prepare(self, text: str) -> str:
        """Clean one post and replace its targets."""
        return self._targets(clean(text))

    def _look_up(self, table: _Table, texts: Sequence[str]) -> NDArray[np.int32]:
        joined = " \x00 ".join(texts)
        if joined.count(_END) != len(texts) - 1:
            joined = " \x00 ".join([text.replace(_END, " ") for text in texts])
        return np.fromiter(chain(map(table.__getitem__, joined.split()), (0,)), np.int32)

    def _tables(self) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.uint8]]:
        """The chunk tables as arrays, extended by what is new since the last call."""
        flat, runs, marks = self._arrays
        if len(marks) < len(self._marks):
            self._arrays = flat, runs, marks = (
                np.concatenate([flat, np.array(self._flat[len(flat) :], np.int32)]),
                np.concatenate([runs, np.array(self._runs[len(runs) :], np.int64)]),
                np.concatenate([marks, np.array(self._marks[len(marks) :], np.uint8)]),
            )
        return self._arrays

    def _expand(self, chunks: NDArray[np.int32], ends: NDArray[np.int64]) -> Encoded:
        flat, runs, _ = self._tables()
        start = runs[chunks]
        count = runs[chunks + 1] - start
        after = np.cumsum(count)
        place = np.arange(after[-1]) + np.repeat(start - (after - count), count)
        return Encoded(flat[place], after[ends] - 1)

    def _add(self, items: list[str], marks: int) -> int:
        ids = self._ids
        for item in items:
            number = ids.get(item)
            if number is None:
                number = ids[item] = len(self.items)
                self.items.append(item)
            self._flat.append(number)
        self._runs.append(len(self._flat))
        self._marks.append(marks)
        return len(self._marks) - 1

    def _analyse_clean(self, chunk: str) -> int:
        return self._add(self._tokenise(chunk), 0)

    def _spans_chunks(self, text: str) -> bool:
        """Say whether furniture or a name of several words stands in a post that has only LOOK marks."""
        text = normalise(text)
        masked = mask(text)
        return strip(text) != text or strip(masked) != masked or self._targets.span_words(masked)

    def _analyse_raw(self, chunk: str) -> int:
        """Analyse a chunk as received; the common kinds first."""
        if chunk.isascii():
            core = chunk.strip(_PUNCTUATION)
            if core.isalpha():
                small = core.lower()
                if small not in self._special and not small.startswith(("http", "www")):
                    return self._add(self._tokenise(core), 0 if chunk == small and small not in ("dan", "di") else _NAME)
            elif chunk.startswith(("http://", "https://")) and not any(c in chunk for c in "&@<>"):
                return self._add(["<URL>"], _NAME)
            elif _HANDLE.fullmatch(chunk):
                return self._add(["<USER>"], _NAME)
            return self._analyse_odd(chunk, clean(chunk) if _UNCLEAN.search(chunk) else chunk)
        text = fold(chunk)
        if _BROKEN.search(text):
            return self._add([], _WHOLE)
        return self._analyse_odd(chunk, clean(chunk) if _UNCLEAN.search(text) or text != normalise(text) else text)

    def _analyse_odd(self, chunk: str, text: str) -> int:
        """Analyse a chunk that is more than letters (``text``: the same, clean): mark what its neighbours could make of it."""
        changed = text is not chunk
        # A chunk that is gone makes its neighbours neighbours of each other.
        if (changed and (not text or len(text.split()) > 1)) or ("<" in text and "<" in _PLACED.sub("", text)):
            return self._add([], _WHOLE)
        words = _WORDS.findall(text.lower())
        marks = self._number_marks(text) | (self._number_marks(chunk) if changed else 0)
        if marks & _WHOLE:
            return self._add([], _WHOLE)
        if not self._special.isdisjoint(words):
            marks |= 0 if self._looked_at.isdisjoint(words) else _LOOK
            marks |= _OPENS if words[-1] in _OPENING else 0
            marks |= _CLOSES if words[0] in _CLOSING or words[0] in self._targets.party_words else 0
            if words == ["partai"]:
                marks = _OPENS | _PARTY
            text = self._targets(text)
            if "<CALON>" in text:  # it takes in what stands beside it
                return self._add([], _WHOLE)
            marks |= _CLOSES if "<PARTAI>" in text else 0
        elif "#" in text:
            text = self._targets(text)
        if _DASHES.search(chunk) or (changed and _DASHES.search(text)):
            marks |= _DASH if _DASH_ALONE.fullmatch(chunk) else _LOOK
        if _NAME_LIKE.match(chunk) or (changed and _NAME_LIKE.match(text)):
            marks |= _NAME
        return self._add(self._tokenise(text), marks)

    def _number_marks(self, text: str) -> int:
        """Mark a chunk that may be part of a number of several chunks, or of a ballot number."""
        if not _MAYBE_NUMBER.search(text):
            return 0
        if mask_ballot_numbers(text) != text:
            return _WHOLE
        return (_OPENS if _DIGIT_END.search(text) else 0) | (_CLOSES if _DIGIT_START.match(text) else 0)


def _places_to_look(marks: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the chunks that ask for a look at their post."""
    look = np.flatnonzero(marks & (_LOOK | _DASH | _PARTY))
    kind = marks[look]
    name = marks & _NAME
    beside = np.where(kind & _DASH, name[np.maximum(look - 1, 0)], name[np.minimum(look + 1, len(marks) - 1)])
    return look[((kind & _LOOK) != 0) | (beside != 0)]


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
