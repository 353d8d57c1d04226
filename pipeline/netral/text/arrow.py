"""Between NumPy and Arrow."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def to_arrow(values: NDArray) -> pa.Array:
    """Return an Arrow array of numbers or bools; numbers are not copied.

    ``pa.array(values)`` would import pandas wherever it is installed, and numpy.ma, to see whether it was given one of theirs.
    """
    content = np.packbits(values, bitorder="little") if values.dtype == bool else np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [None, pa.py_buffer(content)])


def to_numpy(values: pa.Array) -> NDArray:
    """Return the values of an Arrow array without nulls; bools, which Arrow keeps as bits, are copied."""
    return values.to_numpy(zero_copy_only=False)
