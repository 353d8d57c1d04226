"""Contestants of netral's own environment. Prints one JSON line.

Run as ``python -m tests.benchmarks.ours CONTESTANT FILE …``.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.posts import read_lines

ROOT = Path(__file__).parents[2]


def memory(posts: str, model: str) -> dict[str, float]:
    """Score with netral in memory: load, then time the scoring alone; its tables start empty."""
    import netral

    loaded, texts = netral.load(model), read_lines(Path(posts))
    return _seconds(lambda: loaded.predict_proba(texts))


def memory_all(posts: str, model: str) -> dict[str, float]:
    """Score in memory with one process per core, each with its share; the texts are there before the clock starts."""
    from multiprocessing import get_context

    import netral

    cores = os.cpu_count() or 1
    loaded, texts = netral.load(model), read_lines(Path(posts))
    share = -(-len(texts) // cores)
    _SHARES.extend((loaded, texts[i : i + share]) for i in range(0, len(texts), share))
    with get_context("fork").Pool(cores) as pool:
        return _seconds(lambda: pool.map(_score_share, range(len(_SHARES)), chunksize=1))


_SHARES: list[tuple[Any, list[str]]] = []


def _score_share(number: int) -> Any:
    model, texts = _SHARES[number]
    return model.predict_proba(texts)


def again(posts: str, model: str, first: str, times: str) -> dict[str, float]:
    """Score the first posts some times over: a fixed job whose instructions are counted."""
    import netral

    loaded, texts = netral.load(model), read_lines(Path(posts))[: int(first)]
    return _seconds(lambda: [loaded.predict_proba(texts) for _ in range(int(times))])


def reading(posts: str) -> dict[str, float]:
    """Read posts as a batch run does, checks and rejections included, and do nothing with them."""
    from netral.scoring.batch import ReadOptions
    from netral.scoring.inputs import find_inputs
    from netral.scoring.read import read_batches

    files = find_inputs([posts])
    return _seconds(lambda: sum(len(batch.texts) for batch in read_batches(files, ReadOptions())))


def bare(posts: str) -> dict[str, float]:
    """Read CSV with Python's own reader, unchecked; PyArrow's stops at the NUL in a real post."""
    import csv

    def job() -> int:
        with open(posts, encoding="utf-8", newline="") as file:
            return sum(len(row) for row in csv.reader(file))

    return _seconds(job)


def stages(posts: str, root: str, *names: str) -> dict[str, Any]:
    """Run stages of the flow on a file of labelled posts, at one fixed ``C``; imports are part of the time."""
    start = time.perf_counter()
    import dataclasses
    from importlib import import_module

    from netral.params import load

    params = load(ROOT / "params.yaml")
    params = dataclasses.replace(
        params,
        validate=dataclasses.replace(params.validate, posts=posts),
        train=dataclasses.replace(params.train, C=(1.0,), try_families=(), also=""),
    )
    each = {}
    for name in names:
        sys.stderr.write(f"stage {name}\n")
        each[name] = _seconds(lambda name=name: import_module(f"netral.stages.{name}").run(params, Path(root)))["seconds"]
    return {"seconds": time.perf_counter() - start, "stages": each}


def plain(posts: str, training: str) -> dict[str, float]:
    """Score with the plain scikit-learn pipeline over the same families: TfidfVectorizers side by side, stems memoised.

    It has less to do than netral: no look of the post, no space of words, no names, and pairs of neighbours alone.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import FeatureUnion, make_pipeline

    from netral.params import load
    from netral.text.analyser import common_words, encoder, stemmer
    from netral.text.words import Tokeniser, is_word

    params = load(ROOT / "params.yaml").train
    stem = stemmer(params.stem)
    tokenise, prepare = Tokeniser(stem.is_root, common_words(stem)), encoder(stem, None).prepare

    def items(text: str) -> list[str]:
        return [item for chunk in prepare(text).split() for item in tokenise(chunk)]

    def stems(text: str) -> list[str]:
        return [stem(item) if is_word(item) else item for item in items(text)]

    how: dict[str, dict[str, Any]] = {
        "words": {"tokenizer": items, "token_pattern": None, "lowercase": False},
        "stems": {"tokenizer": stems, "token_pattern": None, "lowercase": False},
        "chars": {"preprocessor": lambda text: " ".join(items(text)), "analyzer": "char_wb"},
    }
    families = {name: getattr(params, name) for name in params.families}
    union = FeatureUnion(
        [
            (name, TfidfVectorizer(ngram_range=family.ngrams, min_df=family.min_df, max_features=family.max_features, **how[name]))
            for name, family in families.items()
        ]
    )
    texts, labels = _labelled(training)
    fitted, asked = make_pipeline(union, LogisticRegression(max_iter=200)).fit(texts, labels), read_lines(Path(posts))
    return _seconds(lambda: fitted.predict_proba(asked))


def tutorial(posts: str, training: str, stems: str) -> dict[str, float]:
    """Score with the pipeline of the tutorials: letters only, Sastrawi's stop words and stems, TF-IDF of words.

    ``memoised`` stems are what PySastrawi's factory gives, its table warm from training; ``plain`` ones are worked out for every word.
    """
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
    from Sastrawi.StopWordRemover.StopWordRemoverFactory import StopWordRemoverFactory
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    memoised = StemmerFactory().create_stemmer()
    stem = {"memoised": memoised.stem, "plain": memoised.delegatedStemmer.stem}
    stop = StopWordRemoverFactory().create_stop_word_remover().remove
    now = "memoised"  # training is not what is timed

    def prepare(text: str) -> str:
        return stem[now](stop(re.sub(r"[^a-z ]+", " ", text.lower())))

    fitted = make_pipeline(TfidfVectorizer(preprocessor=prepare), LogisticRegression()).fit(*_labelled(training))
    now, asked = stems, read_lines(Path(posts))
    return _seconds(lambda: fitted.predict_proba(asked))


def _labelled(path: str) -> tuple[list[str], list[bool]]:
    rows = [line.split("\t", 1) for line in read_lines(Path(path))]
    return [text for _, text in rows], [label == "__label__1" for label, _ in rows]


def _seconds(job: Callable[[], Any]) -> dict[str, float]:
    start = time.perf_counter()
    job()
    return {"seconds": time.perf_counter() - start}


CONTESTANTS: dict[str, Callable[..., dict[str, Any]]] = {
    "memory": memory,
    "memory-all": memory_all,
    "again": again,
    "reading": reading,
    "bare": bare,
    "stages": stages,
    "plain": plain,
    "tutorial": tutorial,
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(CONTESTANTS[sys.argv[1]](*sys.argv[2:])) + "\n")
