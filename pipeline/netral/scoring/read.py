"""Read posts from CSV, TSV, JSONL and Parquet, plain or compressed, in batches of bounded size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from netral.scoring.batch import Batch, ReadOptions
from netral.scoring.inputs import STDIN, InputFile
from netral.scoring.read_csv import read_csv
from netral.scoring.read_jsonl import read_jsonl


def read_batches(files: Sequence[InputFile], options: ReadOptions, note: Callable[[str], None] = lambda _: None) -> Iterator[Batch]:
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
    Batch
        Each record of each file once, in order. The borders depend on bytes and options alone. A batch ends after ``batch_rows`` records,
        or when it holds about 8 MB; a file without records has none.

    Raises
    ------
    InputError
        If a file cannot be used, or not to its end: wrong encoding, no such column, damaged.
    """
    if len(files) > 1:
        for index, file in enumerate(files):
            if file.path != STDIN:
                # Better told now than after hours that the last file has no column of that name.
                next(_READERS[file.format](index, file, options, lambda _: None), None)
    for index, file in enumerate(files):
        yield from _READERS[file.format](index, file, options, note)


def _read_parquet(index: int, file: InputFile, options: ReadOptions, note: Callable[[str], None]) -> Iterator[Batch]:
    from netral.scoring.read_parquet import read_parquet  # PyArrow's Parquet takes longer to import than a small job to run

    return read_parquet(index, file, options, note)


_READERS: dict[str, Callable[[int, InputFile, ReadOptions, Callable[[str], None]], Iterator[Batch]]] = {
    "csv": read_csv,
    "tsv": read_csv,
    "jsonl": read_jsonl,
    "parquet": _read_parquet,
}
