"""Other labelled posts and names of unlabelled ones: what is taken, and what is left out."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from netral import schema
from netral.errors import InputError
from netral.fit import elsewhere, space
from netral.fit.classifier import cross_fit
from netral.fit.features import Features
from tests.building import ELECTIONS, RAW, bundled, some, train_params


def test_near_duplicates_of_the_posts_at_hand_are_left_out():
    mine = bundled()[:200]
    found = elsewhere.labelled(RAW, ELECTIONS, mine.assign(text=mine.prepared), 0.7)
    assert set(found.label) == {"partisan", "neutral"}
    assert len(found) < (schema.read(RAW).accepted.label != "uncertain").sum() - 100
    assert "<CALON>" in " ".join(found.prepared), "each election's own names are replaced"


def test_neutral_posts_are_capped_and_are_copies_neither_of_each_other_nor_of_the_posts_at_hand():
    mine = pd.DataFrame({"text": ["warga desa menanti hasil rapat panitia besok pagi di balai"]})
    news = [f"berita nomor {i}: panitia kecamatan {i} membuka layanan {i} untuk warga {i} di balai" for i in range(40)]
    copies = [f"{mine.text[0]} !", f"{news[0]} !!", news[1].upper()]
    found = elsewhere.neutral([*news, *copies], mine, 0.7, 100)
    assert len(found) == 40
    assert set(found.label) == {"neutral"}
    fewer = elsewhere.neutral([*news, *copies], mine, 0.7, 7)
    assert len(fewer) == 7
    assert set(fewer.prepared) == set(elsewhere.neutral([*copies, *news[::-1]], mine, 0.7, 7).prepared), "their order plays no part"
    assert elsewhere.neutral([], mine, 0.7, 7).empty


def test_posts_of_fold_minus_one_are_learned_from_and_never_scored():
    posts = some(300)
    texts, partisan = posts.prepared.tolist(), (posts.label == "partisan").to_numpy()
    folds = np.arange(len(posts)) % 4 - 1
    params = train_params(families=("words",), C=(1.0,))
    corpus = Features().encode(texts)
    (found,) = cross_fit(corpus, partisan, folds, params)
    assert np.isnan(found.scores[folds == -1]).all()
    assert not np.isnan(found.scores[folds != -1]).any()
    turned = np.where(folds == -1, ~partisan, partisan)
    assert (cross_fit(corpus, turned, folds, params)[0].scores[folds == 0] != found.scores[folds == 0]).all()


@pytest.mark.parametrize("where", ["kind == 'news' and political", "likes > 2"])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_query_names_the_rows_in_every_kind_of_file(tmp_path, kind, where):
    frame = pd.DataFrame({"id": ["001", "002", "003"], "text": ["null", "007", "NA"], "kind": ["news", "news", "x"]})
    frame = frame.assign(political=[False, True, True], likes=[1, 3, 2])
    path = tmp_path / f"posts.{kind}"
    if kind == "csv":
        frame.to_csv(path, index=False)
    elif kind == "jsonl":
        frame.to_json(path, orient="records", lines=True)
    else:
        frame.to_parquet(path)
    pd.testing.assert_frame_equal(elsewhere.table(path), frame)
    assert elsewhere.texts(path) == ["null", "007", "NA"]
    assert elsewhere.table(path, where)[["id", "text"]].to_numpy().tolist() == [["002", "007"]]


@pytest.mark.parametrize("where", ["kind ==", "nothing > 1", "text.bar()", "text"])
def test_a_query_that_is_none_is_refused_and_tells_no_text(tmp_path, where):
    pd.DataFrame({"text": ["rahasia"]}).to_parquet(tmp_path / "posts.parquet")
    with pytest.raises(InputError, match="expected a query of the columns text; correct it") as error:
        elsewhere.table(tmp_path / "posts.parquet", where)
    assert "rahasia" not in str(error.value)


def test_parquet_is_what_pandas_reads(tmp_path):
    path = tmp_path / "posts.parquet"
    frame = pd.DataFrame({"text": ["a", "", "b", None], "political": [True, False, None, True], "at": pd.Timestamp("2024-02-14", tz="UTC")})
    frame.assign(sort=pd.Categorical(["x", "y", "x", "y"])).set_index(pd.Index([5, 4, 3, 2], name="key")).to_parquet(path)
    pd.testing.assert_frame_equal(elsewhere.table(path), pd.read_parquet(path).dropna(subset="text").reset_index(drop=True))


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_names_are_found_in_unlabelled_posts_of_every_kind(tmp_path, kind):
    frame = pd.DataFrame({"text": ["kemarin Sarwinda datang ke pasar"] * 6 + ["kami pergi ke pasar"] * 6})
    path = tmp_path / f"posts.{kind}"
    if kind == "csv":
        frame.to_csv(path, index=False)
    elif kind == "jsonl":
        frame.to_json(path, orient="records", lines=True)
    else:
        frame.to_parquet(path)
    found = elsewhere.unlabelled(path, train_params(stem="none"))
    assert found.names == {"sarwinda"}
    assert found.space is None, "a dozen posts give no word a place"


def test_known_names_are_not_learned_from():
    corpus = Features().encode(["kami dukung sarwinda sampai menang #MenangkanSarwinda"] * 5)
    features = Features(("words",), names="drop")
    named = {"words:sarwinda", "words:#sarwinda"}
    assert named <= {*features.fit(corpus).get_feature_names_out()}
    told = dataclasses.replace(corpus, known_names=frozenset({"sarwinda"}))
    assert named.isdisjoint(features.fit(told).get_feature_names_out())
    assert "words:#menangkan" in features.get_feature_names_out()


@pytest.mark.parametrize(
    ("name", "content", "said"), [("a.txt", "x", "kind"), ("a.csv", "id\n1\n", "named text"), ("b.csv", None, "cannot be read")]
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=said) as error:
        elsewhere.unlabelled(tmp_path / name, train_params(stem="none"))
    assert "\n" not in str(error.value)


def test_what_is_told_follows_the_settings(tmp_path):
    ours = elsewhere.auxiliary(train_params(), tmp_path)
    assert ours.space is space.load()
    assert not ours.names
    assert elsewhere.auxiliary(train_params(stem="none"), tmp_path).space is None, "its words were chosen with PySastrawi's list"
    pd.DataFrame({"text": ["kemarin Sarwinda datang ke pasar"] * 9}).to_csv(tmp_path / "posts.csv", index=False)
    told = elsewhere.auxiliary(train_params(unlabelled="posts.csv"), tmp_path)
    assert told.names == {"sarwinda"}
    assert told.space is None, "a file too small for a space is not helped out by another"


def test_the_space_counts_as_much_as_is_set():
    corpus = Features().encode(["warga pilih yang hebat"])
    ours = elsewhere.bundled(train_params())
    np.testing.assert_allclose(ours.beside(corpus, train_params(space=0.3)).space.vectors, 0.3 * space.load().vectors)
    assert ours.beside(corpus, train_params(space=0.0)).space is None
