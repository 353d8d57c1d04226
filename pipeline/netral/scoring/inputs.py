"""Which files a run reads: paths, folders, patterns and standard input, in a fixed order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from netral import files

STDIN = "-"


@dataclass(frozen=True)
class InputFile:
    """A file to read.

    Attributes
    ----------
    path : str
        As the caller named it, or ``-`` for standard input.
    format : str
        ``csv``, ``tsv``, ``jsonl`` or ``parquet``.
    compression : str or None
        ``gzip`` or ``zstd``.
    size : int or None
        Bytes on disk; None for standard input.
    """

    path: str
    format: str
    compression: str | None
    size: int | None

    @cached_property
    def digest(self) -> str | None:
        """SHA-256 of the bytes on disk, computed when first asked for; None for standard input."""
        return None if self.path == STDIN else files.digest(Path(self.path))


def find_inputs(names: Sequence[str]) -> list[InputFile]:
    """Find the files behind paths, folders, patterns and ``-``.

    Raises
    ------
    InputError
        If a name leads to nothing that can be read.
    """
    raise NotImplementedError
