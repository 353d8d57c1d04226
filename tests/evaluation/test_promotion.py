"""What speaks against a release becoming the one in use by itself."""

from __future__ import annotations

import pytest

from netral.evaluation import promotion

PASSED = {"name_swap": {"status": "passed"}}


def against(gates=PASSED, info=None, in_use=None, environment=None):
    return promotion.against(gates, info or {"gates_failed": []}, in_use or {"skipped": "skipped: none"}, 0.01, environment or {})


def compared(value, low, high):
    return {"version": "abc", "rows": [{"posts": 1200}], "difference": {"value": value, "low": low, "high": high}}


def test_nothing_speaks_against_passed_gates():
    assert against() == []


def test_gates_that_failed_are_told_from_those_that_were_not_tested():
    gates = {"official": {"status": "not tested"}, "name_swap": {"status": "failed"}, "pairs": {"status": "passed"}}
    assert against(gates) == ["gates not passed: name_swap, official (not tested)"]


def test_gates_that_failed_when_the_same_release_was_written_still_count():
    assert against(info={"gates_failed": ["pairs"]}) == ["gates not passed when it was written: pairs"]
    assert against({"pairs": {"status": "failed"}}, {"gates_failed": ["pairs"]}) == ["gates not passed: pairs"]


@pytest.mark.parametrize(
    ("difference", "kept_back"),
    [((-0.17, -0.25, -0.09), True), ((-0.17, -0.4, 0.02), False), ((-0.005, -0.008, -0.002), False), ((0.1, 0.05, 0.2), False)],
)
def test_one_that_is_surely_worse_than_the_one_in_use_is_kept_back(difference, kept_back):
    found = against(in_use=compared(*difference))
    assert bool(found) is kept_back
    assert not found or "worse than abc, which is in use: on 1,200 posts" in found[0]


def test_posts_that_cannot_tell_keep_nothing_back():
    assert against(in_use={"version": "abc", "rows": [], "difference": None}) == []
    assert against(in_use=compared(-0.2, None, None)) == []


def test_an_experiment_is_not_put_in_use():
    assert against(environment={"DVC_EXP_NAME": "wavy-lamp"}) == ["made by the experiment wavy-lamp"]


def test_the_state_says_why_and_what_to_do():
    assert promotion.state("new", "new", []) == "in use"
    assert "`netral model use` chose another" in promotion.state("new", "old", [])
    assert promotion.state("new", None, ["gates not passed: pairs"]).startswith("not in use, none is (gates not passed: pairs)")
