"""Stage 4 of 6: choose, fit and calibrate the classifier.

Reads ``data/interim/clean.parquet`` and ``split.parquet``; writes ``model/`` (an artifact with open thresholds),
``oof.parquet`` (log-odds of each training post from a model that saw nothing of its fold) and ``train.json``.

Run: ``python -m netral.stages.train``
"""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd

from netral.files import read_frame, write_frame, write_json
from netral.fit import export
from netral.fit.classifier import CalibratedPipeline, choose, cross_fit, make_pipeline, platt
from netral.fit.corpus import Corpus
from netral.fit.elsewhere import labelled, unlabelled_names
from netral.fit.features import Features
from netral.model import artifact
from netral.params import Params
from netral.stages import command


def run(params: Params, root: Path) -> None:
    """Train on the posts of part ``train``; calibrate on part ``calibration`` where there is one."""
    interim = root / "data" / "interim"
    posts = read_frame(interim / "clean.parquet").drop(columns="group").merge(read_frame(interim / "split.parquet"), on="id")
    train = posts[posts.part == "train"].reset_index(drop=True)
    held = posts[posts.part == "calibration"].reset_index(drop=True)
    also = _also(posts, params, root)
    train = pd.concat([train, also.assign(fold=-1)], ignore_index=True)
    corpus, partisan = _encode(train, params)
    if params.train.unlabelled:
        corpus = dataclasses.replace(corpus, known_names=unlabelled_names(root / params.train.unlabelled))

    tried = cross_fit(corpus, partisan, train.fold.to_numpy(), params.train)
    best = choose(tried)
    pipeline = make_pipeline(params.train, best.families, best.C).fit(corpus, partisan)
    if len(held):
        held_corpus, held_partisan = _encode(held, params)
        scores = pd.DataFrame({"id": held.id, "score": pipeline.decision_function(held_corpus), "partisan": held_partisan})
    else:
        scores = pd.DataFrame({"id": train.id, "score": best.scores, "partisan": partisan}).dropna()
    slope, offset = platt(scores.score.to_numpy(), scores.partisan.to_numpy())

    calibrated = CalibratedPipeline(pipeline, slope, offset).fit(None)
    scores["probability"] = 1.0 / (1.0 + np.exp(-(slope * scores.score + offset)))
    write_frame(interim / "oof.parquet", scores[["id", "score", "probability"]].reset_index(drop=True))
    intercept, arrays = export.weights(pipeline)
    settings = export.settings(pipeline, intercept, slope, offset)
    stored = io.BytesIO()
    joblib.dump(calibrated, stored, compress=3)
    artifact.write(interim / "model", artifact.core_bytes(settings, arrays), {"sklearn.joblib": stored.getvalue()})
    write_json(interim / "train.json", _report(tried, best, train, held, settings))


def _also(posts: pd.DataFrame, params: Params, root: Path) -> pd.DataFrame:
    """Return the posts of ``train.also``, unless it is the file that the posts are from."""
    path = root / params.train.also
    if not params.train.also or path.resolve() == (root / params.validate.posts).resolve():
        return pd.DataFrame({"prepared": [], "label": []}, dtype=object)
    return labelled(path, root / params.validate.elections, posts, params.clean.near_duplicate)


def _encode(posts: pd.DataFrame, params: Params) -> tuple[Corpus, Any]:
    features = Features(stem=params.train.stem)
    return features.encode(posts.prepared.tolist()), (posts.label == "partisan").to_numpy()


def _report(tried: list[Any], best: Any, train: pd.DataFrame, held: pd.DataFrame, settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "posts": int((train.fold >= 0).sum()),
        "also": int((train.fold < 0).sum()),
        "partisan": int((train.label == "partisan").sum()),
        "calibrated_on": f"{len(held)} posts kept apart" if len(held) else "cross-fitted predictions of the training posts",
        "chosen": {"families": list(best.families), "C": best.C, "average_precision": best.average_precision},
        "tried": [{"families": "+".join(c.families), "C": c.C, "average_precision": c.average_precision} for c in tried],
        "features": settings["features"],
        "calibration": settings["calibration"],
    }


def main() -> None:
    """Run the stage in the working directory."""
    command("train", run)


if __name__ == "__main__":
    main()
