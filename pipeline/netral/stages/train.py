"""Stage 4 of 6: choose, fit and calibrate the classifier.

Reads ``clean.parquet`` and ``split.parquet`` in data/interim, and what ``train.also``, ``neutral`` and ``unlabelled`` name;
writes ``model/`` (an artifact with open thresholds), ``oof.parquet`` (log-odds of posts from a model that saw nothing of them:
the posts kept apart for calibration, or else each training post by fold), ``beside.parquet`` (posts from elsewhere that it
learned from) and ``train.json``.

Run: ``python -m netral.stages.train``
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import typer
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score
from sklearn.pipeline import Pipeline

from netral.files import write_frame, write_json
from netral.fit import elsewhere, export
from netral.fit.classifier import CalibratedPipeline, Tried, choose, cross_fit, fit, fit_sigmoid, grid, sample_folds
from netral.fit.corpus import Corpus
from netral.fit.parallel import one_blas_thread
from netral.model import artifact
from netral.params import Params
from netral.stages import INTERIM, command, split_posts


def run(params: Params, root: Path) -> None:
    """Train on the posts of part ``train``; calibrate on part ``calibration`` where there is one."""
    with one_blas_thread():
        _train(params, root)


def _train(params: Params, root: Path) -> None:
    interim = root / INTERIM
    train, held, beside = _read(params, root)
    partisan = (train.label == "partisan").to_numpy()
    # At once, so that each word is analysed once; the texts are not kept.
    readings = ["prepared", "bare"]
    read = [*readings, "group"]
    every = elsewhere.auxiliary(params.train, root).beside(
        elsewhere.encoded(pd.concat([train[read], held[read]]), params.train), params.train
    )
    train, held = train.drop(columns=readings), held.drop(columns=readings)
    corpus = every.take(np.arange(len(train)))

    tried, tried_on = _try(corpus, partisan, train, params, apart=len(held) > 0)
    families, C = (choose(tried).families, choose(tried).C) if tried else grid(params.train)[0]
    pipeline = fit(corpus, partisan, families, C, params.train)
    if len(held):
        log_odds = pipeline.decision_function(every.take(np.arange(len(train), len(every))))
        scores = pd.DataFrame({"id": held.id, "score": log_odds, "partisan": held.label == "partisan"})
    else:
        scores = pd.DataFrame({"id": train.id, "score": choose(tried).scores, "partisan": partisan}).dropna()
    score, label = scores.score.to_numpy(), scores.partisan.to_numpy()
    slope, offset = fit_sigmoid(score, label)
    scores["probability"] = 1.0 / (1.0 + np.exp(-(slope * score + offset)))
    write_frame(interim / "oof.parquet", scores[["id", "score", "probability"]].reset_index(drop=True))

    described = _write_model(interim / "model", pipeline, slope, offset)
    tried = tried or [Tried(families, C, float(average_precision_score(label, score)), 0.0, score)]
    write_json(interim / "train.json", _report(tried, tried_on, train, held, beside, described))


def _read(params: Params, root: Path) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """Return the posts to learn from, those of no fold from beside, and the posts kept apart; also how many come from beside."""
    interim = root / INTERIM
    posts = split_posts(interim)
    also = _also(posts, params, root)
    source = elsewhere.texts(root / params.train.neutral) if params.train.neutral else []
    # `evaluate` asks those of train.neutral of a model that learned from the others: no copies of these either.
    neutral = _neutral(source, pd.concat([posts, also], ignore_index=True), params)
    beside = pd.concat([also.assign(source="also"), neutral.assign(source="neutral")], ignore_index=True)
    write_frame(interim / "beside.parquet", beside)
    posts, others = posts.drop(columns="text"), beside.drop(columns=["text", "source"]).assign(fold=-1, group=-1)
    train = pd.concat([posts[posts.part == "train"], others], ignore_index=True)
    counted = {"also": len(also), "neutral": len(neutral), "neutral_found": len(source)}
    return train, posts[posts.part == "calibration"].reset_index(drop=True), counted


def _try(corpus: Corpus, partisan: NDArray[np.bool_], train: pd.DataFrame, params: Params, *, apart: bool) -> tuple[list[Tried], str]:
    """Cross-fit every setting; where posts are kept apart to calibrate on, a sample of the others, or nothing if there is no choice."""
    fold = train.fold.to_numpy()
    if not apart:
        return cross_fit(corpus, partisan, fold, params.train), "all training posts, cross-fitted"
    if len(grid(params.train)) == 1:
        return [], "the posts kept apart for calibration"
    rows = sample_folds(fold, train.group.to_numpy())
    return cross_fit(corpus.take(rows), partisan[rows], fold[rows], params.train), f"{len(rows)} of the training posts, cross-fitted"


def _write_model(folder: Path, pipeline: Pipeline, slope: float, offset: float) -> dict[str, Any]:
    """Write the artifact; returns its settings."""
    intercept, arrays = export.weights(pipeline)
    described = export.settings(pipeline, intercept, slope, offset)
    stored = io.BytesIO()
    joblib.dump(CalibratedPipeline(pipeline, slope, offset).fit(None), stored, compress=3)
    artifact.write(folder, artifact.core_bytes(described, arrays), {"sklearn.joblib": stored.getvalue()})
    return described


def _also(posts: pd.DataFrame, params: Params, root: Path) -> pd.DataFrame:
    """Return the posts of ``train.also``, unless it is the file that the posts are from."""
    path = root / params.train.also
    if not params.train.also or path.resolve() == (root / params.validate.posts).resolve():
        return pd.DataFrame({"text": [], "prepared": [], "bare": [], "label": []}, dtype=object)
    return elsewhere.labelled(path, root / params.validate.elections, posts, params.clean.near_duplicate)


def _neutral(source: Sequence[str], posts: pd.DataFrame, params: Params) -> pd.DataFrame:
    """Return posts of ``train.neutral``, at most a share of those learned from; says so if it has many more."""
    most = int(params.train.neutral_share * (posts.part == "train").sum())
    found = elsewhere.neutral(source, posts, params.clean.near_duplicate, most)
    if len(found) < len(source):
        typer.echo(
            f"{Path(params.train.neutral).name}: {len(found):,} of {len(source):,} neutral posts are learned from; the others are "
            f"copies, or more than train.neutral_share allows ({most:,})"
        )
    return found


def _report(
    tried: list[Tried], tried_on: str, train: pd.DataFrame, held: pd.DataFrame, beside: dict[str, int], described: dict[str, Any]
) -> dict[str, Any]:
    best = choose(tried)
    return {
        "posts": int((train.fold >= 0).sum()),
        "beside": beside,
        "partisan": int(((train.fold >= 0) & (train.label == "partisan")).sum()),
        "calibrated_on": f"{len(held)} posts kept apart" if len(held) else "cross-fitted predictions of the training posts",
        "chosen": {"families": list(best.families), "C": best.C, "average_precision": best.average_precision},
        "stem": described["stem"],
        "interaction": described["interaction"],
        "prior": described["prior"],
        "tried": [
            {"families": "+".join(c.families), "C": c.C, "average_precision": c.average_precision, "standard_error": c.standard_error}
            for c in tried
        ],
        "tried_on": tried_on,
        "features": described["features"],
        "calibration": described["calibration"],
    }


def main() -> None:
    """Run the stage in the working directory."""
    command("train", run)


if __name__ == "__main__":
    main()
