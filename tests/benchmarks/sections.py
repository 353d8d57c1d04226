"""The measurements, one function per section of the page; each returns plain data that a file can keep."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.benchmarks import posts as source
from tests.benchmarks.bench import COUNTED, TRAINING, Bench
from tests.benchmarks.measure import Contestant, alternate, counter, instructions, median, run, say

Section = Callable[[Bench], dict[str, Any]]
CORES = os.cpu_count() or 1
BASELINE = "import numpy, pyarrow.csv, typer"
#: From this size on a file is scored once, not in every round: it takes many minutes.
ONCE = 10_000_000


def _reported(command: list[Any]) -> float:
    """The seconds that a contestant reports: without its start and the loading of its model."""
    return float(run(command).said["seconds"])


def _wall(command: list[Any]) -> float:
    """The seconds of the whole process."""
    return run(command).seconds


def scoring(bench: Bench) -> dict[str, Any]:
    """Score many posts: in memory (scoring alone) and from file to file (whole processes)."""
    bench.train_if_changed()
    n, posts, table, models = bench.wanted.posts, bench.file("posts.txt"), bench.file("posts.csv"), bench.models
    out = bench.file("fasttext.csv")
    predict = {ngrams: bench.other("memory", posts, models.fasttext(ngrams)) for ngrams in (1, 2)}
    contestants = [
        Contestant("memory", "netral, in memory, 1 process", n, partial(_reported, bench.ours("memory", posts, models.netral))),
        Contestant(
            "memory-all",
            f"netral, in memory, {CORES} processes",
            n,
            partial(_reported, bench.ours("memory-all", posts, models.netral)),
            cores=CORES,
        ),
        Contestant("file", "`netral score`, file to file, 1 worker", n, partial(_wall, bench.score(table, 1))),
        Contestant("file-all", f"`netral score`, file to file, {CORES} workers", n, partial(_wall, bench.score(table, CORES)), cores=CORES),
        Contestant("fasttext-2", "fastText bigrams, in memory", n, partial(_reported, predict[2]), absent=bench.absent),
        Contestant("fasttext-1", "fastText unigrams, in memory", n, partial(_reported, predict[1]), absent=bench.absent),
        Contestant(
            "fasttext-file",
            "fastText bigrams, file to file",
            n,
            partial(_wall, bench.other("file", posts, models.fasttext(2), out)),
            absent=bench.absent,
        ),
        Contestant("wc", "`wc -w` (yardstick)", n, partial(_wall, ["wc", "-w", posts])),
    ]
    return {"posts": n, "rows": alternate(contestants, bench.wanted.rounds)}


def reading(bench: Bench) -> dict[str, Any]:
    """Read posts without scoring them, from each format, beside Python's bare reader of CSV."""
    n, texts = bench.wanted.posts, source.read_lines(bench.file("posts.txt"))
    source.write_jsonl(bench.file("posts.jsonl"), texts)
    source.write_parquet(bench.file("posts.parquet"), texts)
    contestants = [
        *(
            Contestant(kind, f"netral, {name}", n, partial(_reported, bench.ours("reading", bench.file(f"posts.{kind}"))))
            for kind, name in (("csv", "CSV"), ("jsonl", "JSONL"), ("parquet", "Parquet"))
        ),
        Contestant("bare", "Python's `csv`, no checks", n, partial(_reported, bench.ours("bare", bench.file("posts.csv")))),
    ]
    return {"posts": n, "rows": alternate(contestants, bench.wanted.rounds)}


def slow(bench: Bench) -> dict[str, Any]:
    """Score fewer posts with the slow contestants, and with netral beside them, its tables cold."""
    bench.train_if_changed()
    n, posts, table, training = bench.wanted.slow, bench.file("slow.txt"), bench.file("slow.csv"), bench.file("slow.tsv")
    few = bench.wanted.few
    contestants = [
        Contestant("memory", "netral, in memory, 1 process", n, partial(_reported, bench.ours("memory", posts, bench.models.netral))),
        Contestant("file", "`netral score`, file to file, 1 worker", n, partial(_wall, bench.score(table, 1))),
        Contestant(
            "plain", "plain scikit-learn, same features, stems memoised", n, partial(_reported, bench.ours("plain", posts, training))
        ),
        Contestant(
            "tutorial-memoised",
            "tutorial pipeline, PySastrawi memoised",
            n,
            partial(_reported, bench.ours("tutorial", posts, training, "memoised")),
        ),
        Contestant(
            "tutorial",
            "tutorial pipeline, PySastrawi, every word stemmed again",
            n,
            partial(_reported, bench.ours("tutorial", posts, training, "plain")),
        ),
        Contestant(
            "sastrawi",
            f"tutorial pipeline, its text part alone, Sastrawi 1.0.1 ({few} posts)",
            few,
            partial(_reported, bench.other("sastrawi", bench.file("few.txt"))),
            absent=bench.absent,
        ),
    ]
    return {"posts": n, "rows": alternate(contestants, bench.wanted.rounds)}


def training(bench: Bench) -> dict[str, Any]:
    """Train from a file of labelled posts, all cores for all; then evaluate and export, once."""
    n, stages, peaks = bench.wanted.posts, [], {}
    bench.forget_models()

    def measured(key: str, command: list[Any]) -> float:
        done = run(command, all_cores=True, watch=True)
        stages.append(done.said.get("stages", {}))
        peaks[key] = max(done.peak, peaks.get(key, 0.0))
        return float(done.said["seconds"])

    name = "fastText: regex cleaning, 5 epochs, {} threads, word {}"
    contestants = [
        Contestant("netral", f"netral: {', '.join(TRAINING)}", n, partial(measured, "netral", bench.stages(*TRAINING)), CORES),
        *(
            Contestant(
                f"fasttext-{ngrams}",
                name.format(CORES, what),
                n,
                partial(measured, f"fasttext-{ngrams}", bench.train_fasttext(ngrams)),
                CORES,
                bench.absent,
            )
            for ngrams, what in ((2, "bigrams"), (1, "unigrams"))
        ),
    ]
    rows = alternate(contestants, bench.wanted.rounds)
    bench.keep_models()
    say("stages evaluate and export, once")
    after = run(bench.stages("evaluate", "export"), all_cores=True, watch=True)
    peaks["evaluate, export"] = after.peak
    each = {stage: median([found[stage] for found in stages if found]) for stage in TRAINING} | after.said["stages"]
    return {"posts": n, "rows": rows, "peaks": peaks, "stages": each}


def start(bench: Bench) -> dict[str, Any]:
    """Score ten posts from a cold start, beside the imports that no such command can do without."""
    bench.train_if_changed()
    contestants = [
        Contestant("ten", "`netral score`, ten posts", 10, partial(_wall, bench.score(bench.file("ten.csv"), 1))),
        Contestant("baseline", f'`python -c "{BASELINE}"`', 0, partial(_wall, [sys.executable, "-c", BASELINE])),
    ]
    for each in contestants:
        each.run()  # once unmeasured: files come from the disk, modules are compiled
    return {"rows": alternate(contestants, 2 * bench.wanted.rounds)}


def memory(bench: Bench) -> dict[str, Any]:
    """Look at the proportional set size of the process tree while it scores."""
    bench.train_if_changed()
    peaks = {}
    for workers in sorted({1, CORES}):
        say(f"memory: {workers} workers")
        peaks[str(workers)] = run(bench.score(bench.file("posts.csv"), workers), watch=True).peak
    return {"posts": bench.wanted.posts, "peaks": peaks}


def growth(bench: Bench) -> dict[str, Any]:
    """Score ever larger files with one worker, new vocabulary coming with every copy of the posts."""
    bench.train_if_changed()
    texts = source.read_lines(bench.file("posts.txt"))
    sizes = [bench.wanted.grow]
    while sizes[0] > min(10_000, bench.wanted.grow // 10):
        sizes.insert(0, sizes[0] // 10)
    rows = [{"posts": size, "seconds": [], "peak": 0.0} for size in sizes]
    for row in rows:
        say(f"growth: writing {row['posts']:,} posts")
        source.write_csv(bench.file(f"grow-{row['posts']}.csv"), source.repeat(texts, row["posts"]))
    for turn in range(bench.wanted.rounds):
        for row in rows:
            if turn == 0 or row["posts"] < ONCE:
                say(f"growth: round {turn + 1}, {row['posts']:,} posts")
                done = run(bench.score(bench.file(f"grow-{row['posts']}.csv"), 1), watch=True)
                row["seconds"].append(done.seconds)
                row["peak"] = max(row["peak"], done.peak)
    for row in rows:
        bench.file(f"grow-{row['posts']}.csv").unlink()
    return {"rows": rows}


def instruction_counts(bench: Bench) -> dict[str, Any]:
    """Count the instructions of a fixed job: half of the bundled posts, all of them, and the half once more.

    Start and loading are in all three and cancel out: what the other half adds is the cost of new posts, what the same
    half once more adds is the cost of posts whose words are known.
    """
    tool, absent = counter()
    if absent:
        return {"tool": "", "absent": absent, "rows": []}
    posts, models = bench.counted()
    half, rows = COUNTED // 2, []
    jobs = {"netral, in memory": bench.ours("again", posts, models.netral)}
    if not bench.absent:
        jobs["fastText bigrams, in memory"] = bench.other("again", posts, models.fasttext(2))
    for name, command in jobs.items():
        say(f"instructions: {name}")
        base, new, known = (instructions(tool, [*command, *job]) for job in ((half, 1), (2 * half, 1), (half, 2)))
        rows.append({"name": name, "start": base, "new": (new - base) / half, "known": (known - base) / half})
    return {"tool": tool, "absent": bench.absent and f"fastText: {bench.absent}", "posts": half, "rows": rows}


SECTIONS: dict[str, Section] = {
    "scoring": scoring,
    "reading": reading,
    "slow": slow,
    "training": training,
    "start": start,
    "memory": memory,
    "growth": growth,
    "instructions": instruction_counts,
}
