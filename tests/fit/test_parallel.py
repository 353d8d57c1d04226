"""Batches come back in order, from one process or from many."""

from __future__ import annotations

import pytest

from netral.fit import parallel


def joined(texts: list[str]) -> str:
    return "".join(texts)


@pytest.mark.parametrize("least", [3, 10**9], ids=["many processes", "one process"])
def test_results_are_in_the_order_of_the_texts_and_no_log_gets_a_bar(least, monkeypatch, capfd) -> None:
    monkeypatch.setattr(parallel, "_PARALLEL_FROM", least)
    assert list(parallel.spread(joined, [*"abcdefgh"], 3, "joining")) == ["abc", "def", "gh"]
    assert list(parallel.spread(joined, [], 3, "joining")) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("total", "expected"), [(5, [(0, 2), (2, 4), (4, 5)]), (4, [(0, 2), (2, 4)]), (0, [(0, 0)])])
def test_rows_are_worked_on_block_after_block(total, expected) -> None:
    assert list(parallel.in_threads(lambda start, end: (start, end), total, 2)) == expected
