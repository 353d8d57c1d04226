"""What each part of a release is worth: left out in turn, trained again, asked about the test posts. Its report shows it.

The command :mod:`netral.studies.ablation` asks more, of each election in turn, and takes longer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit

from netral.evaluation import metrics
from netral.evaluation.standing import Trained
from netral.evaluation.trial import AS_SET, Trial, TrialPosts
from netral.fit.parallel import at_once
from netral.params import Params, Train
from netral.text.shape import QUOTE, TITLE

if TYPE_CHECKING:
    import pandas as pd

    from netral.fit.elsewhere import Auxiliary

_FAMILIES = {"stems": "stems", "chars": "characters"}


def trials(train: Train, auxiliary: Auxiliary, beside: bool) -> dict[str, Trial]:
    """Return the parts that a model has, each with the model that does without it; the model as set first."""
    as_set = Trial(train, also=beside, names=True, space=True)
    without: dict[str, dict[str, Any]] = {}
    for family in ("stems", "chars"):
        if family in train.families and len(train.families) > 1:
            without[_FAMILIES[family]] = {"families": tuple(each for each in train.families if each != family)}
    paired = [family for family in ("words", "stems") if family in train.families and getattr(train, family).ngrams[1] > 1]
    if paired:
        without["pairs of words"] = {family: replace(getattr(train, family), ngrams=(1, 1)) for family in paired}
    if train.interaction:
        without["weights of their own in contexts"] = {"interaction": ()}
    if auxiliary.prior and train.prior and "words" in train.families:
        without["prior"] = {"prior": 0.0}
    if auxiliary.space and train.space:
        without["space of words"] = {"space": 0.0}
    if train.names == "drop":
        without["dropping names"] = {"names": "keep"}
    found = {AS_SET: as_set} | {part: replace(as_set, train=replace(train, **change)) for part, change in without.items()}
    if train.names == "drop":  # items are left out as names are
        found["look of the whole post"] = replace(as_set, without=frozenset({TITLE, QUOTE}))
    return found | ({"posts from elsewhere": replace(as_set, also=False)} if beside else {})


def run(trained: Trained, test: pd.DataFrame, bootstrap: metrics.Bootstrap, params: Params) -> dict[str, Any]:
    """Measure what the test posts lose without each part.

    Parameters
    ----------
    trained : Trained
    test : DataFrame
        ``prepared``, ``bare``, ``label`` and ``group`` of posts that were not learned from.

    Returns
    -------
    dict
        ``rows``: ``part`` and ``difference``, how much higher the ROC AUC is without it
        (:func:`netral.evaluation.metrics.auc_difference`); ``skipped``: why there are none, or "".
    """
    import pandas as pd

    most = params.evaluate.compare_up_to
    if test.label.nunique() < 2:
        return {"rows": [], "skipped": "what each part is worth: the test posts do not have both labels"}
    if len(trained.posts) + len(trained.beside) > most:
        return {"rows": [], "skipped": f"what each part is worth: more than {most:,} posts (evaluate.compare_up_to)"}
    every = pd.concat([trained.posts, test], ignore_index=True)
    posts = TrialPosts(every, trained.beside.assign(group=-1), trained.auxiliary, trained.train, trained.train.C[0])
    inside, outside = np.arange(len(trained.posts)), np.arange(len(trained.posts), len(every))
    slope, offset = trained.sigmoid
    asked = trials(trained.train, trained.auxiliary, len(trained.beside) > 0)
    scores = at_once(lambda trial: posts.score(trial, inside, [outside])[0], asked.values(), len(every))
    probability = {part: expit(slope * found + offset) for part, found in zip(asked, scores, strict=True)}
    as_set = probability.pop(AS_SET)
    partisan, groups = (test.label == "partisan").to_numpy(), test.group.to_numpy()
    rows = [
        {"part": part, "difference": metrics.auc_difference(partisan, found, as_set, groups, bootstrap)}
        for part, found in probability.items()
    ]
    return {"rows": rows, "skipped": ""}
