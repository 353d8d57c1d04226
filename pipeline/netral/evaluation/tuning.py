"""Every system is tuned and calibrated alike, on folds of what it learns from.

The setting with the best average precision is used, and the sigmoid of its out-of-fold scores (Platt 1999) makes its scores
log-odds: above 0 a post is likelier partisan than not, whatever a system's own middle was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netral.fit.parallel import at_once
from netral.fit.split import ELECTIONS_TO_FOLD

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Learns from the posts at the first rows and gives those at the second their log-odds of being partisan.
System = Callable[[Rows, Rows], Floats]

_FOLDS = 3  # of the posts learned from, where elections do not give them
_MOST = 5  # more folds cost time; then several elections share one
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
    sigmoid : (slope, offset), optional
        Of the scores, where it is known.
    """

    settings: tuple[Any, ...]
    scores: Callable[[Rows, Rows, Sequence[Any]], list[Floats]]
    sigmoid: tuple[float, float] | None = None

    def fixed(self, setting: Any, sigmoid: tuple[float, float]) -> Grid:
        """Return the system with one of its settings, calibrated."""
        return Grid((setting,), self.scores, sigmoid)


def tuned(grid: Grid, posts: pd.DataFrame, seed: int, always: Rows = _NONE) -> System:
    """Return the system that chooses its setting and its sigmoid anew from whatever it learns from, unless both are fixed.

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
        setting, sigmoid = grid.settings[0], grid.sigmoid
        if sigmoid is None:
            own, fold = groups[inside], _folds(groups[inside], elections[inside], partisan[inside], seed)
            apart = ((fold == k, (fold != k) & ~np.isin(own, own[fold == k])) for k in np.unique(fold))
            splits = [(np.r_[inside[learned], always], inside[asked]) for asked, learned in apart]
            setting, found = best(grid, splits, partisan)
            sigmoid = calibrated(found, [asked for _, asked in splits], partisan)
        slope, offset = sigmoid
        return slope * grid.scores(np.r_[inside, always], outside, [setting])[0] + offset

    return score


def calibrated(found: Sequence[Floats], asked: Sequence[Rows], partisan: NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and offset of the sigmoid of out-of-fold scores, given for the rows in ``asked``; (1, 0) if they cannot tell."""
    from netral.fit.classifier import fit_sigmoid

    scores, labels = np.concatenate([*found, np.empty(0)]), np.concatenate([*(partisan[rows] for rows in asked), np.empty(0, bool)])
    there = ~np.isnan(scores)
    return fit_sigmoid(scores, labels) if 0 < labels[there].sum() < there.sum() else (1.0, 0.0)


def best(grid: Grid, splits: Sequence[tuple[Rows, Rows]], partisan: NDArray[np.bool_]) -> tuple[Any, list[Floats]]:
    """Return the setting with the best mean average precision over ``splits``, and its scores of each split's second rows.

    Splits that cannot be learned from or judged, for want of a label, say nothing about a setting.
    """
    from sklearn.metrics import average_precision_score

    def mixed(rows: Rows) -> bool:
        return 0 < partisan[rows].sum() < len(rows)

    def ask(split: tuple[Rows, Rows]) -> list[Floats]:
        inside, outside = split
        return grid.scores(inside, outside, grid.settings) if mixed(inside) else [np.full(len(outside), np.nan)] * len(grid.settings)

    found = at_once(ask, splits, len(partisan))
    precision = [
        [average_precision_score(partisan[outside], scores) for scores in of_split]
        for (inside, outside), of_split in zip(splits, found, strict=True)
        if mixed(inside) and mixed(outside)
    ]
    means = np.round(np.mean(precision, axis=0), 4) if precision else np.zeros(len(grid.settings))
    chosen = int(np.argmax(means))
    return grid.settings[chosen], [scores[chosen] for scores in found]


def _folds(groups: NDArray[np.integer], elections: NDArray[np.str_], partisan: NDArray[np.bool_], seed: int) -> NDArray[np.integer]:
    """Fold of each post: its election's where each leaves both labels to learn from, else its near-duplicate group's.

    Plainer than the folds of training: small elections are not merged, and posts of none are a fold.
    """
    names, election = np.unique(elections, return_inverse=True)
    fold = election % _MOST
    if len(names) - ("" in names) >= ELECTIONS_TO_FOLD and all(len(np.unique(partisan[fold != k])) == 2 for k in np.unique(fold)):
        return fold
    names, member = np.unique(groups, return_inverse=True)
    return np.random.default_rng(seed).permutation(len(names))[member] % _FOLDS
