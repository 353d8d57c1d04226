"""In the flow: netral by its out-of-fold scores on the folds of training, and every other protocol beside them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from sklearn.metrics import roc_auc_score

from netral.evaluation import protocols, standing
from netral.evaluation.metrics import Bootstrap
from netral.fit.elsewhere import Auxiliary
from netral.params import Evaluate, Params, Train
from tests.evaluation.test_protocols import posts

PARAMS = Params(train=Train(C=(0.3, 1.0)))
NOTHING = pd.DataFrame({"text": [], "prepared": [], "label": [], "source": []}, dtype=object)
OPPOSITE = {"partisan": "neutral", "neutral": "partisan"}


@pytest.fixture
def train():
    return posts().assign(fold=np.arange(120) % 3)


@pytest.fixture
def held(train):
    return pd.DataFrame({"id": train.id, "score": np.where(train.label == "partisan", 1.0, -1.0) * (np.arange(120) % 5 - 0.5)})


def stand(train, held, beside=NOTHING, params=PARAMS, sigmoid=(2.0, 0.1)):
    return standing.stand(trained(train, beside, sigmoid), held.sample(frac=1, random_state=0), Bootstrap(20), params)


def trained(train, beside=NOTHING, sigmoid=(1.0, 0.0)):
    return standing.Trained(train, beside, Auxiliary(), Train(families=("words",), C=(1.0,)), sigmoid)


def test_every_protocol_has_every_system(train, held):
    found = stand(train, held)
    names = [protocols.ELECTIONS, protocols.TIME, protocols.PLATFORMS, protocols.RANDOM]
    assert list(dict.fromkeys(row["protocol"] for row in found["rows"])) == names
    by_protocol = [[row["system"] for row in found["rows"] if row["protocol"] == name] for name in names]
    assert all(systems == by_protocol[0] for systems in by_protocol)
    assert by_protocol[0][:2] == ["netral", "majority"]
    netral = found["rows"][0]
    assert [split["name"] for split in netral["by_split"]] == ["e0", "e1", "e2"]
    assert netral["metrics"]["roc_auc"]["value"] == pytest.approx(roc_auc_score(train.label == "partisan", held.score))


def test_what_the_file_cannot_give_is_named(train, held):
    found = stand(train.assign(posted_at="", platform="x"), held)
    assert "time forward: the file has no posted_at" in found["skipped"]
    assert "leave one platform out: one value only" in found["skipped"]


def unseen_platforms(of, params=PARAMS):
    return standing.unseen(of, params)["unseen_platforms"]


def test_neutral_posts_of_each_platform_are_asked_of_a_model_that_learned_nothing_from_it(train):
    params = dataclasses.replace(PARAMS, train=Train(families=("words",)))
    neutral = train[train.label == "neutral"]
    found = unseen_platforms(trained(train), params)
    assert found.skipped == ""
    assert found.group.tolist() == neutral.group.tolist()
    assert ((found.probability > 0) & (found.probability < 1)).all()
    twice = unseen_platforms(trained(train, sigmoid=(2.0, 0.0)), params)
    np.testing.assert_allclose(logit(twice.probability), 2 * logit(found.probability))
    # What one platform's posts say has no part in what is made of them: with their labels turned, the others alone are misled.
    first = train.platform[0]
    turned = train.assign(label=np.where(train.platform == first, train.label.map(OPPOSITE), train.label))
    misled = unseen_platforms(trained(turned), params)
    there = (neutral.platform != first).to_numpy()
    assert misled.probability[turned[turned.label == "neutral"].platform != first].mean() > found.probability[there].mean() + 0.1


def test_one_platform_or_many_posts_leave_the_bound_as_it_is(train):
    found = unseen_platforms(trained(train.assign(platform="x")))
    assert (len(found.probability), found.skipped) == (0, "leave one platform out: one value only")
    few = dataclasses.replace(PARAMS, evaluate=Evaluate(compare_up_to=100))
    found = unseen_platforms(trained(train), few)
    assert (len(found.probability), found.skipped) == (0, "more than 100 posts (evaluate.compare_up_to)")
    unasked = dataclasses.replace(PARAMS, evaluate=Evaluate(unseen_platforms=False))
    found = unseen_platforms(trained(train), unasked)
    assert (len(found.probability), found.skipped) == (0, "")


def test_posts_of_train_neutral_are_asked_of_a_model_that_learned_from_none_of_them(train):
    def asked(**columns):
        beside = train[["text", "prepared"]].assign(label="neutral", **columns)
        return standing.unseen(trained(train, beside), PARAMS)["unseen_neutral"]

    found = asked(source="neutral")
    assert len(found.probability) == len(set(found.group)) == len(train)
    partisan = (train.label == "partisan").to_numpy()
    assert found.probability[partisan].min() > found.probability[~partisan].max(), "learned from, all would be neutral"
    assert len(standing.unseen(trained(train), PARAMS)["unseen_neutral"].probability) == 0
    assert len(asked(source="also").probability) == 0
    first = asked(source=["neutral"] + ["also"] * (len(train) - 1))
    assert first.probability[0] < found.probability[0], "other posts from elsewhere are learned from"


def test_of_many_posts_the_folds_of_training_alone_are_compared(train, held):
    found = stand(train, held, params=dataclasses.replace(PARAMS, evaluate=Evaluate(compare_up_to=100)))
    assert {row["protocol"] for row in found["rows"]} == {protocols.ELECTIONS}
    assert sum("more than 100 posts" in sentence for sentence in found["skipped"]) == 3


def test_folds_of_several_whole_elections_are_elections_and_mixed_ones_are_not(train, held):
    several = stand(train.assign(election=[f"e{i % 6}" for i in range(120)]), held)
    assert several["rows"][0]["protocol"] == protocols.ELECTIONS
    assert several["rows"][0]["by_split"][0]["name"] == "e0, e3"
    mixed = trained(train.assign(fold=np.arange(120) // 40))
    mixed = standing.stand(dataclasses.replace(mixed, folds_by="group"), held, Bootstrap(20), PARAMS)
    assert mixed["rows"][0]["protocol"] == protocols.RANDOM


def test_a_post_that_stands_in_two_elections_leaves_their_folds_elections(train, held):
    moved = train.assign(fold=np.where(train.id == "p0", 1, train.fold))  # its group lies with another election's
    found = stand(moved, held)
    names = [row["protocol"] for row in found["rows"] if row["system"] == "netral"]
    assert names == [protocols.ELECTIONS, protocols.TIME, protocols.PLATFORMS, protocols.RANDOM]
    assert [split["name"] for split in found["rows"][0]["by_split"]] == ["e0", "e1", "e2"]


def test_without_out_of_fold_scores_netral_is_missing_on_the_folds_of_training(train, held):
    found = stand(train, held.assign(id="other"))
    assert found["rows"][0]["system"] == "majority"
    assert any("calibrated on posts kept apart" in sentence for sentence in found["skipped"])


@pytest.mark.parametrize("there", [True, False])
def test_netral_keeps_the_sigmoid_of_training(train, held, there):
    """Also where posts kept apart gave it, so that there are no out-of-fold scores here."""
    held = held if there else held.assign(id="other")
    half, double = (stand(train, held, sigmoid=(slope, 0.0)) for slope in (0.5, 2.0))

    def brier(found):
        rows = [row for row in found["rows"] if row["system"] == "netral" and row["protocol"] == protocols.PLATFORMS]
        return [row["metrics"]["brier"]["value"] for row in rows]

    assert len(brier(half)) == 1
    assert brier(half) != brier(double)


def test_posts_from_elsewhere_are_learned_from_by_every_system_and_asked_by_none(train, held):
    turned = train[["text", "prepared"]].assign(label=train.label.map(OPPOSITE), source="also")
    misled = {(row["protocol"], row["system"]): row for row in stand(train, held, pd.concat([turned] * 3))["rows"]}
    right = {(row["protocol"], row["system"]): row for row in stand(train, held)["rows"]}
    assert {row["posts"] for row in misled.values()} == {row["posts"] for row in right.values()}
    for key, row in misled.items():
        if key[1] == "tutorial, balanced, without posts from elsewhere":
            assert row["mean_roc_auc"] == right[key[0], "tutorial, balanced"]["mean_roc_auc"]
        elif key[1] != "majority" and key != (protocols.ELECTIONS, "netral"):
            assert row["mean_roc_auc"] < right[key]["mean_roc_auc"] - 0.2, key
