"""The page of benchmarks: measurements in, Markdown out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.benchmarks.bars import BARS, Results, rate, seconds
from tests.benchmarks.measure import median

Measured = Mapping[str, Any]
_HEAD = """# Benchmarks

Written by `make bench`; change nothing here by hand. The rows of a table come from one run on the same posts, each contestant in a fresh
process, in alternating rounds: the median of all rounds, with the slowest and the fastest. The machine is shared: compare ratios. netral
does all of its work each time (cleaning, masking, stems, probability, decision); fastText takes the text as it comes."""


def render(results: Results, plot: str) -> str:
    """Return the page.

    Parameters
    ----------
    results : mapping
        What the sections measured, by name; those that are missing are said to be.
    plot : str
        Path of the picture of the growth curve, as the page names it.
    """
    contexts = [_context(found["context"]) for found in results.values()]
    one = len(set(contexts)) == 1
    parts = [_HEAD, *contexts[: int(one)], _bars(results)]
    for name, (title, write) in _SECTIONS.items():
        parts.append(f"## {title}")
        if name not in results:
            parts.append(f"Not measured; `make bench ARGS='--only {name}'` does it.")
            continue
        parts.append(write(results[name], results, plot))
        if not one:
            parts.append(_context(results[name]["context"]))
    return "\n\n".join(parts) + "\n"


def _context(context: Measured) -> str:
    """Say where figures are from; sections measured apart say it each for itself."""
    versions = ", ".join(f"{name} {version}" for name, version in context["versions"].items())
    return "\n".join(
        [
            f"- measured {context['date']}, commit {context['commit']}, {context['rounds']} rounds",
            f"- posts: {context['what']}",
            f"- machine: {context['machine']}",
            f"- versions: {versions}",
        ]
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _bars(results: Results) -> str:
    return "## What it must show\n\n" + _table(["what", "bar", "aim", "measured", "met"], [bar.row(results) for bar in BARS])


def _rates(section: str, found: Measured, results: Results, beside: Mapping[str, str], reverse: bool) -> str:
    """A table of posts per second with one column of ratios for each contestant in ``beside``."""
    head = ["", "posts/s, median", "slowest to fastest", "per core", *beside.values()]
    rows = []
    for row in found["rows"]:
        own = rate(results, section, row["key"])
        if own is None:
            rows.append([row["name"], f"not measured: {row['absent']}", *[""] * (2 + len(beside))])
            continue
        spread = f"{row['posts'] / max(row['seconds']):,.0f} to {row['posts'] / min(row['seconds']):,.0f}"
        others = [rate(results, section, key) for key in beside]
        ratios = ["" if other is None else _times(other / own if reverse else own / other) for other in others]
        rows.append([row["name"], f"{own:,.0f}" if own >= 10 else f"{own:.1f}", spread, f"{own / row['cores']:,.0f}", *ratios])
    return _table(head, rows)


def _times(ratio: float) -> str:
    return f"{ratio:,.2f} ×" if ratio < 10 else f"{ratio:,.0f} ×"


def _scoring(found: Measured, results: Results, _: str) -> str:
    beside = {"fasttext-2": "against fastText bigrams, in memory", "fasttext-file": "against fastText bigrams, file to file"}
    return (
        f"{found['posts']:,} posts, one library thread. In memory: scoring alone, texts and model loaded, netral's tables empty.\n"
        "File to file: whole processes, their start and the loading of the model included.\n\n"
    ) + _rates("scoring", found, results, beside, reverse=False)


def _reading(found: Measured, results: Results, _: str) -> str:
    beside = {"bare": "against Python's `csv`"}
    return (
        f"{found['posts']:,} posts, one process, nothing scored: what a batch run reads with, every row checked, beside\n"
        "Python's reader of CSV alone.\n\n"
    ) + _rates("reading", found, results, beside, reverse=False)


def _slow(found: Measured, results: Results, _: str) -> str:
    beside = {"memory": "netral, in memory, is", "file": "netral, file to file, is"}
    return (
        f"{found['posts']:,} posts, netral's tables empty; the others are fitted before the clock starts, on as many other posts.\n"
        "Memoised is how PySastrawi's factory gives its stemmer, warm from fitting. A ratio above 1 says that netral is faster.\n\n"
    ) + _rates("slow", found, results, beside, reverse=True)


def _training(found: Measured, results: Results, _: str) -> str:
    base = seconds(results, "training", "fasttext-2")
    rows = []
    for row in found["rows"]:
        own = seconds(results, "training", row["key"])
        if own is None:
            rows.append([row["name"], f"not measured: {row['absent']}", "", "", ""])
        else:
            spread = f"{min(row['seconds']):.1f} to {max(row['seconds']):.1f}"
            rows.append([row["name"], f"{own:.1f}", spread, f"{own / base:.2f} ×" if base else "", f"{found['peaks'][row['key']]:,.0f}"])
    total = sum(found["stages"].values())
    peak = found["peaks"]["evaluate, export"]
    each = [[f"`{name}`", f"{value:.1f}", f"{value / total:.0%}"] for name, value in found["stages"].items()]
    return "\n\n".join(
        [
            f"{found['posts']:,} posts labelled by a rule (a real post mentions politics, a bundled one is labelled partisan), one `C`,\n"
            "all cores, imports and the writing of the model included; the bar above adds the stage `export`. Memory: largest\n"
            "proportional set size of the process tree.",
            _table(["", "seconds, median", "fastest to slowest", "of fastText bigrams' time", "peak MB"], rows),
            f"Time per stage of the flow, the same posts; `evaluate` and `export` once (peak {peak:,.0f} MB):",
            _table(["stage", "seconds", "share"], each),
        ]
    )


def _start(found: Measured, results: Results, _: str) -> str:
    base = seconds(results, "start", "baseline") or 1.0
    rows = []
    for row in found["rows"]:
        own = median(row["seconds"])
        rows.append([row["name"], f"{own:.3f}", f"{min(row['seconds']):.3f} to {max(row['seconds']):.3f}", f"{own / base:.2f} ×"])
    return _table(["", "seconds, median", "fastest to slowest", "of the bare imports"], rows)


def _memory(found: Measured, _: Results, __: str) -> str:
    rows = [[workers, f"{peak:,.0f}"] for workers, peak in found["peaks"].items()]
    return f"Largest proportional set size of the process tree, {found['posts']:,} posts, file to file.\n\n" + _table(
        ["workers", "MB"], rows
    )


def _growth(found: Measured, _: Results, plot: str) -> str:
    rows, before = [], None
    for row in found["rows"]:
        own = median(row["seconds"])
        factor = f"{own / before:.2f}" if before else ""
        rows.append(
            [f"{row['posts']:,}", f"{own:.1f}", str(len(row["seconds"])), f"{row['posts'] / own:,.0f}", factor, f"{row['peak']:,.0f}"]
        )
        before = own
    return "\n\n".join(
        [
            "`netral score`, one worker, file to file; each copy of the posts has a seeded 5 % of its chunks altered, so that new\n"
            "vocabulary keeps coming. Files of ten million posts and more are scored once.",
            _table(["posts", "seconds, median", "runs", "posts/s", "× the time of a tenth", "peak MB"], rows),
            f"![Seconds over posts, logarithmic axes]({plot})",
        ]
    )


def _instructions(found: Measured, _: Results, __: str) -> str:
    if not found["rows"]:
        return f"Not measured: {found['absent']}."
    rows = [[row["name"], f"{row['new']:,.0f}", f"{row['known']:,.0f}", f"{row['start'] / 1e6:,.0f}"] for row in found["rows"]]
    text = (
        f"Counted by `{found['tool']}`: a fixed job, free of the machine's mood. A model trained on {2 * found['posts']}\n"
        f"bundled posts scores {found['posts']} of them; start and loading are subtracted. New: posts not scored before, tables\n"
        "still small. Known: the same posts again.\n\n"
    )
    head = ["", "instructions per new post", "instructions per known post", "whole job, millions"]
    return text + _table(head, rows) + (f"\n\n{found['absent']}." if found["absent"] else "")


_SECTIONS: dict[str, tuple[str, Callable[[Measured, Results, str], str]]] = {
    "scoring": ("Scoring", _scoring),
    "reading": ("Reading", _reading),
    "slow": ("Scoring, slow contestants", _slow),
    "training": ("Training", _training),
    "start": ("Cold start", _start),
    "memory": ("Memory", _memory),
    "growth": ("Growth", _growth),
    "instructions": ("Instructions", _instructions),
}
