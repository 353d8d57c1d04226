"""What was learned of words elsewhere, and is pooled with what the posts at hand teach.

The posts that a team writes or collects for a purpose know the question well and the public's language less. A prior holds
coefficients of common words and pairs of them, learned once from public posts that were read with the labelling guide; they
are added, weighed, to what is learned here (a logarithmic pool; Genest & Zidek 1986). Scoring costs no more than for other
terms, and reasons stay exact. They are carried over, not kept to the letter: a post is divided by the norm of all of its
words, those that the prior does not know too, so that the prior counts less the more of these a post has.

One prior comes with netral (``prior.npz``, made by :mod:`netral.fit.make_prior`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from netral.files import atomic
from netral.fit.vocabulary import Prior, TermVocabulary
from netral.model.artifact import pack, unpack

#: The prior that comes with netral.
BUNDLED = Path(__file__).with_name("prior.npz")


@cache
def load(path: Path = BUNDLED) -> Prior:
    """Read a prior that :func:`store` wrote."""
    with np.load(path) as stored:
        vocabulary = TermVocabulary(tuple(unpack(stored["terms"], stored["offsets"])), stored["pairs"], stored["idf"].astype(np.float64))
        return Prior(str(stored["about"]), vocabulary, stored["weights"].astype(np.float64))


def store(found: Prior, path: Path) -> None:
    """Write a prior, its numbers rounded."""
    terms, offsets = pack(found.vocabulary.terms)
    idf, weights = found.vocabulary.idf.astype(np.float32), found.weights.astype(np.float16)
    with atomic(path) as file:
        np.savez_compressed(
            file, about=np.array(found.about), terms=terms, offsets=offsets, pairs=found.vocabulary.pairs, idf=idf, weights=weights
        )
