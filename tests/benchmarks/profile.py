"""Profile a fixed scoring job: where the time of one process goes, function by function.

Writes ``out/profile.txt`` (the fifty dearest functions by own time) and ``out/profile.pstats`` (for snakeviz and the like).

Run: ``make profile``
"""

from __future__ import annotations

import cProfile
import pstats
import sys
from pathlib import Path

import netral
from tests.benchmarks.posts import sample

OUT = Path("out")


def main() -> None:
    """Score 50,000 posts with the current release under the profiler."""
    texts, _, what = sample(50_000)
    model = netral.load()
    profiler = cProfile.Profile()
    profiler.runcall(model.predict_proba, texts)
    OUT.mkdir(exist_ok=True)
    profiler.dump_stats(OUT / "profile.pstats")
    with open(OUT / "profile.txt", "w", encoding="utf-8") as file:
        pstats.Stats(profiler, stream=file).sort_stats("tottime").print_stats(50)
    sys.stdout.write(f"50,000 of {what}: see {OUT / 'profile.txt'}\n")


if __name__ == "__main__":
    main()
