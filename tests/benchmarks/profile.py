"""Profile two fixed jobs: scoring the bundled posts with the release in use, and training on them.

For each it writes ``out/profile-JOB.svg``, a flame graph by py-spy (from the environment of ``make bench``), and
``out/profile-JOB.txt`` by cProfile: the fifty dearest functions by their own time, then by time with all they call.
Where py-spy may not look at processes, the tables remain.

Run: ``make profile``
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import netral
from netral.errors import NetralError
from tests.benchmarks import ours
from tests.benchmarks import posts as source
from tests.benchmarks.bench import OTHER, TRAINING, make_other_environment, new_root
from tests.benchmarks.measure import ROOT, say

#: Looks per second; enough for functions that take a hundredth of the time.
_RATE = 200


def score(n: int) -> Callable[[], object]:
    """Return the scoring of ``n`` posts in memory, one process: the bundled ones again and again, a few words altered in each copy."""
    model, texts = netral.load(), list(source.repeat(source.bundled(n)[0], n))
    return lambda: model.predict_proba(texts)


def train(n: int) -> Callable[[], object]:
    """Return training on the first ``n`` bundled posts at one fixed ``C``, from the file to the artifact."""
    folder = tempfile.TemporaryDirectory(prefix="netral-profile-")
    root, posts = Path(folder.name) / "root", Path(folder.name) / "posts.csv"
    new_root(root)
    source.write_csv(posts, *source.bundled(n))

    def job() -> None:
        with folder:
            ours.stages(str(posts), str(root), *TRAINING)

    return job


#: The jobs and how many posts each takes.
JOBS: dict[str, tuple[Callable[[int], Callable[[], object]], int]] = {"score": (score, 50_000), "train": (train, 4_000)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Profile the jobs, or run one of them for a profiler to look at."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.profile", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--job", choices=JOBS, help="run this job alone, unprofiled")
    parser.add_argument("--only", choices=JOBS, help="profile this job alone")
    parser.add_argument("--posts", type=int, help="posts of each job")
    parser.add_argument("--out", type=Path, default=ROOT / "out", help="folder of the profiles")
    parser.add_argument("--without-others", action="store_true", help="tables alone; install nothing")
    asked = parser.parse_args(arguments)
    try:
        if asked.job:
            make, usual = JOBS[asked.job]
            make(asked.posts or usual)()
            return
        asked.out.mkdir(parents=True, exist_ok=True)
        absent = make_other_environment(not asked.without_others)
        for name in [asked.only] if asked.only else JOBS:
            profile(name, asked.posts or JOBS[name][1], asked.out, absent)
    except NetralError as error:
        sys.exit(f"error: {error}")


def profile(name: str, n: int, folder: Path, absent: str) -> None:
    """Write the table and, unless its environment is absent, the flame graph of one job."""
    say(f"{name}: functions of {n:,} posts")
    job, profiler = JOBS[name][0](n), cProfile.Profile()
    profiler.runcall(job)
    table, graph = folder / f"profile-{name}.txt", folder / f"profile-{name}.svg"
    with open(table, "w", encoding="utf-8") as file:
        found = pstats.Stats(profiler, stream=file).strip_dirs()
        found.sort_stats("tottime").print_stats(50)
        found.sort_stats("cumulative").print_stats(50)
    sys.stdout.write(f"{table}\n")
    absent = absent or _flames(name, n, graph)
    sys.stdout.write(f"{graph}: none, {absent}\n" if absent else f"{graph}\n")


def _flames(name: str, n: int, graph: Path) -> str:
    """Draw a flame graph of a fresh process that runs the job; returns why it could not."""
    say(f"{name}: flame graph of {n:,} posts")
    look = [OTHER / "bin" / "py-spy", "record", "--subprocesses", "--rate", str(_RATE), "--output", graph, "--"]
    job = [sys.executable, "-m", "tests.benchmarks.profile", "--job", name, "--posts", str(n)]
    done = subprocess.run([*look, *job], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 and graph.exists() else f"py-spy: {done.stderr.strip()[-300:]}"


if __name__ == "__main__":
    main()
