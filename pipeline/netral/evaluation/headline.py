"""The few numbers of a release that stand at the top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from netral.evaluation import gates
from netral.model.policy import Thresholds

if TYPE_CHECKING:
    import pandas as pd

#: A category of the challenge counts as passed from this share of its seeds.
CATEGORY_PASSED = 0.85
#: How the number of challenge cases passed is told from that of categories.
CASES = "_cases"

Rows = Sequence[Mapping[str, Any]]


def headline(
    measured: Rows,
    thresholds: Mapping[str, Any],
    results: Mapping[str, Rows],
    judged: Mapping[str, Mapping[str, Any]],
    reminded: Rows,
) -> dict[str, float | int]:
    """Return a flat mapping of names to numbers; what could not be measured is not in it.

    Parameters
    ----------
    measured : sequence of mapping
        Rows of :func:`netral.evaluation.metrics.measure_slices`.
    thresholds : mapping
        ``review`` and ``flag``.
    results : mapping of str to sequence of mapping
        Challenge results by setting, from :func:`netral.evaluation.challenge.run`.
    judged : mapping
        The gates, from :func:`netral.evaluation.gates.judge`.
    reminded : sequence of mapping
        From :func:`reminders`.
    """
    found: dict[str, float | int] = {"threshold_review": thresholds["review"]}
    if thresholds["flag"] is not None:
        found["threshold_flag"] = thresholds["flag"]
    for row in measured:
        if row["slice"] == "all":
            found |= {f"{_key(row)}_{name}": each["value"] for name, each in row["metrics"].items()}
    found |= {f"{_key(row)}_reminders_flagged": row["flagged"] for row in reminded if row["flagged"] is not None}
    for setting, rows in results.items():
        found[f"challenge_{setting}"] = sum(row["rate"] >= CATEGORY_PASSED for row in rows)
        found[f"challenge_{setting}{CASES}"] = sum(row["passed"] for row in rows)
    found["gates_passed"] = sum(gate["status"] == gates.PASSED for gate in judged.values())
    found["gates"] = len(judged)
    return found


def _key(row: Mapping[str, Any]) -> str:
    return row["part"].replace(" ", "_").replace(",", "")


def reminders(parts: Mapping[str, pd.DataFrame], thresholds: Thresholds) -> list[dict[str, Any]]:
    """Count reminders to stay neutral that a threshold reaches, and beside them the partisan posts that it finds.

    Parameters
    ----------
    parts : mapping of str to DataFrame
        ``label``, ``voice`` and ``probability`` of the posts of each part.

    Returns
    -------
    list of dict
        Per part with such posts: ``part``, ``reminders``, ``flagged`` (None: nothing is), ``read`` (at `review` or `flag`),
        ``partisan`` and ``found`` (of these at `review` or `flag`).
    """
    rows = []
    for part, posts in parts.items():
        asked = posts.probability[(posts.label == "neutral") & (posts.voice == "reminder")]
        sides = posts.probability[posts.label == "partisan"]
        counts = {"reminders": len(asked), "read": int((asked >= thresholds.review).sum())}
        counts |= {"partisan": len(sides), "found": int((sides >= thresholds.review).sum())}
        flagged = None if thresholds.flag is None else int((asked >= thresholds.flag).sum())
        rows += [{"part": part, "flagged": flagged, **counts}] if len(asked) else []
    return rows


def reminded(row: Mapping[str, Any]) -> str:
    """Say a row of :func:`reminders` in a sentence."""
    flagged = "none can be flagged" if row["flagged"] is None else f"{row['flagged']} flagged"
    share = f"{row['found'] / row['partisan']:.1%}" if row["partisan"] else "–"
    return (
        f"Of {row['reminders']:,} reminders to stay neutral ({row['part']}): {flagged}, {row['read']} at `review` or `flag`; so are "
        f"{row['found']:,} of {row['partisan']:,} partisan posts ({share})."
    )
