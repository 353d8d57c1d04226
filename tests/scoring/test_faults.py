"""Runs are killed at random moments, in every way and format, and resumed until done: same bytes as if nothing had happened.

`pytest tests/scoring/test_faults.py --faults 200` is the long form (`make faults`).
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from netral.scoring import run
from netral.scoring.batch import ReadOptions
from tests.scoring.making import TALLY, posts, write_posts
from tests.scoring.victim import slow

ROOT = Path(__file__).parents[2]
ROWS, BATCH_ROWS = 1500, 64
INPUTS = ("csv", "tsv", "jsonl", "parquet", "csv.gz", "tsv.zst", "jsonl.zst", "jsonl.gz", "csv.zst", "parquet.gz", "tsv.gz", "parquet.zst")
OUTPUTS = ("csv", "jsonl", "parquet", "csv.gz", "csv.zst", "jsonl.gz", "jsonl.zst", "parquet.gz", "parquet.zst")
FATES = ("SIGKILL", "SIGTERM", "SIGKILL at a step", "disk full", "reader fails")
# A SIGTERM that comes before the run has begun, or after its end, does what it does to any program: -15.
EXIT_CODES = {"SIGKILL": (-9,), "SIGTERM": (143, -15), "SIGKILL at a step": (-9,), "disk full": (9,), "reader fails": (3,)}


def test_whatever_happens_the_results_are_those_of_the_uninterrupted_run(tmp_path, release, pytestconfig):
    wanted = pytestconfig.getoption("--faults", default=12)
    draw = random.Random(wanted)
    tally: Counter[str] = Counter()
    runs = 0
    while sum(tally.values()) < wanted:
        kind_in, kind_out = INPUTS[runs % len(INPUTS)], OUTPUTS[runs % len(OUTPUTS)]
        folder = tmp_path / str(runs)
        folder.mkdir()
        source = write_posts(folder / f"posts.{kind_in}", posts(ROWS, seed=runs))
        expected = uninterrupted(source, folder / f"whole.{kind_out}", release)
        task = {"inputs": str(source), "out": str(folder / f"out.{kind_out}"), "model": str(release), "batch_rows": BATCH_ROWS}
        for fault in range(min(3, wanted - sum(tally.values()))):
            fate = FATES[(fault + runs) % len(FATES)]
            code = meet(fate, task | {"workers": draw.choice((1, 1, 2))}, draw)
            assert code in (0, *EXIT_CODES[fate]), f"{fate} with {kind_in} to {kind_out}"
            tally[f"{fate}: {'too late' if code == 0 else 'struck'}"] += 1
            check_half_way(Path(task["out"]), expected, complete=code == 0)
        assert meet("", task, draw) == 0
        assert found(Path(task["out"])) == expected, f"{kind_in} to {kind_out}"
        assert sorted(path.name for path in folder.glob(".*")) == [], "something was left behind"
        runs += 1
    lines = [f"faults: {sum(tally.values())} in {runs} runs, all resumed, every result and rejected row as without them"]
    pytestconfig.stash[TALLY] = [*lines, *(f"  {count:4} {fate}" for fate, count in sorted(tally.items()))]
    struck = sum(count for fate, count in tally.items() if fate.endswith("struck"))
    assert struck >= wanted / 2, tally


def meet(fate: str, task: dict, draw: random.Random) -> int:
    """Run the victim to its fate and return its exit status."""
    if fate == "reader fails":
        task |= {"fail_after": draw.randrange(ROWS // BATCH_ROWS)}
    elif fate == "disk full":
        task |= {"file_size": draw.randrange(100, 30_000)}
    elif fate == "SIGKILL at a step":
        task |= {"die_at": draw.randrange(130)}
    command = [sys.executable, "-m", "tests.scoring.victim", json.dumps(task)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        if fate in ("SIGKILL", "SIGTERM"):
            time.sleep(draw.uniform(0.0, 0.5))
            process.send_signal(signal.Signals[fate])
        complaint = process.stderr.read()
        code = process.wait(60)
    assert "Traceback" not in complaint, complaint
    assert len(complaint.splitlines()) <= 1
    return code


def uninterrupted(source: Path, out: Path, release: Path) -> tuple[bytes, bytes]:
    run.score_file(source, out, model=release, read=ReadOptions(keep=("likes",), batch_rows=BATCH_ROWS), load=slow)
    return found(out)


def found(out: Path) -> tuple[bytes, bytes]:
    """The bytes of the results and of the rejected rows."""
    return out.read_bytes(), out.with_name(out.name + ".rejected.jsonl").read_bytes()


def check_half_way(out: Path, expected: tuple[bytes, bytes], *, complete: bool) -> None:
    """Nothing half done is ever in the place of a result, and a manifest means that all is there."""
    if out.exists():
        assert out.read_bytes() == expected[0]
    if complete or out.with_name(out.name + ".run.json").exists():
        assert found(out) == expected


@pytest.mark.parametrize("out", ["out.csv", "out.parquet"])
def test_every_step_toward_the_disk_can_be_the_last(tmp_path, release, out):
    """The end of a run, where files change places, is short: a random moment would hardly ever meet it."""
    source = write_posts(tmp_path / "posts.csv", posts(40))
    expected = uninterrupted(source, tmp_path / f"whole.{out}", release)
    task = {"inputs": str(source), "out": str(tmp_path / out), "model": str(release), "batch_rows": 40}
    for step in range(0, 40, 4):
        code = meet("", task | {"die_at": step}, random.Random())
        check_half_way(tmp_path / out, expected, complete=code == 0)
        if code == 0:
            break
    assert meet("", task, random.Random()) == 0
    assert found(tmp_path / out) == expected
