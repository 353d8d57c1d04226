from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral.text.clean import clean
from tests.text import hostile


def test_an_article_keeps_its_words_and_loses_its_page() -> None:
    raw = (
        "SUKAMAJU, Kabar.id – Pj Bupati mengingatkan ASN agar netral, kata @humas_sukamaju &amp; camat.\n\nADVERTISEMENT\n"
        "SCROLL TO CONTINUE WITH CONTENT\n“ASN dilarang berkampanye,” ujarnya.\nBACA JUGA: Dua Paslon Ikuti Debat Perdana\n"
        "Laporan ke 0812-3456-7890 atau lapor@kab.go.id. Editor dan redaksi lain di kabar.id/redaksi"
    )
    assert clean(raw) == (
        "Pj Bupati mengingatkan ASN agar netral, kata <USER> & camat.\n“ASN dilarang berkampanye,” ujarnya.\n"
        "Laporan ke <TELP> atau <EMAIL>. Editor dan redaksi lain di <URL>"
    )


def test_what_hides_a_character_hides_nothing() -> None:
    assert clean("&lt;CALON&gt; &amp;lt;PARTAI&amp;gt; <\u200bNOMOR>") == "(calon) (partai) (nomor)"
    assert clean("0812\u200b3456\u200b7890") == "<TELP>"
    assert clean("&#64;budi") == "<USER>"


@settings(max_examples=600)
@given(hostile.posts)
def test_twice_is_once(post: str) -> None:
    assert clean(clean(post)) == clean(post)


@given(hostile.any_text)
def test_twice_is_once_for_any_text(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@settings(max_examples=40)
@given(st.sampled_from(hostile.FRAGMENTS), st.integers(2, 60))
def test_twice_is_once_for_long_repetition(fragment: str, times: int) -> None:
    text = (fragment + " ") * times
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("name", hostile.MONSTERS)
def test_no_monster_raises_or_stalls(name: str) -> None:
    text = hostile.MONSTERS[name]
    start = time.process_time()
    once = clean(text)
    assert time.process_time() - start < 10  # a quadratic rule takes minutes here
    assert len(text) > 100_000 or clean(once) == once


@pytest.mark.real
def test_twice_is_once_on_real_posts(real_posts: list[str]) -> None:
    once = [clean(post) for post in real_posts]
    assert [clean(post) for post in once] == once
    left = [post for post in once if "@" in post and any(w.startswith("@") and w[1:].isalnum() for w in post.split())]
    assert not left
