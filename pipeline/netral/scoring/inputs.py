"""Which files a run reads: paths, folders, patterns and standard input, in a fixed order."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from netral import files
from netral.errors import InputError

STDIN = "-"

_FORMATS = {".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
_ENDINGS = f"{', '.join(_FORMATS)}, each also with {' or '.join(_COMPRESSIONS)}"


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
        if self.path == STDIN:
            return None
        try:
            return files.digest(Path(self.path))
        except OSError as error:
            raise _unusable(self.path, error) from error


def find_inputs(names: Sequence[str]) -> list[InputFile]:
    """Find the files behind paths, folders, patterns and ``-``.

    A folder stands for all files below it with a known ending, but those whose names begin with a dot or an underscore; a pattern for what
    it matches. Their files come in the order of their names. A file that is found twice is read once.

    Raises
    ------
    InputError
        If a name leads to nothing, or to something that cannot be read.
    """
    if not names:
        raise InputError("no input named; expected files, folders or patterns, or - for standard input")
    found: dict[str, str] = {}
    for name in names:
        _check_name(name)
        for path in _paths(name):
            _check_name(path)
            found.setdefault(path if path == STDIN else os.path.realpath(path), path)
    return [_input_file(path) for path in found.values()]


def _paths(name: str) -> Iterator[str]:
    if name == STDIN:
        yield STDIN
    elif os.path.lexists(name):
        yield from _below(name)
    elif any(mark in name for mark in "*?["):
        matches = sorted(glob.glob(name, recursive=True))
        if not matches:
            raise InputError(f"{name}: no file matches this pattern; correct it, and quote it if the shell should leave it alone")
        for match in matches:
            yield from _below(match)
    else:
        raise InputError(f"{name}: no such file; correct the name")


def _below(path: str, above: tuple[str, ...] = ()) -> Iterator[str]:
    """Give a file, or what can be read in a folder; ``above`` are the folders that it is in."""
    if not os.path.isdir(path):
        yield path
        return
    found = list(_in_folder(path, above))
    if not found:
        raise InputError(f"{path}: is a folder without a file to read; expected names that end in {_ENDINGS}")
    yield from found


def _in_folder(folder: str, above: tuple[str, ...]) -> Iterator[str]:
    place = os.path.realpath(folder)
    if place in above:
        raise InputError(f"{folder}: is a link to a folder above it; remove the link or name the files")
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise _unusable(folder, error) from error
    for name in names:
        path = os.path.join(folder, name)
        if name.startswith((".", "_")):
            continue
        if os.path.isdir(path):
            yield from _in_folder(path, (*above, place)) if _kind(name) is None else _below(path, (*above, place))
        elif _kind(name) is not None:
            yield path


def _check_name(name: str) -> None:
    """Refuse names that cannot stand in a log or a manifest."""
    if any(mark < " " or mark == "\x7f" or "\ud800" <= mark <= "\udfff" for mark in name):
        raise InputError(f"{name!r}: found control characters or bytes that are no UTF-8 in the name, expected neither; rename the file")


def _input_file(path: str) -> InputFile:
    if path == STDIN:
        return InputFile(STDIN, "csv", None, None)
    try:
        status = os.stat(path)
    except OSError as error:
        raise _unusable(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path}: is no regular file; to read a pipe or a device, send it to standard input and name -")
    if not os.access(path, os.R_OK):
        raise InputError(f"{path}: may not be read; change its mode, or run as someone who may")
    kind = _kind(path)
    if kind is None:
        raise InputError(f"{path}: the ending tells no known format; expected {_ENDINGS}")
    if status.st_size == 0:
        raise InputError(f"{path}: is empty; expected posts, or at least a header; write it again or leave it out")
    return InputFile(path, *kind, status.st_size)


def _kind(name: str) -> tuple[str, str | None] | None:
    """Return format and compression by the ending of a name."""
    stem, ending = os.path.splitext(name.lower())
    compression = _COMPRESSIONS.get(ending)
    if compression:
        ending = os.path.splitext(stem)[1]
    return (_FORMATS[ending], compression) if ending in _FORMATS else None


def _unusable(path: str, error: OSError) -> InputError:
    return InputError(f"{path}: cannot be read ({error.strerror or error}); expected a readable file")
