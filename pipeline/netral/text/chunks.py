"""What one chunk (what stands between two spaces) tells by itself: its items, and what its neighbours could make of it.

Most chunks mean the same in every post. The few that may be part of something that spans chunks (a spaced number, a
dateline, an inserted link, a name of several words, a ballot number) are marked, and :mod:`netral.text.encode` decides
from the marks of neighbours which posts have to be read as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netral.text.arrow import to_numpy
from netral.text.clean import clean
from netral.text.mask import ENDINGS, PLACEHOLDERS, TARGETS
from netral.text.normalise import fold, is_calm, normalise
from netral.text.shape import shape
from netral.text.targets import BALLOT_WORDS, NUMBERED, Targets, mask_ballot_numbers
from netral.text.words import Tokeniser

# Marks. A post with a WHOLE chunk is read as a whole. A CHECK chunk asks for a look at the post, which often finds nothing;
# so does a dash after a NAME near the start of a line (the end of a dateline), and "partai" before a NAME.
WHOLE, CHECK, NAME, DASH, PARTAI = 1, 2, 4, 8, 16
# What may begin with a chunk and go on with the next one: a chunk opens it, or closes it (the same bit, shifted).
LINK, BALLOT, FINGERS, DIGITS, PARTY = 32, 64, 128, 256, 512
KINDS = LINK | BALLOT | FINGERS | DIGITS | PARTY
CLOSES = 5
#: How many digits the chunk has, at most NUMBER_DIGITS, stands above these.
COUNT = 15
#: A chunk of small letters that reads the same with capitals or a comma.
PLAIN = 1 << 18
#: Its shape (:mod:`netral.text.shape`) stands above that.
SHAPE = 19
#: A number of a person has this many digits or more.
NUMBER_DIGITS = 7
#: Nothing is left of the chunk: its neighbours are neighbours of each other.
GONE = KINDS | KINDS << CLOSES | NAME

_LINKS = {"baca", "simak", "lihat", "tonton", "berita", "artikel", "pilihan"}
_LINKED = {"juga", "selengkapnya", "terkait"}
_NUMBER_WORDS = {"satu", "dua", "tiga", "empat", "lima"}
_HIDDEN_DIGITS = {"x" * n for n in range(2, 13)}  # "0812 xxxx"
_FORWARDED = {"diteruskan", "forwarded", "fw", "fwd", "dikirim", "sent"}
_FURNITURE = set(  # with capitals
    "iklan scroll gulir gambas advertisement advertisements advertorial editor penulis reporter pewarta kontributor laporan bagikan "
    "halaman google".split()
)
_OPENS = dict.fromkeys(_LINKS, LINK) | dict.fromkeys(BALLOT_WORDS, BALLOT) | dict.fromkeys(_NUMBER_WORDS, FINGERS) | {"partai": PARTY}
_CLOSED = dict.fromkeys(_LINKED, LINK) | dict.fromkeys(_NUMBER_WORDS, BALLOT) | dict.fromkeys(_HIDDEN_DIGITS, DIGITS) | {"jari": FINGERS}

_DASHES = re.compile("^(?:[\u2010-\u2015−]|--)|(?:[\u2010-\u2015−]|-)$")  # the dash of a dateline stands beside a space
_DASH_ALONE = re.compile("[\u2010-\u2015−-]+")
_JOINERS = {"dan", "di"}  # what may stand before the dash of a dateline in small letters; else a name or the end of a bracket
_NAME_LIKE = re.compile(r"^[^a-z]|[.)>]|^(?:dan|di)$")
_MAYBE_TAG = re.compile("</?[A-Za-z]")  # of HTML: it may go on behind a space
_BROKEN = re.compile(rf"[ÂÃâðïÅÄ\\]|\[Gambas:|{_MAYBE_TAG.pattern}")
# A line break written out parts chunks. It is gone, but in a path, or where an entity hides the backslash or the letter;
# and an entity may hide how a tag begins.
_WRITTEN_OUT = re.compile(r"\\[nrt]")
_OTHER_I = re.compile("[ıİ]")  # where case is ignored, patterns take them for an i
_HIDDEN = re.compile(r"\\|92|5c|bsol|ff3c|65340|fe68|65128|lt|60|3c|ff1c|65308|fe64|65124", re.IGNORECASE)
# What cleaning could change within one chunk; without it the chunk is clean as it stands.
_UNCLEAN = re.compile(
    r"[^ -~\u00a1-\uffff\U0001f000-\U0001faff]|[@&<]|[hH][tT]{2}[pP][sS]?:|[wW]{3}\."
    rf"|(?i:\.(?:{'|'.join(ENDINGS)})\b|\.[a-z]{{2,24}}/)|\d(?:\D{{0,3}}\d){{5}}|\d\W{{0,2}}[xX]{{2}}|\[[gG]ambas"
)
_PLACED = re.compile("<(?:" + "|".join(PLACEHOLDERS) + ")>")
# "<" and "CALON>" in two chunks are a placeholder that somebody typed; what begins like a tag may go on with the next one.
_ASKS = re.compile(rf"<(?:{'|'.join(TARGETS)})?$|{_MAYBE_TAG.pattern}", re.IGNORECASE)
_HANDLE = re.compile(r"@[A-Za-z0-9_]+[:,.]*")
_DIGIT = re.compile(r"[\dxX]")
_DIGIT_END = re.compile(r"\d\W*$|\d.*[)x]$|xx$", re.IGNORECASE)
_DIGIT_START = re.compile(r"\W*\d|xx|[:#.]+$", re.IGNORECASE)
_MAYBE_NUMBER = re.compile(r"\d|[xX]{2}|[sS][aA][tT][uU]|[dD][uU][aA]|[tT][iI][gG][aA]|[eE][mM][pP][aA]|[lL][iI][mM][aA]|^[:#.]+$")
# Letters and the commonest marks: nothing in them can be unclean but a link.
_LETTERS = re.compile(r"[A-Za-z.,!?;:\"'()]*[A-Za-z][A-Za-z.,!?;:\"'()]*")
_LINK_LIKE = re.compile(rf"\.(?:{'|'.join(ENDINGS)})\b|http|www\.")
_WORDS = re.compile(r"\w+")
_PARTS = re.compile(r"[^\W_]+")  # messengers set words between underscores

Read = tuple[Sequence[str], int]


class ChunkReader:
    """Read one chunk: its items and its marks.

    Parameters
    ----------
    tokenise : Tokeniser
        Cuts one clean chunk into items.
    targets : Targets
        What is replaced by placeholders.
    """

    def __init__(self, tokenise: Tokeniser, targets: Targets) -> None:
        self._tokenise = tokenise
        self._targets = targets
        self._small_looked_at = _FORWARDED | targets.triggers
        self._looked_at = _FURNITURE | self._small_looked_at
        self._on_pages = self._looked_at | _LINKS
        self._opens = _OPENS
        self._closes = _CLOSED | dict.fromkeys(targets.party_words, PARTY)
        self._special = self._opens.keys() | self._closes.keys() | self._looked_at | targets.single
        parts = {part for name in targets.single for part in name.split("_") if part}  # there chunks are cut
        self._more_than_words = pa.array(sorted((self._special | _JOINERS | parts).union(ENDINGS)), pa.large_string())

    def __call__(self, chunk: str) -> Read:
        """Read a chunk of an unescaped post; the common kinds first."""
        if ("\\" in chunk and _WRITTEN_OUT.search(chunk)) or ("&" in chunk and _HIDDEN.search(chunk)):
            return (), WHOLE
        if "<" in chunk and ("&" in chunk or _MAYBE_TAG.search(_PLACED.sub("", chunk))):
            return (), WHOLE
        if "@" in chunk and self._targets.name_handles(chunk) != chunk:
            return (), WHOLE
        if not chunk.isascii():
            return self._read_unicode(chunk)
        if chunk.startswith(("http://", "https://")) and chunk.isprintable() and not any(c in chunk for c in "&@<>"):
            return ["<URL>"], NAME
        if _HANDLE.fullmatch(chunk):
            return ["<USER>"], NAME
        if _LETTERS.fullmatch(chunk):
            small = chunk.lower()
            if self._special.isdisjoint(_WORDS.findall(small)) and not _LINK_LIKE.search(small):
                return self._tokenise(chunk), (NAME if _NAME_LIKE.search(chunk) else 0) | shape(chunk) << SHAPE
        return self._read_odd(chunk, clean(chunk) if _UNCLEAN.search(chunk) else chunk)

    def are_more(self, words: pa.Array) -> NDArray[np.bool_]:
        """Say of words in small letters whether they may be more than that: a name, a number, a part of a link."""
        special = pc.is_in(words, value_set=self._more_than_words)
        return to_numpy(pc.or_(special, pc.match_substring_regex(words, "http|^www")))

    def _read_unicode(self, chunk: str) -> Read:
        if is_calm(chunk):
            text = chunk
        else:
            text = fold(chunk)
            if _BROKEN.search(text) or _OTHER_I.search(text):
                return (), WHOLE
            if _UNCLEAN.search(text) or text != normalise(text):
                return self._read_odd(chunk, clean(chunk))
        return self._read_odd(chunk, clean(chunk) if _UNCLEAN.search(text) else text)

    def _read_odd(self, chunk: str, text: str) -> Read:
        """Read a chunk that is more than letters (``text``: the same, clean)."""
        changed = text is not chunk
        # Alone it may be furniture that it is not within its line.
        if changed and not self._on_pages.isdisjoint(_PARTS.findall(chunk.lower())):
            return (), WHOLE
        if not text:
            return (), GONE
        if changed and len(text.split()) > 1:
            return (), WHOLE
        if "<" in text and _ASKS.search(_PLACED.sub("", text)):
            return (), WHOLE
        marks = self._number_marks(text) | (self._number_marks(chunk) if changed else 0)
        if marks & WHOLE:
            return (), WHOLE
        words = _WORDS.findall(text.lower())
        looked_at = self._small_looked_at if chunk.islower() else self._looked_at
        if not looked_at.isdisjoint(words if "_" not in text else _PARTS.findall(text.lower())):
            marks |= CHECK
        if not self._special.isdisjoint(words):
            marks |= self._opens.get(words[-1], 0) | self._closes.get(words[0], 0) << CLOSES
            if words == ["partai"]:
                marks = PARTY | PARTAI
            text = self._targets(text)
            if "<CALON>" in text:  # it takes in what stands beside it
                return (), WHOLE
            marks |= PARTY << CLOSES if "<PARTAI>" in text else 0
        elif "#" in text:
            text = self._targets.in_tags(text)
        if _DASHES.search(chunk) or (changed and _DASHES.search(text)):
            # One that stands alone may part the groups of a number, too.
            marks |= DASH | DIGITS | DIGITS << CLOSES if _DASH_ALONE.fullmatch(chunk) else CHECK
        if _NAME_LIKE.search(chunk) or (changed and _NAME_LIKE.search(text)):
            marks |= NAME
        return self._tokenise(text), marks | shape(text) << SHAPE

    def _number_marks(self, text: str) -> int:
        """Mark a chunk that may be part of a number of several chunks, or of a ballot number."""
        if not _MAYBE_NUMBER.search(text):
            return 0
        if NUMBERED.search(text) or mask_ballot_numbers(text) != text:
            return WHOLE
        opens = DIGITS | FINGERS if _DIGIT_END.search(text) else 0
        closes = DIGITS | BALLOT if _DIGIT_START.match(text) else 0
        return opens | closes << CLOSES | min(len(_DIGIT.findall(text)), NUMBER_DIGITS) << COUNT
