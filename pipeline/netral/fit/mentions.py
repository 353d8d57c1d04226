"""How posts speak of each word: what tells the name of a candidate from any other word.

People are introduced (*Pak, Bu, Gus, dr.*), stand for something (*calon, paslon*), are chosen (*coblos, dukung*), are joined to a
running mate (*A–B*), and lend their names to hashtags and handles. Places are lived in (*di, warga, Kabupaten*).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from netral.text.clean import clean
from netral.text.lexicon import table

#: How people are addressed; one of these before a name is part of how it is written.
ADDRESSES = frozenset(word for word, kind in table("addresses.tsv").items() if kind != "seldom")
#: What a candidate is, and what is done for or against one.
ROLES = frozenset(
    "calon capres cawapres cagub cawagub cabup cawabup cawalkot cawawalkot caleg paslon pasangan kandidat nomor no"
    " coblos cobloslah nyoblos tusuk pilih milih memilih dukung mendukung menangkan pendukung relawan timses kubu".split()
)
_PLACES = frozenset(
    "di ke kota kabupaten kab provinsi prov warga desa kecamatan kelurahan jalan jl se masyarakat rakyat bangsa negara tanah pulau republik"
    " kpu bawaslu pilkada pilpres pileg pemilu bupati".split()
)
_HANDLE = re.compile(r"(?<![\w@.])@(\w{3,30})")
_TAG = re.compile(r"#\w+")
_APART = re.compile(r"#\w+|<[^<>]{1,80}>|[@:]\w+")  # tags, placeholders and named emoji are no words of a sentence
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_JOINT = re.compile(r"\s?[-–—&+/]\s?")
_PARTY = re.compile(r"\bPartai((?: [A-Z][\w-]+){1,3})(?:\s*\(([A-Z][A-Za-z]{1,9})\))?")
_TITLE = 0.5  # a text with more capitalised words than this is a title: its capitals say nothing


@dataclass
class Mentions:
    """Counts over distinct posts; words, handles and hashtags in small letters.

    Attributes
    ----------
    total : int
        Distinct posts.
    posts : Counter of str
        Posts that hold the word.
    within, capitals : Counter of str
        Uses where no sentence starts, and those of them with a capital.
    led, placed : Counter of str
        Uses after an address or a role, and after what stands before places.
    joined : Counter of (str, str)
        Capitalised words put together by a dash, an ampersand or *dan*.
    follows, titled : Counter of (str, str)
        Lines where two capitalised words stand side by side: sentences, and titles, which capitalise other words too.
    addressed : Counter of (str, str)
        Uses after one address.
    forms : Counter of str
        Uses with a capital, as written.
    handles, tags : Counter of str
        Posts that hold them.
    parties, short : Counter of str, Counter of (str, str)
        What follows *Partai*, as written, and its short form in brackets.
    """

    total: int = 0
    posts: Counter[str] = field(default_factory=Counter)
    within: Counter[str] = field(default_factory=Counter)
    capitals: Counter[str] = field(default_factory=Counter)
    led: Counter[str] = field(default_factory=Counter)
    placed: Counter[str] = field(default_factory=Counter)
    joined: Counter[tuple[str, str]] = field(default_factory=Counter)
    follows: Counter[tuple[str, str]] = field(default_factory=Counter)
    titled: Counter[tuple[str, str]] = field(default_factory=Counter)
    addressed: Counter[tuple[str, str]] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    handles: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    parties: Counter[str] = field(default_factory=Counter)
    short: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, post: str) -> None:
        """Count one post."""
        self.total += 1
        self.handles.update({handle.lower() for handle in _HANDLE.findall(post)})
        text = clean(post)
        self.tags.update({tag.lower() for tag in _TAG.findall(text)})
        for name, short in _PARTY.findall(text):
            self.parties[name.strip()] += 1
            self.short[name.strip(), short] += bool(short)
        for line in _APART.sub(" # ", text).split("\n"):
            self._add_words(line)
        self.posts.update({word.lower() for word in _WORD.findall(_APART.sub(" ", text))})

    def _add_words(self, line: str) -> None:
        found = list(_WORD.finditer(line))
        words = [each[0].lower() for each in found]
        capital = [each[0][0].isupper() for each in found]
        self.forms.update(each[0] for each, large in zip(found, capital, strict=True) if large)
        title = sum(capital) > _TITLE * len(found)
        pairs: set[tuple[str, str]] = set()
        for i in range(1, len(found)):
            between = line[found[i - 1].end() : found[i].start()]
            before, word = words[i - 1], words[i]
            if between in (" ", ". "):
                self.led[word] += before in ADDRESSES or before in ROLES
                self.placed[word] += before in _PLACES
                if before in ADDRESSES:
                    self.addressed[before, word] += 1
            if between in (" ", ", ") and not capital[i - 1] and not title:
                self.within[word] += 1
                self.capitals[word] += capital[i]
            if not capital[i]:
                continue
            if capital[i - 1] and between == " ":
                pairs.add((before, word))
            elif capital[i - 1] and _JOINT.fullmatch(between):
                self.joined[before, word] += 1
            elif before == "dan" and i > 1 and capital[i - 2] and between == " " and not title:
                self.joined[words[i - 2], word] += 1
        (self.titled if title else self.follows).update(pairs)


def count(posts: Iterable[str]) -> Mentions:
    """Count what stands around the words of ``posts``, each distinct post once."""
    found, seen = Mentions(), set[bytes]()
    for post in posts:
        known = blake2b(post.encode("utf-8", "replace"), digest_size=8).digest()
        if known not in seen:
            seen.add(known)
            found.add(post)
    return found


def inside(words: Sequence[str], of: Counter[str]) -> Counter[str]:
    """Count in how many posts a tag or handle of ``of`` holds each of ``words`` (four letters or more) and is more than it."""
    found: Counter[str] = Counter()
    for each, posts in of.items():
        for word in words:
            if len(word) > 3 and word in each and len(each.lstrip("#")) > len(word):
                found[word] += posts
    return found
