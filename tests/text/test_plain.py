from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from netral.text.plain import PUNCTUATION, Plain, find_plain
from netral.text.shape import shape
from netral.text.words import Tokeniser

ODD = ["", ".", "a1", "makan!", "#tagar", "éa", "a-b", "<USER>", "١", "K", "ab\u0301", "jum'at,ya", "YA!!.!?!", "SATU,dua;Tiga"]
CHUNKS = st.one_of(st.text("aBcDéZ.,;:\"'()!?-1#", max_size=12), st.sampled_from(ODD))


def find(chunks: list[str]) -> tuple[Plain, Plain]:
    return find_plain(pa.array(chunks, pa.large_string()))


def by_chunk(found: Plain) -> list[list[str]]:
    words = iter(found.words.to_pylist())
    return [[next(words) for _ in range(count)] for count in found.counts]


@given(st.lists(CHUNKS, max_size=12))
def test_plain_words_are_found_with_their_shapes(chunks: list[str]) -> None:
    one, several = find(chunks)
    cores = [chunk.strip(PUNCTUATION) for chunk in chunks]
    assert one.place.tolist() == [i for i, core in enumerate(cores) if core.isascii() and core.isalpha()]
    assert by_chunk(one) == [[cores[i].lower()] for i in one.place]
    assert one.bare.tolist() == [chunks[i] == cores[i].lower() for i in one.place]
    assert not set(one.place.tolist()) & set(several.place.tolist())
    assert not several.bare.any()
    for found in (one, several):
        assert found.shapes.tolist() == [shape(chunks[i]) for i in found.place]


@given(st.lists(CHUNKS, max_size=12))
def test_plain_words_are_the_items_of_their_chunks(tokenise: Tokeniser, chunks: list[str]) -> None:
    for found in find(chunks):
        assert [[tokenise.word(word) for word in words] for words in by_chunk(found)] == [tokenise(chunks[i]) for i in found.place]


def test_chunks_of_several_words() -> None:
    _, several = find(["makan", "Rapi!!", "mahal,pelayanan", "jum'at,ya", "ya?!.!?", "...", "!?", "a1,b"])
    assert several.place.tolist() == [1, 2, 4]
    assert by_chunk(several) == [["rapi", "!"], ["mahal", "pelayanan"], ["ya", "?", "!", "?"]]


def test_chunks_with_some_words_are_left_out() -> None:
    one, several = find(["Satu", "dua,", "tiga", "empat,lima", "enam!"])
    assert by_chunk(one.without(~one.bare)) == [["tiga"]]
    less = several.without(pa.compute.equal(several.words, "lima").to_numpy(zero_copy_only=False))
    assert less.place.tolist() == [4]
    assert by_chunk(less) == [["enam", "!"]]
