"""The draft of a gazetteer: YAML of names and counts, refused until a person has edited it."""

from __future__ import annotations

import pytest
import yaml

from netral.errors import InputError
from netral.fit import draft
from netral.fit.propose import Party, Person, Proposal
from netral.model.gazetteers import read_gazetteer

FOUND = Proposal(
    12,
    [
        Person("Sarwinda Prajaya", ["Sarwinda", 'Pak "Win"'], 9, 4, 0.8, ["@sarwinda_resmi"], ["#sarwindamenang"], ["Melur"], []),
        Person("Melur", [], 3, 0, 0.0, everyday=["Melur"]),
    ],
    [Party("Partai Obor Desa", ["POD"], 3, False), Party("Partai Hanura", [], 2, True)],
    ["#desamaju"],
)


def test_a_draft_is_no_gazetteer(tmp_path):
    path = tmp_path / "draft.yaml"
    path.write_text(draft.render(FOUND, "pilkada-2031-sukarasa"))
    with pytest.raises(InputError, match="draft of `netral gazetteer`"):
        read_gazetteer(path)


def test_once_its_lines_are_in_place_it_is_one(tmp_path):
    content = yaml.safe_load(draft.render(FOUND, "pilkada-2031-sukarasa"))
    proposed = content.pop("proposed")
    content["sides"][0]["candidates"] = proposed["people"][:1]
    content["parties"] = proposed["parties"]
    path = tmp_path / "done.yaml"
    path.write_text(yaml.safe_dump(content))
    names = read_gazetteer(path)
    assert names.election == "pilkada-2031-sukarasa"
    assert names.candidates == ("Sarwinda Prajaya", "Sarwinda", 'Pak "Win"')
    assert names.parties == ("Partai Obor Desa", "POD")


def test_evidence_stands_beside_each_name():
    written = draft.render(FOUND, "x")
    assert "9 posts; introduced 4 times; 80% with a capital; beside Melur" in written
    assert "also everyday words: Melur" in written
    assert "masked without a gazetteer: Partai Hanura (2)" in written


def test_an_empty_proposal_is_a_draft_too():
    content = yaml.safe_load(draft.render(Proposal(0, [], [], []), "none"))
    assert content["proposed"] == {"people": [], "parties": [], "hashtags": []}
