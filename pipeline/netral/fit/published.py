"""Which words may leave the posts that something was learned from: words of everybody, and no names."""

from __future__ import annotations

import re
from collections.abc import Set

from netral.model.model import stemmer
from netral.text.lexicon import table
from netral.text.words import is_word

#: A word with this share of capitals within sentences is left out, unless it stands on a list: half of what makes a name for training.
NAME_SHARE = 0.25
_IN_TAGS = re.compile(r"<\w+>|:\w+:")  # what stands for a name, a number or a year there
_LISTS = ("capitals.tsv", "public.tsv", "protected.tsv", "roles.tsv")


def is_published(items: list[str], names: Set[str]) -> list[bool]:
    """Say which items of posts may be published: placeholders, marks, emoji, words on netral's lists or in PySastrawi's dictionary.

    Parameters
    ----------
    items : list of str
        Items; the words of a hashtag (``#menang``, ``#dukung<calon>``) are judged like others, so that few whole hashtags pass.
    names : set of str
        What the posts write like names (:meth:`netral.fit.corpus.Corpus.written_as_names` with :data:`NAME_SHARE`).
    """
    stem = stemmer("sastrawi")
    listed = {*table("slang.tsv").values(), *table("negation.tsv").values(), *(word for name in _LISTS for word in table(name))}

    def judge(item: str) -> bool:
        words = _IN_TAGS.split(item[1:]) if item[0] == "#" else [item] if is_word(item) else []
        return all(word in listed or (word not in names and stem.is_root(stem(word))) for word in words if word)

    return [judge(item) for item in items]
