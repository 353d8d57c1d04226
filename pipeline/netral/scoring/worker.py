"""A process that scores for another one: :func:`serve`, which `netral.scoring.workers` starts in a fresh interpreter."""

from __future__ import annotations

import pickle
import queue
import threading
from multiprocessing.connection import Connection

from netral.errors import ModelError, NetralError
from netral.scoring.lean import start_lean
from netral.scoring.memory import give_back_early


def serve(handle: int) -> None:
    """Be a worker: load the model, then answer every batch with its piece until the pipe ends."""
    start_lean()
    give_back_early()
    pipe = Connection(handle)
    arrived: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    threading.Thread(target=_take_in, args=(pipe, arrived), daemon=True).start()
    out = send_from_thread(pipe)
    if (start := arrived.get()) is None:
        return
    load, folder, digest, task = pickle.loads(start)
    try:
        model = load(folder)
        if model.digest != digest:
            raise ModelError(f"{folder}: was changed since the run began; releases are never changed, restore it")
        while (message := arrived.get()) is not None:
            out.put(pickle.dumps(task(model, pickle.loads(message)), protocol=5))
    except Exception as error:
        # The message of any other error may quote a post.
        if isinstance(error, MemoryError):
            error = NetralError("a worker is out of memory; use fewer --workers, and --resume to go on")
        told = error if isinstance(error, NetralError) else NetralError(f"unexpected {type(error).__name__} in a worker: this is a defect")
        out.put(pickle.dumps(told))
        while arrived.get() is not None:  # batches on their way; the parent reads the error, and ends this process
            pass


def send_from_thread(pipe: Connection) -> queue.SimpleQueue[bytes | None]:
    """Return a queue from which a thread sends, so that nobody waits for a full pipe; None ends it."""
    messages: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def send() -> None:
        while (message := messages.get()) is not None:
            try:
                pipe.send_bytes(message)
            except OSError:
                return  # the other side is gone: whoever receives from it will say so

    threading.Thread(target=send, daemon=True).start()
    return messages


def _take_in(pipe: Connection, arrived: queue.SimpleQueue[bytes | None]) -> None:
    try:
        while True:
            arrived.put(pipe.recv_bytes())
    except (EOFError, OSError):
        arrived.put(None)
