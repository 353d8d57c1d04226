"""A scoring run to be killed: `python -m tests.scoring.victim '{"inputs": ..., "out": ..., ...}'`, started by the fault test.

It commits after every batch, takes a little time over each, says `ready` when it begins, and can be given a fate: a file
size limit, a reader that fails after some batches, or SIGKILL at its n-th step toward the disk.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time

from netral.errors import NetralError
from netral.model.model import load
from netral.scoring import run
from netral.scoring.batch import ReadOptions


def slow(folder: str):
    """Load a model that takes its time, here and in the workers."""
    model = load(folder)
    score = model.score

    def score_slowly(texts, gazetteer=None):
        time.sleep(0.004)
        return score(texts, gazetteer)

    model.score = score_slowly
    return model


def fail_after(batches: int) -> None:
    """Let the reader lose its file midway."""
    read = run.read_batches

    def read_until(*arguments):
        for number, batch in enumerate(read(*arguments)):
            if number == batches:
                raise OSError(5, "Input/output error")
            yield batch

    run.read_batches = read_until


def die_at(step: int) -> None:
    """Kill this process right before its n-th sync, rename or removal."""
    left = step

    def dying(function):
        def call(*arguments, **options):
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **options)

        return call

    for name in ("fsync", "replace", "unlink", "rmdir", "mkdir"):
        setattr(os, name, dying(getattr(os, name)))


def main() -> None:
    from tests.scoring.victim import slow  # by its module's name, not as __main__'s: workers import it

    task = json.loads(sys.argv[1])
    run.COMMIT_SECONDS = 0.0
    if task.get("fail_after") is not None:
        fail_after(task["fail_after"])
    if task.get("die_at") is not None:
        die_at(task["die_at"])
    if task.get("file_size") is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (task["file_size"], resource.RLIM_INFINITY))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    try:
        run.score_file(
            task["inputs"],
            task["out"],
            model=task["model"],
            read=ReadOptions(keep=("likes",), batch_rows=task["batch_rows"]),
            workers=task.get("workers", 1),
            resume=True,
            load=slow,
        )
    except NetralError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
