"""Metrics: the values of scikit-learn, intervals by group, and honest gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, f1_score, recall_score, roc_auc_score

from netral.evaluation import metrics
from netral.evaluation.metrics import Bootstrap
from netral.model.policy import Thresholds

THRESHOLDS = Thresholds(0.6, 0.9)


def posts(n: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    partisan = random.random(n) < 0.4
    # Two decimals: many equal scores, which a ranking must treat as equal.
    probability = np.clip(random.normal(np.where(partisan, 0.65, 0.35), 0.2), 0, 1).round(2)
    return partisan, probability, np.arange(n)


def test_values_are_those_of_scikit_learn():
    partisan, probability, groups = posts()
    found = metrics.measure(partisan, probability, groups, THRESHOLDS, Bootstrap(50))
    value = {name: each["value"] for name, each in found["metrics"].items()}
    assert value["roc_auc"] == pytest.approx(roc_auc_score(partisan, probability))
    assert value["average_precision"] == pytest.approx(average_precision_score(partisan, probability))
    assert value["brier"] == pytest.approx(brier_score_loss(partisan, probability))
    assert value["macro_f1"] == pytest.approx(f1_score(partisan, probability >= 0.5, average="macro"))
    assert value["fpr_at_half"] == pytest.approx((probability[~partisan] >= 0.5).mean())
    assert value["recall_at_half"] == pytest.approx(recall_score(partisan, probability >= 0.5))
    assert value["recall_flag"] == pytest.approx(recall_score(partisan, probability >= 0.9))
    assert value["recall_review"] == pytest.approx(recall_score(partisan, probability >= 0.6))
    assert value["fpr_review"] == pytest.approx((probability[~partisan] >= 0.6).mean())
    assert value["fpr_flag"] == pytest.approx((probability[~partisan] >= 0.9).mean())
    assert found["skipped"] == []
    assert (found["posts"], found["partisan"], found["neutral"], found["groups"]) == (400, partisan.sum(), (~partisan).sum(), 400)


def test_calibration_error_by_hand():
    partisan = np.array([True, False, True, True])
    probability = np.array([0.15, 0.15, 0.95, 0.95])  # two bins: 0.15 against 0.5, 0.95 against 1
    found = metrics.measure(partisan, probability, np.arange(4), THRESHOLDS, Bootstrap(0))
    assert found["metrics"]["ece"]["value"] == pytest.approx((0.35 * 2 + 0.05 * 2) / 4)


def test_intervals_hold_the_value_and_come_out_the_same_again():
    found = metrics.measure(*posts(), THRESHOLDS, Bootstrap(400, seed=7))["metrics"]
    assert metrics.measure(*posts(), THRESHOLDS, Bootstrap(400, seed=7))["metrics"] == found
    for name in ("roc_auc", "average_precision", "macro_f1", "recall_review", "fpr_review", "brier"):
        assert found[name]["low"] < found[name]["value"] < found[name]["high"], name


def test_copies_in_one_group_add_no_certainty():
    partisan, probability, _ = posts(60)
    alone = metrics.measure(partisan, probability, np.arange(60), THRESHOLDS, Bootstrap(800))["metrics"]["roc_auc"]
    copied = [np.tile(each, 10) for each in (partisan, probability, np.arange(60))]
    grouped = metrics.measure(*copied, THRESHOLDS, Bootstrap(800))["metrics"]["roc_auc"]
    scattered = metrics.measure(*copied[:2], np.arange(600), THRESHOLDS, Bootstrap(800))["metrics"]["roc_auc"]
    assert grouped["high"] - grouped["low"] == pytest.approx(alone["high"] - alone["low"], rel=0.01)
    assert scattered["high"] - scattered["low"] < 0.5 * (grouped["high"] - grouped["low"])


def test_a_rate_of_zero_is_not_called_certain():
    partisan = np.array([False] * 50 + [True] * 50)
    probability = np.where(partisan, 0.95, 0.1)
    found = metrics.measure(partisan, probability, np.arange(100), THRESHOLDS, Bootstrap(200))["metrics"]
    reach = 1 - 0.025 ** (1 / 50)
    assert (found["fpr_flag"]["low"], found["fpr_flag"]["high"]) == (0.0, pytest.approx(reach))
    assert (found["recall_flag"]["low"], found["recall_flag"]["high"]) == (pytest.approx(1 - reach), 1.0)


def test_without_neutral_posts_only_what_needs_none_is_measured():
    found = metrics.measure(np.ones(5, bool), np.linspace(0.5, 0.9, 5), np.arange(5), THRESHOLDS, Bootstrap(20), "election a")
    assert set(found["metrics"]) == {"brier", "ece", "recall_at_half", "recall_review", "recall_flag"}
    assert found["skipped"] == ["no neutral posts in election a: macro_f1, average_precision, roc_auc, fpr_at_half, fpr_review, fpr_flag"]


def test_without_a_flag_threshold_no_rate_of_flags_is_claimed():
    found = metrics.measure(*posts(), Thresholds(0.6, None), Bootstrap(20))
    assert not {"fpr_flag", "recall_flag"} & set(found["metrics"])
    assert "fpr_review" in found["metrics"]


def test_no_posts_and_one_group():
    empty = metrics.measure(np.zeros(0, bool), np.zeros(0), np.zeros(0, int), THRESHOLDS, Bootstrap(20), "the test part")
    assert (empty["metrics"], empty["skipped"]) == ({}, ["no posts in the test part"])
    one = metrics.measure(np.array([True, False]), np.array([0.9, 0.1]), np.zeros(2, int), THRESHOLDS, Bootstrap(20))
    assert one["metrics"]["roc_auc"] == {"value": 1.0, "low": None, "high": None}


def test_two_probabilities_are_compared_on_the_same_resamples():
    partisan, probability, groups = posts()
    worse = np.where(np.arange(len(partisan)) % 4, probability, 1 - probability)
    found = metrics.auc_difference(partisan, worse, probability, groups, Bootstrap(200))
    assert found["value"] == pytest.approx(roc_auc_score(partisan, worse) - roc_auc_score(partisan, probability))
    assert found["low"] < found["value"] < found["high"] < 0
    assert metrics.auc_difference(partisan, probability**3, probability, groups, Bootstrap(20)) == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert metrics.auc_difference(np.zeros(3, bool), np.ones(3), np.ones(3), np.arange(3), Bootstrap(20)) is None


def test_posts_without_an_election_are_a_slice_of_their_own():
    partisan, probability, groups = posts()
    frame = pd.DataFrame({"label": np.where(partisan, "partisan", "neutral"), "probability": probability, "group": groups})
    frame = frame.assign(election=np.array(["a", "b", ""])[groups % 3], platform="x", genre="", lang="")
    rows = metrics.measure_slices(frame, THRESHOLDS, Bootstrap(20), "test")
    assert [row["name"] for row in rows] == ["all", "a", "b", "no election"]
    assert sum(row["posts"] for row in rows[1:]) == len(frame)


def test_slices_are_measured_on_their_own_and_missing_ones_are_named():
    partisan, probability, groups = posts()
    frame = pd.DataFrame({"label": np.where(partisan, "partisan", "neutral"), "probability": probability, "group": groups})
    frame = frame.assign(election=np.where(groups % 2, "a", "b"), platform="x", genre="", lang=np.where(groups < 300, "id", ""))
    rows = metrics.measure_slices(frame, THRESHOLDS, Bootstrap(20), "test")
    assert [(row["slice"], row["name"]) for row in rows] == [("all", "all"), ("election", "a"), ("election", "b")]
    odd = groups % 2 == 1
    assert rows[1]["metrics"]["roc_auc"]["value"] == pytest.approx(roc_auc_score(partisan[odd], probability[odd]))
    assert rows[0]["skipped"] == [
        "platform (test): one value only",
        "genre (test): the file names none",
        "lang (test): one value only",
    ]


def test_the_area_by_ranks_is_that_of_scikit_learn():
    draw = np.random.default_rng(0)
    partisan, scores = draw.random(80) < 0.4, draw.integers(0, 9, 80).astype(float)
    assert metrics.roc_auc(partisan, scores) == pytest.approx(roc_auc_score(partisan, scores))
    assert np.isnan(metrics.roc_auc(partisan[partisan], scores[partisan])), "there is none without both labels"
