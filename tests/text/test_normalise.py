from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral.text.normalise import normalise
from tests.text import hostile


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Tom &amp; Jerry &amp;amp;lt;", "Tom & Jerry <"),
        ("warga &#50; &#x41; &quot;ya&quot;", 'warga 2 A "ya"'),
        ("dia bilang â€œsiapâ€\x9d", "dia bilang “siap”"),
        ("cafÃ© di kota", "café di kota"),
        ("pi\u200bl\u00adih", "pilih"),
        ("\u202epilih\u202c", "pilih"),
        ("p\u0337i\u0337lih", "pilih"),
        ("𝗽𝗶𝗹𝗶𝗵 ２ ①", "pilih 2 1"),
        ("e\u0301", "é"),
        ("a\x00b\x07c", "a b c"),
        ("satu\r\ndua\rtiga", "satu\ndua\ntiga"),
        ("  banyak \t spasi \n\n\n baris  ", "banyak spasi\nbaris"),
        ("👍🏽 ☝🏻 ❤️", "👍 ☝ ❤"),
        ("0️⃣2️⃣", "02"),
        ("", ""),
    ],
)
def test_one_spelling_for_what_readers_see_as_the_same(text: str, clean: str) -> None:
    assert normalise(text) == clean


def test_words_between_lines_stay_apart() -> None:
    assert normalise("pilih\u2028dua\x85tiga") == "pilih dua tiga"


def test_lone_surrogates_become_encodable_and_pairs_stay_emoji() -> None:
    assert normalise("pilih \ud800").encode("utf-8") == b"pilih ?"
    assert normalise("\U0001f44d") == "\U0001f44d"


@given(st.one_of(hostile.posts, hostile.any_text))
def test_twice_is_once_and_the_result_is_utf8(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert once.encode("utf-8").decode("utf-8") == once
    assert not {"\x00", "\t", "\r", "\u200b", "\u202e"} & set(once)
