"""The headline is flat; reminders are counted."""

from __future__ import annotations

import pandas as pd

from netral.evaluation import headline
from netral.model.policy import Thresholds


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
