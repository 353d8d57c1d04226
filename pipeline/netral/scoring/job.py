"""What a run is asked to do, checked before anything is touched."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from netral.errors import UsageError
from netral.scoring.batch import ReadOptions
from netral.scoring.inputs import STDIN
from netral.scoring.ledger import Places
from netral.scoring.metrics import is_other
from netral.scoring.write import COLUMNS, REASONS, Format, format_of

#: Judging a share of rejected rows before the end of the input needs this many rows.
EARLY_ROWS = 10_000
#: More would be a slip of the hand.
MOST_WORKERS = 512
_LONGEST_NAME, _TEMPORARY = 255, 20  # bytes of a file's name, and what a temporary name adds to it


@dataclass(frozen=True)
class Limit:
    """How many rows may be rejected.

    Parameters
    ----------
    count : int or None
        At most so many, judged after every batch.
    share : float or None
        At most this share of the rows read, judged from `EARLY_ROWS` rows on and at the end.
    """

    count: int | None = None
    share: float | None = None

    @classmethod
    def parse(cls, text: str | int) -> Limit:
        """Read ``"100"``, 100 or ``"1%"``.

        Raises
        ------
        UsageError
            If it is neither.
        """
        found = re.fullmatch(r"\s*(\d{1,15}(?:\.\d+)?)\s*(%?)\s*", str(text))
        if not found or (found[2] and float(found[1]) > 100) or (not found[2] and "." in found[1]):
            raise UsageError(f"--max-rejected {text}: expected a number of rows (100) or a share of them (1%)")
        return cls(share=float(found[1]) / 100) if found[2] else cls(count=int(found[1]))

    def exceeded(self, read: int, rejected: int, *, end: bool) -> bool:
        """Say whether ``rejected`` of ``read`` rows are too many."""
        if self.count is not None:
            return rejected > self.count
        return self.share is not None and (end or read >= EARLY_ROWS) and rejected > self.share * read

    def __str__(self) -> str:
        return f"{self.count:,}" if self.count is not None else f"{100 * (self.share or 0):g}%"


@dataclass(frozen=True)
class Job:
    """A scoring run as asked for; `netral.scoring.run.score_file` explains the fields."""

    inputs: tuple[str, ...]
    out: Path | None
    read: ReadOptions = field(default_factory=ReadOptions)
    explain: int = 0
    workers: int = 1
    resume: bool = False
    overwrite: bool = False
    limit: Limit = field(default_factory=Limit)
    rejected: Path | None = None
    manifest: Path | None = None
    metrics: Path | None = None
    fail_on_drift: bool = False

    def __post_init__(self) -> None:
        _refuse(not self.inputs, "no input: name files, folders, patterns or - for standard input")
        _refuse("" in self.inputs, "an input without a name: name files, folders, patterns or - for standard input")
        _refuse(not 1 <= self.workers <= MOST_WORKERS, f"--workers {self.workers}: expected 1 to {MOST_WORKERS}")
        _refuse(self.explain < 0, f"--explain {self.explain}: expected the number of reasons per row, 0 for none")
        taken = [name for name in self.read.keep if name in (*COLUMNS, REASONS)]
        _refuse(bool(taken), f"--keep {', '.join(taken)}: the results have a column of that name; rename it in the input")
        _refuse(len(set(self.read.keep)) < len(self.read.keep), "--keep: names a column twice")
        self._check_beside()
        if self.out is None:
            _refuse(self.resume or self.overwrite, "--resume and --overwrite need a file: --out - writes to standard output")
            return
        _refuse(bool(self.rejected or self.manifest), f"--rejected and --manifest go with --out -; beside {self.out} they have their names")
        self._check_out(self.out)

    def _check_beside(self) -> None:
        """Refuse files to write that are to be read, or to be written, already."""
        taken = {os.path.realpath(name) for name in self.inputs if name != STDIN}
        if self.out is not None:
            taken |= {str(path) for path in _written(self.out)}
        for flag, path in (("--rejected", self.rejected), ("--manifest", self.manifest), ("--metrics-file", self.metrics)):
            if path is not None:
                place = os.path.realpath(path)
                _refuse(place in taken, f"{flag} {path}: is read or written by the same run; name another file")
                _refuse(_is_special(place), f"{flag} {path}: is no ordinary file; name a file")
                _refuse(path is self.metrics and is_other(path), f"{flag} {path}: holds something else than metrics; name another file")
                taken.add(place)

    def spare(self, read: Iterable[Path | str]) -> None:
        """Refuse to write over one of the files that are read.

        Raises
        ------
        UsageError
        """
        places = [path for path in (self.rejected, self.manifest, self.metrics) if path is not None]
        places += _written(self.out) if self.out is not None else []
        taken = {os.path.realpath(path): path for path in places}
        for path in read:
            _refuse(os.path.realpath(path) in taken, f"{taken.get(os.path.realpath(path))}: is read by the same run; write to another file")

    def _check_out(self, out: Path) -> None:
        format_of(out)
        odd = any(mark < " " or mark == "\x7f" for mark in str(out))
        _refuse(odd, f"--out {str(out)!r}: found control characters in the name, which would break lines of the log; name it otherwise")
        _refuse(_is_special(str(out)), f"--out {out}: is no ordinary file; name a file, or - for standard output")
        long = max(len(os.fsencode(path.name)) for path in _written(out)) + _TEMPORARY > _LONGEST_NAME
        _refuse(long, f"--out {out}: the name is too long for what is written beside it; name a shorter one")
        folder = Places(out).folder
        in_the_way = [path for path in _written(out) if _is_special(str(path))]
        in_the_way += [folder] if folder.is_symlink() or (folder.exists() and not folder.is_dir()) else []
        for path in in_the_way[:1]:
            raise UsageError(f"--out {out}: {path.name} is in the way; move it, or name another file")
        for name in self.inputs:
            if name != STDIN:
                source = Path(os.path.realpath(name))
                inside = source in _written(out) or (os.path.isdir(source) and out.is_relative_to(source))
                inside |= not os.path.lexists(name) and any(_matches(path, str(source)) for path in _written(out))
                _refuse(inside, f"--out {out}: the input {name} would cover it; write the results to another folder")

    @property
    def format(self) -> Format:
        """How the results are written."""
        return Format("csv") if self.out is None else format_of(self.out)


def _written(out: Path) -> list[Path]:
    """Return what a run on ``out`` leaves there."""
    places = Places(out)
    return [out, places.rejected, places.manifest]


def _is_special(path: str) -> bool:
    return os.path.lexists(path) and not os.path.isfile(path)  # these two take any name, however long or looping


def _matches(path: Path, pattern: str) -> bool:
    return _fit(path.parts, Path(pattern).parts)


def _fit(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Say whether a path is what a pattern finds; ``**`` stands for any folders, or none."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_fit(parts[at:], pattern[1:]) for at in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _fit(parts[1:], pattern[1:])


def _refuse(wrong: bool, message: str) -> None:
    if wrong:
        raise UsageError(message)
