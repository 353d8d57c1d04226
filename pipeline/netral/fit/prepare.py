"""Many posts at once: clean texts and the places of their targets, in parallel where that pays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

from netral.text.clean import clean
from netral.text.targets import Gazetteer, Targets

_PARALLEL_FROM = 20_000  # fewer posts are done before the processes have started
_BATCH = 5_000


def clean_all(texts: Sequence[str]) -> list[str]:
    """Clean every text."""
    return _spread(_clean, texts)


def prepare_all(texts: Sequence[str], elections: Sequence[str], gazetteers: dict[str, Gazetteer]) -> list[str]:
    """Replace the targets of clean ``texts``, by the gazetteer of each post's election where there is one."""
    places: dict[str, list[int]] = {}
    for place, election in enumerate(elections):
        places.setdefault(election if election in gazetteers else "", []).append(place)
    prepared = [""] * len(texts)
    for election, rows in places.items():
        done = _spread(_Prepare(gazetteers.get(election)), [texts[row] for row in rows])
        for row, text in zip(rows, done, strict=True):
            prepared[row] = text
    return prepared


def _clean(texts: Sequence[str]) -> list[str]:
    return [clean(text) for text in texts]


class _Prepare:
    """Replace targets; travels to other processes as the gazetteer alone."""

    def __init__(self, gazetteer: Gazetteer | None) -> None:
        self._gazetteer = gazetteer

    def __call__(self, texts: Sequence[str]) -> list[str]:
        targets = Targets(self._gazetteer)
        return [targets(text) for text in texts]


def _spread(work: Callable[[Sequence[str]], list[str]], texts: Sequence[str]) -> list[str]:
    if len(texts) < _PARALLEL_FROM:
        return work(texts)
    from joblib import Parallel, delayed

    batches = (texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH))
    return list(chain.from_iterable(Parallel(n_jobs=-1)(delayed(work)(batch) for batch in batches)))
