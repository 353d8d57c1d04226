"""What speaks against a release becoming the one in use by itself."""

from __future__ import annotations

import pytest

from netral.evaluation import promotion

UNSEEN = {"test_elections": ["pilkada-a"], "folds_by": "election"}
PASSED = {"name_swap": {"status": "passed"}}
NEW = {"version": "new", "gates_failed": []}


def row(part, low, *, partisan=200, neutral=300, value=0.9):
    area = {"roc_auc": {"value": value, "low": low, "high": 0.99}} if partisan and neutral else {}
    counts = {"posts": partisan + neutral, "partisan": partisan, "neutral": neutral}
    return {"part": part, "slice": "all", **counts, "metrics": area}


GOOD = (row("out of fold", 0.8), row("test", 0.7))


def against(gates=PASSED, info=NEW, in_use=None, environment=None, measured=GOOD, flag=0.9, missing=0, split=UNSEEN):
    thresholds = {"flag": flag, "missing_neutral": missing, "pooled": {"neutral": 85}}
    found = {"gates": gates, "thresholds": thresholds, "evaluate": {"measured": measured}, "split": split}
    return promotion.against(found, info, in_use or {"skipped": "none"}, 0.01, environment or {})


def compared(value, low, high):
    difference = {"value": value, "low": low, "high": high}
    return {
        "version": "abc",
        "rows": [{"posts": 1200, "partisan": 7}],
        "where": "posts that neither learned from",
        "difference": difference,
    }


def test_nothing_speaks_against_passed_gates():
    assert against() == []


def test_gates_that_failed_are_told_from_those_that_were_not_tested():
    gates = {"official": {"status": "not tested"}, "name_swap": {"status": "failed"}, "pairs": {"status": "passed"}}
    assert against(gates) == ["gates not passed: name_swap, official (not tested)"]


def test_gates_that_failed_when_the_same_release_was_written_still_count():
    assert against(info={"gates_failed": ["pairs"]}) == ["gates not passed when it was written: pairs"]
    assert against({"pairs": {"status": "failed"}}, {"gates_failed": ["pairs"]}) == ["gates not passed: pairs"]


def test_gates_that_wait_for_neutral_posts_say_how_many():
    (said,) = against({"official": {"status": "not tested"}}, flag=None, missing=214)
    assert said == "gates not passed: official (not tested); nothing can be flagged: 85 neutral posts, 214 more are missing at least"


@pytest.mark.parametrize(
    ("measured", "kept_back"),
    [
        ([row("out of fold", 0.46), row("test", 0.075, partisan=7)], "out of fold"),  # a small test part says too little
        ([row("out of fold", 0.6), row("test", 0.075, partisan=7)], None),
        ([row("out of fold", 0.6), row("test", 0.5)], "test"),  # and a large one more than the posts that C was chosen on
        ([row("out of fold", 0.49), row("test", 0.6)], None),
        ([row("out of fold", 0.6), row("test", None, partisan=0, neutral=0)], None),
        ([row("out of fold", None)], "out of fold"),  # nothing to resample
    ],
)
def test_one_that_is_not_surely_better_than_chance_is_kept_back(measured, kept_back):
    found = against(measured=measured)
    assert [f"({kept_back})" in each and "not surely better than chance" in each for each in found] == [True] * bool(kept_back)


@pytest.mark.parametrize(
    ("folds_by", "decides"),
    [("election", "out of fold"), ("group", "test")],  # the next election is what counts, where it can be told
)
def test_test_posts_of_known_elections_decide_only_where_the_folds_are_no_elections(folds_by, decides):
    split = {"test_elections": [], "folds_by": folds_by}
    assert promotion.decisive({"evaluate": {"measured": GOOD}, "split": split})["part"] == decides
    measured = [row("out of fold", 0.4), row("test", 0.7)]
    assert bool(against(measured=measured, split=split)) == (decides == "out of fold")


@pytest.mark.parametrize(
    ("difference", "kept_back"),
    [
        ((-0.17, -0.25, -0.09), "(-0.250 to -0.090)"),
        ((-0.17, -0.4, 0.02), "(-0.400 to +0.020)"),  # few posts: their interval would never be narrow enough to object
        ((-0.17, None, None), "(no interval)"),
        ((-0.005, -0.008, -0.002), None),
        ((0.1, 0.05, 0.2), None),
    ],
)
def test_one_that_measures_worse_than_the_one_in_use_is_kept_back(difference, kept_back):
    where = "worse than abc, which is in use: on 1,200 posts that neither learned from (7 partisan), ROC AUC differs by -0.170"
    assert against(in_use=compared(*difference)) == ([f"{where} {kept_back}"] if kept_back else [])


def test_one_that_cannot_be_compared_with_the_one_in_use_is_kept_back():
    seen = {"version": "abc", "skipped": "it was trained on every test post"}
    assert against(in_use=seen) == ["cannot be compared with abc, which is in use: it was trained on every test post"]
    (said,) = against(in_use={**compared(0, 0, 0), "difference": None})
    assert said == "cannot be compared with abc, which is in use: the 1,200 posts that neither learned from have one label only"


def test_the_one_in_use_needs_no_comparison_with_itself_nor_any_with_one_that_cannot_be_loaded():
    assert against(in_use={"version": "new", "skipped": "no test posts"}) == []
    assert against(in_use={"skipped": "damaged"}) == []


def test_an_experiment_is_not_put_in_use():
    assert against(environment={"DVC_EXP_NAME": "wavy-lamp"}) == ["made by the experiment wavy-lamp"]


def test_the_state_says_why_and_what_to_do():
    assert promotion.state("new", "new", []) == "in use"
    assert "`netral model use` chose another" in promotion.state("new", "old", [])
    refused = promotion.state("new", None, ["gates not passed: pairs"])
    assert refused == 'not in use, none is (gates not passed: pairs); `netral model use new --force --reason "…"` decides otherwise'
    assert promotion.state("new", "old", ["worse than old"]).endswith("(worse than old); `netral model use new` decides otherwise")
