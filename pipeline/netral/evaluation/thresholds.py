"""Where `review` and `flag` start, what that promises, and what it costs.

`flag` is the lowest threshold such that it and every higher one has, with the stated confidence (Clopper & Pearson 1934,
one-sided), a false-positive rate of at most ``alpha`` on neutral posts that the model was not fitted on, the
highest-scoring one of each near-duplicate group. It is lifted above every such neutral post of a protected voice: no
reminder to stay neutral is flagged there; and to where the same bound holds for posts of platforms, and of a file of neutral
posts, that a model did not learn from. `review` starts where at most ``load`` of all neutral posts, copies too, would be read,
or with `flag`, before it is lifted, if that is lower.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from netral.evaluation.metrics import unnamed
from netral.model.policy import Thresholds

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

#: Shares of partisan posts among those scored, for which precision and load are worked out.
PREVALENCES = (0.005, 0.01, 0.05, 0.20)
#: Thresholds are written with six decimals: finer than what two processors agree on, and readable.
_GRID = 1_000_000
_PER = 100_000


def upper_bound(errors: int, posts: int, confidence: float) -> float:
    """Return the one-sided Clopper-Pearson upper bound of a rate; 1.0 without posts."""
    return 1.0 if errors >= posts else float(beta.ppf(confidence, errors + 1, posts - errors))


def fewest_posts(alpha: float, confidence: float) -> int:
    """Return how many posts without an error are the least to promise a rate of at most ``alpha``."""
    posts = max(1, math.floor(math.log(1 - confidence) / math.log(1 - alpha)))
    while upper_bound(0, posts, confidence) > alpha:
        posts += 1
    return posts


def most_errors(posts: int, alpha: float, confidence: float) -> int:
    """Return the most errors among ``posts`` that still promise a rate of at most ``alpha``; -1 if even none does not."""
    errors = np.arange(posts)
    return int((beta.ppf(confidence, errors + 1, posts - errors) <= alpha).sum()) - 1


def one_per_group(scores: Floats, groups: NDArray[np.integer]) -> Floats:
    """Return the highest score of each group: copies of a post are one observation."""
    names, member = np.unique(groups, return_inverse=True)
    highest = np.full(len(names), -np.inf)
    np.maximum.at(highest, member, scores)
    return highest


def choose(
    probability: Floats, partisan: NDArray[np.bool_], groups: NDArray[np.integer], *, alpha: float, confidence: float, load: float
) -> tuple[Thresholds, int]:
    """Choose both thresholds on posts that the model was not fitted on.

    Parameters
    ----------
    probability : float64 array of shape (n,)
    partisan : bool array of shape (n,)
    groups : int array of shape (n,)
        Near-duplicate groups.
    alpha, confidence : float
        Bound of the false-positive rate of `flag`, and its confidence.
    load : float
        Share of the neutral posts that people can read.

    Returns
    -------
    thresholds : Thresholds
        ``flag`` is None if the neutral posts cannot support the promise.
    missing : int
        How many neutral posts are missing for it at least.
    """
    neutral = ~partisan
    distinct = one_per_group(probability[neutral], groups[neutral])
    allowed = most_errors(len(distinct), alpha, confidence)
    flag = _above(distinct, allowed) if allowed >= 0 else None
    if flag is not None and flag > 1:  # neutral posts at the very top: no probability is above them
        flag = None
    review = min(1.0, _above(probability[neutral], math.floor(load * neutral.sum() + 1e-9))) if neutral.any() else 0.5
    missing = max(0, fewest_posts(alpha, confidence) - len(distinct))
    return Thresholds(review if flag is None else min(review, flag), flag), missing


def spare(thresholds: Thresholds, protected: Floats) -> Thresholds:
    """Lift `flag` above all of ``protected``, the probabilities of neutral posts that must not be flagged; None where that cannot be."""
    if thresholds.flag is None or not len(protected) or protected.max() < thresholds.flag:
        return thresholds
    flag = _above(protected, 0)
    return Thresholds(thresholds.review, None if flag > 1 else flag)


def hold_elsewhere(
    thresholds: Thresholds, neutral: Floats, groups: NDArray[np.integer], *, alpha: float, confidence: float
) -> tuple[Thresholds, int]:
    """Lift `flag` to where its bound holds for other neutral posts as well.

    Parameters
    ----------
    thresholds : Thresholds
    neutral : float64 array of shape (n,)
        Probabilities of the other neutral posts.
    groups : int array of shape (n,)
        Their near-duplicate groups; one of each counts.
    alpha, confidence : float
        The promise, as for :func:`choose`.

    Returns
    -------
    thresholds : Thresholds
        As they were where these posts cannot support the promise.
    missing : int
        How many of them are missing for it at least.
    """
    other, missing = choose(neutral, np.zeros(len(neutral), bool), groups, alpha=alpha, confidence=confidence, load=0.5)
    if thresholds.flag is None or missing:
        return thresholds, missing
    return Thresholds(thresholds.review, None if other.flag is None else max(thresholds.flag, other.flag)), 0


def _above(scores: Floats, allowed: int) -> float:
    """Return the lowest threshold that at most ``allowed`` (< n) of ``scores`` reach."""
    highest = float(np.sort(scores)[::-1][allowed])
    rounded = (math.floor(highest * _GRID) + 1) / _GRID
    # Where a score lies between the two, the next number that a float can hold.
    return rounded if np.count_nonzero(scores >= rounded) == np.count_nonzero(scores > highest) else math.nextafter(highest, 2.0)


def report(posts: pd.DataFrame, thresholds: Thresholds, missing: int, *, alpha: float, confidence: float, load: float) -> dict[str, Any]:
    """Say what the thresholds promise and cost, on the posts that they were chosen on.

    Parameters
    ----------
    posts : DataFrame
        ``label``, ``probability``, ``group``, ``election``, ``genre``.

    Returns
    -------
    dict
        ``review`` and ``flag``; ``pooled`` and ``slices`` (false positives with their bound); ``missed`` (partisan posts
        below `review`); ``expected`` (precision and reviewer load by prevalence); ``notes`` (sentences).
    """
    partisan = posts[posts.label == "partisan"].probability.to_numpy()
    neutral = posts[posts.label == "neutral"]
    pooled = _false_positives(neutral, thresholds, confidence)
    recall = {name: None if at is None or not len(partisan) else float((partisan >= at).mean()) for name, at in _levels(thresholds)}
    return {
        "review": thresholds.review,
        "flag": thresholds.flag,
        "alpha": alpha,
        "confidence": confidence,
        "review_load": load,
        "missing_neutral": missing,
        "fewest_neutral": fewest_posts(alpha, confidence),
        "pooled": pooled,
        "slices": [
            {"slice": column, "name": str(name) or unnamed(column), **_false_positives(of, thresholds, confidence)}
            for column in ("election", "genre")
            if (neutral[column] != "").any()
            for name, of in neutral.groupby(column, sort=True)
        ],
        "recall": recall,
        "missed": {"partisan": len(partisan), "below_review": int((partisan < thresholds.review).sum())},
        "expected": [_expected(share, recall, pooled) for share in PREVALENCES],
        "notes": _notes(thresholds, missing, pooled, alpha, confidence),
    }


def _levels(thresholds: Thresholds) -> tuple[tuple[str, float | None], ...]:
    return ("review", thresholds.review), ("flag", thresholds.flag)


def _false_positives(neutral: pd.DataFrame, thresholds: Thresholds, confidence: float) -> dict[str, Any]:
    """Count neutral posts, one per group, at both thresholds, with the upper bound of each rate."""
    scores = one_per_group(neutral.probability.to_numpy(), neutral.group.to_numpy())
    found: dict[str, Any] = {"neutral": len(scores), "neutral_posts": len(neutral)}
    for name, at in _levels(thresholds):
        errors = None if at is None else int((scores >= at).sum())
        found[name] = errors if errors is None else {
            "errors": errors,
            "rate": errors / len(scores) if len(scores) else None,
            "bound": upper_bound(errors, len(scores), confidence),
        }  # fmt: skip
    return found


def _expected(prevalence: float, recall: dict[str, float | None], pooled: dict[str, Any]) -> dict[str, Any]:
    """Work out precision, and what people would read per 100,000 posts, at one prevalence."""
    found: dict[str, Any] = {"prevalence": prevalence}
    for name in ("flag", "review"):
        hit, false = recall[name], pooled[name]
        if hit is None or false is None or false["rate"] is None:
            found[name] = None
            continue
        right, wrong, most = (
            share * _PER for share in (prevalence * hit, (1 - prevalence) * false["rate"], (1 - prevalence) * false["bound"])
        )
        found[name] = {
            "precision": right / (right + wrong) if right + wrong else None,
            "precision_at_bound": right / (right + most),
            "read_per_100000": round(right + wrong),
            "neutral_per_100000": round(wrong),
            "neutral_per_100000_at_bound": round(most),
        }
    return found


def _notes(thresholds: Thresholds, missing: int, pooled: dict[str, Any], alpha: float, confidence: float) -> list[str]:
    if thresholds.flag is not None:
        return []
    if missing:
        return [
            f"nothing is flagged: {pooled['neutral']} neutral posts (near-duplicates counted once) cannot support a false-positive "
            f"rate of at most {alpha:.2%} with {confidence:.0%} confidence; {missing} more are missing at least"
        ]
    return ["nothing is flagged: neutral posts reach a probability of 1, so no threshold keeps the promise"]
