"""SIGTERM and SIGINT: they strike where nothing can be lost, and wait everywhere else."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

import pyarrow as pa

from netral.errors import Stopped

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stop:
    """Turn the first signal into `Stopped`, inside `here` at once, elsewhere when `here` is next entered.

    A program that calls netral from another thread than its main one keeps its own signal handling.

    Arrow's own handling is off meanwhile: while it reads CSV it puts its handler before Python's, and a signal that comes just before the
    end of a read is then heard by nobody (pyarrow 25: about one in thirty of those sent at random while it read block after block).
    """

    def __init__(self) -> None:
        self._signal: int | None = None
        self._here = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Stop:
        if threading.current_thread() is threading.main_thread():
            pa.enable_signal_handlers(False)
            self._before = {each: signal.signal(each, self._handle) for each in _SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)
        if self._before:
            pa.enable_signal_handlers(True)  # as it is unless a program says otherwise; there is no way to ask

    @contextmanager
    def here(self) -> Iterator[None]:
        """A stretch that may be left at any moment: reading, hashing."""
        self._here = True
        try:
            self._raise()
            yield
        except Exception:
            # A signal may strike inside foreign code that turns every exception into one of its own.
            if self._signal is None:
                raise
        finally:
            self._here = False
        self._raise()  # or that takes it for a reason to try another way

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._signal is None:
            self._signal = number
            if self._here:
                self._raise()

    def _raise(self) -> None:
        if self._signal is not None:
            raise Stopped(f"stopped by {signal.Signals(self._signal).name}", self._signal)
