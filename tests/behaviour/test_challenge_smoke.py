"""The least that a model must do, asked in a few sentences; the challenge set (`evaluate`) asks it in hundreds."""

from __future__ import annotations

import pytest

from netral.evaluation import cases, challenge
from netral.text.gazetteer import Gazetteer
from tests.building import HOSTILE, ROOT

NAMES = Gazetteer("uji", ("Darmawan Sutikno", "Sutikno", "Ningsih Rahmawati", "Ningsih"), ("Partai Lentera Nusa", "Partai Akar Padi"))

REMINDERS = (
    "Mengingatkan seluruh ASN untuk menjaga netralitas: jangan like, komentar, atau share konten paslon mana pun.",
    "ASN dilarang ikut kampanye, memakai atribut partai, atau berfoto dengan calon. Pelanggar dikenai sanksi disiplin.",
    "SURAT EDARAN: seluruh pegawai wajib netral dalam pemilihan dan tidak memihak calon mana pun.",
    "Bapak/Ibu guru, mohon tidak membagikan materi kampanye calon mana pun di grup kelas ya 🙏",
)
OFFICIAL = (
    "KPU menetapkan tiga pasangan calon peserta pemilihan bupati. Pengundian nomor urut digelar besok.",
    "Cek nama Anda di DPT melalui laman KPU. Pemungutan suara dimulai pukul 07.00.",
    "Bawaslu membuka posko pengaduan pelanggaran pemilihan di setiap kecamatan.",
)
REPORTS = (
    "Bawaslu memeriksa lurah yang diduga mengajak warga mencoblos nomor 2 dalam acara senam.",
    "Seorang kepala dinas dilaporkan ke Bawaslu karena mengunggah foto dengan pose dua jari.",
)
EVERYDAY = (
    "Hujan deras sejak pagi, jalan depan pasar tergenang lagi. Mohon dinas terkait turun tangan.",
    "Resep sambal terasi ibu paling enak sedunia 😋",
    "Pemenang lomba mewarnai diumumkan besok, tetap semangat adik-adik!",
)
CALLS = (
    "Ayo coblos nomor 2! Lanjutkan dua periode, menang satu putaran! ✌️✌️",
    "Ayo dukung Darmawan Sutikno, pilih nomor 1 tanggal 27 nanti. Menangkan bersama!",
    "Jangan pilih Ningsih lagi, lima tahun cuma janji, saatnya ganti bupati!",
    "#GantiBupati #PilihDarmawan harga mati, coblos 01 💪🔥",
)


@pytest.mark.parametrize("post", [*REMINDERS, *OFFICIAL, *REPORTS, *EVERYDAY])
def test_neutral_posts_are_not_flagged(whole, post):
    assert whole.decide([post], NAMES) != ["flag"], f"{whole.predict_proba([post], NAMES)[0]:.3f}"


@pytest.mark.parametrize("post", [*OFFICIAL, *EVERYDAY])
def test_official_and_everyday_posts_are_clear(whole, post):
    assert whole.decide([post], NAMES) == ["clear"], f"{whole.predict_proba([post], NAMES)[0]:.3f}"


def test_plain_calls_stand_above_all_that_is_neutral(whole):
    calls = whole.predict_proba(CALLS, NAMES)
    assert calls.min() > whole.predict_proba([*REMINDERS, *OFFICIAL, *REPORTS, *EVERYDAY], NAMES).max()


def test_most_plain_calls_are_put_before_a_person(whole):
    """Not all: `review` starts where people can read its load."""
    assert whole.decide(CALLS, NAMES).count("clear") <= len(CALLS) // 4


def test_another_name_or_number_changes_nothing(whole):
    for post in CALLS:
        other = post.replace("Darmawan Sutikno", "Ningsih Rahmawati").replace("nomor 2", "nomor 3").replace("01", "04")
        assert whole.predict_proba([other], NAMES)[0] == whole.predict_proba([post], NAMES)[0]


@pytest.mark.parametrize("around", ["{}", "Diteruskan: {}", "{} https://contoh.id/a", "BACA JUGA: Jadwal Debat\n{}", "{}\nADVERTISEMENT"])
def test_what_stands_around_a_post_does_not_turn_its_decision(whole, around):
    for post in (*REMINDERS, *CALLS):
        assert whole.decide([around.format(post)], NAMES) == whole.decide([post], NAMES)


def test_posts_that_say_nothing_are_not_flagged(whole):
    nothing = ["", " ", "zxqvw kjhgfd", "...", "\x00", "\ud800"]
    assert "flag" not in whole.decide([*nothing, *HOSTILE[:4]])


@pytest.mark.parametrize("category", ["C10", "C11"])
def test_no_reminder_and_no_official_notice_of_the_challenge_is_flagged(whole, category):
    categories, slots = cases.load(ROOT / "data" / "challenge")
    (found,) = challenge.run(whole, [each for each in categories if each.id == category], slots, 1, cases.gazetteer(slots))
    assert found["failed"] == []
