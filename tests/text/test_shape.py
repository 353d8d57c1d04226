"""What a post looks like as a whole: titles and quotation marks, on both roads and in any batch."""

from __future__ import annotations

import numpy as np
import pytest

from netral.text.encode import FIRST_LOOK, FIRST_WORD, Encoder
from netral.text.gazetteer import Gazetteer
from netral.text.shape import BITS, QUOTE, TITLE, kinds, shape
from netral.text.targets import Targets
from netral.text.words import Tokeniser, is_pairable, is_word


def looks(tokenise: Tokeniser, text: str, gazetteer: Gazetteer | None = None) -> list[str]:
    encoder = Encoder(tokenise, Targets(gazetteer))
    items = [encoder.items[i] for i in encoder.encode([text]).items]
    prepared = encoder.encode_prepared([encoder.prepare(text)])
    assert items == [encoder.items[i] for i in prepared.items], "both roads see the same"
    return [item for item in items if item in (TITLE, QUOTE)]


@pytest.mark.parametrize(
    "text",
    [
        "Debat Kedua Digelar Jumat di Aula Kecamatan",
        "Panitia Umumkan Jadwal Baru untuk Warga, Ini Rinciannya",
        "Rapat Warga Tak Jadi Digelar https://contoh.id/berita @kabar_desa #rapatwarga",
    ],
)
def test_a_title_writes_its_longer_words_with_a_capital(tokenise: Tokeniser, text: str) -> None:
    assert looks(tokenise, text) == [TITLE]


@pytest.mark.parametrize(
    "text",
    [
        "debat kedua digelar jumat di aula kecamatan",
        "Besok warga Mekarjaya datang ke balai desa, kata Pak Lurah.",
        "DEBAT KEDUA DIGELAR JUMAT DI AULA",  # a shout: its capitals say nothing
        "Siap Menang",  # too short to tell
        "#DebatKedua #DigelarJumat #DiAulaKecamatan",
        "<URL> <USER> @Budi_Santoso https://Contoh.id/Debat/Kedua/Jumat",
        "",
    ],
)
def test_other_posts_are_no_titles(tokenise: Tokeniser, text: str) -> None:
    assert looks(tokenise, text) == []


def test_a_candidate_counts_as_a_word_with_a_capital(tokenise: Tokeniser, gazetteer: Gazetteer) -> None:
    text = "Budi Santoso Hadiri Debat"
    assert looks(tokenise, text) == looks(tokenise, text, gazetteer) == [TITLE]
    assert looks(tokenise, "budi santoso Hadiri Debat") == []


@pytest.mark.parametrize("mark", ['"{}"', "“{}”", "«{}»", '"{}'])
def test_any_quotation_mark_is_seen(tokenise: Tokeniser, mark: str) -> None:
    assert looks(tokenise, mark.format("kami yakin menang") + " kata mereka") == [QUOTE]
    assert looks(tokenise, mark.format("Kami Yakin Menang") + " Kata Mereka") == [TITLE, QUOTE]


def test_an_apostrophe_is_no_quotation(tokenise: Tokeniser) -> None:
    assert looks(tokenise, "hari jum'at ma'ruf ‘kan’") == []


def test_looks_stand_before_the_boundary_and_are_neither_words_nor_neighbours(tokenise: Tokeniser) -> None:
    encoder = Encoder(tokenise, Targets(None), max_chunks=5)
    for text in ['"Rapat Warga Digelar Besok"', "kata satu dua", '"Rapat Warga Digelar Besok"'] * 3:  # also after chunks were forgotten
        encoded = encoder.encode([text])
        assert encoder.items[FIRST_LOOK:FIRST_WORD] == [TITLE, QUOTE]
        assert encoded.items[-1] == 0
        assert encoded.items[-3:-1].tolist() == ([1, 2] if "Rapat" in text else encoded.items[-3:-1].tolist())
    assert not any(is_word(item) or is_pairable(item) for item in (TITLE, QUOTE))


def test_nobody_can_type_a_look(tokenise: Tokeniser) -> None:
    encoder = Encoder(tokenise, Targets(None))
    encoder.encode([f"{TITLE} {QUOTE} ¶judul¶ x¶kutipan"])
    assert encoder.items.count(TITLE) == encoder.items.count(QUOTE) == 1
    assert looks(tokenise, f"{TITLE} {QUOTE}") == []


def test_shapes_fit_their_bits_and_posts_do_not_leak_into_each_other() -> None:
    chunks = ["A" * 9, "Kata-Kata" * 50, '"', "x", "", "<CALON>", "Rapat"]
    codes = np.array([shape(chunk) for chunk in chunks])
    assert codes.min() >= 0
    assert codes.max() < 1 << BITS
    title, quoted, plain = [shape("Rapat")] * 3 + [0], [shape('"ya"'), 0], [shape("rapat")] * 9 + [0]
    posts = [plain, title, quoted, [0], plain, quoted, title]
    ends = np.cumsum([len(post) for post in posts]) - 1
    assert kinds(np.concatenate(posts), ends).tolist() == [0, 1, 2, 0, 0, 2, 1]


def test_a_very_long_post_is_counted_to_its_end(tokenise: Tokeniser) -> None:
    assert looks(tokenise, "Rapat " * 200_000) == [TITLE]
    assert looks(tokenise, "Rapat " * 100_000 + "rapat " * 100_000) == []
