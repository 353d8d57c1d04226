from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral.text.normalise import LONGEST, normalise, shorten, unescape
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


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (r"selesai.\nInfo", "selesai.\nInfo"),
        (r"satu\r\ndua\n\ntiga\rempat", "satu\ndua\ntiga\nempat"),
        (r"kolom\tlain \t\n ya\n", "kolom lain\nya"),
        (r"Alamat:\nJalan", "Alamat:\nJalan"),
        (r"&#92;nInfo \&#110;a \&#8203;tb &bsol;nc ＼nd", "Info\na b\nc\nd"),
        (r"satu\N dua\m tiga\ ", r"satu\N dua\m tiga" + "\\"),
        *((path, path) for path in (r"C:\new", r"simpan di d:\teks\nama.txt", r"data\lama\teks", r"\\server\nama", r"(C:\temp)", r"\m/\n")),
    ],
)
def test_breaks_that_an_export_wrote_out_are_breaks_but_in_paths(text: str, clean: str) -> None:
    assert normalise(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("satu<br>dua<BR/>tiga<br />empat", "satu\ndua\ntiga\nempat"),
        ('<a href="https://x.co/a?b=1&amp;t=4">1:22</a> <b>Budi</b>, setuju', "1:22 Budi, setuju"),
        ("<p>satu</p><p class='x'>dua</p>", "satu\ndua"),
        ("&lt;br&gt;ya&amp;lt;i&amp;gt;!", "ya!"),
        ("<b<b>r>ya", "ya"),
        ("<tr><td>Nama</td><td>Budi</td></tr>satu<img src='x'>dua", "Nama\nBudi\nsatu\ndua"),
        *((text, text) for text in ("a < b > c", "I <3 you", "<USER> <URL>", "<CALON>", "<bukan>", "<br", "b> a", "<a\nb>")),
        *((text, text) for text in ("a <b dan c> d", "ayo <b pilih nomor 2> ya", "</a pilih>", "<USER> <b <u", "<p x")),
    ],
)
def test_tags_are_breaks_or_nothing(text: str, clean: str) -> None:
    assert normalise(text) == clean


@given(st.one_of(hostile.posts, hostile.any_text, st.text("\\\\nrtaC: &#;92/"), st.text("<>/br a&lt;")))
def test_unescaping_first_changes_nothing(text: str) -> None:
    assert unescape(unescape(text)) == unescape(text)
    assert normalise(unescape(text)) == normalise(text)


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


def test_what_is_too_long_for_a_word_is_cut() -> None:
    word = "a" * (LONGEST + 1)
    assert normalise(f"kata {word}\n{word} lagi") == f"kata {word[:-1]}\n{word[:-1]} lagi"
    assert normalise("b" * LONGEST) == "b" * LONGEST
    assert normalise(f"{word[:-1]}\\n{word[:-1]}") == f"{word[:-1]}\n{word[:-1]}", "line breaks that were written out come first"
    for text in (f"x {word} y", "x" * 3000, f"{word}\\n{word}\\tz", f"&#{'1' * 9000}; &amp;{word}"):
        assert normalise(shorten(unescape(text))) == normalise(text)


def test_an_entity_of_thousands_of_digits_is_no_error() -> None:
    assert normalise(f"pilih &#{'1' * 5000} dua").startswith("pilih ")
