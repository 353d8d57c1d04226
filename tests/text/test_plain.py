from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from netral.text.plain import PUNCTUATION, find_plain
from netral.text.shape import shape
from netral.text.words import Tokeniser

ODD = ["", ".", "a1", "makan!", "#tagar", "éa", "a-b", "<USER>", "١", "K", "ab\u0301"]
CHUNKS = st.one_of(st.text("aBcDéZ.,;:\"'()!-1#", max_size=8), st.sampled_from(ODD))


@given(st.lists(CHUNKS, max_size=12))
def test_plain_words_are_found_with_their_shapes(chunks: list[str]) -> None:
    found = find_plain(pa.array(chunks, pa.large_string()))
    cores = [chunk.strip(PUNCTUATION) for chunk in chunks]
    assert found.place.tolist() == [i for i, core in enumerate(cores) if core.isascii() and core.isalpha()]
    for place, word, of, bare in zip(found.place, found.words.to_pylist(), found.shapes, found.bare, strict=True):
        assert word == cores[place].lower()
        assert of == shape(chunks[place])
        assert bare == (chunks[place] == word)


@given(st.text("aBcD.,;:\"'()", min_size=1, max_size=8))
def test_marks_around_a_plain_word_make_no_items(tokenise: Tokeniser, chunk: str) -> None:
    found = find_plain(pa.array([chunk]))
    if len(found.words):
        assert tokenise(chunk) == [tokenise.word(found.words[0].as_py())]


def test_some_are_left_out() -> None:
    found = find_plain(pa.array(["Satu", "dua,", "tiga"]))
    less = found.only(~found.bare)
    assert less.words.to_pylist() == ["satu", "dua"]
    assert less.place.tolist() == [0, 1]
