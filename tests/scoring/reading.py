"""What the tests of the readers share: read a file, or bytes under a name, to plain Python values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from netral.scoring.chunk import Chunk, ReadOptions
from netral.scoring.inputs import find_inputs
from netral.scoring.read import read_chunks


def read(path: Path, content: bytes | None = None, **options: Any) -> list[Chunk]:
    if content is not None:
        path.write_bytes(content)
    return list(read_chunks(find_inputs([str(path)]), ReadOptions(**options)))


def good(chunks: list[Chunk]) -> list[tuple[int, str, str]]:
    """(row, id, text) of every good row."""
    return [row for chunk in chunks for row in zip(chunk.rows.tolist(), chunk.ids.to_pylist(), chunk.texts.to_pylist(), strict=True)]


def bad(chunks: list[Chunk]) -> list[tuple[int, str | None, str]]:
    """(row, id, reason) of every rejected row."""
    return [(each.row, each.id, each.reason) for chunk in chunks for each in chunk.rejected]


def kept(chunks: list[Chunk]) -> list[dict[str, Any]]:
    return [row for chunk in chunks for row in chunk.kept.to_pylist()]
