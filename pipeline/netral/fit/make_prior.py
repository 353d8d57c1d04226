"""Make the prior that comes with netral: log-odds of common words, learned once from public posts that were read with the labelling guide.

It holds no posts and no names: candidates are replaced by the placeholder (``public.yaml``, a gazetteer of public facts),
and of the rest only marks, emoji and words that may be published (:mod:`netral.fit.published`) are learned from, and pairs
of them, in ten posts or more.

Run: ``python -m netral.fit.make_prior POSTS``
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from netral import schema
from netral.fit import prior
from netral.fit.classifier import fit
from netral.fit.corpus import Corpus, encode
from netral.fit.prepare import clean_all, prepare_all
from netral.fit.published import NAME_SHARE, is_published
from netral.fit.vocabulary import Prior
from netral.model.model import read_gazetteer
from netral.params import Family, Train

#: Candidates of the elections that the posts are about.
GAZETTEER = Path(__file__).with_name("public.yaml")
#: Posts that a term or a pair must stand in.
LEAST = 10
_TRAIN = Train(words=Family((1, 2), LEAST, 1_000_000), bare=False)
_C = 0.3


def learn(corpus: Corpus, partisan: NDArray[np.bool_], names: frozenset[str]) -> Prior:
    """Learn the prior of posts from what may be published of them alone; ``names`` may not, whatever else they mean."""
    items = corpus.items.names
    published = is_published(items, corpus.written_as_names(NAME_SHARE))
    hidden = names | frozenset(item.removeprefix("#") for item, good in zip(items, published, strict=True) if item and not good)
    pipeline = fit(dataclasses.replace(corpus, known_names=hidden), partisan, ("words",), _C, _TRAIN)
    words = pipeline["features"].vocabulary_["words"]
    frequency = np.rint((1.0 + len(corpus)) / np.exp(words.idf - 1.0) - 1.0).astype(np.int64)
    return Prior(
        words.terms, words.pairs, np.where(words.idf > 0, frequency, 0), len(corpus), pipeline["classifier"].coef_[0].reshape(2, -1)
    )


def main(
    posts: Annotated[Path, typer.Argument(help="Labelled posts: a file with columns id, text and label.")],
    gazetteer_file: Annotated[Path, typer.Option("--gazetteer", help="Names of those elections.")] = GAZETTEER,
    out: Annotated[Path, typer.Option(help="Where the prior is written.")] = prior.BUNDLED,
    about: Annotated[str, typer.Option(help="What the posts are; kept in the file.")] = "",
) -> None:
    """Learn the prior that comes with netral anew."""
    found = schema.read(posts).accepted
    found = found[found.label.isin(("partisan", "neutral"))]
    gazetteer = read_gazetteer(gazetteer_file)
    prepared = prepare_all(clean_all(found.text.tolist()), [gazetteer.election] * len(found), {gazetteer.election: gazetteer})
    learned = learn(encode(prepared, "sastrawi"), (found.label == "partisan").to_numpy(), frozenset(map(str.lower, gazetteer.candidates)))
    prior.store(learned, f"{about or posts.name}: {learned.posts:,} posts, {len(learned.frequency):,} terms and pairs", out)


if __name__ == "__main__":
    typer.run(main)
