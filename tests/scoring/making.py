"""A tiny real release and generated posts for the tests of scoring."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from netral.model import artifact
from netral.model.model import load
from netral.scoring.drift import build_profile
from netral.text.analyser import analyser

WEIGHTS = {"dukung": 2.0, "menangkan": 2.5, "coblos": 3.0, "curang": 1.5, "rapat": -2.0, "jadwal": -2.5, "warga": -1.0, "menurut": -2.0}
FILLERS = ("kopi", "hujan", "pasar", "jalan", "pagi", "sore", "lapangan", "sekolah", "berita", "ramai", "besok", "kemarin", "desa")
PLATFORMS = ("twitter", "facebook", "tiktok")


#: Where the fault test leaves what it has to say.
TALLY = pytest.StashKey[list[str]]()


def write_release(folder: Path, weights: dict[str, float] = WEIGHTS, profile: dict[str, Any] | None = None) -> Path:
    """Write a release whose only features are a few words."""
    terms, offsets = artifact.pack(list(weights))
    arrays = {
        "words.terms": terms,
        "words.offsets": offsets,
        "words.weight": np.array(list(weights.values())),
        "words.square": np.ones(len(weights)),
        "words.pairs": np.empty((0, 2), np.int32),
        "words.pair_weight": np.empty(0),
        "words.pair_square": np.empty(0),
    }
    settings = {
        "analyser": analyser(),
        "names": "keep",
        "stem": "none",
        "intercept": 0.0,
        "char_ngrams": [3, 5],
        "calibration": {"slope": 1.0, "offset": -0.25},
        "thresholds": {"review": 0.6, "flag": 0.9},
        "profile": profile or {},
        "canaries": [],
    }
    artifact.write(folder, artifact.core_bytes(settings, arrays))
    return folder


def write_profile(folder: Path, texts: list[str], platforms: list[str]) -> Path:
    """Write a release that knows what `texts` look like."""
    scored = load(write_release(folder.with_name(folder.name + "-bare"))).score(texts)
    return write_release(folder, profile=build_profile(scored.probability, scored.items, scored.known, platforms))


def posts(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Invent rows; some texts have quotes, line ends and commas in them, one in fifty is empty."""
    draw = random.Random(seed)
    rows: list[dict[str, Any]] = []
    for number in range(1, count + 1):
        words = draw.choices([*WEIGHTS, *FILLERS], k=draw.randint(3, 20))
        text = " ".join(words) + draw.choice(["", "!", '\n"kutipan", katanya', ", ya"])
        if draw.random() < 0.02:
            text = ""
        rows.append({"id": f"p{number}", "text": text, "platform": draw.choice(PLATFORMS), "likes": draw.randint(0, 999)})
    return rows


def write_posts(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows in the format that the name of `path` says."""
    table = pa.Table.from_pylist(rows)
    kind = next(suffix for suffix in reversed(path.suffixes) if suffix not in (".gz", ".zst"))
    sink = pa.BufferOutputStream()
    if kind == ".parquet":
        pyarrow.parquet.write_table(table, sink, row_group_size=500)
    elif kind == ".jsonl":
        sink.write("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())
    else:
        options = pyarrow.csv.WriteOptions(delimiter="\t" if kind == ".tsv" else ",")
        pyarrow.csv.write_csv(table, sink, options)
    content = sink.getvalue().to_pybytes()
    with pa.OSFile(str(path), "wb") as file:
        if path.suffix in (".gz", ".zst"):
            with pa.CompressedOutputStream(file, {".gz": "gzip", ".zst": "zstd"}[path.suffix]) as out:
                out.write(content)
        else:
            file.write(content)
    return path
