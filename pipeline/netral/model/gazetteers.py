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
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: is no gazetteer ({error!r}); expected election, sides and parties as in data/elections/") from error


def read_gazetteers(folder: Path) -> dict[str, Gazetteer]:
    """Read the gazetteer of every election that has one (``<slug>.yaml``); none where there is no such folder.

    Raises
    ------
    InputError
        If one cannot be used; a draft of `netral gazetteer` cannot.
    """
    return {path.stem: read_gazetteer(path) for path in sorted(folder.glob("*.yaml"))}
