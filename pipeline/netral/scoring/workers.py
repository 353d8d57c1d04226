"""Score in several processes, this one and others that it starts; the pieces come back in the order of the batches.

Workers are fresh interpreters, not forks: a host program may have threads, and no ``__main__`` is imported twice. A worker
has at most two batches; while all have theirs, this process scores one itself. Threads send and take in, so that neither
side waits for a full pipe. A worker ends when its pipe does, hence also when the parent is killed.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Pipe
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from netral.errors import NetralError, UsageError
from netral.scoring.batch import Batch
from netral.scoring.ledger import Piece
from netral.scoring.score import ScoringModel
from netral.scoring.task import Task
from netral.scoring.worker import send_from_thread

_WAITING = 2  # batches of a worker: one in hand, one at hand
_AHEAD = 8  # batches for each worker that may be answered before the first of them is
_START = "import sys; from netral.scoring.worker import serve; serve(int(sys.argv[1]))"

Load = Callable[[Path], ScoringModel]


class Workers:
    """Score in ``count`` processes: this one, and others that it starts.

    Parameters
    ----------
    count : int
        At least 2.
    load : callable of folder to ScoringModel
        A function that can be imported; each worker calls it.
    model : ScoringModel
        The model of the run, already loaded here; a worker that finds another in its folder refuses.
    task : Task

    Attributes
    ----------
    pids : tuple of int
        Process ids of the workers, without this one.
    """

    def __init__(self, count: int, load: Load, model: ScoringModel, task: Task) -> None:
        try:
            self._start = pickle.dumps((load, model.folder, model.digest, task))
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise UsageError(f"load={load!r}: workers cannot import it ({error}); pass a function of a module, or workers=1") from error
        if load.__module__ == "__main__":
            raise UsageError(f"load={load!r}: workers cannot import the main program; pass a function of a module, or workers=1")
        self._count = count - 1
        self._model = model
        self._task = task
        self._workers: list[_Worker] = []

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the workers."""
        return tuple(worker.pid for worker in self._workers)

    def __enter__(self) -> Workers:
        try:
            for _ in range(self._count):
                self._workers.append(_Worker(self._start))
        except OSError as error:  # as many processes or open files as the system allows
            self._end()
            raise NetralError(f"a worker process cannot be started ({error.strerror}); use fewer --workers") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()

    def _end(self) -> None:
        for worker in self._workers:
            worker.end()

    def pieces(self, batches: Iterable[Batch]) -> Iterator[Piece]:
        """Score batches side by side; when reading ends in an error, what was read before it is still handed out.

        Raises
        ------
        NetralError
            What reading or a worker met; that of a worker at once.
        """
        failure: NetralError | None = None
        answers: deque[_Answer] = deque()  # in the order of the batches
        unread = iter(batches)
        first = True  # scored here while the workers start, so that there is something to keep soon
        while True:
            try:  # around reading alone: a worker that failed answers no more, and what comes after its batch must not be handed out
                batch = next(unread, None)
            except NetralError as error:
                failure = error
                break
            if batch is None:
                break
            answers.append(_Answer(batch))
            self._work_on(answers[-1], here=first)
            first = False
            while answers and (answers[0].piece or len(answers) > self._count * _AHEAD):
                yield self._take(answers.popleft())
        while answers:
            self._help()
            yield self._take(answers.popleft())
        if failure is not None:
            raise failure

    def _work_on(self, answer: _Answer, *, here: bool) -> None:
        """Give a batch to the worker that has least to do, or score it here if all have enough."""
        for worker in self._workers:
            worker.collect()
        free = min(self._workers, key=lambda worker: len(worker.waiting))
        if not here and len(free.waiting) < _WAITING:
            free.give(answer)
        else:
            answer.piece = self._task(self._model, answer.batch)

    def _help(self) -> None:
        """At the end of the input, score what lies before a worker that is busy with something else: the same answer, sooner."""
        for worker in self._workers:
            worker.collect()
        at_hand = [worker.waiting[-1] for worker in self._workers if len(worker.waiting) > 1]
        if at_hand and at_hand[0].piece is None:
            at_hand[0].piece = self._task(self._model, at_hand[0].batch)

    def _take(self, answer: _Answer) -> Piece:
        while answer.worker and answer.piece is None:
            answer.worker.receive()
        return answer.piece or self._task(self._model, answer.batch)


@dataclass(eq=False)
class _Answer:
    """A batch, who scores it if not this process, and its piece once that is known."""

    batch: Batch
    worker: _Worker | None = None
    piece: Piece | None = None


class _Worker:
    """A process that scores, seen from here."""

    def __init__(self, start: bytes) -> None:
        self._pipe, theirs = Pipe()
        # From its birth on it takes no notice of signals meant for all: the parent decides, and lets the batch in hand be finished.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
        try:
            self._process = _start(theirs.fileno())
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()
        self.pid = self._process.pid
        #: What it was given and has not answered, in order.
        self.waiting: deque[_Answer] = deque()
        self._out = send_from_thread(self._pipe)
        self._out.put(start)

    def give(self, answer: _Answer) -> None:
        answer.worker = self
        self.waiting.append(answer)
        self._out.put(pickle.dumps(_compact(answer.batch), protocol=5))

    def collect(self) -> None:
        """Take what it has answered by now."""
        while self.waiting and self._pipe.poll():
            self.receive()

    def receive(self) -> None:
        """Wait for its next answer.

        Raises
        ------
        NetralError
            If it has ended, or what it met.
        """
        try:
            found = pickle.loads(self._pipe.recv_bytes())
        except (EOFError, OSError):
            raise NetralError(
                f"worker process {self.pid} ended (status {self._process.wait()}; -9 is what a system short of memory does); "
                "use fewer --workers, and --resume to go on"
            ) from None
        if isinstance(found, NetralError):
            raise found
        answer = self.waiting.popleft()
        answer.piece = answer.piece or found

    def end(self) -> None:
        """End it; whatever it still does is not needed."""
        self._process.kill()
        self._process.wait()
        self._out.put(None)
        self._pipe.close()


def _start(handle: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _START, str(handle)],  # -P: no module from the folder that the run was started in
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(handle,),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )


def _compact(batch: Batch) -> Batch:
    """Copy what is a slice of something larger: pickling would send the whole."""
    kept: Any = batch.kept
    if kept is not None and len(kept):
        kept = pa.table({name: pa.concat_arrays(kept.column(name).chunks) for name in kept.column_names})
    platforms = None if batch.platforms is None else pa.concat_arrays([batch.platforms])
    return replace(batch, ids=pa.concat_arrays([batch.ids]), texts=pa.concat_arrays([batch.texts]), platforms=platforms, kept=kept)
