"""The release in use, beside which a new one is put, on posts that neither has learned from."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from netral.errors import InputError, ModelError
from netral.evaluation import metrics
from netral.files import read_json
from netral.model import releases
from netral.model.model import Model, load

if TYPE_CHECKING:
    import pandas as pd

#: How many of a text's SHA-256 digits a release keeps of each post that it was trained on.
DIGITS = 16


def compare(model: Model, test: pd.DataFrame, models: Path, bootstrap: metrics.Bootstrap) -> dict[str, Any]:
    """Compare with the release in use, on test posts that neither model was trained on.

    Parameters
    ----------
    model : Model
        The candidate, with its thresholds.
    test : DataFrame
        Posts of the test part: ``text`` (clean), ``label``, ``group``. Both models see them without a gazetteer.
    models : Path
        Folder of the releases.

    Returns
    -------
    dict
        ``version``, ``rows`` (candidate, in use), ``difference`` (of their ROC AUC; :func:`netral.evaluation.metrics.auc_difference`)
        and ``changed`` (test posts by decision of either), or ``skipped`` (why they were not compared). ``version`` stands beside
        this only where jobs can run with the release in use: one that cannot be loaded stands in nobody's way.
    """
    try:
        version = releases.current_version(models)
        if version is None:
            return {"skipped": "none is in use"}
        folder = releases.find(models, version)
        champion = load(folder)
    except ModelError as error:
        return {"skipped": str(error).replace(f"{models}/", "")}  # the card is handed on, and a path tells of its maker's machine
    try:
        seen = set(read_json(folder / "trained_on.json"))
    except InputError:
        return {"version": version, "skipped": "its trained_on.json, which tells what posts it learned from, cannot be read"}
    posts = test[[fingerprint(text) not in seen for text in test.text]]
    if posts.empty:
        return {"version": version, "skipped": "there are no test posts" if test.empty else "it was trained on every test post"}
    texts, partisan, groups = posts.text.tolist(), (posts.label == "partisan").to_numpy(), posts.group.to_numpy()
    rows, decisions, probabilities = [], [], []
    for name, each in (("candidate", model), (version, champion)):
        scored = each.score(texts)
        decisions.append(scored.decision)
        probabilities.append(scored.probability)
        where = f"{len(posts)} posts that neither was trained on"
        rows.append({"model": name, **metrics.measure(partisan, scored.probability, groups, each.thresholds, bootstrap, where)})
    difference = metrics.auc_difference(partisan, probabilities[0], probabilities[1], groups, bootstrap)
    return {"version": version, "rows": rows, "difference": difference, "changed": int(np.count_nonzero(decisions[0] != decisions[1]))}


def fingerprint(text: str) -> str:
    """Return what a release keeps of a training post: the first digits of the SHA-256 of its clean text."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:DIGITS]
