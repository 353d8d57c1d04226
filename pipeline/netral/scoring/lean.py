"""Keep pandas out of the processes that score.

Arrow imports it wherever it is installed, if only to ask whether a value is a Series: half a second and 40 MB for nothing.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from typing import Any


class _NoPandas(MetaPathFinder):
    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("netral scores without pandas", name=fullname)


def keep_pandas_out() -> None:
    """Let no later import find pandas; for processes that are ours alone."""
    sys.meta_path.insert(0, _NoPandas())
