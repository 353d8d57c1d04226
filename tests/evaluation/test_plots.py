"""Plots: points that follow from the posts, pictures that are the same bytes again."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import precision_score, recall_score

from netral.evaluation import plots


def posts(n: int = 500):
    random = np.random.default_rng(3)
    partisan = random.random(n) < 0.4
    return partisan, np.clip(random.normal(np.where(partisan, 0.7, 0.3), 0.2), 0, 1), np.arange(n) // 2


def test_points_follow_from_the_posts():
    partisan, probability, groups = posts()
    found = plots.points(partisan, probability, groups)
    for row in found["precision_recall"][::20]:
        called = probability >= row["threshold"]
        assert row["precision"] == pytest.approx(precision_score(partisan, called))
        assert row["recall"] == pytest.approx(recall_score(partisan, called))
    assert sum(row["posts"] for row in found["calibration"]) == 500
    assert sum(row["partisan"] for row in found["scores"]) == partisan.sum()
    assert sum(row["neutral"] for row in found["scores"]) == (~partisan).sum()
    assert sum(row["neutral_groups"] for row in found["scores"]) == len(np.unique(groups[~partisan]))
    middle = found["false_positives"][plots.STEPS // 2]
    assert middle["threshold"] == 0.5
    assert middle["recall"] == pytest.approx((probability[partisan] >= 0.5).mean())


def test_pictures_are_png_and_the_same_again():
    found = plots.points(*posts())
    first, second = plots.draw(found, 0.6, 0.9), plots.draw(found, 0.6, 0.9)
    assert set(first) == {"precision_recall.png", "calibration.png", "scores.png", "false_positives.png"}
    assert first == second
    assert all(content.startswith(b"\x89PNG") for content in first.values())
    assert plots.draw(found, 0.6, None)["scores.png"] != first["scores.png"]


def test_posts_of_one_label_leave_out_what_they_cannot_show():
    found = plots.points(np.zeros(20, bool), np.linspace(0, 1, 20), np.arange(20))
    assert found["precision_recall"] == found["false_positives"] == []
    assert set(plots.draw(found, 0.6, None)) == {"calibration.png", "scores.png"}
