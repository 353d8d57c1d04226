"""Who scores: this process, or others that it starts; either way the pieces come back in the order of the chunks.

Workers are fresh interpreters, not forks: a host program may have threads, and no ``__main__`` is imported twice. Chunk i
goes to worker i modulo n, each worker has at most two chunks, and a thread of its own takes them in, so that neither side
waits for a full pipe. A worker ends when its pipe does, hence also when the parent is killed.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from netral.errors import ModelError, NetralError, UsageError
from netral.scoring.chunk import Chunk
from netral.scoring.lean import start_lean
from netral.scoring.ledger import Piece
from netral.scoring.memory import give_back_early
from netral.scoring.score import Scorer, score_chunk
from netral.scoring.write import encode_rejected, encoder
from netral.text.targets import Gazetteer

_WAITING = 2  # chunks of a worker: one in hand, one at hand
_START = "import sys; from netral.scoring.workers import serve; serve(int(sys.argv[1]))"

Load = Callable[[Path], Scorer]


@dataclass(frozen=True)
class Task:
    """What is done with every chunk.

    Parameters
    ----------
    gazetteer : Gazetteer or None
    explain : int
        Reasons per row.
    kind : str
        ``csv``, ``jsonl`` or ``parquet``.
    """

    gazetteer: Gazetteer | None
    explain: int
    kind: str

    def __call__(self, model: Scorer, chunk: Chunk) -> Piece:
        """Score a chunk and write its results as bytes."""
        batch, tally = score_chunk(model, chunk, self.gazetteer, self.explain)
        return Piece(encoder(self.kind)(batch), encode_rejected(chunk.rejected), tally)


class Here:
    """Score in this process: nothing is started."""

    pids: tuple[int, ...] = ()

    def __init__(self, model: Scorer, task: Task) -> None:
        self._model = model
        self._task = task

    def __enter__(self) -> Here:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def pieces(self, chunks: Iterable[Chunk]) -> Iterator[Piece]:
        """Score chunks one after the other."""
        for chunk in chunks:
            yield self._task(self._model, chunk)


class Workers:
    """Score in ``count`` processes.

    Parameters
    ----------
    count : int
    load : callable of folder to Scorer
        A function that can be imported; each worker calls it.
    model : Scorer
        The model of the run, already loaded here; a worker that finds another in its folder refuses.
    task : Task

    Attributes
    ----------
    pids : tuple of int
        Process ids of the workers.
    """

    def __init__(self, count: int, load: Load, model: Scorer, task: Task) -> None:
        try:
            self._start = pickle.dumps((load, model.folder, model.digest, task))
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise UsageError(f"load={load!r}: workers cannot import it ({error}); pass a function of a module, or workers=1") from error
        if load.__module__ == "__main__":
            raise UsageError(f"load={load!r}: workers cannot import the main program; pass a function of a module, or workers=1")
        self._count = count
        self._processes: list[subprocess.Popen[bytes]] = []
        self._pipes: list[Connection] = []

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the workers."""
        return tuple(process.pid for process in self._processes)

    def __enter__(self) -> Workers:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        for _ in range(self._count):
            ours, theirs = Pipe()
            with theirs:
                command = [sys.executable, "-c", _START, str(theirs.fileno())]
                self._processes.append(
                    subprocess.Popen(
                        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=(theirs.fileno(),), env=environment
                    )
                )
            self._pipes.append(ours)
            ours.send_bytes(self._start)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            if error is not None:
                process.kill()
            process.wait()

    def pieces(self, chunks: Iterable[Chunk]) -> Iterator[Piece]:
        """Score chunks side by side; when reading ends in an error, what was read before it is still handed out."""
        failure: NetralError | None = None
        waiting: deque[int] = deque()
        turns = cycle(range(self._count))
        try:
            for chunk in chunks:
                waiting.append(next(turns))
                self._send(waiting[-1], chunk)
                if len(waiting) == self._count * _WAITING:
                    yield self._receive(waiting.popleft())
        except NetralError as error:
            failure = error
        while waiting:
            yield self._receive(waiting.popleft())
        if failure is not None:
            raise failure

    def _send(self, worker: int, chunk: Chunk) -> None:
        try:
            self._pipes[worker].send_bytes(pickle.dumps(_compact(chunk), protocol=5))
        except OSError:
            self._receive(worker)  # says why it ended

    def _receive(self, worker: int) -> Piece:
        try:
            answer = pickle.loads(self._pipes[worker].recv_bytes())
        except (EOFError, OSError):
            code = self._processes[worker].wait()
            raise NetralError(
                f"worker process {self._processes[worker].pid} ended (status {code}; -9 is what a system short of memory does); "
                "use fewer --workers, and --resume to go on"
            ) from None
        if isinstance(answer, NetralError):
            raise answer
        return answer


def serve(handle: int) -> None:
    """Be a worker: load the model, then answer every chunk with its piece until the pipe ends."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)  # the parent decides: it lets the chunk in hand be finished
    start_lean()
    give_back_early()
    pipe = Connection(handle)
    arrived: queue.Queue[bytes | None] = queue.Queue(_WAITING)
    threading.Thread(target=_take_in, args=(pipe, arrived), daemon=True).start()
    if (start := arrived.get()) is None:
        return
    load, folder, digest, task = pickle.loads(start)
    try:
        model = load(folder)
        if model.digest != digest:
            raise ModelError(f"{folder}: was changed since the run began; releases are never changed, restore it")
        while (message := arrived.get()) is not None:
            pipe.send_bytes(pickle.dumps(task(model, pickle.loads(message)), protocol=5))
    except NetralError as error:
        pipe.send_bytes(pickle.dumps(error))
    except OSError:
        pass  # the parent is gone, and with it anybody who could be told


def _take_in(pipe: Connection, arrived: queue.Queue[bytes | None]) -> None:
    try:
        while True:
            arrived.put(pipe.recv_bytes())
    except (EOFError, OSError):
        arrived.put(None)


def _compact(chunk: Chunk) -> Chunk:
    """Copy what is a slice of something larger: pickling would send the whole."""
    kept: Any = chunk.kept
    if kept is not None:
        kept = pa.table({name: pa.concat_arrays(kept.column(name).chunks) for name in kept.column_names}) if len(kept) else kept
    platforms = None if chunk.platforms is None else pa.concat_arrays([chunk.platforms])
    return replace(chunk, ids=pa.concat_arrays([chunk.ids]), texts=pa.concat_arrays([chunk.texts]), platforms=platforms, kept=kept)
