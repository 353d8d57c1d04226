"""Which posts train, calibrate and test, and in which fold a training post lies.

Near-duplicates are never torn apart, and with five or more named elections whole elections are kept for the test: an
unseen election is what a model meets in use. Everything follows from a seed, the names of elections and groups and their
sizes, not from the order of the posts: adding posts may change how many elections are drawn, not in which order they are.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netral.params import Split
from netral.text.hashing import mix

PARTS = ("train", "calibration", "test", "unused")
TRAIN, CALIBRATION, TEST, UNUSED = range(4)
#: Fewer named elections than this cannot spare a whole one.
ELECTIONS_TO_SPARE = 5
#: Elections that remain to train on where others are spared.
_TO_REMAIN = 3
#: Named elections from which folds can be elections: each is asked of a model of the other.
ELECTIONS_TO_FOLD = 2
#: Posts of other elections, of both labels, that must be left to learn from outside every such fold.
_LEARNABLE = 50
_MOST = 0.4  # an election that would make the test larger than this stays in training
_PLENTY = 1000  # groups from which a calibration part can be drawn by group


@dataclass(frozen=True)
class Posts:
    """What a split looks at; arrays of shape (n,).

    Attributes
    ----------
    partisan : bool array
    usable : bool array
        Labelled partisan or neutral, and not in conflict with a copy.
    synthetic : bool array
        Made by a program: never tested on.
    election : str array
        "" for none.
    group : int64 array
        Near-duplicate group.
    """

    partisan: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    synthetic: NDArray[np.bool_]
    election: NDArray[Any]
    group: NDArray[np.int64]


@dataclass(frozen=True)
class Parts:
    """A split.

    Attributes
    ----------
    part : int8 array of shape (n,)
        Position in :data:`PARTS`.
    fold : int32 array of shape (n,)
        Fold of a training post, -1 for the others.
    notes : dict
        ``protocol``, ``test_elections``, ``calibration_elections``, ``folds_by`` and ``skipped`` (what could not be done, and why).
    """

    part: NDArray[np.int8]
    fold: NDArray[np.int32]
    notes: dict[str, Any]


def split(posts: Posts, params: Split, seed: int) -> Parts:
    """Assign every post to a part and every training post to a fold."""
    part = np.where(posts.usable, TRAIN, UNUSED).astype(np.int8)
    skipped: list[str] = []
    named = len(_sizes(posts, part == TRAIN))
    tested: list[str] = []
    if named >= ELECTIONS_TO_SPARE:
        tested = _draw_elections(posts, part == TRAIN, params.test_share, seed)
    if tested:
        part = _move_elections(posts, part, tested, TEST)
    elif named < ELECTIONS_TO_SPARE:
        skipped.append(f"test on unseen elections: {named} named, {ELECTIONS_TO_SPARE} needed; the test has posts of known elections")
    else:
        skipped.append("test on unseen elections: no election is small enough to spare; the test has posts of known elections")
    part = _move_groups(posts, part, params.test_share, seed, TEST, only_unnamed=bool(tested))
    part, calibrated = _calibration(posts, part, params, seed, skipped)
    part[(part != TRAIN) & posts.synthetic] = UNUSED
    for number in (TRAIN, TEST):
        absent = [name for name, side in (("partisan", True), ("neutral", False)) if not (posts.partisan[part == number] == side).any()]
        skipped += [f"{PARTS[number]}: no {name} post; rates that need one are missing" for name in absent]
    fold, why_not = _folds(posts, part == TRAIN, params.folds, seed)
    if why_not:
        skipped.append(f"folds by election: {why_not}; folds are near-duplicate groups")
    notes = {
        "protocol": "elections" if tested else "groups",
        "test_elections": sorted(tested),
        "calibration_elections": sorted(calibrated),
        "folds_by": "group" if why_not else "election",
        "skipped": skipped,
    }
    return Parts(part, fold, notes)


def _calibration(posts: Posts, part: NDArray[np.int8], params: Split, seed: int, skipped: list[str]) -> tuple[NDArray[np.int8], list[str]]:
    """Take a calibration part from the training posts where there is plenty."""
    usable, groups = int(posts.usable.sum()), len(np.unique(posts.group[part == TRAIN]))
    if usable < params.calibration_from or groups < _PLENTY:
        reason = (
            f"{usable} posts, {params.calibration_from} needed"
            if usable < params.calibration_from
            else f"{groups} distinct texts, {_PLENTY} needed"
        )
        skipped.append(f"a calibration part of its own: {reason}; probabilities are calibrated on cross-fitted predictions")
        return part, []
    before, elections, named = part, list[str](), len(_sizes(posts, part == TRAIN))
    if named > _TO_REMAIN:
        elections = _draw_elections(posts, part == TRAIN, params.calibration_share, seed + 1)
        part = _move_elections(posts, part, elections, CALIBRATION)
    if named >= ELECTIONS_TO_FOLD and not elections:  # posts of known elections would promise nothing for the next
        skipped.append("a calibration part of its own: no election to spare; probabilities are calibrated on cross-fitted predictions")
        return before, []
    moved = _move_groups(posts, part, params.calibration_share, seed + 1, CALIBRATION, only_unnamed=bool(elections))
    if any(len(np.unique(posts.partisan[moved == number])) < 2 for number in (TRAIN, CALIBRATION)):
        skipped.append("a calibration part of its own: no draw has both labels in it and beside it; probabilities are cross-fitted")
        return before, []
    return moved, elections


def _draw_elections(posts: Posts, among: NDArray[np.bool_], share: float, seed: int) -> list[str]:
    """Draw elections in the order of a seeded hash until they hold ``share`` of the named posts and both labels."""
    sizes = _sizes(posts, among)
    total, drawn = sum(sizes.values()), list[str]()
    for election in sorted(sizes, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest()):
        held = among & np.isin(posts.election, drawn)
        enough = held.sum() >= share * total and len(np.unique(posts.partisan[held])) == 2
        if enough or len(sizes) - len(drawn) <= _TO_REMAIN:
            break
        if held.sum() + sizes[election] <= _MOST * total:
            drawn.append(election)
    return drawn


def _sizes(posts: Posts, among: NDArray[np.bool_]) -> dict[str, int]:
    """Count the posts of each named election."""
    names, counts = np.unique(posts.election[among].astype(str), return_counts=True)
    return {str(name): int(count) for name, count in zip(names, counts, strict=True) if name}


def _move_elections(posts: Posts, part: NDArray[np.int8], elections: list[str], to: int) -> NDArray[np.int8]:
    """Move whole elections; copies of their posts elsewhere are left unused, so that neither rule is broken."""
    moved = (part == TRAIN) & np.isin(posts.election, elections)
    copies = (part == TRAIN) & ~moved & np.isin(posts.group, posts.group[moved])
    return np.select([moved, copies], [to, UNUSED], part).astype(np.int8)


def _move_groups(posts: Posts, part: NDArray[np.int8], share: float, seed: int, to: int, *, only_unnamed: bool) -> NDArray[np.int8]:
    """Move ``share`` of the near-duplicate groups, drawn by a seeded hash; ``only_unnamed``: those without a named election."""
    open_ = part == TRAIN
    if only_unnamed:
        open_ &= ~np.isin(posts.group, posts.group[open_ & (posts.election != "")])
    rank = _uniform(posts.group, seed)
    moved = open_ & (rank < share)
    if not only_unnamed:
        for side in (True, False):  # in a small file the draw may miss a label: then its first group goes
            of_side = open_ & ~posts.synthetic & (posts.partisan == side)
            if not (moved & of_side).any() and len(np.unique(posts.group[of_side])) > 1:
                moved |= open_ & (posts.group == posts.group[of_side][np.argmin(rank[of_side])])
    return np.where(moved, to, part).astype(np.int8)


def _uniform(group: NDArray[np.int64], seed: int) -> NDArray[np.float64]:
    """Hash each group to a number in [0, 1)."""
    salt = np.frombuffer(hashlib.sha256(str(seed).encode()).digest()[:8], "<u8")[0]
    return (mix(group.astype(np.uint64) ^ salt) >> np.uint64(11)).astype(np.float64) / 2.0**53


def _folds(posts: Posts, train: NDArray[np.bool_], folds: int, seed: int) -> tuple[NDArray[np.int32], str]:
    """Return the fold of each training post, -1 for the others, and why folds are not elections; "" if they are."""
    fold = np.full(len(train), -1, np.int32)
    groups, owner = np.unique(posts.group[train], return_inverse=True)
    partisan = posts.partisan[train]
    rank = _uniform(groups, seed + 2)
    by_election, why_not = _by_election(posts, train, owner, rank, 2 * folds)
    if why_not:
        fold[train] = _deal(rank, np.bincount(owner, partisan) * 2 > np.bincount(owner), folds)[owner]
    else:
        fold[train] = by_election
    return fold, why_not


def _by_election(
    posts: Posts, train: NDArray[np.bool_], owner: NDArray[np.int64], rank: NDArray[np.float64], most: int
) -> tuple[NDArray[np.int32], str]:
    """Return the fold of each training post by election, or why they cannot be folds; ``owner`` is its place in the groups' ``rank``."""
    partisan, names = posts.partisan[train], sorted(_sizes(posts, train))
    if len(names) < ELECTIONS_TO_FOLD:
        return np.empty(0, np.int32), f"fewer than {ELECTIONS_TO_FOLD} named elections to train on"
    bins = _bins(posts.election[train], partisan, names, most)
    # A group lies where most of its named posts are; one without any goes by its hash.
    votes = np.zeros((len(rank), len(names)), np.int32)
    named = posts.election[train] != ""
    np.add.at(votes, (owner[named], np.searchsorted(names, posts.election[train][named].astype(str))), 1)
    home = bins[votes.argmax(axis=1)]
    found = np.where(votes.any(axis=1), home, (rank * (bins.max() + 1)).astype(np.int32))[owner]
    for k in range(bins.max() + 1):
        left = partisan[named & (found != k)]
        if not 0 < left.sum() < len(left):
            return found, "beside one of them there would be posts of one label only to learn from"
        if len(left) < _LEARNABLE:
            return found, f"beside one of them there would be {len(left)} posts of others to learn from, {_LEARNABLE} needed"
    return found, ""


def _deal(rank: NDArray[np.float64], partisan: NDArray[np.bool_], folds: int) -> NDArray[np.int32]:
    """Deal groups to folds in the order of their hash, each label on its own, so that every fold has both."""
    rarer = min(int(partisan.sum()), int((~partisan).sum()))
    order = np.lexsort((rank, partisan))
    dealt = np.empty(len(rank), np.int32)
    dealt[order] = np.arange(len(rank)) % max(2, min(folds, rarer))
    return dealt


def _bins(election: NDArray[Any], partisan: NDArray[np.bool_], names: list[str], most: int) -> NDArray[np.int32]:
    """Give each election of ``names`` a fold: one each, small ones merged, and those of one label with another."""
    counts = np.array([[np.sum((election == name) & (partisan == side)) for side in (False, True)] for name in names])
    folds = [[i] for i in range(len(names))]

    def size(members: list[int]) -> tuple[int, list[int]]:
        return int(counts[members].sum()), members

    while len(folds) > 2:
        folds.sort(key=size)
        poor = [members for members in folds if not counts[members].sum(axis=0).all()]
        if len(folds) <= most and not poor:
            break
        merged = poor[0] if poor else folds[0]
        folds.remove(merged)
        lacking = counts[merged].sum(axis=0) == 0
        partner = next((members for members in folds if counts[members].sum(axis=0)[lacking].all()), folds[0])
        partner.extend(merged)
    bins = np.empty(len(names), np.int32)
    for number, members in enumerate(sorted(folds, key=min)):
        bins[members] = number
    return bins
