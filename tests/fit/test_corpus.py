"""Posts encoded once: any selection of them is as if only they had been encoded."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from netral.fit.corpus import Corpus, encode
from netral.fit.features import Features
from netral.text.words import is_pairable, is_word
from tests.building import HOSTILE, some

POSTS = ["pilih dia", "", "dia tidak pilih dia!!", "#GantiBupati 👍", "dia dia dia"]


def corpus_of(posts: list[str], stem: str = "sastrawi") -> Corpus:
    return Features(stem=stem).encode(posts)


def spelled(corpus: Corpus) -> list[list[str]]:
    """The items of each post as text."""
    return [[corpus.items.names[i] for i in post[:-1]] for post in np.split(corpus.flat, corpus.ends[:-1] + 1)]


def test_posts_are_their_items_each_ended_by_a_boundary():
    corpus = corpus_of(POSTS)
    assert spelled(corpus) == [
        ["pilih", "dia"],
        [],
        ["dia", "tidak", "pilih", "dia", "!"],
        ["#gantibupati", "#ganti", "#bupati", ":jempol:"],
        ["dia"] * 3,
    ]
    assert (corpus.flat[corpus.ends] == 0).all()
    assert len(corpus) == len(POSTS)


@pytest.mark.parametrize("rows", [[2], [4, 0, 3, 1, 2], [1, 1, 2], []])
def test_taking_posts_is_encoding_them_alone(rows):
    taken = corpus_of(POSTS).take(np.array(rows, np.int64))
    if rows:
        assert spelled(taken) == spelled(corpus_of([POSTS[row] for row in rows]))
    else:
        assert (len(taken), len(taken.flat)) == (0, 0)


def test_the_posts_of_a_selection_of_a_selection(tiny_posts):
    whole = corpus_of(tiny_posts.prepared.tolist())
    first, second = np.arange(0, len(whole), 2), np.array([5, 0, 9])
    assert spelled(whole.take(first).take(second)) == [spelled(whole)[i] for i in first[second]]


def test_a_corpus_does_not_depend_on_how_many_posts_are_encoded_at_once(monkeypatch):
    posts = [*some(150).prepared, *HOSTILE]
    at_once = spelled(corpus_of(posts))
    monkeypatch.setattr("netral.fit.corpus._BATCH", 7)
    assert spelled(corpus_of(posts)) == at_once


def test_a_corpus_made_in_parallel_is_the_same_in_everything(monkeypatch):
    posts = [*some(150).prepared, *HOSTILE]
    alone = corpus_of(posts)
    monkeypatch.setattr("netral.fit.corpus._BATCH", 16)
    monkeypatch.setattr("netral.fit.parallel._TEXTS_FROM", 10)
    other = corpus_of(posts)
    assert other.items.names == alone.items.names
    assert other.flat.tolist() == alone.flat.tolist()
    assert other.ends.tolist() == alone.ends.tolist()
    assert (other.uses != alone.uses).nnz == (other.capitals != alone.capitals).nnz == 0
    assert other.uses.nnz > other.capitals.nnz > 0
    assert other.items.stems[0] == alone.items.stems[0]
    assert other.items.stems[1].tolist() == alone.items.stems[1].tolist()


def test_each_distinct_item_of_a_post_counts_once():
    corpus = corpus_of(POSTS)
    counts = corpus.count()
    names = corpus.items.names
    assert counts[2, names.index("dia")] == 1
    assert counts[4, names.index("dia")] == 1
    assert counts.sum(axis=1).ravel().tolist()[0] == [len(set(post)) for post in spelled(corpus)] or counts.sum() == sum(
        len(set(post)) for post in spelled(corpus)
    )
    assert counts[1].nnz == 0


def test_counts_of_a_mapping_leave_out_what_maps_to_nothing():
    corpus = corpus_of(POSTS)
    of = np.full(len(corpus.items.names), -1)
    of[corpus.items.names.index("dia")] = 1
    assert corpus.count(of, 3).toarray().tolist() == [[0, 1, 0], [0, 0, 0], [0, 1, 0], [0, 0, 0], [0, 1, 0]]


def test_pairs_are_neighbours_within_a_post():
    corpus = corpus_of(POSTS)
    of = np.where(corpus.items.pairable, np.arange(len(corpus.items.names)), -1)
    rows, first, second = corpus.pairs(of)
    found = [(int(row), corpus.items.names[a], corpus.items.names[b]) for row, a, b in zip(rows, first, second, strict=True)]
    expected = [(row, a, b) for row, post in enumerate(spelled(corpus)) for a, b in pairwise(post) if is_pairable(a) and is_pairable(b)]
    assert found == expected
    assert (2, "dia", "!") not in found


def test_stems_are_those_of_words_and_of_nothing_else():
    corpus = corpus_of(["mendukung <CALON> didukung! #Dukung 👍"])
    names, of = corpus.items.stems
    stems = {item: names[of[i]] if of[i] >= 0 else None for i, item in enumerate(corpus.items.names)}
    assert stems["mendukung"] == stems["didukung"] == "dukung"
    assert stems["<CALON>"] == "<CALON>"
    assert stems["!"] is stems["#dukung"] is stems[corpus.items.names[0]] is None


def test_character_ngrams_are_counted_within_padded_words():
    corpus = corpus_of(["ada <URL> ada-ada"])
    keys, name, counts = corpus.items.grams(2, 3)
    by_item = {
        item: {name(int(k)): int(n) for k, n in zip(counts[i].indices, counts[i].data, strict=True)}
        for i, item in enumerate(corpus.items.names)
    }
    assert by_item["ada"] == {" a": 1, "ad": 1, "da": 1, "a ": 1, " ad": 1, "ada": 1, "da ": 1}
    assert not any(by_item[item] for item in corpus.items.names if not is_word(item))
    assert len(set(keys.tolist())) == len(keys)


def test_no_posts_are_a_corpus_too():
    empty = encode([], "none")
    assert (len(empty), len(empty.flat)) == (0, 0)


def test_posts_bring_along_how_they_read_without_a_gazetteer():
    corpus = encode(["pilih <CALON>", "rapat warga", "<CALON> menang", "hujan"], "none", ["pilih kakjo", "", "kakjo menang", "hujan"])
    readings, of = corpus.bare
    assert (len(corpus), spelled(readings), of.tolist()) == (4, [["pilih", "kakjo"], ["kakjo", "menang"]], [0, 2])
    readings, of = corpus.take(np.array([3, 2, 1])).bare
    assert (spelled(readings), of.tolist()) == ([["kakjo", "menang"]], [1])
    assert corpus.take(np.array([1, 3])).bare is None
    assert encode(["hujan"], "none", ["hujan"]).bare is None


def test_contexts_of_posts():
    """1: somebody is named who can be voted for; 2: an election is spoken of; 3: both."""
    posts = [
        "rapat <CALON>",
        "pilih <CALON>",
        "rapat <PARTAI>",
        "Tarjo <NOMOR>",
        "#HidupTarjo",
        "#GantiBupati",
        "nyoblos besok",
        "rapat warga",
        "",
    ]
    assert encode(posts, "sastrawi").contexts.tolist() == [1, 3, 3, 3, 1, 2, 2, 0, 0]
    named = encode(["kata pak tarjo begitu"], "sastrawi")
    assert (named.contexts.tolist(), named.anonymous().contexts.tolist()) == ([0], [1])


def test_names_that_are_not_learned_from_still_tell_the_context() -> None:
    """In scoring they do, whatever the posts to learn from wrote like a name."""
    corpus = dataclasses.replace(
        encode(["lapor ke Bawaslu", "lapor ke warga", "pilih Bawaslu"], "none"), known_names=frozenset({"bawaslu"})
    )
    assert "bawaslu" not in str(spelled(corpus.without_names()))
    assert corpus.without_names().contexts.tolist() == corpus.anonymous().contexts.tolist() == [2, 0, 2]
    assert corpus.without_names().take(np.array([1, 2])).contexts.tolist() == [0, 2]


def test_masks_are_not_learned_from_where_names_are_not() -> None:
    corpus = encode(["<USER> pilih <CALON> <URL>", "<TELP> siap"], "none")
    assert spelled(corpus) == [["<USER>", "pilih", "<CALON>", "<URL>"], ["<TELP>", "siap"]]
    assert "<USER>" not in str(spelled(corpus.without_names()))
    assert [word for post in spelled(corpus.without_names()) for word in post if word not in ("", "\x00")] == ["pilih", "<CALON>", "siap"]
