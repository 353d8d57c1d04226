"""Thresholds: the promise of `flag` holds, `review` keeps the load, and too few posts flag nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from netral.evaluation import thresholds

PROMISE = {"alpha": 0.01, "confidence": 0.95, "load": 0.05}


def choose(neutral, partisan=(0.9,), groups=None, **promise):
    probability = np.array([*neutral, *partisan], float)
    labels = np.array([False] * len(neutral) + [True] * len(partisan))
    groups = np.arange(len(probability)) if groups is None else np.array([*groups, *range(-len(partisan), 0)])
    return thresholds.choose(probability, labels, groups, **{**PROMISE, **promise})


def test_the_bound_is_that_of_the_binomial_distribution():
    bound = thresholds.upper_bound(3, 500, 0.95)
    assert binom.cdf(3, 500, bound) == pytest.approx(0.05)
    assert thresholds.upper_bound(0, 0, 0.95) == thresholds.upper_bound(7, 7, 0.95) == 1.0


@pytest.mark.parametrize(("alpha", "confidence", "fewest"), [(0.01, 0.95, 299), (0.05, 0.95, 59), (0.01, 0.99, 459)])
def test_fewest_posts_without_an_error(alpha, confidence, fewest):
    assert thresholds.fewest_posts(alpha, confidence) == fewest
    assert thresholds.most_errors(fewest, alpha, confidence) == 0
    assert thresholds.most_errors(fewest - 1, alpha, confidence) == -1


def test_299_neutral_posts_allow_no_error_and_298_no_flag():
    scores = np.linspace(0, 0.7, 299)
    found, missing = choose(scores)
    assert found.flag is not None
    assert 0.7 < found.flag <= 0.700002
    assert missing == 0
    found, missing = choose(scores[1:])
    assert (found.flag, missing) == (None, 1)


def test_copies_of_a_post_are_one_observation():
    scores = np.repeat(np.linspace(0, 0.7, 200), 2)
    found, missing = choose(scores, groups=np.arange(400) // 2)
    assert (found.flag, missing) == (None, 99)
    # And a group counts by its highest score.
    assert sorted(thresholds.one_per_group(np.array([0.1, 0.9, 0.4]), np.array([5, 5, 6]))) == [0.4, 0.9]


def test_no_protected_post_is_flagged_whatever_the_bound_allows():
    found, _ = choose(np.linspace(0, 0.7, 1000))
    assert found.flag is not None
    assert found.flag < 0.7  # the bound allows four errors
    lifted = thresholds.spare(found, np.array([0.1, 0.85]))
    assert lifted.flag is not None
    assert 0.85 < lifted.flag <= 0.850002
    assert lifted.review == found.review
    assert thresholds.spare(found, np.array([0.1, 0.2])) == found
    assert thresholds.spare(found, np.array([])) == found
    assert thresholds.spare(found, np.array([1.0])).flag is None


def test_errors_beyond_what_the_bound_allows_lift_the_threshold():
    allowed = thresholds.most_errors(1000, 0.01, 0.95)
    assert allowed == 4
    found, _ = choose([*np.linspace(0, 0.5, 994), 0.91, 0.92, 0.93, 0.94, 0.95, 0.96])
    assert found.flag is not None
    assert 0.92 < found.flag < 0.93


@given(st.lists(st.floats(0, 1), min_size=59, max_size=120))
def test_flag_is_the_lowest_threshold_that_keeps_the_promise(scores):
    promise = {"alpha": 0.05, "confidence": 0.95}
    found, _ = choose(scores, load=0.5, **promise)
    ordered = np.array(scores)

    def kept(at: float) -> bool:
        return thresholds.upper_bound(int((ordered >= at).sum()), len(ordered), 0.95) <= 0.05

    if found.flag is None:
        assert not kept(1.0)
        return
    assert kept(found.flag)
    below = ordered[ordered < found.flag]
    assert len(below) == 0 or not kept(below.max())  # one post lower would break it


def test_flag_is_lifted_to_where_its_bound_holds_for_other_predictions_too():
    groups = np.arange(1000)
    promise = {"alpha": 0.01, "confidence": 0.95}
    found, _ = choose(np.linspace(0, 0.9, 1000))

    def held(scores, many=1000):
        return thresholds.hold_elsewhere(found, scores[:many], groups[:many], **promise)

    higher, missing = held(np.linspace(0, 0.99, 1000))
    assert (higher.review, missing) == (found.review, 0)
    assert higher.flag == choose(np.linspace(0, 0.99, 1000))[0].flag > found.flag
    assert held(np.linspace(0, 0.5, 1000)) == (found, 0), "it is never lowered"
    assert held(np.ones(1000), many=200) == (found, 99), "too few say nothing"
    assert held(np.ones(1000))[0].flag is None, "where no threshold keeps the bound nothing is flagged"


def test_review_reads_the_asked_share_of_neutral_posts_and_never_starts_above_flag():
    scores = np.linspace(0, 0.999, 1000)
    found, _ = choose(scores)
    assert (scores >= found.review).sum() == 50
    assert found.flag is not None
    assert found.review < found.flag
    tight, _ = choose(scores, load=0.001)
    assert tight.review == tight.flag


def test_neutral_posts_at_the_very_top_leave_nothing_to_flag_and_are_still_read():
    found, missing = choose(np.ones(400))
    assert (found.flag, found.review, missing) == (None, 1.0, 0)


def frame(neutral: int, partisan: int) -> pd.DataFrame:
    random = np.random.default_rng(1)
    scores = np.concatenate([random.uniform(0, 0.8, neutral), random.uniform(0.3, 1, partisan)])
    return pd.DataFrame(
        {
            "label": ["neutral"] * neutral + ["partisan"] * partisan,
            "probability": scores,
            "group": np.arange(neutral + partisan),
            "election": np.where(np.arange(neutral + partisan) % 3, "a", "b"),
            "genre": "tweet",
        }
    )


def described(posts: pd.DataFrame):
    partisan = (posts.label == "partisan").to_numpy()
    found, missing = thresholds.choose(posts.probability.to_numpy(), partisan, posts.group.to_numpy(), **PROMISE)
    return found, thresholds.report(posts, found, missing, **PROMISE)


def test_the_report_counts_slices_misses_precision_and_load():
    posts = frame(600, 200)
    found, report = described(posts)
    neutral, partisan = posts[posts.label == "neutral"].probability, posts[posts.label == "partisan"].probability
    assert report["pooled"]["flag"]["errors"] == (neutral >= found.flag).sum()
    assert report["pooled"]["flag"]["bound"] <= 0.01
    assert report["missed"] == {"partisan": 200, "below_review": (partisan < found.review).sum()}
    assert [(row["slice"], row["name"], row["neutral"]) for row in report["slices"]] == [
        ("election", "a", 400), ("election", "b", 200), ("genre", "tweet", 600),
    ]  # fmt: skip
    posts.loc[posts.election == "b", "election"] = ""
    assert [row["name"] for row in described(posts)[1]["slices"]] == ["no election", "a", "tweet"]
    posts.loc[posts.election == "", "election"] = "b"
    in_b = neutral[posts.election == "b"]
    assert report["slices"][1]["flag"]["errors"] == (in_b >= found.flag).sum()
    assert report["slices"][1]["flag"]["bound"] == thresholds.upper_bound(int((in_b >= found.flag).sum()), 200, 0.95)
    hit, wrong = (partisan >= found.flag).mean(), (neutral >= found.flag).mean()
    at = {row["prevalence"]: row for row in report["expected"]}
    assert list(at) == [0.005, 0.01, 0.05, 0.2]
    assert at[0.01]["flag"]["precision"] == pytest.approx(0.01 * hit / (0.01 * hit + 0.99 * wrong))
    assert at[0.01]["flag"]["precision_at_bound"] < at[0.01]["flag"]["precision"] < at[0.2]["flag"]["precision"]
    read = 0.05 * (partisan >= found.review).mean() + 0.95 * (neutral >= found.review).mean()
    assert at[0.05]["review"]["read_per_100000"] == round(100_000 * read)
    assert report["notes"] == []


def test_the_report_says_how_many_neutral_posts_are_missing():
    found, report = described(frame(100, 50))
    assert found.flag is None
    assert report["missing_neutral"] == 199
    assert "199 more are missing" in report["notes"][0]
    assert report["pooled"]["flag"] is None
    assert report["expected"][0]["flag"] is None
    assert report["expected"][0]["review"]["read_per_100000"] > 0
