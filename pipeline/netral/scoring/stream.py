"""Results to standard output: no resume, and the other files only where they were asked for."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from netral.errors import WriteError
from netral.files import atomic, write_json
from netral.scoring.ledger import Piece, write_all
from netral.scoring.score import Tally


class Stream:
    """Write pieces to standard output as they come.

    Parameters
    ----------
    head : bytes
        What the results begin with.
    rejected, manifest : Path or None
        Where these go; the file of rejected rows appears when the run has ended well.
    """

    def __init__(self, head: bytes, rejected: Path | None, manifest: Path | None) -> None:
        self._rejected_path = rejected
        self._manifest_path = manifest
        self._stack = ExitStack()
        self._rejected: IO[bytes] | None = None
        self.tally = Tally()
        self.advice = "what was written is not whole; allow more with --max-rejected, and read why in the file of --rejected"
        self._write(head)

    def __enter__(self) -> Stream:
        if self._rejected_path:
            self._rejected = self._stack.enter_context(atomic(self._rejected_path))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.__exit__(kind, error, trace)

    def append(self, piece: Piece) -> None:
        """Write a piece."""
        self._write(piece.results)
        if self._rejected:
            self._rejected.write(piece.rejected)
        self.tally.add(piece.tally)

    def commit(self) -> None:
        """Nothing can be committed: what is written is out."""

    def leave(self) -> None:
        """There is nothing to come back to."""

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, if it was asked for."""
        if self._manifest_path:
            write_json(self._manifest_path, manifest)

    @staticmethod
    def _write(content: bytes) -> None:
        if sys.stdout is None:
            raise WriteError("standard output: is closed; open it, or name a file")
        try:
            write_all(sys.stdout.buffer, content)
            sys.stdout.buffer.flush()
        except OSError as error:
            # Python flushes standard output again at its end, and would complain a second time.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            remedy = "whoever reads it has gone, run again" if error.errno == errno.EPIPE else "make room, then run again"
            raise WriteError(f"standard output: cannot be written ({error.strerror}); {remedy}") from error
