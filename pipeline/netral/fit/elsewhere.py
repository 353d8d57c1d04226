"""What training may take from beyond the posts at hand: other labelled posts, neutral ones, names and places of words from unlabelled
ones, and what public posts with labels taught of words.

None of it is ever scored, calibrated on or tested on.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from netral import schema
from netral.errors import InputError
from netral.fit import names, prior, space
from netral.fit.corpus import Corpus, encode
from netral.fit.duplicates import group
from netral.fit.prepare import clean_all, prepare_clean, prepare_posts
from netral.fit.vocabulary import Prior, Space
from netral.model.gazetteers import read_gazetteers
from netral.params import Train

_MOST = 1_000_000  # unlabelled posts that are read; from 150,000 to 600,000 the AUC out of election rose by less than a point


def labelled(path: Path, elections: Path, posts: pd.DataFrame, near_duplicate: float) -> pd.DataFrame:
    """Read labelled posts that are learned from beside ``posts``.

    Parameters
    ----------
    path : Path
        File of labelled posts.
    elections : Path
        Folder of gazetteers.
    posts : DataFrame
        The posts at hand with ``text`` (clean); a near-duplicate of any of them is left out, as it may be asked about.
    near_duplicate : float
        Similarity of near-duplicates.

    Returns
    -------
    DataFrame
        ``text`` (clean), ``prepared``, ``bare`` (:func:`netral.fit.prepare.prepare_posts`) and ``label`` (partisan or neutral).

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    checked = schema.read(path)
    if checked.rejected:
        first = checked.rejected[0]
        raise InputError(f"{path}: {len(checked.rejected)} rows cannot be used (row {first['row']}: {first['reason']}); correct them")
    found = checked.accepted
    found = found[found.label.isin(("partisan", "neutral"))].reset_index(drop=True)
    prepared = prepare_posts(found.text.tolist(), found.election.tolist(), read_gazetteers(elections))
    new, _ = _new(prepared.text.tolist(), posts, near_duplicate)
    return prepared.assign(label=found.label)[new].reset_index(drop=True)


def neutral(source: Sequence[str], posts: pd.DataFrame, near_duplicate: float, most: int) -> pd.DataFrame:
    """Prepare neutral posts that are learned from beside ``posts``, such as news of another source.

    Parameters
    ----------
    source : sequence of str
        Posts as received, all of them neutral.
    posts : DataFrame
        The posts at hand with ``text`` (clean); a near-duplicate of any of them is left out, as it may be asked about.
    near_duplicate : float
        Similarity of near-duplicates; of those among ``source`` one is taken.
    most : int
        Posts to take; which ones follows from their texts, not from their order.

    Returns
    -------
    DataFrame
        ``text`` (clean), ``prepared`` and ``label`` (neutral), at most ``most`` rows.
    """
    drawn = sorted(dict.fromkeys(source), key=lambda each: hashlib.sha256(each.encode("utf-8", "replace")).digest())[: 2 * most]
    text = clean_all(drawn)  # twice as many as are needed: some are copies
    new, member = _new(text, posts, near_duplicate)
    first = np.zeros(len(text), bool)
    first[np.unique(member, return_index=True)[1]] = True
    chosen = [text[i] for i in np.flatnonzero(new & first)[:most]]
    return pd.DataFrame({"text": chosen, "prepared": prepare_clean(chosen), "label": "neutral"}, dtype=object)


def _new(text: Sequence[str], posts: pd.DataFrame, near_duplicate: float) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Say which texts are no near-duplicates of ``posts``; also the near-duplicate group of each."""
    member = group([*posts.text, *text] if len(text) else [], near_duplicate)
    return ~np.isin(member[len(posts) :], member[: len(posts)]), member[len(posts) :]


@dataclass(frozen=True)
class Auxiliary:
    """What other posts give to training.

    Attributes
    ----------
    names : frozenset of str
        Words that posts without labels write like proper names.
    space : Space, optional
        Places of words in them; None if the posts are too few.
    prior : Prior, optional
        What public posts with labels taught of words.
    """

    names: frozenset[str] = frozenset()
    space: Space | None = None
    prior: Prior | None = None

    def beside(self, corpus: Corpus, train: Train) -> Corpus:
        """Return the posts to learn from, together with this, each as much as the settings of training want."""
        space = self.space.scaled(train.space) if self.space and train.space else None
        prior = self.prior.scaled(train.prior) if self.prior and train.prior else None
        return dataclasses.replace(corpus, known_names=self.names, space=space, prior=prior)


def encoded(posts: pd.DataFrame, train: Train) -> Corpus:
    """Encode ``prepared`` posts, and how they read without a gazetteer (``bare``, where there is such a column and training wants it).

    Posts of one ``group``, if there is such a column, are near-duplicates; those below 0 are of none.
    """
    bare = posts.bare.fillna("").tolist() if train.bare and "bare" in posts else ()
    corpus = encode(posts.prepared.tolist(), train.stem, bare)
    if "group" not in posts:
        return corpus
    group = posts.group.to_numpy(np.int64)
    return dataclasses.replace(corpus, group=np.where(group < 0, -1 - np.arange(len(group)), group))


def auxiliary(train: Train, root: Path) -> Auxiliary:
    """Return what other posts give by the settings of training: what comes with netral, names and space of ``train.unlabelled`` if given.

    Raises
    ------
    InputError
        If ``train.unlabelled`` names no file of posts.
    """
    if train.unlabelled:
        return unlabelled(root / train.unlabelled, train)
    return bundled(train)


def bundled(train: Train) -> Auxiliary:
    """Return what comes with netral; its words were chosen with PySastrawi's list, which ``stem: none`` does without."""
    return Auxiliary(space=space.load(), prior=prior.load()) if train.stem != "none" else Auxiliary()


def unlabelled(path: Path, train: Train) -> Auxiliary:
    """Learn names and a space from posts without labels; the prior is the one that comes with netral.

    Parameters
    ----------
    path : Path
        CSV, JSONL or Parquet with a column ``text``.
    train : Train
        Where names are dropped, they get no place in the space.

    Raises
    ------
    InputError
        As of :func:`netral.schema.read_table`.
    """
    corpus = read_unlabelled(path, train.stem)
    known = corpus.written_as_names()
    return Auxiliary(known, space.learn(corpus, known | names.MASKED if train.names == "drop" else frozenset()), bundled(train).prior)


def read_unlabelled(path: Path, stem: str) -> Corpus:
    """Read and encode posts without labels; errors as of :func:`netral.schema.read_table`."""
    found = texts(path)
    clean = clean_all(found[:: max(1, -(-len(found) // _MOST))])
    return encode(prepare_clean(clean), stem)


def texts(path: Path) -> list[str]:
    """Return the column ``text`` of a file, as it stands there; errors as of :func:`netral.schema.read_table`."""
    return schema.read_table(path, ("text",)).text.tolist()


def table(path: Path, where: str = "") -> pd.DataFrame:
    """Read the posts of a file (:func:`netral.schema.read_table`), and of them the rows that the pandas query ``where`` names.

    Raises
    ------
    InputError
        If the file cannot be used, or the query is none.
    """
    frame = schema.read_table(path)
    if not where:
        return frame
    try:
        return frame.query(where).reset_index(drop=True)
    except (ValueError, TypeError, SyntaxError, NameError, LookupError, AttributeError) as error:  # may tell a text
        columns = ", ".join(map(str, frame.columns))
        raise InputError(f"{path}: cannot be read where {where!r}, expected a query of the columns {columns}; correct it") from error
