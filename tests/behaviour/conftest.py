"""A model of the whole bundled corpus, trained and given its thresholds in this process, as the flow would."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from netral.evaluation import thresholds
from netral.fit.classifier import choose, cross_fit, fit, fit_sigmoid
from netral.fit.duplicates import group
from netral.fit.elsewhere import encoded
from netral.model.model import Model
from netral.params import load
from tests.building import RAW, ROOT, contents, in_memory, labelled

FOLDS = 4  # the flow has more; four whole-election folds are enough for thresholds, and half the time


@pytest.fixture(scope="session")
def whole() -> Model:
    """All elections to learn from, thresholds from out-of-fold predictions, `C` as the flow chooses it on these posts."""
    params, posts = load(ROOT / "params.yaml"), labelled(pd.read_csv(RAW, dtype=str, keep_default_na=False))
    train = dataclasses.replace(params.train, C=params.train.C[-1:])
    partisan = (posts.label == "partisan").to_numpy()
    corpus = encoded(posts, train)
    best = choose(cross_fit(corpus, partisan, pd.factorize(posts.election)[0] % FOLDS, train))
    slope, offset = fit_sigmoid(best.scores, partisan)
    asked = params.evaluate
    found, _ = thresholds.choose(
        expit(slope * best.scores + offset),
        partisan,
        np.asarray(group(posts.prepared.tolist(), params.clean.near_duplicate)),
        alpha=asked.alpha,
        confidence=asked.confidence,
        load=asked.review_load,
    )
    pipeline = fit(corpus, partisan, best.families, best.C, train)
    return in_memory(*contents(pipeline, dataclasses.asdict(found), (slope, offset)))
