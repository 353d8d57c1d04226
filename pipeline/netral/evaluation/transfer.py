"""How far the model carries: to another election, to news of another source, to a campaign that it never met.

Trained on one election, asked about the next (ROC AUC); then trained on all of them, with thresholds bounded on other
neutral posts: how many of the unseen news posts are called partisan, and how many of the unseen campaign posts are found.
Run: ``python -m netral.evaluation.transfer --posts FILE … --neutral FILE --news FILE --campaign FILE``
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.special import expit

from netral.errors import InputError
from netral.evaluation import ablation, command
from netral.evaluation.thresholds import choose
from netral.files import write_json
from netral.params import Params, Train
from netral.params import load as load_params

if TYPE_CHECKING:
    import pandas as pd

    from netral.fit.elsewhere import Told

_LEARNED = 0.6  # share of the neutral posts that is learned from; the rest sets the thresholds
_HEAD = """Optimistic wherever these posts helped to choose features or settings. ROC AUC on each election from a model of the others; then,
from a model of all: shares of unseen news and of unseen campaign posts at `flag` and at `flag` or `review`, thresholds from neutral
posts held out by the rule of the product (but for protected voices and unseen platforms); and the AUC between the two sets."""


@dataclass(frozen=True)
class Setting:
    """What is learned from beside the elections, and the features; without ``space`` the one that comes with netral."""

    train: Train
    neutral: bool = True
    also: bool = False
    names: bool = False
    space: bool = False


def settings(train: Train, also: bool, unlabelled: bool) -> dict[str, Setting]:
    """Return the settings that are compared, by name."""
    found = {
        "elections alone": Setting(train, neutral=False),
        "names kept": Setting(replace(train, names="keep")),
        "as set": Setting(train),
        "no prior": Setting(replace(train, prior=0.0)),
        "no space of words": Setting(replace(train, space=0.0)),
        "with characters": Setting(replace(train, families=("words", "stems", "chars"))),
    }
    if unlabelled:
        found["names of unlabelled posts"] = Setting(train, names=True)
        found["names and space of these"] = Setting(train, names=True, space=True)
    if also:
        found["bundled posts"] = Setting(train, also=True)
        found["bundled posts, no prior"] = Setting(replace(train, prior=0.0), also=True)
        found["bundled posts, no space of words"] = Setting(replace(train, space=0.0), also=True)
    if also and unlabelled:
        found["bundled posts and names"] = Setting(train, also=True, names=True)
        found["all of these"] = Setting(train, also=True, names=True, space=True)
        found["all, twice the space"] = replace(found["all of these"], train=replace(train, space=2 * train.space))
        found["all, with characters"] = replace(found["with characters"], also=True, names=True, space=True)
    return found


class Posts:
    """All posts, encoded once; ``source`` says where each is from.

    Parameters
    ----------
    posts : DataFrame
        ``prepared``, ``bare`` where a gazetteer was used, ``label``, ``source``, ``group`` (near-duplicates of posts that are asked
        about; -1: of none).
    told : Told
    train : Train
    """

    def __init__(self, posts: pd.DataFrame, told: Told, train: Train) -> None:
        from netral.fit.elsewhere import encoded

        self.corpus = encoded(posts, train)
        self.partisan = (posts.label == "partisan").to_numpy()
        self.group = posts.group.to_numpy()
        self._source = posts.source.to_numpy()
        self._told = told

    def of(self, *sources: str) -> NDArray[np.int64]:
        """Return the rows of some sources."""
        return np.flatnonzero(np.isin(self._source, sources))

    def score(self, setting: Setting, learn: Sequence[str], asked: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """Return the log-odds of each source in ``asked`` from a model of the sources in ``learn``, but for copies of what is asked."""
        from netral.fit import elsewhere

        told = self._told if setting.space else elsewhere.bundled(setting.train)
        corpus = replace(told, names=self._told.names if setting.names else frozenset()).beside(self.corpus, setting.train)
        inside = self.of(*learn, *(["learned"] if setting.neutral else []), *(["also"] if setting.also else []))
        inside = inside[~np.isin(self.group[inside], self.group[self.of(*asked)])]
        scores = ablation.scores_of(corpus, self.partisan, setting.train, inside, [self.of(source) for source in asked])
        return dict(zip(asked, scores, strict=True))


def measure(posts: Posts, elections: Sequence[str], setting: Setting, params: Params) -> dict[str, Any]:
    """Measure one setting: AUC by election, shares at the thresholds, AUC between campaign and news."""
    by_election = {}
    for election in elections:
        others = [each for each in elections if each != election]
        scores = posts.score(setting, others, [election])[election]
        by_election[election] = ablation.auc(posts.partisan[posts.of(election)], scores)
    found = posts.score(setting, elections, ["bound", "news", "campaign"])
    bound, asked = expit(found["bound"]), params.evaluate
    neutral = np.zeros(len(bound), bool)
    thresholds, missing = choose(
        bound, neutral, posts.group[posts.of("bound")], alpha=asked.alpha, confidence=asked.confidence, load=asked.review_load
    )
    shares = {
        source: {
            "flag": None if thresholds.flag is None else float(np.mean(expit(found[source]) >= thresholds.flag)),
            "review": float(np.mean(expit(found[source]) >= thresholds.review)),
        }
        for source in ("news", "campaign")
    }
    both = np.concatenate([found["news"], found["campaign"]])
    between = ablation.auc(np.arange(len(both)) >= len(found["news"]), both)
    mean = float(np.mean(list(by_election.values())))
    return {"by_election": by_election, "mean": mean, "shares": shares, "auc": between, "bounded_on": len(bound), "missing": missing}


def gather(
    elections: Sequence[Path], neutral: pd.DataFrame, news: Path, campaign: Path, also: Path | None, gazetteers: Path, params: Params
) -> tuple[pd.DataFrame, list[str]]:
    """Read and prepare all posts, without any gazetteer but those of ``also``; returns them and the elections' names.

    Posts are marked by near-duplicate group; those learned from beside the elections are no copies of any post that is asked about.

    Raises
    ------
    InputError
        If a file cannot be used, or fewer than two elections with both labels are named.
    """
    import pandas as pd

    from netral.evaluation import compare
    from netral.fit import elsewhere
    from netral.fit.duplicates import group
    from netral.fit.prepare import clean_all, prepare_all

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
        parts.append(pd.DataFrame({"text": text, "prepared": prepare_all(text, [""] * len(text), {}), "label": label, "source": source}))
    asked = pd.concat(parts, ignore_index=True)
    asked = asked.assign(group=group(asked.text, near_duplicate))
    most = int(params.train.neutral_share * len(own))
    learned = elsewhere.neutral([str(each) for each in neutral.text[share < _LEARNED]], asked, near_duplicate, most)
    parts = [asked, learned.assign(source="learned", group=-1)]
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
    """Measure every setting; arguments and errors as of :func:`gather`."""
    from netral.fit import elsewhere

    found, names = gather(elections, neutral, news, campaign, also, gazetteers, params)
    told = elsewhere.unlabelled(unlabelled, params.train) if unlabelled else elsewhere.Told()
    posts = Posts(found, told, params.train)
    tried = settings(params.train, also is not None, unlabelled is not None)
    return {name: measure(posts, names, setting, params) for name, setting in tried.items()}


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
