"""The release in use, beside which a new one is put, on posts that neither has learned from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from netral.errors import InputError, ModelError
from netral.evaluation import metrics
from netral.evaluation.promotion import ENOUGH
from netral.files import read_json
from netral.model import releases
from netral.model.model import Model, load
from netral.model.policy import Thresholds
from netral.text.gazetteer import Gazetteer

if TYPE_CHECKING:
    import pandas as pd

#: How many of a text's SHA-256 digits a release keeps of each post that it was trained on.
DIGITS = 16


@dataclass(frozen=True)
class Asked:
    """Posts that the candidate did not learn from.

    Attributes
    ----------
    what : str
        What they are, such as "test posts".
    posts : DataFrame
        ``text`` (clean), ``label``, ``group``, ``election`` and ``probability``, by the candidate.
    gazetteers : mapping of str to Gazetteer
        By election: names that the candidate did not see.
    unseen : bool
        Whether the candidate was asked about each election without having learned from it. Then only elections count that the
        release in use has not learned from either.
    """

    what: str
    posts: pd.DataFrame
    gazetteers: Mapping[str, Gazetteer] = field(default_factory=dict)
    unseen: bool = False

    def new(self, seen: Collection[str]) -> Asked:
        """Leave out what is known by its fingerprint: these posts, their near-duplicates, and where ``unseen`` their elections."""
        known = np.array([fingerprint(text) in seen for text in self.posts.text], bool)
        out = self.posts.group.isin(self.posts.group[known])
        if self.unseen:
            out |= self.posts.election.isin({"", *self.posts.election[known]})
        return replace(self, posts=self.posts[~out])

    @property
    def enough(self) -> bool:
        """Whether there are posts enough of either label to decide."""
        partisan = (self.posts.label == "partisan").sum()
        return min(partisan, len(self.posts) - partisan) >= ENOUGH


def compare(thresholds: Thresholds, asked: Sequence[Asked], models: Path, bootstrap: metrics.Bootstrap) -> dict[str, Any]:
    """Compare the candidate with the release in use, on posts that neither learned from.

    Parameters
    ----------
    thresholds : Thresholds
        Of the candidate.
    asked : sequence of Asked
        The first of them is taken that holds enough posts which the release in use did not learn from, else the one with most.
    models : Path
        Folder of the releases.

    Returns
    -------
    dict
        ``version``, ``rows`` (candidate, in use), ``where`` (what the posts are), ``names`` (which were replaced), ``difference`` (of
        their ROC AUC; :func:`netral.evaluation.metrics.auc_difference`) and ``changed`` (posts by decision of either), or ``skipped``
        (why they were not compared). ``version`` stands beside this only where jobs can run with the release in use: one that cannot
        be loaded stands in nobody's way.
    """
    try:
        version = releases.current_version(models)
        if version is None:
            return {"skipped": "none is in use"}
        folder = releases.find(models, version)
        champion = load(folder)
    except ModelError as error:
        return {"skipped": str(error).replace(f"{models}/", "")}  # the card is handed on, and a path tells of its maker's machine
    try:
        seen = set(read_json(folder / "trained_on.json"))
    except InputError:
        return {"version": version, "skipped": "its trained_on.json, which tells what posts it learned from, cannot be read"}
    new = [each.new(seen) for each in asked]
    if not any(len(each.posts) for each in new):
        several = " and ".join(each.what for each in asked if len(each.posts))
        return {"version": version, "skipped": f"it was trained on all {several}" if several else f"there are no {asked[-1].what}"}
    chosen = next((each for each in new if each.enough), None) or max(new, key=lambda each: len(each.posts))
    return {"version": version, **_beside(version, champion, thresholds, chosen, bootstrap)}


def _beside(version: str, champion: Model, thresholds: Thresholds, asked: Asked, bootstrap: metrics.Bootstrap) -> dict[str, Any]:
    posts = asked.posts
    partisan, groups = (posts.label == "partisan").to_numpy(), posts.group.to_numpy()
    mine, theirs = posts.probability.to_numpy(np.float64), np.empty(len(posts))
    for election, rows in posts.groupby("election", dropna=False).indices.items():
        theirs[rows] = champion.predict_proba(posts.text.iloc[rows].tolist(), asked.gazetteers.get(election))
    where = f"{asked.what} that neither learned from"
    decisions, rows = [], []
    for name, probability, at in (("candidate", mine, thresholds), (version, theirs, champion.thresholds)):
        decisions.append(at.decide(probability, np.ones(len(posts), np.int64)))
        rows.append({"model": name, **metrics.measure(partisan, probability, groups, at, bootstrap, f"{len(posts)} {where}")})
    return {
        "rows": rows,
        "where": where,
        "names": "with the gazetteers of their elections" if {*posts.election} & asked.gazetteers.keys() else "no gazetteer",
        "difference": metrics.auc_difference(partisan, mine, theirs, groups, bootstrap),
        "changed": int(np.count_nonzero(decisions[0] != decisions[1])),
    }


def fingerprint(text: str) -> str:
    """Return what a release keeps of a training post: the first digits of the SHA-256 of its clean text."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:DIGITS]
