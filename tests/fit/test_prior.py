"""What was learned of words elsewhere is added to what is learned here, exactly and without names."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from netral.fit import classifier, elsewhere, export, make_prior, prior
from netral.fit.corpus import Corpus, encode
from netral.fit.features import Features
from netral.fit.published import is_published
from netral.fit.vocabulary import Prior, TermVocabulary, feature_names
from netral.model.gazetteers import read_gazetteer
from netral.params import Family
from tests.building import in_memory, some, train_params

TRAIN = train_params(families=("words", "stems"), stem="none", space=0.0)


@pytest.fixture(scope="module")
def known() -> Prior:
    """A prior of a few words, some of which the posts at hand lack."""
    terms = ("<CALON>", "blablabla", "coblos", "menang", "warga")
    pairs = np.array([(0, 3), (2, 0), (1, 4)], np.int32)
    idf = np.array([0.0, 4.0, 3.5, 3.0, 2.5, 5.0, 4.8, 5.2])
    all_posts = [0, 1.0, 2.0, 1.5, -1.0, 0.5, 0.7, 0.2]
    weights = np.array([all_posts, [0, 0.3, 0.1, 0.2, 0.0, 0.4, 0.6, 0.0], [0, 0.0, 0.8, 0.0, 0.0, 0.0, 0.9, 0.0]])
    return Prior("made for this test", TermVocabulary(terms, pairs, idf), weights)


@pytest.fixture(scope="module")
def posts() -> pd.DataFrame:
    return some(1600)


def corpus_of(posts: pd.DataFrame, known: Prior | None) -> Corpus:
    return dataclasses.replace(encode(posts.prepared.tolist(), "none"), prior=known)


def idf_by_name(features: Features, family: str = "words") -> dict[str, float]:
    vocabulary = features.vocabulary_[family]
    assert isinstance(vocabulary, TermVocabulary)
    return dict(zip(feature_names(vocabulary), vocabulary.idf.tolist(), strict=True))


def test_its_terms_come_on_top_and_the_posts_keep_their_idf(posts: pd.DataFrame, known: Prior) -> None:
    without = idf_by_name(Features(("words",), stem="none", names="drop").fit(corpus_of(posts, None)))
    found = idf_by_name(Features(("words",), stem="none", names="drop").fit(corpus_of(posts, known)))
    assert without.items() <= found.items()
    assert {name: found[name] for name in found.keys() - without.keys()} == {"blablabla": 4.0, "blablabla warga": 5.2}
    assert found["<CALON>"] == 0.0, "a part of pairs alone stays that"


def test_its_coefficients_are_added_to_what_was_learned(posts: pd.DataFrame, known: Prior) -> None:
    partisan, corpus = (posts.label == "partisan").to_numpy(), corpus_of(posts, known)
    pipeline = classifier.fit(corpus, partisan, TRAIN.families, 1.0, TRAIN)
    learned = classifier.make_pipeline(TRAIN, TRAIN.families, 1.0)
    alone = learned["classifier"].fit(*classifier.fit_features(learned, corpus, partisan))
    features = learned["features"]
    np.testing.assert_allclose(pipeline["classifier"].coef_, alone.coef_ + features.prior_, atol=1e-9)
    given, idf = dict(zip(features.get_feature_names_out(), features.prior_, strict=True)), idf_by_name(features)
    assert given["words:coblos"] * idf["coblos"] == pytest.approx(2.0 * 3.5), "one use weighs what it weighed there"
    assert given["target*words:coblos <CALON>"] * idf["coblos <CALON>"] == pytest.approx(0.6 * 4.8)
    assert given["election*words:coblos <CALON>"] * idf["coblos <CALON>"] == pytest.approx(0.9 * 4.8)
    assert {name.split(":")[0].split("*")[-1] for name, value in given.items() if value} == {"words"}


def test_cross_fitting_adds_it_too(posts: pd.DataFrame, known: Prior) -> None:
    partisan, folds = (posts.label == "partisan").to_numpy(), np.arange(len(posts)) % 3
    (tried,) = classifier.cross_fit(corpus_of(posts, known.scaled(100.0)), partisan, folds, TRAIN)
    there = np.array(["coblos" in text.lower().split() for text in posts.prepared])
    assert tried.scores[there].mean() > tried.scores[~there].mean() + 10


def test_names_of_these_posts_are_not_taken_from_it(posts: pd.DataFrame, known: Prior) -> None:
    told = dataclasses.replace(corpus_of(posts, known), known_names=frozenset({"menang"}))
    names = {*Features(("words",), stem="none", names="drop").fit(told).get_feature_names_out()}
    assert {"words:menang", "words:<CALON> menang"}.isdisjoint(names)
    assert {"words:coblos", "words:coblos <CALON>"} <= names
    assert "words:menang" in Features(("words",), stem="none", names="keep").fit(told).get_feature_names_out()


def test_it_keeps_to_the_features_that_are_set(posts: pd.DataFrame, known: Prior) -> None:
    corpus = corpus_of(posts, known)
    single = Features(("words",), words=Family((1, 1)), stem="none", interaction=("target",)).fit(corpus)
    assert not any(" " in name for name in single.get_feature_names_out())
    assert single.pooled_ == {"about": "made for this test", "strength": 1.0}
    alike = Features(("words",), stem="none").fit(corpus)
    given = dict(zip(alike.get_feature_names_out(), alike.prior_, strict=True))
    assert given["words:coblos"] * idf_by_name(alike)["coblos"] == pytest.approx((2.0 + 0.1 / 2 + 0.8 / 2) * 3.5), (
        "between all ways to weigh"
    )
    stems = Features(("stems",), stem="none").fit(corpus)
    assert not stems.prior_.any()
    assert stems.pooled_ is None


@pytest.mark.parametrize(("stem", "names"), [("none", "drop"), ("none", "keep"), ("sastrawi", "drop")])
def test_a_release_holds_the_sum(posts: pd.DataFrame, known: Prior, stem: str, names: str) -> None:
    train = train_params(families=("words", "stems"), stem=stem, names=names, space=0.0)
    own = known if stem == "none" else prior.load()
    corpus = dataclasses.replace(encode(posts.prepared.tolist(), stem), prior=own)
    pipeline = classifier.fit(corpus, (posts.label == "partisan").to_numpy(), train.families, 1.0, train)
    intercept, arrays = export.weights(pipeline)
    assert not any(name.startswith("prior") for name in arrays)
    settings = export.settings(pipeline, intercept, 1.0, 0.0) | {"thresholds": {"review": 0.5, "flag": None}}
    assert settings["prior"] == {"about": own.about, "strength": 1.0}
    stored = in_memory(settings, arrays)
    texts = ["warga blablabla", "ayo coblos Sarwinda, pasti menang", *posts.text[:50]]
    asked = encode([stored.scorer().encoder.prepare(text) for text in texts], stem)
    np.testing.assert_allclose(stored.predict_proba(texts), pipeline.predict_proba(asked)[:, 1], rtol=0, atol=1e-12)


def test_it_counts_as_much_as_is_set() -> None:
    corpus, told = encode(["warga pilih yang hebat"], "sastrawi"), elsewhere.bundled(train_params())
    found = told.beside(corpus, train_params(prior=0.5)).prior
    assert found is not None
    np.testing.assert_allclose(found.weights, 0.5 * prior.load().weights)
    assert told.beside(corpus, train_params(prior=0.0)).prior is None
    assert elsewhere.bundled(train_params(stem="none")).prior is None, "its words were chosen with PySastrawi's list"


def test_a_stored_prior_comes_back_but_for_its_rounding(known: Prior, tmp_path: Path) -> None:
    prior.store(known, tmp_path / "prior.npz")
    found = prior.load(tmp_path / "prior.npz")
    assert (found.about, found.vocabulary.terms, found.strength) == (known.about, known.vocabulary.terms, 1.0)
    assert found.vocabulary.pairs.tolist() == known.vocabulary.pairs.tolist()
    np.testing.assert_allclose(found.vocabulary.idf, known.vocabulary.idf, rtol=1e-6)
    np.testing.assert_allclose(found.weights, known.weights, rtol=1e-3)


def test_the_bundled_prior_holds_words_of_everybody_and_no_names() -> None:
    found = prior.load()
    terms = [*found.vocabulary.terms]
    assert [term for term, good in zip(terms, is_published(terms, frozenset()), strict=True) if not good] == []
    assert {"dukung", "pilih", "<CALON>", "¶judul"} <= {*terms}
    words = {word for name in read_gazetteer(make_prior.GAZETTEER).candidates for word in name.lower().split()}
    common = {"pak", "bu", "mas", "mbak", "bang", "kang", "cak", "gus", "kiai", "kyai", "murni"}  # how they are addressed, and a word
    assert words & {*terms} <= common
    assert "posts" in found.about


def test_names_and_rare_words_are_not_learned_of_public_posts(tmp_path: Path) -> None:
    draw = random.Random(2)
    more = ["pasar", "desa", "jalan", "hujan", "pagi", "sore", "anak", "kerja", "rumah", "sekolah", "makan", "sawah", "beras", "harga"]
    own = ["prabowo pasti menang, kami dukung zulkarnaen", "Ayo pilih Zulkarnaen, zxqv menang #MenangZulkarnaen"]
    rest = ["warga datang ke pasar desa", "harga beras naik di pasar, kata warga"]
    texts = [
        (f"{text} {' '.join(draw.sample(more, 9))}", label)
        for _ in range(12)
        for label, each in (("partisan", own), ("neutral", rest))
        for text in each
    ]
    texts += [("langka sekali semua tulisan ini sama persis dengan yang lain", "neutral")] * 12
    frame = pd.DataFrame(texts, columns=["text", "label"]).assign(id=[str(number) for number in range(len(texts))])
    frame[["id", "text"]].to_csv(tmp_path / "posts.csv", index=False)
    frame[["id", "label"]].assign(file="posts.csv", again=None).to_parquet(tmp_path / "labels.parquet")
    make_prior.main(tmp_path / "posts.csv", tmp_path / "labels.parquet", out=tmp_path / "prior.npz", about="made for this test")
    found = prior.load(tmp_path / "prior.npz")
    terms = {*found.vocabulary.terms}
    assert {"menang", "dukung", "warga", "pasar", "#menang", "<CALON>"} <= terms
    assert {"prabowo", "zulkarnaen", "#zulkarnaen", "zxqv", "#menangzulkarnaen"}.isdisjoint(terms)
    assert "persis" not in terms, "twelve copies are one post"
    assert ("<CALON>", "menang") in {(found.vocabulary.terms[a], found.vocabulary.terms[b]) for a, b in found.vocabulary.pairs}
    assert found.about.startswith("made for this test: ")


def test_of_opinions_and_of_posts_about_other_things_a_part_is_learned_from(tmp_path: Path) -> None:
    word = {"za".join("bcdfghjklm"[int(digit)] for digit in f"{i:03}"): i for i in range(400)}
    frame = pd.DataFrame({"id": [*map(str, range(400))], "text": [*word]})
    frame.assign(political=[i % 2 == 0 for i in range(400)]).to_parquet(tmp_path / "posts.parquet")
    label = ["partisan"] * 100 + ["neutral"] * 100 + ["opinion"] * 100 + ["uncertain"] * 100
    frame[["id"]].assign(file="posts.parquet", label=label, again=None).to_parquet(tmp_path / "labels.parquet")
    corpus, partisan = make_prior.read(tmp_path / "posts.parquet", tmp_path / "labels.parquet", read_gazetteer(make_prior.GAZETTEER))
    learned = {word[item] for item in corpus.items.names if item in word}
    assert {*range(0, 200, 2)} <= learned, "politics, of one side or none"
    assert not learned & {*range(300, 400)}
    others, opinions = learned & {*range(1, 200, 2)}, learned & {*range(200, 300, 2)}
    assert 5 <= len(others) <= 40
    assert 5 <= len(opinions) <= 30
    assert partisan.sum() == len(learned & {*range(100)})


def test_what_may_be_published() -> None:
    good = ["<CALON>", "!", "¶judul", ":jempol:", "pilih", "#menang", "#dukung<calon>", "pilkada", "parpol", "di"]
    withheld = ["<USER>", "<TELP>", "zxqv", "#zxqvmenang", "#:tahun:zxqv", "merdeka", "mega", ":dua_jari:", "sipit", "slamet", "golkar"]
    assert is_published([*good, *withheld], {"merdeka"}) == [True] * len(good) + [False] * len(withheld)
