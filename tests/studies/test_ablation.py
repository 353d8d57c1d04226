"""The ablation: one thing changed at a time, and differences whose intervals are paired."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from netral.errors import InputError
from netral.evaluation import protocols
from netral.fit.elsewhere import Auxiliary
from netral.params import Family, Params
from netral.studies import ablation
from tests.building import bundled, train_params

PARAMS = Params(train=train_params(families=("words", "stems"), words=Family((1, 2), 3, 500), chars=Family((3, 3), 3, 500)))


@pytest.fixture(scope="module")
def frame():
    """Two elections, with every third post its own near-duplicate group of two."""
    posts = bundled()
    names = sorted(set(posts.election) - {"", "none"})[:2]
    posts = posts[posts.election.isin(names)][::2].reset_index(drop=True)
    return posts.assign(platform="x", posted_at="", group=np.arange(len(posts)) // 2)


def test_each_trial_changes_one_thing():
    found = ablation.trials(PARAMS.train, also=True, unlabelled=True)
    assert found[ablation.AS_SET] == ablation.Trial(PARAMS.train)
    assert len({repr(trial) for trial in found.values()}) == len(found)
    assert not any(
        trial.also or trial.names or trial.space for trial in ablation.trials(PARAMS.train, also=False, unlabelled=False).values()
    )


@pytest.mark.slow
def test_a_trial_is_compared_with_the_model_as_set_on_the_same_posts(frame, monkeypatch):
    monkeypatch.setattr(ablation, "_RESAMPLES", 20)
    monkeypatch.setattr(protocols, "_FOLDS", 2)
    rows = ablation.run(frame, PARAMS, None, Auxiliary())
    assert rows[0]["out"]["difference"] == rows[0]["in"]["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    by_name = {row["trial"]: row for row in rows}
    gap = by_name["characters alone"]["out"]["roc_auc"] - rows[0]["out"]["roc_auc"]
    assert by_name["characters alone"]["out"]["difference"]["value"] == pytest.approx(gap)
    assert set(rows[0]["out"]["by_election"]) == set(frame.election)
    assert "| characters alone |" in ablation.render(rows)


def test_one_election_has_no_row_out_of_election(frame, monkeypatch):
    monkeypatch.setattr(ablation, "_RESAMPLES", 5)
    monkeypatch.setattr(
        ablation, "trials", lambda train, *_: {ablation.AS_SET: ablation.Trial(dataclasses.replace(train, families=("words",)))}
    )
    (row,) = ablation.run(frame[frame.election == frame.election[0]].reset_index(drop=True), PARAMS, None, Auxiliary())
    assert "out" not in row
    assert "| – | – |" in ablation.render([row])


def test_of_many_elections_a_fifth_is_left_out_at_a_time(monkeypatch):
    monkeypatch.setattr(ablation, "EACH_UP_TO", 3)
    posts = bundled()
    names = sorted(set(posts.election) - {"", "none"})[:7]
    posts = posts[posts.election.isin([*names, ""])].reset_index(drop=True)
    posts = posts.assign(platform="x", posted_at="", group=np.arange(len(posts)))
    elections = ablation._elections(posts)
    splits = ablation._by_election(posts, elections)
    assert {*splits} == {*names}
    for election, ((_, inside, outside),) in splits.items():
        assert set(posts.election[outside]) == {election}
        assert election not in set(posts.election[inside])
        assert len(names) - 2 <= len(set(posts.election[inside]) - {""}) < len(names)
        assert (posts.election == "").sum() == (posts.election[inside] == "").sum(), "posts of none are always learned from"
    assert len({id(inside) for ((_, inside, _),) in splits.values()}) == 5
    assert {*ablation._within(posts, elections[: ablation.EACH_UP_TO], 0)} == {*elections[:3]}


def test_elections_of_one_label_are_nothing_to_ask(frame):
    with pytest.raises(InputError, match="no election has posts of both labels"):
        ablation.run(frame.assign(label="neutral"), PARAMS, None, Auxiliary())


def test_an_election_with_a_single_partisan_post_spoils_no_mean(frame, monkeypatch):
    monkeypatch.setattr(ablation, "_RESAMPLES", 5)
    monkeypatch.setattr(
        ablation, "trials", lambda train, *_: {ablation.AS_SET: ablation.Trial(dataclasses.replace(train, families=("words",)))}
    )
    first, second = sorted(set(frame.election))
    few = frame[(frame.election == first) | (frame.label == "neutral") | ~frame.duplicated(["election", "label"])].reset_index(drop=True)
    assert (few[few.election == second].label == "partisan").sum() == 1
    (row,) = ablation.run(few, PARAMS, None, Auxiliary())
    assert set(row["in"]["by_election"]) == {first}, "what learned from the only partisan post is asked about neutral ones alone"
    assert set(row["out"]["by_election"]) == {first, second}
    assert all(np.isfinite(row[where]["roc_auc"]) for where in ("in", "out"))
    (row,) = ablation.run(few[few.election == second].reset_index(drop=True), PARAMS, None, Auxiliary())
    assert ablation.render([row]).endswith("| – | – | – | – | – |")
