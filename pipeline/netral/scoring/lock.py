"""One run at a time on an output: a lock that the system drops when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from netral.errors import OutputLocked, WriteError


@contextmanager
def lock(out: Path) -> Iterator[None]:
    """Hold ``out`` for this run.

    Raises
    ------
    OutputLocked
        If another run holds it; there is no waiting.
    WriteError
        If the folder of ``out`` cannot be written to.
    """
    path = out.with_name(f".{out.name}.netral-lock")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle = _take(path)
    except BlockingIOError:
        raise OutputLocked(f"{out}: another run is writing it; wait for that one to end, or name another --out") from None
    except OSError as error:
        raise WriteError(f"{out}: its folder cannot be written to ({error.strerror}); mount it, free it or choose another") from error
    try:
        yield
    finally:
        with suppress(OSError):  # a lost mount must not hide the error that ended the run
            path.unlink()  # while it is still held, so that nobody can have taken this very file
        os.close(handle)


def _take(path: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Its holder may have removed the file between our open and our lock; then we hold a file without a name.
            if os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
