"""Proper names are found by their capitals, and nothing is learned from them."""

from __future__ import annotations

import numpy as np
import pytest

from netral.fit import names
from netral.fit.features import Features

POSTS = [
    "pagi ini Sarwinda datang ke pasar",
    "kami dukung sarwinda sampai menang",
    "warga menunggu Sarwinda di balai desa",
    "Sarwinda bicara soal jalan rusak",
    "kata mereka, Sarwinda orang baik",
    "terima kasih Sarwinda sudah datang ke pasar",
    "Ayo datang ke pasar! Ayo ramai-ramai",
    "besok kami datang. Ayo ikut ke pasar",
    "RAPAT WARGA Di Balai Desa Pasar Baru",
] * 2


def found(posts: list[str], words: list[str]) -> list[str]:
    counted, *uses = names.count(posts)
    every, capital = (names.move(each, counted, {word: i for i, word in enumerate(words)}, len(words)) for each in uses)
    return [words[i] for i in np.flatnonzero(names.are_names(every, capital))]


def test_a_word_mostly_capitalised_within_sentences_is_a_name():
    assert found(POSTS, ["pasar", "sarwinda", "ayo", "datang"]) == ["sarwinda"]


def test_capitals_at_the_start_of_a_sentence_and_in_titles_say_nothing():
    posts = ["Ayo ikut. Ayo datang! Ayo", "#Ramai Ayo ikut <CALON> Ayo", "Warga Balai Ayo Kita Datang"] * 9
    assert found(posts, ["ayo", "warga", "kita"]) == []


def test_an_acronym_is_no_name():
    assert found(["besok petugas KPU datang ke rumah"] * 9, ["kpu", "rumah"]) == []


def test_a_rare_word_is_not_called_a_name():
    assert found(["di rumah Tumirah ada rapat"] * (names.USES - 1), ["tumirah"]) == []
    assert found(["di rumah Tumirah ada rapat"] * names.USES, ["tumirah"]) == ["tumirah"]


@pytest.mark.parametrize("family", ["words", "stems", "chars"])
def test_no_feature_is_made_of_a_name(family):
    kept, dropped = ({*Features((family,), names=each).fit(POSTS).get_feature_names_out()} for each in ("keep", "drop"))
    told = [name for name in kept if "sarwin" in name or "winda" in name]
    assert told, "without dropping the name is learned from"
    assert not any(name in dropped for name in told)
    assert f"{family}:pasar" in dropped or f"{family}: pas" in dropped


def test_words_around_a_dropped_name_are_no_neighbours():
    names_out = {*Features(("words",), names="drop").fit(POSTS).get_feature_names_out()}
    assert "words:kasih sudah" not in names_out
    assert "words:terima kasih" not in names_out, "seen in two posts only"
    assert "words:ke pasar" in names_out


def test_a_post_is_learned_from_as_if_the_name_were_no_word():
    plain = [post.replace("Sarwinda", "!").replace("sarwinda", "!") for post in POSTS]
    features = Features(("words", "chars"), names="drop")
    learned = features.fit_transform(POSTS)
    np.testing.assert_allclose(learned[1].toarray(), features.transform([plain[1]]).toarray(), atol=1e-12)


def test_naming_a_candidate_is_no_evidence_of_its_own():
    posts = ["kami dukung <CALON> sampai menang"] * 5
    kept, dropped = (Features(("words",), names=names).fit(posts) for names in ("keep", "drop"))
    assert "words:<CALON>" in kept.get_feature_names_out()
    found = dict(zip(dropped.get_feature_names_out(), dropped.vocabulary_["words"].idf, strict=True))
    assert found["words:<CALON>"] == 0
    assert found["words:dukung <CALON>"] > 0
    assert dropped.transform(["<CALON>"]).nnz == 0
    assert dropped.transform(["dukung <CALON>"]).nnz == 2


def test_whoever_is_named_the_features_are_the_same():
    features = Features(("words", "stems"), names="drop").fit(["kami dukung <CALON> sampai menang"] * 5)
    found = features.transform([f"kami dukung {name} sampai menang" for name in ("<CALON>", "Tarjo", "Wiryanti,", "tarjo")])
    assert abs(found[1:3] - found[[0, 0]]).max() == 0
    assert abs(found[3] - found[0]).max() > 0, "without a capital nobody is known to be named"
