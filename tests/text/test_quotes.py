"""What a post quotes is left out; what it says itself stays."""

from __future__ import annotations

import time

import pytest

from netral.text.quotes import unquote


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('Panwas menemukan spanduk "pilih nomor dua saja" di depan pasar.', 'Panwas menemukan spanduk "…" di depan pasar.'),
        ("Kata dia, “jangan salah pilih”, lalu pergi.", "Kata dia, “…”, lalu pergi."),
        ("Kata dia, „jangan salah pilih“, lalu pergi.", "Kata dia, „…“, lalu pergi."),
        ("Kata dia, «jangan salah pilih», lalu pergi.", "Kata dia, «…», lalu pergi."),
        ('Tertulis ("menang satu putaran"), dan "lanjutkan terus" di kaus itu', 'Tertulis ("…"), dan "…" di kaus itu'),
        ('Mereka bilang: "ayo, menang!" Begitu laporannya kemarin', 'Mereka bilang: "…" Begitu laporannya kemarin'),
    ],
)
def test_quoted_words_are_left_out(text: str, left: str) -> None:
    assert unquote(text) == left
    assert unquote(left) == left


@pytest.mark.parametrize(
    "text",
    [
        "tanpa kutipan sama sekali di sini",
        'Julukan "banteng" dan "kancil" itu lama dipakai di desa',  # single words are names
        'Layar 14" dan 15" dijual murah di pasar kota kami',  # inches open nothing
        'tanda " sendirian di tengah kalimat ini tidak berarti',
        'baris pertama "dibuka lalu\nbaris kedua" ditutup kemudian di sini',  # within a line only
        '"Ayo kita coblos nomor dua, menang!" setuju',  # nearly all of the post
        '"Ayo kita coblos nomor dua, menang!" <USER> <URL> <CALON>',  # placeholders say nothing
        "kata 'dia yang menang' ditulis pakai tanda petik tunggal",  # apostrophes are no quotation marks
    ],
)
def test_what_is_no_quotation_of_somebody_else_stays(text: str) -> None:
    assert unquote(text) == text


def test_a_hostile_post_takes_linear_time() -> None:
    for hostile in ('"a ' * 200_000, '"a b" ' * 100_000, "“a " * 200_000, '"' * 500_000, '"a\n' * 200_000, "„«a b " * 100_000):
        start = time.process_time()
        unquote(hostile)
        assert time.process_time() - start < 5  # quadratic time would be minutes
