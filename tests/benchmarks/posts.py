"""The posts that all contestants read: real ones where they are, else the bundled ones, repeated with altered words."""

from __future__ import annotations

import csv
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

HERE = Path(__file__).parent
ALTERED = 0.05


def sample(n: int, seed: int = 0) -> tuple[list[str], list[bool], str]:
    """Return ``n`` posts, a label by rule for each (politics is mentioned), and what they are."""
    real = os.environ.get("NETRAL_REAL_DATA")
    if real:
        table = pq.read_table(Path(real) / "corpus.parquet", columns=["text", "political"])
        texts, labels = table["text"].to_pylist(), table["political"].to_pylist()
        what = f"real posts ({len(texts):,} unique texts)"
    else:
        with open(HERE.parents[1] / "data/raw/posts.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        texts, labels = [row["text"] for row in rows], [row["label"] == "partisan" for row in rows]
        what = f"the bundled authored posts ({len(texts):,})"
    order = random.Random(seed).sample(range(len(texts)), min(n, len(texts)))
    chosen, rules = [" ".join(texts[i].split()) for i in order], [bool(labels[i]) for i in order]
    if len(chosen) == n:
        return chosen, rules, what
    copies = repeat(chosen, n, seed)
    return list(copies), [rules[i % len(rules)] for i in range(n)], f"{what}, repeated, {ALTERED:.0%} of the chunks of each copy altered"


def repeat(texts: list[str], n: int, seed: int = 0) -> Iterator[str]:
    """Yield ``n`` posts: the texts again and again, each copy with a seeded share of its chunks altered."""
    for i in range(n):
        copy, place = divmod(i, len(texts))
        yield alter(texts[place], random.Random(f"{seed} {copy} {place}")) if copy else texts[place]


def alter(text: str, chance: random.Random) -> str:
    """Alter about one chunk in twenty, so that new vocabulary keeps coming."""
    chunks = text.split(" ")
    for i, chunk in enumerate(chunks):
        if chance.random() < ALTERED and chunk:
            at = chance.randrange(len(chunk))
            chunks[i] = f"{chunk[:at]}{chance.choice('abcdeghiklmnoprstu')}{chunk[at:]}"
    return " ".join(chunks)


def write_csv(path: Path, texts: Iterator[str] | list[str]) -> None:
    """Write posts as ``id,text``."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "text"])
        writer.writerows((i, text) for i, text in enumerate(texts))
