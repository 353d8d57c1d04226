"""Proposed names: the candidates of the bundled elections are among them, and what is private or everyday is not."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest
import yaml

from netral.fit.mentions import ADDRESSES, count
from netral.fit.propose import PUBLIC, Proposal, dictionary, propose
from tests.building import ELECTIONS, RAW

LIMIT = 20


@cache
def everyday():
    return dictionary()


@cache
def proposed(election: str) -> Proposal:
    raw = pd.read_csv(RAW, dtype=str, keep_default_na=False)
    return propose(count(raw.text[raw.election == election]), everyday(), LIMIT)


def words(*names: str) -> set[str]:
    return {word.lower() for name in names for word in name.split()} - ADDRESSES


def candidates(election: str) -> list[set[str]]:
    content = yaml.safe_load((ELECTIONS / f"{election}.yaml").read_text(encoding="utf-8"))
    return [words(each["name"], *each.get("aliases", [])) for side in content["sides"] for each in side["candidates"]]


SLUGS = sorted(path.stem for path in ELECTIONS.glob("*.yaml"))


@pytest.mark.parametrize("election", SLUGS)
def test_three_of_four_candidates_of_every_bundled_election_are_proposed(election):
    found = [words(person.name, *person.aliases) for person in proposed(election).people]
    hits = [any(names & one for one in found) for names in candidates(election)]
    assert sum(hits) >= 0.75 * len(hits)


def test_over_all_bundled_elections_nine_of_ten_are_found_and_three_of_four_proposals_are_right():
    found = right = everyone = guesses = 0
    for election in SLUGS:
        people = [words(person.name, *person.aliases) for person in proposed(election).people]
        gold = candidates(election)
        found += sum(any(names & one for one in people) for names in gold)
        right += sum(any(names & one for names in gold) for one in people)
        everyone, guesses = everyone + len(gold), guesses + len(people)
    assert found >= 0.9 * everyone
    assert right >= 0.75 * guesses


def test_the_parts_of_a_name_and_its_short_forms_are_one_person():
    posts = [f"hari ke-{i} kami dukung Pak Sarwin, calon Sarwinda Prajaya, untuk Wanasari" for i in "abcdef"]
    (person,) = propose(count(posts), everyday()).people
    assert person.name == "Sarwinda Prajaya"
    assert {"Sarwinda", "Pak Sarwin"} <= set(person.aliases)


def test_places_offices_and_everyday_words_are_no_people():
    posts = [f"warga di Wanasari {i} minta KPU dan Bawaslu menata Pasar di Wanasari, kata Presiden" for i in "abcdef"]
    assert propose(count(posts), everyday()).people == []


def test_handles_and_tags_of_few_are_left_out_and_those_of_many_go_to_their_person():
    posts = [f"ayo dukung Pak Sarwinda hari {i} @sarwinda_resmi #MenangkanSarwinda #DesaMaju" for i in "abcdef"]
    posts += [f"tanya @tetangga{i} soal Pak Sarwinda {i} #punyaku{i}" for i in "abcdef"]
    found = propose(count(posts), everyday())
    assert found.people[0].handles == ["@sarwinda_resmi"]
    assert found.people[0].hashtags == ["#menangkansarwinda"]
    assert found.hashtags == ["#desamaju"]
    assert len(posts) // 2 >= PUBLIC


def test_unknown_parties_are_told_from_known_ones():
    posts = [f"kader Partai Obor Desa dan Partai Hanura hadir {i}" for i in "abc"]
    found = propose(count(posts), everyday()).parties
    assert [(party.name, party.known) for party in found] == [("Partai Obor Desa", False), ("Partai Hanura", True)]


def test_no_posts_give_no_names():
    assert propose(count([]), everyday()) == Proposal(0, [], [], [])


@pytest.mark.real
def test_candidates_and_running_mates_of_a_real_election_come_first(real_data):
    posts = pd.read_csv(real_data / "social-pulse-2024.csv")
    found = propose(count(posts.text.astype(str)), everyday(), 8).people
    first = words(*(name for person in found for name in (person.name, *person.aliases)))
    assert {"anies", "muhaimin", "prabowo", "gibran", "ganjar", "mahfud"} <= first
