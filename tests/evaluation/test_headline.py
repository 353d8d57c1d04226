"""The headline is flat, and the release in use is compared only on posts that neither model has seen."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from netral.evaluation import headline
from netral.evaluation.metrics import Bootstrap
from netral.files import write_json
from netral.model.model import load
from netral.model.policy import Thresholds
from tests.building import bundled, write_release


def test_the_headline_holds_numbers_alone_and_leaves_out_what_is_missing(evaluated, unflagged):
    flat = evaluated[1]["evaluate"]["headline"]
    assert all(isinstance(value, (int, float)) for value in flat.values())
    assert flat["out_of_fold_roc_auc"] == evaluated[1]["evaluate"]["measured"][0]["metrics"]["roc_auc"]["value"]
    assert (flat["gates_passed"], flat["gates"], flat["challenge_without_gazetteer"]) == (6, 6, 7)
    assert "threshold_flag" in flat
    assert not any("flag" in name for name in unflagged[1]["evaluate"]["headline"])


def test_reminders_are_counted_at_both_thresholds_beside_what_is_found(evaluated, unflagged):
    (row,) = evaluated[1]["evaluate"]["reminders"]
    posts = {"out of fold": pd.DataFrame(
        {
            "label": ["neutral"] * 4 + ["partisan"] * 2,
            "voice": ["reminder", "reminder", "reminder", "own", "reminder", "own"],
            "probability": [0.1, 0.6, 0.9, 0.95, 0.9, 0.2],
        }
    )}  # fmt: skip
    assert headline.reminders(posts, Thresholds(0.5, 0.8)) == [
        {"part": "out of fold", "reminders": 3, "read": 2, "flagged": 1, "partisan": 2, "found": 1}
    ]
    assert headline.reminders({"test": posts["out of fold"].assign(voice="own")}, Thresholds(0.5, 0.8)) == []
    assert evaluated[1]["evaluate"]["headline"]["out_of_fold_reminders_flagged"] == row["flagged"]
    assert unflagged[1]["evaluate"]["reminders"][0]["flagged"] is None


@pytest.fixture
def models(tmp_path: Path, tiny_contents, tiny_posts) -> Path:
    """A folder with the tiny release in use."""
    folder = tmp_path / "models"
    version = write_release(folder / "aaaa", *tiny_contents, tiny_posts.text.tolist())
    (folder / "aaaa").rename(folder / version)
    (folder / "current").write_text(version)
    return folder


def held_out() -> pd.DataFrame:
    posts = bundled().iloc[1:200:2].reset_index(drop=True)
    return posts.assign(group=range(len(posts)))


def release(models: Path) -> Path:
    return models / (models / "current").read_text()


def test_posts_that_the_release_in_use_was_trained_on_are_left_out(models):
    test = held_out()
    seen = test.text.tolist()[:40]
    write_json(release(models) / "trained_on.json", sorted(map(headline.fingerprint, seen)))
    model = load(release(models))
    found = headline.against(model, test, models, Bootstrap(20))
    assert [row["model"] for row in found["rows"]] == ["candidate", release(models).name]
    assert {row["posts"] for row in found["rows"]} == {60}
    assert found["changed"] == 0  # the same model twice
    assert found["rows"][0]["metrics"] == found["rows"][1]["metrics"]
    both = test.assign(label=["neutral", "partisan"] * 50)
    assert headline.against(model, both, models, Bootstrap(20))["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    model.thresholds = type(model.thresholds)(0.0, None)
    assert headline.against(model, test, models, Bootstrap(20))["changed"] > 0


@pytest.mark.parametrize("case", ["none in use", "no list", "all seen", "no posts", "damaged"])
def test_a_comparison_that_cannot_be_made_says_why_and_names_a_release_that_jobs_could_go_on_with(models, tiny_model, case):
    test = held_out()
    hashes = sorted(map(headline.fingerprint, test.text))
    version = release(models).name
    says = {"none in use": "none is in use", "no list": "trained_on.json", "all seen": "every test post", "damaged": "arrays.npz"}
    says = says.get(case, "no test posts")
    if case == "none in use":
        (models / "current").unlink()
    if case != "no list" and case != "none in use":
        write_json(release(models) / "trained_on.json", hashes if case == "all seen" else [])
    if case == "damaged":
        (release(models) / "arrays.npz").write_bytes(b"")
    found = headline.against(tiny_model, test[:0] if case == "no posts" else test, models, Bootstrap(20))
    assert found.get("version") == (None if case in ("none in use", "damaged") else version)
    assert says in found["skipped"]
    assert str(models) not in found["skipped"]
