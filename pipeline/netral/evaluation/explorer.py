"""The threshold explorer of the report: move the bounds, see flags, misses and what people must read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from netral.evaluation import charts
from netral.evaluation.thresholds import PREVALENCES, upper_bound

_BARS = 40
Json = Mapping[str, Any]


def controls(scores: Sequence[Json], thresholds: Json) -> str:
    """Return the histogram of the scores, the sliders and the table that the script fills."""
    steps = len(scores)
    places = {name: steps if thresholds[name] is None else math.ceil(thresholds[name] * steps) for name in ("review", "flag")}
    sliders = "".join(
        f'<label for="{name}"><code>{name}</code> from <output id="at-{name}" for="{name}"></output></label>'
        f'<input type="range" id="{name}" min="0" max="{steps}" value="{place}">'
        for name, place in places.items()
    )
    options = "".join(f'<option value="{share}"{" selected" if share == 0.01 else ""}>{100 * share:g} %</option>' for share in PREVALENCES)
    answers = "".join(
        f'<tr><td>{title}</td><td class="n"><output id="out-{name}"></output></td></tr>'
        for name, title in {
            "neutral": "neutral posts flagged",
            "partisan": "partisan posts flagged",
            "missed": "partisan posts missed (below review)",
            "precision": "precision of flags at that share",
            "load": "to read per 100,000 posts (review or flag)",
        }.items()
    )
    shipped = "nothing is flagged" if thresholds["flag"] is None else f"flag {thresholds['flag']:.4f}"
    return (
        f'<p class="soft">Shipped: review {thresholds["review"]:.4f}, {shipped}. '
        f"The bounds move in steps of {1 / max(steps, 1):g} and begin at the next one; "
        "moving them changes nothing in the release.</p>"
        f'<div class="pair"><figure class="panel">{charts.histogram(scores, _BARS)}'
        f'<figcaption>Out-of-fold posts; line: flag, dashed: review.</figcaption></figure><div class="panel">{sliders}'
        f'<label>Partisan posts among those scored <select id="share">{options}</select></label><table>{answers}</table></div></div>'
    )


def data(scores: Sequence[Json], thresholds: Json) -> dict[str, Any]:
    """Return what the script adds up: counts by bin, and the bound of the false-positive rate at each threshold."""
    total = sum(row["neutral_groups"] for row in scores)
    above, bounds = 0, [upper_bound(0, total, thresholds["confidence"])]
    for row in reversed(scores):
        above += row["neutral_groups"]
        bounds.append(upper_bound(above, total, thresholds["confidence"]))
    counts = [{name: row[name] for name in ("partisan", "neutral", "neutral_groups")} for row in scores]
    return {"scores": counts, "bounds": [round(bound, 6) for bound in reversed(bounds)], "left": charts.LEFT, "right": charts.RIGHT}
