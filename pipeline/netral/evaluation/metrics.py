"""Metrics of a binary score, each with a bootstrap interval that resamples whole groups of near-duplicates.

A metric that the posts at hand cannot give (no neutral post, no group to resample) is named as skipped, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netral.fit.parallel import in_threads
from netral.model.policy import Thresholds

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

#: macro-F1, `fpr_at_half` and `recall_at_half` are taken where `partisan` becomes the likelier label.
LIKELIER = 0.5
#: Slices of the posts that are measured on their own.
SLICES = ("election", "platform", "genre", "lang")
#: Parts whose slices card and report show; those of other parts are in evaluate.json.
SLICED = ("out of fold", "test")
#: Bins of equal width of the expected calibration error (Guo et al. 2017) and of the reliability diagram.
BINS = 10
#: Cells (resamples x posts) of one block: more of them do not fit a processor's cache.
_BLOCK = 1 << 18

_BOTH = ("macro_f1", "average_precision", "roc_auc")
_NEUTRAL = ("fpr_at_half", "fpr_review", "fpr_flag")
_PARTISAN = ("recall_at_half", "recall_review", "recall_flag")
NAMES = (*_BOTH, "brier", "ece", *_NEUTRAL, *_PARTISAN)
#: What card and report call the metrics that they show, in their order.
TITLES = {
    "roc_auc": "ROC AUC",
    "average_precision": "average precision",
    "macro_f1": "macro-F1 at 0.5",
    "brier": "Brier score",
    "ece": "calibration error",
    "fpr_flag": "false-positive rate, flag",
    "recall_flag": "recall, flag",
    "fpr_review": "false-positive rate, review or flag",
    "recall_review": "recall, review or flag",
}


@dataclass(frozen=True)
class Bootstrap:
    """How intervals are made.

    Parameters
    ----------
    resamples : int
    seed : int
    confidence : float
        Share of the resamples between the two ends (percentiles; Efron & Tibshirani 1993).
    """

    resamples: int = 1000
    seed: int = 0
    confidence: float = 0.95


def measure(
    partisan: NDArray[np.bool_],
    probability: Floats,
    groups: NDArray[np.integer],
    thresholds: Thresholds,
    bootstrap: Bootstrap,
    where: str = "all posts",
) -> dict[str, Any]:
    """Measure calibrated probabilities against labels.

    Parameters
    ----------
    partisan : bool array of shape (n,)
    probability : float64 array of shape (n,)
    groups : int array of shape (n,)
        Near-duplicate groups: the unit that is resampled.
    thresholds : Thresholds
        Where `review` and `flag` start.
    bootstrap : Bootstrap
    where : str
        Name of the posts, for the list of what was skipped.

    Returns
    -------
    dict
        ``posts``, ``partisan``, ``neutral``, ``groups`` (counts), ``metrics`` (name to ``value``, ``low``, ``high``; the
        ends are None where there is nothing to resample) and ``skipped`` (sentences).
    """
    names, skipped = _computable(partisan, thresholds, where)
    found: dict[str, Any] = {
        "posts": len(partisan),
        "partisan": int(partisan.sum()),
        "neutral": int((~partisan).sum()),
        "groups": len(np.unique(groups)),
        "metrics": {},
        "skipped": skipped,
    }
    if len(partisan):
        statistic = _Statistic(partisan, probability, thresholds)
        value = statistic(np.ones((1, len(partisan))))
        low, high = _interval(statistic, groups, bootstrap)
        for name in {*_NEUTRAL, *_PARTISAN} & set(low):
            if value[name][0] in (0.0, 1.0):
                low[name], high[name] = _exact(value[name][0] == 1.0, len(np.unique(groups[partisan == (name in _PARTISAN)])), bootstrap)
        found["metrics"] = {name: {"value": float(value[name][0]), "low": low.get(name), "high": high.get(name)} for name in names}
    return found


def auc_difference(
    partisan: NDArray[np.bool_], one: Floats, other: Floats, groups: NDArray[np.integer], bootstrap: Bootstrap
) -> dict[str, float | None] | None:
    """Return how much higher the ROC AUC of one probability is than that of another on the same posts (``value, low, high``).

    Both are asked of the same resamples, so that what they share does not widen the interval. None where a label is missing.

    Parameters
    ----------
    partisan : bool array of shape (n,)
    one, other : float64 arrays of shape (n,)
    groups : int array of shape (n,)
        Near-duplicate groups: the unit that is resampled.
    bootstrap : Bootstrap
    """
    if partisan.all() or not partisan.any():
        return None
    nothing = Thresholds(1.0, None)
    mine, theirs = (_Statistic(partisan, each, nothing) for each in (one, other))

    def difference(weights: Floats) -> dict[str, Floats]:
        return {"roc_auc": mine(weights)["roc_auc"] - theirs(weights)["roc_auc"]}

    low, high = _interval(difference, groups, bootstrap)
    return {"value": float(difference(np.ones((1, len(partisan))))["roc_auc"][0]), "low": low.get("roc_auc"), "high": high.get("roc_auc")}


def roc_auc(partisan: NDArray[np.bool_], scores: Floats) -> float:
    """ROC AUC by ranks (Mann & Whitney 1947); nan without both labels."""
    from scipy.stats import rankdata

    n = int(partisan.sum())
    if n in (0, len(partisan)):
        return float("nan")
    return float((rankdata(scores)[partisan].sum() - n * (n + 1) / 2) / (n * (len(partisan) - n)))


def measure_slices(posts: pd.DataFrame, thresholds: Thresholds, bootstrap: Bootstrap, part: str) -> list[dict[str, Any]]:
    """Measure all posts, then each value of each slice.

    Parameters
    ----------
    posts : DataFrame
        ``label``, ``probability``, ``group`` and the columns of :data:`SLICES`.
    part : str
        What these posts are (for example "out of fold"); stored with each row.

    Returns
    -------
    list of dict
        As :func:`measure`, with ``part``, ``slice`` and ``name``.
    """
    rows = [_measured(posts, thresholds, bootstrap, {"part": part, "slice": "all", "name": "all"})]
    for column in SLICES if len(posts) else ():
        given = posts[column].astype(str)
        values = sorted(set(given) - {""})
        if len(values) < 2:
            rows[0]["skipped"].append(f"{column} ({part}): {'one value only' if values else 'the file names none'}")
            continue
        rows += [
            _measured(posts[given == value], thresholds, bootstrap, {"part": part, "slice": column, "name": value or unnamed(column)})
            for value in (*values, *({""} & set(given)))
        ]
    return rows


def unnamed(column: str) -> str:
    """Name the posts of which a column says nothing."""
    return f"no {column}"


def written(found: Mapping[str, Any] | None) -> str:
    """Write a metric with its interval."""
    if not found:
        return "–"
    return f"{found['value']:.3f}" + ("" if found["low"] is None else f" ({found['low']:.3f}–{found['high']:.3f})")


def _measured(posts: pd.DataFrame, thresholds: Thresholds, bootstrap: Bootstrap, keys: Mapping[str, str]) -> dict[str, Any]:
    column, name = keys["slice"], keys["name"]
    what = name if name == unnamed(column) else f"{column} {name}"
    where = keys["part"] if column == "all" else f"{what} ({keys['part']})"
    partisan = (posts.label == "partisan").to_numpy()
    return {**keys, **measure(partisan, posts.probability.to_numpy(np.float64), posts.group.to_numpy(), thresholds, bootstrap, where)}


def _computable(partisan: NDArray[np.bool_], thresholds: Thresholds, where: str) -> tuple[list[str], list[str]]:
    """Return the metrics that these posts can give, and a sentence for each reason why others are missing."""
    missing: set[str] = set()
    skipped = []
    if not len(partisan):
        return [], [f"no posts in {where}"]
    for label, there, needed in (("neutral", not partisan.all(), _BOTH + _NEUTRAL), ("partisan", partisan.any(), _BOTH + _PARTISAN)):
        if not there:
            missing |= set(needed)
            skipped.append(f"no {label} posts in {where}: {', '.join(needed)}")
    if thresholds.flag is None:
        missing |= {"fpr_flag", "recall_flag"}
    return [name for name in NAMES if name not in missing], skipped


class _Statistic:
    """All metrics of weighted posts at once: weights of shape (resamples, n) to arrays of shape (resamples,)."""

    def __init__(self, partisan: NDArray[np.bool_], probability: Floats, thresholds: Thresholds) -> None:
        y = partisan.astype(np.float64)
        flag = np.inf if thresholds.flag is None else thresholds.flag
        calls = np.stack([probability >= at for at in (LIKELIER, thresholds.review, flag)], axis=1).astype(np.float64)
        # What is a sum over posts is one matrix product: counts, then the true and the false calls at each threshold.
        self._sums = np.column_stack([y, 1 - y, y[:, None] * calls, (1 - y)[:, None] * calls, (probability - y) ** 2])
        bins = np.minimum((probability * BINS).astype(int), BINS - 1)
        self._gaps = np.zeros((len(y), BINS))
        self._gaps[np.arange(len(y)), bins] = probability - y
        self._order = np.argsort(-probability, kind="stable")
        ordered = probability[self._order]
        self._ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))  # the last post of each run of equals
        self._y = y[self._order]

    def __call__(self, weights: Floats) -> dict[str, Floats]:
        with np.errstate(invalid="ignore", divide="ignore"):
            positive, negative, tp, tp_review, tp_flag, fp, fp_review, fp_flag, squares = (weights @ self._sums).T
            total = positive + negative
            return {
                "macro_f1": (2 * tp / (positive + tp + fp) + 2 * (negative - fp) / (2 * negative - fp + positive - tp)) / 2,
                "brier": squares / total,
                "ece": np.abs(weights @ self._gaps).sum(axis=1) / total,
                "fpr_at_half": fp / negative,
                "recall_at_half": tp / positive,
                "fpr_review": fp_review / negative,
                "fpr_flag": fp_flag / negative,
                "recall_review": tp_review / positive,
                "recall_flag": tp_flag / positive,
                **self._ranking(weights[:, self._order]),
            }

    def _ranking(self, weights: Floats) -> dict[str, Floats]:
        positives = weights * self._y
        tp = np.cumsum(positives, axis=1)[:, self._ends]
        fp = np.cumsum(weights - positives, axis=1)[:, self._ends]
        gained = np.diff(tp, axis=1, prepend=0.0)
        precision = np.divide(tp, tp + fp, out=np.zeros_like(tp), where=tp + fp > 0)
        # Area by trapezes: a run of equals counts its pairs half (Hanley & McNeil 1982).
        area = (np.diff(fp, axis=1, prepend=0.0) * (tp - gained / 2)).sum(axis=1)
        return {"average_precision": (gained * precision).sum(axis=1) / tp[:, -1], "roc_auc": area / (tp[:, -1] * fp[:, -1])}


def _interval(
    statistic: Callable[[Floats], dict[str, Floats]], groups: NDArray[np.integer], bootstrap: Bootstrap
) -> tuple[dict[str, float], dict[str, float]]:
    """Return both ends of each metric's interval; resamples that lack a label say nothing about it and are left out."""
    names, member = np.unique(groups, return_inverse=True)
    if len(names) < 2 or bootstrap.resamples < 2:
        return {}, {}

    def resampled(start: int, end: int) -> dict[str, Floats]:
        drawn = (np.random.default_rng([bootstrap.seed, k]).integers(len(names), size=len(names)) for k in range(start, end))
        times = np.stack([np.bincount(each, minlength=len(names)) for each in drawn])
        return statistic(times[:, member].astype(np.float64))

    blocks = list(in_threads(resampled, bootstrap.resamples, max(1, _BLOCK // len(groups))))
    tail = (1 - bootstrap.confidence) / 2
    low, high = {}, {}
    for name in blocks[0]:
        values = np.concatenate([block[name] for block in blocks])
        values = values[~np.isnan(values)]
        if len(values):
            low[name], high[name] = (float(end) for end in np.quantile(values, [tail, 1 - tail]))
    return low, high


def _exact(all_of_them: bool, groups: int, bootstrap: Bootstrap) -> tuple[float, float]:
    """Return the interval of a rate of 0 or 1 (Clopper & Pearson 1934), which resampling would call certain."""
    reach = 1 - ((1 - bootstrap.confidence) / 2) ** (1 / groups) if groups else 1.0
    return (1 - reach, 1.0) if all_of_them else (0.0, reach)
