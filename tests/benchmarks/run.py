"""Measure speed side by side and write docs/benchmarks.md.

Each section is measured by itself and kept in ``build/bench/results``; the page is written from all that are kept, so
that one of them can be measured again without the others. Real posts are used where ``NETRAL_REAL_DATA`` names them.

Run: ``make bench``, or ``make bench ARGS='--only scoring,growth --grow 1000000'``
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks import page, plot
from tests.benchmarks.bench import Bench, Wanted
from tests.benchmarks.measure import ROOT, say
from tests.benchmarks.sections import SECTIONS

_VERSIONS = ("netral", "scikit-learn", "numpy", "pyarrow", "PySastrawi")
_OTHER_VERSIONS = {"fasttext-wheel": "0.9.2", "Sastrawi": "1.0.1"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the wanted sections and write the page."""
    asked = _parser().parse_args(arguments)
    wanted = Wanted(asked.posts, asked.slow, asked.rounds, asked.grow, asked.work, not asked.without_others)
    results = wanted.work / "results"
    results.mkdir(parents=True, exist_ok=True)
    if asked.only:
        bench = Bench(wanted)
        for name in asked.only:
            say(f"section {name}")
            measured = SECTIONS[name](bench)
            content = {**measured, "context": _context(bench)}
            (results / f"{name}.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    write_page(results, asked.out)
    sys.stdout.write(asked.out.read_text(encoding="utf-8"))


def write_page(results: Path, out: Path) -> None:
    """Write the page, and beside it the picture of the growth curve, from the kept measurements."""
    kept = {name: json.loads(path.read_text(encoding="utf-8")) for name in SECTIONS if (path := results / f"{name}.json").exists()}
    picture = out.with_name(f"{out.stem}-growth.svg")
    if "growth" in kept:
        plot.growth(kept["growth"]["rows"], picture)
    out.write_text(page.render(kept, picture.name), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.run", description=(__doc__ or "").splitlines()[0])
    usual = Wanted()
    parser.add_argument(
        "--only", type=_sections, default=list(SECTIONS), help=f"sections, of {','.join(SECTIONS)}; `page` measures nothing"
    )
    parser.add_argument("--posts", type=int, default=usual.posts, help="posts that are scored, and as many others that are trained on")
    parser.add_argument("--slow", type=int, default=usual.slow, help="posts that the slow contestants score")
    parser.add_argument("--rounds", type=int, default=usual.rounds, help="alternating rounds of which the medians are taken")
    parser.add_argument("--grow", type=int, default=usual.grow, help="largest file of the growth curve; a tenth of it saves ten minutes")
    parser.add_argument("--work", type=Path, default=usual.work, help="folder of posts, models and measurements")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md", help="the page")
    parser.add_argument("--without-others", action="store_true", help="leave fastText and the old Sastrawi out; install nothing")
    return parser


def _sections(text: str) -> list[str]:
    names = [] if text == "page" else text.split(",")
    if unknown := [name for name in names if name not in SECTIONS]:
        raise argparse.ArgumentTypeError(f"no section {', '.join(unknown)}; there are {', '.join(SECTIONS)} and page")
    return names


def _context(bench: Bench) -> dict[str, Any]:
    """Describe what the figures are from: when, which commit, how often, which posts, which machine, which versions."""
    others = {} if bench.absent else _OTHER_VERSIONS
    return {
        "date": time.strftime("%Y-%m-%d"),
        "commit": _commit(),
        "rounds": bench.wanted.rounds,
        "what": bench.what,
        "machine": f"{os.cpu_count()} cores, {_processor()}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in _VERSIONS} | others,
    }


def _commit() -> str:
    found = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def _processor() -> str:
    """The processor's name where the system tells it."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
