"""Counting without sorting everything: the same counts as by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from netral.fit.counts import document_frequency, most_frequent, rows_matrix


def by_hand(rows: np.ndarray, keys: np.ndarray, min_df: int) -> dict[int, int]:
    counts = Counter(key for _, key in set(zip(rows.tolist(), keys.tolist(), strict=True)))
    return {key: count for key, count in sorted(counts.items()) if count >= min_df}


@pytest.mark.parametrize("widest", [40, 3000, 1 << 40, 1 << 61], ids=["few", "many", "wide", "too wide for one number"])
@pytest.mark.parametrize("min_df", [1, 3, 10])
def test_a_key_counts_once_in_each_row(widest: int, min_df: int) -> None:
    draw = np.random.default_rng(4)
    pool = draw.integers(0, widest, 2000)
    keys, rows = draw.choice(pool, 9000), draw.integers(0, 500, 9000)
    found, frequency = document_frequency(rows, keys, min_df)
    assert dict(zip(found.tolist(), frequency.tolist(), strict=True)) == by_hand(rows, keys, min_df)
    assert (np.diff(found) > 0).all()


def test_keys_of_one_bucket_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netral.fit.counts._BUCKETS", 1)
    rows, keys = np.array([0, 1, 2, 3, 4, 5, 5]), np.array([7, 7, 7, 8, 9, 9, 9])
    found, frequency = document_frequency(rows, keys, 3)
    assert (found.tolist(), frequency.tolist()) == ([7], [3])


def test_no_keys() -> None:
    nothing = np.empty(0, np.int64)
    assert [each.tolist() for each in document_frequency(nothing, nothing, 3)] == [[], []]


@pytest.mark.parametrize("limit", [1, 3, 5, 8, 100])
def test_the_most_frequent_are_kept_and_names_decide_at_the_cut(limit: int) -> None:
    frequency = np.array([5, 3, 3, 9, 3, 3, 1])
    names = ["g", "d", "a", "e", "c", "b", "f"]
    expected = sorted(sorted(range(7), key=lambda i: (-frequency[i], names[i]))[:limit])
    assert most_frequent(frequency, limit, names.__getitem__).tolist() == expected


def test_entries_in_the_order_of_their_rows_make_a_matrix() -> None:
    made = rows_matrix(np.array([0, 0, 2]), np.array([3, 1, 0]), np.array([1.0, 2.0, 4.0]), (4, 5))
    assert made.toarray().tolist() == [[0, 2, 0, 1, 0], [0] * 5, [4, 0, 0, 0, 0], [0] * 5]
    assert rows_matrix(np.empty(0, int), np.empty(0, int), np.empty(0), (0, 5)).shape == (0, 5)
