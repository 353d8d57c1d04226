"""Contestants that live in an environment of their own: fastText and the old Sastrawi. Prints one JSON line.

Run as ``python other.py CONTESTANT FILE …``; imports nothing of netral.
"""

import json
import os
import re
import sys
import time

_NO_LETTER = re.compile(r"[^a-z0-9#@ ]+")


def _lines(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return [line.rstrip("\n") for line in file]


def _load(model):
    import fasttext

    fasttext.FastText.eprint = lambda *_: None  # a warning of its own loading
    return fasttext.load_model(model)


def _train(data, model, ngrams):
    """Clean with a regular expression and train, all cores; its own default leaves one core idle."""
    start = time.perf_counter()
    import fasttext

    cleaned = data + ".clean"
    with open(data, encoding="utf-8", newline="\n") as source, open(cleaned, "w", encoding="utf-8") as target:
        for line in source:
            label, text = line.rstrip("\n").split("\t", 1)
            target.write(f"{label} {_NO_LETTER.sub(' ', text.lower())}\n")
    settings = {"dim": 100, "bucket": 2_000_000, "wordNgrams": int(ngrams), "minn": 0, "maxn": 0, "epoch": 5}
    trained = fasttext.train_supervised(cleaned, **settings, thread=os.cpu_count(), verbose=0)
    trained.save_model(model)
    return time.perf_counter() - start


def _predict(posts, model):
    loaded, texts = _load(model), _lines(posts)
    start = time.perf_counter()
    loaded.predict(texts)
    return time.perf_counter() - start


def _file(posts, model, out):
    start = time.perf_counter()
    labels, probabilities = _load(model).predict(_lines(posts))
    with open(out, "w", encoding="utf-8") as file:
        file.writelines(f"{i},{p[0]},{label[0]}\n" for i, (label, p) in enumerate(zip(labels, probabilities, strict=True)))
    return time.perf_counter() - start


def _again(posts, model, first, times):
    """Predict the first posts some times over: a fixed job whose instructions are counted."""
    start = time.perf_counter()
    loaded, texts = _load(model), _lines(posts)[: int(first)]
    for _ in range(int(times)):
        loaded.predict(texts)
    return time.perf_counter() - start


def _sastrawi(posts):
    """Prepare posts as the tutorials do: letters only, stop words out, stems; vectoriser and classifier would add nothing visible."""
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
    from Sastrawi.StopWordRemover.StopWordRemoverFactory import StopWordRemoverFactory

    stem, stop = StemmerFactory().create_stemmer().stem, StopWordRemoverFactory().create_stop_word_remover().remove
    texts = _lines(posts)
    start = time.perf_counter()
    for text in texts:
        stem(stop(re.sub(r"[^a-z ]+", " ", text.lower())))
    return time.perf_counter() - start


CONTESTANTS = {"train": _train, "memory": _predict, "file": _file, "again": _again, "sastrawi": _sastrawi}

if __name__ == "__main__":
    sys.stdout.write(json.dumps({"seconds": CONTESTANTS[sys.argv[1]](*sys.argv[2:])}) + "\n")
