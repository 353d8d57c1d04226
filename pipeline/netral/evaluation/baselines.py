"""What a team would otherwise use, at its usual settings: the yardsticks that netral is measured against.

Every system gives scores above 0 where it leans to `partisan`; none is tuned, netral included (C = 1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netral.params import Params

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Learns from the posts at the first rows and scores those at the second.
System = Callable[[Rows, Rows], Floats]

NETRAL = "netral"
_LETTERS = re.compile(r"[^a-z]+")
_FASTTEXT = {"epoch": 25, "lr": 0.5, "wordNgrams": 2, "minCount": 2, "thread": 1, "verbose": 0}  # its tutorial's settings


def tutorial(posts: pd.DataFrame) -> dict[str, System]:
    """Return the systems that a tutorial would build; all but the first learn from the tutorial's tokens.

    Parameters
    ----------
    posts : DataFrame
        ``text`` (clean) and ``label``.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    partisan = (posts.label == "partisan").to_numpy()
    tokens = tutorial_tokens(posts.text.tolist())
    return {
        "majority": _majority(partisan),
        "tutorial": _linear(tokens, partisan, LogisticRegression()),
        "tutorial, balanced": _linear(tokens, partisan, LogisticRegression(class_weight="balanced")),
        "linear SVM, balanced": _linear(tokens, partisan, LinearSVC(class_weight="balanced", random_state=0)),
    }


def tutorial_tokens(texts: Sequence[str]) -> list[str]:
    """Lower-case, keep letters only, drop Sastrawi's stop words, stem: as in the tutorials, word for word."""
    from Sastrawi.StopWordRemover.StopWordRemoverFactory import StopWordRemoverFactory

    stopped = frozenset(StopWordRemoverFactory().get_stop_words())
    stem = cache(_sastrawi().stem)
    words = ([word for word in _LETTERS.sub(" ", text.lower()).split() if word not in stopped] for text in texts)
    return [" ".join(filter(None, map(stem, each))) for each in words]


def _sastrawi() -> Any:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    return StemmerFactory().create_stemmer()


def fasttext(posts: pd.DataFrame, seed: int) -> tuple[System | None, str]:
    """Return fastText as a system, or None and the reason why it is skipped."""
    if find_spec("fasttext") is None:
        return None, "skipped: fastText: not installed (pip install 'netral[bench]')"
    import fasttext as library

    partisan = (posts.label == "partisan").to_numpy()
    lines = [" ".join(text.lower().split()) for text in posts.text]

    def score(inside: Rows, outside: Rows) -> Floats:
        with NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            file.writelines(f"__label__{'partisan' if partisan[i] else 'neutral'} {lines[i]}\n" for i in inside)
            file.flush()
            model = library.train_supervised(file.name, seed=seed, **_FASTTEXT)
        found = [dict(zip(*model.predict(lines[i], k=2), strict=True)) for i in outside]
        return np.array([each.get("__label__partisan", 0.0) - 0.5 for each in found])

    return score, ""


def own(posts: pd.DataFrame, params: Params) -> System:
    """Return netral's own classifier, C = 1; its text analysis is done once for all splits.

    Parameters
    ----------
    posts : DataFrame
        ``prepared`` (clean, targets replaced) and ``label``.
    """
    from netral.fit.classifier import make_pipeline
    from netral.fit.features import Features

    partisan = (posts.label == "partisan").to_numpy()
    corpus = Features(stem=params.train.stem).encode(posts.prepared.tolist())

    def score(inside: Rows, outside: Rows) -> Floats:
        pipeline = make_pipeline(params.train, params.train.families, 1.0)
        learn = pipeline["features"].fit_transform(corpus.take(inside))
        if not learn.shape[1]:  # too few posts for any term: nothing is known
            return np.zeros(len(outside))
        pipeline["classifier"].fit(learn, partisan[inside])
        return pipeline.decision_function(corpus.take(outside))

    return score


def _majority(partisan: NDArray[np.bool_]) -> System:
    def score(inside: Rows, outside: Rows) -> Floats:
        return np.full(len(outside), partisan[inside].mean() - 0.5)

    return score


def _linear(tokens: list[str], partisan: NDArray[np.bool_], classifier: Any) -> System:
    from sklearn.feature_extraction.text import TfidfVectorizer

    def score(inside: Rows, outside: Rows) -> Floats:
        vectors = TfidfVectorizer(token_pattern=r"\S+")
        classifier.fit(vectors.fit_transform([tokens[i] for i in inside]), partisan[inside])
        return classifier.decision_function(vectors.transform([tokens[i] for i in outside]))

    return score
