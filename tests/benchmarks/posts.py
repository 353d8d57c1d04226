"""The posts that all contestants read: real ones where they are, else the bundled ones, repeated with altered words."""

from __future__ import annotations

import csv
import json
import os
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

BUNDLED = Path(__file__).parents[2] / "data" / "raw" / "posts.csv"
ALTERED = 0.05


def sample(n: int, seed: int = 0) -> tuple[list[str], list[bool], str]:
    """Return ``n`` posts, a label by rule for each, and what they are.

    The rule: a real post mentions politics; a bundled one is labelled partisan.
    """
    texts, labels, what = _real(Path(os.environ["NETRAL_REAL_DATA"])) if os.environ.get("NETRAL_REAL_DATA") else _bundled()
    order = random.Random(seed).sample(range(len(texts)), min(n, len(texts)))
    chosen, rules = [_line(texts[i]) for i in order], [labels[i] for i in order]
    if len(chosen) < n:
        what += f", repeated, {ALTERED:.0%} of the chunks of each copy altered"
    return list(repeat(chosen, n, seed)), [rules[i % len(rules)] for i in range(n)], what


def _real(folder: Path) -> tuple[list[str], list[bool], str]:
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "corpus.parquet", columns=["text", "political"])
    return table["text"].to_pylist(), table["political"].to_pylist(), f"real posts ({table.num_rows:,} unique texts)"


def _bundled() -> tuple[list[str], list[bool], str]:
    with open(BUNDLED, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row["label"] == "partisan" for row in rows], f"the bundled authored posts ({len(rows):,})"


def bundled(n: int) -> tuple[list[str], list[bool]]:
    """Return the first ``n`` bundled posts, the same ones on every machine, and whether each is partisan."""
    texts, labels, _ = _bundled()
    return [_line(text) for text in texts[:n]], labels[:n]


def _line(text: str) -> str:
    return " ".join(text.split())


def repeat(texts: Sequence[str], n: int, seed: int = 0) -> Iterator[str]:
    """Yield ``n`` posts: the texts again and again, each copy but the first with a seeded share of its chunks altered."""
    return islice(_endless(texts, seed), n)


def _endless(texts: Sequence[str], seed: int) -> Iterator[str]:
    yield from texts
    copy = 1
    while texts:
        chance = random.Random(f"{seed} {copy}")
        yield from (alter(text, chance) for text in texts)
        copy += 1


def alter(text: str, chance: random.Random) -> str:
    """Put a letter into about one chunk in twenty, so that new vocabulary keeps coming."""
    chunks = text.split(" ")
    for i, chunk in enumerate(chunks):
        if chunk and chance.random() < ALTERED:
            at = chance.randrange(len(chunk))
            chunks[i] = f"{chunk[:at]}{chance.choice('abcdeghiklmnoprstu')}{chunk[at:]}"
    return " ".join(chunks)


def write_lines(path: Path, texts: Iterable[str]) -> None:
    """Write one post per line."""
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{text}\n" for text in texts)


def read_lines(path: Path) -> list[str]:
    """Read what :func:`write_lines` wrote."""
    with open(path, encoding="utf-8", newline="\n") as file:
        return [line.rstrip("\n") for line in file]


def write_csv(path: Path, texts: Iterable[str], labels: Iterable[bool] | None = None) -> None:
    """Write posts as ``id,text`` or, with labels, as ``id,text,label``; the texts are streamed, never held."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "text"] if labels is None else ["id", "text", "label"])
        if labels is None:
            writer.writerows(enumerate(texts))
        else:
            writer.writerows(
                (i, text, "partisan" if label else "neutral") for i, (text, label) in enumerate(zip(texts, labels, strict=True))
            )


def write_jsonl(path: Path, texts: Iterable[str]) -> None:
    """Write posts as objects of ``id`` and ``text``, one per line."""
    write_lines(path, (json.dumps({"id": str(i), "text": text}, ensure_ascii=False) for i, text in enumerate(texts)))


def write_parquet(path: Path, texts: Sequence[str]) -> None:
    """Write posts as a table of ``id`` and ``text``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"id": [str(i) for i in range(len(texts))], "text": texts}), path)


def write_fasttext(path: Path, texts: Iterable[str], labels: Iterable[bool]) -> None:
    """Write posts as ``__label__1<TAB>text``, one per line."""
    write_lines(path, (f"__label__{int(label)}\t{text}" for text, label in zip(texts, labels, strict=True)))
