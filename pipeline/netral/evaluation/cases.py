"""The cases of the challenge set: read from its files, their slots filled.

A seed is written by hand and may hold slots; its variants fill them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from netral.errors import InputError
from netral.files import read_yaml
from netral.text.gazetteer import Gazetteer
from netral.text.targets import ADDRESSES

TYPES = ("INV", "MIN", "MFT")
LABELS = ("neutral", "partisan")
#: Most variants of one seed; more add time, not observations.
VARIANTS = 12
_SLOT = re.compile(r"\{(\w+)\}")


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
            lists = [_list(name, slots) for name in _names(seed)]
            if short := [name for name in lists if len(slots[name]) < lists.count(name)]:
                raise InputError(f"{folder}: {seed.id}: needs {lists.count(short[0])} values of {short[0]} in slots.yaml; add some")
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
    for seed in seeds:
        labels = [case.label for case in (seed.a, seed.b) if case]
        if not {*labels} <= {*LABELS} or (found.type == "MIN" and labels != [*LABELS]):
            wanted = f"{' and '.join(LABELS)}, in this order" if found.type == "MIN" else " or ".join(LABELS)
            raise InputError(f"{path}: {seed.id}: found the labels {', '.join(labels)}, expected {wanted}; correct them")
    return found


def expand(seed: Seed, slots: Slots, number: int, vary: Sequence[str] = ()) -> list[Variant]:
    """Fill the slots of a seed.

    Parameters
    ----------
    seed : Seed
    slots : mapping of str to sequence of str
    number : int
        The seed of the draw; the same one gives the same variants, whatever other seeds there are.
    vary : sequence of str
        Lists whose slots change; empty for all.

    Returns
    -------
    list of Variant
        Distinct ones, at most :data:`VARIANTS`; a seed without slots has one.
    """
    draw = random.Random(f"{number} {seed.id}")
    cases = (seed.a, seed.b) if seed.b else (seed.a,)
    names = _names(seed)
    values: dict[str, str] = {}
    found: dict[Variant, None] = {}  # a set that keeps its order
    for _ in range(4 * VARIANTS if names else 1):
        drawn = _draw(names, slots, draw)
        values = {name: value if not values or not vary or _list(name, slots) in vary else values[name] for name, value in drawn.items()}
        found[tuple(Case(_fill(case.text, values), case.label) for case in cases)] = None
        if len(found) == VARIANTS:
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
            words = [word for word in person.split() if word.lower().rstrip(".") not in ADDRESSES]
            names += [person, " ".join(words), words[0] if words else ""]
    return Gazetteer("challenge", tuple(dict.fromkeys(name for name in names if len(name) > 2)), tuple(slots.get("partai", ())))
