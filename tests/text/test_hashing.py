from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral.text.hashing import CharGrams, KeyTable, mix, pair_keys, string_keys

_words = st.lists(st.text(st.characters(codec="utf-8", exclude_characters=" "), min_size=1, max_size=12), max_size=12)


@given(_words, st.integers(2, 4), st.integers(0, 2))
def test_the_grams_are_those_of_scikit_learns_char_wb(words: list[str], low: int, more: int) -> None:
    high = low + more
    grams = CharGrams(words, low, high)
    found = sorted((int(o), grams.text[s : s + n]) for o, s, n in zip(grams.owner, grams.start, grams.length, strict=True))
    padded = [f" {word} " for word in words]
    expected = sorted((o, w[i : i + n]) for o, w in enumerate(padded) for n in range(low, high + 1) for i in range(len(w) - n + 1))
    assert found == expected


@given(_words)
def test_equal_grams_have_equal_keys_and_others_do_not(words: list[str]) -> None:
    grams = CharGrams(words, 3, 5)
    key_of: dict[str, int] = {}
    for key, start, length in zip(grams.keys.tolist(), grams.start, grams.length, strict=True):
        assert key_of.setdefault(grams.text[start : start + length], key) == key
    assert len(set(key_of.values())) == len(key_of)


def test_a_word_alone_has_the_keys_it_has_among_others() -> None:
    many = CharGrams(["netral", "itu", "penting"], 3, 5)
    alone = CharGrams(["itu"], 3, 5)
    np.testing.assert_array_equal(np.sort(many.keys[many.owner == 1]), np.sort(alone.keys))


def test_no_words_have_no_grams() -> None:
    grams = CharGrams([], 3, 5)
    assert len(grams.keys) == len(grams.owner) == len(grams.start) == len(grams.length) == 0


def test_keys_are_spread_and_never_zero() -> None:
    keys = mix(np.arange(100_000, dtype=np.uint64))
    assert (keys != 0).all()
    assert len(np.unique(keys)) > 99_990  # the last bit is set, so two neighbours may meet
    assert np.bincount((keys >> np.uint64(58)).astype(int), minlength=64).min() > 1_300  # 1,562 expected


def test_pairs_have_a_direction() -> None:
    first, second = np.array([1, 2, 1], np.int32), np.array([2, 1, 2], np.int32)
    keys = pair_keys(first, second)
    assert keys[0] == keys[2] != keys[1]


_strings = st.lists(
    st.one_of(st.text(max_size=40), st.text("ab", max_size=20), st.sampled_from(["x" * n for n in range(250, 270)])), max_size=20
)


@given(_strings, st.integers(0, 2**64 - 1))
def test_equal_strings_have_equal_keys_and_others_do_not(strings: list[str], salt: int) -> None:
    keys = string_keys(pa.array(strings, pa.large_string()), salt)
    assert len({*keys.tolist()}) == len({*strings}) == len({*zip(strings, keys.tolist(), strict=True)})
    assert (keys % 2 == 1).all()


@given(_strings)
def test_a_string_has_the_key_it_has_alone_in_any_kind_of_array(strings: list[str]) -> None:
    many = string_keys(pa.array(["before", *strings]).slice(1), 7).tolist()
    assert many == [int(string_keys(pa.array([string], pa.large_string()), 7)[0]) for string in strings]


def test_another_salt_gives_other_keys() -> None:
    strings = pa.array(["", "netral", "kata-kata panjang", "x" * 300])
    assert not set(string_keys(strings, 1).tolist()) & set(string_keys(strings, 2).tolist())


def test_keys_of_strings_fill_their_range() -> None:
    keys = string_keys(pa.array([f"{n}" for n in range(100_000)]), 3)
    assert len(np.unique(keys)) == 100_000
    assert np.bincount((keys >> np.uint64(58)).astype(int), minlength=64).min() > 1_300  # 1,562 expected


def test_a_table_grows() -> None:
    keys = mix(np.arange(1, 4001, dtype=np.uint64))
    table = KeyTable(keys[:3])
    for start in range(3, len(keys), 97):
        table.add(keys[start : start + 97])
    np.testing.assert_array_equal(table.keys, keys)
    np.testing.assert_array_equal(table.find(keys), np.arange(len(keys)))


@pytest.mark.parametrize("count", [0, 1, 7, 5000])
def test_a_table_finds_what_it_holds_and_nothing_else(count: int) -> None:
    rng = np.random.default_rng(7)
    keys = np.unique(rng.integers(1, 2**63, 2 * count, dtype=np.uint64))[: 2 * count]
    known, strange = keys[: len(keys) // 2], keys[len(keys) // 2 :]
    table = KeyTable(known)
    np.testing.assert_array_equal(table.find(known), np.arange(len(known)))
    assert (table.find(strange) == -1).all()


def test_a_table_survives_keys_that_all_want_one_slot() -> None:
    keys = (np.arange(1, 200, dtype=np.uint64) << np.uint64(40)) | np.uint64(1)
    table = KeyTable(keys)
    np.testing.assert_array_equal(table.find(keys[::-1]), np.arange(len(keys))[::-1])
    assert table.find(np.array([3], np.uint64)).tolist() == [-1]
