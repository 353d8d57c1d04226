"""What training may take from beyond the labelled posts at hand: other labelled posts, neutral ones, names from unlabelled ones.

None of it is ever scored, calibrated on or tested on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from netral import schema
from netral.errors import InputError
from netral.fit import names
from netral.fit.duplicates import group
from netral.fit.prepare import clean_all, prepare_all
from netral.model.model import read_gazetteer

_MOST = 200_000  # unlabelled posts that are read for names; more change little


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
        ``text`` (clean), ``prepared`` and ``label`` (partisan or neutral).

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    found = schema.read(path).accepted
    found = found[found.label.isin(("partisan", "neutral"))].reset_index(drop=True)
    text = clean_all(found.text.tolist())
    new, _ = _new(text, posts, near_duplicate)
    gazetteers = {each.stem: read_gazetteer(each) for each in sorted(elections.glob("*.yaml"))}
    prepared = pd.Series(prepare_all(text, found.election.tolist(), gazetteers), dtype=object)
    return pd.DataFrame({"text": pd.Series(text, dtype=object), "prepared": prepared, "label": found.label})[new].reset_index(drop=True)


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
    prepared = prepare_all(chosen, [""] * len(chosen), {})
    return pd.DataFrame({"text": chosen, "prepared": prepared, "label": ["neutral"] * len(chosen)}, dtype=object)


def _new(text: Sequence[str], posts: pd.DataFrame, near_duplicate: float) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Say which texts are no near-duplicates of ``posts``; also the near-duplicate group of each."""
    member = group([*posts.text, *text] if len(text) else [], near_duplicate)
    return ~np.isin(member[len(posts) :], member[: len(posts)]), member[len(posts) :]


def unlabelled_names(path: Path) -> frozenset[str]:
    """Return the words that unlabelled posts write like proper names.

    Parameters
    ----------
    path : Path
        Parquet, CSV or JSONL with a column ``text``.

    Raises
    ------
    InputError
        If there is no such file or column.
    """
    found = texts(path)
    prepared = clean_all(found[:: max(1, -(-len(found) // _MOST))])
    prepared = prepare_all(prepared, [""] * len(prepared), {})
    words, *uses = names.count(prepared)
    return frozenset(words[i] for i in np.flatnonzero(names.are_names(*uses)))


def texts(path: Path) -> list[str]:
    """Return the column ``text`` of a file; errors as of :func:`table`."""
    return [str(text) for text in table(path).text.dropna()]


def table(path: Path, where: str = "") -> pd.DataFrame:
    """Read a file with a column ``text``, and the rows of it that the pandas query ``where`` names.

    Raises
    ------
    InputError
        If there is no such file or column, or the query is none.
    """
    readers = {".parquet": pd.read_parquet, ".csv": pd.read_csv, ".jsonl": lambda file: pd.read_json(file, lines=True)}
    if path.suffix not in readers:
        raise InputError(f"{path}: found a file of kind {path.suffix or 'unknown'!r}, expected .parquet, .csv or .jsonl; convert it")
    try:
        frame = readers[path.suffix](path)
        frame = frame.query(where) if where else frame
    except (OSError, ValueError, TypeError, SyntaxError, NameError) as error:
        raise InputError(f"{path}: cannot be read ({' '.join(str(error).split())}); name another file or correct the query") from error
    if "text" not in frame:
        raise InputError(f"{path}: found columns {', '.join(map(str, frame.columns))}, expected one named text")
    return frame.reset_index(drop=True)
