"""Contestants that live in an environment of their own: fastText and the old Sastrawi. Prints one JSON line.

Run by ``tests.benchmarks.run`` as ``python other.py CONTESTANT FILE MODEL [FILE OUT]``.
"""

import json
import re
import sys
import time

_MARK = re.compile(r"[^a-z0-9#@ ]+")


def _lines(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file]


def _train(data, model, ngrams):
    import fasttext

    start = time.perf_counter()
    cleaned = data + ".ft"
    with open(data, encoding="utf-8") as source, open(cleaned, "w", encoding="utf-8") as target:
        for line in source:
            label, text = line.rstrip("\n").split("\t", 1)
            target.write(f"{label} {_MARK.sub(' ', text.lower())}\n")
    trained = fasttext.train_supervised(cleaned, dim=100, bucket=2_000_000, wordNgrams=ngrams, minn=0, maxn=0, epoch=5, verbose=0)
    seconds = time.perf_counter() - start
    trained.save_model(model)
    return seconds


def _predict(posts, model):
    import fasttext

    fasttext.FastText.eprint = lambda *_: None
    loaded = fasttext.load_model(model)
    texts = _lines(posts)
    start = time.perf_counter()
    loaded.predict(texts)
    return time.perf_counter() - start


def _file(posts, model, out):
    import fasttext

    fasttext.FastText.eprint = lambda *_: None
    start = time.perf_counter()
    loaded = fasttext.load_model(model)
    labels, probabilities = loaded.predict(_lines(posts))
    with open(out, "w", encoding="utf-8") as file:
        file.writelines(f"{i},{p[0]},{label[0]}\n" for i, (label, p) in enumerate(zip(labels, probabilities, strict=True)))
    return time.perf_counter() - start


def _sastrawi(posts):
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    stemmer = StemmerFactory().create_stemmer()
    texts = _lines(posts)
    start = time.perf_counter()
    for text in texts:
        stemmer.stem(text)
    return time.perf_counter() - start


CONTESTANTS = {
    "train-1": lambda data, model: _train(data, model, 1),
    "train-2": lambda data, model: _train(data, model, 2),
    "memory": _predict,
    "file": _file,
    "sastrawi-1.0.1": _sastrawi,
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps({"seconds": CONTESTANTS[sys.argv[1]](*sys.argv[2:])}) + "\n")
