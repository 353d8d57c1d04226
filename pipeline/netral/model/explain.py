"""Why this probability: the words of the original post, with their parts (:mod:`netral.model.parts`).

A name shows as a placeholder. What the post looks like as a whole (a title, quoted speech) comes first, and stands for all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from netral.model.align import align
from netral.model.explanation import Explanation, Reason
from netral.model.parts import Parts, read_parts
from netral.model.scorer import Scorer
from netral.text.encode import CANDIDATE_ID, FIRST_LOOK
from netral.text.many import Texts, clean_all, strings
from netral.text.mask import CANDIDATE

_CHUNK = re.compile(r"\S+")
_PLACEHOLDER = re.compile(r"<[A-Z]+>")
#: What is shown of items that are no word of the post.
_SHOWN = {FIRST_LOOK: "<JUDUL>", FIRST_LOOK + 1: "<KUTIPAN>", CANDIDATE_ID: CANDIDATE}
_BATCH = 8192  # posts that are read at once


def explain(scorer: Scorer, text: str, probability: float, decision: str) -> Explanation:
    """Explain one post."""
    parts, [post] = _read(scorer, strings([text]))
    words = tuple(post.reason(parts, place) for place in range(len(parts.row)))
    intercept = scorer.weights.intercept
    return Explanation(probability, decision, intercept, float(intercept + parts.weight.sum()), words)


def heaviest(scorer: Scorer, texts: Texts, limit: int) -> list[list[dict[str, Any]]]:
    """Return of each post what :meth:`Explanation.reasons` gives."""
    found: list[list[dict[str, Any]]] = [[] for _ in range(len(texts))]
    for begin in range(0, len(texts), _BATCH):
        parts, posts = _read(scorer, strings(texts[begin : begin + _BATCH]))
        for place in parts.heaviest(limit).tolist():
            row = int(parts.row[place])
            found[begin + row].append(posts[row].reason(parts, place).shown())
    return found


@dataclass
class _Post:
    """A post as received, as cleaned and as prepared."""

    text: str
    clean: str
    prepared: str

    def __post_init__(self) -> None:
        self._chunks = self.prepared.split()
        self._spans: list[tuple[int, int]] | None = None

    def reason(self, parts: Parts, place: int) -> Reason:
        """Return one of its parts as a word of the original text."""
        item, first, last = int(parts.item[place]), int(parts.first[place]), int(parts.last[place])
        placeholder = _PLACEHOLDER.search(self._chunks[first])
        # The chunk as it was read, not as received: there it may have stood in one with a tag, a link or an account.
        term = _SHOWN.get(item) or (placeholder[0] if placeholder else self._chunks[first])
        self._spans = self._spans or self._find_spans()
        return Reason(term, float(parts.weight[place]), self._spans[first][0], self._spans[last][1])

    def _find_spans(self) -> list[tuple[int, int]]:
        """Find each prepared chunk in the original text, by way of the clean one: cleaning deletes, targets join."""
        original = [found.span() for found in _CHUNK.finditer(self.text)]
        if self.text == self.prepared:
            return original
        cleaned = self.clean.split()
        to_original = align([self.text[start:end] for start, end in original], cleaned)
        return [(original[to_original[first][0]][0], original[to_original[last][1]][1]) for first, last in align(cleaned, self._chunks)]


def _read(scorer: Scorer, texts: pa.Array) -> tuple[Parts, list[_Post]]:
    prepared = scorer.encoder.prepare_all(texts)
    parts = read_parts(scorer, prepared)
    posts = zip(texts.to_pylist(), clean_all(texts).to_pylist(), prepared.to_pylist(), strict=True)
    return parts, [_Post(*post) for post in posts]
