"""How the candidate stands beside other systems, in the flow: first on the folds of training, then under every other protocol.

On the folds of training all are tuned and calibrated alike, netral in training and the others here; the other protocols keep that.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit

from netral.evaluation import baselines, metrics, protocols, tuning
from netral.evaluation.tuning import Floats
from netral.params import Params

if TYPE_CHECKING:
    import pandas as pd

    from netral.fit.elsewhere import Told

Found = dict[str, Any]


def stand(
    train: pd.DataFrame,
    beside: pd.DataFrame,
    held: pd.DataFrame,
    bootstrap: metrics.Bootstrap,
    params: Params,
    chosen: tuple[Any, float],
    sigmoid: tuple[float, float],
    told: Told,
) -> Found:
    """Compare the candidate with other systems.

    Parameters
    ----------
    train : DataFrame
        Posts of the training part, with ``fold``.
    beside : DataFrame
        ``text``, ``prepared`` and ``label`` of posts from elsewhere that training learned from: every system does.
    held : DataFrame
        ``id`` and ``score`` (log-odds) of the out-of-fold posts.
    chosen : (families, C)
        What training chose.
    sigmoid : (slope, offset)
        The candidate's.
    told : Told
        What training was told by other posts.

    Returns
    -------
    dict
        ``rows`` as :func:`netral.evaluation.protocols.compare` and ``skipped`` (sentences).
    """
    import pandas as pd

    posts = train.reset_index(drop=True)
    every = pd.concat([posts, beside.assign(group=-1, election="")], ignore_index=True)
    always = np.arange(len(posts), len(every))
    systems, skipped = baselines.tutorial(every, params.train.C), []
    fasttext, missing = baselines.fasttext(every, params.seed)
    systems |= {"fastText": fasttext} if fasttext else {}
    main = _main(posts)
    rows, fixed = _on_folds(posts, every, main, systems, params, bootstrap)
    scores = posts[["id"]].merge(held[["id", "score"]], on="id", how="left").score.to_numpy(np.float64)
    slope, offset = sigmoid
    if np.isnan(scores).all():
        skipped.append(f"skipped: netral under {main.name}: calibrated on posts kept apart, so training gave no out-of-fold scores")
    else:
        rows.insert(0, protocols.row(posts, main, baselines.NETRAL, slope * scores + offset, params.evaluate, bootstrap))
    others = [each for each in protocols.protocols(posts, params.seed) if each.name != main.name]
    if len(every) > params.evaluate.compare_up_to:
        skipped += [
            f"skipped: {each.name}: more than {params.evaluate.compare_up_to:,} posts (evaluate.compare_up_to); "
            "`python -m netral.evaluation.compare` measures it"
            for each in others
        ]
    else:
        fixed = {baselines.NETRAL: _fixed(every, params, chosen, sigmoid, told), **fixed}
        ask = {name: tuning.tuned(grid, every, params.seed, always) for name, grid in fixed.items()}
        for each in others:
            rows += protocols.compare(posts, each, ask, params.evaluate, bootstrap) if each.splits else []
        skipped += [each.skipped for each in others if each.skipped]
    return {"rows": rows, "skipped": [*skipped, missing] if missing else skipped}


def on_unseen_platforms(
    train: pd.DataFrame,
    beside: pd.DataFrame,
    params: Params,
    chosen: tuple[Any, float],
    sigmoid: tuple[float, float],
    told: Told,
) -> tuple[Floats, str]:
    """Return the candidate's probability of each training post from a model that learned from no post of its platform.

    Parameters
    ----------
    train, beside, chosen, sigmoid, told
        As of :func:`stand`.

    Returns
    -------
    probability : float64 array of shape (n,)
        nan where there is none.
    skipped : str
        Why there is none at all; "" if there are some.
    """
    import pandas as pd

    posts, most = train.reset_index(drop=True), params.evaluate.compare_up_to
    every = pd.concat([posts, beside.assign(group=-1, election="")], ignore_index=True)
    protocol, found = protocols.platforms(posts), np.full(len(posts), np.nan)
    if len(every) > most or not protocol.splits:
        return found, f"more than {most:,} posts (evaluate.compare_up_to)" if protocol.splits else protocol.skipped.removeprefix(
            "skipped: "
        )
    mine = _fixed(every, params, chosen, sigmoid, told)
    score = tuning.tuned(mine, every, params.seed, np.arange(len(posts), len(every)))
    for _, inside, outside in protocol.splits:
        found[outside] = expit(score(inside, outside))
    return found, ""


def _fixed(every: pd.DataFrame, params: Params, chosen: tuple[Any, float], sigmoid: tuple[float, float], told: Told) -> tuning.Grid:
    """The candidate as a system: what training chose, calibrated as it is."""
    families, C = chosen
    grid = baselines.own(every, dataclasses.replace(params.train, try_families=(tuple(families),), C=(C,)), told)
    return grid.fixed(grid.settings[0], sigmoid)


def _main(posts: pd.DataFrame) -> protocols.Protocol:
    """The folds of training as a protocol, named by what they are."""
    partisan, fold = (posts.label == "partisan").to_numpy(), posts.fold.to_numpy()
    names = {k: sorted(set(posts.election[fold == k]) - {""}) for k in np.unique(fold)}
    apart = sum(map(len, names.values())) == posts.election[posts.election != ""].nunique()
    by_election = apart and all(names.values())
    label = {k: ", ".join(names[k]) if by_election else str(k) for k in names}
    parts = ((label[k], np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in names)
    return protocols.Protocol(protocols.ELECTIONS if by_election else protocols.RANDOM, protocols.usable(parts, partisan))


def _on_folds(
    posts: pd.DataFrame,
    every: pd.DataFrame,
    main: protocols.Protocol,
    systems: dict[str, tuning.Grid],
    params: Params,
    bootstrap: metrics.Bootstrap,
) -> tuple[list[Found], dict[str, tuning.Grid]]:
    """Measure each system at the setting that is best on the folds of training, calibrated on them; also the system as it is then."""
    partisan, always = (every.label == "partisan").to_numpy(), np.arange(len(posts), len(every))
    rows, fixed = [], {}
    for name, grid in systems.items():
        setting, found = tuning.best(grid, [(np.r_[inside, always], outside) for _, inside, outside in main.splits], partisan)
        slope, offset = tuning.calibrated(found, [outside for *_, outside in main.splits], partisan)
        scores = np.full(len(posts), np.nan)
        for (_, _, outside), each in zip(main.splits, found, strict=True):
            scores[outside] = slope * each + offset
        rows.append(protocols.row(posts, main, name, scores, params.evaluate, bootstrap))
        fixed[name] = grid.fixed(setting, (slope, offset))
    return rows, fixed
