"""What is done with a chunk, and who does it where nothing is started: this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType

from netral.scoring.chunk import Chunk
from netral.scoring.ledger import Piece
from netral.scoring.score import ScoringModel, score_chunk
from netral.scoring.write import rejected_bytes, to_bytes
from netral.text.gazetteer import Gazetteer


@dataclass(frozen=True)
class Task:
    """What is done with every chunk.

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

    def __call__(self, model: ScoringModel, chunk: Chunk) -> Piece:
        """Score a chunk and write its results as bytes."""
        results, tally = score_chunk(model, chunk, self.gazetteer, self.explain)
        return Piece(to_bytes(self.kind, results), rejected_bytes(chunk.rejected), tally)


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

    def pieces(self, chunks: Iterable[Chunk]) -> Iterator[Piece]:
        """Score chunks one after the other."""
        for chunk in chunks:
            yield self._task(self._model, chunk)
