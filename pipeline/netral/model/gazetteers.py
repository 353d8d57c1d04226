"""The gazetteers of elections, read from their files."""

from __future__ import annotations

from pathlib import Path

from netral.errors import InputError
from netral.files import read_yaml
from netral.text.gazetteer import Gazetteer


def read_gazetteer(path: str | Path) -> Gazetteer:
    """Read an election's gazetteer (``data/elections/<slug>.yaml``).

    Raises
    ------
    InputError
        If it cannot be read or is not of that shape.
    """
    content = read_yaml(Path(path))
    if isinstance(content, dict) and "proposed" in content:
        raise InputError(f"{path}: is a draft of `netral gazetteer`; move the right names to sides and parties, then delete `proposed`")
    try:
        return Gazetteer.from_mapping(content)
    except ValueError as error:
        raise InputError(f"{path}: {error}; expected election, sides and parties as in data/elections/") from error


def read_gazetteers(folder: Path) -> dict[str, Gazetteer]:
    """Read the gazetteer of every election that has one (``<slug>.yaml``), by its slug in small letters; none without a folder.

    Raises
    ------
    InputError
        If one cannot be used (a draft of `netral gazetteer` cannot), or its file is not named by its election.
    """
    if misnamed := next(iter(sorted(folder.glob("*.yml"))), None):
        raise InputError(f"{misnamed}: found a gazetteer that ends in .yml, expected .yaml; rename it")
    found = {path: read_gazetteer(path) for path in sorted(folder.glob("*.yaml"))}
    for path, gazetteer in found.items():
        if gazetteer.election != path.stem:
            raise InputError(f"{path}: is the gazetteer of {gazetteer.election}, expected one named {gazetteer.election}.yaml; rename it")
    by_slug: dict[str, Gazetteer] = {}
    for path, gazetteer in found.items():
        if gazetteer.election.lower() in by_slug:
            raise InputError(
                f"{path}: found a second gazetteer of {gazetteer.election.lower()}, which differs in capitals alone; join the two"
            )
        by_slug[gazetteer.election.lower()] = gazetteer
    return by_slug
