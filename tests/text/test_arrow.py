from __future__ import annotations

import numpy as np
import pytest

from netral.text.arrow import to_arrow


@pytest.mark.parametrize("kind", [np.bool_, np.int8, np.int32, np.int64, np.float64])
@pytest.mark.parametrize("size", [0, 1, 8, 19])
def test_values_are_the_same(kind: type, size: int) -> None:
    values = (np.arange(2 * size) % 3).astype(kind)[::2]
    found = to_arrow(values)
    found.validate(full=True)
    assert found.null_count == 0
    assert found.to_pylist() == values.tolist()
