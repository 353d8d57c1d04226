"""Many posts at once: their clean texts, and the same with targets replaced and quotations left out; in parallel where that pays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

import pandas as pd

from netral.fit.parallel import spread
from netral.text import many
from netral.text.gazetteer import Gazetteer
from netral.text.targets import Targets

_BATCH = 5_000


def prepare_posts(received: Sequence[str], elections: Sequence[str], gazetteers: Mapping[str, Gazetteer]) -> pd.DataFrame:
    """Prepare posts as received, each by the gazetteer of its election if there is one, as scoring does.

    Returns
    -------
    DataFrame
        ``text``: clean; ``prepared``: clean, targets replaced, without what it quotes; ``bare``: the same without the gazetteer,
        empty for posts whose election has none, which read no otherwise.
    """
    text = clean_all(received)
    bare = prepare_clean(text)
    prepared, places = list(bare), [place for place, election in enumerate(elections) if election in gazetteers]
    rows: dict[str, list[int]] = {}
    for place in places:
        rows.setdefault(elections[place], []).append(place)
    for election, of in rows.items():
        # As received: an account of a candidate is a name, and a handle like others once the post is clean.
        found = _spread(_Prepare(gazetteers[election]), [received[place] for place in of], "replacing targets")
        for place, each in zip(of, found, strict=True):
            prepared[place] = each
    known = set(places)
    bare = [each if place in known else "" for place, each in enumerate(bare)]
    return pd.DataFrame({"text": text, "prepared": prepared, "bare": bare}, dtype=object)


def clean_all(received: Sequence[str]) -> list[str]:
    """Clean every post."""
    return _spread(_clean, received, "cleaning")


def prepare_clean(texts: Sequence[str]) -> list[str]:
    """Replace the targets of clean ``texts`` that are known without a gazetteer, and leave out what they quote."""
    return _spread(_replace, texts, "replacing targets")


def _spread(work: Callable[[Sequence[str]], list[str]], texts: Sequence[str], what: str) -> list[str]:
    return list(chain.from_iterable(spread(work, texts, _BATCH, what)))


def _clean(texts: Sequence[str]) -> list[str]:
    return many.clean_all(many.strings(texts)).to_pylist()


def _replace(texts: Sequence[str]) -> list[str]:
    return many.replace_all(many.strings(texts), Targets(None)).to_pylist()


class _Prepare:
    """Clean posts and replace their targets; travels to other processes as the gazetteer alone."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def __call__(self, texts: Sequence[str]) -> list[str]:
        return many.prepare_all(many.strings(texts), Targets(self._gazetteer)).to_pylist()
