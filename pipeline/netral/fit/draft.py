"""A proposal as the draft of a gazetteer: YAML to be edited, and refused as a gazetteer until a person has done so.

The draft holds proposed names and counts, never words of a post: posts are other people's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from netral.fit.propose import Party, Person, Proposal

_HEAD = """# Draft of a gazetteer, from {posts:,} distinct posts. Every name below is a guess, most likely first.
# 1. Fill in election, title and one side per ballot number.
# 2. Move the lines of those who stand under `candidates`, their parties under `parties`; correct them. An alias that is an everyday
#    word is masked wherever it stands, in every post: keep it only if people rarely mean the word.
# 3. Delete `proposed` and all below it: a file that has it is refused.
election: {election}
title: ""
sides:
  - number: 1
    candidates: []
    parties: []
    slogans: []
    hashtags: []
parties: []
proposed:"""


def render(proposal: Proposal, election: str) -> str:
    """Write the draft.

    Parameters
    ----------
    proposal : Proposal
    election : str
        Slug, the name of the file without ``.yaml``.
    """
    known = [party for party in proposal.parties if party.known]
    lines = [_HEAD.format(posts=proposal.posts, election=_quoted(election))]
    lines += _section("people", [_person(person) for person in proposal.people])
    lines += _section("parties", [_party(party) for party in proposal.parties if not party.known])
    if known:
        lines.append(f"  # masked without a gazetteer: {', '.join(f'{party.name} ({party.posts})' for party in known)}")
    lines += _section("hashtags", [f"    - {_quoted(tag)}" for tag in proposal.hashtags])
    return "\n".join(lines) + "\n"


def _section(name: str, lines: Sequence[str]) -> list[str]:
    return [f"  {name}:", *lines] if lines else [f"  {name}: []"]


def _person(person: Person) -> str:
    parts = [f"name: {_quoted(person.name)}"]
    parts += [f"{key}: {_list(values)}" for key, values in (("aliases", person.aliases), ("handles", person.handles)) if values]
    evidence = [f"{person.posts:,} posts"]
    evidence += [f"introduced {person.led:,} times"] if person.led else []
    evidence += [f"{person.capitals:.0%} with a capital"] if person.capitals else []
    evidence += [f"beside {', '.join(person.beside[:2])}"] if person.beside else []
    evidence += [f"also everyday words: {', '.join(person.everyday)}"] if person.everyday else []
    lines = [f"    - {{{', '.join(parts)}}} # {'; '.join(evidence)}"]
    if person.hashtags:
        lines.append(f"    #   hashtags with this name: {' '.join(person.hashtags[:5])}")
    return "\n".join(lines)


def _party(party: Party) -> str:
    aliases = f", aliases: {_list(party.aliases)}" if party.aliases else ""
    return f"    - {{name: {_quoted(party.name)}{aliases}}} # {party.posts:,} times"


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string, whatever it holds
