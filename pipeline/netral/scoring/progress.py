"""How far a run is: a bar on a terminal, one line a minute in a log, nothing for a caller who listens to neither."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Any, Protocol

import pyarrow as pa

from netral.scoring.inputs import STDIN, InputFile

_LOG = logging.getLogger("netral")
_SAMPLE = 1 << 20
_EVERY = 60.0  # seconds between lines


class Progress(Protocol):
    """What a run tells while it goes on."""

    def start(self, total: int | None, done: int) -> None:
        """Rows to expect, about, and rows done by an earlier run."""

    def show(self, read: int, rejected: int) -> None:
        """Rows read and rejected so far."""

    def close(self) -> None:
        """The run has ended, in whatever way."""


class Lines:
    """One line a minute into the log ``netral``."""

    def __init__(self) -> None:
        self._total: int | None = None
        self._done = 0
        self._began = self._said = time.monotonic()

    def start(self, total: int | None, done: int) -> None:
        """Begin to measure the rate."""
        self._total, self._done = total, done
        self._began = self._said = time.monotonic()

    def show(self, read: int, rejected: int) -> None:
        """Say something if a minute has passed."""
        now = time.monotonic()
        if now - self._said < _EVERY:
            return
        self._said = now
        rate = (read - self._done) / (now - self._began)
        left = f", about {max(0.0, (self._total - read) / rate) / 60:.0f} min left" if self._total and rate > 0 else ""
        counts = {"read": read, "rejected": rejected, "rows_per_second": round(rate)}
        _LOG.info("%s rows read, %s rejected, %.0f rows/s%s", f"{read:,}", f"{rejected:,}", rate, left, extra={"fields": counts})

    def close(self) -> None:
        """Nothing is left to do."""


class Bar:
    """A progress bar on standard error, with rate and remaining time."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.completed:,} rows"),
            BarColumn(),
            TextColumn("{task.fields[rate]:,.0f} rows/s, {task.fields[rejected]:,} rejected"),
            TimeRemainingColumn(),
        )
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._began, self._done, self._task = time.monotonic(), 0, self._bar.add_task("", start=True, rate=0.0, rejected=0)

    def start(self, total: int | None, done: int) -> None:
        """Show the bar."""
        self._began, self._done = time.monotonic(), done
        self._bar.reset(self._task, total=total, completed=done, rate=0.0, rejected=0)
        self._bar.start()

    def show(self, read: int, rejected: int) -> None:
        """Move the bar."""
        rate = (read - self._done) / max(1e-9, time.monotonic() - self._began)
        self._bar.update(self._task, completed=read, rate=rate, rejected=rejected)

    def close(self) -> None:
        """Take the bar away."""
        self._bar.stop()


def estimate_rows(files: Sequence[InputFile]) -> int | None:
    """Guess how many rows files have, from the lines in their first megabyte; None for standard input."""
    if any(file.path == STDIN for file in files):
        return None
    try:
        return sum(_parquet_rows(file) if file.format == "parquet" and not file.compression else _text_rows(file) for file in files)
    except (OSError, ValueError, pa.ArrowException):
        return None  # the reader will say what is wrong with the file


def _parquet_rows(file: InputFile) -> int:
    import pyarrow.parquet as pq

    return pq.read_metadata(file.path).num_rows


def _text_rows(file: InputFile) -> int:
    with pa.OSFile(file.path) as raw:
        source: Any = pa.CompressedInputStream(raw, file.compression) if file.compression else raw
        sample = source.read(_SAMPLE)
        used = raw.tell()
    return round(sample.count(b"\n") * (file.size or 0) / used) if used else 0
