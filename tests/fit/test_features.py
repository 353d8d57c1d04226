"""Three families of TF-IDF features, held against plain scikit-learn."""

from __future__ import annotations

import dataclasses
import pickle
import re
import warnings
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.utils.estimator_checks import estimator_checks_generator

from netral.fit.corpus import encode
from netral.fit.features import Features
from netral.fit.vocabulary import feature_names
from netral.model.weights import LEAST_SQUARE
from netral.params import FAMILIES, Family
from netral.text.analyser import common_words, stemmer
from netral.text.words import Tokeniser, is_pairable, is_word
from tests.building import bundled

STEM = stemmer("sastrawi")
TOKENISE = Tokeniser(STEM.is_root, common_words(STEM))
NAMES = ("<CALON>", "<PARTAI>")
RANGES = {"words": [(1, 1), (1, 2)], "stems": [(1, 1), (1, 2)], "chars": [(2, 2), (3, 5), (2, 7)]}


@pytest.fixture(scope="module")
def posts() -> list[str]:
    """Some of the bundled posts, but those with a word of two stems (*sami'na*): scikit-learn would count it with the pair of both."""
    found = bundled().prepared.iloc[::5].tolist()
    return [post for post in found if not any(" " in STEM(item) for chunk in post.split() for item in TOKENISE(chunk) if is_word(item))]


def looks(post: str) -> list[str]:
    """What a prepared post looks like as a whole, written plainly."""
    chunks = [re.sub(r"#\S+", " ", chunk) for chunk in post.split()]
    words = [word for chunk in chunks for word in re.findall(r"<[A-Z]+>|[^\W\d_]{4,}", chunk) if word[0] != "<" or word in NAMES]
    capital = [word for word in words if word[0].isupper() or word in NAMES]
    shouted = [word for word in words if word.isupper() and word not in NAMES]
    title = len(words) >= 3 and len(capital) >= 0.7 * len(words) and len(shouted) < 0.5 * len(words)
    return ["¶judul"] * title + ["¶kutipan"] * bool(re.search('["“”„«»]', post))


def analyser(family: str, low: int, high: int) -> Callable[[str], list[str]]:
    """What a family counts in one prepared post, written plainly."""

    def terms(post: str) -> list[str]:
        items = [item for chunk in post.split() for item in TOKENISE(chunk)] + looks(post)
        distinct = list(dict.fromkeys(items))
        if family == "chars":
            padded = [f" {item} " for item in distinct if is_word(item)]
            return [word[i : i + n] for word in padded for n in range(low, high + 1) for i in range(len(word) - n + 1)]
        if family == "stems":
            singles = [STEM(item) if is_word(item) else item for item in distinct if is_pairable(item)]
            mapped = [(STEM(item) if is_word(item) else item) if is_pairable(item) else None for item in items]
        else:
            singles, mapped = distinct, [item if is_pairable(item) else None for item in items]
        near = [(i, j) for i in range(len(mapped)) for j in range(i + 1, min(i + 4, len(mapped))) if mapped[i] and mapped[j]]
        pairs = [(i, j) for i, j in near if j == i + 1 or (mapped[i] == "<CALON>") != (mapped[j] == "<CALON>")]
        pairs = list(dict.fromkeys(f"{mapped[i]} {mapped[j]}" for i, j in pairs))
        return singles + (pairs if high == 2 else [])

    return terms


@pytest.mark.parametrize(("family", "ngrams"), [(family, ngrams) for family, ranges in RANGES.items() for ngrams in ranges])
def test_counts_and_idf_are_those_of_scikit_learn(posts, family, ngrams):
    features = Features((family,), **{family: Family(ngrams, 3, 10**6)}).fit(posts)
    plain = TfidfVectorizer(analyzer=analyser(family, *ngrams), min_df=3, norm=None, lowercase=False).fit(posts)
    names = [name.removeprefix(f"{family}:") for name in features.get_feature_names_out()]
    assert len(names) > 200
    assert sorted(names) == sorted(plain.vocabulary_)
    columns = [plain.vocabulary_[name] for name in names]
    np.testing.assert_array_equal(features.vocabulary_[family].idf, plain.idf_[columns])

    weighed = plain.transform(posts)[:, columns]
    counts = CountVectorizer(analyzer=analyser(family, *ngrams), vocabulary=names, lowercase=False).transform(posts)
    norm = np.sqrt(counts @ plain.idf_[columns] ** 2)  # additive: tf x idf², where cosine has (tf x idf)²
    expected = sparse.diags(1 / np.maximum(norm, LEAST_SQUARE**0.5)) @ weighed
    assert abs(features.transform(posts) - expected).max() < 1e-14


def test_where_no_feature_repeats_the_norm_is_the_cosine_one_but_for_very_short_posts(posts):
    features = Features(("words",)).fit(posts)
    once = [post for post in posts if len(set(terms := analyser("words", 1, 2)(post))) == len(terms)]
    lengths = sparse.linalg.norm(features.transform(once), axis=1)
    idf = dict(zip(features.get_feature_names_out(), features.vocabulary_["words"].idf, strict=True))
    squares = [sum(idf.get(f"words:{term}", 0.0) ** 2 for term in analyser("words", 1, 2)(post)) for post in once]
    assert min(sum(square > LEAST_SQUARE for square in squares), sum(0 < square < LEAST_SQUARE for square in squares)) > 20
    np.testing.assert_allclose(lengths, np.minimum(1.0, np.sqrt(np.divide(squares, LEAST_SQUARE))), rtol=1e-12)


@pytest.mark.parametrize("family", FAMILIES)
def test_no_term_of_fewer_than_three_posts_is_kept(family):
    """Privacy: what one or two persons wrote stays with them, however often they wrote it."""
    posts = ["umum sekali"] * 3 + ["rahasia pribadi umum " * 50, "rahasia pribadi umum"]
    names = Features((family,)).fit(posts).get_feature_names_out()
    assert f"{family}:umum" in names or family == "chars"
    assert not any("rahas" in name or "pribad" in name for name in names)
    assert not any("pribadi umum" in name for name in names), "nor a pair of a rare word and a frequent one"


def test_fewer_than_three_posts_cannot_be_asked_for():
    with pytest.raises(ValueError, match="min_df: 3 or more"):
        Family((1, 2), 2)


@pytest.mark.parametrize("limit", [10**6, 150])
def test_the_order_of_the_posts_does_not_change_the_vocabulary(posts, limit):
    families = {family: Family(ranges[1], 3, limit) for family, ranges in RANGES.items()}
    one = Features(**families).fit(posts)
    order = np.random.default_rng(5).permutation(len(posts))
    other = Features(**families).fit([posts[i] for i in order])
    assert one.get_feature_names_out().tolist() == other.get_feature_names_out().tolist()
    for family in FAMILIES:
        np.testing.assert_array_equal(one.vocabulary_[family].idf, other.vocabulary_[family].idf)
    assert (one.transform(posts) != other.transform(posts)).nnz == 0


@pytest.mark.parametrize("family", FAMILIES)
def test_at_the_limit_the_most_frequent_features_are_kept(posts, family):
    ngrams = RANGES[family][1]
    everything = dict(zip(*named_idf(Features((family,), **{family: Family(ngrams, 3, 10**6)}).fit(posts), family), strict=True))
    kept, idf = named_idf(Features((family,), **{family: Family(ngrams, 3, 120)}).fit(posts), family)
    weighed = [name for name, value in zip(kept, idf, strict=True) if value > 0]
    assert len(weighed) == 120
    assert max(everything[name] for name in weighed) <= min(value for name, value in everything.items() if name not in weighed)


def named_idf(features: Features, family: str) -> tuple[list[str], Sequence[float]]:
    vocabulary = features.vocabulary_[family]
    return feature_names(vocabulary), vocabulary.idf


def test_each_family_stands_after_the_other_with_its_own_norm(posts):
    whole = Features().fit(posts)
    apart = [Features((family,)).fit(posts) for family in FAMILIES]
    assert whole.n_features_ == sum(each.n_features_ for each in apart) == len(whole.get_feature_names_out())
    assert (whole.transform(posts) != sparse.hstack([each.transform(posts) for each in apart])).nnz == 0


def test_an_encoded_corpus_gives_what_the_posts_give(posts):
    encoded = Features().encode(posts)
    by_text, by_corpus = Features().fit(posts), Features().fit(encoded)
    assert by_text.get_feature_names_out().tolist() == by_corpus.get_feature_names_out().tolist()
    assert (by_text.transform(posts[:50]) != by_corpus.transform(encoded.take(np.arange(50)))).nnz == 0


def test_a_post_gets_the_same_features_in_any_company(posts):
    features = Features().fit(posts)
    whole = features.transform(posts)
    for i in (0, 7, len(posts) - 1):
        assert abs(features.transform([posts[i]]) - whole[i]).max() < 1e-15  # terms may be summed in another order


def test_posts_are_counted_and_weighed_the_same_in_blocks_of_any_size(posts, monkeypatch):
    features = Features().fit(posts)
    whole = features.transform(posts)
    for module in ("features", "vocabulary"):
        monkeypatch.setattr(f"netral.fit.{module}.BLOCK", 37)
    blocks = Features().fit(posts)
    for family in FAMILIES:
        assert feature_names(blocks.vocabulary_[family]) == feature_names(features.vocabulary_[family])
        np.testing.assert_array_equal(blocks.vocabulary_[family].idf, features.vocabulary_[family].idf)
    assert (blocks.transform(posts) != whole).nnz == 0
    assert blocks.transform([]).shape == (0, whole.shape[1])


@pytest.mark.parametrize("strange", ["", "zxqvw", "👍" * 100, "\ud800"])
def test_what_the_vocabulary_has_not_seen_has_no_features_or_finite_ones(posts, strange):
    row = Features().fit(posts).transform([strange])
    assert np.isfinite(row.data).all()
    assert row.shape[0] == 1


def test_posts_too_few_for_any_term_give_no_features():
    features = Features().fit(["satu", "dua"])
    assert features.n_features_ == 0
    assert features.transform(["satu"]).shape == (1, 0)


def test_without_a_stemmer_stems_are_the_words(posts):
    names = Features(("stems",), stem="none").fit(posts).get_feature_names_out()
    assert "stems:mendukung" in names or "stems:memilih" in names


def test_a_pickled_and_a_cloned_estimator_work_like_the_first(posts):
    features = Features(chars=Family((2, 4), 3, 500)).fit(posts)
    copy = pickle.loads(pickle.dumps(features))
    assert (copy.transform(posts[:20]) != features.transform(posts[:20])).nnz == 0
    with pytest.raises(NotFittedError):
        clone(features).transform(posts)
    assert (clone(features).fit(posts).transform(posts) != features.transform(posts)).nnz == 0


def test_fitting_changes_neither_posts_nor_parameters(posts):
    before, families = list(posts), Family((1, 1), 3, 50)
    features = Features(words=families)
    assert features.fit(posts) is features
    features.transform(posts)
    assert posts == before
    assert features.get_params()["words"] is families


#: Checks of scikit-learn that feed numbers where these features read posts.
FED_NUMBERS = {
    "check_array_api_input", "check_complex_data", "check_dict_unchanged", "check_dont_overwrite_parameters", "check_dtype_object",
    "check_estimator_sparse_array", "check_estimator_sparse_matrix", "check_estimators_dtypes", "check_estimators_empty_data_messages",
    "check_estimators_fit_returns_self", "check_estimators_nan_inf", "check_estimators_overwrite_params", "check_estimators_pickle",
    "check_f_contiguous_array_estimator", "check_fit1d", "check_fit2d_1feature", "check_fit2d_1sample", "check_fit2d_predict1d",
    "check_fit_check_is_fitted", "check_fit_idempotent", "check_fit_score_takes_y", "check_methods_sample_order_invariance",
    "check_methods_subset_invariance", "check_n_features_in", "check_n_features_in_after_fitting", "check_pipeline_consistency",
    "check_positive_only_tag_during_fit", "check_readonly_memmap_input", "check_transformer_data_not_an_array", "check_transformer_general",
    "check_transformer_preserve_dtypes",
}  # fmt: skip


def named_checks() -> list[tuple[str, Features, Callable[[Features], None]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = [(getattr(check, "func", check).__name__, estimator, check) for estimator, check in estimator_checks_generator(Features())]
    return [(name, estimator, check) for name, estimator, check in found if name not in FED_NUMBERS]


@pytest.mark.parametrize(("estimator", "check"), [pytest.param(e, check, id=name) for name, e, check in named_checks()])
def test_the_checks_of_scikit_learn_that_need_no_numbers(estimator, check):
    check(estimator)


def test_most_checks_about_parameters_are_among_them():
    names = {name for name, *_ in named_checks()}
    assert {"check_get_params_invariance", "check_set_params", "check_no_attributes_set_in_init", "check_estimators_unfitted"} <= names


@pytest.mark.parametrize("family", FAMILIES)
def test_copies_of_a_post_are_one_where_terms_are_chosen(family):
    """No term of fewer than three posts enters a model, however often one of them was sent on."""
    posts = ["gang kepodang dekat warung"] * 3 + ["warung buka pagi", "warung tutup sore", "dekat warung"]
    corpus = encode(posts, "none")
    every = Features(families=(family,), stem="none").fit(corpus)
    apart = Features(families=(family,), stem="none").fit(dataclasses.replace(corpus, group=np.array([7, 7, 7, 2, 3, 4])))
    names = [*map(str, every.get_feature_names_out())], [*map(str, apart.get_feature_names_out())]
    assert any("kepod" in name for name in names[0])
    assert not any("kepod" in name for name in names[1])
    assert any("warun" in name for name in names[1])
    assert dataclasses.replace(corpus, group=np.arange(6)).take(np.array([4, 1])).group.tolist() == [4, 1]
