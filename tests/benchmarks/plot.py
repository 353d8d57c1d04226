"""The picture of the growth curve: the same bytes for the same figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.benchmarks.measure import median


def growth(rows: list[dict[str, Any]], path: Path) -> None:
    """Draw seconds over posts on logarithmic axes, beside what growth in proportion would be; writes an SVG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    posts, seconds = [row["posts"] for row in rows], [median(row["seconds"]) for row in rows]
    with pyplot.rc_context({"svg.hashsalt": "netral", "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure, axes = pyplot.subplots(figsize=(6, 4), layout="constrained")
        axes.loglog(posts, seconds, "o-", color="#1f5fa8", label="netral score, one worker")
        axes.loglog(posts, [seconds[-1] * n / posts[-1] for n in posts], "--", color="#999999", label="in proportion to the largest")
        axes.set(xlabel="posts", ylabel="seconds")
        axes.grid(alpha=0.3)
        axes.legend()
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)
