"""One model among several that differ in a part: what it learns from, and what it makes of other posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from netral.params import Train

if TYPE_CHECKING:
    import pandas as pd

    from netral.fit.corpus import Corpus
    from netral.fit.elsewhere import Auxiliary

AS_SET = "as set"


@dataclass(frozen=True)
class Trial:
    """Settings of training, and what is used of posts from elsewhere.

    Attributes
    ----------
    train : Train
    also, neutral : bool
        Whether other labelled posts, and other neutral ones, are learned from.
    names, space : bool
        Whether the names and the space of unlabelled posts are used. Without ``space`` the one that comes with netral is, where
        the settings want one.
    without : frozenset of str
        Items that are not learned from.
    """

    train: Train
    also: bool = False
    neutral: bool = False
    names: bool = False
    space: bool = False
    without: frozenset[str] = frozenset()

    def scores(
        self,
        corpus: Corpus,
        partisan: NDArray[np.bool_],
        auxiliary: Auxiliary,
        learned: NDArray[np.int64],
        asked: Sequence[NDArray[np.int64]],
        C: float,
    ) -> list[NDArray[np.float64]]:
        """Return the log-odds of each set of rows in ``asked`` from one model of the rows ``learned``.

        Parameters
        ----------
        corpus : Corpus, n posts
        partisan : bool array of shape (n,)
        auxiliary : Auxiliary
            What other posts give, of which the trial uses what it says.
        learned : int array
        asked : sequence of int array
        C : float
            Inverse strength of the penalty.
        """
        from netral.fit import elsewhere
        from netral.fit.classifier import fit

        names = self.without | (auxiliary.names if self.names else frozenset())
        source = auxiliary if self.space else elsewhere.bundled(self.train)
        read = corpus if self.train.bare else replace(corpus, bare=None)
        with_it = replace(source, names=names).beside(read, self.train)
        pipeline = fit(with_it.take(learned), partisan[learned], self.train.families, C, self.train)
        return [pipeline.decision_function(with_it.take(rows)) for rows in asked]


class TrialPosts:
    """Encoded posts, of which the last ones are learned from at most (:attr:`Trial.also`) and never asked about.

    Parameters
    ----------
    posts : DataFrame
        ``prepared``, ``bare``, ``label`` and ``group``.
    also : DataFrame or None
        ``prepared``, ``bare`` and ``label`` of other posts.
    auxiliary : Auxiliary
    train : Train
    C : float
        Inverse strength of the penalty of every trial.
    """

    def __init__(self, posts: pd.DataFrame, also: pd.DataFrame | None, auxiliary: Auxiliary, train: Train, C: float) -> None:
        import pandas as pd

        from netral.fit.elsewhere import encoded

        every = posts if also is None else pd.concat([posts, also], ignore_index=True)
        self.partisan = (every.label == "partisan").to_numpy()
        self.groups = posts.group.to_numpy()
        self._corpus, self._auxiliary, self._C = encoded(every, train), auxiliary, C
        self._others = np.arange(len(posts), len(every))

    def score(self, trial: Trial, inside: NDArray[np.int64], outside: Sequence[NDArray[np.int64]]) -> list[NDArray[np.float64]]:
        """Return the log-odds of each set of rows in ``outside`` from one model of ``inside``."""
        learned = np.concatenate([inside, self._others]) if trial.also else inside
        return trial.scores(self._corpus, self.partisan, self._auxiliary, learned, outside, self._C)
