"""What the model goes by and where it is most wrong: terms with the largest weights, and the most confident errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netral.model.artifact import unpack

if TYPE_CHECKING:
    import pandas as pd

_TERMS = 25
_ERRORS = 20
_LONGEST = 400


def top_terms(arrays: Mapping[str, NDArray]) -> dict[str, list[dict[str, Any]]]:
    """Return the heaviest words and pairs of each label.

    Parameters
    ----------
    arrays : mapping of str to array
        Of an artifact.

    Returns
    -------
    dict
        ``partisan`` and ``neutral``: ``term`` and ``weight`` (idf times coefficient), heaviest first.
    """
    names, weights = [], [np.empty(0)]
    for family in ("words", "stems"):
        if f"{family}.weight" in arrays:
            terms = unpack(arrays[f"{family}.terms"], arrays[f"{family}.offsets"])
            names += [*terms, *(f"{terms[a]} {terms[b]}" for a, b in arrays[f"{family}.pairs"])]
            weights += [arrays[f"{family}.weight"], arrays[f"{family}.pair_weight"]]
    weight = np.concatenate(weights)
    order = np.argsort(weight, kind="stable")
    found = {}
    for label, chosen in (("partisan", order[::-1]), ("neutral", order)):
        heaviest: dict[str, float] = {}
        for i in chosen:
            if len(heaviest) == _TERMS or (weight[i] > 0) != (label == "partisan"):
                break
            heaviest.setdefault(names[i], float(weight[i]))  # a word that is its own stem stands in two families
        found[label] = [{"term": term, "weight": value} for term, value in heaviest.items()]
    return found


def worst_errors(posts: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the posts whose probability is furthest from their label.

    Parameters
    ----------
    posts : DataFrame
        ``id``, ``text`` (clean), ``label``, ``probability``, ``election``, ``sampling``.

    Returns
    -------
    list of dict
        ``id, label, probability, election`` and, of authored posts alone, the masked ``text``: what real people wrote stays
        in the data.
    """
    off = (posts.probability - (posts.label == "partisan")).abs()
    worst = posts[off > 0.5].assign(off=off).sort_values(["off", "id"], ascending=[False, True]).head(_ERRORS)
    return [
        {
            "id": post.id,
            "label": post.label,
            "probability": float(post.probability),
            "election": post.election,
            "text": post.text[:_LONGEST] if post.sampling == "authored" else "",
        }
        for post in worst.itertuples()
    ]
