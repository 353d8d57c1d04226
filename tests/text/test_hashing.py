from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral.text.hashing import CharGrams, KeyTable, first_of_each, mix, pair_keys

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


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0, 1, 2, 3, 2**31 - 1])), max_size=60))
def test_the_first_of_each(pairs: list[tuple[int, int]]) -> None:
    rows, ids = (np.array([pair[i] for pair in pairs], np.int64) for i in (0, 1))
    assert first_of_each(rows, ids).tolist() == [i for i, pair in enumerate(pairs) if pair not in pairs[:i]]


def test_the_first_of_each_of_many() -> None:
    rng = np.random.default_rng(7)
    rows, ids = np.repeat(np.arange(2_000), 40), rng.zipf(1.3, 80_000) % 100_000
    _, first = np.unique((rows << 32) | ids, return_index=True)
    np.testing.assert_array_equal(first_of_each(rows, ids), np.sort(first))
