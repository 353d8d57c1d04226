from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral.text.encode import BOUNDARY, Encoded, Encoder
from netral.text.gazetteer import Gazetteer
from netral.text.targets import Targets
from netral.text.words import Tokeniser
from tests.text import hostile

Make = Callable[..., Encoder]


@pytest.fixture(scope="module")
def make(tokenise: Tokeniser) -> Make:
    return lambda gazetteer=None, **settings: Encoder(tokenise, Targets(gazetteer), ["jumat"], **settings)


def read(encoder: Encoder, encoded: Encoded) -> list[list[str]]:
    """Turn item ids back into the items of each post, names replaced."""
    encoded = encoded.anonymous()
    posts, start = [], 0
    for end in encoded.ends.tolist():
        assert encoded.items[end] == BOUNDARY
        posts.append([encoder.items[i] for i in encoded.items[start:end].tolist()])
        start = end + 1
    assert start == len(encoded.items)
    return posts


def raw(encoder: Encoder, texts: Sequence[str]) -> list[list[str]]:
    return read(encoder, encoder.encode(texts))


def prepared(encoder: Encoder, texts: Sequence[str]) -> list[list[str]]:
    return read(encoder, encoder.encode_prepared([encoder.prepare(text) for text in texts]))


def test_a_post_becomes_its_items(make: Make) -> None:
    post = "SUKAMAJU, Kabar.id – Yg ga dukung nomor urut 02 & @budi rugiii!!! Hub 0812 3456 7890 👍🏽 #GantiBupati"
    [items] = raw(make(), [post])
    assert " ".join(items) == "yang tidak dukung <NOMOR> <USER> rugi ! hub <TELP> :jempol: #gantibupati #ganti #bupati"


def test_shapes_and_rows(make: Make) -> None:
    encoded = make().encode(["pilih dua", "", "netral"])
    assert encoded.ends.tolist() == [2, 3, 5]
    assert encoded.rows.tolist() == [0, 0, 0, 1, 2, 2]
    assert encoded.items.dtype == np.int32


def test_no_posts(make: Make) -> None:
    for encoded in (make().encode([]), make().encode_prepared([])):
        assert len(encoded.items) == len(encoded.ends) == len(encoded.rows) == 0


def test_a_post_that_is_none_is_refused(make: Make) -> None:
    posts: Any = ["pilih dua", None]
    with pytest.raises(TypeError, match="is None"):
        make().encode(posts)


def test_posts_without_items(make: Make) -> None:
    assert raw(make(), ["", " ", "...", "\x00", "\u200b"]) == [[]] * 5


@settings(max_examples=400)
@given(texts=st.lists(st.one_of(hostile.posts, hostile.any_text), min_size=1, max_size=20))
def test_raw_and_prepared_roads_meet(make: Make, texts: list[str]) -> None:
    assert raw(make(), texts) == prepared(make(), texts)


@settings(max_examples=200)
@given(texts=st.lists(hostile.posts, min_size=1, max_size=20))
def test_raw_and_prepared_roads_meet_with_a_gazetteer(make: Make, gazetteer: Gazetteer, texts: list[str]) -> None:
    assert raw(make(gazetteer), texts) == prepared(make(gazetteer), texts)


def test_the_roads_meet_on_twenty_thousand_built_posts(make: Make, gazetteer: Gazetteer) -> None:
    rng = random.Random(20241127)
    texts = [
        "".join(rng.choice(hostile.FRAGMENTS) + rng.choice((" ", " ", "", "\n")) for _ in range(rng.randint(1, 7))) for _ in range(20_000)
    ]
    for names in (None, gazetteer):
        found, expected = raw(make(names), texts), prepared(make(names), texts)
        assert [(t, f, e) for t, f, e in zip(texts, found, expected, strict=True) if f != e] == []


@pytest.mark.parametrize(
    "text",
    [
        "lihat Fwd:https://x.co/a ya",
        "kata fw:@budi",
        "t fw:621234",
        "kata ADVERTORIAL.@budi",
        "kata BACA&nbsp;JUGA:x lalu pergi",
        "kata BACA¨JUGA:x lalu pergi",
        "Gerındra",
        "pılıh 2",
        "nomor tıga",
        "5 jarı",
        "partaı Golkar",
        "dukung budı",
        "dukung jokowi",
        "dukung budi_s",
        "pilih induk partai ya",
        "dukung sam dan Ma’ruf Tarjo, bukan ma'ruf",
        "https://x.co/a\x00pilih ya",
        "<&#97; href='x'> pilih ya",
        "<&sol;a href=1> ya",
        "&&#108;t;a href='x'> ya",
        "<\u0336b kata> x",
        "kata " * 20 + "<\u0336br> KOTA, Kabar.id – Ya Pak",
        "<USER> pilih " + "&" * 14 + "#x23;" + "x23;" * 12 + "x;",
    ],
)
def test_the_roads_meet_on_posts_that_a_second_reader_found(make: Make, text: str) -> None:
    names = ("Budi", "Jokowi.", "budi_s", "\u017fam", "Ma'ruf Tarjo", "Ma'ruf")
    gazetteer = Gazetteer.from_mapping(
        {
            "election": "pilkada-x",
            "sides": [{"candidates": [{"name": name} for name in names]}],
            "parties": [{"name": "Induk Partai"}, {"name": "(PMJ)"}],
        }
    )
    for known in (None, gazetteer):
        assert raw(make(known), [text]) == prepared(make(known), [text])


LONG_DATELINE = "KOTA SUKA MAJU RAYA , Harian Umum Radar Kota Kita – Debat digelar Jumat, kata panitia."


@pytest.mark.parametrize(
    "end",
    [
        " ",
        "\n",
        "\r",
        "&#10;",
        " &#10; ",
        "&amp;#10;",
        "&NewLine;",
        "&#xA;",
        "\u2028",
        "Iklan\n",
        "<br>",
        r"\n",
        r" \n ",
        "&#92;n",
        "\uff3cn ",
    ],
)
@pytest.mark.parametrize("before", [0, 1, 15, 40])
def test_the_roads_meet_wherever_a_dateline_stands(make: Make, end: str, before: int) -> None:
    texts = [
        "kata " * before + end + LONG_DATELINE,
        "\u200b " * before + LONG_DATELINE,
        end.join(["SUKAMAJU, Kabar.id – Ya"] * (before + 1)),
    ]
    assert raw(make(), texts) == prepared(make(), texts)


def test_the_longest_dateline_is_taken_out(make: Make) -> None:
    assert (
        raw(make(), [LONG_DATELINE, LONG_DATELINE[LONG_DATELINE.index("–") + 1 :]])
        == [["debat", "digelar", "jumat", "kata", "panitia"]] * 2
    )


@settings(max_examples=60)
@given(texts=st.lists(hostile.posts, min_size=2, max_size=12), seed=st.integers(0, 99))
def test_a_post_alone_is_the_post_in_any_batch_and_order(make: Make, texts: list[str], seed: int) -> None:
    alone = [raw(make(), [text])[0] for text in texts]
    order = random.Random(seed).sample(range(len(texts)), len(texts))
    encoder = make()
    assert raw(encoder, [texts[i] for i in order]) == [alone[i] for i in order]
    assert raw(encoder, texts) == alone  # and with what was remembered
    cut = seed % len(texts)
    assert raw(encoder, texts[:cut]) + raw(encoder, texts[cut:]) == alone


def test_the_bound_of_the_memory_does_not_matter(make: Make) -> None:
    rng = random.Random(7)
    batches = [["".join(rng.choice(hostile.FRAGMENTS) + " " for _ in range(5)) for _ in range(50)] for _ in range(20)]
    plenty, tight = make(), make(max_chunks=40)
    assert [raw(plenty, batch) for batch in batches] == [raw(tight, batch) for batch in batches]
    assert [prepared(plenty, batch) for batch in batches] == [prepared(tight, batch) for batch in batches]
    assert plenty.generation == 0 < tight.generation


def test_the_tables_are_emptied_when_every_post_brings_new_chunks(make: Make) -> None:
    encoder = make(max_chunks=500)
    for start in range(0, 5000, 100):
        encoder.encode([f"baru{i}x tok{i}y" for i in range(start, start + 100)])
    assert encoder.generation >= 10
    assert len(encoder.items) < 1000


@pytest.mark.parametrize("name", hostile.MONSTERS)
def test_no_monster_raises_and_the_roads_meet(make: Make, name: str) -> None:
    text = hostile.MONSTERS[name]
    assert raw(make(), ["netral", text, "netral"]) == [["netral"], *prepared(make(), [text]), ["netral"]]


@pytest.mark.real
def test_the_roads_meet_on_real_posts(make: Make, real_posts: list[str]) -> None:
    found, expected = raw(make(), real_posts), prepared(make(), real_posts)
    assert [row for row, (f, e) in enumerate(zip(found, expected, strict=True)) if f != e] == []


_LONG_UNITS = ("0", "08-", "#2024", "%41", "+62-8", "anak2", "@", "a.a", "&#1", "\ufdfa", "a\u0301\u0327")
_LONG_UNITS += ("KOTA - ", "Kota, Media.com - ", "0812 3456 ", '"a b" ')


@pytest.mark.parametrize("unit", _LONG_UNITS)
def test_one_hostile_post_takes_little_longer_than_its_length(make: Make, unit: str) -> None:
    """Each of these once took time that grew with the square of its length: minutes for these."""
    post = unit * (400_000 // len(unit))
    encoder, start = make(), time.process_time()
    items = raw(encoder, [post])
    assert time.process_time() - start < 20
    assert items == prepared(encoder, [post])
