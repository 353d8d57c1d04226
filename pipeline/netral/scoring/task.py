"""What is done with a batch, and who does it where nothing is started: this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType

from netral.scoring.batch import Batch
from netral.scoring.ledger import Piece
from netral.scoring.score import ScoringModel, score_batch
from netral.scoring.write import rejected_bytes, to_bytes
from netral.text.gazetteer import Gazetteer


@dataclass(frozen=True)
class Task:
    """What is done with every batch.

    Parameters
    ----------
    gazetteer : Gazetteer or None
    explain : int
        Reasons per row.
    kind : str
        ``csv``, ``jsonl`` or ``parquet``.
    """

    gazetteer: Gazetteer | None
    explain: int
    kind: str

    def __call__(self, model: ScoringModel, batch: Batch) -> Piece:
        """Score a batch and write its results as bytes."""
        results, tally = score_batch(model, batch, self.gazetteer, self.explain)
        return Piece(to_bytes(self.kind, results), rejected_bytes(batch.rejected), tally)


class Here:
    """Score in this process: nothing is started."""

    pids: tuple[int, ...] = ()

    def __init__(self, model: ScoringModel, task: Task) -> None:
        self._model = model
        self._task = task

    def __enter__(self) -> Here:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def pieces(self, batches: Iterable[Batch]) -> Iterator[Piece]:
        """Score batches one after the other."""
        for batch in batches:
            yield self._task(self._model, batch)
