"""The gazetteers of a folder, by election."""

from __future__ import annotations

from pathlib import Path

from netral.model.model import read_gazetteer
from netral.text.gazetteer import Gazetteer


def read_gazetteers(folder: Path) -> dict[str, Gazetteer]:
    """Read the gazetteer of every election that has one (``<slug>.yaml``); none where there is no such folder.

    Raises
    ------
    InputError
        If one cannot be used; a draft of `netral gazetteer` cannot.
    """
    return {path.stem: read_gazetteer(path) for path in sorted(folder.glob("*.yaml"))}
