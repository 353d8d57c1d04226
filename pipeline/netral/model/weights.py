"""The weights of a model, as an artifact holds them and scoring looks them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netral.model.names import Names
from netral.text.hashing import KeyTable, pair_keys

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TermWeights:
    """Items (or stems) and pairs of them: weight = idf x coefficient, square = idf²; pairs shape (m, 2).

    ``target`` and ``pair_target`` are what is added to the weights where somebody is named.
    """

    names: Names
    weight: Floats
    target: Floats
    square: Floats
    pairs: KeyTable
    pair_weight: Floats
    pair_target: Floats
    pair_square: Floats


@dataclass(frozen=True)
class GramWeights:
    """Character n-grams by key."""

    low: int
    high: int
    table: KeyTable
    weight: Floats
    target: Floats
    square: Floats


@dataclass(frozen=True)
class Weights:
    """All that the log-odds need; a family that the model has not is None. Without ``interaction`` all posts are weighed alike."""

    intercept: float
    interaction: bool
    words: TermWeights | None
    stems: TermWeights | None
    chars: GramWeights | None
    space: TermWeights | None


def weights_from_arrays(arrays: Mapping[str, NDArray], intercept: float, char_ngrams: Sequence[int]) -> Weights:
    """Build the look-up tables from the arrays of an artifact."""

    def terms(family: str) -> TermWeights | None:
        if f"{family}.weight" not in arrays:
            return None
        pairs = arrays.get(f"{family}.pairs", np.empty((0, 2), np.int32))  # places in a space have none
        weight, pair_weight = arrays[f"{family}.weight"], arrays.get(f"{family}.pair_weight", np.empty(0))
        return TermWeights(
            Names(arrays[f"{family}.terms"], arrays[f"{family}.offsets"]),
            weight,
            arrays.get(f"{family}.target", np.zeros(len(weight))),
            arrays[f"{family}.square"],
            KeyTable(pair_keys(pairs[:, 0], pairs[:, 1])),
            pair_weight,
            arrays.get(f"{family}.pair_target", np.zeros(len(pair_weight))),
            arrays.get(f"{family}.pair_square", np.empty(0)),
        )

    chars = None
    if "chars.weight" in arrays:
        low, high = char_ngrams
        # The last one answers for unknown n-grams (-1).
        weight, square = (np.append(arrays[f"chars.{name}"], 0.0) for name in ("weight", "square"))
        target = np.append(arrays["chars.target"], 0.0) if "chars.target" in arrays else np.zeros(len(weight))
        chars = GramWeights(low, high, KeyTable(arrays["chars.keys"]), weight, target, square)
    interaction = any(name.endswith(".target") for name in arrays)
    return Weights(float(intercept), interaction, terms("words"), terms("stems"), chars, terms("space"))
