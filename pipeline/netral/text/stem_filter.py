"""Tell quickly that words cannot have any of some stems, so that most new words need no stemming at all.

PySastrawi takes up to three prefixes (each may give back the root's first letter, or take an infix out after it) and up
to three suffixes. A word has a stem among those that matter only if what is left between a possible beginning and a
possible end is one of them, or one of them without its first letter. All these pieces of all words are compared at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netral.text.arrow import to_arrow, to_numpy
from netral.text.growing import distinct, runs
from netral.text.hashing import KeyTable
from netral.text.spans import Pieces


def _by_size(*strings: str) -> dict[int, list[str]]:
    """Group strings by their length."""
    return {size: [string for string in strings if len(string) == size] for size in sorted({*map(len, strings)})}


_ENCLITICS = ("ku", "mu", "nya", "lah", "kah", "tah", "pun")
# What may stand at the end, the last first: one of each kind or none.
_SUFFIXES = (_by_size("lah", "kah", "tah", "pun"), _by_size("ku", "mu", "nya"), _by_size("i", "kan", "an", "is", "isme", "isasi"))
_GIVING_BACK = ("mem", "men", "meng", "meny", "pem", "pen", "peng", "peny")
_RECODING = _by_size(*_GIVING_BACK)
_PLAIN = ("di", "ke", "se", "be", "ber", "bel", "te", "ter", "me", "menge", "pe", "penge", "per", "pel", "ku", "kau")
# The letter given back may be the first of another prefix: meny + e(samping) -> se + samping.
_GIVEN_BACK = {"n": ("e", "er"), "g": ("e", "u", "au"), "y": ("e",), "m": ("e", "er", "em", "en", "eng", "eny", "el")}
_PREFIXES = _by_size(*_PLAIN, *_GIVING_BACK, *(prefix + rest for prefix in _GIVING_BACK for rest in _GIVEN_BACK[prefix[-1]]))
_MOST_PREFIXES = 3
#: What PySastrawi takes out after a root's first letter.
INFIXES = ("er", "el", "em", "in")
_INFIX = f"^(.)(?:{'|'.join(INFIXES)})"
# Without any of these no rule of PySastrawi applies.
_AFFIXED = r"^(?:di|ke|se|be|te|me|pe|ku|kau|.(?:er|el|em|in))|(?:an|i|is|isme|ku|mu|nya|lah|kah|tah|pun)$"
_AFFIX = re.compile(_AFFIXED)
_SHORT = 3  # letters that PySastrawi takes nothing from

#: Places in words: the numbers of the words, and the places counted from where each begins.
Places = tuple[NDArray[np.int64], NDArray[np.int64]]


class StemFilter:
    """Say of words whether they may have one of some stems: what it stops has none, what it lets through often has none either.

    Parameters
    ----------
    stems : collection of str
        The stems that matter.
    is_root : callable of str to bool
        The stemmer's dictionary: what it takes affixes from ends up in it.
    """

    def __init__(self, stems: Collection[str], is_root: Callable[[str], bool]) -> None:
        self._stems = stems
        self._is_root = is_root

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset(filter(self._is_root, self._stems))

    @cached_property
    def _tables(self) -> tuple[KeyTable, KeyTable]:
        """The roots, and what follows their first letter."""
        pieces = Pieces(pa.array([*self._whole], pa.large_string()))
        every, zeros = np.arange(len(pieces.sizes)), np.zeros(len(pieces.sizes), np.int64)
        roots, tails = (KeyTable(distinct(pieces.keys(every, zeros + skipped, pieces.sizes))) for skipped in (0, 1))
        return roots, tails

    @cached_property
    def _several(self) -> list[list[str]]:
        return [stem.split() for stem in self._stems if " " in stem]

    def __call__(self, token: str) -> bool:
        """Say whether ``token`` may have one of the stems; the token as its own stem is not counted."""
        return bool(self.which(pa.array([token], pa.large_string())))

    def which(self, strings: pa.Array) -> list[int]:
        """Return the positions of the tokens (large strings) that may have one of the stems."""
        plain = to_numpy(pc.ascii_is_alnum(strings))
        odd = {i: self._odd(strings[i].as_py()) for i in np.flatnonzero(~plain).tolist()}
        parts = {i: part for i, part in odd.items() if isinstance(part, str)}
        maybe = self._possible(pa.concat_arrays([strings.filter(to_arrow(plain)), pa.array(parts.values(), pa.large_string())]))
        owner = np.concatenate([np.flatnonzero(plain), np.array(list(parts), np.int64)])
        return sorted([*owner[maybe].tolist(), *(i for i, answer in odd.items() if answer is True)])

    def _odd(self, token: str) -> bool | str:
        """Say the same of a token that is more than letters and digits, or name the word that decides it."""
        from Sastrawi.Stemmer.Filter.TextNormalizer import normalize_text

        plain = normalize_text(token)
        if not plain.isascii():  # some letters count as "i", "k" and "s" there
            return True
        parts = plain.split()
        if len(parts) != 1:  # other letters are dropped, and what they part is stemmed on its own
            pairs = (zip(stem, parts, strict=True) for stem in self._several if len(stem) == len(parts))
            return any(all(self._may_be(root, part) for root, part in pair) for pair in pairs)
        if plain.isalnum():
            return plain in self._stems or plain
        # A doubled word has the stem that both of its halves have; what else is odd is left to the stemmer.
        first, _, second = plain.rpartition("-")
        if second in _ENCLITICS or plain in self._stems:
            return True
        if self._stays(first):
            other = "me" + second  # so it is tried as well
            return first in self._stems and (first[1:] in other if self._is_root(first) else first in (second, other))
        return not (first.isalpha() and second.isalpha()) or first

    def _stays(self, part: str) -> bool:
        """Say whether nothing can be taken from a part of a token."""
        return len(part) <= _SHORT or self._is_root(part) or not _AFFIX.search(part)

    def _may_be(self, root: str, part: str) -> bool:
        """Say whether a part may have that stem: whatever is taken from it, the root's letters but the first stay together."""
        return root == part if self._stays(part) else root[1:] in part

    def _possible(self, words: pa.Array) -> NDArray[np.bool_]:
        """Say it of words of letters and digits."""
        found = np.zeros(len(words), bool)
        place = np.flatnonzero(to_numpy(pc.match_substring_regex(words, _AFFIXED)))
        if not len(place):
            return found
        words = words.take(to_arrow(place))
        infixed = np.flatnonzero(to_numpy(pc.match_substring_regex(words, _INFIX)))
        without = pc.replace_substring_regex(words.take(to_arrow(infixed)), _INFIX, r"\1")
        pieces = Pieces(pa.concat_arrays([words, without]))
        starts, ends = _starts(pieces), _ends(pieces)
        for (word, start), table in zip((starts, _later(pieces, starts)), self._tables, strict=True):
            count = np.bincount(ends[0], minlength=len(pieces.sizes))
            which = runs((np.cumsum(count) - count)[word], count[word])
            word, start, end = np.repeat(word, count[word]), np.repeat(start, count[word]), ends[1][which]
            inside = np.flatnonzero(end >= start)
            word = word[inside]
            hit = word[table.find(pieces.keys(word, start[inside], end[inside])) >= 0]
            found[place[np.concatenate([np.arange(len(place)), infixed])[hit]]] = True
        return found


def _starts(pieces: Pieces) -> Places:
    """Return where the rest of a word may begin: behind up to three prefixes."""
    word, start = np.arange(len(pieces.sizes)), np.zeros(len(pieces.sizes), np.int64)
    found = [(word, start)]
    for _ in range(_MOST_PREFIXES):
        hits = [(size, pieces.have(word, start, prefixes)) for size, prefixes in _PREFIXES.items()]
        word, start = _joined([(word[hit], start[hit] + size) for size, hit in hits])
        found.append((word, start))
    return _joined(found)


def _later(pieces: Pieces, starts: Places) -> Places:
    """Return where the tail of a root may begin: where its first letter is given back, or stands before an infix."""
    word, start = starts
    back = np.any([pieces.have(word, start - size, prefixes) for size, prefixes in _RECODING.items()], axis=0)
    infix = pieces.have(word, start + 1, INFIXES)
    return _joined([(word[back], start[back]), (word[infix], start[infix] + 3)])


def _ends(pieces: Pieces) -> Places:
    """Return where the rest of a word may end, word after word: before up to three suffixes."""
    word, end = np.arange(len(pieces.sizes)), pieces.sizes
    for kind in _SUFFIXES:
        hits = [(size, (end > size) & pieces.have(word, end - size, suffixes)) for size, suffixes in kind.items()]
        word, end = _joined([(word, end), *((word[hit], end[hit] - size) for size, hit in hits)])
    order = np.argsort(word, kind="stable")
    return word[order], end[order]


def _joined(places: Sequence[Places]) -> Places:
    words, where = zip(*places, strict=True)
    return np.concatenate(words), np.concatenate(where)
