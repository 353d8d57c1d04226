from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from netral.text.item_ids import ItemIds


def strings(*items: str) -> pa.Array:
    return pa.array(items, pa.large_string())


@given(st.lists(st.lists(st.text("ab", max_size=2), max_size=6), max_size=6))
def test_items_are_numbered_as_they_come(batches: list[list[str]]) -> None:
    ids, expected = ItemIds(), dict[str, int]()
    for batch in batches:
        found = ids.number(strings(*batch)).tolist()
        assert found == [expected.setdefault(item, len(expected)) for item in batch]
        assert len(ids) == len(expected)
    assert ids.names == [*expected]
    for start in range(len(expected) + 1):
        assert ids.strings(start).to_pylist() == [*expected][start:]


def test_items_that_are_kept_are_numbered_anew() -> None:
    ids = ItemIds()
    ids.number(strings("satu", "dua"))
    ids.number(strings("tiga"))
    assert ids.names == ["satu", "dua", "tiga"]
    ids.keep(np.array([0, 2]))
    assert ids.number(strings("tiga", "dua", "satu")).tolist() == [1, 2, 0]
    assert ids.names == ["satu", "tiga", "dua"]


def test_what_is_said_of_an_item_is_asked_once_and_kept_with_it() -> None:
    ids, asked = ItemIds(), list[str]()

    def are_long(items: pa.Array) -> np.ndarray:
        asked.extend(items.to_pylist())
        return np.array([len(item) > 3 for item in items.to_pylist()], bool)

    ids.number(strings("satu", "dua"))
    assert ids.answers(are_long).tolist() == [True, False]
    ids.number(strings("dua", "tiga"))
    assert ids.answers(are_long).tolist() == [True, False, True]
    ids.keep(np.array([1, 2]))
    ids.number(strings("empat"))
    assert ids.answers(are_long).tolist() == [False, True, True]
    assert asked == ["satu", "dua", "tiga", "empat"]
