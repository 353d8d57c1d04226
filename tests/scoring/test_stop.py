"""No signal is lost, whenever it comes."""

from __future__ import annotations

import os
import random
import signal
import threading
import time

import pyarrow as pa
import pyarrow.csv
import pytest

from netral.errors import Stopped
from netral.scoring.stop import Stop

DATA = b"id,text\n" + b"\n".join(b"%d,teks nomor %d" % (number, number) for number in range(8192))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_arrow_reads_csv_is_heard(number):
    """Arrow has a handler of its own, which loses signals that come just before the end of a read."""
    draw = random.Random(3)
    for _ in range(500):
        with pytest.raises(Stopped, match=number.name):
            _read_until_struck(number, draw.random() * 0.003)


def _read_until_struck(number, seconds):
    with Stop() as stop:
        sender = threading.Timer(seconds, os.kill, (os.getpid(), number))
        sender.start()
        try:
            while sender.is_alive():
                with stop.here():
                    pa.csv.read_csv(pa.BufferReader(DATA), pa.csv.ReadOptions(use_threads=False))
            time.sleep(0.0005)  # Python's own handler is called between two of its instructions
            with stop.here():
                pass
        finally:
            sender.join()


def test_a_signal_elsewhere_waits():
    with Stop() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.0005)
        with pytest.raises(Stopped):
            stop.here().__enter__()


def test_handlers_are_as_before():
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    with Stop():
        assert signal.getsignal(signal.SIGTERM) != before[0]
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
