"""How the candidate stands beside other systems, in the flow: first on the folds of training, then under every other protocol.

On the folds of training all are tuned by average precision and calibrated, netral in training, which takes the simplest of settings that
do about as well as the best, and the others here, which take the best; the other protocols keep that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit

from netral.evaluation import baselines, metrics, protocols, tuning
from netral.evaluation.tuning import Floats, Rows
from netral.params import Params, Train

if TYPE_CHECKING:
    import pandas as pd

    from netral.fit.elsewhere import Auxiliary

Found = dict[str, Any]


@dataclass(frozen=True)
class Trained:
    """What training learned from, and what it chose.

    Attributes
    ----------
    posts : DataFrame
        Posts of the training part, with ``fold``, numbered from 0.
    beside : DataFrame
        ``text``, ``prepared``, ``label`` and ``source`` (the setting of ``train`` that names their file: also or neutral) of posts
        from elsewhere that it learned from: every system does, and one of them once more without.
    auxiliary : Auxiliary
        What it took from other posts.
    train : Train
        Its settings, with the families and the ``C`` that it chose.
    sigmoid
        Slope and offset.
    folds_by : str
        ``election`` or ``group``, as the split says.
    """

    posts: pd.DataFrame
    beside: pd.DataFrame
    auxiliary: Auxiliary
    train: Train
    sigmoid: tuple[float, float]
    folds_by: str = "election"

    @cached_property
    def every(self) -> pd.DataFrame:
        """All posts, those from elsewhere last."""
        import pandas as pd

        return pd.concat([self.posts, self.beside.assign(group=-1, election="")], ignore_index=True)

    @property
    def always(self) -> Rows:
        """The places of those from elsewhere: always learned from, never asked about."""
        return np.arange(len(self.posts), len(self.every))

    @cached_property
    def platforms(self) -> protocols.Protocol:
        """Each platform left out in turn."""
        return protocols.platforms(self.posts)

    @cached_property
    def on_platforms(self) -> Floats:
        """The log-odds of each post from the candidate, trained again on the other platforms; nan where none is left out."""
        return protocols.ask(self.platforms, self.system(self.always), len(self.posts), beside=len(self.always))

    def system(self, always: Rows) -> tuning.System:
        """Return the candidate as a system that learns from ``always``, too: what training chose, calibrated as it is."""
        grid, (slope, offset) = self._grid, self.sigmoid

        def score(inside: Rows, outside: Rows) -> Floats:
            return slope * grid.scores(np.r_[inside, always], outside, grid.settings)[0] + offset

        return score

    @cached_property
    def _grid(self) -> tuning.Grid:
        return baselines.own(self.every, self.train, self.auxiliary)


def stand(trained: Trained, held: pd.DataFrame, bootstrap: metrics.Bootstrap, params: Params) -> Found:
    """Compare the candidate with other systems.

    Parameters
    ----------
    trained : Trained
    held : DataFrame
        ``id`` and ``score`` (log-odds) of the out-of-fold posts.

    Returns
    -------
    dict
        ``rows`` as :func:`netral.evaluation.protocols.compare` and ``skipped`` (sentences).
    """
    posts = trained.posts
    systems, missing = _systems(trained, params)
    main = _main(posts, trained.folds_by)
    rows, fixed = _on_folds(trained, main, systems, params, bootstrap)
    skipped = []
    scores = posts[["id"]].merge(held[["id", "score"]], on="id", how="left").score.to_numpy(np.float64)
    slope, offset = trained.sigmoid
    if np.isnan(scores).all():
        skipped.append(f"netral under {main.name}: calibrated on posts kept apart, so training gave no out-of-fold scores")
    else:
        rows.insert(0, protocols.row(posts, main, baselines.NETRAL, slope * scores + offset, params.evaluate, bootstrap))
    others = [each for each in protocols.protocols(posts, params.seed) if each.name != main.name]
    if len(trained.every) > params.evaluate.compare_up_to:
        skipped += [
            f"{each.name}: more than {params.evaluate.compare_up_to:,} posts (evaluate.compare_up_to); "
            "`python -m netral.studies.compare` measures it"
            for each in others
        ]
    else:
        for each in (each for each in others if each.splits):
            platforms = each.name == protocols.PLATFORMS
            own = (
                trained.on_platforms
                if platforms
                else protocols.ask(each, trained.system(trained.always), len(posts), beside=len(trained.always))
            )
            rows.append(protocols.row(posts, each, baselines.NETRAL, own, params.evaluate, bootstrap))
            rows += protocols.compare(posts, each, fixed, params.evaluate, bootstrap, beside=len(trained.always))
        skipped += [each.skipped for each in others if each.skipped]
    return {"rows": rows, "skipped": [*skipped, missing] if missing else skipped}


def _systems(trained: Trained, params: Params) -> tuple[dict[str, tuple[tuning.Grid, Rows]], str]:
    """Return what it is compared with, each with the posts from elsewhere that it learns from, too; also why one is missing, or ""."""
    found = baselines.tutorial(trained.every, params.train.C)
    fasttext, missing = baselines.fasttext(trained.every, params.seed)
    found |= {"fastText": fasttext} if fasttext else {}
    systems = {name: (grid, trained.always) for name, grid in found.items()}
    if len(trained.always):  # which a team that builds it has not
        systems[f"{baselines.BALANCED}, without posts from elsewhere"] = (found[baselines.BALANCED], np.empty(0, np.int64))
    return systems, missing


@dataclass(frozen=True)
class Unseen:
    """Neutral posts, each asked of a model that learned from nothing of its kind.

    Attributes
    ----------
    what : str
        What was not learned from.
    probability, group
        Of the posts; groups of near-duplicates.
    skipped : str
        Why there are none; "" if there are some, or if none were to be expected.
    """

    what: str
    probability: Floats = field(default_factory=lambda: np.empty(0))
    group: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    skipped: str = ""


def unseen(trained: Trained, params: Params) -> dict[str, Unseen]:
    """Return the neutral posts of unseen platforms and those of ``train.neutral``, each kind asked of models without it."""
    return {"unseen_platforms": _unseen_platforms(trained, params), "unseen_neutral": _unseen_neutral(trained)}


def _unseen_platforms(trained: Trained, params: Params) -> Unseen:
    """Ask about each platform in turn; posts from elsewhere are learned from whatever their platform is: it is not kept of them."""
    what, most = "unseen platforms", params.evaluate.compare_up_to
    if not params.evaluate.unseen_platforms:
        return Unseen(what)
    if not trained.platforms.splits:
        return Unseen(what, skipped=trained.platforms.skipped)
    if len(trained.every) > most:
        return Unseen(what, skipped=f"more than {most:,} posts (evaluate.compare_up_to)")
    found = trained.on_platforms
    neutral = (trained.posts.label == "neutral").to_numpy() & ~np.isnan(found)
    return Unseen(what, expit(found[neutral]), trained.posts.group.to_numpy()[neutral])


def _unseen_neutral(trained: Trained) -> Unseen:
    """Ask about the posts of ``train.neutral``: where a model learned from them, a threshold holds for their source, not for the next."""
    what, always = "the posts of train.neutral", trained.always
    neutral = (trained.beside.source == "neutral").to_numpy()
    if not neutral.any():
        return Unseen(what)
    score = trained.system(always[~neutral])
    probability = expit(score(np.arange(len(trained.posts)), always[neutral]))
    return Unseen(what, probability, np.arange(len(probability)))  # of their near-duplicates one was taken


def _main(posts: pd.DataFrame, folds_by: str) -> protocols.Protocol:
    """The folds of training as a protocol, each named by the elections that lie there (but for posts that stand in another one, too)."""
    partisan, fold = (posts.label == "partisan").to_numpy(), posts.fold.to_numpy()
    by_election = folds_by == "election"
    label = {k: str(k) for k in np.unique(fold)}
    if by_election:
        named = posts[posts.election != ""]
        home = named.groupby("election").fold.agg(lambda folds: folds.mode()[0])
        label |= {k: ", ".join(names) for k, names in home.groupby(home).groups.items()}
    parts = ((label[k], np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in label)
    return protocols.Protocol(protocols.ELECTIONS if by_election else protocols.RANDOM, protocols.usable(parts, partisan))


def _on_folds(
    trained: Trained,
    main: protocols.Protocol,
    systems: Mapping[str, tuple[tuning.Grid, Rows]],
    params: Params,
    bootstrap: metrics.Bootstrap,
) -> tuple[list[Found], dict[str, tuning.System]]:
    """Measure each system at the setting that is best on the folds of training, calibrated on them; also the system as it is then."""
    posts, partisan = trained.posts, (trained.every.label == "partisan").to_numpy()
    rows, fixed = [], {}
    for name, (grid, beside) in systems.items():
        setting, found = tuning.best(grid, [(np.r_[inside, beside], outside) for _, inside, outside in main.splits], partisan)
        slope, offset = tuning.calibrated(found, [outside for *_, outside in main.splits], partisan)
        scores = np.full(len(posts), np.nan)
        for (_, _, outside), each in zip(main.splits, found, strict=True):
            scores[outside] = slope * each + offset
        rows.append(protocols.row(posts, main, name, scores, params.evaluate, bootstrap))
        fixed[name] = tuning.tuned(grid.fixed(setting, (slope, offset)), trained.every, params.seed, beside)
    return rows, fixed
