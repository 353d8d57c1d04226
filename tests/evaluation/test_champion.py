"""The release in use is compared only on posts that neither model has seen, and what keeps it from that is said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from netral.evaluation import champion
from netral.evaluation.metrics import Bootstrap
from netral.files import write_json
from netral.model.model import load
from netral.text.gazetteer import Gazetteer
from tests.building import bundled, write_release


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


def asked(model, posts, what="test posts", **named):
    return champion.Asked(what, posts.assign(probability=model.predict_proba(posts.text.tolist())), **named)


def compare(model, posts, models):
    return champion.compare(model.thresholds, [asked(model, posts)], models, Bootstrap(20))


def release(models: Path) -> Path:
    return models / (models / "current").read_text()


def test_posts_that_the_release_in_use_was_trained_on_are_left_out(models):
    test = held_out()
    seen = test.text.tolist()[:40]
    write_json(release(models) / "trained_on.json", sorted(map(champion.fingerprint, seen)))
    model = load(release(models))
    found = compare(model, test, models)
    assert [row["model"] for row in found["rows"]] == ["candidate", release(models).name]
    assert {row["posts"] for row in found["rows"]} == {60}
    assert found["changed"] == 0  # the same model twice
    assert found["rows"][0]["metrics"] == found["rows"][1]["metrics"]
    both = test.assign(label=["neutral", "partisan"] * 50)
    assert compare(model, both, models)["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    model.thresholds = type(model.thresholds)(0.0, None)
    assert compare(model, test, models)["changed"] > 0


@pytest.mark.parametrize("case", ["none in use", "no list", "all seen", "no posts", "damaged"])
def test_a_comparison_that_cannot_be_made_says_why_and_names_a_release_that_jobs_could_go_on_with(models, tiny_model, case):
    test = held_out()
    hashes = sorted(map(champion.fingerprint, test.text))
    version = release(models).name
    says = {"none in use": "none is in use", "no list": "trained_on.json", "all seen": "all test posts", "damaged": "arrays.npz"}
    says = says.get(case, "no test posts")
    if case == "none in use":
        (models / "current").unlink()
    if case != "no list" and case != "none in use":
        write_json(release(models) / "trained_on.json", hashes if case == "all seen" else [])
    if case == "damaged":
        (release(models) / "arrays.npz").write_bytes(b"")
    found = compare(tiny_model, test[:0] if case == "no posts" else test, models)
    assert found.get("version") == (None if case in ("none in use", "damaged") else version)
    assert says in found["skipped"]
    assert str(models) not in found["skipped"]


def test_out_of_fold_posts_come_first_and_both_see_their_election_with_its_names_replaced(models):
    test = held_out().assign(label=["neutral", "partisan"] * 50)
    first, second = test[:60].assign(election="pilkada-x"), test[60:].assign(election="pilkada-y")
    (release(models) / "trained_on.json").write_text("[]")
    model = load(release(models))
    names = Gazetteer("pilkada-x", candidates=("Warga", "Kita"))
    bare = asked(model, first, "out-of-fold posts", gazetteers={"pilkada-x": names}, unseen=True)
    found = champion.compare(model.thresholds, [bare, asked(model, second)], models, Bootstrap(20))
    assert (found["rows"][0]["posts"], found["where"]) == (60, "out-of-fold posts that neither learned from")
    assert found["names"] == "with the gazetteers of their elections"
    known = champion.Asked("out-of-fold posts", first.assign(probability=model.predict_proba(first.text.tolist(), names)), bare.gazetteers)
    same = champion.compare(model.thresholds, [known], models, Bootstrap(20))
    assert same["rows"][0]["metrics"] == same["rows"][1]["metrics"]
    assert found["rows"][0]["metrics"] != found["rows"][1]["metrics"], (
        "the candidate's are as given, those of the other with names replaced"
    )
    other = champion.Asked("test posts", known.posts.assign(election="pilkada-z"), bare.gazetteers)
    assert champion.compare(model.thresholds, [other], models, Bootstrap(20))["names"] == "no gazetteer"


@pytest.mark.parametrize(
    ("learned", "posts", "where"),
    [
        (1, 40, "test posts that neither learned from"),  # from then on it knows the election, and out of fold the candidate does not
        (0, 100, "out-of-fold posts that neither learned from"),
    ],
)
def test_out_of_fold_posts_of_an_election_that_the_release_in_use_knows_do_not_count(models, learned, posts, where):
    held = held_out().assign(label=["neutral", "partisan"] * 50, election="pilkada-x")
    test = held[:40].assign(text=[f"{text} {i}" for i, text in enumerate(held.text[:40])])
    write_json(release(models) / "trained_on.json", sorted(map(champion.fingerprint, held.text[:learned])))
    model = load(release(models))
    both = [asked(model, held, "out-of-fold posts", unseen=True), asked(model, test)]
    found = champion.compare(model.thresholds, both, models, Bootstrap(20))
    assert (found["rows"][0]["posts"], found["where"]) == (posts, where)


def test_a_few_posts_do_not_stand_for_many_and_near_duplicates_of_known_ones_are_known(models):
    held = held_out().assign(label=["neutral", "partisan"] * 50, election=[f"pilkada-{i % 20}" for i in range(100)])
    model = load(release(models))
    write_json(release(models) / "trained_on.json", sorted(map(champion.fingerprint, held.text[:19])))
    both = [asked(model, held[:20], "out-of-fold posts", unseen=True), asked(model, held[20:])]
    found = champion.compare(model.thresholds, both, models, Bootstrap(20))
    assert (found["rows"][0]["posts"], found["where"]) == (80, "test posts that neither learned from")
    twins = held.assign(group=[i // 2 for i in range(100)])
    assert compare(model, twins, models)["rows"][0]["posts"] == 80, "the twentieth is a twin of the nineteenth"
