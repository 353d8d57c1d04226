"""netral: tell partisan from neutral posts in Indonesian, for a person to review.

>>> import netral
>>> model = netral.load("models/0123456789ab")            # doctest: +SKIP
>>> model.predict_proba(["Ayo pilih nomor 2!"])           # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netral.model.model import Model as Model
    from netral.model.model import load as load
    from netral.scoring.batch import ReadOptions as ReadOptions
    from netral.scoring.run import score_file as score_file

__version__ = "0.1.0"
__all__ = ["Model", "ReadOptions", "__version__", "load", "score_file"]

_HOMES = {
    "Model": "netral.model.model",
    "load": "netral.model.model",
    "ReadOptions": "netral.scoring.batch",
    "score_file": "netral.scoring.run",
}


def __getattr__(name: str) -> Any:
    """Import the public names when first asked for, so that ``import netral`` touches nothing."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'netral' has no attribute {name!r}")
