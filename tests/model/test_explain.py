"""The words of the original text and their parts: exact sums, true places, nothing personal."""

from __future__ import annotations

import json
import time

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral.errors import UsageError
from netral.model.explanation import Explanation, Reason
from netral.model.model import Model
from netral.model.policy import Thresholds
from netral.model.scorer import Scorer
from netral.model.weights import weights_from_arrays
from netral.text.analyser import encoder, stemmer
from netral.text.gazetteer import Gazetteer
from tests.building import HOSTILE, bundled, in_memory

NAMES = Gazetteer("invented", ("Raden Sutirto", "Sutirto"), ("Partai Bintang Laut",))
POST = "MUARA JATI, Kabar.co – Hai @warga_muara, ayo dukung Raden Sutirto nomor 2! Simak juga: Jadwal Debat\nInfo 0812-3456-7890 atau https://contoh.id/x"


def log_odds(model: Model, text: str, names: Gazetteer | None = None) -> float:
    return float(model.scorer(names).score([text]).value[0])


@pytest.mark.parametrize("names", [None, NAMES], ids=["bare", "gazetteer"])
def test_parts_and_intercept_add_up_to_the_log_odds(tiny_model, names):
    for text in [*bundled().text[::20], POST, *HOSTILE]:
        found = tiny_model.explain(text, names)
        assert found.log_odds == pytest.approx(log_odds(tiny_model, text, names), abs=1e-9)
        assert found.intercept + sum(word.weight for word in found.words) == pytest.approx(found.log_odds, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(codec=None), max_size=80))
def test_any_text_is_explained_within_its_bounds(tiny_contents, text):
    model = in_memory(*tiny_contents)
    found = model.explain(text)
    assert found.log_odds == pytest.approx(log_odds(model, text), abs=1e-9)
    assert all(0 <= word.start <= word.end <= len(text) for word in found.words)
    json.dumps(found.reasons(5))
    assert found.render("id")


def test_parts_add_up_while_the_tables_are_emptied(tiny_contents):
    from netral.model.explain import explain

    content, arrays = tiny_contents
    stem = stemmer(content["stem"])
    scorer = Scorer(encoder(stem, None, max_chunks=5), stem, weights_from_arrays(arrays, content["intercept"], content["char_ngrams"]))
    for text in bundled().text[:40]:
        assert explain(scorer, text, 0.5, "review", Thresholds(0.5)).log_odds == pytest.approx(
            float(scorer.score([text]).value[0]), abs=1e-9
        )


def test_probability_and_decision_are_those_of_scoring(tiny_model):
    for text in bundled().text[::40]:
        found = tiny_model.explain(text)
        assert (found.probability, found.decision) == (tiny_model.predict_proba([text])[0], tiny_model.decide([text])[0])


def test_offsets_point_at_the_words_as_they_stand(tiny_model):
    text = "  Ayoo   pilih\n\nyang  TERBAIK, jgn salah pilih!! 👍"
    words = tiny_model.explain(text).words
    assert [(text[word.start : word.end], word.term) for word in words] == [(part, part) for part in text.split()]
    assert [word.start for word in words] == sorted(word.start for word in words)


def test_every_bundled_post_has_its_words_where_the_offsets_say(tiny_model):
    for text in bundled().text[::15]:
        for word in tiny_model.explain(text).words:
            stands = text[word.start : word.end]
            assert stands == stands.strip()
            if "…" in word.term and "…" not in text:
                assert len(stands.split()) > 1, "a quotation of several words is left out as one"
            elif "<" not in word.term and word.term != stands:
                assert word.term in stands or not stands.isascii() or any(sign in stands for sign in " \n&<"), (word, stands)


def test_the_look_of_the_post_comes_first_and_stands_for_all_of_it(tiny_model):
    text = '  "Kami Yakin Menang," Kata Panitia Debat '
    words = tiny_model.explain(text).words
    assert [word.term for word in words[:2]] == ["<JUDUL>", "<KUTIPAN>"]
    assert all((word.start, word.end) == (2, len(text) - 1) for word in words[:2])
    assert [word.term for word in words[2:]] == ['"…"', "Kata", "Panitia", "Debat"]
    assert text[words[2].start : words[2].end] == '"Kami Yakin Menang,"'
    assert words[2].weight == 0, "what is quoted is somebody else's"
    assert not any(word.term.startswith("<") for word in tiny_model.explain("kami yakin menang").words)
    parts = tiny_model.explain("Pilih/Dukung/Menangkan saja kawan semua").words
    assert [word.term for word in parts] == ["Pilih/Dukung/Menangkan", "saja", "kawan", "semua"], (
        "a chunk that looks like a title makes none of its post"
    )


def test_what_is_masked_shows_as_its_placeholder(tiny_model):
    found = tiny_model.explain(POST, NAMES)
    shown = {POST[word.start : word.end]: word.term for word in found.words}
    assert shown["@warga_muara,"] == "<USER>"
    assert shown["https://contoh.id/x"] == "<URL>"
    assert shown["0812-3456-7890"] == "<TELP>"
    assert [word.term for word in found.words if POST[word.start :].startswith("nomor 2!")] == ["<NOMOR>"]
    assert shown["Raden Sutirto"] == "<CALON>"
    rendered = found.render("id", 99) + found.render("en", 99) + json.dumps(found.reasons(99))
    for private in ("warga_muara", "0812", "contoh.id"):
        assert private not in rendered
    assert "Sutirto" not in json.dumps(found.reasons(99)), "results hold no names"


def test_a_name_is_one_word_and_shows_as_a_placeholder(tiny_model):
    for name in ("Tarjo", "Pak Tarjo", "Pak Tarjo Wibisana–Kusumo,"):
        text = f"ayo pilih {name} besok"
        found = tiny_model.explain(text)
        assert [(text[word.start : word.end], word.term) for word in found.words] == [
            ("ayo", "ayo"), ("pilih", "pilih"), (name, "<CALON>"), ("besok", "besok"),
        ]  # fmt: skip
        assert found.log_odds == pytest.approx(log_odds(tiny_model, text), abs=1e-9)
        assert found.intercept + sum(word.weight for word in found.words) == pytest.approx(found.log_odds, abs=1e-9)


def test_furniture_has_no_part(tiny_model):
    terms = [word.term for word in tiny_model.explain(POST, NAMES).words]
    assert {"MUARA", "Kabar.co", "Simak", "Debat"}.isdisjoint(terms)
    assert terms[:4] == ["Hai", "<USER>", "ayo", "dukung"]


def test_reasons_come_heaviest_first_and_ready_for_json(tiny_model):
    found = tiny_model.explain(POST)
    reasons = found.reasons(3)
    weights = [abs(reason["weight"]) for reason in reasons]
    assert len(reasons) == 3
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == pytest.approx(max(abs(word.weight) for word in found.words), abs=1e-4)
    assert json.loads(json.dumps(reasons)) == reasons
    assert all(set(reason) == {"term", "weight", "start", "end"} for reason in reasons)


@pytest.mark.parametrize(
    ("decision", "indonesian", "english"),
    [
        ("clear", "tidak diajukan untuk ditinjau", "not put before a person"),
        ("review", "untuk ditinjau manusia", "for a person to review"),
        ("flag", "untuk ditinjau manusia", "for a person to review"),
    ],
)
def test_the_decision_is_said_in_two_languages_and_never_as_a_finding(decision, indonesian, english):
    found = Explanation(0.5, decision, 0.0, 0.0, (), Thresholds(0.25, 0.75))
    assert f"50.0%, keputusan: {decision} ({indonesian}, bukan bukti pelanggaran)" in found.render("id")
    assert f"50.0%, decision: {decision} ({english}, never a finding)" in found.render("en")
    assert "review mulai 25.0%, flag mulai 75.0%" in found.render("id")
    assert "review from 25.0%, flag from 75.0%" in found.render("en")
    assert "flags nothing" in Explanation(0.5, decision, 0.0, 0.0, (), Thresholds(0.25)).render("en")


def test_what_the_limit_cuts_is_summed_up(tiny_model):
    found = tiny_model.explain("Ayo kawan coblos nomor 2 dan menang bersama rakyat, jangan golput!")
    heavy = found.heaviest()
    cut = sum(word.weight for word in heavy[2:])
    assert len(heavy) > 3
    assert found.intercept + sum(word.weight for word in heavy[:2]) + cut == pytest.approx(found.log_odds)
    assert f"{cut:+.2f}  dan {len(heavy) - 2} lagi" in found.render("id", 2)
    assert f"{cut:+.2f}  and {len(heavy) - 2} more" in found.render("en", 2)
    assert "more, together" not in found.render("en", len(heavy))


def test_a_placeholder_of_a_target_is_told_by_what_it_stands_for(tiny_model):
    found = tiny_model.explain(
        "Hai @warga_muara, ayo dukung Raden Sutirto, kader Partai Bintang Laut, lalu coblos nomor 2! 0812-3456-7890", NAMES
    )
    assert [(word.term, word.stands_for) for word in found.words if word.term.startswith("<")] == [
        ("<USER>", ""), ("<CALON>", "Raden Sutirto"), ("<CALON>", "Partai Bintang Laut"), ("<NOMOR>", "nomor 2"), ("<TELP>", ""),
    ], "a party within a sentence counts as somebody"  # fmt: skip
    assert "<NOMOR> (nomor 2)" in found.render("id", 99)
    assert all("stands_for" not in reason for reason in found.reasons(99))
    assert tiny_model.explain("ayo pilih Pak Tarjo besok").words[2].stands_for == "Pak Tarjo"


@pytest.mark.parametrize(
    ("text", "stand_for"),
    [
        ("ayo pilih Raden Sutirto Wijaya nomor 2 besok", ["Raden Sutirto Wijaya", "nomor 2"]),
        ("hadir: calon nomor urut 2, Raden Sutirto Wijaya, nanti", ["calon nomor urut 2", "Raden Sutirto Wijaya"]),
        ("ayo pilih nomor dua Raden Sutirto Wijaya", ["nomor dua", "Raden Sutirto Wijaya"]),
    ],
)
def test_targets_beside_each_other_each_stand_for_their_own_words(tiny_model, text, stand_for):
    names = Gazetteer("invented", ("Raden Sutirto Wijaya",))
    found = tiny_model.explain(text, names)
    targets = [word for word in found.words if word.term in ("<CALON>", "<NOMOR>")]
    assert [word.stands_for for word in targets] == stand_for
    assert [text[word.start : word.end].strip(",") for word in targets] == stand_for


def test_an_account_of_a_candidate_is_a_name_that_is_not_shown(tiny_model):
    names = Gazetteer("invented", ("Raden Sutirto",), handles=("sutirto_resmi",))
    [word] = [word for word in tiny_model.explain("ayo dukung @sutirto_resmi besok", names).words if word.term == "<CALON>"]
    assert word.stands_for == ""


def test_the_looks_of_a_post_are_said_in_words():
    words = (Reason("<JUDUL>", 1.0, 0, 9), Reason("<KUTIPAN>", -1.0, 0, 9))
    found = Explanation(0.5, "review", 0.0, 0.0, words, Thresholds(0.5))
    assert "<JUDUL> (mirip judul)" in found.render("id")
    assert "<KUTIPAN> (memuat kutipan)" in found.render("id")
    assert "<JUDUL> (looks like a title)" in found.render("en")
    assert "<KUTIPAN> (has a quotation)" in found.render("en")


@pytest.mark.parametrize("text", ["", "   ", "ADVERTISEMENT", "zxqvw kjhgfd"])
def test_a_post_without_a_known_word_says_so(tiny_model, text):
    found = tiny_model.explain(text)
    assert found.log_odds == found.intercept
    assert "Tidak ada kata yang dikenal" in found.render("id")
    assert found.reasons(5) == []


def test_long_posts_are_explained_in_time_that_grows_with_their_length(tiny_model):
    """Of a word that is said again and again, and of handles and quotations among words."""
    posts = [
        "kata " * 20_000 + "@budi",
        " ".join(f"kata{i % 7} @u{i}" for i in range(5_000)),
        "👍 " * 5_000 + "“dua tiga kata yang dikutip” coblos",
    ]
    start = time.process_time()
    found = [tiny_model.explain(post) for post in posts]
    assert time.process_time() - start < 60  # quadratic time would be many minutes
    for post, explanation in zip(posts, found, strict=True):
        assert explanation.log_odds == pytest.approx(log_odds(tiny_model, post), abs=1e-9)
        assert all(0 <= word.start < word.end <= len(post) for word in explanation.words)
    assert found[2].words[-1].term == "coblos"
    assert posts[2][found[2].words[-1].start : found[2].words[-1].end] == "coblos"


@pytest.mark.parametrize("gone", ["“" + " ".join(f"isi{i}" for i in range(700)) + "”", "<br/> " * 600, "&#8203; " * 700])
def test_words_behind_much_that_was_taken_out_are_where_they_stand(tiny_model, gone):
    post = f"Warga bertanya. {gone} Ayo coblos nomor 2 dan menang bersama rakyat"
    for word in tiny_model.explain(post).words:
        if word.term in ("coblos", "menang", "rakyat"):
            assert post[word.start : word.end] == word.term
    assert {"coblos", "menang", "rakyat"} <= {word.term for word in tiny_model.explain(post).words}


def test_another_language_is_refused(tiny_model):
    with pytest.raises(UsageError, match="id and en"):
        tiny_model.explain("Ayo coblos nomor 2!").render("fr")


def test_many_posts_get_the_reasons_that_each_gets_alone(tiny_model):
    texts = [*bundled().text[::25], POST, *HOSTILE, "Pak Tarjo Wibisana dan Ibu Lastri Menang Besar"]
    for names in (None, NAMES):
        alone = [tiny_model.explain(text, names).reasons(3) for text in texts]
        assert tiny_model.reasons(texts, 3, names) == alone
        assert tiny_model.reasons(texts[::-1], 3, names) == alone[::-1]
        assert tiny_model.reasons(pa.array(texts[:50]), 3, names) == alone[:50]
    assert tiny_model.reasons([], 3) == []


def test_reasons_of_more_posts_than_are_read_at_once_are_the_same(tiny_model, monkeypatch):
    texts = [*bundled().text[::40], POST, *HOSTILE]
    expected = tiny_model.reasons(texts, 3)
    monkeypatch.setattr("netral.model.explain._BATCH", 7)
    assert tiny_model.reasons(texts, 3) == expected


def test_reasons_of_a_batch_cost_a_few_times_its_scores(tiny_model):
    """One by one they took a hundred times as long."""
    texts = [f"{text} {number}" for number, text in enumerate([*bundled().text] * 2)]
    tiny_model.score(texts), tiny_model.reasons(texts, 5)
    start = time.process_time()
    tiny_model.score(texts)
    scored = time.process_time()
    tiny_model.reasons(texts, 5)
    assert time.process_time() - scored < 20 * (scored - start)


@pytest.mark.parametrize(
    ("text", "gone", "shown"),
    [
        ('<a href="https://contoh.id/w?v=x&t=1">1:05:58</a> ayo coblos', ("href", "contoh"), "1:05:58"),
        ("@warga_muara<br><br>Tolong coblos", ("<br>", "warga_muara"), "Tolong"),
        ("<b>coblos</b> saja&nbsp;kawan", ("<b>", "&nbsp;"), "coblos"),
        ("halo\\nwarga@contoh.id<br>coblos<br>0812-3456-7890<br>sekarang", ("contoh.id", "<br>", "0812", "\\n"), "sekarang"),
        ("[QUOTE=warga muara;5a0b1c2d3e4f5a6b]coblos @/warga_jati sekarang", ("warga", "muara", "5a0b"), "sekarang"),
        ("https://contoh.id/x<br/>coblos", ("contoh.id", "<br"), "coblos"),
    ],
)  # fmt: skip
def test_what_stands_in_one_chunk_with_tags_links_or_accounts_shows_without_them(tiny_model, text, gone, shown):
    terms = [word.term for word in tiny_model.explain(text).words]
    assert shown in terms
    assert not [one for one in gone if any(one in term for term in terms)]
    for found in (tiny_model.explain(text).render("id", 99), json.dumps(tiny_model.reasons([text], 99))):
        assert not [one for one in gone if one in found]
