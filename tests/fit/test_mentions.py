"""What posts say around a word: counted once per distinct post, in any writing."""

from __future__ import annotations

from collections import Counter

from netral.fit.mentions import count, inside
from tests.building import HOSTILE


def test_each_distinct_post_counts_once():
    found = count(["kemarin Pak Sarwinda datang", "kemarin Pak Sarwinda datang", "hari ini pak sarwinda pulang"])
    assert found.total == 2
    assert found.posts["sarwinda"] == 2
    assert found.addressed == Counter({("pak", "sarwinda"): 2})
    assert found.led["sarwinda"] == 2


def test_capitals_count_within_sentences_alone():
    found = count(["kata Sarwinda begitu. Begitu katanya", "BERITA: SARWINDA MENANG DI KOTA"])
    assert (found.within["sarwinda"], found.capitals["sarwinda"]) == (1, 1)
    assert found.capitals["begitu"] == 0, "a sentence starts with it"


def test_names_side_by_side_and_joined_ones_are_told_apart():
    found = count(["kami dukung Sarwinda Prajaya", "menang bersama Sarwinda-Melur", "lalu Sarwinda dan Melur pulang"])
    assert found.follows == Counter({("sarwinda", "prajaya"): 1})
    assert found.joined == Counter({("sarwinda", "melur"): 2})


def test_parties_come_with_their_short_form():
    found = count(["kader Partai Obor Desa (POD) hadir", "di rumah Partai Obor Desa"])
    assert found.parties == Counter({"Obor Desa": 2})
    assert found.short["Obor Desa", "POD"] == 1


def test_a_word_inside_a_tag_counts_where_the_tag_is_more():
    tags = Counter({"#sarwindamenang": 3, "#sarwinda": 2, "#wind": 1})
    assert inside(["sarwinda", "win"], tags) == Counter({"sarwinda": 3})


def test_nothing_that_a_post_can_hold_raises():
    assert count(HOSTILE).total == len(set(HOSTILE))
