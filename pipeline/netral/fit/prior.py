"""What was learned of words elsewhere, and is pooled with what the posts at hand teach.

The posts that a team writes or collects for a purpose know the question well and the public's language less. A prior holds
the log-odds of common words and pairs of them, learned once from public posts that were read with the labelling guide; they
are added, weighed, to what is learned here (a logarithmic pool; Genest & Zidek 1986). A sum of two linear models is one:
scoring costs no more, and reasons stay exact.

One prior comes with netral (``prior.npz``, made by :mod:`netral.fit.make_prior`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from netral.files import atomic
from netral.fit.vocabulary import Prior
from netral.model.artifact import pack, unpack

#: The prior that comes with netral.
BUNDLED = Path(__file__).with_name("prior.npz")


@cache
def load(path: Path = BUNDLED) -> Prior:
    """Read a prior that :func:`store` wrote."""
    with np.load(path) as stored:
        terms, pairs, posts = tuple(unpack(stored["terms"], stored["offsets"])), stored["pairs"], int(stored["posts"])
        return Prior(terms, pairs, stored["frequency"].astype(np.int64), posts, stored["weights"].astype(np.float64))


def store(found: Prior, about: str, path: Path) -> None:
    """Write a prior, its weights rounded, and what it is from."""
    terms, offsets = pack(found.terms)
    frequency, weights = found.frequency.astype(np.int32), found.weights.astype(np.float16)
    with atomic(path) as file:
        np.savez_compressed(
            file,
            about=np.array(about),
            terms=terms,
            offsets=offsets,
            pairs=found.pairs,
            frequency=frequency,
            posts=found.posts,
            weights=weights,
        )
