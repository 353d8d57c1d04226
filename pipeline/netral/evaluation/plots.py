"""Plots of an evaluation: the points as data for DVC and the report, the pictures by matplotlib; the same bytes for the same posts."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netral.evaluation.metrics import BINS
from netral.evaluation.thresholds import one_per_group

Floats = NDArray[np.float64]

#: Thresholds of the histogram and the explorer: fine enough to move a bound by hand.
STEPS = 1000
_CURVE = 200  # points of a curve that are kept
_COLOURS = {"partisan": "#c2410c", "neutral": "#1d6fa5", "line": "#374151"}


def points(partisan: NDArray[np.bool_], probability: Floats, groups: NDArray[np.integer]) -> dict[str, list[dict[str, Any]]]:
    """Work out the points of every plot.

    Parameters
    ----------
    partisan : bool array of shape (n,)
    probability : float64 array of shape (n,)
    groups : int array of shape (n,)
        Near-duplicate groups; false-positive rates count neutral posts once per group.

    Returns
    -------
    dict
        Plot (``precision_recall``, ``calibration``, ``scores``, ``false_positives``) to its points.
    """
    return {
        "precision_recall": _precision_recall(partisan, probability),
        "calibration": _calibration(partisan, probability),
        "scores": _scores(partisan, probability, groups),
        "false_positives": _false_positives(partisan, probability, groups),
    }


def _precision_recall(partisan: NDArray[np.bool_], probability: Floats) -> list[dict[str, Any]]:
    if not partisan.any():
        return []
    order = np.argsort(-probability, kind="stable")
    ordered = probability[order]
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    right = np.cumsum(partisan[order])[ends]
    chosen = np.unique(np.linspace(0, len(ends) - 1, min(_CURVE, len(ends))).round().astype(int))
    return [
        {"recall": float(right[i] / partisan.sum()), "precision": float(right[i] / (ends[i] + 1)), "threshold": float(ordered[ends[i]])}
        for i in chosen
    ]


def _calibration(partisan: NDArray[np.bool_], probability: Floats) -> list[dict[str, Any]]:
    """Mean probability and share of partisan posts in bins of equal width."""
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    return [
        {"predicted": float(probability[bins == i].mean()), "observed": float(partisan[bins == i].mean()), "posts": int((bins == i).sum())}
        for i in np.unique(bins)
    ]


def _scores(partisan: NDArray[np.bool_], probability: Floats, groups: NDArray[np.integer]) -> list[dict[str, Any]]:
    """Posts by probability and label, and neutral posts once per group: what the threshold explorer adds up."""
    edges = np.linspace(0.0, 1.0, STEPS + 1)
    counts = {
        "partisan": np.histogram(probability[partisan], edges)[0],
        "neutral": np.histogram(probability[~partisan], edges)[0],
        "neutral_groups": np.histogram(one_per_group(probability[~partisan], groups[~partisan]), edges)[0],
    }
    return [{"from": float(edges[i]), **{name: int(count[i]) for name, count in counts.items()}} for i in range(STEPS)]


def _false_positives(partisan: NDArray[np.bool_], probability: Floats, groups: NDArray[np.integer]) -> list[dict[str, Any]]:
    neutral = np.sort(one_per_group(probability[~partisan], groups[~partisan]))
    hit = np.sort(probability[partisan])
    at = np.linspace(0.0, 1.0, STEPS + 1)
    return [
        {"threshold": float(t), "false_positive_rate": _share(neutral, t), "recall": _share(hit, t)}
        for t in at
        if len(neutral) and len(hit)
    ]  # fmt: skip


def _share(ordered: Floats, threshold: float) -> float:
    return float(1 - np.searchsorted(ordered, threshold) / len(ordered))


def draw(found: Mapping[str, list[dict[str, Any]]], review: float, flag: float | None) -> dict[str, bytes]:
    """Draw the plots as PNG, file name to content.

    Parameters
    ----------
    found : mapping
        From :func:`points`; a plot without points is left out.
    review, flag : float, float or None
        Thresholds, drawn as lines.
    """
    from matplotlib.figure import Figure

    def picture(name: str, paint: Callable[[Any], None]) -> bytes:
        figure = Figure(figsize=(6.0, 4.0), dpi=110, layout="constrained")
        axes = figure.subplots()
        paint(axes)
        axes.spines[["top", "right"]].set_visible(False)
        stream = io.BytesIO()
        # Without metadata: a version or a date in the file would change its bytes.
        figure.savefig(stream, format="png", metadata={"Software": None})
        return stream.getvalue()

    painters: dict[str, Callable[[Any], None]] = {
        "precision_recall": lambda axes: _paint_precision_recall(axes, found["precision_recall"]),
        "calibration": lambda axes: _paint_calibration(axes, found["calibration"]),
        "scores": lambda axes: _paint_scores(axes, found["scores"], review, flag),
        "false_positives": lambda axes: _paint_false_positives(axes, found["false_positives"], review, flag),
    }
    return {f"{name}.png": picture(name, paint) for name, paint in painters.items() if found[name]}


def _paint_precision_recall(axes: Any, rows: list[dict[str, Any]]) -> None:
    axes.step(_column(rows, "recall"), _column(rows, "precision"), where="post", color=_COLOURS["partisan"])
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02), title="Precision and recall")


def _paint_calibration(axes: Any, rows: list[dict[str, Any]]) -> None:
    axes.plot([0, 1], [0, 1], color=_COLOURS["line"], linewidth=0.8, linestyle=":")
    axes.plot(_column(rows, "predicted"), _column(rows, "observed"), marker="o", color=_COLOURS["neutral"])
    axes.set(xlabel="mean probability", ylabel="share of partisan posts", xlim=(0, 1), ylim=(0, 1), title="Calibration")


def _paint_scores(axes: Any, rows: list[dict[str, Any]], review: float, flag: float | None) -> None:
    starts, width = np.array(_column(rows, "from")).reshape(-1, 5)[:, 0], 5 / STEPS
    for label in ("neutral", "partisan"):
        counts = np.array(_column(rows, label)).reshape(-1, 5).sum(axis=1)
        axes.bar(starts, counts, width=width, align="edge", alpha=0.6, color=_COLOURS[label], label=label)
    _paint_thresholds(axes, review, flag)
    axes.set(xlabel="probability", ylabel="posts", xlim=(0, 1), title="Probabilities by label")
    axes.legend(frameon=False)


def _paint_false_positives(axes: Any, rows: list[dict[str, Any]], review: float, flag: float | None) -> None:
    axes.plot(_column(rows, "threshold"), _column(rows, "false_positive_rate"), color=_COLOURS["neutral"], label="false-positive rate")
    axes.plot(_column(rows, "threshold"), _column(rows, "recall"), color=_COLOURS["partisan"], label="recall")
    _paint_thresholds(axes, review, flag)
    axes.set(xlabel="threshold", ylabel="rate", xlim=(0, 1), ylim=(0, 1.02), title="What a threshold costs")
    axes.legend(frameon=False)


def _paint_thresholds(axes: Any, review: float, flag: float | None) -> None:
    for name, at, style in (("review", review, "--"), ("flag", flag, "-")):
        if at is not None:
            axes.axvline(at, color=_COLOURS["line"], linewidth=1, linestyle=style, label=name)


def _column(rows: list[dict[str, Any]], name: str) -> list[float]:
    return [row[name] for row in rows]
