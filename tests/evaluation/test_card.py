"""The card says what a reader must know, in words that follow from the numbers."""

from __future__ import annotations

import copy

from netral.evaluation import card


def test_the_card_says_what_it_is_for_and_never_calls_a_post_a_finding(evaluated):
    info, found, _ = evaluated
    text = card.render(info, found)
    for said in (
        "for a person to review",
        "never a finding",
        "untuk ditinjau manusia",
        "CC BY-NC-SA",
        "posts are authored",
        "words weighed otherwise where somebody is named who can be voted for and where an election is spoken of",
        "All gates passed.",
    ):
        assert said in text
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "## Ringkasan", "## What it is for", "## What it is not for", "## Data", "## Metrics", "## Thresholds",
        "## Challenge and gates", "## Limits", "## How to read a result", "## Licences",
    ]  # fmt: skip


def test_the_card_says_where_words_weigh_otherwise(evaluated):
    info, found, _ = evaluated
    said = {}
    for contexts in ([], ["election"], ["election", "target"]):
        changed = {**found, "train": {**found["train"], "interaction": contexts}}
        said[len(contexts)] = card.render(info, changed)
    assert "weighed otherwise" not in said[0]
    assert "words weighed otherwise where an election is spoken of, calibrated" in said[1]
    assert "where an election is spoken of and where somebody is named" in said[2]


def test_numbers_stand_with_their_intervals_and_bounds(evaluated):
    info, found, _ = evaluated
    text = card.render(info, found)
    area = found["evaluate"]["measured"][0]["metrics"]["roc_auc"]
    assert f"{area['value']:.3f} ({area['low']:.3f}–{area['high']:.3f})" in text
    assert f"`flag` starts at {found['thresholds']['flag']:.4f}. With 95% confidence (Clopper-Pearson), at most 1.0% of neutral" in text
    missed = found["thresholds"]["missed"]
    assert f"Of 200 partisan posts, {missed['below_review']}" in text
    assert "pilkada-a" in text
    assert "| 0.5% |" in text
    for sentence in ("a calibration part of its own", "no neutral posts in platform tiktok", "time forward"):
        assert f"- {sentence}" in text


def test_reminders_stand_beside_what_is_found(evaluated):
    info, found, _ = evaluated
    (row,) = found["evaluate"]["reminders"]
    said = f"Of {row['reminders']} reminders to stay neutral (out of fold): {row['flagged']} flagged, {row['read']} at `review` or `flag`"
    assert said in card.render(info, found)
    assert f"{row['found']} of 200 partisan posts" in card.render(info, found)


def test_every_table_has_rows_as_wide_as_its_head(evaluated):
    lines = card.render(*evaluated[:2]).splitlines()
    width = 0
    for line in lines:
        if line.startswith("|"):
            width = width or line.count("|")
            assert line.count("|") == width, line
        else:
            width = 0


def test_rejected_rows_are_told(evaluated):
    info, found, _ = evaluated
    assert "700 of 703 rows accepted, 3 rejected (label 2, empty text 1). Kept for the test" in card.render(info, found)


def test_a_file_that_names_nothing_leaves_no_empty_table(evaluated):
    info, found, _ = evaluated
    found["evaluate"]["measured"] = [row for row in found["evaluate"]["measured"] if row["slice"] == "all"]
    found["thresholds"]["slices"] = []
    text = card.render(info, found)
    assert "name no elections or platforms that could be told apart." in text
    assert "By election and platform" not in text
    assert "The bound of a single slice" not in text


def test_too_few_neutral_posts_are_said_in_both_languages(unflagged):
    info, found, _ = unflagged
    text = card.render(info, found)
    assert "**Nothing is flagged: 100 neutral posts" in text
    assert "199 more are missing at least" in text
    assert "kurang sedikitnya 199 unggahan" in text
    assert "**not tested**: neutrality reminders: nothing is flagged at all" in text
    assert "**Gates not passed: name_swap (not tested), " in text


def test_posts_that_are_not_authored_are_not_called_so(evaluated):
    info, found, _ = evaluated
    changed = copy.deepcopy(found)
    changed["evaluate"]["sampling"].append({"name": "", "posts": 3})
    assert "authored" not in card.render(info, changed)


def test_the_release_in_use_is_compared_in_words(evaluated):
    info, found, _ = evaluated
    rows = [{**found["evaluate"]["measured"][0], "model": name} for name in ("candidate", "aaaa")]
    changed = copy.deepcopy(found)
    difference = {"value": -0.02, "low": -0.05, "high": 0.01}
    told = {"where": "test posts that neither learned from", "names": "no gazetteer", "changed": 12}
    changed["evaluate"]["in_use"] = [{"version": "aaaa", "rows": rows, **told, "difference": difference}]
    assert "Against the release in use (aaaa), on 700 test posts that neither learned from, no gazetteer:" in card.render(info, changed)
    assert "12 are decided otherwise" in card.render(info, changed)
    assert "ROC AUC differs by -0.020 (-0.050 to +0.010)" in card.render(info, changed)


def test_the_licence_is_that_of_the_stems_and_changes_since_the_commit_are_told(evaluated):
    info, found, _ = evaluated
    assert "model trained with\n`train.stem: sastrawi`" in card.render(info, found)
    without = card.render({**info, "commit": 40 * "a" + "-dirty"}, {**found, "train": {**found["train"], "stem": "none"}})
    assert "no word list of PySastrawi" in without
    assert "train with `train.stem: none`" not in without
    assert "commit aaaaaaaaaaaa with changes." in without


def test_what_was_learned_from_beside_them_is_told_by_its_file(evaluated):
    info, found, _ = evaluated
    assert "Beside them" not in card.render(info, found)
    beside = {"also": 24000, "neutral": 1586, "neutral_found": 2757}
    text = card.render(info, {**found, "train": {**found["train"], "beside": beside}})
    assert "from 24,000 other labelled posts (`train.also`) and 1,586 of 2,757 neutral ones (`train.neutral`), which" in text
