"""Gates: what a release must show before it becomes the one in use.

A gate that asks for no flags among neutral posts cannot pass while nothing is flagged at all: it reads `not tested`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from netral.params import Gates

PASSED, FAILED, NOT_TESTED = "passed", "failed", "not tested"
NAMED = "with_gazetteer"

#: Gate, the challenge category whose neutral posts it looks at, and what they are.
_NO_FLAGS = (
    ("neutrality_reminders", "C10", "neutrality reminders"),
    ("official_notices", "C11", "official notices"),
    ("quoted_violations", "C12", "reports that quote a violation"),
    ("turnout", "C13", "calls to vote without a side"),
)


def judge(params: Gates, results: Mapping[str, Sequence[Mapping[str, Any]]], flag: float | None) -> dict[str, dict[str, Any]]:
    """Judge a model by its challenge results.

    Parameters
    ----------
    params : Gates
    results : mapping of str to sequence of dict
        From :func:`netral.evaluation.challenge.run`, by setting (``without_gazetteer``, ``with_gazetteer``); the worst setting counts.
    flag : float or None
        The flag threshold.

    Returns
    -------
    dict
        Gate to ``status`` (`passed`, `failed`, `not tested`), ``measured``, ``bound`` and ``says`` (a sentence).
    """
    by_setting = [{row["id"]: row for row in rows} for rows in results.values()]
    found = {name: _no_flags(_rows(by_setting, category), what, params.max_false_flags, flag) for name, category, what in _NO_FLAGS}
    # Names are known in use: a run names the election's gazetteer. What happens without one is reported, not gated.
    named = [{row["id"]: row for row in results[NAMED]}] if NAMED in results else by_setting
    found["name_swap"] = _name_swap(_rows(named, "C01"), params.name_swap, flag)
    pairs = [[row for row in rows.values() if row["type"] == "MIN" and row["gating"]] for rows in by_setting]
    found["minimal_pairs"] = _minimal_pairs(pairs, params.minimal_pairs)
    return found


def not_passed(judged: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the names of gates that failed or could not be tested, sorted."""
    return sorted(name for name, gate in judged.items() if gate["status"] != PASSED)


def _rows(by_setting: list[dict[str, Mapping[str, Any]]], category: str) -> list[Mapping[str, Any]]:
    return [rows[category] for rows in by_setting if category in rows]


def _no_flags(rows: list[Mapping[str, Any]], what: str, bound: int, flag: float | None) -> dict[str, Any]:
    if not rows or flag is None:
        return _gate(NOT_TESTED, None, bound, f"{what}: {'nothing is flagged at all' if rows else 'no challenge cases'}")
    worst = max(row["flagged_neutral"] for row in rows)
    return _gate(
        PASSED if worst <= bound else FAILED, worst, bound, f"{what}: {worst} of {rows[0]['seeds']} flagged, at most {bound} allowed"
    )


def _name_swap(rows: list[Mapping[str, Any]], bound: float, flag: float | None) -> dict[str, Any]:
    if not rows:
        return _gate(NOT_TESTED, None, bound, "name swap: no challenge cases")
    rate = min(row["rate"] for row in rows)
    says = f"name swap: the decision stays for {rate:.0%} of the cases, at least {bound:.0%} asked"
    if rate < bound:
        return _gate(FAILED, rate, bound, says)
    # Without flags only the border between clear and review could be crossed.
    return _gate(PASSED, rate, bound, says) if flag is not None else _gate(NOT_TESTED, rate, bound, f"{says}; nothing is flagged at all")


def _minimal_pairs(pairs: list[list[Mapping[str, Any]]], bound: float) -> dict[str, Any]:
    """Judge the order within each pair: it does not move with the thresholds, which other gates and bounds look after."""
    rates = [sum(row["ordered"] for row in rows) / seeds for rows in pairs if (seeds := sum(row["seeds"] for row in rows))]
    if not rates:
        return _gate(NOT_TESTED, None, bound, "minimal pairs: no challenge cases")
    worst = min(rates)
    says = f"minimal pairs: the partisan post has the higher probability in {worst:.0%}, at least {bound:.0%} asked"
    return _gate(PASSED if worst >= bound else FAILED, worst, bound, says)


def _gate(status: str, measured: float | int | None, bound: float | int, says: str) -> dict[str, Any]:
    return {"status": status, "measured": measured, "bound": bound, "says": says}
