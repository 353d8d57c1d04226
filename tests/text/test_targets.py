from __future__ import annotations

import time

import pytest

from netral.text.clean import clean
from netral.text.gazetteer import Gazetteer
from netral.text.targets import Targets, mask_ballot_numbers
from tests.text import hostile


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("pilih nomor 2", "pilih nomor <NOMOR>"),
        ("coblos nomor dua", "coblos nomor <NOMOR>"),
        ("No.2 dan no 03", "No.<NOMOR> dan no <NOMOR>"),
        ("paslon nomor urut 02", "paslon nomor urut <NOMOR>"),
        ("cawapres 1, caleg no. 15", "cawapres <NOMOR>, caleg no. <NOMOR>"),
        ("dukung 02! 01 dan 03 kalah", "dukung <NOMOR>! <NOMOR> dan <NOMOR> kalah"),
        ("salam dua jari, 3 jari", "salam <NOMOR> jari, <NOMOR> jari"),
        ("memilih 3 ya", "memilih <NOMOR> ya"),
        ("pilih #2", "pilih #<NOMOR>"),
        ("kubu satu", "kubu <NOMOR>"),
        ("coblos nomor 12, partai <PARTAI> no. 8", "coblos nomor <NOMOR>, partai <PARTAI> no. <NOMOR>"),
        ("nyoblos dr Sarti no.7; nomor urut 21", "nyoblos dr Sarti no.7; nomor urut <NOMOR>"),
        ("nyoblos no.7", "nyoblos no.<NOMOR>"),
    ],
)
def test_ballot_numbers(text: str, masked: str) -> None:
    assert mask_ballot_numbers(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "2 orang dan 3 anak",
        "nomor antrean 3",
        "pasal 2 UU No. 7",
        "UU Nomor 7 Tahun 2017",
        "PKPU Nomor 2",
        "pilih 2 menu",
        "pilih satu saja",
        "pilih satu di antara dua",
        "no 1 di dunia",
        "orang nomor satu di Sukamaju",
        "RT 03 RW 05, TPS 02, SDN 01",
        "pukul 05 pada 03 Mei",
        "02.30 WIB, 01/02/2024",
        "No. 2/2024",
        "calon2 dan caleg2 lain",
        "lanjutkan dua periode",
        "coblos 1 kali",
        "salam satu jiwa",
        "satu suara, keduanya",
        "nomordua",
        "nomor 30",
        "nomor 10 memang paling top, umpannya gila",
        "tenda nomor 17, kursi no.12",
        "striker timnas nomor 10, Jawa Timur No. 8, menurut nomor 7, estimasi no 8",
        "coblos nomordua",
    ],
)
def test_counts_laws_and_houses_are_no_ballot_numbers(text: str) -> None:
    assert mask_ballot_numbers(text) == text


@pytest.mark.parametrize(
    "text",
    ["ayo pilih nomor 2 ya", "ayo pilih no. 2 ya", "ayo pilih paslon 03 ya", "ayo pilih paslon nomor urut satu ya", "ayo pilih 2 ya"],
)
def test_how_a_number_is_introduced_makes_no_difference(text: str) -> None:
    assert Targets()(text) == "ayo pilih <NOMOR> ya"


@pytest.mark.parametrize("who", ["Ani Lestari", "Pak Budi Santoso", "Ani Lestari–Budi Santoso", "Bu Ani Lestari & Pak Budi Santoso"])
def test_how_a_candidate_is_named_makes_no_difference(who: str) -> None:
    names = Gazetteer("pilkada-x", candidates=("Ani Lestari", "Budi Santoso"))
    assert Targets(names)(f"kata {who} kemarin") == "kata <CALON> kemarin"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("kader Golkar dan PDI-P", "kader <PARTAI> dan <PARTAI>"),
        ("PDI Perjuangan, pks, nasdem, ppp", "<PARTAI>, <PARTAI>, <PARTAI>, <PARTAI>"),
        ("PAN menang, PSI kalah, Demokrat diam", "<PARTAI> menang, <PARTAI> kalah, <PARTAI> diam"),
        ("Partai Ladang Makmur Dukung Budi", "<PARTAI> Dukung Budi"),
        ("PARTAI LADANG MAKMUR HARUS", "<PARTAI> HARUS"),
        ("Partai Golkar Usung Ani", "<PARTAI> Usung Ani"),
    ],
)
def test_parties_without_a_gazetteer(text: str, masked: str) -> None:
    assert Targets()(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "partai politik",
        "Partai Politik",
        "Partai Pengusung",
        "PARTAI POLITIK HARUS",
        "Partai Final",
        "pan ayam",
        "orang demokrat",
        "Sekjen PBB",
    ],
)
def test_words_that_are_no_party(text: str) -> None:
    assert Targets()(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("#Coblos3 #Salam2Jari #02Menang", "#Coblos<NOMOR> #Salam<NOMOR>Jari #<NOMOR>Menang"),
        ("#PilihPKS #PKSMenang #golkarjaya", "#Pilih<PARTAI> #<PARTAI>Menang #<PARTAI>jaya"),
        ("#harapan #2019GantiBupati #pilkada2024", "#harapan #2019GantiBupati #pilkada2024"),
    ],
)
def test_targets_inside_tags(text: str, masked: str) -> None:
    assert Targets()(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("dukung Budi Santoso dan pak budi", "dukung <CALON> dan <CALON>"),
        ("BUDI–SANTOSO, budsan", "<CALON>, <CALON>"),
        ("Ani Rahma Dewi dari partai ladang makmur", "<CALON> dari <PARTAI>"),
        ("PMJ dan Partai Maju Jaya", "<PARTAI> dan <PARTAI>"),
        ("#SantosoMenang #rahma2024", "#<CALON>Menang #<CALON>2024"),
        ("#PilihBudiSantoso #BUDImenang #tim_budi", "#Pilih<CALON> #<CALON>menang #tim_<CALON>"),
        ("#santosolagi #lanjutkansantoso2024 #PILIHRahma", "#<CALON>lagi #lanjutkan<CALON>2024 #PILIH<CALON>"),
        ("#Budidaya #PembudidayaIkan #ibudian #Berbudi", "#Budidaya #PembudidayaIkan #ibudian #Berbudi"),
        ("Budianto dan Anis bukan calon", "Budianto dan Anis bukan calon"),
        ("Maju Bersama", "Maju Bersama"),
    ],
)
def test_names_of_an_election(gazetteer: Gazetteer, text: str, masked: str) -> None:
    assert Targets(gazetteer)(text) == masked


def test_a_swap_of_names_numbers_and_parties_changes_nothing(gazetteer: Gazetteer) -> None:
    targets = Targets(gazetteer)
    one = "Ayo dukung Budi Santoso nomor 1 dari Golkar! #SantosoMenang"
    other = "Ayo dukung Ani Rahma-Dewi nomor 2 dari Gerindra! #RahmaMenang"
    assert targets(one) == targets(other)


def test_a_gazetteer_is_known_by_its_content(gazetteer: Gazetteer) -> None:
    assert gazetteer.candidates == ("Budi Santoso", "Pak Budi", "budsan", "Ani Rahma-Dewi")
    assert gazetteer.parties == ("Partai Maju Jaya", "PMJ", "Partai Ladang Makmur")
    assert gazetteer.slogans == ("Maju Bersama",)
    other = Gazetteer(gazetteer.election, gazetteer.candidates, gazetteer.parties[:1], gazetteer.slogans)
    assert len(gazetteer.digest) == 64
    assert other.digest != gazetteer.digest == Gazetteer(**vars(gazetteer)).digest


def test_a_gazetteer_of_another_shape_is_refused() -> None:
    for content in ({}, {"election": "x", "sides": [{"candidates": [{}]}]}, {"election": "x", "parties": ["Partai Maju"]}):
        with pytest.raises(ValueError, match=r"expected|no name"):
            Gazetteer.from_mapping(content)


def test_the_account_of_a_candidate_names_its_owner() -> None:
    targets = Targets(Gazetteer("pilkada-x", candidates=("Ani Lestari",), handles=("ani_lestari",)))
    assert targets(targets.name_handles("tolak @Ani_Lestari!")) == "tolak <CALON>!"
    for other in ("@ani_lestari2", "@ani_lestari.resmi", "ani_lestari@surat.id", "@budi"):
        assert targets.name_handles(f"kata {other} kemarin") == f"kata {other} kemarin"
    assert Targets().name_handles("@ani_lestari") == "@ani_lestari"
    assert targets(clean(targets.name_handles("RT@ani_lestari menang"))) == "RT <CALON> menang", "glued to a word"
    odd = Targets(Gazetteer("pilkada-x", candidates=(r"Ani \1 Lestari",), handles=("ani",)))
    assert odd.name_handles("@ani") == r"Ani \1 Lestari"


@pytest.mark.parametrize("names", [(), ("Ani Lestari",)])
@pytest.mark.parametrize("name", hostile.MONSTERS)
def test_no_monster_stalls(name: str, names: tuple[str, ...]) -> None:
    text, targets = clean(hostile.MONSTERS[name]), Targets(Gazetteer("pilkada-x", candidates=names))
    start = time.process_time()
    targets(text)
    assert time.process_time() - start < 5  # quadratic time would be minutes
