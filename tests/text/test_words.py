from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral.text.words import Tokeniser, are_pairable, are_words, is_pairable, is_word
from tests.text import hostile


@pytest.mark.parametrize(
    ("chunk", "items"),
    [
        ("Netralitas,", ["netralitas"]),
        ("PILIH!!!", ["pilih", "!"]),
        ("(masa?!", ["masa", "?", "!"]),
        ("<USER>:", ["<USER>"]),
        ("dan/atau", ["dan", "atau"]),
        ("jum'at", ["jum'at"]),
        ("...", []),
        ("2", ["2"]),
        ("02", ["2"]),
        ("1945", [":tahun:"]),
        ("12.500", ["12", ":angka:"]),
        ("17an", ["17an"]),
    ],
)
def test_words_marks_and_numbers(tokenise: Tokeniser, chunk: str, items: list[str]) -> None:
    assert tokenise(chunk) == items


@pytest.mark.parametrize(
    ("chunk", "item"),
    [
        ("tidaaaak", "tidak"),
        ("bangettt", "banget"),
        ("bangett", "banget"),
        ("ayooo", "ayo"),
        ("maaaaf", "maaf"),
        ("maaf", "maaf"),
        ("saaat", "saat"),
        ("massa", "massa"),
        ("nggakkk", "tidak"),
        ("GAKK", "tidak"),
        ("yg", "yang"),
        ("wkwkwkwkwk", "haha"),
        ("hehehehe", "haha"),
        ("xixixi", "haha"),
        ("awokwokwok", "haha"),
        ("hawa", "hawa"),
        ("ahok", "ahok"),
    ],
)
def test_elongation_slang_and_laughter(tokenise: Tokeniser, chunk: str, item: str) -> None:
    assert tokenise(chunk) == [item]


@pytest.mark.parametrize(
    ("chunk", "item"),
    [
        ("jalan-jalan", "jalan"),
        ("orang2", "orang"),
        ("anak2nya", "anaknya"),
        ("teman-temanku", "temanku"),
        ("undang-undang", "undang-undang"),
        ("undang2", "undang-undang"),
        ("hati-hati", "hati-hati"),
        ("jgn2", "jangan-jangan"),
        ("tiba2", "tiba-tiba"),
        ("ke-2", "ke-2"),
        ("2x", "2x"),
        ("bolak-balik", "bolak-balik"),
    ],
)
def test_doubled_words(tokenise: Tokeniser, chunk: str, item: str) -> None:
    assert tokenise(chunk) == [item]


@pytest.mark.parametrize(
    ("chunk", "items"),
    [
        ("#GantiBupati", ["#gantibupati", "#ganti", "#bupati"]),
        ("#gantibupati", ["#gantibupati", "#ganti", "#bupati"]),
        (
            "#PilkadaDamai2024",
            ["#pilkadadamai2024", "#pilkada", "#damai", ":tahun:", "#pilkadadamai", "#damai:tahun:", "#pilkadadamai:tahun:"],
        ),
        ("#ASNNetral", ["#asnnetral", "#asn", "#netral"]),
        ("#<CALON>Menang", ["#<calon>menang", "<CALON>", "#menang", "#<calon>", "<CALON>", "menang"]),
        ("#Coblos<NOMOR>", ["#coblos<nomor>", "#coblos", "#<NOMOR>", "coblos", "<NOMOR>"]),
        ("#ganti_bupati", ["#ganti_bupati", "#ganti", "#bupati", "#gantibupati"]),
        ("#LanjutkanDarmo", ["#lanjutkandarmo", "#lanjutkan", "#darmo", "#<calon>", "#lanjutkan<calon>", "lanjutkan", "<CALON>"]),
        ("#LanjutDarmoLaila", ["#lanjutdarmolaila", "#lanjut", "#darmo", "#laila", "#<calon>", "#lanjut<calon>", "lanjut", "<CALON>"]),
        ("#KPUTarjo", ["#kputarjo", "#kpu", "#tarjo"]),
        ("#02", ["2"]),
        ("#xqzvbnmk", ["#xqzvbnmk", "xqzvbnmk", "#<calon>"]),
    ],
)
def test_tags_whole_and_in_words(tokenise: Tokeniser, chunk: str, items: list[str]) -> None:
    assert tokenise(chunk) == items


@pytest.mark.parametrize(
    ("chunk", "items"),
    [
        ("👍👍👍", [":jempol:"]),
        ("☝", [":satu_jari:"]),
        ("✌🤟", [":dua_jari:", ":tiga_jari:"]),
        ("🇮🇩", [":bendera:"]),
        ("gas🔥", ["gas", ":api:"]),
        ("🦜", [":parrot:"]),
    ],
)
def test_emoji_have_names(tokenise: Tokeniser, chunk: str, items: list[str]) -> None:
    assert tokenise(chunk) == items


def test_kinds_of_items() -> None:
    assert [is_word(item) for item in ("netral", "2x", "<URL>", ":api:", "#tagar", "!", "\x00")] == [True, True] + [False] * 5
    assert [is_pairable(item) for item in ("netral", "<URL>", ":api:", "#tagar", "!", "?", "\x00")] == [True] * 3 + [False] * 4


def test_without_a_dictionary_tags_stay_whole() -> None:
    assert Tokeniser(lambda word: False, ())("#gantibupati") == ["#gantibupati", "gantibupati", "#<calon>"]


@given(chunk=st.one_of(hostile.posts, hostile.any_text))
def test_items_are_never_empty_and_hold_no_space(tokenise: Tokeniser, chunk: str) -> None:
    for piece in chunk.split():
        assert all(item and not item.isspace() and len(item.split()) == 1 for item in tokenise(piece))


def test_a_long_tag_costs_little(tokenise: Tokeniser) -> None:
    assert tokenise("#" + "gantibupati" * 2000)[1:4001] == ["#ganti", "#bupati"] * 2000


@given(
    st.one_of(
        st.text("abhikwxo", min_size=1, max_size=9),
        st.sampled_from(["tidakkk", "banget", "bangett", "wkwk", "gak", "2019", "a-b", "!", "😂"]),
    )
)
def test_pieces_that_are_said_to_be_items_are(tokenise: Tokeniser, piece: str) -> None:
    [same] = tokenise.are_items(pa.array([piece], pa.large_string()))
    assert not same or tokenise.item(piece) == piece


def test_most_words_are_said_to_be_items(tokenise: Tokeniser) -> None:
    assert (
        tokenise.are_items(pa.array(["netral", "makan", "gak", "yaa", "haha", "bisaaa"], pa.large_string())).tolist()
        == [True] * 2 + [False] * 4
    )


def test_the_same_is_said_of_many_items() -> None:
    items = ["netral", "<URL>", ":api:", "#tagar", "!", "?", "\x00", "¶judul", "ªb"]
    assert are_words(pa.array(items)).tolist() == [is_word(item) for item in items]
    assert are_pairable(pa.array(items)).tolist() == [is_pairable(item) for item in items]
