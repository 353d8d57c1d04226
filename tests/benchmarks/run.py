"""Measure speed side by side and write docs/benchmarks.md.

Every contestant runs in a fresh process of its own, with one library thread, in alternating rounds; the table gives
medians and ratios of one run. Only the ratios mean something: these machines are shared.

Run: ``make bench`` (``python -m tests.benchmarks.run --posts 200000 --rounds 5 --grow 10000000``)
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks import posts as source

ROOT = Path(__file__).parents[2]
OTHER = ROOT / "build" / "bench-venv"
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS"), "1")
ENVIRONMENT = {**os.environ, **THREADS, "NETRAL_TRACKING": "off", "MLFLOW_DISABLE_TELEMETRY": "true"}
BASELINE_START = "import numpy, pyarrow.csv, typer"


def main() -> None:
    """Run all measurements and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=200_000, help="posts that the quick contestants read")
    parser.add_argument("--slow", type=int, default=10_000, help="posts that the slow contestants read")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--grow", type=int, default=1_000_000, help="largest file of the growth curve (10000000 takes half an hour)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    wanted = parser.parse_args()
    make_other_environment()
    with tempfile.TemporaryDirectory(prefix="netral-bench-") as folder:
        bench = Bench(Path(folder), wanted)
        page = bench.page()
    wanted.out.write_text(page, encoding="utf-8")
    sys.stdout.write(page)


def make_other_environment() -> None:
    """Make the environment of fastText and the old Sastrawi, once."""
    if not (OTHER / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", OTHER], check=True)
        subprocess.run([OTHER / "bin/python", "-m", "pip", "install", "-q", "-r", Path(__file__).with_name("requirements.txt")], check=True)
        (OTHER / "ready").touch()


def say(text: str) -> None:
    """Tell a watching person how far it is."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def command(arguments: list[Any]) -> float:
    """Run a contestant; returns the seconds that it reports."""
    done = subprocess.run([str(a) for a in arguments], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=ROOT, check=True)
    return float(json.loads(done.stdout.splitlines()[-1])["seconds"])


def wall(arguments: list[Any], code: int = 0) -> tuple[float, float]:
    """Run a command; returns wall seconds and the peak of the process tree's proportional set size in MB."""
    start = time.perf_counter()
    process = psutil.Popen([str(a) for a in arguments], env=ENVIRONMENT, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _pss(process))
        time.sleep(0.05)
    seconds = time.perf_counter() - start
    if process.returncode != code:
        raise RuntimeError(f"{arguments}: exit {process.returncode}: {process.stderr.read().decode()[-500:]}")
    return seconds, peak


def _pss(process: psutil.Popen) -> float:
    total = 0
    try:
        for each in [process, *process.children(recursive=True)]:
            total += each.memory_full_info().pss
    except psutil.Error:
        pass  # it ended while we looked
    return total / 1e6


class Bench:
    """One run of all measurements in one folder."""

    def __init__(self, folder: Path, wanted: argparse.Namespace) -> None:
        self.folder, self.wanted = folder, wanted
        say("posts and models")
        texts, labels, self.what = source.sample(2 * wanted.posts)
        train, train_labels = texts[wanted.posts :], labels[wanted.posts :]
        texts = texts[: wanted.posts]
        self.files = {name: folder / name for name in ("posts.txt", "slow.txt", "posts.csv", "train.tsv", "small.tsv", "labelled.csv")}
        self.files["posts.txt"].write_text("".join(f"{t}\n" for t in texts), encoding="utf-8")
        self.files["slow.txt"].write_text("".join(f"{t}\n" for t in texts[: wanted.slow]), encoding="utf-8")
        source.write_csv(self.files["posts.csv"], texts)
        rows = [f"__label__{int(label)}\t{text}\n" for text, label in zip(train, train_labels, strict=True)]
        self.files["train.tsv"].write_text("".join(rows), encoding="utf-8")
        self.files["small.tsv"].write_text("".join(rows[:20_000]), encoding="utf-8")
        _write_labelled(self.files["labelled.csv"], train, train_labels)
        self.training, self.stages, self.model = self.train()

    def train(self) -> tuple[dict[str, float], dict[str, float], Path]:
        """Time training from a file of labelled posts to an artifact, and fastText's from the same posts."""
        from netral.params import load
        from netral.stages import clean, split, train, validate

        params = load(ROOT / "params.yaml")
        params = dataclasses.replace(
            params,
            validate=dataclasses.replace(params.validate, posts=str(self.files["labelled.csv"])),
            train=dataclasses.replace(params.train, C=(1.0,), try_families=(), also=""),
        )
        seconds, stages = {}, {}
        for stage in (validate, clean, split, train):
            say(f"training: {stage.__name__}")
            start = time.perf_counter()
            stage.run(params, self.folder)
            stages[stage.__name__.rsplit(".", 1)[-1]] = time.perf_counter() - start
        seconds["netral: validate, clean, split, fit, calibrate, export"] = sum(stages.values())
        for ngrams in (2, 1):
            say(f"training: fastText, wordNgrams {ngrams}")
            name = f"fastText: regex cleaning, 5 epochs, wordNgrams {ngrams}"
            seconds[name] = command(self._other(f"train-{ngrams}", self.files["train.tsv"], self.folder / f"ft{ngrams}.bin"))
        return seconds, stages, self.folder / "data/interim/model"

    def page(self) -> str:
        """Measure everything and return the page."""
        scoring, slow = self.scoring()
        start, memory = self.start_and_memory()
        growth = self.growth()
        return "\n\n".join([self._head(), scoring, slow, self._training(), start, memory, growth, ""])

    def scoring(self) -> tuple[str, str]:
        """Time scoring in alternating rounds."""
        posts, slow, csv = self.files["posts.txt"], self.files["slow.txt"], self.files["posts.csv"]
        out, n, few = self.folder / "out.csv", self.wanted.posts, self.wanted.slow
        cores = os.cpu_count() or 1
        score = [
            sys.executable,
            "-m",
            "netral.cli",
            "score",
            csv,
            "--out",
            out,
            "--model",
            self.model,
            "--overwrite",
            "--max-rejected",
            "100%",
        ]
        quick = {
            "netral, in memory, 1 process": lambda: command(self._ours("memory", posts, self.model)),
            "fastText bigrams, in memory": lambda: command(self._other("memory", posts, self.folder / "ft2.bin")),
            "fastText unigrams, in memory": lambda: command(self._other("memory", posts, self.folder / "ft1.bin")),
            "netral score, file to file, 1 worker": lambda: wall([*score, "--workers", 1])[0],
            f"netral score, file to file, {cores} workers": lambda: wall([*score, "--workers", cores])[0],
            "fastText bigrams, file to file": lambda: command(self._other("file", posts, self.folder / "ft2.bin", out)),
            "`wc -w` (yardstick)": lambda: wall(["wc", "-w", posts])[0],
        }
        patient = {
            "netral, in memory, 1 process": lambda: command(self._ours("memory", slow, self.model)),
            "plain scikit-learn, same features, memoised stems": lambda: command(self._ours("plain", slow, self.files["small.tsv"])),
            "tutorial pipeline, PySastrawi memoised": lambda: command(self._ours("tutorial-memoised", slow, self.files["small.tsv"])),
        }
        reference = "fastText bigrams, in memory"
        first = _table("Scoring", self._rounds(quick, self.wanted.rounds), dict.fromkeys(quick, n), reference)
        seconds = self._rounds(patient, min(3, self.wanted.rounds))
        tiny = self.folder / "tiny.txt"
        tiny.write_text("".join(slow.read_text(encoding="utf-8").splitlines(keepends=True)[:200]), encoding="utf-8")
        say("scoring: the old Sastrawi, 200 posts")
        seconds["stemming alone, Sastrawi 1.0.1 (200 posts)"] = [command(self._other("sastrawi-1.0.1", tiny))]
        counts = dict.fromkeys(patient, few) | {"stemming alone, Sastrawi 1.0.1 (200 posts)": 200}
        return first, _table(f"Scoring, slow contestants ({few:,} posts, tables cold)", seconds, counts, "netral, in memory, 1 process")

    def _rounds(self, contestants: dict[str, Any], rounds: int) -> dict[str, list[float]]:
        seconds: dict[str, list[float]] = {name: [] for name in contestants}
        for turn in range(rounds):
            for name, run in contestants.items():
                say(f"round {turn + 1} of {rounds}: {name}")
                seconds[name].append(run())
        return seconds

    def start_and_memory(self) -> tuple[str, str]:
        """Time a ten-post file from a cold start; measure memory of the big one."""
        ten = self.folder / "ten.csv"
        source.write_csv(ten, self.files["posts.txt"].read_text(encoding="utf-8").splitlines()[:10])
        score = [sys.executable, "-m", "netral.cli", "score", "--out", self.folder / "o.csv", "--model", self.model, "--overwrite"]
        score += ["--max-rejected", "100%"]
        runs = {
            "netral score, ten posts": lambda: wall([*score, ten, "--workers", 1])[0],
            f'python -c "{BASELINE_START}"': lambda: wall([sys.executable, "-c", BASELINE_START])[0],
        }
        seconds = self._rounds(runs, self.wanted.rounds)
        lines = ["## Cold start", "", "| | seconds, median |", "|---|---|"]
        lines += [f"| {name} | {statistics.median(values):.2f} |" for name, values in seconds.items()]
        ratio = statistics.median(seconds["netral score, ten posts"]) / statistics.median(seconds[f'python -c "{BASELINE_START}"'])
        lines += ["", f"Ratio: {ratio:.1f}."]
        peaks = {workers: wall([*score, self.files["posts.csv"], "--workers", workers])[1] for workers in (1, 2)}
        memory = ["## Memory", "", f"Peak proportional set size of the process tree, {self.wanted.posts:,} posts:", ""]
        memory += [f"- {workers} worker{'s' * (workers > 1)}: {peak:.0f} MB" for workers, peak in peaks.items()]
        return "\n".join(lines), "\n".join(memory)

    def growth(self) -> str:
        """Time and memory from 10,000 posts up, new vocabulary coming with every copy."""
        texts = self.files["posts.txt"].read_text(encoding="utf-8").splitlines()
        rows, size = [], 10_000
        while size <= self.wanted.grow:
            say(f"growth: {size:,} posts")
            path = self.folder / "grow.csv"
            source.write_csv(path, source.repeat(texts, size))
            score = [
                sys.executable,
                "-m",
                "netral.cli",
                "score",
                path,
                "--out",
                self.folder / "g.csv",
                "--model",
                self.model,
                "--overwrite",
            ]
            seconds, peak = wall([*score, "--workers", 1, "--max-rejected", "100%"])
            rows.append((size, seconds, peak))
            path.unlink()
            size *= 10
        lines = ["## Growth", "", "One worker; each copy of the posts has a seeded 5 % of its chunks altered.", ""]
        lines += ["| posts | seconds | posts/s | x the time of a tenth | peak MB |", "|---|---|---|---|---|"]
        before = None
        for size, seconds, peak in rows:
            factor = f"{seconds / before:.1f}" if before else ""
            lines.append(f"| {size:,} | {seconds:.1f} | {size / seconds:,.0f} | {factor} | {peak:.0f} |")
            before = seconds
        return "\n".join(lines)

    def _training(self) -> str:
        lines = ["## Training", "", f"{self.wanted.posts:,} posts, labelled by a rule (politics mentioned or not), fixed `C`.", ""]
        lines += ["| | seconds |", "|---|---|", *(f"| {name} | {value:.1f} |" for name, value in self.training.items())]
        lines += ["", "netral by stage: " + ", ".join(f"{name} {value:.1f} s" for name, value in self.stages.items()) + "."]
        return "\n".join(lines)

    def _head(self) -> str:
        names = ", ".join(f"{name} {version(name)}" for name in ("netral", "scikit-learn", "numpy", "pyarrow", "PySastrawi"))
        return "\n".join(
            [
                "# Benchmarks",
                "",
                "Written by `make bench`; change nothing here by hand. All rows of a table come from one run on the same posts,",
                "each contestant in a fresh process with one library thread, in alternating rounds. The machine is shared: compare ratios.",
                "",
                f"- posts: {self.wanted.posts:,} of {self.what}",
                f"- machine: {os.cpu_count()} cores, {platform.processor() or platform.machine()}, Python {platform.python_version()}",
                f"- versions: {names}, fastText 0.9.2 (fasttext-wheel), Sastrawi 1.0.1",
                f"- date: {time.strftime('%Y-%m-%d')}; `python -m tests.benchmarks.run {' '.join(sys.argv[1:])}`".rstrip(),
            ]
        )

    def _other(self, *arguments: Any) -> list[Any]:
        return [OTHER / "bin/python", Path(__file__).with_name("other.py"), *arguments]

    def _ours(self, *arguments: Any) -> list[Any]:
        return [sys.executable, "-m", "tests.benchmarks.ours", *arguments]


def _table(title: str, seconds: dict[str, list[float]], counts: dict[str, int], reference: str) -> str:
    rates = {name: counts[name] / statistics.median(values) for name, values in seconds.items()}
    lines = [f"## {title}", "", f"| | posts/s, median | spread | x {reference} |", "|---|---|---|---|"]
    for name, values in seconds.items():
        spread = f"{counts[name] / max(values):,.0f} to {counts[name] / min(values):,.0f}"
        lines.append(f"| {name} | {rates[name]:,.0f} | {spread} | {rates[name] / rates[reference]:.2f} |")
    return "\n".join(lines)


def _write_labelled(path: Path, texts: list[str], labels: list[bool]) -> None:
    import csv

    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "text", "label"])
        writer.writerows((i, text, "partisan" if label else "neutral") for i, (text, label) in enumerate(zip(texts, labels, strict=True)))


if __name__ == "__main__":
    if shutil.which("wc") is None:
        sys.exit("wc is missing; install coreutils")
    main()
