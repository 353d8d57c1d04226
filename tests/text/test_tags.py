"""What the words of a hashtag are beside each other, and which of its letters are a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral.text.tags import NAMED, is_whole, parts, together

COMMON = {"ganti", "bupati", "pilih", "lanjut", "kpu", "menang"}


@pytest.mark.parametrize(
    ("tag", "items", "sentence"),
    [
        ("GantiBupati", ["#gantibupati", "#gantibupati"], []),  # of nobody in particular
        ("LanjutTarjo", [NAMED, "#lanjut<calon>", "#lanjut<calon>"], ["lanjut", "<CALON>"]),
        ("PilihTarjoSartinah", [NAMED, "#pilih<calon>", "#pilih<calon>"], ["pilih", "<CALON>"]),  # one name
        (
            "TarjoGantiTarjo",
            [NAMED, "#<calon>ganti", "#ganti<calon>", "#<calon>ganti<calon>"],
            ["<CALON>", "ganti", "<CALON>"],
        ),
        ("KPUTarjo", ["#kputarjo", "#kputarjo"], []),  # a place
        ("KPKBupati", ["#kpkbupati", "#kpkbupati"], []),  # acronyms are offices
        ("Pilih<NOMOR>", ["#pilih<nomor>", "#pilih<nomor>"], ["pilih", "<NOMOR>"]),
        ("<CALON>Menang", [NAMED, "#<calon>menang", "#<calon>menang"], ["<CALON>", "menang"]),
        ("Tarjo", [NAMED], []),
        ("Ganti", [], []),
        ("2029", [], []),
    ],
)
def test_neighbours_of_a_tag(tag: str, items: list[str], sentence: list[str]) -> None:
    written = parts(tag, COMMON.__contains__, {})
    assert together(written, [part if part[0] == "<" else part.lower() for part in written], COMMON) == (items, sentence)


@given(st.text("aB<>CALONx1_", max_size=12))
def test_the_parts_of_a_tag_stand_in_it_in_order(tag: str) -> None:
    place = 0
    for part in parts(tag, COMMON.__contains__, {}):
        place = tag.index(part, place) + len(part)


@pytest.mark.parametrize(
    ("tag", "name", "whole"),
    [
        ("#LanjutTarjo", "Tarjo", True),
        ("#TarjoLagi", "Tarjo", True),
        ("#TARJOlagi", "TARJO", True),
        ("#02Tarjo", "Tarjo", True),
        ("#Pembudidaya", "budi", False),
        ("#Budidaya", "Budi", False),
        ("#lanjutbudi", "budi", True),
        ("#budilagi", "budi", True),
        ("#pembudidaya", "budi", False),  # four letters within small ones
        ("#ayosantosolagi", "santoso", True),  # seven are no part of another word
    ],
)
def test_a_name_is_a_word_of_the_tag(tag: str, name: str, whole: bool) -> None:
    start = tag.index(name)
    assert is_whole(tag, start, start + len(name)) == whole
