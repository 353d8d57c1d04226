"""Who is named: words with a capital within a sentence, whoever they name."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral.text import pairs
from netral.text.analyser import encoder, stemmer
from netral.text.encode import CANDIDATE_ID, Encoder
from netral.text.targets import Targets
from netral.text.words import Tokeniser

COMMON = ["bawaslu", "rabu", "menang", "se-kecamatan"]


def named(tokenise: Tokeniser, text: str) -> list[str]:
    """The names of a post, the same on both roads."""
    encoder = Encoder(tokenise, Targets(None), COMMON)
    found = []
    for encoded in (encoder.encode([text]), encoder.encode_prepared([encoder.prepare(text)])):
        found.append([encoder.items[i] for i in encoded.items[encoded.named]])
        assert not encoded.anonymous().named.any()
    assert found[0] == found[1], "both roads see the same"
    return found[0]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ayo pilih Tarjo rabu besok", ["tarjo"]),
        ("jangan pilih Tarjo Wibisana, dia lupa janji", ["tarjo", "wibisana"]),
        ("kami, Sartinah dan kawan-kawan", ["sartinah"]),
        ("bersama (Tarjo-Sartinah) kita bisa", ["tarjo-sartinah"]),
        ("bersama Tarjo–Sartinah kita bisa", ["tarjo", "sartinah"]),
        ("bersama Tarjo! kita bisa", ["tarjo"]),  # a mark is no name
        ("bersama Tarjo?! kita bisa", ["tarjo"]),
        ("kami dukung dr. Tarjo", ["tarjo"]),
        ("kami dukung H. Tarjo", ["h", "tarjo"]),
        ("kabar dari Tarjo", ["tarjo"]),  # "dari" addresses nobody
        ("kami warga Tarjo memilih", []),  # a place
        ("kami di \u200b Tarjo besok", []),
        ("kata wali kota Tarjo begitu", ["tarjo"]),
        ("kata kepala desa Tarjo begitu", ["tarjo"]),
        ("kumpul di Tegalmanis, Tarjo datang", ["tarjo"]),
        ("dukungan kami ke Tarjo", ["tarjo"]),
        ("belajar di Ustaz Tarjo saja", ["ustaz", "tarjo"]),
        ("kami dukung PDIP besok", ["<PARTAI>"]),
        ("kami di Tarjo dukung Sartinah", ["sartinah"]),
        ("lapor ke Bawaslu hari Rabu", []),  # on the list of common words
        ("Menang. Tarjo datang", []),  # a sentence begins
        ("mari bung! Tarjo datang", []),
        ("kata KPU TARJO kalah", []),  # shouted: an office or an angry person
        ("takmir se-Kecamatan Tarjo", []),
        ("kata si Ani begitu", []),  # short words are not looked at
        ("kata pak Ani begitu", ["bapak", "ani"]),  # but behind an address
        ("kata pak tarjo, mbak", ["bapak", "tarjo"]),
        ("kata ustadz tarjo dan pakde karto", ["ustadz", "tarjo", "pakde", "karto"]),
        ("kami dukung Om Tarjo", ["om", "tarjo"]),
        ("minum teh tarik, om tarjo", []),  # each is a word of its own, too
        ("kata pak bawaslu, bu 2, mas 😂 mbak #tarjo", []),
        ("minum teh tarjo", []),  # no address alone
        ("kata Pak Menang begitu", ["bapak", "menang"]),  # whatever the dictionary says
        ("kata pak menang begitu", []),
        ("kata Pak Lurah, Bapak Ibu sekalian", []),
        ("kata Pak Haji Tarjo", ["haji", "tarjo"]),
        ("kata Pak Tarjo begitu", ["bapak", "tarjo"]),
        ("Warga Desa Dukung Tarjo", []),  # a title
        ("dukung tarjo", []),
        ("lihat #Tarjo dan https://Tarjo.id juga @Tarjo ya", []),
        ("dukung \u200b Tarjo", ["tarjo"]),  # what is dropped between two words does not part them
        ("dukung\nTarjo", ["tarjo"]),
        ("", []),
        ("Tarjo", []),
    ],
)
def test_a_capital_within_a_sentence_names_somebody(tokenise: Tokeniser, text: str, names: list[str]) -> None:
    assert named(tokenise, text) == names


def test_what_is_not_part_of_a_name_is_not_lost(tokenise: Tokeniser) -> None:
    encoder = Encoder(tokenise, Targets(None), COMMON)
    encoded = encoder.encode(["kabar dari Tarjo! menang"]).anonymous()
    assert [encoder.items[i] for i in encoded.items[:-1]] == ["kabar", "dari", "<CALON>", "!", "menang"]


def test_a_given_name_is_no_common_word_though_it_is_a_root() -> None:
    text = "kami dukung Bambang, bukan Bintang"
    whole = encoder(stemmer("sastrawi", {}), None)
    encoded = whole.encode([text])
    assert [whole.items[i] for i in encoded.items[encoded.named]] == ["bambang"]


def test_without_the_list_of_roots_nothing_made_with_it_is_used() -> None:
    whole = encoder(stemmer("none", {}), None)
    encoded = whole.encode(["lihat Minute besok"])  # in the table of stems alone
    assert [whole.items[i] for i in encoded.items[encoded.named]] == ["minute"]


def test_a_name_of_several_words_is_one_candidate(tokenise: Tokeniser) -> None:
    encoder = Encoder(tokenise, Targets(None), COMMON)
    posts = ["kami dukung Tarjo besok", "kami dukung Mas Tarjo besok", "kami dukung bu Sartinah Wibisana–Tarjo Kusumo besok"]
    encoded = encoder.encode(["", *posts, ""]).anonymous()
    items = [[encoder.items[i] for i in post[:-1]] for post in np.split(encoded.items, encoded.ends[:-1] + 1)]
    assert items == [[], *[["kami", "dukung", "<CALON>", "besok"]] * 3, []]


def test_a_post_does_not_go_on_in_the_next_one(tokenise: Tokeniser) -> None:
    encoder = Encoder(tokenise, Targets(None), COMMON)
    assert not encoder.encode(["kami dukung", "Tarjo datang"]).named.any()


def test_the_placeholder_keeps_its_id_when_chunks_are_forgotten(tokenise: Tokeniser) -> None:
    encoder = Encoder(tokenise, Targets(None), COMMON, max_chunks=7)
    for number in range(50):
        encoded = encoder.encode([f"kami pilih Tarjo{chr(97 + number % 26)} nomor{number}x bawaslu"])
        assert encoder.items[CANDIDATE_ID] == "<CALON>"
        assert encoded.named.sum() == 1


@given(st.lists(st.lists(st.integers(-1, 4), max_size=9), max_size=5))
def test_pairs_are_neighbours_and_what_is_near_a_candidate(posts: list[list[int]]) -> None:
    candidate = 3
    ids = np.array([id_ for post in posts for id_ in [*post, -1]], np.int32)
    rows = np.array([row for row, post in enumerate(posts) for _ in [*post, -1]], np.int64)
    first, second = pairs.find(ids, rows, candidate)
    expected = {
        (i, j)
        for i in range(len(ids))
        for j in range(i + 1, min(i + 1 + pairs.REACH, len(ids)))
        if rows[i] == rows[j] and min(ids[i], ids[j]) >= 0 and (j == i + 1 or (ids[i] == candidate) != (ids[j] == candidate))
    }
    assert len(first) == len(expected)
    assert set(zip(first.tolist(), second.tolist(), strict=True)) == expected


def test_without_a_candidate_neighbours_alone_make_pairs() -> None:
    first, second = pairs.find(np.array([1, 2, -1, 4], np.int32), np.zeros(4, np.int64), -1)
    assert (first.tolist(), second.tolist()) == ([0], [1])


@pytest.mark.parametrize("text", ["jangan pilih Telkomsel", "semoga Banten makmur", "semoga Timnas menang", "kata Menteri Keuangan begitu"])
@pytest.mark.parametrize("stem", ["sastrawi", "none"])
def test_places_brands_and_clubs_are_nobody_who_can_be_voted_for(text: str, stem: str) -> None:
    shipped = encoder(stemmer(stem), None)
    assert not shipped.encode([text]).named.any()
    assert shipped.encode([text.replace(text.split()[2], "Sartinah")]).named.any(), "whoever stands there otherwise is"
