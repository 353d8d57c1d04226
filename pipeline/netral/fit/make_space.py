"""Make the space of words that comes with netral: places of common words, learned once from public posts without labels.

It holds no posts and no person's name: only placeholders of targets, emoji and words that may be published (:mod:`netral.fit.published`),
in 40 posts or more.

Run: ``python -m netral.fit.make_space POSTS``
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from netral.fit import elsewhere, space
from netral.fit.corpus import Corpus
from netral.fit.published import NAME_SHARE, is_published
from netral.fit.vocabulary import Space

#: Posts that a word must stand in to have a place.
MIN_DF = 40


def choose(corpus: Corpus) -> Space | None:
    """Learn the space of a corpus and keep the words that may be published; None if too few words are frequent enough."""
    found = space.learn(corpus, min_df=MIN_DF)
    if found is None:
        return None
    kept = np.flatnonzero(is_published(list(found.terms), corpus.written_as_names(NAME_SHARE)))
    return Space(tuple(found.terms[i] for i in kept), found.vectors[kept], found.idf[kept])


def main(
    posts: Annotated[Path, typer.Argument(help="Posts without labels: a file with a column text.")],
    out: Annotated[Path, typer.Option(help="Where the space is written.")] = space.BUNDLED,
    about: Annotated[str, typer.Option(help="What the posts are; kept in the file.")] = "",
) -> None:
    """Learn the space that comes with netral anew."""
    corpus = elsewhere.read_unlabelled(posts, "sastrawi")
    found = choose(corpus)
    if found is None:
        raise typer.BadParameter(f"{posts}: found too few words that stand in {MIN_DF} posts or more; take more posts")
    space.store(found, f"{about or posts.name}: {len(corpus):,} posts, {len(found.terms):,} words", out)


if __name__ == "__main__":
    typer.run(main)
