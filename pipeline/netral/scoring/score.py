"""Score one batch: rows in, rows out. Knows no files and no engine, so that another engine can call it as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from netral.model.policy import DECISIONS
from netral.scoring.batch import Batch
from netral.scoring.drift import DriftCounter
from netral.text.arrow import to_arrow
from netral.text.gazetteer import Gazetteer


class ScoringModel(Protocol):
    """What scoring needs of a model; `netral.model.model.Model` is one."""

    version: str
    digest: str
    folder: Path
    profile: dict[str, Any]

    def score(self, texts: pa.Array, gazetteer: Gazetteer | None = None) -> Any:
        """Return probability, decision, items and known as `netral.model.model.Scored` does."""

    def reasons(self, texts: pa.Array, limit: int, gazetteer: Gazetteer | None = None) -> list[list[dict[str, Any]]]:
        """Return of each post the heaviest words, ready for JSON."""


@dataclass
class Tally:
    """What a run counts; parts add up in any order.

    Attributes
    ----------
    batches, read, rejected : int
        Batches and records read, records rejected.
    decisions : dict of str to int
        Scored rows by decision.
    drift : dict
        State of a `DriftCounter`.
    """

    batches: int = 0
    read: int = 0
    rejected: int = 0
    decisions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DECISIONS, 0))
    drift: dict[str, list[int]] = field(default_factory=dict)

    @property
    def scored(self) -> int:
        """Scored rows."""
        return sum(self.decisions.values())

    def add(self, other: Tally) -> None:
        """Add the counts of another part of the run."""
        self.batches += other.batches
        self.read += other.read
        self.rejected += other.rejected
        self.decisions = {name: count + other.decisions[name] for name, count in self.decisions.items()}
        self.drift = {
            name: [a + b for a, b in zip(self.drift.get(name, [0] * len(new)), new, strict=True)] for name, new in other.drift.items()
        }


def score_batch(model: ScoringModel, batch: Batch, gazetteer: Gazetteer | None = None, explain: int = 0) -> tuple[pa.RecordBatch, Tally]:
    """Score the good rows of a batch.

    Parameters
    ----------
    model : ScoringModel
    batch : Batch
        n rows to score.
    gazetteer : Gazetteer, optional
        Names of the election.
    explain : int
        Reasons to give per row; 0 for none.

    Returns
    -------
    results : pyarrow.RecordBatch of n rows
        ``id``, ``probability``, ``decision``, ``model``, with ``explain`` also ``reasons`` (JSON), then the kept columns.
    tally : Tally
        What the batch adds to the counts of the run.
    """
    scored = model.score(batch.texts, gazetteer)
    columns: dict[str, pa.Array] = {
        "id": batch.ids,
        "probability": to_arrow(scored.probability),
        "decision": pa.array(DECISIONS).take(to_arrow(scored.decision)),
        "model": pa.array([model.version] * len(batch.texts), pa.string()),
    }
    if explain:
        reasons = model.reasons(batch.texts, explain, gazetteer)
        columns["reasons"] = pa.array([json.dumps(each, ensure_ascii=False) for each in reasons], pa.string())
    if batch.kept is not None:
        columns |= {name: _one_piece(batch.kept.column(name)) for name in batch.kept.column_names}
    return pa.RecordBatch.from_pydict(columns), _tally(model.profile, batch, scored)


def _tally(profile: Mapping[str, Any], batch: Batch, scored: Any) -> Tally:
    drift = DriftCounter(profile)
    platforms = None
    if batch.platforms is not None:
        platforms = {each["values"]: each["counts"] for each in pc.value_counts(batch.platforms).to_pylist() if each["values"]}
    drift.count(scored.probability, scored.items, scored.known, platforms)
    codes = np.bincount(scored.decision, minlength=len(DECISIONS)).tolist()
    return Tally(1, batch.read, len(batch.rejected), dict(zip(DECISIONS, codes, strict=True)), drift.state())


def _one_piece(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)  # which is not copied
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
