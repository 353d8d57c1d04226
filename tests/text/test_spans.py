from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from netral.text.spans import Pieces, Spans

_strings = st.lists(
    st.one_of(st.text(max_size=40), st.text("ab", max_size=20), st.sampled_from(["x" * n for n in range(250, 270)])), max_size=20
)


@given(_strings, st.integers(0, 2**64 - 1))
def test_equal_strings_have_equal_keys_and_others_do_not(strings: list[str], salt: int) -> None:
    keys = Spans.of(pa.array(strings, pa.large_string())).keys(salt)
    assert len({*keys.tolist()}) == len({*strings}) == len({*zip(strings, keys.tolist(), strict=True)})
    assert (keys % 2 == 1).all()


@given(_strings)
def test_a_string_has_the_key_it_has_alone_in_any_kind_of_array(strings: list[str]) -> None:
    many = Spans.of(pa.array(["before", *strings]).slice(1)).keys(7).tolist()
    assert many == [int(Spans.of(pa.array([string], pa.large_string())).keys(7)[0]) for string in strings]


def test_another_salt_gives_other_keys() -> None:
    strings = Spans.of(pa.array(["", "netral", "kata-kata panjang", "x" * 300]))
    assert not set(strings.keys(1).tolist()) & set(strings.keys(2).tolist())


def test_keys_of_strings_fill_their_range() -> None:
    keys = Spans.of(pa.array([f"{n}" for n in range(100_000)])).keys(3)
    assert len(np.unique(keys)) == 100_000
    assert np.bincount((keys >> np.uint64(58)).astype(int), minlength=64).min() > 1_300  # 1,562 expected


_spaced = st.lists(
    st.text("ab é\t\n\x0b\x0c\r\x1b\x1c\x1f\x85\xa0\xa1\u1680\u2000\u200a\u200b\u2028\u202f\u205f\u3000\u3001😂", max_size=9), max_size=9
)


@given(_spaced)
def test_strings_are_cut_at_white_space_as_python_cuts_them(strings: list[str]) -> None:
    for array in (pa.array(strings, pa.large_string()), pa.array(["a b", *strings, "c"])[1:-1]):
        pieces, counts = Spans.of(array).split()
        assert counts.tolist() == [len(string.split()) for string in strings]
        assert pieces.strings(np.arange(len(pieces.start))).to_pylist() == [piece for string in strings for piece in string.split()]


def test_every_white_space_cuts() -> None:
    for code in (*range(0xD800), *range(0xE000, 0x11000)):
        _, counts = Spans.of(pa.array([f"a{chr(code)}b"])).split()
        assert counts.tolist() == [len(f"a{chr(code)}b".split())]


@given(st.lists(st.text("abc", max_size=8), min_size=1, max_size=8))
def test_the_same_pieces_have_the_same_key_wherever_they_stand(words: list[str]) -> None:
    pieces = Pieces(pa.array(words, pa.large_string()))
    places = [(i, start, end) for i, word in enumerate(words) for start in range(len(word) + 1) for end in range(start, len(word) + 1)]
    word, start, end = (np.array(column, np.int64) for column in zip(*places, strict=True))
    keys = pieces.keys(word, start, end).tolist()
    strings = [words[i][s:e] for i, s, e in places]
    assert len({*keys}) == len({*strings}) == len({*zip(strings, keys, strict=True)})
    at = start - 2
    there = pieces.have(word, at, ["ab", "bc"]).tolist()
    assert there == [a >= 0 and words[i][a : a + 2] in ("ab", "bc") for i, a in zip(word.tolist(), at.tolist(), strict=True)]
