"""Cut a clean chunk (what stands between two spaces) into items: words, tags, emoji, marks.

An item is what features are made of. Words are lower-case, without elongation, slang or doubling; items that are no
words carry a sign that no word has: ``<URL>``, ``:jempol:``, ``#tagar``, ``!``, ``¶judul``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from string import ascii_lowercase

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netral.text import tags
from netral.text.arrow import to_numpy
from netral.text.lexicon import table

_ITEM = re.compile(
    r"<[A-Z]+>"
    r"|\#(?=\w*[^\W\d]|<[A-Z]+>\w)(?:\w|<[A-Z]+>)+"
    r"|[^\W_]+(?:[-'’][^\W_]+)*"
    r"|!|\?"
    r"|[\U0001f000-\U0001faff\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\u203c\u2049\u20e3]"
)
_TRIPLE = re.compile(r"(.)\1\1")  # a look that costs little
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
_LAUGH = re.compile(r"a?[wk]{4,}|w?(?:[aei]h){2,}[aei]{0,2}|(?:h[aei]+){2,}h?|(?:x[ai]){2,}|awo(?:kwo)+k?")
# What :meth:`Tokeniser.word` might change, as a pattern that RE2 knows, which has no groups to look back at.
_DOUBLES = [2 * letter for letter in ascii_lowercase]
_MAY_CHANGE = rf"[^a-z]|{'|'.join(double + double[0] for double in _DOUBLES)}|(?:{'|'.join(_DOUBLES)})$|^(?:{_LAUGH.pattern})$"
_DOUBLED = re.compile(r"^(?!ke-?2)([^\W\d_]{2,})(?:-\1|2|-2)((?:ku|mu|nya|an|lah)?)$")
_YEAR = re.compile(r"(?:19|20)\d\d")

NUMBER, YEAR = ":angka:", ":tahun:"
LAUGHTER = "haha"  # "wkwkwk", "hehehe", "xixixi"


_NO_WORD, _NOT_PAIRABLE = ["<", ":", "#", "!", "?", "¶", "\x00"], ["#", "!", "?", "¶", "\x00"]


def is_word(item: str) -> bool:
    """Say whether ``item`` is a word (it has a stem and character n-grams) and not a mark."""
    return item[0] not in _NO_WORD


def are_words(items: pa.Array) -> NDArray[np.bool_]:
    """Say the same of many."""
    return ~_begin_with(items, _NO_WORD)


def is_pairable(item: str) -> bool:
    """Say whether ``item`` may be part of a bigram: words, placeholders and emoji; not marks, tags and their words."""
    return item[0] not in _NOT_PAIRABLE


def are_pairable(items: pa.Array) -> NDArray[np.bool_]:
    """Say the same of many."""
    return ~_begin_with(items, _NOT_PAIRABLE)


def _begin_with(items: pa.Array, signs: list[str]) -> NDArray[np.bool_]:
    first = pc.utf8_slice_codeunits(items, 0, 1)
    return to_numpy(pc.is_in(first, value_set=pa.array(signs, items.type)))


class Tokeniser:
    """Cut clean chunks into items.

    Parameters
    ----------
    is_root : callable of str to bool
        Dictionary test used to split hashtags written in small letters.
    common : collection of str
        Words that are no names, whatever letters they are written in; in hashtags others are.
    """

    def __init__(self, is_root: Callable[[str], bool], common: Collection[str]) -> None:
        self._is_root = is_root
        self._common = common
        self._forms = {**table("slang.tsv"), **table("negation.tsv")}
        self._emoji = table("emoji.tsv")
        self._changing = pa.array(self._forms, pa.large_string())

    def __call__(self, chunk: str) -> list[str]:
        """Return the items of one clean chunk, in order; runs of the same mark count once."""
        if chunk.isalpha() and chunk.isascii():
            return [self.word(chunk.lower())]
        items: list[str] = []
        for found in _ITEM.findall(chunk):
            if found.isalpha():  # as most are
                items.append(self.word(found.lower()))
                continue
            for item in self._items(found):
                if not items or item != items[-1] or is_word(item):
                    items.append(item)
        return items

    def _items(self, found: str) -> list[str]:
        return self._tag(found[1:]) if found[0] == "#" else [self.item(found)]

    def item(self, found: str) -> str:
        """Return the item of a piece of a chunk that is no tag: a word, a number, an emoji, a mark, a placeholder."""
        first = found[0]
        if first.isalnum():
            return self._word(found)
        return found if first in "<!?" else f":{self._emoji.get(first) or _unicode_name(first)}:"

    def are_items(self, pieces: pa.Array) -> NDArray[np.bool_]:
        """Say of which pieces :meth:`item` would return them as they are; False if it might not."""
        changing = pc.or_(pc.is_in(pieces, value_set=self._changing), pc.match_substring_regex(pieces, _MAY_CHANGE))
        return ~to_numpy(changing)

    def word(self, word: str) -> str:
        """Return the normal form of a word in small letters, also one with digits or dashes in it."""
        if _TRIPLE.search(word) and _ELONGATED.search(word):
            word = self._shorten(word)
        form = self._forms.get(word)
        if form:
            return form
        if word[-1] == word[-2:-1] and (word[:-1] in self._forms or self._is_root(word[:-1])):  # "bangett", "yaa"
            return self._forms.get(word[:-1], word[:-1])
        if word[0] in "aehikwx" and _LAUGH.fullmatch(word):
            return LAUGHTER
        if word.isalpha():
            return word
        if "-" in word or word[-1] == "2" or "2" in word[2:-1]:
            word = _DOUBLED.sub(r"\1\2", word)
        return self._forms.get(word, word)

    def _word(self, found: str) -> str:
        return _number(found) if found.isdigit() and found.isascii() else self.word(found.lower())

    def _shorten(self, word: str) -> str:
        """Take elongation back: "tidaaak" → "tidak", but "maaaf" → "maaf"."""
        double = _ELONGATED.sub(r"\1\1", word)
        return double if self._is_root(double) else _ELONGATED.sub(r"\1", word)

    def _tag(self, tag: str) -> list[str]:
        """Give the whole tag, its words, which are not those of a sentence (``#ganti #bupati``), and what stands together in it."""
        parts = tags.parts(tag, self._is_root, self._forms)
        words = [part if part[0] == "<" else self._word(part) for part in parts]
        more, sentence = tags.together(parts, words, self._common)
        if len(words) > 1:  # a tag of one word may stand for it in a sentence: "nonton #persija"
            words = [word if word[0] == ":" or word == "<CALON>" else f"#{word}" for word in words]
        whole = f"#{tag.lower()}"
        return [whole, *words, *(item for item in dict.fromkeys(more) if item != whole), *sentence]


def _number(digits: str) -> str:
    if len(digits) <= 2:
        return str(int(digits))
    return YEAR if _YEAR.fullmatch(digits) else NUMBER


def _unicode_name(sign: str) -> str:
    return unicodedata.name(sign, "tanda").lower().replace(" ", "_")
