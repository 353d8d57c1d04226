"""What the model goes by and where it is most wrong: terms with the largest weights, and the most confident errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netral.fit.corpus import Corpus, Items
from netral.fit.features import TermVocabulary
from netral.model.model import stemmer

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline

_TERMS = 25
_ERRORS = 20
_LONGEST = 400


def top_terms(fitted: Pipeline) -> dict[str, list[dict[str, Any]]]:
    """Return the words that move the log-odds most, each by all its features: the word, its stem, its character n-grams.

    Parameters
    ----------
    fitted : Pipeline
        Fitted features and classifier.

    Returns
    -------
    dict
        ``partisan`` and ``neutral``: ``term`` and ``weight`` (what a post of this word alone adds to the log-odds), heaviest
        first; empty for a model without words and stems.
    """
    features, classifier = fitted["features"], fitted["classifier"]
    vocabulary = next((each for each in features.vocabulary_.values() if isinstance(each, TermVocabulary)), None)
    names = [term for term, idf in zip(vocabulary.terms, vocabulary.idf, strict=False) if idf > 0] if vocabulary else []
    if not names:
        return {"partisan": [], "neutral": []}
    flat = np.zeros(2 * len(names), np.int32)  # a post of one item each, ended by a boundary (0)
    flat[::2] = np.arange(1, len(names) + 1)
    alone = Corpus(Items(["\x00", *names], stemmer(features.stem)), flat, np.arange(1, len(flat), 2))
    weight = classifier.decision_function(features.transform(alone)) - classifier.intercept_[0]
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
