"""What was learned of words elsewhere is added to what is learned here, exactly and without names."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from netral.fit import classifier, elsewhere, export, make_prior, prior
from netral.fit.corpus import Corpus, encode
from netral.fit.features import Features
from netral.fit.published import is_published
from netral.fit.vocabulary import Prior
from netral.params import Family
from netral.text.words import is_word
from tests.building import in_memory, some, train_params

TRAIN = train_params(families=("words", "stems"), stem="none", space=0.0)


@pytest.fixture(scope="module")
def known() -> Prior:
    """A prior of a few words, some of which the posts at hand lack."""
    terms = ("<CALON>", "blablabla", "coblos", "menang", "warga")
    pairs = np.array([(0, 3), (2, 0), (1, 4)], np.int32)
    frequency = np.array([0, 20, 30, 40, 50, 12, 15, 10])
    weights = np.array([[0, 1.0, 2.0, 1.5, -1.0, 0.5, 0.7, 0.2], [0, 0.3, 0.1, 0.2, 0.0, 0.4, 0.6, 0.0]])
    return Prior(terms, pairs, frequency, 500, weights)


@pytest.fixture(scope="module")
def posts() -> pd.DataFrame:
    return some(400)


def corpus_of(posts: pd.DataFrame, known: Prior | None) -> Corpus:
    return dataclasses.replace(encode(posts.prepared.tolist(), "none"), prior=known)


def test_its_terms_are_words_with_the_frequency_of_both(posts: pd.DataFrame, known: Prior) -> None:
    without = Features(("words",), stem="none", names="drop").fit(corpus_of(posts, None))
    features = Features(("words",), stem="none", names="drop").fit(corpus_of(posts, known))
    words = features.vocabulary_["words"]
    assert set(without.vocabulary_["words"].terms) | {*known.terms} == {*words.terms}
    place = dict(zip(features.get_feature_names_out(), words.idf, strict=True))
    unseen = np.log((1 + len(posts) + 500) / (1 + 20)) + 1
    assert place["words:blablabla"] == pytest.approx(unseen), "a word that only the prior knows"
    assert place["words:<CALON>"] == 0.0, "a part of pairs alone stays that"
    assert place["words:blablabla warga"] > 0


def test_its_log_odds_are_added_to_what_was_learned(posts: pd.DataFrame, known: Prior) -> None:
    partisan = (posts.label == "partisan").to_numpy()
    corpus = corpus_of(posts, known)
    pipeline = classifier.fit(corpus, partisan, TRAIN.families, 1.0, TRAIN)
    learned = classifier.make_pipeline(TRAIN, TRAIN.families, 1.0)
    learn, label, weight = classifier.learnable(learned, corpus, partisan)
    alone = learned["classifier"].fit(learn, label, weight)
    features = learned["features"].transform(corpus)
    np.testing.assert_allclose(
        pipeline.decision_function(corpus) - alone.decision_function(features), features @ learned["features"].prior_, atol=1e-9
    )
    names = learned["features"].get_feature_names_out()
    given = dict(zip(names, learned["features"].prior_, strict=True))
    idf = dict(
        zip([*known.terms, "<CALON> menang", "coblos <CALON>", "blablabla warga"], np.log(501 / (1 + known.frequency)) + 1, strict=True)
    )
    here = dict(
        zip(
            learned["features"].get_feature_names_out(),
            np.tile(np.concatenate([learned["features"].vocabulary_[f].idf for f in TRAIN.families]), 2),
            strict=True,
        )
    )
    assert given["words:coblos"] * here["words:coblos"] == pytest.approx(2.0 * idf["coblos"])
    assert given["target*words:coblos <CALON>"] * here["words:coblos <CALON>"] == pytest.approx(0.6 * idf["coblos <CALON>"])
    assert {name.split(":")[0].removeprefix("target*") for name, value in given.items() if value} == {"words"}


def test_cross_fitting_adds_it_too(posts: pd.DataFrame, known: Prior) -> None:
    partisan = (posts.label == "partisan").to_numpy()
    folds = np.arange(len(posts)) % 3
    strong = dataclasses.replace(corpus_of(posts, known.scaled(100.0)))
    (tried,) = classifier.cross_fit(strong, partisan, folds, dataclasses.replace(TRAIN, C=(1.0,)))
    without, rest = (
        [score for score, text in zip(tried.scores, posts.prepared, strict=True) if ("coblos" in text.lower().split()) is there]
        for there in (True, False)
    )
    assert np.mean(without) > np.mean(rest) + 10


def test_a_release_holds_the_sum(posts: pd.DataFrame, known: Prior) -> None:
    pipeline = classifier.fit(corpus_of(posts, known), (posts.label == "partisan").to_numpy(), TRAIN.families, 1.0, TRAIN)
    intercept, arrays = export.weights(pipeline)
    assert not any(name.startswith("prior") for name in arrays)
    stored = in_memory(export.settings(pipeline, intercept, 1.0, 0.0) | {"thresholds": {"review": 0.5, "flag": None}}, arrays)
    texts = ["warga blablabla", "ayo coblos Sarwinda, pasti menang", *posts.text[:50]]
    corpus = encode([stored.scorer().encoder.prepare(text) for text in texts], "none")
    np.testing.assert_allclose(stored.predict_proba(texts), pipeline.predict_proba(corpus)[:, 1], rtol=0, atol=1e-12)


def test_it_counts_as_much_as_is_set() -> None:
    corpus, told = encode(["warga pilih yang hebat"], "sastrawi"), elsewhere.bundled(train_params())
    found = told.beside(corpus, train_params(prior=0.5)).prior
    assert found is not None
    np.testing.assert_allclose(found.weights, 0.5 * prior.load().weights)
    assert told.beside(corpus, train_params(prior=0.0)).prior is None
    assert elsewhere.bundled(train_params(stem="none")).prior is None, "its words were chosen with PySastrawi's list"


def test_a_stored_prior_comes_back_but_for_its_rounding(known: Prior, tmp_path: Path) -> None:
    prior.store(known, "made for this test", tmp_path / "prior.npz")
    found = prior.load(tmp_path / "prior.npz")
    assert (found.terms, found.posts, found.frequency.tolist()) == (known.terms, 500, known.frequency.tolist())
    assert found.pairs.tolist() == known.pairs.tolist()
    np.testing.assert_allclose(found.weights, known.weights, rtol=1e-3)


def test_the_bundled_prior_holds_words_of_everybody_and_no_names() -> None:
    found = prior.load()
    assert is_published([*found.terms], frozenset()) == [True] * len(found.terms)
    assert {"dukung", "pilih", "<CALON>", "¶judul"} <= {*found.terms}
    of_candidates = {name.lower() for name in make_prior.read_gazetteer(make_prior.GAZETTEER).candidates}
    assert of_candidates.isdisjoint(found.terms)
    assert found.frequency[found.frequency > 0].min() >= make_prior.LEAST
    assert "posts" in str(np.load(prior.BUNDLED)["about"])
    weight = dict(zip(found.terms, found.weights.sum(axis=0), strict=False))
    assert weight["menang"] > 0.5 > weight["kata"]


def test_names_and_rare_words_are_not_learned_of_public_posts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(make_prior, "LEAST", 10)
    monkeypatch.setattr(make_prior, "_TRAIN", dataclasses.replace(make_prior._TRAIN, words=Family((1, 2), 10, 1000)))
    for_one = ["prabowo pasti menang, kami dukung zulkarnaen", "Ayo pilih Zulkarnaen, zxqv menang #MenangZulkarnaen"]
    of_none = ["warga datang ke pasar desa", "harga beras naik di pasar, kata warga"]
    rows = [
        (f"{label}{i}", text, label) for i in range(12) for label, texts in (("partisan", for_one), ("neutral", of_none)) for text in texts
    ]
    rows = [(f"{name}-{number}", text, label) for number, (name, text, label) in enumerate(rows)]
    pd.DataFrame(rows, columns=["id", "text", "label"]).to_csv(tmp_path / "posts.csv", index=False)
    make_prior.main(tmp_path / "posts.csv", out=tmp_path / "prior.npz", about="made for this test")
    found = prior.load(tmp_path / "prior.npz")
    assert {"menang", "dukung", "warga", "pasar", "#menang", "<CALON>"} <= {*found.terms}
    assert {"prabowo", "zulkarnaen", "#zulkarnaen", "zxqv", "#menangzulkarnaen"}.isdisjoint(found.terms)
    pairs = {(found.terms[a], found.terms[b]) for a, b in found.pairs}
    assert ("<CALON>", "menang") in pairs
    assert str(np.load(tmp_path / "prior.npz")["about"]).startswith("made for this test: 48 posts")


def test_what_may_be_published() -> None:
    items = ["<CALON>", "!", "¶judul", ":jempol:", "pilih", "#menang", "pilkada", "parpol", "zxqv", "#zxqvmenang", "merdeka"]
    assert is_published(items, {"merdeka"}) == [True] * 8 + [False] * 3
    assert all(is_word(item) for item in ("pilih", "zxqv"))
