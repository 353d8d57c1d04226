"""Contestants of netral's own environment. Prints one JSON line.

Run by ``tests.benchmarks.run`` as ``python -m tests.benchmarks.ours CONTESTANT FILE …``.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").split("\n")[:-1]


def memory(posts: str, model: str) -> float:
    """Score with netral in memory: load, then time the scoring alone; its tables start empty."""
    import netral

    loaded, texts = netral.load(model), _lines(posts)
    start = time.perf_counter()
    loaded.predict_proba(texts)
    return time.perf_counter() - start


def _plain(texts: list[str], labels: list[bool]) -> Any:
    """Fit the plain scikit-learn pipeline over the same features: three TfidfVectorizers, stems memoised."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import FeatureUnion, make_pipeline

    from netral.model.model import encoder, stemmer
    from netral.text.words import Tokeniser, is_word

    stem = stemmer("sastrawi")
    tokenise, prepare = Tokeniser(stem.is_root), encoder(stem, None).prepare

    def items(text: str) -> list[str]:
        return [item for chunk in prepare(text).split() for item in tokenise(chunk)]

    def stems(text: str) -> list[str]:
        return [stem(item) if is_word(item) else item for item in items(text)]

    union = FeatureUnion(
        [
            ("words", TfidfVectorizer(tokenizer=items, token_pattern=None, lowercase=False, ngram_range=(1, 2), min_df=3)),
            ("stems", TfidfVectorizer(tokenizer=stems, token_pattern=None, lowercase=False, ngram_range=(1, 2), min_df=3)),
            ("chars", TfidfVectorizer(preprocessor=lambda text: " ".join(items(text)), analyzer="char_wb", ngram_range=(3, 5), min_df=3)),
        ]
    )
    return make_pipeline(union, LogisticRegression(max_iter=200)).fit(texts, labels)


def _tutorial(texts: list[str], labels: list[bool], memoised: bool) -> Any:
    """Fit the pipeline of the tutorials: letters only, Sastrawi stop words and stems, unigrams."""
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
    from Sastrawi.StopWordRemover.StopWordRemoverFactory import StopWordRemoverFactory
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    cached = StemmerFactory().create_stemmer()
    stem = cached.stem if memoised else cached.delegatedStemmer.stem
    stop = StopWordRemoverFactory().create_stop_word_remover().remove

    def prepare(text: str) -> str:
        return stem(stop(re.sub(r"[^a-z ]+", " ", text.lower())))

    return make_pipeline(TfidfVectorizer(preprocessor=prepare), LogisticRegression()).fit(texts, labels)


def _timed(fit: Callable[[list[str], list[bool]], Any]) -> Callable[[str, str], float]:
    def run(posts: str, training: str) -> float:
        rows = [line.split("\t", 1) for line in _lines(training)]
        fitted, texts = fit([text for _, text in rows], [label == "__label__1" for label, _ in rows]), _lines(posts)
        start = time.perf_counter()
        fitted.predict_proba(texts)
        return time.perf_counter() - start

    return run


CONTESTANTS: dict[str, Callable[..., float]] = {
    "memory": memory,
    "plain": _timed(_plain),
    "tutorial-memoised": _timed(lambda texts, labels: _tutorial(texts, labels, memoised=True)),
    "tutorial": _timed(lambda texts, labels: _tutorial(texts, labels, memoised=False)),
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps({"seconds": CONTESTANTS[sys.argv[1]](*sys.argv[2:])}) + "\n")
