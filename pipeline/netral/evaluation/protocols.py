"""Protocols: which posts a system learns from and which it is asked about, and how the systems compare there.

Leave-one-election-out is the one that counts: the next election is what a model meets in use. The grouped random
split stands beside it to show how much of a score is the election's own names and slogans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from netral import schema
from netral.evaluation import metrics
from netral.evaluation.thresholds import choose
from netral.evaluation.tuning import Rows, System
from netral.fit.parallel import at_once
from netral.params import Evaluate

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
#: Its name, the rows to learn from, the rows to ask about.
Split = tuple[str, Rows, Rows]
Splits = tuple[Split, ...]

ELECTIONS = "leave one election out"
TIME = "time forward"
PLATFORMS = "leave one platform out"
RANDOM = "grouped random split"
_LATER = 0.3  # the last share of the posts is what time-forward asks about
_FOLDS = 5


@dataclass(frozen=True)
class Protocol:
    """A way to split posts.

    Attributes
    ----------
    name : str
    splits : tuple of Split
    skipped : str
        Why there are no splits; "" if there are.
    """

    name: str
    splits: Splits
    skipped: str = ""


def protocols(posts: pd.DataFrame, seed: int) -> list[Protocol]:
    """Return every protocol, those that the posts cannot give with the reason.

    Parameters
    ----------
    posts : DataFrame
        ``label``, ``group``, ``election``, ``platform``, ``posted_at``.
    seed : int
        Of the grouped random split.
    """
    return [
        elections(posts),
        _time_forward(posts),
        platforms(posts),
        within(RANDOM, np.arange(len(posts)), posts, seed),
    ]


def elections(posts: pd.DataFrame) -> Protocol:
    """Ask about each election in turn, learning from the others."""
    return _leave_out(ELECTIONS, posts, "election")


def platforms(posts: pd.DataFrame) -> Protocol:
    """Ask about each platform in turn, learning from the others."""
    return _leave_out(PLATFORMS, posts, "platform")


def within(name: str, rows: NDArray[np.int64], posts: pd.DataFrame, seed: int) -> Protocol:
    """Split some posts at random into folds, near-duplicates kept together.

    Parameters
    ----------
    name : str
        Of the protocol.
    rows : int array
        Places of the posts to split.
    posts : DataFrame
        ``label`` and ``group``.
    seed : int
    """
    groups = posts.group.to_numpy()[rows]
    names, member = np.unique(groups, return_inverse=True)
    fold = np.random.default_rng(seed).permutation(len(names))[member] % _FOLDS
    partisan = (posts.label == "partisan").to_numpy()
    splits = usable(((str(k), rows[fold != k], rows[fold == k]) for k in range(_FOLDS)), partisan)
    return Protocol(name, splits, "" if splits else f"{name}: too few posts of both labels")


def _leave_out(name: str, posts: pd.DataFrame, column: str) -> Protocol:
    """Ask about each value of a column in turn; copies of what is asked are not learned from, and posts without a value always are."""
    values, groups = posts[column].to_numpy(str), posts.group.to_numpy()
    named = sorted(set(values) - {""})

    def splits() -> Iterator[Split]:
        for value in named:
            outside = np.flatnonzero(values == value)
            yield value, np.flatnonzero((values != value) & ~np.isin(groups, groups[outside])), outside

    found = usable(splits(), (posts.label == "partisan").to_numpy()) if len(named) > 1 else ()
    why = "the others hold posts of one label only" if len(named) > 1 else "one value only" if named else "the file names none"
    return Protocol(name, found, "" if found else f"{name}: {why}")


def _time_forward(posts: pd.DataFrame) -> Protocol:
    when = schema.dates(posts.posted_at)
    dated = np.flatnonzero(when.notna())
    if len(dated) < 2:
        why = "posted_at holds no dates by ISO 8601 (2024-11-27)" if (posts.posted_at != "").any() else "the file has no posted_at"
        return Protocol(TIME, (), f"{TIME}: {why}")
    ordered = dated[np.argsort(when.to_numpy()[dated], kind="stable")]
    cut = int(len(ordered) * (1 - _LATER))
    groups, outside = posts.group.to_numpy(), ordered[cut:]
    inside = ordered[:cut][~np.isin(groups[ordered[:cut]], groups[outside])]
    found = usable([(f"from {when.iloc[outside[0]]:%Y-%m-%d}", inside, outside)], (posts.label == "partisan").to_numpy())
    return Protocol(TIME, found, "" if found else f"{TIME}: the earlier posts are of one label only")


def usable(splits: Iterable[Split], partisan: NDArray[np.bool_]) -> Splits:
    """Return the splits that ask about something and have posts of both labels to learn from."""
    return tuple(each for each in splits if len(each[2]) and 0 < partisan[each[1]].sum() < len(each[1]))


def compare(
    posts: pd.DataFrame,
    protocol: Protocol,
    systems: Mapping[str, System],
    asked: Evaluate,
    bootstrap: metrics.Bootstrap,
    beside: int = 0,
) -> list[dict[str, Any]]:
    """Measure every system on the posts that a protocol asks about.

    Parameters
    ----------
    posts : DataFrame
        ``label`` and ``group``.
    protocol : Protocol
    systems : mapping of str to System
    asked : Evaluate
        The promise that thresholds are chosen by.
    bootstrap : Bootstrap
    beside : int
        As for :func:`ask`.

    Returns
    -------
    list of dict
        As :func:`metrics.measure`, with ``protocol``, ``system``, ``mean_roc_auc`` and ``mean_macro_f1`` over the splits whose
        posts have both labels, and ``by_split``.
    """
    return [row(posts, protocol, name, ask(protocol, system, len(posts), beside), asked, bootstrap) for name, system in systems.items()]


def ask(protocol: Protocol, system: System, total: int, beside: int = 0) -> Floats:
    """Return the log-odds that a system gives to ``total`` posts, each when it has learned from others; nan where none is asked about.

    Parameters
    ----------
    protocol : Protocol
    system : System
    total : int
    beside : int
        So many more it learns from each time: they, too, tell whether the splits are worth processes of their own.
    """
    scores = np.full(total, np.nan)
    found = at_once(lambda split: system(*split[1:]), protocol.splits, total + beside)
    for (*_, outside), of_split in zip(protocol.splits, found, strict=True):
        scores[outside] = of_split
    return scores


def row(
    posts: pd.DataFrame, protocol: Protocol, name: str, scores: Floats, asked: Evaluate, bootstrap: metrics.Bootstrap
) -> dict[str, Any]:
    """Judge one system's log-odds by the threshold rule that all share; returns an item of :func:`compare`.

    Parameters
    ----------
    posts, protocol, asked, bootstrap
        As for :func:`compare`.
    name : str
        Of the system.
    scores : float64 array of shape (n,)
        Its log-odds; nan for posts that it was not asked about.
    """
    there = np.flatnonzero(~np.isnan(scores))
    partisan, groups, probability = (posts.label == "partisan").to_numpy()[there], posts.group.to_numpy()[there], expit(scores[there])
    thresholds, _ = choose(probability, partisan, groups, alpha=asked.alpha, confidence=asked.confidence, load=asked.review_load)
    all_labels = (posts.label == "partisan").to_numpy()
    single = metrics.Bootstrap(0)
    by_split = [
        {
            "name": split,
            **metrics.measure(all_labels[outside], expit(scores[outside]), posts.group.to_numpy()[outside], thresholds, single, split),
        }
        for split, _, outside in protocol.splits
        if not np.isnan(scores[outside]).any()
    ]
    return {
        "protocol": protocol.name,
        "system": name,
        **metrics.measure(partisan, probability, groups, thresholds, bootstrap, protocol.name),
        "mean_roc_auc": _mean(by_split, "roc_auc"),
        "mean_macro_f1": _mean(by_split, "macro_f1"),
        "by_split": [
            {"name": row["name"], "posts": row["posts"], **{key: each["value"] for key, each in row["metrics"].items()}} for row in by_split
        ],
    }


def _mean(rows: list[dict[str, Any]], metric: str) -> float | None:
    found = [row["metrics"][metric]["value"] for row in rows if metric in row["metrics"]]
    return float(np.mean(found)) if found else None
