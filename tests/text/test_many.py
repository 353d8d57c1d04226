"""Many posts at once are read like each of them alone: RE2 looks where Python's patterns would find something."""

from __future__ import annotations

import random
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral.text import furniture, mask, normalise, quotes
from netral.text.clean import clean
from netral.text.gazetteer import Gazetteer
from netral.text.many import clean_all, prepare_all, replace_all, strings
from netral.text.quotes import unquote
from netral.text.targets import Targets
from tests.text import hostile

# Python ignores case in these ways; RE2 in its own.
_TURKISH = [
    "pılıh 2 ya",
    "PİLİH 2",
    "parTAİ sauh bangsa",
    "partaı Golkar",
    "<partaı>",
    "kabar.İD/x",
    "nomor tİga",
    "#pılıh2",
    "dıteruskan: ayo",
]


def one_by_one(texts: list[str], targets: Targets) -> list[str]:
    return [unquote(targets(clean(targets.name_handles(text)))) for text in texts]


@settings(max_examples=400)
@given(texts=st.lists(st.one_of(hostile.posts, hostile.any_text), max_size=20))
def test_many_are_cleaned_like_each_alone(texts: list[str]) -> None:
    assert clean_all(strings(texts)).to_pylist() == [clean(text) for text in texts]


@settings(max_examples=400)
@given(texts=st.lists(hostile.posts, max_size=20))
def test_many_are_prepared_like_each_alone(gazetteer: Gazetteer, texts: list[str]) -> None:
    for names in (None, gazetteer):
        targets = Targets(names)
        assert prepare_all(strings(texts), targets).to_pylist() == one_by_one(texts, targets)


def test_letters_that_only_python_takes_for_others(gazetteer: Gazetteer) -> None:
    targets = Targets(gazetteer)
    texts = [*_TURKISH, *(text.replace("i", other) for text in _TURKISH for other in "ıİ"), "bUDİ sANTOSO", "Partai Ladang Makmur ſaja"]
    assert prepare_all(strings(texts), targets).to_pylist() == one_by_one(texts, targets)


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ((), "dıteruskan: ayo-ayo pilih"),
        ((), "a " + "\u200b" * 400 + "x b"),
        ((), "kata BACA " + "\u200b" * 400 + "x JUGA: berita ini"),
        ((), r"a\n&#92;x" + "a" * 391 + r"\y"),
        (("İbrahim",), "dukung ibrahim"),
        (("Yıldız",), "dukung Yildiz"),
        (("Budi",), "x" * 398 + "@b"),
        (("Budi",), "." * 395 + "@budisantoso"),
        (("Budi S",), r"@budi:\nAyo"),
        (("Ma'ruf Tarjo",), "dukung Ma’ruf Tarjo"),
    ],
)
def test_posts_that_a_second_reader_found(names: tuple[str, ...], text: str) -> None:
    targets = Targets(Gazetteer("pilkada-x", candidates=names, parties=names, handles=("budi", "b")))
    assert prepare_all(strings([text]), targets).to_pylist() == one_by_one([text], targets)


@pytest.mark.parametrize("name", hostile.MONSTERS)
def test_no_monster_is_read_otherwise(name: str) -> None:
    assert clean_all(strings([hostile.MONSTERS[name]])).to_pylist() == [clean(hostile.MONSTERS[name])]


def test_thousands_of_names_are_looked_for_by_their_beginnings() -> None:
    draw = random.Random(5)
    names = ["".join(draw.choices("aeioubdklmnrst", k=8)).capitalize() for _ in range(3_000)]
    targets = Targets(Gazetteer("pilkada-x", candidates=tuple(names)))
    texts = [*(f"dukung {name.upper()} saja" for name in names), "dukung siapa saja"]
    assert replace_all(strings(texts), targets).to_pylist() == ["dukung <CALON> saja"] * len(names) + ["dukung siapa saja"]


def test_a_look_finds_nothing_in_what_nothing_is_done_to() -> None:
    """Or the looks would be no gain."""
    posts = pa.array(
        [
            "Besok jangan golput ya, siapa pun pilihannya. Suara kita menentukan 🙏",
            "Harga 3 kilo cabai naik lagi - padahal panen raya (katanya)! Ayo, pemda bergerak.",
            "Nomor antrean di kantor desa habis sejak pagi; warga pulang lagi...",
        ],
        pa.large_string(),
    )
    looks = (normalise.PREFILTER, mask.PREFILTER, furniture.PREFILTER, quotes.PREFILTER, *(look for look, _ in Targets().steps))
    assert [look for look in looks if pc.match_substring_regex(posts, look).true_count] == []


def test_what_is_no_text_is_refused() -> None:
    wrong: Any = (["pilih", None], ["pilih", 3])
    for texts in wrong:
        with pytest.raises(TypeError, match="found a post that is"):
            strings(texts)


@pytest.mark.real
def test_many_real_posts_are_prepared_like_each_alone(real_posts: list[str]) -> None:
    targets = Targets()
    found, expected = prepare_all(strings(real_posts), targets).to_pylist(), one_by_one(real_posts, targets)
    assert [(f, e) for f, e in zip(found, expected, strict=True) if f != e] == []
