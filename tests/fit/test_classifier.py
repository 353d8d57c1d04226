"""Cross-fitting that never sees its fold, the choice among settings, and the sigmoid."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import sem
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.metrics import average_precision_score

from netral.errors import InputError
from netral.fit.classifier import (
    CalibratedPipeline,
    Tried,
    choose,
    cross_fit,
    fit,
    fit_features,
    fit_sigmoid,
    grid,
    make_pipeline,
    sample_folds,
)
from netral.fit.corpus import encode
from netral.fit.features import Features
from netral.params import Family
from tests.building import bundled, some, train_params

WORDS = train_params(families=("words",), words=Family((1, 1), 3, 60_000), C=(1.0,), interaction=())


@pytest.fixture(scope="module")
def data() -> tuple[list[str], np.ndarray, np.ndarray]:
    """Prepared posts, which are partisan, and a fold for each."""
    posts = some(300)
    return posts.prepared.tolist(), (posts.label == "partisan").to_numpy(), np.arange(len(posts)) % 4


def cross_fitted(posts, partisan, folds, params=WORDS):
    return cross_fit(Features(stem=params.stem).encode(posts), partisan, folds, params)


def test_no_post_is_scored_by_a_model_that_saw_its_fold(data):
    """A word that gives the label away, planted in one fold alone, tells the models of that fold nothing."""
    posts, partisan, folds = data
    planted = [f"{post} 7zebrakuda" if fold == 0 and label else post for post, label, fold in zip(posts, partisan, folds, strict=True)]
    plain, (found,) = cross_fitted(posts, partisan, folds)[0].scores, cross_fitted(planted, partisan, folds)
    assert found.scores[folds == 0].tolist() == plain[folds == 0].tolist()
    assert (found.scores[folds != 0] != plain[folds != 0]).any(), "the word is learned where it may be"


def test_labels_of_a_fold_do_not_reach_its_scores(data):
    posts, partisan, folds = data
    turned = np.where(folds == 2, ~partisan, partisan)
    one, other = cross_fitted(posts, partisan, folds)[0], cross_fitted(posts, turned, folds)[0]
    assert one.scores[folds == 2].tolist() == other.scores[folds == 2].tolist()


def test_a_fold_is_scored_as_by_a_pipeline_fitted_on_the_others(data):
    posts, partisan, folds = data
    params = train_params(C=(0.3, 3.0), interaction=())
    found = {candidate.C: candidate for candidate in cross_fitted(posts, partisan, folds, params)}
    inside = np.flatnonzero(folds != 1)
    for C in params.C:
        pipeline = make_pipeline(params, params.families, C).fit([posts[i] for i in inside], partisan[inside])
        expected = pipeline.decision_function([posts[i] for i in np.flatnonzero(folds == 1)])
        np.testing.assert_allclose(found[C].scores[folds == 1], expected, atol=1e-9)


def test_a_post_is_learned_from_with_its_gazetteer_and_without(data):
    """The same model as from both readings, half a post each; no term comes from the reading without."""
    prepared, bare = ["pilih <CALON> saja", "rapat warga besok"] * 6, ["pilih kakjo saja", ""] * 6
    partisan = np.arange(12) % 2 == 0
    corpus = encode(prepared, "none", bare)
    params = train_params(families=("words",), stem="none", interaction=())
    learn, labels, weights = fit_features(make_pipeline(params, ("words",), 1.0), corpus, partisan)
    assert weights.tolist() == [0.5, 1.0] * 6 + [0.5] * 6
    assert labels.tolist() == [*partisan, *[True] * 6]
    pipeline = fit(corpus, partisan, ("words",), 1.0, params)
    assert not any("kakjo" in name for name in pipeline["features"].get_feature_names_out())
    expected = pipeline["features"].transform([*prepared, *["pilih kakjo saja"] * 6])
    assert abs(learn - expected).max() < 1e-12
    alone = fit(corpus.take(np.arange(2, 12)), partisan[2:], ("words",), 1.0, params)["classifier"].coef_
    again = fit(encode(prepared[2:], "none", bare[2:]), partisan[2:], ("words",), 1.0, params)["classifier"].coef_
    np.testing.assert_allclose(alone, again)


def test_that_somebody_is_named_counts_half():
    """Of posts that name somebody most take a side, of the others few do: the labels of each are weighed half-way to even."""
    posts = ["hidup <CALON> saja"] * 9 + ["berita <CALON> saja"] + ["hidup warga saja"] + ["berita warga saja"] * 9
    partisan = np.array([True] * 9 + [False] + [True] + [False] * 9)
    corpus = Features(stem="none").encode(posts)
    params = train_params(families=("words",), stem="none", names="keep", interaction=("target", "election"))
    learn, labels, weights = fit_features(make_pipeline(params, ("words",), 1.0), corpus, partisan)
    named = np.arange(20) < 10
    np.testing.assert_allclose(weights[named & partisan], (0.5 / 0.9) ** 0.5)
    np.testing.assert_allclose(weights[~named & partisan], (0.5 / 0.1) ** 0.5)
    odds = weights[named & partisan].sum() / weights[named & ~partisan].sum()
    np.testing.assert_allclose(odds, 9**0.5)
    assert labels.tolist() == partisan.tolist()
    size = learn.shape[1] // 3
    assert (learn[10:, size:].nnz, abs(learn[:10, size : 2 * size] - learn[:10, :size]).max()) == (0, 0)
    assert learn[:, 2 * size :].nnz == 0, "no election is spoken of"


def test_labels_are_weighed_in_each_set_of_contexts():
    posts = (
        ["pilih <CALON> saja"] * 3 + ["pilih <CALON> ya"] + ["pilih warga saja"] * 2 + ["pilih warga ya"] * 2 + ["berita <CALON> ya"] * 4
    )
    partisan = np.array([True] * 3 + [False] + [True] * 2 + [False] * 6)
    params = train_params(families=("words",), stem="none", names="keep", words=Family((1, 1)))
    pipeline = make_pipeline(params, ("words",), 1.0)
    learn, _, weights = fit_features(pipeline, Features(stem="none").encode(posts), partisan)
    assert pipeline["features"].contexts(learn).tolist() == [3] * 4 + [2] * 4 + [1] * 4
    odds = [(weights[part & partisan].sum(), weights[part & ~partisan].sum()) for part in (np.arange(12) // 4 == i for i in range(3))]
    np.testing.assert_allclose([a / b for a, b in odds[:2]], [3**0.5, 1.0])


def test_every_setting_is_tried_once(data):
    posts, partisan, folds = data
    params = train_params(C=(0.3, 1.0), try_families=(("words",), ("chars",), ("words",)), chars=Family((3, 3), 3, 1000))
    tried = cross_fitted(posts, partisan, folds, params)
    assert [(c.families, c.C) for c in tried] == [(("words",), 0.3), (("words",), 1.0), (("chars",), 0.3), (("chars",), 1.0)]
    assert all(0.5 < c.average_precision <= 1 for c in tried)
    assert not any(np.isnan(c.scores).any() for c in tried)


def test_every_setting_is_every_family_set_with_every_penalty():
    params = train_params(C=(0.3, 1.0), try_families=(("words",), ("chars",), ("words",)))
    assert grid(params) == [(("words",), 0.3), (("words",), 1.0), (("chars",), 0.3), (("chars",), 1.0)]
    assert grid(train_params(C=(2.0,))) == [(params.families, 2.0)]


def test_a_sample_to_choose_on_keeps_groups_and_folds_whole_and_does_not_hang_on_the_order():
    draw = np.random.default_rng(1)
    groups = draw.integers(0, 5000, 9000) * 7919
    folds = groups % 5
    folds[:50] = -1
    rows = sample_folds(folds, groups, 2000)
    assert 2000 <= (folds[rows] >= 0).sum() < 2020, "the last group may be larger"
    assert set(range(50)) <= set(rows.tolist()), "posts that no fold asks about are learned from"
    assert not set(groups[rows][folds[rows] >= 0]) & set(groups[np.setdiff1d(np.arange(9000), rows)])
    assert np.ptp(np.bincount(folds[rows][folds[rows] >= 0])) < 200
    order = draw.permutation(9000)
    assert sorted(order[sample_folds(folds[order], groups[order], 2000)]) == rows.tolist()
    assert sample_folds(folds, groups, 10_000).tolist() == list(range(9000))


def test_a_setting_is_fitted_as_its_pipeline_is_or_the_user_is_told_why_not(data):
    posts, partisan, _ = data
    corpus = Features().encode(posts)
    plain = make_pipeline(WORDS, ("words",), 1.0).fit(posts, partisan)
    assert fit(corpus, partisan, ("words",), 1.0, WORDS)["classifier"].coef_.tobytes() == plain["classifier"].coef_.tobytes()
    with pytest.raises(InputError, match="not both partisan and neutral"):
        fit(corpus, np.zeros(len(posts), bool), ("words",), 1.0, WORDS)


def test_a_fold_that_leaves_one_label_to_learn_from_has_no_scores(data):
    posts, partisan, _ = data
    folds = np.where(partisan, 0, np.arange(len(posts)) % 2)  # without fold 0 no partisan post is left
    (found,) = cross_fitted(posts, partisan, folds)
    assert np.isnan(found.scores[folds == 0]).all()
    assert not np.isnan(found.scores[folds == 1]).any()


def test_if_no_fold_leaves_both_labels_the_user_is_told(data):
    posts, partisan, _ = data
    with pytest.raises(InputError, match="label more posts"):
        cross_fitted(posts, partisan, np.zeros(len(posts), int))
    with pytest.raises(InputError, match="of both labels"):
        cross_fitted(posts, np.ones(len(posts), bool), np.arange(len(posts)) % 3)


def test_posts_without_a_shared_term_are_nothing_to_learn_from():
    posts = "kuda sapi ayam bebek kambing domba gajah harimau".split()
    with pytest.raises(InputError, match="no term stands in three posts"):
        cross_fitted(posts, np.arange(8) % 2 == 0, np.arange(8) // 4)


def test_the_simplest_within_a_standard_error_of_the_best_is_chosen():
    def candidate(families, C, precision, error=0.0):
        return Tried(families, C, precision, error, np.empty(0))

    three, two = ("words", "stems", "chars"), ("words", "chars")
    assert choose([candidate(two, 1.0, 0.80), candidate(three, 1.0, 0.81)]).families == three
    assert choose([candidate(two, 1.0, 0.80), candidate(three, 1.0, 0.81, 0.009)]).families == three
    assert choose([candidate(two, 1.0, 0.80, 0.5), candidate(three, 1.0, 0.81, 0.011)]).families == two
    assert choose([candidate(two, 3.0, 0.82, 0.011), candidate(two, 1.0, 0.81), candidate(two, 0.3, 0.80)]).C == 1.0
    assert choose([candidate(three, 0.3, 0.8), candidate(two, 3.0, 0.8)]).families == two


def test_the_standard_error_is_that_of_the_mean_over_folds(data):
    posts, partisan, folds = data
    (found,) = cross_fitted(posts, partisan, folds)
    by_fold = [average_precision_score(partisan[folds == k], found.scores[folds == k]) for k in np.unique(folds)]
    assert found.average_precision == pytest.approx(np.mean(by_fold))
    assert found.standard_error == pytest.approx(sem(by_fold))


def test_the_sigmoid_of_made_up_log_odds_is_found_again():
    draw = np.random.default_rng(3)
    scores = draw.normal(0, 2, 40_000)
    slope, offset = fit_sigmoid(scores, draw.random(len(scores)) < expit(1.7 * scores - 0.6))
    assert slope == pytest.approx(1.7, abs=0.06)
    assert offset == pytest.approx(-0.6, abs=0.05)


def test_the_sigmoid_ignores_posts_without_a_score():
    scores = np.array([-2.0, -1.0, 0.5, -0.5, 1.0, 2.0])
    partisan = np.array([False, False, False, True, True, True])
    assert fit_sigmoid(np.append(scores, [np.nan, np.nan]), np.append(partisan, [True, False])) == fit_sigmoid(scores, partisan)


def test_scores_that_mislead_do_not_turn_the_order_of_posts():
    scores = np.linspace(-2, 2, 40)
    assert fit_sigmoid(scores, scores < 0.3) == (1.0, 0.0)


def test_calibrated_out_of_fold_probabilities_match_the_share_of_partisan_posts(data):
    posts, partisan, folds = data
    (found,) = cross_fitted(posts, partisan, folds)
    slope, offset = fit_sigmoid(found.scores, partisan)
    assert expit(slope * found.scores + offset).mean() == pytest.approx(partisan.mean(), abs=1e-3)


def test_the_calibrated_pipeline_reads_posts_as_received(tiny_pipeline):
    model = CalibratedPipeline(tiny_pipeline, 1.5, -0.2).fit(None)
    texts = bundled().text[::60].tolist()
    probability = model.predict_proba(texts)
    assert probability.shape == (len(texts), 2)
    np.testing.assert_allclose(probability.sum(axis=1), 1.0)
    assert model.predict(texts).tolist() == (probability[:, 1] >= 0.5).astype(int).tolist()
    np.testing.assert_allclose(probability[:, 1], expit(1.5 * model.decision_function(texts) - 0.2))
    assert model.predict_proba(["KOTA, Kabar.co – halo @seseorang"]).tolist() == model.predict_proba(["halo @orang_lain"]).tolist()


def test_a_calibrated_pipeline_needs_a_fitted_one():
    with pytest.raises(NotFittedError):
        CalibratedPipeline(make_pipeline(WORDS, ("words",), 1.0)).fit(None)


def test_the_same_posts_give_the_same_weights(data):
    posts, partisan, _ = data
    pipeline = make_pipeline(WORDS, ("words",), 1.0)
    one, other = (clone(pipeline).fit(posts, partisan)["classifier"].coef_ for _ in range(2))
    assert one.tobytes() == other.tobytes()
