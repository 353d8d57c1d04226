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
        ValueError
            If the mapping is not of that shape (the reader of the file turns this into an error that names it).
        """
        if not isinstance(content, Mapping):
            raise ValueError(f"found {_shown(content)} in place of keys and values")
        for of, known in _KEYS.items():
            for part in _parts(content, of):
                if unknown := sorted(set(map(str, part)) - known):
                    raise ValueError(f"unknown key {unknown[0]!r}; known there are {', '.join(sorted(known))}")
        if not isinstance(election := content.get("election"), str | int) or not str(election).strip():
            raise ValueError(f"election is {_shown(election)}, expected its slug")
        sides = _parts(content, "sides")
        names = [name for person in _parts(content, "candidates") for name in (person.get("name"), *_listed(person, "aliases"))]
        parties = [name for party in _parts(content, "parties") for name in (party.get("name"), *_listed(party, "aliases"))]
        parties += [name for side in sides for name in _listed(side, "parties")]
        for name in (*names, *parties):
            if name is None:
                raise ValueError("a candidate or a party has no name")
            if not isinstance(name, str):
                raise ValueError(f"the name {name!r} is no text; put it in quotes")
            if not any(map(str.isalnum, fold(name))):
                raise ValueError(f"the name {name!r} holds no letter and no digit")
        slogans = [slogan for side in sides for slogan in _listed(side, "slogans")]
        handles = [handle for person in _parts(content, "candidates") for handle in _listed(person, "handles")]
        for kind, listed in (("slogan", slogans), ("handle", handles)):
            for each in listed:
                if not isinstance(each, str | int) or isinstance(each, bool):
                    raise ValueError(f"the {kind} {each!r} is no text; put it in quotes")
        accounts = [str(handle).lstrip("@") for handle in handles]
        return cls(str(election), _unique(names), _unique(parties), _unique(slogans), _unique(accounts))


def _parts(content: Mapping[str, Any], of: str) -> list[Mapping[str, Any]]:
    """The mappings of one kind in a gazetteer's content."""
    if not of:
        return [content]
    holders = _parts(content, "sides") if of == "candidates" else [content]
    found = [each for holder in holders for each in _listed(holder, of)]
    for each in found:
        if not isinstance(each, Mapping):
            raise ValueError(f"{of} lists {_shown(each)}, expected keys and values there: {', '.join(sorted(_KEYS[of]))}")
    return found


def _listed(content: Mapping[str, Any], key: str) -> list[Any]:
    """Return a list of the file; a single word in its place would be read letter by letter."""
    found = content.get(key) or []
    if not isinstance(found, list):
        raise ValueError(f"{key} is {_shown(found)}, expected a list: [{found!s:.60}]")
    return found


def _shown(content: Any) -> str:
    return "nothing" if content is None else f"{content!r:.60}"


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(fold(str(name)).split()) for name in names if str(name).strip()))
