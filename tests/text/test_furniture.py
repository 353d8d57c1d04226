from __future__ import annotations

import pytest

from netral.text.furniture import strip
from netral.text.mask import mask

_SENTENCE = "Bupati meminta semua aparatur menjaga netralitas selama masa kampanye."


@pytest.mark.parametrize(
    "dateline",
    [
        "SUKAMAJU, KABAR.com - ",
        "SUKAMAJU, Kabarnusa – ",
        "Sukamaju, Kabar Nusa — ",
        "SUKAMAJU, Nusa Raya – ",
        "Kabar6.com, Sukamaju - ",
        "TRIBUN-NUSA.COM, SUKAMAJU -- ",
        "Sukamaju (ANTARA) - ",
        "SUKAMAJU (KabarNusa) – ",
        "SUKAMAJU, (Kabar.com) – ",
        "Sukamaju, CNN Indonesia -- ",
        "Kabar.co.id - ",
        "SURYA.co.id | SUKAMAJU - ",
        "SUKAMAJU (12/10) – ",
        "TANJUNG RAYA, Radar Nusa Online – ",
        "SUKAMAJU, Kabar.id – SUKAMAJU, Warta.id – ",
        "Harian Nusa Raya, Sukamaju - ",
    ],
)
def test_datelines_go(dateline: str) -> None:
    assert strip(mask(dateline + _SENTENCE)) == _SENTENCE


def test_a_place_alone_goes_before_a_paragraph_only() -> None:
    paragraph = _SENTENCE + " Imbauan itu disampaikan di hadapan para camat dan lurah pada apel pagi di halaman kantor."
    assert strip("SUKAMAJU – " + paragraph) == paragraph
    assert strip("SUKAMAJU – " + _SENTENCE) == "SUKAMAJU – " + _SENTENCE


@pytest.mark.parametrize(
    "post",
    [
        "PILIH NOMOR 2 - untuk masa depan",
        "PILIH NOMOR 2 – Budi Santoso untuk kita semua, jangan sampai salah pilih di bilik suara nanti",
        "Pilih Budi, Santoso - untuk kita",
        "Pak Budi, Bu Ani - pasangan kita",
        "AYO MENANG, Pak Budi - Kita pasti bisa kalau semua warga datang ke TPS pada hari Rabu nanti",
        "Budi Santoso (Golkar) - caleg nomor 3",
        "BUDI - SANTI pasangan yang paling pantas memimpin kabupaten, karena mereka baik, jujur, amanah dan dekat dengan warga desa kita",
        "Prabu, Gilang – pasangan terbaik",
        "Kasus Covid - 19 turun",
        "Fakta Menarik, Warga Tak Mau Pindah - Ini Sebabnya",
        "DUKUNG PAK BUDI - JANGAN YANG LAIN",
    ],
)
def test_the_beginning_of_a_post_stays(post: str) -> None:
    assert strip(post) == post


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Kalimat satu.\nBACA JUGA: Bupati Mundur dari Jabatan\nKalimat dua.", "Kalimat satu.\n\nKalimat dua."),
        ("Kata dia. BACA JUGA: KPU Tetapkan Nomor Urut Bupati menegaskan ASN netral.", "Kata dia.  Bupati menegaskan ASN netral."),
        ("kata dia.Baca juga: Apa Itu Nusa", "kata dia."),
        ("Baca juga: Judul Kecil. Ayo pilih nomor 2!", " Ayo pilih nomor 2!"),
        ("Sebelumnya (Baca juga: Ini Dia) pilih nomor 2", "Sebelumnya   pilih nomor 2"),
        ("PILIHAN EDITOR: Cara Cek Nama\nIsi.", "\nIsi."),
        ("BACA JUGA: a BACA JUGA: b", ""),
    ],
)
def test_a_link_goes_and_what_follows_it_stays(text: str, left: str) -> None:
    assert strip(text) == left


@pytest.mark.parametrize(
    "mark",
    [
        "ADVERTISEMENT",
        "ADVERTORIAL.",
        "SCROLL TO CONTINUE WITH CONTENT",
        "GULIR UNTUK LANJUT BACA",
        "[Gambas:Video CNN]",
        "IKLAN",
        "Iklan — lanjut membaca",
        "Penulis: Budi S.",
        "Laporan Wartawan Kabar Nusa, Budi",
        "Bagikan artikel ini: salin tautan",
        "Halaman selanjutnya",
        "Ikuti berita kami di Google News",
        "_dikirim dari Grup Warga_",
        "Sent from my phone",
    ],
)
def test_marks_of_a_page_go(mark: str) -> None:
    assert strip(f"Satu.\n{mark}\nDua.").split() == ["Satu.", "Dua."]


@pytest.mark.parametrize(
    "mark",
    [
        "Diteruskan\n",
        "Diteruskan: ",
        "*Diteruskan berkali-kali* ",
        "_Diteruskan_\n",
        "▶ Pesan diteruskan berulang kali\n\n",
        "Forwarded many times\n",
        "Fwd: FW: dari @warga ",
    ],
)
def test_forwarding_marks_go(mark: str) -> None:
    assert strip(mask(f"{mark}Pilih nomor 2")).lstrip("* ") == "Pilih nomor 2"


@pytest.mark.parametrize(
    "post",
    [
        "surat ini diteruskan ke camat",
        "Penulis: kami tidak setuju dengan ini",
        "baca juga ya",
        "iklan kampanye di jalan",
        "Bagikan artikel ini dan pilih nomor 2",
        "Bagikan artikel ini: coblos nomor 2, lawan Budi!",
        "Laporan wartawan soal Budi itu bohong semua, jangan pilih dia!",
        "Laporan Wartawan Tribun membongkar korupsi Budi, coblos Ani",
        "Halo semua\nDikirim dari hati kami: coblos nomor 2!",
        "Halo\nSimak Google News: Budi menang, coblos nomor 2",
        "Advertorial pemkot itu memihak Budi",
        "Kabar Gembira, Budi – Ani unggul di survei",
        "Media Sosial, Budi - Ani trending dan semua orang membicarakannya sejak semalam",
        "Dikirim dari lubuk hati: pilih Budi",
        "Laporan warga soal spanduk sudah masuk",
        "fw saya cuma sepuluh",
    ],
)
def test_the_same_words_in_a_sentence_stay(post: str) -> None:
    assert strip(post) == post
