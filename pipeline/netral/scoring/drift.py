"""Drift: how far the posts of a run are from those the model was measured on.

The profile lies in the artifact (`build_profile`, written by the export stage); a run counts with whole numbers
(`DriftCounter`), so that parts of it can be added in any order, and compares at the end (`DriftCounter.report`).
The measure is the population stability index (PSI), with its usual thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Usual thresholds of the PSI: below the first nothing has changed, from the second on the model should not be trusted blindly.
WATCH, ALARM = 0.1, 0.25
#: Fewer posts are not judged: chance alone would move the PSI of ten bins by about 9/n.
MIN_ROWS = 500
#: Bins of a distribution: tenths of the profile's posts.
BINS = 10
#: Platforms that a profile names; all others are counted together, so that the count stays small.
MAX_PLATFORMS = 20
LEVELS = ("steady", "watch", "alarm")
OTHER = "other"
_FLOOR = 1e-4  # an empty bin would make the PSI infinite

Counts = NDArray[np.int64]


def build_profile(
    probability: ArrayLike, items: ArrayLike, known: ArrayLike, platforms: Sequence[str | None] | None = None
) -> dict[str, Any]:
    """Describe the posts that a model was measured on.

    Parameters
    ----------
    probability : array of shape (n,)
        Calibrated probabilities.
    items, known : arrays of shape (n,)
        Items of each post, and those that the model knows, as `Model.score` counts them. The first is also the length of a post:
        unlike its characters, it is the same for a raw text and for the cleaned one that the stages keep.
    platforms : sequence of str or None, length n, optional
        Platform of each post.

    Returns
    -------
    dict
        Ready for JSON; `DriftCounter` reads it. Empty if there are no posts.
    """
    scores, sizes = np.asarray(probability, np.float64), np.asarray(items, np.int64)
    if not len(scores):
        return {}
    items_total, known_total = int(sizes.sum()), int(np.sum(known))
    profile: dict[str, Any] = {
        "rows": len(scores),
        "score": _distribution(scores),
        "length": _distribution(sizes),
        "unknown": round(1 - known_total / items_total, 6) if items_total else 0.0,
    }
    names = [name for name in platforms or () if name]
    if names:
        kinds, counts = np.unique(names, return_counts=True)
        largest = sorted(zip(counts.tolist(), kinds.tolist(), strict=True), key=lambda pair: (-pair[0], pair[1]))[:MAX_PLATFORMS]
        profile["platforms"] = {str(name): round(count / len(names), 6) for count, name in largest}
    return profile


class DriftCounter:
    """Counts of the posts seen so far, in the bins of a profile.

    Parameters
    ----------
    profile : mapping
        From `build_profile`; empty if the model has none: then nothing is counted.
    """

    def __init__(self, profile: Mapping[str, Any]) -> None:
        self._profile = profile
        self._edges = {name: np.asarray(profile[name]["edges"], np.float64) for name in ("score", "length")} if profile else {}
        self._counts: dict[str, Counts] = {name: np.zeros(len(edges) + 1, np.int64) for name, edges in self._edges.items()}
        self._items = np.zeros(2, np.int64)  # unknown, known
        # OTHER stands here twice if a platform is called so; the report adds the two up. States stay as long as those of unfinished runs.
        self._names = [*profile.get("platforms", {}), OTHER]
        self._places = {name.lower(): place for place, name in reversed([*enumerate(self._names)])}
        self._platforms = np.zeros(len(self._names), np.int64)

    def count(self, probability: ArrayLike, items: ArrayLike, known: ArrayLike, platforms: Mapping[str, int] | None = None) -> None:
        """Add posts: arrays of shape (n,) as in `build_profile`; ``platforms`` maps a name, in any capitals, to its number of posts."""
        for name, values in (("score", probability), ("length", items)):
            if name in self._edges:
                bins = np.searchsorted(self._edges[name], np.asarray(values), side="right")
                self._counts[name] += np.bincount(bins, minlength=len(self._counts[name]))
        total_known = int(np.sum(known))
        self._items += [int(np.sum(items)) - total_known, total_known]
        for platform, number in (platforms or {}).items():
            self._platforms[self._places.get(platform.lower(), self._places[OTHER])] += number

    def state(self) -> dict[str, list[int]]:
        """The counts as JSON."""
        counts = {**self._counts, "items": self._items, "platforms": self._platforms}
        return {name: values.tolist() for name, values in counts.items()}

    def add(self, state: Mapping[str, Sequence[int]]) -> None:
        """Add the counts of another counter of the same profile."""
        for name, counts in self._counts.items():
            counts += np.asarray(state[name], np.int64)
        self._items += np.asarray(state["items"], np.int64)
        self._platforms += np.asarray(state["platforms"], np.int64)

    def report(self) -> dict[str, Any]:
        """Compare with the profile.

        Returns
        -------
        dict
            ``level`` (worst of all; ``no profile`` or ``too few rows`` if nothing can be said), ``rows``, and for each of ``score``,
            ``unknown``, ``length``, ``platforms`` its ``psi`` and ``level``, with the shares behind it.
        """
        if not self._profile:
            return {"level": "no profile", "rows": 0}
        rows = int(self._counts["score"].sum())
        if rows < MIN_ROWS:
            return {"level": "too few rows", "rows": rows, "needed": MIN_ROWS}
        measures = {name: _measure(self._profile[name]["shares"], counts) for name, counts in self._counts.items()}
        if self._items.sum():
            expected = self._profile["unknown"]
            measures["unknown"] = _measure([expected, 1 - expected], self._items)
            measures["unknown"] |= {"share": round(float(self._items[0] / self._items.sum()), 6), "expected": expected}
        if "platforms" in self._profile and self._platforms.sum():
            measures["platforms"] = self._compare_platforms()
        worst = max((measure["level"] for measure in measures.values()), key=LEVELS.index)
        return {"level": worst, "rows": rows, **measures}

    def _compare_platforms(self) -> dict[str, Any]:
        expected = dict(self._profile["platforms"])
        expected[OTHER] = expected.get(OTHER, 0.0) + max(0.0, 1 - sum(expected.values()))
        found = dict.fromkeys(expected, 0)
        for name, number in zip(self._names, self._platforms.tolist(), strict=True):
            found[name] += number
        counts = np.array(list(found.values()), np.int64)
        share = dict(zip(found, (counts / counts.sum()).round(6).tolist(), strict=True))
        return {**_measure(list(expected.values()), counts), "share": share, "expected": expected}


def psi(expected: ArrayLike, actual: ArrayLike) -> float:
    """Return the population stability index of two distributions given as shares of the same bins."""
    e, a = np.maximum(np.asarray(expected, np.float64), _FLOOR), np.maximum(np.asarray(actual, np.float64), _FLOOR)
    return float(np.sum((a - e) * np.log(a / e)))


def _measure(expected: Sequence[float], counts: Counts) -> dict[str, Any]:
    value = psi(expected, counts / counts.sum())
    return {"psi": round(value, 6), "level": LEVELS[(value >= WATCH) + (value >= ALARM)]}


def _distribution(values: NDArray) -> dict[str, list[float]]:
    edges = np.unique(np.quantile(values, np.arange(1, BINS) / BINS))
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    return {"edges": [float(edge) for edge in edges], "shares": (counts / len(values)).round(6).tolist()}
