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
        """Say it in plain Indonesian (``id``) or English (``en``)."""
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
    """Return the part of each look and chunk of the prepared post and where it stands in ``text``."""
    prepared = scorer.encoder.prepare(text)
    chunks = prepared.split()
    # One "post" per chunk tells which items are whose; the post itself, what it looks like.
    encoded = scorer.encoder.encode_prepared([*chunks, prepared])
    owner, items = encoded.rows, encoded.items
    looks = (owner == len(chunks)) & (items >= FIRST_LOOK) & (items < FIRST_WORD)
    inside = (items >= FIRST_WORD) & (owner < len(chunks))
    whole = (items >= FIRST_WORD) & (owner == len(chunks))
    of = np.arange(len(chunks))  # the chunk that answers for each: a name is one, however many it has
    named: set[int] = set()
    if scorer.anonymous:  # it takes the post to know a name for one
        items[inside], kept = without_names(items[whole], encoded.named[whole], CANDIDATE_ID)
        for places in _names(encoded.named[whole], kept):
            first, last = owner[inside][places[[0, -1]]]
            of[first : last + 1] = of[first]
            named.add(int(of[first]))
        inside[inside] = kept
    names = [scorer.encoder.items[i] for i in items[looks]]
    owner = np.append(owner[inside] + len(names), np.arange(len(names)))
    items = np.append(items[inside], items[looks])
    post = np.zeros(len(items), np.int64)
    once = first_of_each(post, items)
    parts = np.zeros(len(names) + len(chunks))
    if len(items):
        table = scorer.table()
        context = int(np.bitwise_or.reduce(table.contexts.values[items]))
        for family in table.families:
            weight, square = np.zeros(len(items)), family.squares.values[items[once]].sum()
            weight[once] = family.parts(items[once], context)
            if family.terms:
                first, second, pair = find_pairs(family.ids.values, family.terms, items, post)
                each = family.terms.pair_weight[pair, context]
                np.add.at(weight, first, each / 2)
                np.add.at(weight, second, each / 2)
                square += family.terms.pair_square[pair].sum()
            parts += np.bincount(owner, weight, len(parts)) / np.sqrt(square if square > 0 else 1.0)
    parts = np.append(parts[: len(names)], np.bincount(of, parts[len(names) :], len(chunks))[np.unique(of)])
    spans = _spans(text, chunks)
    ends = {one: spans[place][1] for place, one in enumerate(of.tolist())}
    words = [(spans[one][0], end, scorer.encoder.items[CANDIDATE_ID] if one in named else spans[one][2]) for one, end in ends.items()]
    return parts, [(spans[0][0], spans[-1][1], f"<{name[1:].upper()}>") for name in names] + words


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
    once = [
        {chunk: place for place, chunk in enumerate(text) if count[chunk] == 1} for text in (before, after) for count in [Counter(text)]
    ]
    pairs = [(once[0][chunk], place) for chunk, place in once[1].items() if chunk in once[0]]
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
