"""Stage 5 of 6: choose the thresholds, measure the candidate, ask it the challenge, judge its gates.

Reads ``clean.parquet``, ``split.parquet``, ``oof.parquet``, ``beside.parquet``, ``model/`` and the challenge cases; writes
``thresholds.json``, ``evaluate.json``, ``challenge.json``, ``gates.json`` and ``plots/`` in data/interim.

Run: ``python -m netral.stages.evaluate``
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from netral import files
from netral.params import Params
from netral.stages import INTERIM, command

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline

    from netral.fit.elsewhere import Told
    from netral.model.model import Model
    from netral.model.policy import Thresholds


def run(params: Params, root: Path) -> None:
    """Evaluate the candidate on posts that it was not fitted on."""
    from netral.fit.parallel import one_blas_thread

    with one_blas_thread():
        _evaluate(params, root)


def _evaluate(params: Params, root: Path) -> None:
    import joblib

    from netral.evaluation import cases, challenge, gates, headline, insight, metrics, standing
    from netral.evaluation import thresholds as bounds
    from netral.fit.elsewhere import told
    from netral.model.model import load

    interim, asked = root / INTERIM, params.evaluate
    categories, slots = cases.load(root / asked.challenge)
    posts = files.read_frame(interim / "clean.parquet").drop(columns="group").merge(files.read_frame(interim / "split.parquet"), on="id")
    held = posts.merge(files.read_frame(interim / "oof.parquet"), on="id")
    test = posts[posts.part == "test"].reset_index(drop=True)
    model, fitted = load(interim / "model"), joblib.load(interim / "model" / "sklearn.joblib").pipeline

    beside, chosen = files.read_frame(interim / "beside.parquet"), (fitted["features"].families, fitted["classifier"].C)

    promise = {"alpha": asked.alpha, "confidence": asked.confidence, "load": asked.review_load}
    partisan = (held.label == "partisan").to_numpy()
    model.thresholds, missing = bounds.choose(held.probability.to_numpy(), partisan, held.group.to_numpy(), **promise)
    protected = held[(held.label == "neutral") & held.voice.isin(asked.protected)].probability.to_numpy()
    model.thresholds = bounds.spare(model.thresholds, protected)
    voices = " or ".join(asked.protected)
    unprotected = [f"protected voices: no neutral post is of {voices}"] if voices and not len(protected) else []
    train, known = posts[posts.part == "train"], told(params.train, root)
    sigmoid = model.settings["calibration"]["slope"], model.settings["calibration"]["offset"]
    elsewhere = _hold_on_unseen_platforms(model, train, beside, params, chosen, sigmoid, known)
    thresholds = {
        **bounds.report(held, model.thresholds, missing, **promise),
        "protected": {"voices": list(asked.protected), "posts": len(protected)},
        "unseen_platforms": elsewhere,
    }

    bootstrap = metrics.Bootstrap(asked.bootstrap, params.seed)
    parts = {"out of fold": held, **_scored(model, fitted, test)}
    measured = [row for name, of in parts.items() for row in metrics.measure_slices(of, model.thresholds, bootstrap, name)]
    reminded = headline.reminders(parts, model.thresholds)
    results = {
        "without_gazetteer": challenge.run(model, categories, slots, params.seed),
        "with_gazetteer": challenge.run(model, categories, slots, params.seed, cases.gazetteer(slots)),
    }
    judged = gates.judge(asked.gates, results, model.thresholds.flag)
    evaluated = {
        "headline": headline.headline(measured, thresholds, results, judged, reminded),
        # Lists stay out of `dvc metrics show`, which is for the headline.
        "measured": measured,
        "reminders": reminded,
        "sampling": [{"name": name, "posts": int(count)} for name, count in posts.sampling.value_counts().sort_index().items()],
        "skipped": [*(sentence for row in measured for sentence in row["skipped"]), *unprotected, *elsewhere["skipped"]],
        "protocols": standing.stand(train, beside, held, bootstrap, params, chosen, sigmoid, known),
        "terms": [insight.top_terms(model)],
        "errors": insight.worst_errors(held),
    }
    _draw(interim, held, model.thresholds)
    for name, content in {"thresholds": thresholds, "evaluate": evaluated, "challenge": results, "gates": judged}.items():
        files.write_json(interim / f"{name}.json", content)


def _hold_on_unseen_platforms(
    model: Model,
    train: pd.DataFrame,
    beside: pd.DataFrame,
    params: Params,
    chosen: tuple[Any, float],
    sigmoid: tuple[float, float],
    known: Told,
) -> dict[str, Any]:
    """Lift `flag` to where its bound holds on platforms that were not learned from; returns on how many posts, or why not."""
    import numpy as np

    from netral.evaluation import standing
    from netral.evaluation import thresholds as bounds

    asked = params.evaluate
    if not asked.unseen_platforms:
        return {"posts": 0, "skipped": []}
    probability, skipped = standing.on_unseen_platforms(train, beside, params, chosen, sigmoid, known)
    there = ~np.isnan(probability)
    partisan, groups = (train.label == "partisan").to_numpy()[there], train.group.to_numpy()[there]
    if there.any():
        model.thresholds, missing = bounds.hold_elsewhere(
            model.thresholds, probability[there], partisan, groups, alpha=asked.alpha, confidence=asked.confidence
        )
        skipped = f"{missing} more neutral posts are missing at least" if missing else ""
    return {
        "posts": 0 if skipped else int((~partisan).sum()),
        "skipped": [f"bound of `flag` on unseen platforms: {skipped}"] if skipped else [],
    }


def _scored(model: Model, fitted: Pipeline, test: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Score the test posts as in training, their election's names replaced, and as they come, without a gazetteer."""
    if test.empty:
        return {"test": test.assign(probability=0.0)}
    return {
        "test": test.assign(probability=model.calibrate(fitted.decision_function(test.prepared.tolist()))),
        "test, no gazetteer": test.assign(probability=model.predict_proba(test.text.tolist())),
    }


def _draw(interim: Path, held: pd.DataFrame, thresholds: Thresholds) -> None:
    """Write the points of the plots and their pictures."""
    from netral.evaluation import plots

    found: dict[str, Any] = plots.points((held.label == "partisan").to_numpy(), held.probability.to_numpy(), held.group.to_numpy())
    for name, rows in found.items():
        files.write_json(interim / "plots" / f"{name}.json", rows)
    for name, content in plots.draw(found, thresholds.review, thresholds.flag).items():
        with files.atomic(interim / "plots" / name) as file:
            file.write(content)


def main() -> None:
    """Run the stage in the working directory."""
    command("evaluate", run)


if __name__ == "__main__":
    main()
