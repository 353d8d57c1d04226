"""Whether a release becomes the one in use by itself, and why not; `netral model use` is a person's decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from netral.evaluation import gates
from netral.model.releases import in_words

#: Set by DVC for the stages of ``dvc exp run``.
EXPERIMENT = "DVC_EXP_NAME"
#: The ROC AUC of a model that knows nothing.
CHANCE = 0.5
#: Posts of either label from which the test part alone decides: with fewer, an interval is so wide that good models fall through.
ENOUGH = 30
_GATES = "gates not passed"

Json = Mapping[str, Any]


def against(
    found: Json,
    info: Json,
    in_use: Json,
    margin: float,
    environment: Mapping[str, str],
) -> list[str]:
    """Return what speaks against it; nothing: it becomes current.

    Parameters
    ----------
    found : mapping
        ``gates``, ``thresholds``, ``split`` and ``evaluate`` of this run.
    info : mapping
        ``info.json`` of the release. It was written once: where the same model was exported before, its gates may have failed then.
    in_use : mapping
        The comparison with the release in use (:func:`netral.evaluation.champion.compare`).
    margin : float
        By how much the measured ROC AUC may be lower than that of the release in use.
    environment : mapping
        ``os.environ``.
    """
    failed = gates.not_passed(found["gates"])
    before = sorted(set(info.get("gates_failed", ())) - {*failed})
    said = []
    if failed:
        said.append(f"{_GATES}: {in_words(failed, found['gates'])}{_cause(found['thresholds'])}")
    if before:
        said.append(f"{_GATES} when it was written: {', '.join(before)}")
    said += _no_better_than_chance(found)
    if in_use.get("version") != info.get("version"):
        said += _worse_or_unknown(in_use, margin)
    if environment.get(EXPERIMENT):
        said.append(f"made by the experiment {environment[EXPERIMENT]}")
    return said


def decisive(found: Json) -> Json:
    """Return the row of :func:`netral.evaluation.metrics.measure_slices` that says best what a release is worth on its own posts.

    That is the test part where it has posts enough of either label: neither C nor a threshold was chosen on it. But where it is of
    elections that were learned from, and the folds are of unseen ones, it is the out-of-fold posts; also where the test part is small.
    They flatter a little and are several times as many.

    Parameters
    ----------
    found : mapping
        ``split`` and ``evaluate`` of the run.
    """
    whole = {row["part"]: row for row in found["evaluate"]["measured"] if row["slice"] == "all"}
    test = whole.get("test")
    held = not by_unseen_folds(found) and test and min(test["partisan"], test["neutral"]) >= ENOUGH
    return test if test and held else whole["out of fold"]


def by_unseen_folds(found: Json) -> bool:
    """Say whether its folds are elections that nothing was learned from, and its test posts are not."""
    return not found["split"]["test_elections"] and found["split"]["folds_by"] == "election"


def _no_better_than_chance(found: Json) -> Iterator[str]:
    """Ask of the team's own posts what no gate asks: the challenge is passed by what was learned from posts beside them, too."""
    row = decisive(found)
    area = row["metrics"].get("roc_auc")
    if area is None or area["low"] is None or area["low"] <= CHANCE:
        told = "unknown" if area is None else f"{area['value']:.3f}"
        if area is not None:
            told += " (no interval)" if area["low"] is None else f" ({area['low']:.3f} to {area['high']:.3f})"
        yield (
            f"not surely better than chance: ROC AUC {told} on {row['posts']:,} of its own posts ({row['part']}); look whether the "
            "labels are right"
        )


def _worse_or_unknown(in_use: Json, margin: float) -> Iterator[str]:
    """Compare with a release that jobs could go on with; where that cannot be done, a person decides which one they take."""
    if "version" not in in_use:
        return
    unknown = f"cannot be compared with {in_use['version']}, which is in use"
    if "skipped" in in_use:
        yield f"{unknown}: {in_use['skipped']}"
        return
    posts, of = in_use["rows"][0], in_use["difference"]
    where = f"{posts['posts']:,} {in_use['where']}"
    if of is None:
        yield f"{unknown}: the {where} have one label only"
    elif of["value"] < -margin:
        interval = "no interval" if of["low"] is None else f"{of['low']:+.3f} to {of['high']:+.3f}"
        yield (
            f"worse than {in_use['version']}, which is in use: on {where} ({posts['partisan']:,} partisan), "
            f"ROC AUC differs by {of['value']:+.3f} ({interval})"
        )


def _cause(thresholds: Json) -> str:
    """Say what gates wait for that could not be tested because nothing can be flagged."""
    if thresholds["flag"] is not None or not thresholds["missing_neutral"]:
        return ""
    neutral, missing = thresholds["pooled"]["neutral"], thresholds["missing_neutral"]
    return f"; nothing can be flagged: {neutral:,} neutral posts, {missing:,} more are missing at least"


def state(version: str, current: str | None, kept_back: list[str]) -> str:
    """Say whether a release is in use, and if not, why and what to do."""
    if current == version:
        return "in use"
    why = "; ".join(kept_back) or "`netral model use` chose another"
    return f"not in use, {current or 'none'} is ({why}); {way_out(version, kept_back)}"


def way_out(version: str, kept_back: Sequence[str]) -> str:
    """Name the command that puts a release in use all the same; one that its gates refuse takes more than a name."""
    force = ' --force --reason "…"' if any(why.startswith(_GATES) for why in kept_back) else ""
    return f"`netral model use {version}{force}` decides otherwise"
