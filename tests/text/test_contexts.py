"""Single items tell what a post's words are to be read beside: somebody who can be voted for, an election."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from netral.params import CONTEXTS
from netral.text import contexts

TARGET, ELECTION = (1 << CONTEXTS.index(context) for context in ("target", "election"))


@pytest.mark.parametrize(
    ("item", "telling"),
    [
        *((item, TARGET) for item in ("<CALON>", "#<CALON>")),
        *((item, TARGET | ELECTION) for item in ("<PARTAI>", "<NOMOR>", "#<NOMOR>")),
        *((item, ELECTION) for item in ("pilkada", "mencoblos", "#coblos", "bupati")),
        *((item, 0) for item in ("hebat", "#hebat", "<URL>", "!", "calonkan")),
    ],
)
def test_what_items_tell(item: str, telling: int) -> None:
    assert contexts.of_items(pa.array([item], pa.large_string())).tolist() == [telling]


def test_a_post_is_in_every_context_that_one_of_its_items_tells() -> None:
    told = np.array([0, TARGET, 0, ELECTION, ELECTION, TARGET, 0], np.int64)
    rows = np.array([0, 0, 1, 1, 2, 2, 4])
    assert contexts.of_posts(told, rows, 5).tolist() == [TARGET, ELECTION, TARGET | ELECTION, 0, 0]
    assert contexts.of_posts(told[:0], rows[:0], 2).tolist() == [0, 0]
