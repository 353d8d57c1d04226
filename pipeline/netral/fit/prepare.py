"""Many posts at once: clean texts and the places of their targets, in parallel where that pays."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from netral.fit.parallel import spread
from netral.text import many
from netral.text.gazetteer import Gazetteer
from netral.text.targets import Targets

_BATCH = 5_000


def clean_all(texts: Sequence[str]) -> list[str]:
    """Clean every text."""
    return list(chain.from_iterable(spread(_clean, texts, _BATCH, "cleaning")))


def prepare_all(texts: Sequence[str], elections: Sequence[str], gazetteers: dict[str, Gazetteer]) -> list[str]:
    """Replace the targets of clean ``texts``, by the gazetteer of each post's election if there is one; leave out what they quote."""
    places: dict[str, list[int]] = {}
    for place, election in enumerate(elections):
        places.setdefault(election if election in gazetteers else "", []).append(place)
    prepared = [""] * len(texts)
    for election, rows in places.items():
        done = spread(_Prepare(gazetteers.get(election)), [texts[row] for row in rows], _BATCH, "replacing targets")
        for row, text in zip(rows, chain.from_iterable(done), strict=True):
            prepared[row] = text
    return prepared


def bare_all(texts: Sequence[str], elections: Sequence[str], gazetteers: dict[str, Gazetteer]) -> list[str]:
    """Do the same without gazetteers; empty for posts whose election has none, which read no otherwise."""
    rows = [row for row, election in enumerate(elections) if election in gazetteers]
    bare = [""] * len(texts)
    for row, text in zip(rows, prepare_all([texts[row] for row in rows], [""] * len(rows), {}), strict=True):
        bare[row] = text
    return bare


def _clean(texts: Sequence[str]) -> list[str]:
    return many.clean_all(many.strings(texts)).to_pylist()


class _Prepare:
    """Replace targets; travels to other processes as the gazetteer alone."""

    def __init__(self, gazetteer: Gazetteer | None) -> None:
        self._gazetteer = gazetteer

    def __call__(self, texts: Sequence[str]) -> list[str]:
        return many.replace_all(many.strings(texts), Targets(self._gazetteer)).to_pylist()
