"""The bars that netral's speed is held against, each judged from the measurements of one section."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.measure import median

Results = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Bar:
    """One promise: ``ratio`` finds the measured figure, or None where it was not measured; ``unit`` is written behind it."""

    what: str
    bar: float
    aim: float
    ratio: Callable[[Results], float | None]
    at_least: bool = True
    unit: str = "×"

    def row(self, results: Results) -> list[str]:
        """The cells: what, bar, aim, measured, met."""
        limit = "at least" if self.at_least else "at most"
        found = self.ratio(results)
        cells = [self.what, f"{limit} {self._figure(self.bar)}", self._figure(self.aim)]
        return [*cells, "not measured", "–"] if found is None else [*cells, self._figure(found), self._met(found)]

    def _met(self, found: float) -> str:
        def reaches(limit: float) -> bool:
            return found >= limit if self.at_least else found <= limit

        return "aim met" if reaches(self.aim) else "met" if reaches(self.bar) else "**not met**"

    def _figure(self, value: float) -> str:
        return f"{value:,.2f} {self.unit}" if value < 10 else f"{value:,.1f} {self.unit}" if value < 100 else f"{value:,.0f} {self.unit}"


def rate(results: Results, section: str, key: str) -> float | None:
    """Return posts per second of a contestant, from its median; None if it did not run."""
    for row in results.get(section, {}).get("rows", ()):
        if row.get("key") == key and row["seconds"]:
            return float(row["posts"] / median(row["seconds"]))
    return None


def seconds(results: Results, section: str, key: str) -> float | None:
    """Return the median seconds of a contestant; None if it did not run."""
    for row in results.get(section, {}).get("rows", ()):
        if row.get("key") == key and row["seconds"]:
            return median(row["seconds"])
    return None


def _faster(section: str, key: str, than: str) -> Callable[[Results], float | None]:
    return lambda results: _over(rate(results, section, key), rate(results, section, than))


def _over(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None


def _training(results: Results) -> float | None:
    """Training and writing the release, without the evaluation that fastText has no counterpart of."""
    ours, theirs = seconds(results, "training", "netral"), seconds(results, "training", "fasttext-2")
    return None if ours is None else _over(ours + results["training"]["stages"]["export"], theirs)


def _growth(results: Results) -> float | None:
    taken = {row["posts"]: median(row["seconds"]) for row in results.get("growth", {}).get("rows", ())}
    return _over(taken.get(10_000_000), taken.get(1_000_000))


def _memory(results: Results) -> float | None:
    return results.get("memory", {}).get("peaks", {}).get("1")


BARS = (
    Bar(
        "scoring file to file, all cores, against fastText bigrams reading the same posts",
        1.0,
        3.0,
        _faster("scoring", "file-all", "fasttext-file"),
    ),
    Bar(
        "scoring in memory, one process, against fastText bigrams over its Python binding",
        1.0,
        2.0,
        _faster("scoring", "memory", "fasttext-2"),
    ),
    Bar(
        "scoring in memory, one process, against plain scikit-learn, same features, memoised stems",
        4.0,
        10.0,
        _faster("slow", "memory", "plain"),
    ),
    Bar("… against the tutorial pipeline, PySastrawi, every word stemmed again", 20.0, 20.0, _faster("slow", "memory", "tutorial")),
    Bar("… against the tutorial pipeline, PySastrawi memoised", 20.0, 20.0, _faster("slow", "memory", "tutorial-memoised")),
    Bar("… against the tutorial pipeline, Sastrawi 1.0.1", 1000.0, 1000.0, _faster("slow", "memory", "sastrawi")),
    Bar(
        "training end to end at fixed `C`, in the time of fastText bigrams with regex cleaning, all cores",
        3.0,
        1.0,
        _training,
        at_least=False,
    ),
    Bar("time for 10 million posts over time for 1 million", 10.5, 10.0, _growth, at_least=False),
    Bar("peak memory of scoring, one worker", 300.0, 200.0, _memory, at_least=False, unit="MB"),
    Bar(
        "cold start, ten posts, in the time of the bare imports",
        3.0,
        2.0,
        lambda r: _over(seconds(r, "start", "ten"), seconds(r, "start", "baseline")),
        at_least=False,
    ),
)
