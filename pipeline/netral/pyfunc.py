"""A release as an MLflow pyfunc (models from code): ``text`` in, ``probability`` and ``decision`` out.

MLflow runs this file to load the model; :mod:`netral.tracking` hands it over. A row without a text has no probability
and no decision, as `netral score` puts it aside: the other rows are scored.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel

import netral


class Release(PythonModel):
    """Scores with the release that lies among the model's artifacts."""

    def load_context(self, context: Any) -> None:
        """Load and check the release."""
        self.model = netral.load(Path(context.artifacts["release"]))

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Return ``probability`` (float64, NaN without a text) and ``decision`` (None without one) for each row of ``text``."""
        from netral.model.policy import DECISIONS

        text = model_input["text"]
        there = text.notna().to_numpy() & text.astype(str).str.contains(r"\S").to_numpy(bool)
        probability = np.full(len(text), np.nan)
        decision = np.full(len(text), None, object)
        scored = self.model.score(text[there].tolist())
        probability[there] = scored.probability
        decision[there] = np.array(DECISIONS, object)[scored.decision]
        return pd.DataFrame({"probability": probability, "decision": decision}, index=model_input.index)


def example() -> pd.DataFrame:
    """Two posts as the model takes them."""
    return pd.DataFrame({"text": ["Ayo coblos nomor 2!", "KPU menetapkan tiga pasangan calon."]})


set_model(Release())
