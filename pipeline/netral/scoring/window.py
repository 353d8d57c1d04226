"""The content of a file, unpacked, seen through a window that moves from front to back and stays small."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO

import pyarrow as pa

from netral.errors import InputError
from netral.scoring.inputs import STDIN, InputFile

STEP = 1 << 20


class Window:
    """What lies ahead of a reader.

    Parameters
    ----------
    read : callable
        Given a number of bytes, returns that many or fewer, and none at the end.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._data = b""
        self._start = 0
        self._ended = False

    def peek(self, size: int) -> tuple[bytes, bool]:
        """Return the next ``size`` bytes, fewer only at the end, and whether they are all that is left."""
        have = len(self._data) - self._start
        if have <= size and not self._ended:
            parts = [self._data[self._start :]]
            # One byte more tells whether the end is reached. Short reads (pipes) are repeated: what a reader sees depends on no timing.
            while have <= size and not self._ended:
                part = self._read(max(size + 1 - have, STEP))
                parts.append(part)
                have += len(part)
                self._ended = not part
            self._data, self._start = b"".join(parts), 0
        return self._data[self._start : self._start + size], have <= size

    def skip(self, size: int) -> None:
        """Move on by ``size`` bytes, all of which were seen."""
        self._start += size

    def skip_line(self) -> None:
        """Move on to the next line without holding the rest of this one, however long it is."""
        while True:
            data, last = self.peek(STEP)
            end = data.find(b"\n") + 1
            self.skip(end or len(data))
            if end or last:
                return


@contextmanager
def open_window(file: InputFile) -> Iterator[Window]:
    """Open a file, or standard input, for reading.

    Raises
    ------
    InputError
        If it cannot be opened, and, while it is read, as soon as it turns out to be damaged.
    """
    with ExitStack() as stack:
        done = 0

        def read(size: int) -> bytes:
            nonlocal done
            try:
                part = stream.read(size)
            except (OSError, pa.ArrowException) as error:
                raise damaged(file, f"after {done:,} bytes of its content", error) from error
            if part is None:
                raise InputError("-: standard input does not wait for what is to come (it is non-blocking); send it through `cat |`")
            done += len(part)
            return part

        stream = _stdin() if file.path == STDIN else stack.enter_context(_stream(file))
        yield Window(read)


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise InputError("-: standard input is closed; name a file, or send one to it")
    return sys.stdin.buffer


def _stream(file: InputFile) -> pa.NativeFile:
    try:
        raw = pa.OSFile(file.path)
    except OSError as error:
        raise damaged(file, "at its start", error) from error
    return pa.CompressedInputStream(raw, file.compression) if file.compression else raw


def damaged(file: InputFile, where: str, error: Exception) -> InputError:
    """Return the error for a file whose rest cannot be read, in one line."""
    return InputError(
        f"{file.path}: cannot be read {where} ({' '.join(str(error).split())}); fetch or write the file again, then run again"
    )
