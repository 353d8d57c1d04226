"""Labels that public posts were given with the labelling guide: file and id of each post, never its text.

Who has the posts can use them; nobody else learns anything of their authors.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from netral.errors import InputError
from netral.schema import read_table

#: `opinion` is praise or blame without an election: neutral by the guide, but close to what is not.
LABELS = ("partisan", "opinion", "neutral", "uncertain")
#: Which labels posts were given; read by people who have these posts.
FILE = Path("data/by-guide.parquet")


def read(posts: Path, labels: Path = FILE) -> pd.DataFrame:
    """Read the posts of a file that were labelled by the guide.

    Parameters
    ----------
    posts : Path
        CSV, JSONL or Parquet with columns ``id`` and ``text``; the labels know it by its name.
    labels : Path
        Parquet with columns ``file``, ``id``, ``label`` and ``again`` (the label of a second reading, mostly none).

    Returns
    -------
    DataFrame
        The rows of ``posts`` that have a label, with all their columns, ``label`` as ``given`` where they came with one,
        ``label`` (one of :data:`LABELS`; `uncertain` where two readings differ), ``first`` and ``again``.

    Raises
    ------
    InputError
        If a file cannot be read or has no such columns, or no post of it has a label.
    """
    found = read_table(posts).drop(columns=["first", "again"], errors="ignore")
    if "id" not in found:
        raise InputError(f"{posts}: found columns {', '.join(map(str, found.columns))}, expected one named id")
    found = found.dropna(subset="id").rename(columns={"label": "given"})
    if found.id.duplicated().any():
        raise InputError(f"{posts}: found the id {found.id[found.id.duplicated()].iloc[0]!r} twice, expected it once; correct the file")
    known = _read_labels(labels)
    found = found.merge(known[known.file == posts.name].drop(columns="file"), on="id")
    if found.empty:
        raise InputError(f"{labels}: holds no label of a post in {posts.name}; name a file that was labelled, under its own name")
    differ = found.again.notna() & (found.again != found.label)
    return found.assign(first=found.label, label=found.label.mask(differ, "uncertain"))


def _read_labels(path: Path) -> pd.DataFrame:
    try:
        found = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({' '.join(str(error).split())}); name the file of labels") from error
    if missing := {"file", "id", "label", "again"} - {*found.columns}:
        raise InputError(f"{path}: found no column {min(missing)}; name the file of labels")
    if not found.label.isin(LABELS).all() or not found.again.dropna().isin(LABELS).all():
        raise InputError(f"{path}: found other labels than {', '.join(LABELS)}; correct them")
    if found.duplicated(["file", "id"]).any():
        raise InputError(f"{path}: found a post with two labels, expected one and the second reading in `again`; correct the file")
    return found
