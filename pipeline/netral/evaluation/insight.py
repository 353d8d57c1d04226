"""What the model goes by and where it is most wrong: terms with the largest weights, and the most confident errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from netral.model.model import Model
from netral.model.scorer import ItemTable
from netral.model.weights import norm
from netral.text.analyser import stemmer

if TYPE_CHECKING:
    import pandas as pd

_TERMS = 25
_ERRORS = 20
_LONGEST = 400


def top_terms(model: Model) -> dict[str, list[dict[str, Any]]]:
    """Return the words that move the log-odds most, each by all its features: the word, its stem, its character n-grams.

    Returns
    -------
    dict
        ``partisan`` and ``neutral``: ``term`` and ``weight`` (what a post of this word alone adds to the log-odds), heaviest
        first; empty for a model without words and stems.
    """
    weights = model.scorer().weights
    terms = weights.words or weights.stems
    # A term of square 0 is no feature, only part of a pair.
    names = [name for name, square in zip(terms.names.strings, terms.square, strict=True) if square > 0] if terms else []
    if not names:
        return {"partisan": [], "neutral": []}
    table = ItemTable(weights, stemmer(model.settings["stem"]))
    table.extend(pa.array(names, pa.large_string()))
    weight = np.zeros(len(names))
    for family in table.families:
        square = family.squares.values
        weight += family.parts(np.arange(len(names)), table.contexts.values) / norm(square)
    order = np.argsort(weight, kind="stable")
    chosen = {"partisan": [i for i in order[::-1][:_TERMS] if weight[i] > 0], "neutral": [i for i in order[:_TERMS] if weight[i] < 0]}
    return {label: [{"term": names[i], "weight": float(weight[i])} for i in rows] for label, rows in chosen.items()}


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
