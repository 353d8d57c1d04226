"""From a fitted pipeline to the arrays and settings of an artifact."""

from __future__ import annotations

import dataclasses
import json
from types import SimpleNamespace

import numpy as np
import pytest

from netral.errors import InputError
from netral.fit import export
from netral.fit.features import Features
from netral.model import artifact
from netral.params import Family
from netral.text.analyser import analyser, stemmer
from netral.text.words import is_word
from tests.building import bundled, contents, fit, in_memory, some, train_params, write_release


def test_weights_are_idf_times_coefficient_for_every_feature(tiny_pipeline):
    features, coefficients = tiny_pipeline["features"], tiny_pipeline["classifier"].coef_[0]
    intercept, arrays = export.weights(tiny_pipeline)
    assert intercept == tiny_pipeline["classifier"].intercept_[0]
    stored = np.concatenate(
        [arrays["words.weight"], arrays["words.pair_weight"], arrays["stems.weight"], arrays["stems.pair_weight"], arrays["chars.weight"]]
    )
    idf = np.concatenate([vocabulary.idf for vocabulary in features.vocabulary_.values()])
    np.testing.assert_array_equal(stored, idf * coefficients[: len(idf)])
    for context, row in zip(("target", "election"), np.split(coefficients, 3)[1:], strict=True):
        names = (f"words.{context}", f"words.pair_{context}", f"stems.{context}", f"stems.pair_{context}", f"chars.{context}")
        np.testing.assert_array_equal(np.concatenate([arrays[name] for name in names]), idf * row)
    assert artifact.unpack(arrays["words.terms"], arrays["words.offsets"]) == list(features.vocabulary_["words"].terms)
    assert artifact.unpack(arrays["chars.terms"], arrays["chars.offsets"]) == list(features.vocabulary_["chars"].names)


@pytest.mark.parametrize("families", [("words",), ("stems",), ("chars",), ("words", "chars")], ids="+".join)
def test_only_the_families_of_the_model_are_stored(families):
    pipeline = fit(some(150), train_params(families=families))
    _, arrays = export.weights(pipeline)
    assert {name.split(".")[0] for name in arrays} == set(families)


def test_the_stems_of_the_vocabulary_are_stored(tiny_pipeline):
    _, arrays = export.weights(tiny_pipeline)
    words = artifact.unpack(arrays["stem.words"], arrays["stem.word_offsets"])
    stem = stemmer("sastrawi")
    assert artifact.unpack(arrays["stem.stems"], arrays["stem.stem_offsets"]) == [stem(word) for word in words]
    assert words == [term for term in tiny_pipeline["features"].vocabulary_["words"].terms if is_word(term)]


def test_a_model_without_a_stemmer_stores_none():
    pipeline = fit(some(150), train_params(stem="none"))
    assert not any(name.startswith("stem.") for name in export.weights(pipeline)[1])
    assert export.settings(pipeline, 0.0, 1.0, 0.0)["stemmer"] == "none"


def test_settings_say_all_that_scoring_needs_and_are_json(tiny_pipeline):
    settings = export.settings(tiny_pipeline, 0.25, 1.5, -0.5)
    assert json.loads(json.dumps(settings)) == settings
    assert settings["analyser"] == analyser()
    assert settings["calibration"] == {"slope": 1.5, "offset": -0.5}
    assert settings["thresholds"] == {"review": 1.0, "flag": None}, "open until `evaluate` has chosen them"
    assert 3 * sum(settings["features"].values()) == tiny_pipeline["features"].n_features_, "once more for each context"
    assert (settings["C"], settings["char_ngrams"], settings["intercept"]) == (3.0, [3, 5], 0.25)


def test_no_rare_term_is_in_the_release(tmp_path):
    posts = some(200)
    secret = "Kodenamarahasia"
    posts.loc[:1, "prepared"] = posts.prepared[:2] + f" {secret} {secret}"
    folder = tmp_path / "release"
    write_release(folder, *contents(fit(posts, train_params()), {"review": 0.5, "flag": None}))
    _, arrays, _ = artifact.read(folder)
    stored = b"".join(array.tobytes() for array in arrays.values()) + (folder / "model.json").read_bytes()
    assert b"kodenama" not in stored.lower()
    assert b"koden" not in stored.lower()


def test_the_same_posts_give_the_same_release(tmp_path):
    versions = {
        write_release(tmp_path / str(n), *contents(fit(some(150), train_params()), {"review": 0.5, "flag": None})) for n in range(2)
    }
    assert len(versions) == 1
    assert versions != {write_release(tmp_path / "c", *contents(fit(some(150), train_params(C=(1.0,))), {"review": 0.5, "flag": None}))}


def test_canaries_meet_every_road_through_the_analyser(tiny_contents):
    model = in_memory(*tiny_contents)
    model.check_canaries()
    found = model.score(export.CANARIES)
    assert found.items[0] == 0
    assert len(set(np.round(found.probability, 6))) >= len(export.CANARIES) - 2


def test_two_features_with_one_key_are_refused(tiny_pipeline):
    features: Features = tiny_pipeline["features"]
    chars = features.vocabulary_["chars"]
    keys = chars.keys.copy()
    keys[1] = keys[0]
    twin = Features().set_params(**features.get_params())
    twin.vocabulary_ = {**features.vocabulary_, "chars": dataclasses.replace(chars, keys=keys)}
    with pytest.raises(InputError, match="lower train"):
        export.weights({"features": twin, "classifier": SimpleNamespace(coef_=tiny_pipeline["classifier"].coef_, intercept_=np.zeros(1))})


def test_a_pipeline_with_few_features_is_exported_exactly():
    params = train_params(words=Family((1, 2), 3, 12), stems=Family((1, 2), 3, 5), chars=Family((2, 3), 3, 7))
    pipeline = fit(some(200), params)
    model = in_memory(*contents(pipeline, {"review": 0.5, "flag": None}))
    posts = bundled().iloc[1::30]
    expected = pipeline.predict_proba([model.scorer().encoder.prepare(text) for text in posts.text])[:, 1]
    np.testing.assert_allclose(model.predict_proba(posts.text.tolist()), expected, rtol=0, atol=1e-12)
