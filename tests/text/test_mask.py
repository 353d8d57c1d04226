from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral.text.mask import mask
from tests.text import hostile


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("hubungi 0812-3456-7890 ya", "hubungi <TELP> ya"),
        ("WA:081234567890", "WA:<TELP>"),
        ("hp081234567890", "hp<TELP>"),
        ("telp.0812345678", "telp.<TELP>"),
        ("08123456789,08129876543", "<TELP>,<TELP>"),
        ("+62 812 3456 7890", "<TELP>"),
        ("(+62)8212 5141 621", "<TELP>"),
        ("(021) 555 1234 atau 0274-512345", "<TELP> atau <TELP>"),
        ("0812 3456 xxxx", "<TELP>"),
        ("08xx-xxxx-1234", "<TELP>"),
        ("0812 3456 7890 / 0813 1111 2222", "<TELP> / <TELP>"),
    ],
)
def test_phone_numbers_in_every_spelling(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("NIP 198501012010011001", "NIP <NIP>"),
        ("NIP. 19850101 201001 1 001", "NIP. <NIP>"),
        ("NIP 19850101.201001.1.001 5", "NIP <NIP> 5"),
        ("NIK: 3201 0123 4567 8901", "NIK: <NIK>"),
        ("nik3201012345678901", "nik<NIK>"),
        ("KTP 33.22.11.010203.0004", "KTP <NIK>"),
        ("320101 234567 8901 tahun 2024", "<NIK> tahun 2024"),
        ("3201 0123 4567 8901 2024", "<NIK> 2024"),
        ("NIK : 3273-01-010190-0001", "NIK : <NIK>"),
        ("3 2 0 1 0 1 2 3 4 5 6 7 8 9 0 1", "<NIK>"),
    ],
)
def test_numbers_of_citizens_and_servants(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "2014 2019 2024 2029",
        "periode 2009-2014 2014-2019",
        "perolehan 12.345 67.890 11.111 22.222",
        "anggaran Rp 1.234.567.890.123.456",
        "suara 1.234.567 dari 85.607.362",
        "01-02-2024 10-11-2024",
        "pukul 08.00-10.00 WIB",
        "08062024",
        "3333333333333333",
        "skor 2-1 3-0",
        "total 0812 345 suara",
        "62 orang dan 812 suara",
        "0,0000001 persen",
    ],
)
def test_years_counts_and_dates_are_no_persons(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("(@budi) “@ani_12”: .@tono", "(<USER>) “<USER>”: .<USER>"),
        ("RT @budi: halo", "RT <USER>: halo"),
        ("@budi,@ani", "<USER>,<USER>"),
        ("@budi.santoso halo", "<USER> halo"),
        ("@budi.Mantap", "<USER>.Mantap"),
        ("kirim ke budi.santoso@mail.co.id.", "kirim ke <EMAIL>."),
        ("@@budi", "<USER>"),
        ("@Siti.Nurhaliza88 @tim-budi @user-ab12cd", "<USER> <USER> <USER>"),
        ("harga @ 5000", "harga @ 5000"),
    ],
)
def test_handles_and_addresses_beside_punctuation(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://t.co/abc…", "<URL>"),
        ("Desa Wibisanahttps://t.co/abc", "Desa Wibisana<URL>"),
        ("cek www.x.com, ya", "cek <URL> ya"),
        ("kompas.com, detik.com.", "<URL>, <URL>."),
        ("bit.ly/abc pic.twitter.com/abc", "<URL> <URL>"),
        ("kpu.go.id/pengumuman", "<URL>"),
        ("KABAR.CO.ID", "<URL>"),
    ],
)
def test_links_with_and_without_scheme(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    ["makan.di rumah", "selesai.Info lengkap", "S.Sos/M.Si", "H.Budi/Hj.Ani", "jl.mawar/no.5", "Rp.5000/kg", "dan/atau", "1.5/10", "s.d."],
)
def test_a_missing_space_makes_no_link(text: str) -> None:
    assert mask(text) == text


def test_placeholders_of_targets_cannot_be_typed() -> None:
    assert mask("pilih <CALON> < partai > <nomor>") == "pilih (calon) (partai) (nomor)"
    assert mask("<USER> <URL>") == "<USER> <URL>"


@given(hostile.posts)
def test_twice_is_once(text: str) -> None:
    once = mask(text)
    assert mask(mask(once)) == mask(once)


_SEPARATED = st.sampled_from(("", " ", ".", "-"))


@given(
    st.from_regex(r"(1[1-9]|[2-9][0-4])\d{4}[0-7]\d(0[1-9]|1[0-2])\d{6}", fullmatch=True),
    _SEPARATED,
    st.sampled_from(("", "NIK ", "no:", "(")),
)
def test_no_nik_gets_through(nik: str, gap: str, before: str) -> None:
    grouped = gap.join(nik[i : i + 4] for i in range(0, 16, 4))
    if len(set(nik)) > 2 and not re.match(r"(?:(?:19|20)\d\d){2}", nik):
        assert mask(f"{before}{grouped} ya") == f"{before}<NIK> ya"


@given(st.from_regex(r"08[1-9]\d{7,9}", fullmatch=True), _SEPARATED, st.sampled_from(("", "WA ", "hp:", "(")))
def test_no_mobile_number_gets_through(number: str, gap: str, before: str) -> None:
    grouped = gap.join((number[:4], number[4:8], number[8:]))
    assert not re.search(r"\d", mask(f"{before}{grouped} ya"))


@pytest.mark.parametrize(
    "number",
    [
        "0812–3456–7890", "0812—3456—7890", "0812‑3456‑7890", "0812−3456−7890", "0812·3456·7890", "0812*3456*7890", "0812_3456_7890",
        "+62(812)3456-7890", "+62 (812) 3456-7890", "08 12 34 56 78 90", "0812 - 3456 - 7890", "0812 – 3456 – 7890", "0812 -3456 -7890",
        "0812--3456--7890", "+62 8 1234567890",
    ],
)  # fmt: skip
def test_a_number_is_masked_however_its_groups_are_parted(number: str) -> None:
    assert mask(f"hub {number} ya") == "hub <TELP> ya"


@pytest.mark.parametrize(
    "text",
    [
        "jam 08.00-12.00 dan 13.00–15.00", "08:00-12:00", "surat 021/555/2024", "2019–2024 – 2024–2029", "08 10 2024 12 00",
        "2014 - 2019 - 2024", "08 - 12 - 2024", "no. 012 - 2024", "SK 045 - 2024", "TPS 012 – 018 – 021 hitung ulang", "jam 0800 - 1000",
        "RT 001 - 012 - 003", "pukul 08.00 - 10.00 - 12.00", "Rp15.000 - 20.000 - 25.000",
    ],
)  # fmt: skip
def test_times_years_and_letters_are_no_phone_numbers(text: str) -> None:
    assert mask(text) == text
