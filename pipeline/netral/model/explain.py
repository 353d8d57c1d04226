"""Why this probability: the words of the original post, with their parts (:mod:`netral.model.parts`).

A name shows as a placeholder. What the post looks like as a whole (a title, quoted speech) comes first, and stands for all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from netral.model.align import align
from netral.model.explanation import QUOTE_SHOWN, TITLE_SHOWN, Explanation, Reason
from netral.model.parts import Parts, read_parts
from netral.model.policy import Thresholds
from netral.model.scorer import Scorer
from netral.text.encode import CANDIDATE_ID, FIRST_LOOK
from netral.text.many import Texts, clean_all, strings
from netral.text.mask import CANDIDATE, TARGETS
from netral.text.targets import BALLOT_WORDS

_CHUNK = re.compile(r"\S+")
_PLACEHOLDER = re.compile(r"<[A-Z]+>")
_STANDS_FOR_MORE = re.compile(r"<[A-Z]+>|…")  # a quotation is left out as one
#: What is shown of items that are no word of the post.
_SHOWN = {FIRST_LOOK: TITLE_SHOWN, FIRST_LOOK + 1: QUOTE_SHOWN, CANDIDATE_ID: CANDIDATE}
_TARGETS = {f"<{name}>" for name in TARGETS}
# An account that masking does not know: "[QUOTE=name;5a0b…]" of a forum (which may have a space in it), "@/name".
_ACCOUNT = re.compile(r"\[quote=|;[0-9a-f]{16,}\]|@/\w", re.IGNORECASE)
_AROUND = " .,;:!?()[]\"'“”‘’"
_NUMBER = re.compile(r"\d|\b(?:satu|dua|tiga|empat|lima)\b", re.IGNORECASE)
_BATCH = 8192  # posts that are read at once


def explain(scorer: Scorer, text: str, probability: float, decision: str, thresholds: Thresholds) -> Explanation:
    """Explain one post.

    Parameters
    ----------
    scorer : Scorer
    text : str
        As received.
    probability : float
        What the post scores, calibrated.
    decision : str
    thresholds : Thresholds
        Of the model, to be told beside it.
    """
    parts, [post] = _read(scorer, strings([text]))
    words = tuple(post.reason(parts, place) for place in range(len(parts.row)))
    intercept = scorer.weights.intercept
    return Explanation(probability, decision, intercept, float(intercept + parts.weight.sum()), words, thresholds)


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
        self._cleaned = self._chunks if self.clean == self.prepared else self.clean.split()

    def reason(self, parts: Parts, place: int) -> Reason:
        """Return one of its parts as a word of the original text."""
        item, first, last = int(parts.item[place]), int(parts.first[place]), int(parts.last[place])
        term = _SHOWN.get(item) or _shown(self._chunks[first])
        start, end = self._to_clean[first][0], self._to_clean[last][1]
        # Of what is clean, so that an account, or what else is masked, never shows.
        said = " ".join(self._cleaned[start : end + 1]).strip(_AROUND) if term in _TARGETS else ""
        stands_for = "" if _PLACEHOLDER.search(said) else said
        return Reason(term, float(parts.weight[place]), self._original[start][0], self._original[end][1], stands_for)

    @cached_property
    def _to_clean(self) -> list[tuple[int, int]]:
        """The first and the last chunk of the clean text that each prepared one stands for: targets join."""
        return align(self._cleaned, self._chunks, _fault)

    @cached_property
    def _original(self) -> list[tuple[int, int]]:
        """Where each chunk of the clean text stands in the original one: cleaning deletes."""
        spans = [found.span() for found in _CHUNK.finditer(self.text)]
        if self.text == self.clean:
            return spans
        there = align([self.text[start:end] for start, end in spans], self._cleaned)
        return [(spans[first][0], spans[last][1]) for first, last in there]


def _fault(said: list[str], chunk: str) -> float:
    """Say how little the chunks ``said`` look like what became ``chunk``: what is around a target stays, and digits are a number's."""
    found = _STANDS_FOR_MORE.search(chunk)
    if not found:
        return 2.0 * (len(said) - 1)
    around = chunk[: found.start()], chunk[found.end() :]
    kept = said[0].startswith(around[0]) and said[-1].endswith(around[1]) and (around[1] != "" or said[-1][-1] not in _AROUND)
    if found[0] == "…":
        return not kept
    numbers = [_NUMBER.search(each) is not None for each in said]
    if found[0] == "<NOMOR>":
        strange = sum(not number and each.lower().strip(_AROUND) not in BALLOT_WORDS for each, number in zip(said, numbers, strict=True))
        return (not kept) + 2.0 * (not any(numbers)) + 0.5 * strange
    return (not kept) + 2.0 * any(each[0].isdigit() for each in said) + 0.01 * len(said) ** 2


def _shown(chunk: str) -> str:
    """Return a chunk as it was read, or its placeholder. As received it may stand in one with a tag, a link or an account."""
    placeholder = _PLACEHOLDER.search(chunk)
    if placeholder:
        return placeholder[0]
    return "<USER>" if _ACCOUNT.search(chunk) else chunk


def _read(scorer: Scorer, texts: pa.Array) -> tuple[Parts, list[_Post]]:
    prepared = scorer.encoder.prepare_all(texts)
    parts = read_parts(scorer, prepared)
    posts = zip(texts.to_pylist(), clean_all(texts).to_pylist(), prepared.to_pylist(), strict=True)
    return parts, [_Post(*post) for post in posts]
