"""Hashtags: the words that they are made of, names in them, and how these stand together.

A tag is a sentence without spaces. "#LanjutkanBudi" and "#BudiKulinerNight" are told apart by what stands beside the name,
whoever it names, so two neighbours of a tag are an item as well, with ``<calon>`` where a name is; ``#<calon>`` says that there is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

_PART = re.compile(r"<[A-Z]+>|[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_SEGMENT_FROM = 8  # shorter tags in small letters are taken as one word
_SURE = 6  # a name of so many letters is no part of another word
_NAME_FROM = 3
_NAME = "<calon>"
#: The item of a tag that names somebody.
NAMED = f"#{_NAME}"


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


def together(written: Sequence[str], words: Sequence[str], common: Collection[str]) -> list[str]:
    """Return what the words of a tag are beside each other: each two neighbours, and all of them; first, whether somebody is named.

    Parameters
    ----------
    written, words : sequence of str
        Its parts, and the item of each.
    common : collection of str
        Words that are no names; a word on no list is one, if it is no acronym. Several in a row are one name.
    """
    found: list[str] = []
    for part, word in zip(written, words, strict=True):
        is_name = part == "<CALON>" or (len(word) >= _NAME_FROM and word.isalpha() and not part.isupper() and word not in common)
        if not (is_name and found and found[-1] == _NAME):
            found.append(_NAME if is_name else word.lower())
    named = [NAMED] if _NAME in found else []
    if len(found) < 2:
        return named
    return [*named, *(f"#{first}{second}" for first, second in pairwise(found)), "#" + "".join(found)]


def is_whole(tag: str, start: int, end: int) -> bool:
    """Say whether what stands from ``start`` to ``end`` of a tag (with its sign) is a word of it, and no piece of one."""
    name, before, after = tag[start:end], tag[start - 1], tag[end : end + 1]
    if tag.islower() or tag.isupper():  # nothing parts its words
        return len(name) >= _SURE or not before.isalpha() or not after.isalpha()
    begins = not before.isalpha() or (name[0].isupper() and (before.islower() or name[1].islower()))
    return begins and (not after.islower() or name.isupper())
