"""The weights of a model, as an artifact holds them and scoring looks them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netral.model.names import Names
from netral.params import CONTEXTS
from netral.text.contexts import SETS
from netral.text.hashing import KeyTable, pair_keys

Floats = NDArray[np.float64]

#: The squared idf that a post has at least, about that of four words: what stands alone must not decide as a whole post does.
LEAST_SQUARE = 200.0


def norm(squares: NDArray[Any]) -> Floats:
    """Return what a family's features of each post are divided by: the root of its squared idf summed over occurrences, within a bound.

    Parameters
    ----------
    squares : array of shape (n_posts,)
        These sums; one below :data:`LEAST_SQUARE` counts as that.

    Notes
    -----
    Cosine normalisation favours short documents (Singhal, Buckley & Mitra 1996, who tilt it about a pivot); here it ends where
    a post has very few words, which without it would read "Menang!" as surely as a speech.
    """
    return np.sqrt(np.maximum(squares, LEAST_SQUARE))


@dataclass(frozen=True)
class TermWeights:
    """Items (or stems) and pairs of them: weight = idf x coefficient, square = idf².

    ``weight`` has shape (n, SETS) and ``pair_weight`` (m, SETS): a weight for each set of contexts (:mod:`netral.text.contexts`).
    """

    names: Names
    weight: Floats
    square: Floats
    pairs: KeyTable
    pair_weight: Floats
    pair_square: Floats


@dataclass(frozen=True)
class GramWeights:
    """Character n-grams by key; ``weight`` has shape (n, SETS)."""

    low: int
    high: int
    table: KeyTable
    weight: Floats
    square: Floats


@dataclass(frozen=True)
class Weights:
    """All that the log-odds need; a family that the model has not is None."""

    intercept: float
    words: TermWeights | None
    stems: TermWeights | None
    chars: GramWeights | None
    space: TermWeights | None


def weights_from_arrays(arrays: Mapping[str, NDArray], intercept: float, char_ngrams: Sequence[int]) -> Weights:
    """Build the look-up tables from the arrays of an artifact: ``<family>.weight`` and what each context adds to it."""

    def weights(family: str, kind: str = "") -> Floats:
        base = arrays.get(f"{family}.{kind}weight", np.empty(0))
        found = np.tile(base[:, None], SETS)
        for bit, context in enumerate(CONTEXTS):
            if (name := f"{family}.{kind}{context}") in arrays:
                found[:, [number for number in range(SETS) if number >> bit & 1]] += arrays[name][:, None]
        return found

    def terms(family: str) -> TermWeights | None:
        if not len(arrays.get(f"{family}.weight", ())):
            return None
        pairs = arrays.get(f"{family}.pairs", np.empty((0, 2), np.int32))  # places in a space have none
        return TermWeights(
            Names(arrays[f"{family}.terms"], arrays[f"{family}.offsets"]),
            weights(family),
            arrays[f"{family}.square"],
            KeyTable(pair_keys(pairs[:, 0], pairs[:, 1])),
            weights(family, "pair_"),
            arrays.get(f"{family}.pair_square", np.empty(0)),
        )

    chars = None
    if "chars.weight" in arrays:
        low, high = char_ngrams
        # The last one answers for unknown n-grams (-1).
        weight, square = np.append(weights("chars"), np.zeros((1, SETS)), axis=0), np.append(arrays["chars.square"], 0.0)
        chars = GramWeights(low, high, KeyTable(arrays["chars.keys"]), weight, square)
    return Weights(float(intercept), terms("words"), terms("stems"), chars, terms("space"))
