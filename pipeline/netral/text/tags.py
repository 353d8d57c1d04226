"""Hashtags: the words that they are made of, names in them, and how these stand together.

A tag is a sentence without spaces. "#LanjutkanBudi" and "#BudiKulinerNight" are told apart by what stands beside the name,
whoever it names, so two neighbours of a tag are an item as well, with ``<calon>`` where a name is; ``#<calon>`` says that there is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

from netral.text.mask import CANDIDATE, TARGETS
from netral.text.places import BEFORE_PLACES

_PART = re.compile(r"<[A-Z]+>|[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_SEGMENT_FROM = 8  # shorter tags in small letters are taken as one word
_SURE = 6  # a name of so many letters is no part of another word
_NAME_FROM = 3
_TARGETS = tuple(f"<{name}>" for name in TARGETS)
#: The item of a tag that names somebody.
NAMED = "#<calon>"
_BEFORE_PLACES = {*BEFORE_PLACES, "bawaslu", "debat", "info", "kabar", "kpu"}


def parts(tag: str, is_root: Callable[[str], bool], forms: Mapping[str, str]) -> list[str]:
    """Return the words of a tag as they are written, without its sign.

    Parameters
    ----------
    tag : str
    is_root : callable of str to bool
        Dictionary test; what is written in small letters alone is cut into the fewest words that pass it.
    forms : mapping of str to str
        Words that pass it as well.
    """
    return [part for run in _PART.findall(tag) for part in _segment(run, is_root, forms)]


def _segment(run: str, is_root: Callable[[str], bool], forms: Mapping[str, str]) -> list[str]:
    """Split a run of small letters into the fewest root words, if it is made of them."""
    if len(run) < _SEGMENT_FROM or not run.islower() or is_root(run):
        return [run]
    best: list[list[str] | None] = [[]] + [None] * len(run)
    for start, before in enumerate(best):  # what ends here is decided: pieces end behind where they begin
        if before is None:
            continue
        for end in range(start + 3, min(start + 16, len(run)) + 1):
            there, piece = best[end], run[start:end]
            if (there is None or len(before) + 1 < len(there)) and (is_root(piece) or piece in forms):
                best[end] = [*before, piece]
    return best[-1] or [run]


def together(written: Sequence[str], words: Sequence[str], common: Collection[str]) -> tuple[list[str], list[str]]:
    """Return what the words of a tag are beside each other, and the tag as a sentence where it says something of somebody.

    Parameters
    ----------
    written, words : sequence of str
        Its parts, and the item of each.
    common : collection of str
        Words that are no names; a word on no list is one, if it is no acronym and no place is named there. Several in a row are one.

    Returns
    -------
    items, sentence : lists of str
        Whether somebody is named, each two neighbours, all of them; and ``["lanjutkan", "<CALON>"]`` of "#LanjutkanBudi", which
        is said as it would be in a sentence. Of nobody in particular a tag says something else than a sentence.
    """
    said: list[str] = []
    for part, word in zip(written, words, strict=True):
        is_name = part == CANDIDATE or (len(word) >= _NAME_FROM and word.isalpha() and not part.isupper() and word not in common)
        is_name = is_name and not (said and said[-1] in _BEFORE_PLACES)
        if not (is_name and said and said[-1] == CANDIDATE):
            said.append(CANDIDATE if is_name else word)
    named = [NAMED] if CANDIDATE in said else []
    if len(said) < 2:
        return named, []
    found = [word.lower() for word in said]
    items = [*named, *(f"#{first}{second}" for first, second in pairwise(found)), "#" + "".join(found)]
    return items, said if any(word in _TARGETS for word in said) else []


def is_whole(tag: str, start: int, end: int) -> bool:
    """Say whether what stands from ``start`` to ``end`` of a tag (with its sign) is a word of it, and no piece of one."""
    name, before, after = tag[start:end], tag[start - 1], tag[end : end + 1]
    if tag.islower() or tag.isupper():  # nothing parts its words
        return len(name) >= _SURE or not before.isalpha() or not after.isalpha()
    begins = not before.isalpha() or (name[0].isupper() and (before.islower() or name[1].islower()))
    return begins and (not after.islower() or name.isupper())
