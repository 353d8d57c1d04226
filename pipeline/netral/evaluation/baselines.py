"""What a team would otherwise use: the yardsticks that netral is measured against.

All learn with balanced classes, as netral does, but for the tutorial's own classifier, and all are tuned alike
(:mod:`netral.evaluation.tuning`): linear ones over the values of C that training tries, fastText over its epochs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netral.errors import InputError
from netral.evaluation.tuning import Floats, Grid, Rows
from netral.params import Train

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

    from netral.fit.elsewhere import Auxiliary

NETRAL, BALANCED = "netral", "tutorial, balanced"
_LETTERS = re.compile(r"[^a-z]+")
#: Its tutorial's settings; its epochs are what is tried. Fewer buckets than usual: a few thousand posts do not fill two million.
_FASTTEXT = {"lr": 0.5, "wordNgrams": 2, "minCount": 2, "bucket": 200_000, "thread": 1, "verbose": 0}
_EPOCHS = (5, 25, 50)


def tutorial(posts: pd.DataFrame, C: tuple[float, ...]) -> dict[str, Grid]:
    """Return the systems that a tutorial would build; all but the first learn from the tutorial's tokens.

    Parameters
    ----------
    posts : DataFrame
        ``text`` (clean) and ``label``.
    C : tuple of float
        Inverse strengths of the penalty to be tried.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    partisan = (posts.label == "partisan").to_numpy()
    tokens = CountVectorizer(token_pattern=r"\S+").fit_transform(tutorial_tokens(posts.text.tolist()))
    return {
        "majority": Grid((None,), lambda inside, outside, _: [np.full(len(outside), partisan[inside].mean() - 0.5)]),
        "tutorial": _linear(tokens, partisan, LogisticRegression(max_iter=1000), C),
        BALANCED: _linear(tokens, partisan, LogisticRegression(max_iter=1000, class_weight="balanced"), C),
        "linear SVM, balanced": _linear(tokens, partisan, LinearSVC(class_weight="balanced", random_state=0), C),
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


def fasttext(posts: pd.DataFrame, seed: int) -> tuple[Grid | None, str]:
    """Return fastText as a system, or None and the reason why it is skipped.

    It knows no class weights: posts of the rarer label are repeated until both weigh the same.
    """
    if find_spec("fasttext") is None:
        return None, "fastText: not installed (pip install fasttext-wheel)"
    import fasttext as library

    partisan = (posts.label == "partisan").to_numpy()
    lines = [" ".join(text.lower().split()) for text in posts.text]

    def scores(inside: Rows, outside: Rows, settings: Sequence[int]) -> list[Floats]:
        found = []
        with NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            balanced = np.random.default_rng(seed).permutation(_balanced(inside, partisan))
            file.writelines(f"__label__{'partisan' if partisan[i] else 'neutral'} {lines[i]}\n" for i in balanced)
            file.flush()
            for epochs in settings:
                model = library.train_supervised(file.name, seed=seed, epoch=epochs, **_FASTTEXT)
                # Its own `predict` asks NumPy 2 for what that refuses; what it wraps does not.
                labels = ({label: p for p, label in model.f.predict(f"{lines[i]}\n", 2, 0.0, "strict")} for i in outside)
                found.append(np.array([each.get("__label__partisan", 0.0) - each.get("__label__neutral", 0.0) for each in labels]))
        return found

    return Grid(_EPOCHS, scores), ""


def _balanced(rows: Rows, partisan: NDArray[np.bool_]) -> Rows:
    """Repeat the rows of the rarer label until there are as many of either."""
    sides = sorted((rows[partisan[rows]], rows[~partisan[rows]]), key=len)
    return np.concatenate([np.resize(sides[0], len(sides[1])), sides[1]])


def own(posts: pd.DataFrame, train: Train, auxiliary: Auxiliary) -> Grid:
    """Return netral's own classifier; its text analysis is done once for all splits.

    Parameters
    ----------
    posts : DataFrame
        ``prepared`` (clean, targets replaced), ``bare`` and ``label``.
    train : Train
        Its settings are tried: sets of families, and values of ``C``.
    auxiliary : Auxiliary
        What other posts tell.
    """
    from netral.fit import classifier
    from netral.fit.elsewhere import encoded

    partisan = (posts.label == "partisan").to_numpy()
    corpus = auxiliary.beside(encoded(posts, train), train)

    def scores(inside: Rows, outside: Rows, settings: Sequence[tuple[tuple[str, ...], float]]) -> list[Floats]:
        found = []
        for _, alike in groupby(settings, key=lambda setting: setting[0]):
            try:
                found += classifier.scores_of(corpus, partisan, inside, outside, tried := list(alike), train)
            except InputError:  # too few posts for any term: nothing is known
                found += [np.zeros(len(outside)) for _ in tried]
        return found

    return Grid(tuple(classifier.grid(train)), scores)


def _linear(tokens: csr_matrix, partisan: NDArray[np.bool_], classifier: Any, C: tuple[float, ...]) -> Grid:
    """TF-IDF of the tokens that the posts learned from hold, and a classifier; ``tokens`` are counted once for all splits."""
    from sklearn.feature_extraction.text import TfidfTransformer

    def scores(inside: Rows, outside: Rows, settings: Sequence[float]) -> list[Floats]:
        counts = tokens[inside]
        there = np.flatnonzero(counts.getnnz(axis=0))
        weights = TfidfTransformer()
        learn = weights.fit_transform(counts[:, there])
        asked = weights.transform(tokens[outside][:, there])
        return [classifier.set_params(C=each).fit(learn, partisan[inside]).decision_function(asked) for each in settings]

    return Grid(C, scores)
