"""Small charts as inline SVG: no library, no network, colours from the page's style so that they follow light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_WIDTH, _HEIGHT = 360, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 10, 10, 40
#: Where 0 and 1 stand on the horizontal axis, for scripts that move lines.
LEFT, RIGHT = _LEFT, _WIDTH - _RIGHT


def curve(points: Sequence[tuple[float, float, str]], x: str, y: str, *, label: str, dots: bool = False, diagonal: bool = False) -> str:
    """Draw a line through points in the unit square.

    Parameters
    ----------
    points : sequence of (x, y, tooltip)
    x, y : str
        Names of the axes.
    label : str
        What a screen reader says.
    dots : bool
        Mark each point.
    diagonal : bool
        Draw the line where both are equal.
    """
    places = [(_x(a), _y(b), tip) for a, b, tip in points]
    path = " ".join(f"{'L' if i else 'M'}{a:.1f} {b:.1f}" for i, (a, b, _) in enumerate(places))
    shape = 'r="4" class="dot"' if dots else 'r="6" class="hover"'
    marks = "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" {shape}><title>{escape(tip)}</title></circle>' for a, b, tip in places)
    equal = f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" class="ideal"/>' if diagonal else ""
    return _frame(label, _grid(x, y) + equal + f'<path d="{path}" class="line"/>' + marks)


def histogram(rows: Sequence[Mapping[str, Any]], bars: int) -> str:
    """Draw partisan posts upwards and neutral posts downwards, by probability; scripts move the two thresholds.

    Parameters
    ----------
    rows : sequence of mapping
        ``partisan`` and ``neutral`` counts in bins of equal width over 0 to 1; a multiple of ``bars``.
    """
    step = len(rows) // bars
    counts = {name: [sum(row[name] for row in rows[i : i + step]) for i in range(0, len(rows), step)] for name in ("partisan", "neutral")}
    highest = max(1, *counts["partisan"], *counts["neutral"])
    middle, reach = (_TOP + _HEIGHT - _BOTTOM) / 2, (_HEIGHT - _BOTTOM - _TOP) / 2
    width = (_WIDTH - _LEFT - _RIGHT) / bars
    drawn = []
    for name, up in (("partisan", True), ("neutral", False)):
        for i, count in enumerate(counts[name]):
            tall = reach * count / highest
            tip = f"{i / bars:.2f} to {(i + 1) / bars:.2f}: {count} {name}"
            drawn.append(
                f'<rect x="{_LEFT + i * width:.1f}" y="{middle - tall if up else middle:.1f}" width="{width - 1:.1f}" height="{tall:.1f}" '
                f'class="{name}"><title>{tip}</title></rect>'
            )
    words = "".join(
        f'<text x="{_LEFT - 6}" y="{at}" class="{name}-text" text-anchor="end">{name}</text>'
        for name, at in (("partisan", _TOP + 12), ("neutral", _HEIGHT - _BOTTOM - 4))
    )
    lines = "".join(
        f'<line id="line-{name}" x1="{_x(1)}" x2="{_x(1)}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}" class="{name}"/>'
        for name in ("review", "flag")
    )
    return _frame("Posts by probability and label", "".join(drawn) + _ticks_x("probability") + words + lines)


def interval(value: float, low: float | None, high: float | None) -> str:
    """Draw a value between 0 and 1 with its interval, as wide as a table cell."""
    ends = "" if low is None or high is None else f'<line x1="{100 * low:.1f}" x2="{100 * high:.1f}" y1="6" y2="6" class="whisker"/>'
    return (
        '<svg class="interval" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><line x1="0" x2="100" y1="6" y2="6" '
        f'class="rail"/>{ends}<rect x="{100 * value - 0.8:.1f}" y="1" width="1.6" height="10" class="mark"/></svg>'
    )


def _frame(label: str, content: str) -> str:
    return f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}">{content}</svg>'


def _grid(x: str, y: str) -> str:
    across = "".join(
        f'<line x1="{_x(0)}" x2="{_x(1)}" y1="{_y(k / 4):.1f}" y2="{_y(k / 4):.1f}" class="grid"/>'
        f'<text x="{_LEFT - 6}" y="{_y(k / 4) + 4:.1f}" text-anchor="end">{k / 4:g}</text>'
        for k in range(5)
    )
    middle = _y(0.5)
    return across + _ticks_x(x) + f'<text x="12" y="{middle}" transform="rotate(-90 12 {middle})" text-anchor="middle">{escape(y)}</text>'


def _ticks_x(name: str) -> str:
    ticks = "".join(f'<text x="{_x(k / 4):.1f}" y="{_HEIGHT - _BOTTOM + 15}" text-anchor="middle">{k / 4:g}</text>' for k in range(5))
    return ticks + f'<text x="{_x(0.5)}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(name)}</text>'


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _TOP + (1 - share) * (_HEIGHT - _TOP - _BOTTOM)
