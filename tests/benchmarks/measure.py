"""Run one contestant in a fresh process and measure it: seconds, memory of its process tree, instructions."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]
_QUIET = {"NETRAL_TRACKING": "off", "MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONHASHSEED": "0", "MPLBACKEND": "Agg"}
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS"), "1")
#: Seconds between two looks at the memory of a process tree; each look costs it a few milliseconds.
_LOOK = 0.1


@dataclass(frozen=True)
class Done:
    """What became of a process: wall seconds, peak proportional set size in MB (0 if not watched), the JSON line it printed."""

    seconds: float
    peak: float
    said: dict[str, Any]


@dataclass(frozen=True)
class Contestant:
    """One row of a table: ``run`` gives seconds for ``posts`` posts on ``cores`` cores; ``absent`` says why it cannot run."""

    key: str
    name: str
    posts: int
    run: Callable[[], float]
    cores: int = 1
    absent: str = ""


def say(text: str) -> None:
    """Tell a watching person how far it is."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def alternate(contestants: Sequence[Contestant], rounds: int) -> list[dict[str, Any]]:
    """Run all contestants in turn, some rounds over; returns one row for each, with the seconds of every round."""
    seconds: dict[str, list[float]] = {each.key: [] for each in contestants}
    for turn in range(rounds):
        for each in contestants:
            if not each.absent:
                say(f"round {turn + 1} of {rounds}: {each.name}")
                seconds[each.key].append(each.run())
    return [
        {"key": c.key, "name": c.name, "posts": c.posts, "cores": c.cores, "absent": c.absent, "seconds": seconds[c.key]}
        for c in contestants
    ]


def run(arguments: Sequence[Any], *, all_cores: bool = False, watch: bool = False) -> Done:
    """Run a command to its end.

    Parameters
    ----------
    arguments : sequence
        The command.
    all_cores : bool
        Let libraries use a thread per core; else one thread.
    watch : bool
        Look at the memory of the process and its children all the while.

    Raises
    ------
    RuntimeError
        If it fails; with the end of what it wrote.
    """
    environment = _environment(all_cores)
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen([str(a) for a in arguments], env=environment, cwd=ROOT, stdout=out, stderr=errors)
        peak = _watch(process) if watch else 0.0
        code = process.wait()
        seconds = time.perf_counter() - start
        out.seek(0)
        errors.seek(0)
        if code:
            raise RuntimeError(f"{' '.join(map(str, arguments))}: exit {code}: {errors.read()[-800:]}")
        last = (out.read().splitlines() or [""])[-1]
    return Done(seconds, peak, json.loads(last) if last.startswith("{") else {})


def _environment(all_cores: bool = False) -> dict[str, str]:
    """The caller's environment, but quiet, with fixed hashes, and with compiled modules kept as they are for every user."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **_QUIET, **({} if all_cores else _ONE_THREAD)}


def _watch(process: subprocess.Popen) -> float:
    """Return the largest sum of proportional set sizes of a process and its children that was seen, in MB."""
    root, peak = psutil.Process(process.pid), 0.0
    while process.poll() is None:
        total = 0
        try:
            for each in [root, *root.children(recursive=True)]:
                total += each.memory_full_info().pss
        except psutil.Error:
            pass  # one ended while we looked
        peak = max(peak, total / 1e6)
        time.sleep(_LOOK)
    return peak


def median(values: Sequence[float]) -> float:
    """Return the median; 0 of nothing."""
    return statistics.median(values) if values else 0.0


def counter() -> tuple[str, str]:
    """Return the tool that counts instructions here, or an empty string and the reason why there is none."""
    if shutil.which("valgrind"):
        return "valgrind --tool=callgrind", ""
    if shutil.which("perf") and instructions("perf stat", ["true"]):
        return "perf stat", ""
    return "", "neither valgrind nor a perf with hardware counters is here"


def instructions(tool: str, arguments: Sequence[Any]) -> int:
    """Count the instructions of a command in user space; 0 where the tool cannot count."""
    tools = {
        "valgrind --tool=callgrind": (["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"], r"Collected\s*:\s*(\d+)"),
        "perf stat": (["perf", "stat", "-x,", "-e", "instructions:u"], r"(?m)^(\d+),.*instructions"),
    }
    before, pattern = tools[tool]
    done = subprocess.run([*before, *map(str, arguments)], env=_environment(), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{tool}: exit {done.returncode}: {done.stderr[-800:]}")
    found = re.search(pattern, done.stderr)
    return int(found[1]) if found else 0
