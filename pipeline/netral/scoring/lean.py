"""Start processes that only score sooner and smaller: without pandas, and without looking for garbage where there is none.

Arrow imports pandas and dateutil wherever they are installed, if only to ask whether a value is one of theirs: half a second
and 40 MB for nothing. Importing and loading make many objects and no garbage, which Python's collector goes through again and again.
"""

from __future__ import annotations

import gc
import sys
from importlib.abc import MetaPathFinder
from typing import Any

_UNUSED = ("pandas", "dateutil")
_OBJECTS = 200_000  # new ones before garbage is looked for (Python's own default: 700 to 10,000)


class _NotHere(MetaPathFinder):
    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        if fullname.partition(".")[0] in _UNUSED:
            raise ModuleNotFoundError(f"netral scores without {fullname}", name=fullname)


def start_lean() -> None:
    """Let no later import find what scoring does not need, and look for garbage seldom; for processes that are ours alone."""
    sys.meta_path.insert(0, _NotHere())
    gc.set_threshold(_OBJECTS)
