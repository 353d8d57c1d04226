"""The challenge set: small, sharp questions that a good average can hide (CheckList; Ribeiro et al. 2020).

Variants of a seed (:mod:`netral.evaluation.cases`) fail together, so the seed is the unit: it passes only if all its variants do,
and intervals are over seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np

from netral.evaluation.cases import Case, Category, Seed, Slots, expand
from netral.model.model import Model
from netral.model.policy import DECISIONS
from netral.text.gazetteer import Gazetteer

#: A probability that moves less than this between variants does not matter to a reader.
STEADY = 0.05
_SHOWN = 3  # failures of a category that are kept for readers


@dataclass(frozen=True)
class _Answer:
    case: Case
    decision: str
    probability: float


def run(model: Model, categories: Sequence[Category], slots: Slots, number: int, names: Gazetteer | None = None) -> list[dict[str, Any]]:
    """Score every variant and judge each category.

    Parameters
    ----------
    model : Model
        With the thresholds to be judged.
    number : int
        The seed of the draws.
    names : Gazetteer, optional
        Names to be replaced before scoring.

    Returns
    -------
    list of dict
        Per category: ``id, name, type, gating, seeds, variants, passed, rate, low, high`` (Wilson 1927, 95 %, over seeds),
        ``failed`` (ids), ``right`` (share of answers, averaged by seed), ``flagged_neutral`` (seeds), ``examples`` of failures,
        and by type ``half_credit``, ``ordered`` (pairs whose partisan post has the higher probability),
        ``clear``, ``moved`` (how far the probability moves) and ``steady``.
    """
    seeds = [(category, seed, expand(seed, slots, number, vary=category.vary)) for category in categories for seed in category.seeds]
    cases = [case for *_, variants in seeds for variant in variants for case in variant]
    scored = model.score([case.text for case in cases], names)
    decisions = [DECISIONS[code] for code in scored.decision]
    answers = map(_Answer, cases, decisions, scored.probability.tolist())
    answered: dict[str, list[tuple[Seed, list[list[_Answer]]]]] = {category.id: [] for category in categories}
    for category, seed, variants in seeds:
        answered[category.id].append((seed, [[next(answers) for _ in variant] for variant in variants]))
    return [_judge(category, answered[category.id]) for category in categories]


def _judge(category: Category, answered: list[tuple[Seed, list[list[_Answer]]]]) -> dict[str, Any]:
    passes: Callable[[list[list[_Answer]]], bool] = {"INV": _same, "MIN": _all_right, "MFT": _none_flagged}[category.type]
    by_seed = [(seed, variants, passes(variants)) for seed, variants in answered]
    passed = sum(good for *_, good in by_seed)
    low, high = wilson(passed, len(by_seed))
    return {
        "id": category.id,
        "name": category.name,
        "type": category.type,
        "gating": category.gating,
        "seeds": len(by_seed),
        "variants": sum(len(variants) for _, variants, _ in by_seed),
        "passed": passed,
        "rate": passed / len(by_seed),
        "low": low,
        "high": high,
        "failed": [seed.id for seed, _, good in by_seed if not good],
        "right": fmean([fmean([float(_right(answer)) for each in variants for answer in each]) for _, variants, _ in by_seed]),
        "flagged_neutral": sum(not _none_flagged(variants) for _, variants, _ in by_seed),
        "examples": [_example(seed, variants) for seed, variants, good in by_seed if not good][:_SHOWN],
        **_details(category.type, [variants for _, variants, _ in by_seed]),
    }


def _right(answer: _Answer) -> bool:
    return (answer.decision == "clear") == (answer.case.label == "neutral")


def _same(variants: list[list[_Answer]]) -> bool:
    return len({answer.decision for each in variants for answer in each}) == 1


def _all_right(variants: list[list[_Answer]]) -> bool:
    return all(_right(answer) for each in variants for answer in each)


def _none_flagged(variants: list[list[_Answer]]) -> bool:
    return not any(answer.decision == "flag" for each in variants for answer in each if answer.case.label == "neutral")


def _details(kind: str, seeds: list[list[list[_Answer]]]) -> dict[str, Any]:
    if kind == "MIN":
        return {
            "half_credit": fmean([fmean([_credit(pair) for pair in variants]) for variants in seeds]),
            "ordered": sum(all(neutral.probability < partisan.probability for neutral, partisan in variants) for variants in seeds),
        }
    if kind == "MFT":
        return {"clear": fmean([fmean([float(answer.decision == "clear") for each in variants for answer in each]) for variants in seeds])}
    moved = [float(np.ptp([answer.probability for each in variants for answer in each])) for variants in seeds]
    return {
        "moved": {"median": float(np.median(moved)), "largest": max(moved)},
        "steady": fmean([float(each <= STEADY) for each in moved]),
    }


def _credit(pair: list[_Answer]) -> float:
    """A pair told apart counts 1; half if its neutral post is read by a person without need, but not flagged."""
    neutral, partisan = pair
    return {"clear": 1.0, "review": 0.5, "flag": 0.0}[neutral.decision] * _right(partisan)


def _example(seed: Seed, variants: list[list[_Answer]]) -> dict[str, Any]:
    """The variant of a failed seed that shows most: the one whose worst answer is furthest off."""
    worst = max(variants, key=lambda each: max(abs(answer.probability - (answer.case.label == "partisan")) for answer in each))
    texts = [{"text": a.case.text, "label": a.case.label, "decision": a.decision, "probability": round(a.probability, 4)} for a in worst]
    return {"seed": seed.id, "texts": texts}


def wilson(passed: int, total: int) -> tuple[float, float]:
    """Return the Wilson interval of a rate (95 %); (0, 1) without observations."""
    from scipy.stats import binomtest

    if not total:
        return 0.0, 1.0
    found = binomtest(passed, total).proportion_ci(method="wilson")
    return float(found.low), float(found.high)
