"""What the text tests share: the stemmer (its dictionary is read once), a tokeniser, an invented election, real posts."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from hypothesis import settings

from netral.text.analyser import common_words
from netral.text.gazetteer import Gazetteer
from netral.text.lexicon import table
from netral.text.stem import Stemmer
from netral.text.words import Tokeniser

# The same examples on every run and machine; a busy machine is no failure.
settings.register_profile("text", derandomize=True, deadline=None)
settings.load_profile("text")


@pytest.fixture(scope="session")
def stem() -> Stemmer:
    return Stemmer(table("protected.tsv"))


@pytest.fixture(scope="session")
def tokenise(stem: Stemmer) -> Tokeniser:
    return Tokeniser(stem.is_root, common_words(stem))


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.from_mapping(
        {
            "election": "pilkada-2024-contoh",
            "sides": [
                {"candidates": [{"name": "Budi Santoso", "aliases": ["Pak Budi", "budsan"]}], "slogans": ["Maju Bersama"]},
                {"candidates": [{"name": "Ani Rahma-Dewi"}], "parties": ["Partai Ladang Makmur"]},
            ],
            "parties": [{"name": "Partai Maju Jaya", "aliases": ["PMJ"]}],
        }
    )


@pytest.fixture(scope="session")
def real_posts(real_data: Path) -> list[str]:
    """30,000 posts of the corpus, drawn with a seed, and all labelled ones."""
    import pyarrow.parquet as pq

    corpus = pq.read_table(real_data / "corpus.parquet", columns=["text"]).column("text").to_pylist()
    posts = random.Random(20241127).sample(corpus, 30_000)
    for path in sorted(real_data.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            posts += [row["text"] for row in csv.DictReader(file)]
    return posts
