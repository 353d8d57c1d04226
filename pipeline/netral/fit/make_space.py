"""Make the space of words that comes with netral: places of common words, learned once from public posts without labels.

It holds no posts and no names: only slang, emoji, placeholders and words that stem to a root of PySastrawi's dictionary,
in 40 posts or more and seldom written with a capital within sentences.

Run: ``python -m netral.fit.make_space POSTS``
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netral.fit import elsewhere, space
from netral.fit.corpus import Corpus
from netral.fit.vocabulary import Space
from netral.model.model import stemmer
from netral.text.lexicon import table
from netral.text.words import is_word

#: Posts that a word must stand in to have a place.
LEAST = 40
#: A word with this share of capitals within sentences is left out: half of what makes a name for training.
NAME_SHARE = 0.25


def choose(corpus: Corpus) -> Space | None:
    """Learn the space of a corpus and keep the words that may be published; None if too few words are frequent enough."""
    found = space.learn(corpus, corpus.written_as_names(NAME_SHARE), LEAST)
    if found is None:
        return None
    stem, forms = stemmer("sastrawi"), {*table("slang.tsv").values(), *table("negation.tsv").values()}
    kept = [i for i, term in enumerate(found.terms) if not is_word(term) or term in forms or stem.is_root(stem(term))]
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
        raise typer.BadParameter(f"{posts}: found too few words that stand in {LEAST} posts or more; take more posts")
    space.store(found, f"{about or posts.name}: {len(corpus):,} posts, {len(found.terms):,} words", out)


if __name__ == "__main__":
    typer.run(main)
