"""Read posts from CSV, TSV, JSONL and Parquet, plain or compressed, in chunks of bounded size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from netral.scoring.chunk import Chunk, ReadOptions, Rejected
from netral.scoring.inputs import InputFile

__all__ = ["Chunk", "ReadOptions", "Rejected", "read_chunks"]


def read_chunks(files: Sequence[InputFile], options: ReadOptions, note: Callable[[str], None] = lambda _: None) -> Iterator[Chunk]:
    """Read files one after the other.

    Parameters
    ----------
    files : sequence of InputFile
        From `netral.scoring.inputs.find_inputs`.
    options : ReadOptions
        Which columns, and how much at a time.
    note : callable, optional
        Told, in one line, what a person should know of a file (such as that it has no ids); for the log.

    Yields
    ------
    Chunk
        Each record of each file once, in order. The borders depend on bytes and options alone. A chunk ends after ``chunk_rows`` records,
        or when it holds about 8 MB; a file without records has none.

    Raises
    ------
    InputError
        If a file cannot be used, or not to its end: wrong encoding, no such column, damaged.
    """
    raise NotImplementedError
