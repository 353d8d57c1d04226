"""The exported weights give the fitted scikit-learn pipeline's probabilities, and a post's result is its own alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import chain, combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from netral.fit import export, space
from netral.fit.classifier import make_pipeline
from netral.fit.corpus import Corpus
from netral.fit.features import Features
from netral.model.model import Model
from netral.model.scorer import Scorer
from netral.model.weights import weights_from_arrays
from netral.params import FAMILIES, Family
from netral.text.analyser import encoder, stemmer
from tests.building import HOSTILE, bundled, contents, fit, in_memory, some, train_params

EXACT = 1e-12
SUBSETS = list(chain.from_iterable(combinations(FAMILIES, n) for n in (1, 2, 3)))
TERM_RANGES = ((1, 1), (1, 2))
GRAM_RANGES = ((2, 2), (3, 5), (2, 8))


@pytest.fixture(scope="module")
def corpora() -> dict[str, tuple[pd.DataFrame, Corpus]]:
    posts = some(200)
    return {stem: (posts, Features(stem=stem).encode(posts.prepared.tolist())) for stem in ("sastrawi", "none")}


@pytest.mark.parametrize("stem", ["sastrawi", "none"])
@pytest.mark.parametrize("families", SUBSETS, ids="+".join)
def test_exported_is_fitted_for_every_setting_that_params_allow(corpora, families, stem):
    posts, corpus = corpora[stem]
    partisan = (posts.label == "partisan").to_numpy()
    stemming = stemmer(stem)
    encode = encoder(stemming, None)
    texts = [*bundled().text[1::40], *HOSTILE]
    prepared = Features(stem=stem).encode([encode.prepare(text) for text in texts])
    ranges = [TERM_RANGES if family in families else TERM_RANGES[:1] for family in ("words", "stems")]
    for words, stems, chars in product(*ranges, GRAM_RANGES if "chars" in families else GRAM_RANGES[:1]):
        params = train_params(families=families, stem=stem, words=Family(words), stems=Family(stems), chars=Family(chars), C=(3.0,))
        pipeline = make_pipeline(params, families, 3.0).fit(corpus, partisan)
        intercept, arrays = export.weights(pipeline)
        found = expit(Scorer(encode, stemming, weights_from_arrays(arrays, intercept, chars)).score(texts).value)
        assert np.ptp(found) > 0.1, "the setting tells nothing apart, so it would prove nothing"
        expected = pipeline.predict_proba(prepared)[:, 1]
        np.testing.assert_allclose(found, expected, rtol=0, atol=EXACT, err_msg=f"{words} {stems} {chars}")


@pytest.mark.parametrize("stem", ["sastrawi", "none"])
@pytest.mark.parametrize("interaction", [("target", "election"), ("election", "target"), ("target",), ("election",), ()], ids="+".join)
def test_exported_is_fitted_on_the_bundled_posts(stem, interaction):
    pipeline = fit(some(300), train_params(stem=stem, interaction=interaction))
    _, arrays = export.weights(pipeline)
    assert {name.removeprefix("words.") for name in arrays} & {"target", "election"} == {*interaction}
    model = in_memory(*contents(pipeline, {"review": 0.5, "flag": None}))
    assert_same_probabilities(model, pipeline, bundled().text.tolist())


@pytest.mark.parametrize("families", SUBSETS, ids="+".join)
def test_exported_is_fitted_beside_a_space_of_words(families):
    posts = some(300)
    learned = space.learn(Features().encode(bundled().prepared.tolist()))
    pipeline = fit(posts, train_params(families=families), learned)
    model = in_memory(*contents(pipeline, {"review": 0.5, "flag": None}))
    assert "space" in model.settings["families"]
    assert_same_probabilities(model, pipeline, [*bundled().text[1::10], *HOSTILE])
    plain = in_memory(*contents(fit(posts, train_params(families=families)), {"review": 0.5, "flag": None}))
    assert np.ptp(plain.predict_proba(posts.text[:50].tolist()) - model.predict_proba(posts.text[:50].tolist())) > 0.01


@pytest.mark.real
def test_exported_is_fitted_on_real_posts(real_data):
    pipeline = fit(some(600), train_params())
    model = in_memory(*contents(pipeline, {"review": 0.5, "flag": None}))
    corpus = pd.read_parquet(real_data / "corpus.parquet", columns=["text"]).text
    assert_same_probabilities(model, pipeline, corpus.iloc[:: len(corpus) // 5000].tolist())


def assert_same_probabilities(model: Model, pipeline: object, texts: Sequence[str]) -> None:
    prepare = encoder(stemmer("none"), None).prepare
    expected = model.calibrate(pipeline.decision_function([prepare(text) for text in texts]))  # type: ignore[attr-defined]
    off = np.abs(model.predict_proba(texts) - expected)
    worst = int(off.argmax())
    assert off[worst] <= EXACT, f"{(off > EXACT).sum()} of {len(texts)} posts differ; number {worst} by {off[worst]:.2g}"


@pytest.fixture(scope="module")
def reference(tiny_contents) -> tuple[list[str], Sequence[float]]:
    """Posts and their probabilities, each from a model that has seen nothing else."""
    texts = [*bundled().text[::25], *HOSTILE]
    return texts, [in_memory(*tiny_contents).predict_proba([text])[0] for text in texts]


def test_a_row_alone_is_the_row_in_a_batch_in_any_order(tiny_model, reference):
    texts, alone = reference
    draw = random.Random(7)
    for size in (1, 2, 3, 17, len(texts)):
        order = draw.sample(range(len(texts)), len(texts))
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            assert tiny_model.predict_proba([texts[i] for i in batch]).tolist() == [alone[i] for i in batch]


def test_a_row_is_the_same_after_the_tables_were_emptied(tiny_contents, reference):
    texts, alone = reference
    settings_, arrays = tiny_contents
    stem = stemmer(settings_["stem"])
    model = in_memory(settings_, arrays)
    scorer = Scorer(encoder(stem, None, max_chunks=60), stem, weights_from_arrays(arrays, settings_["intercept"], settings_["char_ngrams"]))
    for start in range(0, len(texts), 7):
        found = model.calibrate(scorer.score(texts[start : start + 7]).value)
        assert found.tolist() == alone[start : start + 7]
    assert scorer.encoder.generation > 10


def test_a_row_is_the_same_among_many_new_words(tiny_model, reference):
    texts, alone = reference
    draw = random.Random(11)
    noise = [" ".join("".join(draw.choices("abdegiklmnoprstu", k=draw.randint(3, 12))) for _ in range(40)) for _ in range(2000)]
    mixed = [post for pair in zip(texts, noise, strict=False) for post in pair] + noise[len(texts) :]
    assert tiny_model.predict_proba(mixed)[: 2 * len(texts) : 2].tolist() == list(alone)
    assert tiny_model.predict_proba(texts).tolist() == list(alone)


@settings(max_examples=60, deadline=None)
@given(posts=st.lists(st.text(st.characters(codec=None), max_size=60), max_size=8), data=st.data())
def test_any_texts_score_alike_alone_and_together(tiny_contents, posts, data):
    together = in_memory(*tiny_contents).predict_proba(posts)
    order = data.draw(st.permutations(range(len(posts))))
    model = in_memory(*tiny_contents)
    assert {i: model.predict_proba([posts[i]])[0] for i in order} == dict(enumerate(together))
    assert np.isfinite(together).all()


def test_items_are_counted_and_known_ones_too(tiny_model):
    found = tiny_model.score(["", "zxqvw kjhgfd", "pilih zxqvw", "pilih pilih", "!!! ???"])
    assert found.items.tolist() == [0, 2, 2, 2, 2]
    assert found.known.tolist()[:4] == [0, 0, 1, 2]
    assert found.probability[0] == found.probability[1], "what the model does not know does not move the probability"


def test_a_megabyte_without_a_space_is_scored(tiny_model):
    alone = tiny_model.predict_proba(["pilih"])[0]
    found = tiny_model.predict_proba(["x" * 1_000_000, "pilih", "pilih#" * 170_000])
    assert np.isfinite(found).all()
    assert found[1] == alone


def test_no_posts_give_no_results(tiny_model):
    found = tiny_model.score([])
    assert (found.probability.shape, found.decision.shape, found.items.shape) == ((0,), (0,), (0,))
