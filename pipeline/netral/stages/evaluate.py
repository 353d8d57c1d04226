"""Stage 5 of 6: choose the thresholds, measure the candidate, ask it the challenge, judge its gates.

Reads ``clean.parquet``, ``split.parquet``, ``oof.parquet``, ``beside.parquet``, ``model/`` and the challenge cases; writes
``thresholds.json``, ``evaluate.json``, ``challenge.json``, ``gates.json`` and ``plots/`` in data/interim.

Run: ``python -m netral.stages.evaluate``
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netral import files
from netral.params import Params
from netral.stages import INTERIM, command, split_posts

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline

    from netral.evaluation.standing import Trained
    from netral.model.model import Model
    from netral.model.policy import Thresholds


def run(params: Params, root: Path) -> None:
    """Evaluate the candidate on posts that it was not fitted on."""
    from netral.fit.parallel import one_blas_thread

    with one_blas_thread():
        _evaluate(params, root)


def _evaluate(params: Params, root: Path) -> None:
    import joblib

    from netral.evaluation import cases, challenge, gates, headline, insight, metrics, parts, standing
    from netral.fit import elsewhere
    from netral.model.model import load

    interim = root / INTERIM
    categories, slots = cases.load(root / params.evaluate.challenge)
    posts = split_posts(interim)
    held = posts.merge(files.read_frame(interim / "oof.parquet"), on="id")
    test = posts[posts.part == "test"].reset_index(drop=True)
    model, fitted = load(interim / "model"), joblib.load(interim / "model" / "sklearn.joblib").pipeline
    calibration = model.settings["calibration"]
    trained = standing.Trained(
        posts[posts.part == "train"].reset_index(drop=True),
        files.read_frame(interim / "beside.parquet"),
        elsewhere.auxiliary(params.train, root),
        dataclasses.replace(params.train, families=tuple(fitted["features"].families), try_families=(), C=(fitted["classifier"].C,)),
        (calibration["slope"], calibration["offset"]),
        files.read_json(interim / "split.json")["folds_by"],
    )
    model.thresholds, thresholds = _choose_thresholds(held, trained, params)

    bootstrap = metrics.Bootstrap(params.evaluate.bootstrap, params.seed)
    scored = {"out of fold": held, **_scored(model, fitted, test)}
    measured = [row for name, of in scored.items() for row in metrics.measure_slices(of, model.thresholds, bootstrap, name)]
    reminded = headline.reminders(scored, model.thresholds)
    challenged = {
        "without_gazetteer": challenge.run(model, categories, slots, params.seed),
        "with_gazetteer": challenge.run(model, categories, slots, params.seed, cases.gazetteer(slots)),
    }
    judged = gates.judge(params.evaluate.gates, challenged, model.thresholds.flag)
    told = (*measured, thresholds["protected"], thresholds["unseen_platforms"], thresholds["unseen_neutral"], thresholds["named"])
    evaluated = {
        "headline": headline.headline(measured, thresholds, challenged, judged, reminded),
        # Lists stay out of `dvc metrics show`, which is for the headline.
        "measured": measured,
        "reminders": reminded,
        "sampling": [{"name": name, "posts": int(count)} for name, count in posts.sampling.value_counts().sort_index().items()],
        "skipped": [sentence for found in told for sentence in found["skipped"]],
        "protocols": standing.stand(trained, held, bootstrap, params),
        "parts": parts.run(trained, test, bootstrap, params),
        "terms": [insight.top_terms(model)],
        "errors": insight.worst_errors(held),
    }
    _draw(interim, held, model.thresholds)
    for name, content in {"thresholds": thresholds, "evaluate": evaluated, "challenge": challenged, "gates": judged}.items():
        files.write_json(interim / f"{name}.json", content)


def _choose_thresholds(held: pd.DataFrame, trained: Trained, params: Params) -> tuple[Thresholds, dict[str, Any]]:
    """Choose where `review` and `flag` start, and say what that promises.

    The bound on held-out posts comes first; then `flag` is lifted above every neutral post of a protected voice, and to where its
    bound holds on what was not learned from: platforms, and the posts of ``train.neutral``.
    """
    from netral.evaluation import thresholds as bounds

    asked = params.evaluate
    bound = {"alpha": asked.alpha, "confidence": asked.confidence}
    partisan = (held.label == "partisan").to_numpy()
    chosen, missing = bounds.choose(held.probability.to_numpy(), partisan, held.group.to_numpy(), load=asked.review_load, **bound)
    chosen, protected = _spare_protected(chosen, held[held.label == "neutral"], asked.protected)
    chosen, unseen = _hold_on_unseen(chosen, trained, params)
    report = bounds.report(held, chosen, missing, load=asked.review_load, **bound)
    return chosen, {**report, "protected": protected, **unseen, "named": _named(held)}


def _named(held: pd.DataFrame) -> dict[str, Any]:
    """Count those whose election has a gazetteer: where a name is replaced more posts look partisan, and a bound must know these."""
    named = int(held.bare.astype(bool).sum())
    said = "bound of `flag` on posts that are scored with a gazetteer: no post that it was chosen on has one for its election"
    return {"posts": named, "skipped": [] if named else [said]}


def _spare_protected(chosen: Thresholds, neutral: pd.DataFrame, voices: tuple[str, ...]) -> tuple[Thresholds, dict[str, Any]]:
    """Lift `flag` above the neutral posts of protected voices; also which voices, how many posts, and which voices have none."""
    from netral.evaluation import thresholds as bounds

    protected = neutral[neutral.voice.isin(voices)]
    absent = [voice for voice in voices if voice not in {*protected.voice}]
    return bounds.spare(chosen, protected.probability.to_numpy()), {
        "voices": list(voices),
        "posts": len(protected),
        "skipped": [f"no protection from `flag` of voice {' or '.join(absent)}: no neutral post is of it"] if absent else [],
    }


def _hold_on_unseen(chosen: Thresholds, trained: Trained, params: Params) -> tuple[Thresholds, dict[str, Any]]:
    """Lift `flag` to where its bound holds on what was not learned from; also on how many neutral posts of each kind, or why not."""
    from netral.evaluation import standing
    from netral.evaluation import thresholds as bounds

    bound = {"alpha": params.evaluate.alpha, "confidence": params.evaluate.confidence}
    found = {}
    for name, unseen in standing.unseen(trained, params).items():
        skipped = unseen.skipped
        if not skipped and len(unseen.probability):
            chosen, missing = bounds.hold_elsewhere(chosen, unseen.probability, unseen.group, **bound)
            skipped = f"{missing} more neutral posts are missing at least" if missing else ""
        told = [f"bound of `flag` on {unseen.what}: {skipped}"] if skipped else []
        found[name] = {"posts": 0 if skipped else len(unseen.probability), "skipped": told}
    return chosen, found


def _scored(model: Model, fitted: Pipeline, test: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Score the test posts as in training, their election's names replaced, and as they come, where that is another thing."""
    if test.empty:
        return {"test": test.assign(probability=0.0)}
    found = {"test": test.assign(probability=model.calibrate(fitted.decision_function(test.prepared.tolist())))}
    if test.bare.any():  # the election of some has a gazetteer
        found["test, no gazetteer"] = test.assign(probability=model.predict_proba(test.text.tolist()))
    return found


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
