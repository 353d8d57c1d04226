"""What each part of a release is worth: one thing left out at a time, on posts that nothing was learned from."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from netral.evaluation import metrics, parts, trial
from netral.evaluation.standing import Trained
from netral.fit import elsewhere
from netral.fit.elsewhere import Auxiliary
from netral.params import Evaluate, Family, Params
from tests.building import bundled, train_params

PARAMS = Params(train=train_params(families=("words", "stems"), words=Family((1, 2), 3, 500)))
NOTHING = pd.DataFrame({"text": [], "prepared": [], "bare": [], "label": []}, dtype=object)


@pytest.fixture(scope="module")
def posts():
    posts = bundled()
    return posts.assign(group=np.arange(len(posts)))


def trained(posts, beside=NOTHING):
    return Trained(posts, beside, Auxiliary(), PARAMS.train, (2.0, 0.1))


def test_each_trial_leaves_one_thing_out():
    train = dataclasses.replace(PARAMS.train, families=("words", "stems", "chars"), prior=1.0, space=0.1, names="drop")
    found = parts.trials(train, elsewhere.bundled(train), beside=True)
    assert len({repr(trial) for trial in found.values()}) == len(found)
    assert next(iter(found)) == trial.AS_SET
    assert {"stems", "characters", "prior", "space of words", "dropping names", "posts from elsewhere"} < {*found}
    bare = dataclasses.replace(PARAMS.train, families=("words",), interaction=(), prior=0.0, space=0.0, names="keep")
    assert [*parts.trials(bare, elsewhere.bundled(bare), beside=False)] == [trial.AS_SET, "pairs of words"]
    alone = dataclasses.replace(train, families=("chars",), interaction=())
    assert [*parts.trials(alone, Auxiliary(), beside=False)] == [trial.AS_SET, "dropping names", "look of the whole post"]


def test_what_is_there_twice_is_worth_nothing_and_what_the_test_asks_for_is_worth_much(posts):
    half = len(posts) // 2
    train, test = posts[:half].reset_index(drop=True), posts[half:].reset_index(drop=True)
    params = dataclasses.replace(PARAMS, train=dataclasses.replace(PARAMS.train, prior=0.0, space=0.0, interaction=()))
    found = parts.run(trained(train), test, metrics.Bootstrap(20), params)
    assert found["skipped"] == ""
    worth = {row["part"]: row["difference"] for row in found["rows"]}
    assert trial.AS_SET not in worth
    assert all(each["low"] <= each["value"] <= each["high"] for each in worth.values())
    # Learned from elsewhere: the very posts that are asked about.
    taught = parts.run(trained(train, test[["text", "prepared", "label"]].assign(bare="")), test, metrics.Bootstrap(20), params)
    gone = {row["part"]: row["difference"] for row in taught["rows"]}["posts from elsewhere"]
    assert gone["high"] < 0


def test_why_nothing_is_measured_is_said(posts):
    one = posts[posts.label == "neutral"]
    assert "do not have both labels" in parts.run(trained(posts), one, metrics.Bootstrap(0), PARAMS)["skipped"]
    few = dataclasses.replace(PARAMS, evaluate=Evaluate(compare_up_to=10))
    assert "more than 10 posts" in parts.run(trained(posts), posts, metrics.Bootstrap(0), few)["skipped"]
