"""SIGTERM and SIGINT: they strike where nothing can be lost, and wait everywhere else."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

from netral.errors import Stopped

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stop:
    """Turn the first signal into `Stopped`, inside `here` at once, elsewhere when `here` is next entered.

    A program that calls netral from another thread than its main one keeps its own signal handling.
    """

    def __init__(self) -> None:
        self._signal: int | None = None
        self._here = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Stop:
        if threading.current_thread() is threading.main_thread():
            self._before = {each: signal.signal(each, self._handle) for each in _SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)

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
