"""Drift: the numbers by hand, parts in any order, and no alarm where nothing can be said."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from netral.scoring.drift import MAX_PLATFORMS, MIN_ROWS, DriftCounter, build_profile, psi


def sample(count: int, seed: int, shift: float = 0.0, unknown: float = 0.2) -> dict:
    draw = np.random.default_rng(seed)
    items = draw.integers(1, 40, count)
    return {
        "probability": np.clip(draw.beta(2, 5, count) + shift, 0, 1),
        "items": items,
        "known": draw.binomial(items, 1 - unknown),
        "platforms": draw.choice(["twitter", "facebook", "tiktok"], count, p=[0.6, 0.3, 0.1]).tolist(),
    }


def counted(profile: dict, posts: dict) -> DriftCounter:
    counter = DriftCounter(profile)
    names, counts = np.unique(posts["platforms"], return_counts=True)
    counter.count(posts["probability"], posts["items"], posts["known"], dict(zip(names.tolist(), counts.tolist(), strict=True)))
    return counter


def test_psi_by_hand():
    assert psi([0.5, 0.5], [0.5, 0.5]) == 0
    assert psi([0.5, 0.5], [0.7, 0.3]) == pytest.approx(0.2 * math.log(0.7 / 0.5) + -0.2 * math.log(0.3 / 0.5))
    assert math.isfinite(psi([1.0, 0.0], [0.0, 1.0]))


def test_posts_like_those_of_the_profile_are_steady():
    profile = json.loads(json.dumps(build_profile(**sample(5000, 1))))
    report = counted(profile, sample(5000, 2)).report()
    assert report["level"] == "steady"
    assert {name for name, part in report.items() if isinstance(part, dict)} == {"score", "unknown", "length", "platforms"}
    assert report["unknown"]["share"] == pytest.approx(0.2, abs=0.01)
    assert report["platforms"]["share"]["twitter"] == pytest.approx(0.6, abs=0.03)


@pytest.mark.parametrize(
    ("change", "measure"),
    [
        ({"probability": sample(3000, 2, shift=0.3)["probability"]}, "score"),
        ({"known": np.zeros(3000, int)}, "unknown"),
        ({"items": np.full(3000, 90), "known": np.full(3000, 72)}, "length"),
        ({"platforms": ["forum"] * 3000}, "platforms"),
    ],
)
def test_each_measure_finds_its_own_change_alone(change, measure):
    report = counted(build_profile(**sample(5000, 1)), sample(3000, 2) | change).report()
    levels = {name: part["level"] for name, part in report.items() if isinstance(part, dict)}
    assert levels.pop(measure) == "alarm" == report["level"]
    assert set(levels.values()) == {"steady"}


def test_parts_add_up_in_any_order():
    profile = build_profile(**sample(5000, 1))
    parts = [counted(profile, sample(700, seed)) for seed in range(4)]
    whole = counted(profile, {name: np.concatenate([sample(700, seed)[name] for seed in range(4)]).tolist() for name in sample(1, 0)})
    backwards = DriftCounter(profile)
    for part in reversed(parts):
        backwards.add(json.loads(json.dumps(part.state())))
    assert backwards.state() == whole.state()
    assert backwards.report() == whole.report()


def test_too_few_posts_and_no_profile_are_said_and_alarm_nobody():
    profile = build_profile(**sample(5000, 1))
    assert counted(profile, sample(MIN_ROWS - 1, 2, shift=0.5)).report()["level"] == "too few rows"
    assert counted({}, sample(5000, 2, shift=0.5)).report()["level"] == "no profile"
    assert build_profile([], [], []) == {}


def test_a_profile_without_platforms_and_posts_without_platforms():
    bare = sample(5000, 1) | {"platforms": [None] * 5000}
    assert "platforms" not in build_profile(**bare)
    counter = DriftCounter(build_profile(**sample(5000, 1)))
    posts = sample(2000, 2)
    counter.count(posts["probability"], posts["items"], posts["known"])
    assert "platforms" not in counter.report()


def test_a_platform_is_one_in_any_capitals():
    """Labelled posts and those of a night come from other exports."""
    posts = sample(3000, 2)
    report = counted(build_profile(**sample(5000, 1)), posts | {"platforms": [name.title() for name in posts["platforms"]]}).report()
    assert report["platforms"]["level"] == "steady"


@pytest.mark.parametrize("unnamed", [0, MAX_PLATFORMS])
def test_a_platform_called_other_is_one_with_the_platforms_that_have_no_name(unnamed):
    names = ["x"] * 800 + ["other"] * 200 + [f"site{number}" for number in range(2 * unnamed)]
    posts = sample(len(names), 1) | {"platforms": names}
    profile = build_profile(**posts)
    report = counted(profile, posts).report()
    assert report["platforms"]["psi"] == pytest.approx(0, abs=1e-6)
    assert report["platforms"]["share"] == pytest.approx(report["platforms"]["expected"], abs=1e-5)
    assert report["level"] == "steady"
    moved = posts | {"platforms": ["y"] * 200 + names[200:]}
    assert counted(profile, moved).report()["platforms"]["share"]["other"] == pytest.approx(
        report["platforms"]["share"]["other"] + 200 / len(names), abs=1e-5
    )


def test_a_million_platform_names_take_no_memory():
    names = [f"site{number}" for number in range(3000)]
    profile = build_profile(**(sample(3000, 1) | {"platforms": names}))
    assert len(profile["platforms"]) == MAX_PLATFORMS
    counter = DriftCounter(profile)
    counter.count([0.5], [3], [2], dict.fromkeys(names, 1))
    assert len(counter.state()["platforms"]) == MAX_PLATFORMS + 1


def test_scores_of_one_value_have_one_bin():
    constant = sample(1000, 1) | {"probability": np.full(1000, 0.25)}
    report = counted(build_profile(**constant), constant).report()
    assert report["score"] == {"psi": 0.0, "level": "steady"}
