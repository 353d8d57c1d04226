"""Two thresholds make three decisions; a post that the model knows nothing of is never flagged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral.model.policy import DECISIONS, Thresholds

SHARES = st.floats(0, 1)


def decide(thresholds: Thresholds, probability: list[float], known: list[int]) -> list[str]:
    return [DECISIONS[code] for code in thresholds.decide(np.array(probability), np.array(known))]


@pytest.mark.parametrize(
    ("probability", "decision"),
    [(0.0, "clear"), (0.4999999, "clear"), (0.5, "review"), (0.8999999, "review"), (0.9, "flag"), (1.0, "flag")],
)
def test_a_threshold_belongs_to_the_decision_that_it_opens(probability, decision):
    assert decide(Thresholds(0.5, 0.9), [probability], [3]) == [decision]


def test_without_a_known_term_a_post_is_at_most_reviewed():
    assert decide(Thresholds(0.5, 0.9), [0.99, 0.99], [0, 1]) == ["review", "flag"]


def test_without_a_flag_threshold_nothing_is_flagged():
    assert decide(Thresholds(0.5, None), [0.1, 1.0], [5, 5]) == ["clear", "review"]


def test_with_both_thresholds_at_one_place_there_is_no_review_but_for_unknown_posts():
    assert decide(Thresholds(0.7, 0.7), [0.69, 0.7, 0.7], [1, 1, 0]) == ["clear", "flag", "review"]


@given(review=SHARES, gap=SHARES, one=SHARES, other=SHARES, known=st.integers(0, 3))
def test_a_higher_probability_never_gives_a_milder_decision(review, gap, one, other, known):
    thresholds = Thresholds(review, review + gap)
    low, high = sorted((one, other))
    codes = thresholds.decide(np.array([low, high]), np.array([known, known]))
    assert codes.dtype == np.int8
    assert codes[0] <= codes[1]
