"""What a split promises, for files of every shape."""

from __future__ import annotations

import numpy as np
import pytest

from netral.fit.split import CALIBRATION, TEST, TRAIN, UNUSED, Parts, Posts, split
from netral.params import Split

PARAMS = Split()
SEED = 5


def posts(n: int, elections: int, seed: int = 0, unnamed: float = 0.2, copies: float = 0.1) -> Posts:
    """Posts of ``elections`` elections of unequal size, some of none, some near-duplicates of others."""
    rng = np.random.default_rng(seed)
    weight = 1.0 / np.arange(1, elections + 1)
    named = rng.choice(elections, n, p=weight / weight.sum()) if elections else np.zeros(n, int)
    election = np.array([f"pilkada-{i}" for i in named], object)
    election[rng.random(n) < (unnamed if elections else 1)] = ""
    group = rng.permutation(np.arange(1, n + 1) * 7919)
    copied = rng.random(n) < copies
    group[copied] = rng.choice(group, copied.sum())
    return Posts(
        partisan=rng.random(n) < 0.4,
        usable=rng.random(n) < 0.95,
        synthetic=rng.random(n) < 0.05,
        election=election,
        group=group.astype(np.int64),
    )


def check_laws(given: Posts, found: Parts) -> None:
    """Check what holds whatever the file."""
    part, fold = found.part, found.fold
    assert ((part == UNUSED) | given.usable).all()
    assert ((fold >= 0) == (part == TRAIN)).all()
    for values, among in ((part, part != UNUSED), (fold, part == TRAIN)):
        homes = {(g, v) for g, v in zip(given.group[among], values[among], strict=True)}
        assert len(homes) == len({g for g, _ in homes}), "a near-duplicate group is torn"
    assert not given.synthetic[part == TEST].any()
    assert len(np.unique(given.partisan[part == TRAIN])) == 2
    assert len(np.unique(given.partisan[part == TEST])) == 2


@pytest.mark.parametrize("elections", [0, 1, 2, 3, 4, 5, 8, 40])
@pytest.mark.parametrize("n", [60, 2000])
def test_groups_are_whole_and_both_sides_are_everywhere(elections: int, n: int) -> None:
    given = posts(n, elections)
    found = split(given, PARAMS, SEED)
    check_laws(given, found)
    if n == 2000:
        assert 0.1 < (found.part == TEST).sum() / given.usable.sum() < 0.45
        for fold in range(found.fold.max() + 1):
            assert len(np.unique(given.partisan[found.fold == fold])) == 2


@pytest.mark.parametrize("elections", [5, 8, 40])
def test_test_elections_are_whole_and_seen_nowhere_else(elections: int) -> None:
    given = posts(2000, elections)
    found = split(given, PARAMS, SEED)
    tested = set(found.notes["test_elections"])
    assert found.notes["protocol"] == "elections"
    assert tested
    assert set(given.election[found.part == TEST]) - {""} == tested
    assert not set(given.election[found.part == TRAIN]) & tested
    whole = np.isin(given.election, list(tested)) & given.usable & ~given.synthetic
    assert (found.part[whole] == TEST).all()
    assert len({*given.election[found.part == TRAIN]} - {""}) >= 3


@pytest.mark.parametrize("elections", [0, 2, 4])
def test_fewer_than_five_elections_are_not_spared_and_the_report_says_so(elections: int) -> None:
    found = split(posts(2000, elections), PARAMS, SEED)
    assert found.notes["protocol"] == "groups"
    assert any(f"{elections} named, 5 needed" in line for line in found.notes["skipped"])
    assert (found.notes["folds_by"] == "election") == (elections >= 2)


def test_the_same_elections_are_tested_when_posts_are_added() -> None:
    few, many = posts(2000, 8), posts(2600, 8)
    assert split(few, PARAMS, SEED).notes["test_elections"] == split(many, PARAMS, SEED).notes["test_elections"]


def test_the_order_of_posts_makes_no_difference_and_the_seed_does() -> None:
    given = posts(1500, 8)
    found = split(given, PARAMS, SEED)
    order = np.random.default_rng(1).permutation(1500)
    shuffled = Posts(*(getattr(given, name)[order] for name in ("partisan", "usable", "synthetic", "election", "group")))
    again = split(shuffled, PARAMS, SEED)
    np.testing.assert_array_equal(again.part, found.part[order])
    np.testing.assert_array_equal(again.fold, found.fold[order])
    assert any(not np.array_equal(split(given, PARAMS, seed).part, found.part) for seed in range(3))


def test_folds_are_elections_small_ones_merged() -> None:
    given = posts(3000, 40, unnamed=0.0, copies=0.0)
    found = split(given, PARAMS, SEED)
    train = found.part == TRAIN
    assert found.fold.max() + 1 == 2 * PARAMS.folds
    homes = {(e, f) for e, f in zip(given.election[train], found.fold[train], strict=True)}
    assert len(homes) == len({e for e, _ in homes}), "an election lies in two folds"


def test_an_election_of_one_label_shares_a_fold() -> None:
    election = np.repeat(np.array(["a", "b", "c"], object), 100)
    partisan = np.where(election == "c", True, np.arange(300) % 2 == 0)
    every = np.ones(300, bool)
    found = split(Posts(partisan, every, ~every, election, np.arange(300) * 31), PARAMS, SEED)
    assert found.fold.max() == 1
    for fold in (0, 1):
        assert len(np.unique(partisan[found.fold == fold])) == 2


@pytest.mark.parametrize(
    ("sizes", "sides", "said"),
    [
        ((300, 300), ("both", "both"), ""),
        ((300, 300), ("partisan", "neutral"), "one label only"),
        ((300, 300), ("both", "neutral"), "one label only"),
        ((300, 30), ("both", "both"), "50 needed"),
        ((300, 0), ("both", "both"), "fewer than 2 named elections"),
    ],
)
def test_folds_are_elections_only_where_each_leaves_enough_to_learn_from(sizes, sides, said) -> None:
    election = np.repeat(np.array(["a", "b"], object), sizes)
    labels = {"both": lambda n: np.arange(n) % 2 == 0, "partisan": lambda n: np.ones(n, bool), "neutral": lambda n: np.zeros(n, bool)}
    partisan = np.concatenate([labels[side](n) for side, n in zip(sides, sizes, strict=True)])
    every = np.ones(len(election), bool)
    found = split(Posts(partisan, every, ~every, election, np.arange(len(election)) * 31), PARAMS, SEED)
    told = [line for line in found.notes["skipped"] if line.startswith("folds by election")]
    train = found.part == TRAIN
    if said:
        assert said in told[0]
        assert found.notes["folds_by"] == "group"
        return
    assert told == []
    assert found.notes["folds_by"] == "election"
    assert len({*zip(election[train], found.fold[train], strict=True)}) == 2


def test_calibration_has_a_part_of_its_own_only_where_there_is_plenty() -> None:
    given = posts(4000, 8)
    assert not (split(given, PARAMS, SEED).part == CALIBRATION).any()
    found = split(given, Split(calibration_from=3000), SEED)
    check_laws(given, found)
    calibrated = found.part == CALIBRATION
    assert calibrated.sum() > 0.05 * 4000
    assert not set(given.election[calibrated]) & set(given.election[found.part == TRAIN]) - {""}
    for elections in (2, 3):  # none to spare: posts of known elections would promise nothing for the next
        few = split(posts(4000, elections), Split(calibration_from=3000), SEED)
        assert not (few.part == CALIBRATION).any()
        assert few.notes["folds_by"] == "election"
        assert any("no election to spare" in line for line in few.notes["skipped"])
    one = split(posts(4000, 1), Split(calibration_from=3000), SEED)
    assert 0.08 < (one.part == CALIBRATION).mean() < 0.2


def test_a_calibration_part_of_one_label_is_not_taken() -> None:
    """Elections of the calibration part are drawn whole: here one of two hold all neutral posts that are left."""
    election = np.repeat(np.array(["a", "b", "c", "d"], object), 1000)
    partisan = np.ones(4000, bool)
    partisan[:20] = False
    every = np.ones(4000, bool)
    for seed in range(6):
        found = split(Posts(partisan, every, ~every, election, np.arange(4000) * 31), Split(calibration_from=3000), seed)
        for number in (TRAIN, CALIBRATION):
            assert len(np.unique(partisan[found.part == number])) in (0, 2)
        kept_apart = (found.part == CALIBRATION).any()
        assert kept_apart != any("no draw has both labels" in line for line in found.notes["skipped"])


def test_copies_of_test_posts_in_other_elections_are_left_out() -> None:
    election = np.repeat(np.array([f"e{i}" for i in range(6)], object), 50)
    group = np.tile(np.arange(50), 6) + np.repeat(np.arange(6), 50) * 1000
    group[::50] = 999_999  # one post that all six elections share
    every = np.ones(300, bool)
    found = split(Posts(np.arange(300) % 2 == 0, every, ~every, election, group), PARAMS, SEED)
    shared = found.part[group == 999_999]
    assert set(shared) == {TEST, UNUSED}
    assert (shared == TEST).sum() == len(found.notes["test_elections"])
