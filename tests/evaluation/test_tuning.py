"""Tuning: the best setting wins, on folds of what is learned from alone."""

from __future__ import annotations

import numpy as np
import pytest

from netral.evaluation.tuning import Grid, best, calibrated, tuned
from tests.evaluation.test_protocols import posts


class Spy:
    """A system whose setting is how well it knows the labels; it remembers what it learned from and was asked."""

    def __init__(self, frame):
        self.partisan = (frame.label == "partisan").to_numpy()
        self.calls = []

    def __call__(self, inside, outside, settings):
        self.calls.append((set(inside.tolist()), set(outside.tolist()), tuple(settings)))
        noise = np.random.default_rng(0).normal(size=len(self.partisan))
        return [(good * self.partisan + noise)[outside] for good in settings]


def test_the_setting_is_chosen_without_what_is_asked_about():
    frame = posts(group=np.arange(120) // 2)
    spy = Spy(frame)
    score = tuned(Grid((0.0, 5.0, 1.0), spy), frame, seed=0)
    inside, outside = np.arange(80), np.arange(80, 120)
    score(inside, outside)
    *tried, last = spy.calls
    assert len(tried) == 3
    for learned, asked, settings in tried:
        assert settings == (0.0, 5.0, 1.0)
        assert (learned | asked) <= set(inside.tolist())
        assert not {i // 2 for i in learned} & {i // 2 for i in asked}, "near-duplicates stay together"
    assert last == (set(inside.tolist()), set(outside.tolist()), (5.0,))


def test_the_folds_are_elections_where_there_are_three():
    frame = posts()
    spy = Spy(frame)
    tuned(Grid((0.0, 1.0), spy), frame, seed=0)(np.arange(120), np.arange(3))
    assert [{frame.election[i] for i in asked} for _, asked, _ in spy.calls[:-1]] == [{"e0"}, {"e1"}, {"e2"}]


def test_some_posts_are_always_learned_from_and_never_asked():
    frame = posts()
    spy = Spy(frame)
    always = np.arange(100, 120)
    tuned(Grid((0.0, 1.0), spy), frame, 0, always)(np.arange(60), np.arange(60, 100))
    assert all(set(always.tolist()) <= learned and not set(always.tolist()) & asked for learned, asked, _ in spy.calls)


def test_one_setting_needs_no_choice():
    frame = posts()
    spy = Spy(frame)
    score = tuned(Grid((1.0, 2.0), spy).fixed(2.0, (3.0, -1.0)), frame, 0)
    scores = score(np.arange(60), np.arange(60, 120))
    assert [settings for *_, settings in spy.calls] == [(2.0,)]
    np.testing.assert_allclose(scores, 3.0 * spy(np.arange(60), np.arange(60, 120), (2.0,))[0] - 1.0)


def test_many_elections_share_folds():
    frame = posts(election=[f"e{i % 12}" for i in range(120)])
    spy = Spy(frame)
    tuned(Grid((0.0, 1.0), spy), frame, seed=0)(np.arange(120), np.arange(3))
    asked = [{frame.election[i] for i in rows} for _, rows, _ in spy.calls[:-1]]
    assert sorted(map(len, asked)) == [2, 2, 2, 3, 3]
    assert len(set().union(*asked)) == 12


def test_scores_become_log_odds_on_folds_of_what_is_learned_from():
    frame = posts()
    partisan = (frame.label == "partisan").to_numpy()
    middle = 40.0  # a system whose own middle is far from 0, and whose scores are too sure

    def scores(inside, outside, settings):
        return [(20.0 * partisan + np.random.default_rng(1).normal(0, 8, len(partisan)) + middle)[outside] for _ in settings]

    inside, outside = np.arange(60), np.arange(60, 120)
    found = tuned(Grid((None,), scores), frame, seed=0)(inside, outside)
    assert abs(((found > 0) == partisan[outside]).mean() - 0.9) < 0.09
    assert np.array_equal(np.argsort(found), np.argsort(scores(inside, outside, [None])[0])), "the order stays"


def test_scores_that_tell_nothing_stay_as_they_are():
    partisan = np.array([True, False, True, False])
    rows = np.arange(4)
    assert calibrated([np.array([0.0, 1.0, 0.1, 0.9])], [rows], partisan) == (1.0, 0.0), "against the order"
    assert calibrated([np.full(4, np.nan)], [rows], partisan) == (1.0, 0.0)
    assert calibrated([], [], partisan) == (1.0, 0.0)


def test_splits_of_one_label_say_nothing():
    frame = posts()
    spy = Spy(frame)
    even, odd = np.arange(0, 120, 2), np.arange(1, 120, 2)
    setting, scores = best(Grid((0.0, 5.0), spy), [(even, odd), (np.arange(60), np.arange(60, 120))], spy.partisan)
    assert setting == 5.0
    assert np.isnan(scores[0]).all()
    assert not np.isnan(scores[1]).any()
    assert best(Grid((0.0, 5.0), spy), [(even, odd)], spy.partisan)[0] == 0.0


def test_equal_settings_give_the_first():
    frame = posts()
    spy = Spy(frame)
    assert best(Grid((3.0, 3.00000001), spy), [(np.arange(60), np.arange(60, 120))], spy.partisan)[0] == pytest.approx(3.0)
