"""The benchmark and the profile run on a few authored posts and write what they promise; their judgements are right."""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from tests.benchmarks import page, posts, profile, run
from tests.benchmarks.bars import BARS
from tests.benchmarks.bench import other_environment_is_there
from tests.benchmarks.measure import counter, instructions
from tests.benchmarks.sections import SECTIONS

TITLES = (
    "What it must show",
    "Scoring",
    "Reading",
    "Scoring, slow contestants",
    "Training",
    "Cold start",
    "Memory",
    "Growth",
    "Instructions",
)
SMALL = ["--posts", "100", "--slow", "50", "--rounds", "1", "--grow", "200"]
OTHERS = [] if other_environment_is_there() else ["--without-others"]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is gone afterwards (fastText's models are large), and no real posts."""
    monkeypatch.delenv("NETRAL_REAL_DATA", raising=False)
    with tempfile.TemporaryDirectory(prefix="netral-bench-test-") as name:
        yield Path(name)


def titles(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"^## (.+)$", text, re.MULTILINE))


@pytest.mark.slow
def test_the_bench_measures_every_section_on_two_hundred_authored_posts(folder, capsys):
    where = ["--work", str(folder / "work"), "--out", str(folder / "page.md")]
    without_counting = ",".join(name for name in SECTIONS if name != "instructions")
    run.main([*SMALL, *where, *OTHERS, "--only", without_counting])
    text = (folder / "page.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == text
    assert titles(text) == TITLES
    assert text.count("Not measured; ") == 1, "of the instructions alone"
    assert "bundled authored posts" in text
    assert (folder / "page-growth.svg").read_text(encoding="utf-8").count("<svg") == 1
    kept = {name: json.loads((folder / "work/results" / f"{name}.json").read_text()) for name in SECTIONS if name != "instructions"}
    rows = [row for name in ("scoring", "reading", "slow", "training", "start") for row in kept[name]["rows"]]
    assert [row["name"] for row in rows if not row["seconds"] and not row["absent"]] == []
    assert all(row["absent"] for row in rows if "fasttext" in row["key"]) == bool(OTHERS)
    assert set(kept["training"]["stages"]) == {"validate", "clean", "split", "train", "evaluate", "export"}
    assert [row["posts"] for row in kept["growth"]["rows"]] == [20, 200]
    assert all(peak > 10 for peak in [*kept["memory"]["peaks"].values(), kept["training"]["peaks"]["netral"]])

    before = {path.name: path.read_bytes() for path in (folder / "work/results").iterdir()}
    run.main([*SMALL, *where, *OTHERS, "--only", "start"])
    after = {path.name: path.read_bytes() for path in (folder / "work/results").iterdir()}
    assert {name for name in after if after[name] != before.get(name)} == {"start.json"}, "one section again, the others kept"
    assert titles((folder / "page.md").read_text(encoding="utf-8")) == TITLES


def test_a_page_of_nothing_says_how_to_measure_each_section():
    text = page.render({}, "growth.svg")
    assert titles(text) == TITLES
    assert all(f"--only {name}'" in text for name in SECTIONS)
    assert text.count("| not measured | – |") == len(BARS)


def results(ours: float, theirs: float) -> dict:
    """Seconds of netral and of all others, for the same posts."""

    def row(key: str, posts: int = 1000) -> dict:
        return {"key": key, "posts": posts, "seconds": [ours if key in ("memory", "file", "file-all", "netral", "ten") else theirs]}

    return {
        "scoring": {"rows": [row(key) for key in ("memory", "file-all", "fasttext-2", "fasttext-file")]},
        "slow": {"rows": [row(key) for key in ("memory", "plain", "tutorial", "tutorial-memoised", "sastrawi")]},
        "training": {"rows": [row("netral"), row("fasttext-2")], "stages": {"export": ours}},
        "start": {"rows": [row("ten"), row("baseline")]},
        "memory": {"peaks": {"1": 250.0, "2": 900.0}},
        "growth": {"rows": [{"posts": n, "seconds": [s]} for n, s in ((1_000_000, 10.0), (10_000_000, 106.0))]},
    }


def test_bars_are_judged_by_their_own_direction():
    fast = [bar.row(results(1.0, 5.0)) for bar in BARS]
    assert [cells[3] for cells in fast] == ["5.00 ×"] * 6 + ["0.40 ×", "10.6 ×", "250 MB", "0.20 ×"]
    no = "**not met**"
    assert [cells[4] for cells in fast] == ["aim met", "aim met", "met", no, no, no, "aim met", no, "met", "aim met"]
    slow = [bar.row(results(5.0, 1.0)) for bar in BARS]
    assert [cells[4] for cells in slow] == [no] * 8 + ["met", no]


def test_copies_alter_one_chunk_in_twenty_and_are_never_held():
    texts = [" ".join(f"kata{i}{j}" for j in range(40)) for i in range(50)]
    endless = posts.repeat(texts, 10**12)
    first, second = list(islice(endless, 50)), list(islice(endless, 50))
    assert first == texts
    altered = [a != b for one, other in zip(texts, second, strict=True) for a, b in zip(one.split(), other.split(), strict=True)]
    assert 0.03 < sum(altered) / len(altered) < 0.07
    assert list(islice(posts.repeat(texts, 100), 50, None)) == second, "the same ones again"
    assert posts.alter("", random.Random(0)) == ""


@pytest.mark.skipif(not counter()[0], reason=counter()[1] or "counts")
def test_instructions_are_counted_whatever_the_machine_does():
    tool, _ = counter()

    def count(turns: int) -> int:
        return instructions(tool, [sys.executable, "-S", "-E", "-c", f"for i in range({turns}): pass"])

    base, again, more = count(1000), count(1000), count(1_001_000)
    assert abs(again - base) / base < 0.01
    assert 5_000_000 < more - base < 500_000_000


@pytest.mark.slow
def test_the_profile_draws_flames_and_lists_functions(folder, tiny, monkeypatch, capsys):
    models = folder / "models"
    models.mkdir()
    (models / tiny.name).symlink_to(tiny)
    (models / "current").write_text(tiny.name, encoding="utf-8")
    monkeypatch.setenv("NETRAL_MODELS", str(models))
    profile.main(["--posts", "300", "--out", str(folder), *OTHERS])
    said = capsys.readouterr().out
    for name, function in (("score", "(predict_proba)"), ("train", "train.py")):
        assert function in (folder / f"profile-{name}.txt").read_text(encoding="utf-8")
        graph = folder / f"profile-{name}.svg"
        refused = re.search(rf"^{re.escape(str(graph))}: none, (.+)$", said, re.MULTILINE)
        assert bool(refused) != graph.exists()
        assert refused is None or OTHERS or refused[1].startswith("py-spy: ")
