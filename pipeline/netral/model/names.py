"""The names of features, found by keys of their bytes: no Python string is made of them to score."""

from __future__ import annotations

import os
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netral.text.hashing import KeyTable
from netral.text.spans import Spans

_SALT = int.from_bytes(os.urandom(8), "little")  # a secret one for the keys of words


class Names:
    """Strings that are found by their keys.

    Parameters
    ----------
    blob, offsets : arrays
        What :func:`netral.model.artifact.pack` returned.
    """

    def __init__(self, blob: NDArray[np.uint8], offsets: NDArray[np.int32]) -> None:
        self._spans = Spans.packed(blob, offsets)

    @cached_property
    def _table(self) -> KeyTable:
        return KeyTable(self._spans.keys(_SALT))

    @property
    def strings(self) -> list[str]:
        """The strings themselves."""
        return self._spans.strings(np.arange(len(self._spans.start))).to_pylist()

    def find(self, strings: pa.Array) -> NDArray[np.int32]:
        """Return the position of each string; -1 for those that are not there."""
        return self._table.find(Spans.of(strings).keys(_SALT))
