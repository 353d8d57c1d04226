"""The lines that a retrain ends with."""

from __future__ import annotations

from netral.evaluation import summary


def test_it_says_where_it_was_measured_what_is_found_and_what_is_read(evaluated, unflagged):
    _, found, _ = evaluated
    quality, challenge = summary.lines(found, {"skipped": ""}, {})
    area = found["evaluate"]["measured"][0]["metrics"]["roc_auc"]
    assert f"ROC AUC {area['value']:.3f} ({area['low']:.3f} to {area['high']:.3f}) on 700 posts (out of fold, 200 partisan)" in quality
    assert "of the neutral ones flagged, " in quality
    assert (
        challenge == "challenge  7 of 7 categories passed (85% of their cases), 7 with names known; 140 of 140 cases, 140 with names known"
    )
    assert "nothing flagged" in summary.lines(unflagged[1], {"skipped": ""}, {})[0]


def test_the_release_in_use_stands_beside_it(evaluated):
    _, found, _ = evaluated
    compared = {"version": "aaaa", "rows": [{"posts": 61, "partisan": 7}], "where": "test posts", "changed": 3, "difference": None}
    before = {"version": "aaaa", "headline": {"challenge_without_gazetteer": 5, "challenge_with_gazetteer": 6}}
    _, challenge, last = summary.lines(found, compared, before)
    assert challenge.endswith(" (aaaa, in use till now: 5 and 6 categories)")
    assert last == "compared   with aaaa on 61 test posts (7 partisan): they have one label only"
    before["headline"] |= {"challenge_without_gazetteer_cases": 90, "challenge_with_gazetteer_cases": 91}
    assert summary.lines(found, compared, before)[1].endswith(" (aaaa, in use till now: 5 and 6 categories, 90 and 91 cases)")
    difference = {"value": -0.02, "low": -0.05, "high": 0.01}
    last = summary.lines(found, compared | {"difference": difference}, {"version": "aaaa"})[-1]
    assert last.endswith(": ROC AUC -0.020 (-0.050 to +0.010); 3 are decided otherwise")
    assert summary.challenge({"gates": 6}) == {}
