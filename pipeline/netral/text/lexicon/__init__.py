"""The word lists of netral, as data files; each says in its header where it came from."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> dict[str, str]:
    """Read ``name``: lines of a form, a tab and what it stands for; ``#`` starts a comment.

    Returns
    -------
    dict of str to str
        Form to meaning, in the file's order.
    """
    lines = files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if line and not line.startswith("# "))
