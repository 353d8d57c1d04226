"""How far the model carries: to another election, to news of another source, to a campaign that it never met.

Trained on one election, asked about the next (ROC AUC); then trained on all of them, with thresholds bounded on other
neutral posts: how many of the unseen news posts are called partisan, and how many of the unseen campaign posts are found.
Run: ``python -m netral.studies.transfer --posts FILE … --neutral FILE --news FILE --campaign FILE``
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.special import expit

from netral.errors import InputError
from netral.evaluation.metrics import roc_auc
from netral.evaluation.thresholds import choose, hold_elsewhere
from netral.evaluation.trial import AS_SET, Trial
from netral.files import write_json
from netral.params import Params, Train
from netral.params import load as load_params
from netral.studies import ablation, command, compare

if TYPE_CHECKING:
    import pandas as pd

    from netral.fit.elsewhere import Auxiliary

_LEARNED = 0.6  # share of the neutral posts that is learned from; the rest sets the thresholds
_HEAD = """Optimistic wherever these posts helped to choose features or settings. ROC AUC on each election from a model of the others; then,
from a model of all: shares of unseen news and of unseen campaign posts at `flag` and at `flag` or `review`, thresholds from neutral
posts held out by the rule of the product (but for protected voices and platforms): `flag` keeps its bound there also where a model
learned from none of their source; and the AUC between the two sets."""


def trials(train: Train, also: bool, unlabelled: bool) -> dict[str, Trial]:
    """Return the trials by name."""
    as_set = Trial(train, neutral=True)
    characters = replace(as_set, train=replace(train, families=("words", "stems", "chars")))
    no_prior, no_space = replace(train, prior=0.0), replace(train, space=0.0)
    found = {
        "elections alone": Trial(train),
        "names kept": replace(as_set, train=replace(train, names="keep")),
        AS_SET: as_set,
        "no prior": replace(as_set, train=no_prior),
        "no space of words": replace(as_set, train=no_space),
        "with characters": characters,
    }
    if unlabelled:
        found["names of unlabelled posts"] = replace(as_set, names=True)
        found["names and space of these"] = replace(as_set, names=True, space=True)
    if also:
        found["bundled posts"] = replace(as_set, also=True)
        found["bundled posts, no prior"] = replace(as_set, also=True, train=no_prior)
        found["bundled posts, no space of words"] = replace(as_set, also=True, train=no_space)
    if also and unlabelled:
        found["bundled posts and names"] = replace(as_set, also=True, names=True)
        found["all of these"] = replace(as_set, also=True, names=True, space=True)
        found["all, twice the space"] = replace(found["all of these"], train=replace(train, space=2 * train.space))
        found["all, with characters"] = replace(characters, also=True, names=True, space=True)
    return found


class Sources:
    """All posts, encoded once, by where they are from.

    Parameters
    ----------
    posts : DataFrame
        ``prepared``, ``bare`` where a gazetteer was used, ``label``, ``source``, ``group`` (near-duplicates of posts that are asked
        about; below 0: of none).
    auxiliary : Auxiliary
    train : Train
    """

    def __init__(self, posts: pd.DataFrame, auxiliary: Auxiliary, train: Train) -> None:
        from netral.fit.elsewhere import encoded

        self._corpus = encoded(posts, train)
        self.partisan = (posts.label == "partisan").to_numpy()
        self.group = posts.group.to_numpy()
        self._source = posts.source.to_numpy()
        self._auxiliary = auxiliary

    def of(self, *sources: str) -> NDArray[np.int64]:
        """Return the rows of some sources."""
        return np.flatnonzero(np.isin(self._source, sources))

    def score(self, trial: Trial, learn: Sequence[str], asked: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """Return the log-odds of each source in ``asked`` from a model of the sources in ``learn``, but for copies of what is asked."""
        inside = self.of(*learn, *(["learned"] if trial.neutral else []), *(["also"] if trial.also else []))
        inside = inside[~np.isin(self.group[inside], self.group[self.of(*asked)])]
        rows = [self.of(source) for source in asked]
        return dict(zip(asked, trial.scores(self._corpus, self.partisan, self._auxiliary, inside, rows, ablation.C), strict=True))


def measure(posts: Sources, elections: Sequence[str], trial: Trial, params: Params) -> dict[str, Any]:
    """Measure one trial: AUC by election, shares at the thresholds, AUC between campaign and news.

    Parameters
    ----------
    posts : Sources
        From :func:`gather`.
    elections : sequence of str
        Those that are learned from, and each left out in turn.
    trial : Trial
    params : Params
        Their promise sets the thresholds.
    """
    by_election = {}
    for election in elections:
        others = [each for each in elections if each != election]
        scores = posts.score(trial, others, [election])[election]
        by_election[election] = roc_auc(posts.partisan[posts.of(election)], scores)
    found = posts.score(trial, elections, ["bound", "news", "campaign"])
    bound, groups, asked = expit(found["bound"]), posts.group[posts.of("bound")], params.evaluate
    promise = {"alpha": asked.alpha, "confidence": asked.confidence}
    thresholds, missing = choose(bound, np.zeros(len(bound), bool), groups, load=asked.review_load, **promise)
    if trial.neutral:  # posts of their source were learned from
        unseen = posts.score(replace(trial, neutral=False), elections, ["bound", "learned"])
        groups = np.r_[groups, posts.group[posts.of("learned")]]
        thresholds, _ = hold_elsewhere(thresholds, expit(np.r_[unseen["bound"], unseen["learned"]]), groups, **promise)
    shares = {
        source: {
            "flag": None if thresholds.flag is None else float(np.mean(expit(found[source]) >= thresholds.flag)),
            "review": float(np.mean(expit(found[source]) >= thresholds.review)),
        }
        for source in ("news", "campaign")
    }
    both = np.concatenate([found["news"], found["campaign"]])
    between = roc_auc(np.arange(len(both)) >= len(found["news"]), both)
    mean = float(np.mean(list(by_election.values())))
    return {"by_election": by_election, "mean": mean, "shares": shares, "auc": between, "bounded_on": len(bound), "missing": missing}


def gather(
    elections: Sequence[Path], neutral: pd.DataFrame, news: Path, campaign: Path, also: Path | None, gazetteers: Path, params: Params
) -> tuple[pd.DataFrame, list[str]]:
    """Read and prepare all posts, without any gazetteer but those of ``also``; returns them and the elections' names.

    Posts are marked by near-duplicate group; those learned from beside the elections are no copies of any post that is asked about.

    Parameters
    ----------
    elections : sequence of Path
        Files of labelled posts with their ``election``.
    neutral : DataFrame
        Neutral posts (``text``), some to learn from and some to set the thresholds on.
    news, campaign : Path
        What is asked at the thresholds: posts that nobody should flag, and posts that many should.
    also : Path or None
        Other labelled posts to learn from.
    gazetteers : Path
        Folder, for the elections of ``also``.
    params : Params

    Raises
    ------
    InputError
        If a file cannot be used, or fewer than two elections with both labels are named.
    """
    import pandas as pd

    from netral.fit import elsewhere
    from netral.fit.duplicates import group
    from netral.fit.prepare import clean_all, prepare_clean

    near_duplicate = params.clean.near_duplicate
    own = compare.read(list(elections), None, near_duplicate)
    names = sorted(name for name, of in own.groupby("election").label if name and of.nunique() == 2)
    if len(names) < 2:
        raise InputError(f"{', '.join(map(str, elections))}: found {len(names)} elections with posts of both labels, expected two or more")
    own = own[own.election.isin(names)]
    parts = [own.assign(source=own.election)]
    share = pd.util.hash_array(neutral.text.to_numpy(object)) / 2.0**64
    plain = {
        "bound": (neutral[share >= _LEARNED], "neutral"),
        "news": (pd.DataFrame({"text": elsewhere.texts(news)}), "neutral"),
        "campaign": (pd.DataFrame({"text": elsewhere.texts(campaign)}), "partisan"),
    }
    for source, (frame, label) in plain.items():
        text = clean_all([str(each) for each in frame.text])
        parts.append(pd.DataFrame({"text": text, "prepared": prepare_clean(text), "label": label, "source": source}))
    asked = pd.concat(parts, ignore_index=True)
    asked = asked.assign(group=group(asked.text, near_duplicate))
    most = int(params.train.neutral_share * len(own))
    learned = elsewhere.neutral([str(each) for each in neutral.text[share < _LEARNED]], asked, near_duplicate, most)
    parts = [asked, learned.assign(source="learned", group=-2 - np.arange(len(learned)))]
    if also is not None:
        parts.append(elsewhere.labelled(also, gazetteers, asked, near_duplicate).assign(source="also", group=-1))
    return pd.concat(parts, ignore_index=True), names


def render(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Write the table in Markdown."""
    elections = list(next(iter(rows.values()))["by_election"])
    columns = [*elections, "mean", "news: flag", "flag or review", "campaign: flag", "flag or review", "AUC"]
    lines = [_HEAD, "", f"| | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for name, row in rows.items():
        areas = [f"{value:.3f}" for value in (*row["by_election"].values(), row["mean"])]
        shares = [_percent(row["shares"][source][level]) for source in ("news", "campaign") for level in ("flag", "review")]
        lines.append(f"| {name} | {' | '.join([*areas, *shares, format(row['auc'], '.3f')])} |")
    return "\n".join(lines)


def _percent(share: float | None) -> str:
    return "no flags" if share is None else f"{share:.1%}"


def run(
    elections: Sequence[Path],
    neutral: pd.DataFrame,
    news: Path,
    campaign: Path,
    also: Path | None,
    unlabelled: Path | None,
    gazetteers: Path,
    params: Params,
) -> dict[str, dict[str, Any]]:
    """Measure every trial; arguments and errors as of :func:`gather`."""
    from netral.fit import elsewhere

    found, names = gather(elections, neutral, news, campaign, also, gazetteers, params)
    auxiliary = elsewhere.unlabelled(unlabelled, params.train) if unlabelled else elsewhere.Auxiliary()
    posts = Sources(found, auxiliary, params.train)
    tried = trials(params.train, also is not None, unlabelled is not None)
    return {name: measure(posts, names, trial, params) for name, trial in tried.items()}


def main(
    posts: command.Labelled,
    neutral: command.Neutral,
    news: command.News,
    campaign: command.Campaign,
    more: command.More = None,
    where: command.Where = "",
    also: command.Also = None,
    unlabelled: command.Unlabelled = None,
    elections: command.Elections = command.GAZETTEERS,
    params: command.Settings = command.PARAMS,
    out: command.Out = None,
) -> None:
    """Print how the model does on elections, news and campaigns that it has not seen."""
    from netral.fit import elsewhere

    with command.errors_in_one_line():
        learned = elsewhere.table(neutral, where)
        rows = run([*posts, *(more or [])], learned, news, campaign, also, unlabelled, elections, load_params(params))
        if out:
            write_json(out, rows)
    typer.echo(render(rows))


if __name__ == "__main__":
    typer.run(main)
