"""What the tests of the readers share: read a file, or bytes under a name, to plain Python values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from netral.scoring.batch import Batch, ReadOptions
from netral.scoring.inputs import find_inputs
from netral.scoring.read import read_batches


def read(path: Path, content: bytes | None = None, **options: Any) -> list[Batch]:
    if content is not None:
        path.write_bytes(content)
    return list(read_batches(find_inputs([str(path)]), ReadOptions(**options)))


def good(batches: list[Batch]) -> list[tuple[int, str, str]]:
    """(row, id, text) of every good row."""
    return [row for batch in batches for row in zip(batch.rows.tolist(), batch.ids.to_pylist(), batch.texts.to_pylist(), strict=True)]


def bad(batches: list[Batch]) -> list[tuple[int, str | None, str]]:
    """(row, id, reason) of every rejected row."""
    return [(each.row, each.id, each.reason) for batch in batches for each in batch.rejected]


def kept(batches: list[Batch]) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.kept.to_pylist()]
