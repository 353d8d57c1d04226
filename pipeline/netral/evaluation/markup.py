"""What the report is made of: tables, and metrics with their intervals, as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from netral.evaluation import charts

Json = Mapping[str, Any]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table; a sentence where it has no rows. Cells are HTML, the head is text."""
    if not rows:
        return '<p class="soft">None.</p>'
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def cell(found: Json | None) -> str:
    """Draw a metric with its interval."""
    return "–" if found is None else drawn(found["value"], found["low"], found["high"], f"{found['value']:.2f}")


def drawn(value: float, low: float | None, high: float | None, words: str) -> str:
    """Draw an interval with words behind it."""
    return f'<span class="drawn">{charts.interval(value, low, high)}{words}</span>'


def value(found: Json | None) -> str:
    """Write a metric with its interval."""
    return "–" if found is None else f'{found["value"]:.3f} <span class="soft">{ends(found)}</span>'


def ends(found: Json) -> str:
    """Write the ends of an interval; nothing where there is none."""
    return "" if found["low"] is None else f"{found['low']:.3f}–{found['high']:.3f}"


def number(value: float | None) -> str:
    """Write a number, or that there is none."""
    return "none" if value is None else f"{value:.4f}"
