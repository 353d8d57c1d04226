"""Make the prior that comes with netral: log-odds of common words, learned once from public posts that were read with the labelling guide.

It holds no posts and no person's name: candidates are replaced by the placeholder (``public.yaml``, a gazetteer of public
facts), and of the rest only marks, emoji and words that may be published (:mod:`netral.fit.published`) are learned from, and
pairs of them, in ten posts or more that are no near-duplicates of each other.

Run: ``python -m netral.fit.make_prior corpus.parquet`` (the labels know the posts by the name of their file)
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from numpy.typing import NDArray

from netral.fit import by_guide, prior
from netral.fit.classifier import fit
from netral.fit.corpus import Corpus, encode
from netral.fit.duplicates import group
from netral.fit.prepare import prepare_posts
from netral.fit.published import NAME_SHARE, is_published
from netral.fit.vocabulary import Prior
from netral.model.gazetteers import read_gazetteer
from netral.params import CONTEXTS, Family, Train
from netral.text.gazetteer import Gazetteer

#: Candidates of the elections that the posts are about.
GAZETTEER = Path(__file__).with_name("public.yaml")
#: Posts that a term or a pair must stand in.
MIN_DF = 10
_TRAIN = Train(names="drop", interaction=CONTEXTS, bare=False, words=Family((1, 2), MIN_DF, 1_000_000))
_C = 0.3  # the penalty of 22,000 features in each context on 67,000 posts: with 1 and 3, headlines and campaign were parted worse
_ALIKE = 0.7  # similarity of near-duplicates
_OPINIONS = 0.3  # share of `opinion` that is learned as neutral: flags on it fall by a third, those on partisan posts by a twentieth
_OTHERS = 0.2  # share of posts that are not about politics: with all of them a model parts topics rather than sides


def learn(corpus: Corpus, partisan: NDArray[np.bool_], about: str) -> Prior:
    """Learn the prior of posts from what may be published of them alone."""
    items = corpus.items.names
    published = is_published(items, corpus.written_as_names(NAME_SHARE))
    hidden = frozenset(item.removeprefix("#") for item, good in zip(items, published, strict=True) if item and not good)
    pipeline = fit(dataclasses.replace(corpus, known_names=hidden), partisan, ("words",), _C, _TRAIN)
    words = pipeline["features"].vocabulary_["words"]
    weights = pipeline["classifier"].coef_[0].reshape(1 + len(CONTEXTS), -1)
    return Prior(f"{about}: {len(corpus):,} posts, {len(words.idf):,} terms and pairs", words, weights)


def read(posts: Path, labels: Path, gazetteer: Gazetteer) -> tuple[Corpus, NDArray[np.bool_]]:
    """Read posts and their labels, of near-duplicates one, the names of ``gazetteer`` replaced; say which are partisan.

    The guide calls `opinion` neutral, and it is near to what is not: a part of it is learned from, and of the posts that are not
    about politics, where the file says which these are, a part whatever their label.
    """
    found = by_guide.read(posts, labels)
    drawn = pd.util.hash_array(found.id.to_numpy(object)) / 2.0**64
    taken = found.label.isin(("partisan", "neutral")) | ((found.label == "opinion") & (drawn < _OPINIONS))
    if "political" in found:
        taken &= found.political | (drawn < _OTHERS)
    found = found[taken]
    posts_of = prepare_posts(found.text.tolist(), [gazetteer.election] * len(found), {gazetteer.election: gazetteer})
    first = np.unique(group(posts_of.text.tolist(), _ALIKE), return_index=True)[1]
    return encode(posts_of.prepared.iloc[first].tolist(), "sastrawi"), (found.label == "partisan").to_numpy()[first]


def main(
    posts: Annotated[Path, typer.Argument(help="Posts: a file with columns id and text.")],
    labels: Annotated[Path, typer.Option(help="Their labels by the guide: file, id, label, again.")] = by_guide.FILE,
    names: Annotated[Path, typer.Option(help="Gazetteer of the elections that the posts are about.")] = GAZETTEER,
    out: Annotated[Path, typer.Option(help="Where the prior is written.")] = prior.BUNDLED,
    about: Annotated[str, typer.Option(help="What the posts are; kept in the file.")] = "",
) -> None:
    """Learn the prior that comes with netral anew."""
    prior.store(learn(*read(posts, labels, read_gazetteer(names)), about or posts.name), out)


if __name__ == "__main__":
    typer.run(main)
