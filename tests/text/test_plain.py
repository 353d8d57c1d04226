from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral.text.chunks import NAME, PLAIN, SHAPE, WHOLE, ChunkReader
from netral.text.plain import PUNCTUATION, Plain, find_plain
from netral.text.shape import shape
from netral.text.targets import Targets
from netral.text.words import Tokeniser, is_word

ODD = [
    *(
        "",
        ".",
        "a1",
        "makan!",
        "#tagar",
        "éa",
        "a-b",
        "<USER>",
        "١",
        "K",
        "ab\u0301",
        "jum'at,ya",
        "YA!!.!?!",
        "SATU,dua;Tiga",
        "xx",
        "Maxx",
    ),
    *(
        "1.000.000",
        "2019,",
        "(2024)",
        "100%",
        "0812",
        "1234567",
        "2x",
        "12xx",
        "3)",
        "-",
        "--",
        "a-",
        "-a",
        "a--b",
        "mem-'baca",
        "a-'b",
        "rata2",
    ),
    *(
        "😂😂",
        "apa?😂",
        "👍🏽",
        "❤️‍🔥",
        "❶",
        "“Ya”",
        "qur’an",
        "…",
        "ya…",
        "2023…",
        "–",
        "dan/atau",
        "a_b",
        "*Halo*",
        "x.com",
        "a.id/b",
        "www.a",
    ),
    *(
        "no.2",
        "nomor2",
        "02",
        "calon:dua",
        "jalan2",
        "[Gambas:",
        "3-0",
        "ABCD-EFGH",
        "AbcdEfgh1Ijkl",
        "c:\\n",
        "a&b",
        "http",
        "https://t.co/aB3",
        "https://t.co/é",
    ),
]
CHUNKS = st.one_of(
    st.text("aBcDéZ.,;:\"'()!?-1#", max_size=12),
    st.text("abCD0129xX.,-'’“”!?/😂❤️…\u200b_*", max_size=10),
    st.lists(st.sampled_from(ODD), max_size=3).map("".join),
)


@pytest.fixture(scope="module")
def reader(tokenise: Tokeniser) -> ChunkReader:
    return ChunkReader(tokenise, Targets())


def find(chunks: list[str]) -> tuple[Plain, Plain, Plain]:
    return find_plain(pa.array(chunks, pa.large_string()), lambda words: np.zeros(len(words), bool))


def by_chunk(found: Plain) -> list[list[str]]:
    pieces = iter(found.pieces.to_pylist())
    return [[next(pieces) for _ in range(count)] for count in found.counts]


def items(tokenise: Tokeniser, pieces: list[str]) -> list[str]:
    """Return the items of pieces; marks count once."""
    found = [tokenise.item(piece) for piece in pieces]
    return [item for i, item in enumerate(found) if not i or item != found[i - 1] or is_word(item)]


@given(st.lists(CHUNKS, max_size=12))
def test_what_is_found_is_what_the_reader_says_of_each_chunk_alone(tokenise: Tokeniser, reader: ChunkReader, chunks: list[str]) -> None:
    every = find_plain(pa.array(chunks, pa.large_string()), reader.are_more)
    places = [place for found in every for place in found.place.tolist()]
    assert len({*places}) == len(places)
    for found in every:
        for place, pieces, marks in zip(found.place.tolist(), by_chunk(found), found.marks.tolist(), strict=True):
            expected, expected_marks = reader(chunks[place])
            assert not expected_marks & WHOLE
            assert items(tokenise, pieces) == list(expected)
            # What is no name may be marked as one, which only asks for a look.
            assert marks & ~PLAIN | NAME == expected_marks | NAME
            assert marks & NAME or not expected_marks & NAME


@given(st.lists(CHUNKS, max_size=12))
def test_words_are_found_with_their_shapes(chunks: list[str]) -> None:
    one, *others = find(chunks)
    cores = [chunk.strip(PUNCTUATION) for chunk in chunks]
    assert one.place.tolist() == [i for i, core in enumerate(cores) if core.isascii() and core.isalpha()]
    assert by_chunk(one) == [[cores[i].lower()] for i in one.place]
    assert ((one.marks & PLAIN) != 0).tolist() == [chunks[i] == cores[i].lower() for i in one.place]
    for found in (one, *others):
        for place, marks in zip(found.place.tolist(), found.marks.tolist(), strict=True):
            assert chunks[place].startswith("http") or marks >> SHAPE == shape(chunks[place].replace("…", "..."))


def test_chunks_of_several_pieces() -> None:
    _, mixed, links = find(
        ["makan", "Rapi!!", "mahal,pelayanan", "ya?!.!?", "...", "!?", "a1,b", "Tim-nya/kita", "Ya😂😂", "https://x.co", "#a", "ké"]
    )
    assert mixed.place.tolist() == [1, 2, 3, 5, 6, 7, 8]
    assert by_chunk(mixed) == [
        ["rapi", "!", "!"],
        ["mahal", "pelayanan"],
        ["ya", "?", "!", "!", "?"],
        ["!", "?"],
        ["a1", "b"],
        ["tim-nya", "kita"],
        ["ya", "😂", "😂"],
    ]
    assert links.place.tolist() == [9]
    assert by_chunk(links) == [["<URL>"]]


def test_chunks_that_are_more_are_left_out(reader: ChunkReader) -> None:
    chunks = ["makan", "Satu", "dua,", "tidak,satu", "enam!", "no.2", "no2", "02", "golkar/pks", "x.com", "tiga-tiganya"]
    one, mixed, _ = find_plain(pa.array(chunks, pa.large_string()), reader.are_more)
    assert [chunks[i] for found in (one, mixed) for i in found.place] == ["makan", "enam!"]
