"""The lines that a retrain ends with: how good the release is, on which posts, and beside the one in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netral.evaluation.headline import CASES, CATEGORY_PASSED
from netral.evaluation.promotion import decisive

Json = Mapping[str, Any]


def lines(found: Json, compared: Json, before: Json) -> list[str]:
    """Return lines for the console.

    Parameters
    ----------
    found : mapping
        ``split``, ``evaluate`` and ``challenge`` of this run.
    compared : mapping
        The comparison with the release in use (:func:`netral.evaluation.champion.compare`).
    before : mapping
        What ``info.json`` of the release in use holds; empty where that is this one, or none is.
    """
    said = [_quality(decisive(found)), f"challenge  {_challenge(found, before)}"]
    if before and "rows" in compared:
        said.append(f"compared   {_compared(compared)}")
    return said


def challenge(headline: Json) -> dict[str, tuple[int, int]]:
    """Return how many categories and cases of the challenge pass, without names and with them, if a release tells it."""
    told = {
        counted: (headline.get(f"challenge_without_gazetteer{ending}"), headline.get(f"challenge_with_gazetteer{ending}"))
        for counted, ending in (("categories", ""), ("cases", CASES))
    }
    return {counted: (without, named) for counted, (without, named) in told.items() if without is not None and named is not None}


def _quality(row: Json) -> str:
    metrics = row["metrics"]
    area = metrics.get("roc_auc")
    ranked = "none" if area is None else f"{area['value']:.3f}"
    if area is not None and area["low"] is not None:
        ranked += f" ({area['low']:.3f} to {area['high']:.3f})"
    flagged = f"{_share(metrics, 'fpr_flag')} of the neutral ones flagged" if "fpr_flag" in metrics else "nothing flagged"
    return (
        f"quality    ROC AUC {ranked} on {row['posts']:,} posts ({row['part']}, {row['partisan']:,} partisan)\n"
        f"           {_share(metrics, 'recall_review')} of the partisan posts found (flagged or to be read), {flagged}, "
        f"{_share(metrics, 'fpr_review')} of the neutral ones flagged or to be read"
    )


def _share(metrics: Json, name: str) -> str:
    return f"{metrics[name]['value']:.1%}" if name in metrics else "none"


def _challenge(found: Json, before: Json) -> str:
    now, then = challenge(found["evaluate"]["headline"]), challenge(before.get("headline", {}))
    rows, (categories, cases) = found["challenge"]["without_gazetteer"], (now["categories"], now["cases"])
    told = ", ".join(f"{without} and {named} {counted}" for counted, (without, named) in then.items())
    return (
        f"{categories[0]} of {len(rows)} categories passed ({CATEGORY_PASSED:.0%} of their cases), {categories[1]} with names known; "
        f"{cases[0]} of {sum(row['seeds'] for row in rows)} cases, {cases[1]} with names known"
        + (f" ({before['version']}, in use till now: {told})" if told else "")
    )


def _compared(compared: Json) -> str:
    posts, of = compared["rows"][0], compared["difference"]
    where = f"with {compared['version']} on {posts['posts']:,} {compared['where']} ({posts['partisan']:,} partisan)"
    if of is None:
        return f"{where}: they have one label only"
    interval = "" if of["low"] is None else f" ({of['low']:+.3f} to {of['high']:+.3f})"
    return f"{where}: ROC AUC {of['value']:+.3f}{interval}; {compared['changed']:,} are decided otherwise"
