"""params.yaml as a frozen, typed object: unknown keys and impossible values are refused, what it leaves out is as the project ships it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from netral.errors import UsageError
from netral.files import read_yaml
from netral.schema import VOICES

FAMILIES = ("words", "stems", "chars")
#: What `train.stem` may say.
STEMS = ("sastrawi", "none")
#: In which words may weigh otherwise (:mod:`netral.text.contexts`).
CONTEXTS = ("target", "election")


@dataclass(frozen=True)
class Family:
    """One family of n-grams."""

    ngrams: tuple[int, ...] = (1, 2)
    min_df: int = 3
    max_features: int = 60_000

    def __post_init__(self) -> None:
        _require(len(self.ngrams) == 2 and 1 <= self.ngrams[0] <= self.ngrams[1] <= 8, "ngrams: two numbers, smallest and largest n")
        _require(self.min_df >= 3, "min_df: 3 or more (no term seen in fewer than three posts enters a model)")
        _require(self.max_features > 0, "max_features: a positive number")


@dataclass(frozen=True)
class Validate:
    """Where the posts are, and how many bad rows are too many."""

    posts: str = "data/raw/posts.csv"
    elections: str = "data/elections"
    max_rejected: float = 0.05

    def __post_init__(self) -> None:
        _require(0 <= self.max_rejected <= 1, "validate.max_rejected: a share between 0 and 1")


@dataclass(frozen=True)
class Clean:
    """How alike two posts are that count as one."""

    near_duplicate: float = 0.7

    def __post_init__(self) -> None:
        _require(0 < self.near_duplicate <= 1, "clean.near_duplicate: a similarity above 0, at most 1")


@dataclass(frozen=True)
class Split:
    """Which posts train, calibrate and test."""

    test_share: float = 0.15
    calibration_share: float = 0.15
    calibration_from: int = 40_000
    folds: int = 5

    def __post_init__(self) -> None:
        _require(0 < self.test_share < 0.5, "split.test_share: a share between 0 and 0.5")
        _require(0 < self.calibration_share < 0.5, "split.calibration_share: a share between 0 and 0.5")
        _require(self.calibration_from >= 0, "split.calibration_from: a number of posts")
        _require(self.folds >= 2, "split.folds: 2 or more")


@dataclass(frozen=True)
class Train:
    """Features and classifier."""

    stem: str = "sastrawi"
    names: str = "drop"
    interaction: tuple[str, ...] = CONTEXTS
    bare: bool = True
    also: str = "data/raw/posts.csv"
    neutral: str = ""
    neutral_share: float = 0.25
    unlabelled: str = ""
    space: float = 0.15
    prior: float = 1.0
    families: tuple[str, ...] = ("words", "stems")
    try_families: tuple[tuple[str, ...], ...] = ()
    words: Family = field(default_factory=Family)
    stems: Family = field(default_factory=Family)
    chars: Family = field(default_factory=lambda: Family((3, 5), 3, 120_000))
    C: tuple[float, ...] = (0.6, 2.0, 6.0)
    class_weight: str = "balanced"
    max_iter: int = 1000

    def __post_init__(self) -> None:
        _require(self.stem in STEMS, f"train.stem: {' or '.join(STEMS)}")
        _require(self.names in ("drop", "keep"), "train.names: drop or keep")
        known = set(self.interaction) <= set(CONTEXTS) and len(set(self.interaction)) == len(self.interaction)
        _require(known, f"train.interaction: some of {', '.join(CONTEXTS)}, each once, or none of them ([])")
        _require(0 < self.neutral_share <= 1, "train.neutral_share: a share above 0, at most 1")
        _require(0 <= self.space <= 1, "train.space: a number from 0 to 1")
        _require(0 <= self.prior <= 2, "train.prior: a number from 0 to 2")
        for families in (self.families, *self.try_families):
            _require(bool(families) and set(families) <= set(FAMILIES), f"train.families: some of {', '.join(FAMILIES)}")
        for family in (self.words, self.stems):
            _require(family.ngrams in ((1, 1), (1, 2)), "train.words, train.stems: ngrams [1, 1] or [1, 2]")
        _require(self.chars.ngrams[0] >= 2, "train.chars: ngrams of 2 letters or more")
        _require(bool(self.C) and all(0 < each < math.inf for each in self.C), "train.C: positive numbers")
        _require(self.max_iter > 0, "train.max_iter: a positive number")
        _require(self.class_weight in ("balanced", "none"), "train.class_weight: balanced or none")


@dataclass(frozen=True)
class Gates:
    """What a release must pass to become current."""

    max_false_flags: int = 0
    name_swap: float = 0.95
    minimal_pairs: float = 0.8

    def __post_init__(self) -> None:
        _require(self.max_false_flags >= 0, "evaluate.gates.max_false_flags: a number of flags")
        _require(0 <= self.name_swap <= 1, "evaluate.gates.name_swap: a share between 0 and 1")
        _require(0 <= self.minimal_pairs <= 1, "evaluate.gates.minimal_pairs: a share between 0 and 1")


@dataclass(frozen=True)
class Evaluate:
    """What is promised, with what confidence, and how it is measured."""

    challenge: str = "data/challenge"
    alpha: float = 0.01
    confidence: float = 0.95
    review_load: float = 0.05
    protected: tuple[str, ...] = ("reminder", "official")
    unseen_platforms: bool = True
    bootstrap: int = 1000
    compare_up_to: int = 60_000
    gates: Gates = field(default_factory=Gates)

    def __post_init__(self) -> None:
        _require(0 < self.alpha < 0.5, "evaluate.alpha: a rate between 0 and 0.5")
        _require(0.5 <= self.confidence < 1, "evaluate.confidence: a probability from 0.5, below 1")
        _require(self.bootstrap >= 0, "evaluate.bootstrap: a number of resamples, 0 for no intervals")
        _require(self.compare_up_to >= 0, "evaluate.compare_up_to: a number of posts")
        _require(0 < self.review_load < 1, "evaluate.review_load: a share between 0 and 1")
        _require({*self.protected} <= {*VOICES}, f"evaluate.protected: some of {', '.join(VOICES)}")


@dataclass(frozen=True)
class Export:
    """Where releases go."""

    models: str = "models"
    name: str = "netral"
    margin: float = 0.01

    def __post_init__(self) -> None:
        _require(0 <= self.margin <= 1, "export.margin: a difference of ROC AUC from 0 to 1")
        _require(bool(self.models.strip() and self.name.strip()), "export.models, export.name: a folder and a name")


@dataclass(frozen=True)
class Params:
    """All of params.yaml."""

    seed: int = 20241127
    validate: Validate = field(default_factory=Validate)
    clean: Clean = field(default_factory=Clean)
    split: Split = field(default_factory=Split)
    train: Train = field(default_factory=Train)
    evaluate: Evaluate = field(default_factory=Evaluate)
    export: Export = field(default_factory=Export)

    def __post_init__(self) -> None:
        _require(self.seed >= 0, "seed: 0 or more")


def load(path: Path = Path("params.yaml")) -> Params:
    """Read params.yaml.

    Raises
    ------
    UsageError
        If a key is unknown or a value impossible; the message names it.
    """
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise UsageError(f"{path}: found no sections; expected one per stage, see params.yaml of the project")
    try:
        return from_mapping(Params, content, "")
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from error


def from_mapping(cls: type, content: Any, where: str) -> Any:
    """Build the dataclass ``cls`` from nested mappings, refusing unknown keys and wrong types.

    Raises
    ------
    ValueError
        With the key and what was expected of it.
    """
    if not isinstance(content, dict):
        raise ValueError(f"{where or 'the file'}: found {content!r}, expected a section with keys")
    kinds = get_type_hints(cls)
    known = {f.name for f in dataclasses.fields(cls)}
    unknown = sorted(set(map(str, content)) - known)
    if unknown:
        raise ValueError(f"{where}{'.' if where else ''}{unknown[0]}: unknown key; known are {', '.join(sorted(known))}")
    try:
        return cls(**{key: _value(kinds[key], value, f"{where}.{key}" if where else key) for key, value in content.items()})
    except ValueError as error:  # a family of n-grams does not know which one it is
        raise error if str(error).startswith(where) else ValueError(f"{where}.{error}") from error


def flat(content: Any, prefix: str = "") -> dict[str, Any]:
    """Turn nested mappings into one with dotted keys."""
    if not isinstance(content, Mapping):
        return {prefix: content}
    return {
        key: value for name, inner in content.items() for key, value in flat(inner, f"{prefix}.{name}" if prefix else str(name)).items()
    }


def _value(kind: Any, value: Any, where: str) -> Any:
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return from_mapping(kind, value, where)
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        values = value if isinstance(value, (list, tuple)) else [value]
        return tuple(_value(inner, each, where) for each in values)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"{where}: found {value!r}, expected {kind.__name__}")
    return value


def _require(holds: bool, expected: str) -> None:
    if not holds:
        raise ValueError(expected)
