"""Why this probability: each word of the original post and what it adds to the log-odds.

The parts are exact: with the intercept they sum to the classifier's log-odds (calibration apart). A stem, a character
n-gram or half a bigram counts toward the word that it came from; a word that stands several times counts once, where it
stands first. A name is one word, however many it has, and shows as a placeholder. What the post looks like as a whole (a title,
quoted speech) comes first, and stands for all of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netral.errors import UsageError
from netral.model.scorer import Scorer, find_pairs
from netral.text.clean import clean
from netral.text.encode import CANDIDATE_ID, FIRST_LOOK, FIRST_WORD
from netral.text.hashing import first_of_each
from netral.text.pairs import without_names

_CHUNK = re.compile(r"\S+")
_COMPARED = 40_000  # pairs of chunks that are compared at once
_PLACEHOLDER = re.compile(r"<[A-Z]+>")
_SENTENCES = {
    "id": {
        "head": "Peluang memihak {probability:.1%}, keputusan: {decision} (untuk ditinjau manusia, bukan bukti pelanggaran).",
        "part": "{sign} {weight:+.2f}  {term}",
        "start": "Titik awal model {intercept:+.2f}; jumlah {log_odds:+.2f} (log-odds sebelum kalibrasi).",
        "none": "Tidak ada kata yang dikenal model.",
    },
    "en": {
        "head": "Probability of taking a side {probability:.1%}, decision: {decision} (for a person to review, no finding).",
        "part": "{sign} {weight:+.2f}  {term}",
        "start": "The model starts at {intercept:+.2f}; sum {log_odds:+.2f} (log-odds before calibration).",
        "none": "The model knows no word of it.",
    },
}


@dataclass(frozen=True)
class Reason:
    """A word of the post and its part.

    Attributes
    ----------
    term : str
        The word as it stands, or the placeholder where it was masked; ``<JUDUL>`` or ``<KUTIPAN>`` for the look of the whole post.
    weight : float
        What it adds to the log-odds; above 0 speaks for `partisan`.
    start, end : int
        Where it stands in the original text.
    """

    term: str
    weight: float
    start: int
    end: int


@dataclass(frozen=True)
class Explanation:
    """An explained post; ``intercept + sum(weights) == log_odds``."""

    probability: float
    decision: str
    intercept: float
    log_odds: float
    words: tuple[Reason, ...]

    def reasons(self, limit: int = 5) -> list[dict[str, Any]]:
        """Return the heaviest words first, ready for JSON."""
        heavy = sorted((word for word in self.words if word.weight), key=lambda word: -abs(word.weight))
        return [{"term": w.term, "weight": round(w.weight, 4), "start": w.start, "end": w.end} for w in heavy[:limit]]

    def render(self, language: str = "id", limit: int = 10) -> str:
        """Say it in plain Indonesian (``id``) or English (``en``).

        Raises
        ------
        UsageError
            If it is another language.
        """
        if language not in _SENTENCES:
            raise UsageError(f"language {language}: known are {' and '.join(_SENTENCES)}")
        say = _SENTENCES[language]
        lines = [say["head"].format(probability=self.probability, decision=self.decision)]
        reasons = self.reasons(limit)
        parts = [say["part"].format(sign="▲" if r["weight"] > 0 else "▼", weight=r["weight"], term=r["term"]) for r in reasons]
        lines += parts or [say["none"]]
        return "\n".join([*lines, say["start"].format(intercept=self.intercept, log_odds=self.log_odds)])


def explain(scorer: Scorer, text: str, probability: float, decision: str) -> Explanation:
    """Explain one post."""
    parts, spans = _parts(scorer, text)
    words = tuple(Reason(term, float(weight), start, end) for weight, (start, end, term) in zip(parts, spans, strict=True))
    intercept = scorer.weights.intercept
    return Explanation(probability, decision, intercept, float(intercept + parts.sum()), words)


def _parts(scorer: Scorer, text: str) -> tuple[NDArray[np.float64], list[tuple[int, int, str]]]:
    """Return the part of each look and word of the prepared post and where it stands in ``text``; a name is one word."""
    prepared = scorer.encoder.prepare(text)
    chunks = prepared.split()
    looks, items, chunk, head, named = _read(scorer, chunks, prepared)
    weights = _weights(scorer, np.append(items, looks))
    heads = np.unique(head)
    words = np.bincount(head[chunk], weights[: len(items)], len(chunks))[heads]
    spans = _spans(text, chunks)
    ends = {one: spans[place][1] for place, one in enumerate(head.tolist())}
    candidate = scorer.encoder.items[CANDIDATE_ID]
    there = [(spans[one][0], ends[one], candidate if one in named else spans[one][2]) for one in heads.tolist()]
    start, end = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    signs = [(start, end, f"<{scorer.encoder.items[look][1:].upper()}>") for look in looks]
    return np.append(weights[len(items) :], words), signs + there


def _read(
    scorer: Scorer, chunks: list[str], prepared: str
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64], set[int]]:
    """Read a prepared post as scoring does, and say which chunk each item is of.

    Returns
    -------
    looks : int32 array
        What the post looks like.
    items : int32 array of shape (n,)
        The items of its words.
    chunk : int64 array of shape (n,)
        The chunk of each.
    head : int64 array of shape (len(chunks),)
        The first chunk of the name that a chunk is part of; itself where it is part of none.
    named : set of int
        The heads of names.
    """
    # One "post" per chunk tells which items are whose; the post itself, what it looks like and, for that takes its words, who is named.
    encoded = scorer.encoder.encode_prepared([*chunks, prepared])
    whole = encoded.rows == len(chunks)
    is_look, is_word = (encoded.items >= FIRST_LOOK) & (encoded.items < FIRST_WORD), encoded.items >= FIRST_WORD
    items, chunk = encoded.items[is_word & ~whole], encoded.rows[is_word & ~whole]
    head, named = np.arange(len(chunks)), set[int]()
    if scorer.anonymous:
        is_name = encoded.named[is_word & whole]
        items, kept = without_names(encoded.items[is_word & whole], is_name, CANDIDATE_ID)
        for places in _names(is_name, kept):
            first, last = chunk[places[[0, -1]]]
            head[first : last + 1] = head[first]
            named.add(int(head[first]))
        items, chunk = items[kept], chunk[kept]
    return encoded.items[is_look & whole], items, chunk, head, named


def _weights(scorer: Scorer, items: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return what each item of one post adds to its log-odds; half of a pair goes to either of its items."""
    weights = np.zeros(len(items))
    if not len(items):
        return weights
    post, table = np.zeros(len(items), np.int64), scorer.table()
    once = first_of_each(post, items)
    context = int(np.bitwise_or.reduce(table.contexts.values[items]))
    for family in table.families:
        part, square = np.zeros(len(items)), family.squares.values[items[once]].sum()
        part[once] = family.parts(items[once], context)
        if family.terms:
            first, second, pair = find_pairs(family.ids.values, family.terms, items, post)
            half = family.terms.pair_weight[pair, context] / 2
            np.add.at(part, first, half)
            np.add.at(part, second, half)
            square += family.terms.pair_square[pair].sum()
        weights += part / np.sqrt(square if square > 0 else 1.0)
    return weights


def _names(named: NDArray[np.bool_], kept: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Return the places of the items of each name: one that is kept, and those behind it that are not."""
    number = np.cumsum(kept)
    ones = np.unique(number[named])
    return [np.arange(*ends) for ends in zip(np.searchsorted(number, ones), np.searchsorted(number, ones, "right"), strict=True)]


def _spans(text: str, prepared: list[str]) -> list[tuple[int, int, str]]:
    """Find each prepared chunk in the original text, by way of the clean one: cleaning deletes, targets join."""
    original = [(found.start(), found.end()) for found in _CHUNK.finditer(text)]
    cleaned = clean(text).split()
    to_original = _align([text[start:end] for start, end in original], cleaned)
    spans = []
    for chunk, (first, last) in zip(prepared, _align(cleaned, prepared), strict=True):
        start, end = original[to_original[first][0]][0], original[to_original[last][1]][1]
        placeholder = _PLACEHOLDER.search(chunk)
        same = to_original[first] == to_original[last] and chunk == cleaned[first]
        spans.append((start, end, placeholder[0] if placeholder else text[start:end] if same else chunk))
    return spans


def _align(before: list[str], after: list[str]) -> list[tuple[int, int]]:
    """For each chunk of ``after``: first and last chunk of ``before`` it came from. Equal chunks anchor, others share what is between."""
    found = [(0, len(before) - 1)] * len(after)
    for a, b, i, j in _matched(before, after):
        for k in range(i, j):
            first, end = (a + (k + step - i) * (b - a) // (j - i) for step in (0, 1))
            first = min(first, len(before) - 1)
            found[k] = (first, max(end - 1, first))
    return found


def _matched(before: list[str], after: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield which parts of two texts belong together, in time that grows with their length.

    What both begin and end with is told first. Long rests are parted at chunks that both have once, in the same order (a patience
    diff), and what is short enough then is compared by ``SequenceMatcher``, which compares each chunk with all like it.
    """
    rest = [(0, len(before), 0, len(after))]
    while rest:
        a, b, i, j = rest.pop()
        while a < b and i < j and before[a] == after[i]:
            yield a, a + 1, i, i + 1
            a, i = a + 1, i + 1
        while a < b and i < j and before[b - 1] == after[j - 1]:
            b, j = b - 1, j - 1
            yield b, b + 1, j, j + 1
        if (b - a) * (j - i) <= _COMPARED:
            for _, *ends in SequenceMatcher(None, before[a:b], after[i:j], autojunk=False).get_opcodes():
                yield a + ends[0], a + ends[1], i + ends[2], i + ends[3]
            continue
        anchors = _anchors(before[a:b], after[i:j])
        if not anchors:
            yield a, b, i, j
            continue
        edges = [(a, i), *((a + one, i + other) for one, other in anchors), (b, j)]
        rest += [(one, other, first, second) for (one, first), (other, second) in pairwise(edges)]


def _anchors(before: list[str], after: list[str]) -> list[tuple[int, int]]:
    """Return the places of the chunks that both texts have once, as many as stand in the same order in both."""
    once = _places_of_single(before)
    pairs = [(once[chunk], place) for chunk, place in _places_of_single(after).items() if chunk in once]
    lasts: list[int] = []  # of the longest run of each length, where it ends in `before`
    ends: list[int] = []  # and which pair that is
    previous = [-1] * len(pairs)
    for number, (at, _) in enumerate(pairs):
        length = bisect_left(lasts, at)
        previous[number] = ends[length - 1] if length else -1
        lasts[length : length + 1], ends[length : length + 1] = [at], [number]
    found, number = [], ends[-1] if ends else -1
    while number >= 0:
        found.append(pairs[number])
        number = previous[number]
    return found[::-1]


def _places_of_single(chunks: list[str]) -> dict[str, int]:
    """Return the places of the chunks that stand there once."""
    count = Counter(chunks)
    return {chunk: place for place, chunk in enumerate(chunks) if count[chunk] == 1}
