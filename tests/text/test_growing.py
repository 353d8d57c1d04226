from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netral.text.growing import Growing, runs


@given(st.lists(st.lists(st.integers(-9, 9), max_size=9), max_size=9))
def test_what_is_added_is_read(parts: list[list[int]]) -> None:
    growing = Growing(np.array([5], np.int32))
    for part in parts:
        growing.add(np.array(part, np.int32))
    assert growing.values.tolist() == [5, *(value for part in parts for value in part)]
    assert len(growing) == len(growing.values)
    assert growing.values.dtype == np.int32


def test_the_first_values_stay_as_they_were() -> None:
    first = np.array([1, 2])
    growing = Growing(first)
    growing.add(np.array([3]))
    growing.values[0] = 9
    assert first.tolist() == [1, 2]


def test_runs() -> None:
    assert runs(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
    assert runs(np.array([], int), np.array([], int)).tolist() == []
