"""The challenge set: small, sharp questions that a good average can hide (CheckList; Ribeiro et al. 2020).

A seed is written by hand and may hold slots; its variants fill them. Variants fail together, so the seed is the unit:
it passes only if all its variants do, and intervals are over seeds.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from netral.errors import InputError
from netral.files import read_yaml
from netral.model.model import Model
from netral.model.policy import DECISIONS
from netral.text.targets import Gazetteer

TYPES = ("INV", "MIN", "MFT")
#: Most variants of one seed; more add time, not observations.
VARIANTS = 12
#: A probability that moves less than this between variants does not matter to a reader.
STEADY = 0.05
_SHOWN = 3  # failures of a category that are kept for readers
_SLOT = re.compile(r"\{(\w+)\}")
# Words before a name that are no part of it: short forms of a name appear with others or none.
_ADDRESS = {"pak", "bu", "mas", "mbak", "kang", "teh", "uda", "uni", "ko", "ci", "haji", "kiai", "opu", "dr.", "gus"}


@dataclass(frozen=True)
class Case:
    """One text of a seed and its label."""

    text: str
    label: str


@dataclass(frozen=True)
class Seed:
    """A hand-written case or pair; ``b`` is None where there is one text."""

    id: str
    a: Case
    b: Case | None


@dataclass(frozen=True)
class Category:
    """Seeds that ask the same question.

    Attributes
    ----------
    id, name : str
    type : str
        ``INV`` (the decision must not flip), ``MIN`` (minimal pair: both right) or ``MFT`` (never `flag`).
    gating : bool
    seeds : tuple of Seed
    vary : tuple of str
        Lists whose slots change from variant to variant; the others keep one value. Empty: all change.
    """

    id: str
    name: str
    type: str
    gating: bool
    seeds: tuple[Seed, ...]
    vary: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Answer:
    case: Case
    decision: str
    probability: float


#: A seed with its slots filled: `a` and, where there is one, `b`.
Variant = tuple[Case, ...]
Slots = Mapping[str, Sequence[str]]


def load(folder: Path) -> tuple[list[Category], dict[str, list[str]]]:
    """Read all categories and the values of the slots.

    Raises
    ------
    InputError
        If the folder has no case, or a file is not of that shape.
    """
    paths = sorted(path for path in folder.glob("*.yaml") if path.name != "slots.yaml")
    if not paths:
        raise InputError(f"{folder}: no challenge cases; put the *.yaml files there, or set evaluate.challenge in params.yaml")
    slots = read_yaml(folder / "slots.yaml") if (folder / "slots.yaml").exists() else {}
    categories = [_category(path) for path in paths]
    for category in categories:
        for seed in category.seeds:
            unknown = [name for name in _names(seed) if not slots.get(_list(name, slots))]
            if unknown:
                raise InputError(f"{folder}: {seed.id}: slot {{{unknown[0]}}} has no values in slots.yaml; add them or correct the slot")
    return categories, {str(name): [str(value) for value in values] for name, values in slots.items()}


def _category(path: Path) -> Category:
    content = read_yaml(path)
    try:
        seeds = tuple(Seed(str(each["id"]), Case(**each["a"]), Case(**each["b"]) if each.get("b") else None) for each in content["seeds"])
        found = Category(
            str(content["category"]),
            str(content["name"]),
            str(content["type"]),
            bool(content["gating"]),
            seeds,
            tuple(content.get("vary", ())),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: is no challenge file ({error!r}); expected the shape of those in data/challenge/") from error
    if not seeds or found.type not in TYPES or any(seed.b is None for seed in seeds if found.type == "MIN"):
        raise InputError(f"{path}: type {found.type!r} with {len(seeds)} seeds; expected {', '.join(TYPES)}, some seeds, pairs for MIN")
    return found


def expand(seed: Seed, slots: Slots, number: int, limit: int = VARIANTS, vary: Sequence[str] = ()) -> list[Variant]:
    """Fill the slots of a seed.

    Parameters
    ----------
    seed : Seed
    slots : mapping of str to sequence of str
    number : int
        The seed of the draw; the same one gives the same variants, whatever other seeds there are.
    limit : int
        Most variants.
    vary : sequence of str
        Lists whose slots change; empty for all.

    Returns
    -------
    list of Variant
        Distinct ones; a seed without slots has one.
    """
    draw = random.Random(f"{number} {seed.id}")
    cases = (seed.a, seed.b) if seed.b else (seed.a,)
    names = _names(seed)
    values: dict[str, str] = {}
    found: dict[Variant, None] = {}  # a set that keeps its order
    for _ in range(4 * limit if names else 1):
        drawn = _draw(names, slots, draw)
        values = {name: value if not values or not vary or _list(name, slots) in vary else values[name] for name, value in drawn.items()}
        found[tuple(Case(_fill(case.text, values), case.label) for case in cases)] = None
        if len(found) == limit:
            break
    return list(found)


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: values[slot[1]], text)


def _names(seed: Seed) -> list[str]:
    return sorted({name for case in (seed.a, seed.b) if case for name in _SLOT.findall(case.text)})


def _list(name: str, slots: Slots) -> str:
    """The list that a slot draws from: `calon_a` from `calon`."""
    return name if name in slots else name.rpartition("_")[0]


def _draw(names: Sequence[str], slots: Slots, draw: random.Random) -> dict[str, str]:
    """Give each slot a value; slots of one list get different ones."""
    values: dict[str, str] = {}
    for kind in sorted({_list(name, slots) for name in names}):
        of = [name for name in names if _list(name, slots) == kind]
        values |= dict(zip(of, draw.sample(list(slots[kind]), len(of)), strict=True))
    return values


def gazetteer(slots: Slots) -> Gazetteer:
    """Build the gazetteer of the challenge's invented elections: candidates, in full and short, and parties."""
    names: list[str] = []
    for value in slots.get("calon", ()):
        for person in (value, *re.split(r"\s*[–—]\s*", value)):
            words = [word for word in person.split() if word.lower() not in _ADDRESS]
            names += [person, " ".join(words), words[0] if words else ""]
    return Gazetteer("challenge", tuple(dict.fromkeys(name for name in names if len(name) > 2)), tuple(slots.get("partai", ())))


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


def wilson(passed: int, total: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the Wilson interval of a rate (95 % by default); (0, 1) without observations."""
    if not total:
        return 0.0, 1.0
    rate, weight = passed / total, z * z / total
    middle = (rate + weight / 2) / (1 + weight)
    half = z * math.sqrt(rate * (1 - rate) / total + weight / (4 * total)) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)
