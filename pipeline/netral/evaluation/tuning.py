"""Every system is tuned alike: its settings are tried on folds of what it learns from, and the best by average precision is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Learns from the posts at the first rows and scores those at the second, above 0 where it leans to `partisan`.
System = Callable[[Rows, Rows], Floats]

_FOLDS = 3  # of the posts learned from, where elections do not give them
_ELECTIONS = 3  # fewer elections than this give no folds; the same number as in training
_NONE: Rows = np.empty(0, np.int64)


@dataclass(frozen=True)
class Grid:
    """A system with settings to choose from.

    Attributes
    ----------
    settings : tuple
        What is tried; among equals the first is chosen.
    scores : callable of (Rows, Rows, settings) to list of float64 arrays
        Learns from the posts at the first rows, and scores those at the second with each of the settings.
    """

    settings: tuple[Any, ...]
    scores: Callable[[Rows, Rows, Sequence[Any]], list[Floats]]

    def fixed(self, setting: Any) -> Grid:
        """Return the system with one of its settings."""
        return Grid((setting,), self.scores)


def tuned(grid: Grid, posts: pd.DataFrame, seed: int, always: Rows = _NONE) -> System:
    """Return the system that chooses its setting anew from whatever it learns from.

    Parameters
    ----------
    grid : Grid
    posts : DataFrame
        ``label``, ``group``, ``election``.
    seed : int
        Of the folds.
    always : int array
        Rows that are learned from every time and never asked about.
    """
    partisan = (posts.label == "partisan").to_numpy()
    groups, elections = posts.group.to_numpy(), posts.election.to_numpy(str)

    def score(inside: Rows, outside: Rows) -> Floats:
        setting = grid.settings[0]
        if len(grid.settings) > 1:
            own, fold = groups[inside], _folds(groups[inside], elections[inside], seed)
            apart = ((fold == k, (fold != k) & ~np.isin(own, own[fold == k])) for k in np.unique(fold))
            setting = best(grid, [(np.r_[inside[learned], always], inside[asked]) for asked, learned in apart], partisan)[0]
        return grid.scores(np.r_[inside, always], outside, [setting])[0]

    return score


def best(grid: Grid, splits: Sequence[tuple[Rows, Rows]], partisan: NDArray[np.bool_]) -> tuple[Any, list[Floats]]:
    """Return the setting with the best mean average precision over ``splits``, and its scores of each split's second rows.

    Splits that cannot be learned from or judged, for want of a label, say nothing about a setting.
    """
    from sklearn.metrics import average_precision_score

    found: list[list[Floats]] = []
    precision: list[list[float]] = []
    for inside, outside in splits:
        if not 0 < partisan[inside].sum() < len(inside):
            found.append([np.full(len(outside), np.nan)] * len(grid.settings))
            continue
        found.append(grid.scores(inside, outside, grid.settings))
        if 0 < partisan[outside].sum() < len(outside):
            precision.append([average_precision_score(partisan[outside], scores) for scores in found[-1]])
    means = np.round(np.mean(precision, axis=0), 4) if precision else np.zeros(len(grid.settings))
    chosen = int(np.argmax(means))
    return grid.settings[chosen], [scores[chosen] for scores in found]


def _folds(groups: NDArray[np.integer], elections: NDArray[np.str_], seed: int) -> NDArray[np.integer]:
    """Fold of each post: its election where there are enough of them, else its near-duplicate group's."""
    names, election = np.unique(elections, return_inverse=True)
    if len(names) - ("" in names) >= _ELECTIONS:
        return election
    names, member = np.unique(groups, return_inverse=True)
    return np.random.default_rng(seed).permutation(len(names))[member] % _FOLDS
