"""The names of one election, as its gazetteer (``data/elections/<slug>.yaml``) lists them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from netral.text.normalise import fold

# What a gazetteer's file may say, and where: a misspelt key would leave a name in every post.
_KEYS = {
    "": {"election", "title", "region", "voting_day", "sides", "parties"},
    "sides": {"number", "candidates", "parties", "slogans", "hashtags"},
    "candidates": {"name", "aliases", "handles"},
    "parties": {"name", "aliases"},
}


@dataclass(frozen=True)
class Gazetteer:
    """The targets of one election.

    Parameters
    ----------
    election : str
        Slug of the election.
    candidates, parties, slogans : tuple of str
        Names as they are written in posts; slogans are kept out of the placeholders but listed by reports.
    handles : tuple of str
        Accounts of candidates: who names one names its owner.
    """

    election: str
    candidates: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    slogans: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over all names, as 64 hex digits: part of a run's identity."""
        return hashlib.sha256(repr((self.election, self.candidates, self.parties, self.slogans, self.handles)).encode()).hexdigest()

    @classmethod
    def from_mapping(cls, content: Mapping[str, Any]) -> Gazetteer:
        """Build a gazetteer from the mapping of ``data/elections/<slug>.yaml``.

        Raises
        ------
        KeyError, TypeError, AttributeError, ValueError
            If the mapping is not of that shape (the reader of the file turns these into an error that names it).
        """
        for of, known in _KEYS.items():
            for part in _parts(content, of):
                if isinstance(part, Mapping) and (unknown := sorted(set(map(str, part)) - known)):
                    raise ValueError(f"unknown key {unknown[0]!r}; known there are {', '.join(sorted(known))}")
        sides = content.get("sides") or []
        people = [person for side in sides for person in side.get("candidates") or []]
        names = [name for person in people for name in (person["name"], *_listed(person, "aliases"))]
        parties = [name for party in content.get("parties") or [] for name in (party["name"], *_listed(party, "aliases"))]
        parties += [name for side in sides for name in _listed(side, "parties")]
        for name in (*names, *parties):
            if not isinstance(name, str):
                raise ValueError(f"the name {name!r} is no text; put it in quotes")
            if not any(map(str.isalnum, fold(name))):
                raise ValueError(f"the name {name!r} holds no letter and no digit")
        slogans = [slogan for side in sides for slogan in _listed(side, "slogans")]
        handles = [str(handle).lstrip("@") for person in people for handle in _listed(person, "handles")]
        return cls(str(content["election"]), _unique(names), _unique(parties), _unique(slogans), _unique(handles))


def _parts(content: Mapping[str, Any], of: str) -> list[Mapping[str, Any]]:
    """The mappings of one kind in a gazetteer's content."""
    sides = content.get("sides") or []
    people = [person for side in sides for person in side.get("candidates") or []]
    return {"": [content], "sides": sides, "candidates": people, "parties": content.get("parties") or []}[of]


def _listed(content: Mapping[str, Any], key: str) -> list[Any]:
    """Return a list of the file; a single word in its place would be read letter by letter."""
    found = content.get(key) or []
    if not isinstance(found, list):
        raise ValueError(f"{key} is {found!r}, expected a list: [{found}]")
    return found


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(fold(str(name)).split()) for name in names if str(name).strip()))
