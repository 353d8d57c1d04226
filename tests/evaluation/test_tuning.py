"""Tuning: the best setting wins, on folds of what is learned from alone."""

from __future__ import annotations

import numpy as np
import pytest

from netral.evaluation.tuning import Grid, best, tuned
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
    tuned(Grid((1.0, 2.0), spy).fixed(2.0), frame, 0)(np.arange(60), np.arange(60, 120))
    assert [settings for *_, settings in spy.calls] == [(2.0,)]


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
