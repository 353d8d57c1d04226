"""What could not be done or measured, in one list for the card and the report: what touches the promise first, the same cause once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netral.evaluation.metrics import SLICES

_NAMES_NONE = ": the file names none"


def sentences(found: Mapping[str, Any]) -> list[str]:
    """Return them without a repetition.

    Parameters
    ----------
    found : mapping
        ``split``, ``thresholds`` and ``evaluate`` of a run.
    """
    evaluate, thresholds = found["evaluate"], found["thresholds"]
    # What `flag` does not do, or not for everybody, matters to whoever reads results; the rest to whoever trains.
    first = [*thresholds["notes"]]
    for name in ("protected", "unseen_platforms", "unseen_neutral", "named"):
        first += thresholds.get(name, {}).get("skipped", [])
    every = [*first, *found["split"].get("skipped", []), *evaluate["skipped"], *evaluate["protocols"]["skipped"]]
    distinct = dict.fromkeys(every)
    unnamed = [sentence.removesuffix(_NAMES_NONE) for sentence in distinct if sentence.endswith(_NAMES_NONE) and sentence not in first]
    said = [sentence for sentence in distinct if sentence.removesuffix(_NAMES_NONE) not in unnamed]
    return [*said, _unnamed(unnamed)] if unnamed else said


def _unnamed(what: list[str]) -> str:
    """Say in one sentence what is missing because the file lacks columns; slices are told apart in every part of the posts."""
    columns = dict.fromkeys(column for each in what if (column := each.partition(" (")[0]) in SLICES)
    others = [each for each in what if each.partition(" (")[0] not in SLICES]
    sliced = [f"slices by {', '.join(columns)}"] if columns else []
    return f"for want of names in the file: {'; '.join([*sliced, *others])}"
