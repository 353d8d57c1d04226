"""Compare netral with what a team would otherwise use, under every protocol that the posts can give.

Run: ``python -m netral.studies.compare --posts FILE … [--elections FOLDER] [--also FILE] [--unlabelled FILE] [--out table.json]``
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netral import schema
from netral.errors import InputError
from netral.evaluation.metrics import written
from netral.files import write_json
from netral.params import Params
from netral.params import load as load_params
from netral.studies import command

if TYPE_CHECKING:
    import pandas as pd

_WITH_INTERVALS = ("roc_auc", "macro_f1")
_COLUMNS = ("mean AUC", "mean macro-F1", "FPR", "recall", "recall flag", "recall review+")
_POINTS = ("fpr_at_half", "recall_at_half", "recall_flag", "recall_review")
_HEAD = """Optimistic wherever these posts helped to choose features or settings. ROC AUC and macro-F1: all posts asked about, with 95 %
intervals by near-duplicate group (--out has those of every figure); mean AUC and macro-F1: over the splits whose posts have both
labels; macro-F1, FPR and recall at a probability of 0.5; recall flag, recall review+: at thresholds chosen by the same rule for all,
on the posts asked about. All have balanced classes (but majority and tutorial), and are tuned and calibrated alike on folds of the
posts they learn from: the linear ones over C (netral over its families, too, where params name some to try), fastText over its
epochs, probabilities by a sigmoid."""
#: How a split of one election at random, in near-duplicate groups, is called.
INSIDE = "inside "
#: The same without what public posts taught.
NO_PRIOR = "netral, no prior"
#: As the README says for the election that the labels are from: the same, names learned from, and words weighed alike in all posts.
ONE = "netral, one election"
#: The same with a space of words learned from unlabelled posts.
ONE_SPACE = "netral, one and space"


def read(paths: list[Path], elections: Path | None, near_duplicate: float) -> pd.DataFrame:
    """Read labelled posts, clean them, replace the targets of elections with a gazetteer, and group near-duplicates.

    Raises
    ------
    InputError
        If a file cannot be used, or partisan or neutral posts are missing.
    """
    import pandas as pd

    from netral.fit.duplicates import group
    from netral.fit.prepare import prepare_posts
    from netral.model.gazetteers import read_gazetteers

    posts = pd.concat([schema.read(path).accepted for path in paths], ignore_index=True)
    posts = posts[posts.label.isin(("partisan", "neutral"))].reset_index(drop=True)
    if posts.label.nunique() < 2:
        raise InputError(f"{', '.join(map(str, paths))}: found posts of one label only, expected partisan and neutral ones; add a file")
    gazetteers = read_gazetteers(elections) if elections else {}
    prepared = prepare_posts(posts.text.tolist(), posts.election.tolist(), gazetteers)
    return posts.assign(**prepared, group=group(prepared.text.tolist(), near_duplicate))


def run(
    posts: pd.DataFrame, params: Params, beside: pd.DataFrame | None = None, unlabelled: Path | None = None
) -> tuple[list[dict[str, Any]], list[str]]:
    """Measure every system under every protocol, and inside each election; returns the rows and what was skipped.

    Parameters
    ----------
    posts : DataFrame
        As :func:`read` returns.
    params : Params
    beside : DataFrame, optional
        ``text``, ``prepared`` and ``label`` of posts that every system learns from and none is asked about.
    unlabelled : Path, optional
        Posts without labels, of which only netral can make something (``train.unlabelled``).

    Raises
    ------
    InputError
        If the unlabelled posts cannot be read.
    """
    import numpy as np
    import pandas as pd

    from netral.evaluation import baselines, metrics, protocols, tuning
    from netral.fit import elsewhere

    every = posts if beside is None else pd.concat([posts, beside.assign(group=-1, election="")], ignore_index=True)
    always = np.arange(len(posts), len(every))
    alone, auxiliary = replace(params.train, prior=0.0), elsewhere.bundled(params.train)
    one = replace(alone, names="keep", interaction=())
    ways = {baselines.NETRAL: params.train, NO_PRIOR: alone, ONE: one}
    grids = {name: baselines.own(every, train, auxiliary) for name, train in ways.items()}
    if unlabelled:
        grids[ONE_SPACE] = baselines.own(every, one, elsewhere.unlabelled(unlabelled, one))
    grids |= baselines.tutorial(every, params.train.C)
    fasttext, missing = baselines.fasttext(every, params.seed)
    grids |= {"fastText": fasttext} if fasttext else {}
    systems = {name: tuning.tuned(grid, every, params.seed, always) for name, grid in grids.items()}
    asked = protocols.protocols(posts, params.seed)
    for election in sorted(set(posts.election) - {""}):
        of = np.flatnonzero(posts.election == election)
        if posts.label[of].nunique() == 2 and len(of) < len(posts):  # else the grouped random split is inside it
            asked.append(protocols.within(f"{INSIDE}{election}", of, posts, params.seed))
    bootstrap = metrics.Bootstrap(params.evaluate.bootstrap, params.seed)
    measured = (
        protocols.compare(posts, protocol, systems, params.evaluate, bootstrap, len(always)) for protocol in asked if protocol.splits
    )
    return [*chain.from_iterable(measured)], [sentence for sentence in (missing, *(protocol.skipped for protocol in asked)) if sentence]


def render(rows: list[dict[str, Any]], skipped: list[str]) -> str:
    """Write the comparison as a table for a terminal."""
    lines, last = [_HEAD], ""
    for row in rows:
        if row["protocol"] != last:
            last = row["protocol"]
            splits = ", ".join(f"{each['name']} ({each['posts']:,})" for each in row["by_split"])
            lines += ["", f"{last}: {row['posts']:,} posts ({row['partisan']:,} partisan); {splits}"]
            lines += [f"  not measured: {sentence}" for sentence in row["skipped"]]
            lines.append(f"  {'':<22}{'ROC AUC':<22}{'macro-F1':<22}" + "".join(f"{name:>15}" for name in _COLUMNS))
        cells = [row["mean_roc_auc"], row["mean_macro_f1"], *(_point(row["metrics"], name) for name in _POINTS)]
        wide = "".join(f"{written(row['metrics'].get(name)):<22}" for name in _WITH_INTERVALS)
        lines.append(f"  {row['system']:<22}{wide}" + "".join(f"{'–' if cell is None else format(cell, '.3f'):>15}" for cell in cells))
    return "\n".join([*lines, "", *(f"not measured: {sentence}" for sentence in skipped)])


def _beside(posts: pd.DataFrame, also: Path | None, neutral: Path | None, elections: Path | None, params: Params) -> pd.DataFrame | None:
    """Read the posts that are learned from beside ``posts``, as training does."""
    import pandas as pd

    from netral.fit import elsewhere

    alike, parts = params.clean.near_duplicate, []
    if also:
        parts.append(elsewhere.labelled(also, elections or Path(params.validate.elections), posts, alike))
    if neutral:
        known = pd.concat([posts, *parts], ignore_index=True)
        parts.append(elsewhere.neutral(elsewhere.texts(neutral), known, alike, int(params.train.neutral_share * len(posts))))
    return pd.concat(parts, ignore_index=True) if parts else None


def _point(found: dict[str, Any], name: str) -> float | None:
    return found[name]["value"] if name in found else None


def main(
    posts: command.Labelled,
    more: command.More = None,
    elections: Annotated[Path | None, typer.Option(help="Folder of gazetteers; without it no election's names are known.")] = None,
    also: command.Also = None,
    neutral: Annotated[Path | None, typer.Option(help="Neutral posts (train.neutral), learned from by every system.")] = None,
    unlabelled: command.Unlabelled = None,
    params: command.Settings = command.PARAMS,
    out: command.Out = None,
) -> None:
    """Print how netral and other systems do on elections, times and platforms that they have not seen."""
    with command.errors_in_one_line():
        settings = load_params(params)
        asked = read([*posts, *(more or [])], elections, settings.clean.near_duplicate)
        rows, skipped = run(asked, settings, _beside(asked, also, neutral, elections, settings), unlabelled)
        if out:
            write_json(out, {"rows": rows, "skipped": skipped})
    typer.echo(render(rows, skipped))


if __name__ == "__main__":
    typer.run(main)
