"""A space of words: words of like company lie close, and what is learned of one holds for the other."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import numpy as np
import pytest
import typer

from netral.fit import make_space, space
from netral.fit.corpus import Corpus, encode
from netral.fit.export import weights
from netral.fit.features import Features
from netral.fit.published import is_published
from netral.fit.vocabulary import Space
from netral.model import artifact
from tests.building import contents, fit, in_memory, some, train_params

PRAISE, BLAME = ("mantap", "keren", "jempolan"), ("payah", "ngawur", "amburadul")


def company(count: int = 1500) -> list[str]:
    """Posts in which words of one kind stand where the others of it do, and much else."""
    draw = random.Random(3)
    filler = [
        f"{a}{b}" for a in ("ka", "bi", "lu", "te", "mo", "sa", "ri", "do", "ne", "pu") for b in ("rang", "lisa", "toma", "wendu", "jari")
    ]
    filler += [f"{word}an" for word in filler]
    posts = []
    for _ in range(count):
        kind, before, after = draw.choice(((PRAISE, "sungguh", "sekali"), (BLAME, "dasar", "melulu")))
        posts.append(" ".join([*draw.sample(filler, 4), before, draw.choice(kind), after, *draw.sample(filler, 4)]))
    return posts


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return encode(company(), "none")


@pytest.fixture(scope="module")
def learned(corpus: Corpus) -> Space:
    found = space.learn(corpus)
    assert found is not None
    return found


def test_words_of_like_company_lie_close(learned: Space) -> None:
    place = {term: learned.vectors[i] for i, term in enumerate(learned.terms)}
    for kind, other in ((PRAISE, BLAME), (BLAME, PRAISE)):
        near = min(place[a] @ place[b] for a in kind for b in kind)
        far = max(place[a] @ place[b] for a in kind for b in other)
        assert near > 0.5 > far


def test_places_have_one_length_and_words_their_idf(learned: Space, corpus: Corpus) -> None:
    assert list(learned.terms) == sorted(learned.terms)
    assert learned.vectors.shape == (len(learned.terms), space.DIMENSIONS)
    np.testing.assert_allclose(np.linalg.norm(learned.vectors, axis=1), 1.0)
    seen = sum("mantap" in post.split() for post in company())
    assert learned.idf[learned.terms.index("mantap")] == pytest.approx(np.log((1 + len(corpus)) / (1 + seen)) + 1)


def test_names_and_rare_words_get_no_place(corpus: Corpus) -> None:
    found = space.learn(corpus, {"keren"})
    assert found is not None
    assert "keren" not in found.terms
    rare = encode([*company(), *["langka sekali"] * (space.MIN_DF - 1), *["sering sekali"] * space.MIN_DF], "none")
    found = space.learn(rare)
    assert found is not None
    assert "langka" not in found.terms
    assert "sering" in found.terms


def test_too_few_posts_have_no_space() -> None:
    assert space.learn(encode(["kata satu dua tiga"] * 99, "none")) is None


def test_neighbours_are_counted_within_posts_and_their_window() -> None:
    corpus = encode(["satu dua tiga empat", "lima"], "none")
    words = np.array([corpus.items.names.index(word) for word in ("satu", "dua", "tiga", "empat", "lima")])
    near = space._cooccurrences(corpus, words).toarray()
    assert near.tolist() == [[0, 1, 1, 0, 0], [1, 0, 1, 1, 0], [1, 1, 0, 1, 0], [0, 1, 1, 0, 0], [0, 0, 0, 0, 0]]


def test_what_is_learned_of_a_word_holds_for_its_neighbours(learned: Space) -> None:
    posts = ["warga bilang mantap"] * 6 + ["warga bilang payah"] * 6
    corpus = dataclasses.replace(Features(stem="none").encode(posts), space=learned)
    from sklearn.linear_model import LogisticRegression

    features = Features(("words",), stem="none")
    classifier = LogisticRegression(C=100.0).fit(features.fit_transform(corpus), [1] * 6 + [0] * 6)
    never_labelled = features.transform(["warga bilang keren", "warga bilang ngawur"])
    found = classifier.decision_function(never_labelled)
    assert found[0] > found[1] + 0.1
    assert features.n_features_ == never_labelled.shape[1] == len(features.get_feature_names_out())


def test_the_space_folds_into_one_weight_per_word(learned: Space) -> None:
    posts = some(200)
    pipeline = fit(posts, train_params(families=("words",), stem="none"), learned)
    _, arrays = weights(pipeline)
    words = artifact.unpack(arrays["space.terms"], arrays["space.offsets"])
    assert tuple(words) == learned.terms
    for name, coefficients in zip(
        ("space.weight", "space.target", "space.election"), np.split(pipeline["classifier"].coef_[0], 3), strict=True
    ):
        np.testing.assert_allclose(arrays[name], learned.idf * (learned.vectors @ coefficients[-space.DIMENSIONS :]))
    assert not any(name.startswith("space.vector") for name in arrays), "vectors stay behind"
    settings, stored = contents(pipeline, {"review": 0.5, "flag": None})
    assert settings["features"]["space"] == space.DIMENSIONS
    texts = [*company(50), *posts.text[:50]]
    prepared = Features(stem="none").encode([in_memory(settings, stored).scorer().encoder.prepare(text) for text in texts])
    expected = pipeline.predict_proba(prepared)[:, 1]
    np.testing.assert_allclose(in_memory(settings, stored).predict_proba(texts), expected, rtol=0, atol=1e-12)


def test_a_stored_space_comes_back_but_for_its_rounding(learned: Space, tmp_path: Path) -> None:
    path = tmp_path / "space.npz"
    space.store(learned, "posts made for this test", path)
    found = space.load(path)
    assert found.terms == learned.terms
    np.testing.assert_allclose(found.vectors, learned.vectors, atol=0.51 / 127)
    np.testing.assert_allclose(found.idf, learned.idf, rtol=1e-6)
    assert str(np.load(path)["about"]) == "posts made for this test"


def test_the_bundled_space_knows_common_words_and_where_they_are_from() -> None:
    found = space.load()
    assert {"pilih", "dukung", "bohong", "hebat", ":jempol:", "<PARTAI>", "tidak"} <= {*found.terms}
    assert found.vectors.shape == (len(found.terms), space.DIMENSIONS)
    assert "posts" in str(np.load(space.BUNDLED)["about"])
    place = dict(zip(found.terms, found.vectors, strict=True))
    assert place["hebat"] @ place["keren"] > place["hebat"] @ place["banjir"]


def test_the_bundled_space_holds_dictionary_words_and_no_names() -> None:
    """Whatever it is made from: every word stems to a root or stands on a list, so that no person stands in it."""
    terms = [*space.load().terms]
    assert [term for term, good in zip(terms, is_published(terms, frozenset()), strict=True) if not good] == []


def test_what_may_be_published_of_a_space_is_chosen() -> None:
    known = [f"warga {a} pilih {b} kami" for a in ("yang", "bisa", "mau") for b in ("desa", "kota", "jalan", "pasar")] * 5
    filler = [
        f"{a}{b}zq"
        for a in ("bar", "tom", "gul", "sep", "dor", "mis")
        for b in ("ang", "isa", "oma", "uju", "ela", "iri", "ota", "unu", "amb")
    ]
    unknown = [" ".join([*known[i % len(known)].split(), *random.Random(i).sample(filler, 6), "temui Sarwinda"]) for i in range(800)]
    found = make_space.choose(encode(unknown, "sastrawi"))
    assert found is not None
    assert {"warga", "pilih", "desa"} <= {*found.terms}
    assert "sarwinda" not in found.terms
    assert not set(filler) & {*found.terms}


def test_too_few_words_make_no_space(tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text("text\nsatu dua tiga\n", encoding="utf-8")
    with pytest.raises(typer.BadParameter, match="too few words"):
        make_space.main(tmp_path / "posts.csv", tmp_path / "space.npz")
