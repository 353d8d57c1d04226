"""What each part of the model is worth: change one thing, ask the same posts, compare with the model as it is set.

In each election that has both labels: trained on other elections (out), and on the rest of it (in, grouped folds). Of many
elections a fifth is left out at a time, and the largest alone are asked about from within.
Run: ``python -m netral.studies.ablation --posts FILE … [--also FILE] [--unlabelled FILE] [--out table.json]``
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import typer
from numpy.typing import NDArray

from netral.errors import InputError
from netral.evaluation import protocols
from netral.evaluation.metrics import roc_auc
from netral.evaluation.trial import AS_SET, Trial, TrialPosts
from netral.files import write_json
from netral.params import Params, Train
from netral.params import load as load_params
from netral.studies import command, compare
from netral.text.shape import QUOTE, TITLE

if TYPE_CHECKING:
    import pandas as pd

    from netral.fit.elsewhere import Auxiliary

#: Inverse strength of the penalty of the models that are compared; the stage `train` chooses its own.
C = 2.0
#: Up to so many elections each is left out on its own, and asked about from within.
EACH_UP_TO = 10
_FOLDS = 5
_RESAMPLES = 300
_HEAD = f"""Mean over elections, C = {C:g}; differences from the model as set with 95 % intervals (paired bootstrap by near-duplicate
group). Of more than {EACH_UP_TO} elections a fifth is left out at a time, and the {EACH_UP_TO} largest are asked about from within.
Without words there is no prior either. Optimistic wherever these posts helped to choose features or settings."""


def trials(train: Train, also: bool, unlabelled: bool) -> dict[str, Trial]:
    """Return the trials by name, the model as set first."""
    single = {family: replace(getattr(train, family), ngrams=(1, 1)) for family in ("words", "stems")}
    changes: dict[str, dict[str, Any]] = {
        AS_SET: {},
        "names kept": {"names": "keep"},
        "no stemming": {"stem": "none", "families": ("words",)},
        "stems, no surface forms": {"families": ("stems",)},
        "with characters": {"families": ("words", "stems", "chars")},
        "characters alone": {"families": ("chars",)},
        "no pairs": single,
        "terms in 10 posts or more": {family: replace(getattr(train, family), min_df=10) for family in ("words", "stems", "chars")},
        "no class weights": {"class_weight": "none"},
        "words weigh alike in all posts": {"interaction": ()},
        "otherwise where somebody is named": {"interaction": ("target",)},
        "otherwise where an election is spoken of": {"interaction": ("election",)},
        "gazetteers always known": {"bare": False},
        "no prior": {"prior": 0.0},
        "half the prior": {"prior": train.prior / 2},
        "no space of words": {"space": 0.0},
        "twice the space of words": {"space": 2 * train.space},
    }
    found = {name: Trial(replace(train, **change)) for name, change in changes.items()}
    if train.names == "drop":  # items are left out as names are
        found["no look of the whole post"] = Trial(train, without=frozenset({TITLE, QUOTE}))
    if unlabelled:
        found["names of unlabelled posts"] = Trial(train, names=True)
        found["names and space of these"] = Trial(train, names=True, space=True)
    if also:
        found["with the other posts"] = Trial(train, also=True)
    if also and unlabelled:
        found["with all of these"] = Trial(train, also=True, names=True, space=True)
    return found


def ask(posts: TrialPosts, splits: Mapping[str, protocols.Splits], trial: Trial) -> dict[str, NDArray[np.float64]]:
    """Return the scores of every election's posts, nan elsewhere."""
    scores = {election: np.full(len(posts.groups), np.nan) for election in splits}
    models: dict[int, list[protocols.Split]] = {}
    for election, parts in splits.items():
        for _, inside, outside in parts:
            models.setdefault(id(inside), []).append((election, inside, outside))
    for asked in models.values():  # elections that are left out together share one
        for (election, _, rows), found in zip(asked, posts.score(trial, asked[0][1], [rows for *_, rows in asked]), strict=True):
            scores[election][rows] = found
    return scores


def run(frame: pd.DataFrame, params: Params, also: pd.DataFrame | None, auxiliary: Auxiliary) -> list[dict[str, Any]]:
    """Measure every trial out of election and in it.

    Parameters
    ----------
    frame : DataFrame
        As :func:`netral.studies.compare.read` returns.
    params : Params
    also : DataFrame or None
        ``prepared``, ``bare`` and ``label`` of posts that some trials learn from beside.
    auxiliary : Auxiliary
        What unlabelled posts give to some trials.

    Raises
    ------
    InputError
        If no election has both labels.
    """
    posts = TrialPosts(frame, also, auxiliary, params.train, C)
    elections = _elections(frame)
    if not elections:
        raise InputError("no election has posts of both labels; name the election of each post")
    asked = {"out": _by_election(frame, elections), "in": _within(frame, elections[:EACH_UP_TO], params.seed)}
    rows: list[dict[str, Any]] = []
    base: dict[str, dict[str, NDArray[np.float64]]] = {}
    for name, trial in trials(params.train, also is not None, bool(auxiliary.names)).items():
        row: dict[str, Any] = {"trial": name}
        for where, splits in asked.items():
            if splits:
                scores = ask(posts, splits, trial)
                row[where] = _measure(posts, scores, base.setdefault(where, scores), params.seed)
        rows.append(row)
    return rows


def _elections(frame: pd.DataFrame) -> list[str]:
    """Return the elections that have posts of both labels, the largest first."""
    by_election = frame[frame.election != ""].groupby("election").label.agg(["size", "nunique"])
    return by_election[by_election["nunique"] == 2].sort_values("size", ascending=False, kind="stable").index.tolist()


def _by_election(frame: pd.DataFrame, elections: Sequence[str]) -> dict[str, protocols.Splits]:
    many = len(elections) > EACH_UP_TO
    left_out = frame.election.map({election: str(place % _FOLDS) for place, election in enumerate(elections)}) if many else frame.election
    found = protocols.elections(frame.assign(election=left_out.fillna("")))
    of = frame.election.to_numpy()
    return {
        election: ((election, inside, outside[of[outside] == election]),)
        for _, inside, outside in found.splits
        for election in elections
        if (of[outside] == election).any()
    }


def _within(frame: pd.DataFrame, elections: Sequence[str], seed: int) -> dict[str, protocols.Splits]:
    """Split each election on its own; those that can be asked about posts of one label only are left out, for they have no AUC."""
    found = {election: protocols.within(election, np.flatnonzero(frame.election == election), frame, seed).splits for election in elections}
    return {election: parts for election, parts in found.items() if frame.label[[i for *_, rows in parts for i in rows]].nunique() == 2}


def _measure(posts: TrialPosts, scores: Mapping[str, Any], base: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Mean ROC AUC and macro-F1 over elections, and the difference of the AUC from ``base`` with its interval."""
    from sklearn.metrics import f1_score

    partisan = posts.partisan[: len(posts.groups)]
    there = {election: np.flatnonzero(~np.isnan(each)) for election, each in scores.items()}
    f1 = [f1_score(partisan[rows], scores[election][rows] > 0, average="macro") for election, rows in there.items()]
    draws = []
    for resample in _resamples(posts.groups, list(there.values()), seed):
        pairs = zip(there, resample, strict=True)
        draws.append(np.mean([roc_auc(partisan[rows], scores[e][rows]) - roc_auc(partisan[rows], base[e][rows]) for e, rows in pairs]))
    by_election = {election: roc_auc(partisan[rows], scores[election][rows]) for election, rows in there.items()}
    against = np.mean([roc_auc(partisan[rows], base[election][rows]) for election, rows in there.items()])
    value = float(np.mean(list(by_election.values())))
    low, high = np.nanpercentile(draws, [2.5, 97.5])
    return {
        "roc_auc": value,
        "macro_f1": float(np.mean(f1)),
        "difference": {"value": value - float(against), "low": float(low), "high": float(high)},
        "by_election": by_election,
    }


def _resamples(groups: NDArray[np.integer], parts: Sequence[NDArray[np.int64]], seed: int) -> Iterator[list[NDArray[np.int64]]]:
    """Draw near-duplicate groups with replacement, in each election on its own."""
    draw = np.random.default_rng(seed)
    members = []
    for rows in parts:
        _, member = np.unique(groups[rows], return_inverse=True)
        order = np.argsort(member, kind="stable")
        members.append(np.split(rows[order], np.cumsum(np.bincount(member))[:-1]))
    for _ in range(_RESAMPLES):
        yield [np.concatenate([of[i] for i in draw.integers(0, len(of), len(of))]) for of in members]


def render(rows: Sequence[Mapping[str, Any]]) -> str:
    """Write the table in Markdown."""
    lines = [_HEAD, "", "| | AUC out of election | difference | AUC in it | difference | macro-F1 in it |", "|---|---|---|---|---|---|"]
    for row in rows:
        cells = [cell for where in ("out", "in") for cell in _cells(row.get(where))]
        lines.append(f"| {row['trial']} | {' | '.join(cells)} | {format(row['in']['macro_f1'], '.3f') if 'in' in row else '–'} |")
    return "\n".join(lines)


def _cells(found: Mapping[str, Any] | None) -> tuple[str, str]:
    if found is None:
        return "–", "–"
    difference = found["difference"]
    return f"{found['roc_auc']:.3f}", f"{difference['value']:+.3f} ({difference['low']:+.3f} to {difference['high']:+.3f})"


def main(
    posts: command.Labelled,
    more: command.More = None,
    also: command.Also = None,
    unlabelled: command.Unlabelled = None,
    elections: command.Elections = command.GAZETTEERS,
    params: command.Settings = command.PARAMS,
    out: command.Out = None,
) -> None:
    """Print what each part of the model is worth in and out of election."""
    from netral.fit import elsewhere

    with command.errors_in_one_line():
        settings = load_params(params)
        frame = compare.read([*posts, *(more or [])], elections, settings.clean.near_duplicate)
        others = elsewhere.labelled(also, elections, frame, settings.clean.near_duplicate).assign(group=-1) if also else None
        auxiliary = elsewhere.unlabelled(unlabelled, settings.train) if unlabelled else elsewhere.Auxiliary()
        rows = run(frame, settings, others, auxiliary)
        if out:
            write_json(out, rows)
    typer.echo(render(rows))


if __name__ == "__main__":
    typer.run(main)
