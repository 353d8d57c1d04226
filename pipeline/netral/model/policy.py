"""From a probability to one of three decisions; in doubt for the author."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Decisions by their code. `review` and `flag` both ask a person to look; none is a finding.
DECISIONS = ("clear", "review", "flag")


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which a post is read by a person.

    Parameters
    ----------
    review : float
        From here on a post is `review`; chosen by the load that people can read.
    flag : float or None
        From here on a post is `flag`; chosen by the bound of the false-positive rate. None: too few neutral posts to
        support the bound, so nothing is flagged.
    """

    review: float
    flag: float | None = None

    def decide(self, probability: NDArray[np.float64], known: NDArray[np.integer]) -> NDArray[np.int8]:
        """Return decision codes, shape (n,); a post without a known term is never more than `review`."""
        decision = (probability >= self.review).astype(np.int8)
        if self.flag is not None:
            decision[(probability >= self.flag) & (known > 0)] = 2
        return decision
