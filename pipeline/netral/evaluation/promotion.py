"""Whether a release becomes the one in use by itself, and why not; `netral model use` is a person's decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Set by DVC for the stages of ``dvc exp run``.
EXPERIMENT = "DVC_EXP_NAME"


def against(
    gates: Mapping[str, Mapping[str, Any]],
    info: Mapping[str, Any],
    in_use: Mapping[str, Any],
    margin: float,
    environment: Mapping[str, str],
) -> list[str]:
    """Return what speaks against it; nothing: it becomes current.

    Parameters
    ----------
    gates : mapping
        The verdict of this run, by gate.
    info : mapping
        ``info.json`` of the release. It was written once: where the same model was exported before, its gates may have failed then.
    in_use : mapping
        The comparison with the release in use (:func:`netral.evaluation.headline.against`).
    margin : float
        By how much the ROC AUC may surely be lower than that of the release in use.
    environment : mapping
        ``os.environ``.
    """
    failed = sorted(name for name, gate in gates.items() if gate["status"] != "passed")
    before = sorted(set(info.get("gates_failed", ())) - {*failed})
    found = []
    if failed:
        said = (f"{name} (not tested)" if gates[name]["status"] == "not tested" else name for name in failed)
        found.append(f"gates not passed: {', '.join(said)}")
    if before:
        found.append(f"gates not passed when it was written: {', '.join(before)}")
    difference = in_use.get("difference")
    if difference and difference["high"] is not None and difference["high"] < -margin:
        found.append(
            f"worse than {in_use['version']}, which is in use: on {in_use['rows'][0]['posts']:,} posts that neither learned from, "
            f"ROC AUC differs by {difference['value']:+.3f} ({difference['low']:+.3f} to {difference['high']:+.3f})"
        )
    if environment.get(EXPERIMENT):
        found.append(f"made by the experiment {environment[EXPERIMENT]}")
    return found


def state(version: str, current: str | None, kept_back: list[str]) -> str:
    """Say whether a release is in use, and if not, why and what to do."""
    if current == version:
        return "in use"
    why = "; ".join(kept_back) or "`netral model use` chose another"
    return f"not in use, {current or 'none'} is ({why}); `netral model use {version}` decides otherwise"
