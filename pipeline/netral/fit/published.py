"""Which words may leave the public posts that something was learned from: words of everybody, no person's or party's name, no slur."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache
from pathlib import Path

from netral.fit.names import MASKED
from netral.text.analyser import stemmer
from netral.text.lexicon import table
from netral.text.words import is_word

#: A word with this share of capitals within sentences is left out, unless it stands on a list: half of what makes a name for training.
NAME_SHARE = 0.25
_LISTS = ("capitals.tsv", "public.tsv", "protected.tsv", "roles.tsv")
_WITHHELD = Path(__file__).with_name("withheld.txt")
_IN_TAGS = re.compile(r"<\w+>|:\w+:")  # what stands for a name, a number or a year there
_LONG = 4  # letters of a stem: with affixes cut off, names of three letters more look like words


def is_published(items: list[str], names: Set[str]) -> list[bool]:
    """Say which items of posts may be published: targets, marks, emoji, words on netral's lists or in PySastrawi's dictionary.

    Parameters
    ----------
    items : list of str
        Items; the words of a hashtag (``#menang``, ``#dukung<calon>``) are judged like others, so that few whole hashtags pass.
    names : set of str
        What the posts write like names (:meth:`netral.fit.corpus.Corpus.written_as_names` with :data:`NAME_SHARE`).
    """
    stem = stemmer("sastrawi")
    listed = {*table("slang.tsv").values(), *table("negation.tsv").values(), *(word for name in _LISTS for word in table(name))}

    def is_of_everybody(word: str) -> bool:
        if word in withheld():
            return False
        root = stem(word)
        return word in listed or (word not in names and stem.is_root(root) and (root == word or len(root) >= _LONG))

    def judge(item: str) -> bool:
        if item in withheld() or item in MASKED:
            return False
        words = _IN_TAGS.split(item[1:]) if item[0] == "#" else [item] if is_word(item) else []
        return all(map(is_of_everybody, filter(None, words)))

    return [judge(item) for item in items]


@cache
def withheld() -> frozenset[str]:
    """Return the words and signs that are left out whatever the dictionary says of them."""
    lines = _WITHHELD.read_text(encoding="utf-8").splitlines()
    words = (word for line in lines if not line.startswith("# ") for word in line.split())
    parties = (name.lower() for name in table("parties.tsv"))
    return frozenset((*words, *table("given.tsv"), *parties))
