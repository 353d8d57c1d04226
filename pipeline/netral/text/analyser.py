"""The analyser that training and scoring share: which stemmer, which word lists, and the encoder made of them.

One place makes it, so that a post becomes the same items on both roads; :func:`analyser` names the state it is in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from netral.text.encode import MAX_CHUNKS, Encoder
from netral.text.gazetteer import Gazetteer
from netral.text.lexicon import table
from netral.text.stem import NoStemmer, Stemmer
from netral.text.targets import Targets
from netral.text.words import Tokeniser

#: Raise it whenever a change of `netral.text` changes what any post becomes, or one of how its features are
#: added up: older artifacts are then refused.
ANALYSER = 16


def stemmer(kind: str, known: Mapping[str, str] | None = None) -> Stemmer | NoStemmer:
    """Return the stemmer that ``train.stem`` names."""
    return NoStemmer() if kind == "none" else Stemmer(table("protected.tsv"), known)


def encoder(stem: Stemmer | NoStemmer, gazetteer: Gazetteer | None, max_chunks: int = MAX_CHUNKS) -> Encoder:
    """Return the encoder that training and scoring share."""
    common = common_words(stem)
    return Encoder(Tokeniser(stem.is_root, common), Targets(gazetteer), common, max_chunks)


def common_words(stem: Stemmer | NoStemmer) -> frozenset[str]:
    """Return the words that are no names: those of the lists that come with netral, and what the stemmer knows as a root."""
    forms = (*table("slang.tsv"), *table("slang.tsv").values(), *table("negation.tsv"), *table("negation.tsv").values())
    lists = ("protected.tsv", "capitals.tsv", "public.tsv", "roles.tsv", "things.tsv")
    words = frozenset((*forms, *(word for name in lists for word in table(name))))
    if not stem.roots:  # what was made with PySastrawi's list goes with it
        return words
    return words.union(table("stems.tsv"), stem.roots) - table("given.tsv").keys()


@cache
def analyser() -> str:
    """What decides how a text becomes items: the analyser's version and a digest of its word lists."""
    folder = files("netral.text.lexicon")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".tsv"))
    lists = hashlib.sha256(b"".join(folder.joinpath(name).read_bytes() for name in names)).hexdigest()
    return f"{ANALYSER}-{lists[:12]}"
