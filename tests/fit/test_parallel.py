"""Batches come back in order, from one process or from many."""

from __future__ import annotations

import os

import numpy as np
import pytest
from joblib import cpu_count
from threadpoolctl import threadpool_info

from netral.errors import InputError
from netral.fit import parallel


def joined(texts: list[str]) -> str:
    return "".join(texts)


@pytest.mark.parametrize("least", [3, 10**9], ids=["many processes", "one process"])
def test_results_are_in_the_order_of_the_texts_and_no_log_gets_a_bar(least, monkeypatch, capfd) -> None:
    monkeypatch.setattr(parallel, "_TEXTS_FROM", least)
    assert list(parallel.spread(joined, [*"abcdefgh"], 3, "joining")) == ["abc", "def", "gh"]
    assert list(parallel.spread(joined, [], 3, "joining")) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("total", "expected"), [(5, [(0, 2), (2, 4), (4, 5)]), (4, [(0, 2), (2, 4)]), (0, [(0, 0)])])
def test_rows_are_worked_on_block_after_block(total, expected) -> None:
    assert list(parallel.in_threads(lambda start, end: (start, end), total, 2)) == expected


several = pytest.mark.skipif(cpu_count() == 1, reason="on one processor nothing is started")


@pytest.mark.parametrize("posts", [0, pytest.param(10**9, marks=several)], ids=["one process", "many processes"])
def test_fits_are_returned_in_order_and_start_no_processes_of_their_own(posts, capfd) -> None:
    own = 7  # travels along

    def nested(number: int) -> tuple[int, int, set[int]]:
        return number + own, os.getpid(), set(parallel.at_once(lambda _: os.getpid(), range(4), posts if os.getpid() != here else 0))

    here = os.getpid()
    found = parallel.at_once(nested, range(5), posts)
    assert [number for number, *_ in found] == [7, 8, 9, 10, 11]
    assert all(within == {process} for _, process, within in found)
    assert ({process for _, process, _ in found} == {here}) == (posts == 0)
    assert parallel.at_once(nested, [], posts) == []
    assert capfd.readouterr() == ("", "")


def test_an_error_of_a_fit_is_the_one_that_it_raised() -> None:
    def refuse(_: int) -> None:
        raise InputError("no term")

    with pytest.raises(InputError, match="no term"):
        parallel.at_once(refuse, range(3), 10**9)


@several
def test_a_process_has_one_blas_thread_whatever_the_environment_wants(monkeypatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")

    def threads(_: int) -> set[int]:
        np.ones((2, 2)) @ np.ones((2, 2))
        return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}

    assert set().union(*parallel.at_once(threads, range(3), 10**9)) == {1}
