from __future__ import annotations

import numpy as np
import pyarrow as pa

from netral.text.chunk_table import ChunkTable

KEYS = np.array([11, 13, 15], np.uint64)


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int32)


def number(table: ChunkTable, *items: str) -> np.ndarray:
    return table.items.number(pa.array(items, pa.large_string()))


def filled(bound: int) -> ChunkTable:
    """A table with a first chunk, and three more of one, two and no items."""
    table = ChunkTable([("end",)], bound)
    assert table.add(KEYS, ints(1, 2, 0), number(table, "satu", "dua", "satu"), ints(7, 8, 9)).tolist() == [1, 2, 3]
    return table


def test_items_are_numbered_once_and_chunks_expand_into_them() -> None:
    table = filled(10)
    assert table.items.names == ["end", "satu", "dua"]
    items, after = table.expand(ints(2, 3, 1, 0))
    assert [table.items.names[i] for i in items] == ["dua", "satu", "satu", "end"]
    assert after.tolist() == [2, 2, 3, 4]
    assert table.first_item(ints(1, 2)).tolist() == [1, 2]
    assert table.marks.tolist() == [0, 7, 8, 9]


def test_within_the_bound_nothing_is_forgotten() -> None:
    table = filled(4)
    table.use(ints(1))
    table.forget_rare()
    assert table.generation == 0
    assert table.find(KEYS).tolist() == [1, 2, 3]


def test_beyond_the_bound_chunks_met_once_are_forgotten() -> None:
    table = filled(3)
    table.use(ints(1, 2))
    table.use(ints(2, 3, 0))
    table.forget_rare()
    assert table.generation == 1
    assert table.find(KEYS).tolist() == [-1, 1, -1]
    assert [table.items.names[i] for i in table.expand(ints(1, 0))[0]] == ["dua", "satu", "end"]
    assert table.kept.tolist() == [0, 1, 2]
    assert table.marks.tolist() == [0, 8]
    assert table.add(KEYS[:1], ints(1), number(table, "tiga"), ints(0)).tolist() == [2]
    assert table.find(KEYS).tolist() == [2, 1, -1]
