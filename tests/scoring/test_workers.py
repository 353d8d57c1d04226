"""`Workers`: what becomes of pieces when a worker, or the reading, fails, and of workers when one cannot be started."""

from __future__ import annotations

import errno
from collections import deque
from types import SimpleNamespace

import pytest

import netral
from netral.errors import InputError, NetralError
from netral.scoring import workers
from netral.scoring.workers import Workers


def task(model, batch):
    return f"piece {batch}"


class Failing:
    """A worker that takes batches, and fails at the one that it should answer as the ``nth``; asked again, it would be silent for ever."""

    def __init__(self, nth: int, *, soon: bool) -> None:
        self.pid, self.waiting = 0, deque()
        self._left, self._soon = nth, soon

    def give(self, answer):
        answer.worker = self
        self.waiting.append(answer)

    def collect(self):
        if self._soon and self.waiting:
            self.receive()

    def receive(self):
        self._left -= 1
        if self._left == 0:
            raise NetralError("a worker failed")
        assert self._left > 0, "whoever waits for this worker waits for ever"
        answer = self.waiting.popleft()
        answer.piece = answer.piece or task(None, answer.batch)

    def end(self):
        pass


def engine(*others) -> Workers:
    model = SimpleNamespace(folder=None, digest="")
    made = Workers(len(others) + 1, netral.load, model, task)
    made._workers = list(others)
    return made


@pytest.mark.parametrize("nth", [1, 2, 5])
@pytest.mark.parametrize("soon", [True, False], ids=["noticed between two batches", "noticed when waited for"])
def test_when_a_worker_fails_nothing_is_waited_for_and_nothing_is_left_out(nth, soon):
    handed_out: list[str] = []
    with pytest.raises(NetralError, match="a worker failed"):
        handed_out.extend(engine(Failing(nth, soon=soon), Failing(1000, soon=True)).pieces(range(100)))
    assert handed_out == [f"piece {batch}" for batch in range(len(handed_out))]


def test_when_reading_fails_what_was_read_is_handed_out():
    def reading():
        yield from range(10)
        raise InputError("damaged")

    handed_out: list[str] = []
    with pytest.raises(InputError, match="damaged"):
        handed_out.extend(engine(Failing(1000, soon=True)).pieces(reading()))
    assert handed_out == [f"piece {batch}" for batch in range(10)]


def test_where_the_system_starts_no_more_processes_those_that_run_are_ended(monkeypatch):
    started: list[Failing] = []
    ended: list[Failing] = []

    def start(_):
        if started:
            raise OSError(errno.EAGAIN, "Resource temporarily unavailable")
        started.append(Failing(1000, soon=True))
        return started[-1]

    monkeypatch.setattr(workers, "_Worker", start)
    monkeypatch.setattr(Failing, "end", lambda worker: ended.append(worker))
    made = Workers(4, netral.load, SimpleNamespace(folder=None, digest=""), task)
    with pytest.raises(NetralError, match="use fewer --workers"):
        made.__enter__()
    assert ended == started
