"""Logistic regression over the features, chosen and calibrated on groups that it was not fitted on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from netral.errors import InputError
from netral.fit.corpus import Corpus
from netral.fit.features import Features
from netral.fit.parallel import at_once
from netral.params import Train
from netral.text.analyser import encoder, stemmer
from netral.text.hashing import mix

Floats = NDArray[np.float64]

#: L-BFGS has converged where no weight's part of the gradient (of the mean loss of a post) is larger.
TOLERANCE = 1e-4
#: Posts on which a setting is chosen where posts are kept apart for calibration: the price of choosing stays the same.
CHOOSE_ON = 20_000
_ONE_LABEL = "there are not both partisan and neutral posts to learn from; label more posts, of both labels, in more elections"


class CalibratedPipeline(ClassifierMixin, BaseEstimator):
    """A fitted pipeline and the sigmoid of its log-odds (Platt 1999); what notebooks and MLflow open.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted :class:`Features` and logistic regression.
    slope, offset : float
        ``probability = expit(slope * log_odds + offset)``.
    """

    def __init__(self, pipeline: Pipeline, slope: float = 1.0, offset: float = 0.0) -> None:
        self.pipeline = pipeline
        self.slope = slope
        self.offset = offset

    def fit(self, X: Any, y: Any = None) -> CalibratedPipeline:
        """Keep the fitted pipeline as it is."""
        check_is_fitted(self.pipeline)
        self.classes_ = np.array([0, 1])
        return self

    def decision_function(self, X: Sequence[str]) -> Floats:
        """Return the log-odds of raw posts, shape (n,)."""
        prepare = encoder(stemmer(self.pipeline["features"].stem), None).prepare
        return self.pipeline.decision_function([prepare(text) for text in X])

    def predict_proba(self, X: Sequence[str]) -> Floats:
        """Return the probabilities of neutral and partisan, shape (n, 2)."""
        partisan = expit(self.slope * self.decision_function(X) + self.offset)
        return np.column_stack([1.0 - partisan, partisan])

    def predict(self, X: Sequence[str]) -> NDArray[np.int64]:
        """Return 1 where partisan is the likelier label."""
        return (self.predict_proba(X)[:, 1] >= 0.5).astype(np.int64)


@dataclass(frozen=True)
class Tried:
    """One setting and how it does on groups it was not fitted on.

    Attributes
    ----------
    families : tuple of str
    C : float
    average_precision : float
        Mean over the folds.
    standard_error : float
        Of that mean, from the differences between the folds; 0 for a single one.
    scores : float64 array of shape (n,)
        Out-of-fold log-odds; nan where no fold could give one.
    """

    families: tuple[str, ...]
    C: float
    average_precision: float
    standard_error: float
    scores: Floats


def make_pipeline(params: Train, families: Sequence[str], C: float) -> Pipeline:
    """Return the unfitted pipeline of one setting."""
    features = Features(tuple(families), params.words, params.stems, params.chars, params.stem, params.names, params.interaction)
    weight = None if params.class_weight == "none" else params.class_weight
    classifier = LogisticRegression(C=C, class_weight=weight, max_iter=params.max_iter, tol=TOLERANCE)
    return Pipeline([("features", features), ("classifier", classifier)])


def grid(params: Train) -> list[tuple[tuple[str, ...], float]]:
    """Return every setting to be tried: families and C."""
    return [(families, C) for families in dict.fromkeys(params.try_families or (params.families,)) for C in params.C]


def sample_folds(folds: NDArray[np.integer], groups: NDArray[np.int64], most: int = CHOOSE_ON) -> NDArray[np.int64]:
    """Return the posts to choose a setting on: about ``most`` of those in folds, near-duplicates together, and all that are in none.

    A penalty is a belief about the weights, which more posts do not change, so a setting chosen on a part of every fold
    serves for all posts; a single fold, which may be a single election, would not tell as well.

    Parameters
    ----------
    folds, groups : int arrays of shape (n,)
        Fold (-1: none) and near-duplicate group of each post.
    most : int
    """
    rank = mix(groups.astype(np.uint64))
    asked = np.sort(rank[folds >= 0])
    last = asked[min(most, len(asked)) - 1] if len(asked) else np.uint64(0)
    return np.flatnonzero((folds < 0) | (rank <= last))


def fit(corpus: Corpus, partisan: NDArray[np.bool_], families: Sequence[str], C: float, params: Train) -> Pipeline:
    """Fit the pipeline of one setting.

    Parameters
    ----------
    corpus : Corpus, n posts
    partisan : bool array of shape (n,)
    families : sequence of str
    C : float
    params : Train

    Raises
    ------
    InputError
        If there are not posts of both labels, and terms in them, to learn from.
    """
    if not 0 < partisan.sum() < len(partisan):
        raise InputError(_ONE_LABEL)
    pipeline = make_pipeline(params, families, C)
    fit_classifier(pipeline, *fit_features(pipeline, corpus, partisan))
    return pipeline


def fit_classifier(pipeline: Pipeline, learn: sparse.csr_matrix, partisan: NDArray[np.bool_], weight: Floats) -> LogisticRegression:
    """Fit the classifier to what :func:`fit_features` returns; what the prior knows is added to what it learned."""
    classifier = pipeline["classifier"].fit(learn, partisan, weight)
    classifier.coef_ = classifier.coef_ + pipeline["features"].prior_
    return classifier


def fit_features(pipeline: Pipeline, corpus: Corpus, partisan: NDArray[np.bool_]) -> tuple[sparse.csr_matrix, NDArray[np.bool_], Floats]:
    """Fit the features; return what the classifier learns from: features, labels and weights of posts.

    A post that reads otherwise without its election's gazetteer counts half as it reads with it and half as without: what is
    scored comes with none more often than not. Terms are those of posts with their gazetteers alone.

    With an interaction, labels are made half as uneven among the posts of each set of contexts. That somebody is named, or an election
    spoken of, tells much where people write posts for a purpose, and little where all posts were found by a candidate's name.

    Raises
    ------
    InputError
        If no term is frequent enough.
    """
    learn = pipeline["features"].fit_transform(corpus)
    if not learn.shape[1]:
        raise InputError("no term stands in three posts or more, so there is nothing to learn from; label more posts")
    weight = np.ones(len(corpus))
    if corpus.bare:
        of = corpus.bare[1]
        weight[of] = 0.5
        learn = sparse.vstack([learn, pipeline["features"].transform_bare(corpus)], format="csr")
        partisan, weight = np.append(partisan, partisan[of]), np.append(weight, weight[of])
    if pipeline["features"].interaction:
        weight = _evened(weight, partisan, pipeline["features"].contexts(learn))
    return learn, partisan, weight


def _evened(weight: Floats, partisan: NDArray[np.bool_], contexts: NDArray[np.int64]) -> Floats:
    """Divide the weights of each label among the posts of each set of contexts by the root of its share there."""
    evened = weight.copy()
    for kind in (contexts == number for number in np.unique(contexts)):
        for label in (partisan, ~partisan):
            there = kind & label
            if there.any():
                evened[there] *= (0.5 * weight[kind].sum() / weight[there].sum()) ** 0.5
    return evened


def scores_of(
    corpus: Corpus,
    partisan: NDArray[np.bool_],
    inside: NDArray[np.int64],
    outside: NDArray[np.int64],
    settings: Sequence[tuple[tuple[str, ...], float]],
    params: Train,
) -> list[Floats]:
    """Return the log-odds of some posts by models of others, one for each setting.

    Parameters
    ----------
    corpus : Corpus, n posts
    partisan : bool array of shape (n,)
    inside, outside : int arrays
        Places of the posts to learn from, and of those to be scored.
    settings : sequence of (families, C)
    params : Train

    Raises
    ------
    InputError
        If there is no term to learn from.
    """
    found: dict[tuple[tuple[str, ...], float], Floats] = {}
    for families in dict.fromkeys(families for families, _ in settings):
        pipeline = make_pipeline(params, families, 1.0)
        learn = fit_features(pipeline, corpus.take(inside), partisan[inside])
        asked = pipeline["features"].transform(corpus.take(outside))
        for C in (C for of, C in settings if of == families):
            pipeline["classifier"].set_params(C=C)
            found[families, C] = fit_classifier(pipeline, *learn).decision_function(asked)
    return [found[setting] for setting in settings]


def cross_fit(corpus: Corpus, partisan: NDArray[np.bool_], folds: NDArray[np.integer], params: Train) -> list[Tried]:
    """Score every post with models that saw nothing of its fold, for every setting to be tried.

    Parameters
    ----------
    corpus : Corpus, n posts
    partisan : bool array of shape (n,)
    folds : int array of shape (n,)
        Posts of fold -1 are learned from by every model and scored by none.
    params : Train

    Raises
    ------
    InputError
        If no fold leaves posts of both labels, or any term, to learn from.
    """
    settings, splits = grid(params), list(_splits(folds, partisan))
    scores = [np.full(len(corpus), np.nan) for _ in settings]
    asked = at_once(lambda split: scores_of(corpus, partisan, *split, settings, params), splits, len(corpus))
    for (_, outside), found in zip(splits, asked, strict=True):
        for whole, part in zip(scores, found, strict=True):
            whole[outside] = part
    tried = [Tried(*setting, *_mean_precision(score, partisan, folds), score) for setting, score in zip(settings, scores, strict=True)]
    if all(np.isnan(candidate.scores).all() for candidate in tried):
        raise InputError(_ONE_LABEL)
    return tried


def choose(tried: Sequence[Tried]) -> Tried:
    """Return the simplest of those that do about as well as the best: fewest families, then the strongest penalty.

    About as well: an average precision within one standard error of the best one's (the one-standard-error rule of Breiman,
    Friedman, Olshen and Stone 1984). What a fold more or less could turn round is no reason for a model that fits closer.
    """
    best = max(tried, key=lambda c: c.average_precision)
    near = [c for c in tried if c.average_precision >= best.average_precision - best.standard_error]
    return min(near, key=lambda c: (len(c.families), c.C, -c.average_precision))


def fit_sigmoid(scores: Floats, partisan: NDArray[np.bool_]) -> tuple[float, float]:
    """Fit the sigmoid of out-of-fold log-odds; returns slope and offset.

    A slope that is not positive (scores that carry nothing) is replaced by 1, so that the order of posts stays.
    """
    there = ~np.isnan(scores)
    fitted = LogisticRegression(C=np.inf).fit(scores[there, None], partisan[there])
    slope, offset = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    return (slope, offset) if slope > 0 else (1.0, 0.0)


def _splits(folds: NDArray[np.integer], partisan: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    for fold in np.unique(folds[folds >= 0]):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if 0 < partisan[inside].sum() < len(inside):
            yield inside, outside


def _mean_precision(scores: Floats, partisan: NDArray[np.bool_], folds: NDArray[np.integer]) -> tuple[float, float]:
    """Mean average precision of the folds that have both labels, and its standard error; over all posts together if none has."""
    there = ~np.isnan(scores)
    found = []
    for fold in np.unique(folds[there]):
        of = there & (folds == fold)
        if 0 < partisan[of].sum() < of.sum():
            found.append(average_precision_score(partisan[of], scores[of]))
    if not found and 0 < partisan[there].sum() < there.sum():
        found.append(average_precision_score(partisan[there], scores[there]))
    error = float(np.std(found, ddof=1)) / len(found) ** 0.5 if len(found) > 1 else 0.0
    return float(np.mean(found)) if found else 0.0, error
