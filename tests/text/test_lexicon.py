from __future__ import annotations

import unicodedata
from importlib.resources import files

import pytest

from netral.text.analyser import common_words, stemmer
from netral.text.lexicon import table
from netral.text.stem import Stemmer
from netral.text.words import Tokeniser

_FOLDER = files("netral.text.lexicon")
_TABLES = [
    "addresses.tsv",
    "capitals.tsv",
    "electoral.tsv",
    "emoji.tsv",
    "given.tsv",
    "negation.tsv",
    "protected.tsv",
    "public.tsv",
    "roles.tsv",
    "slang.tsv",
    "stems.tsv",
    "things.tsv",
]
#: What changes a sentence's meaning for us must not be touched by the slang list, nor a political label, nor what names an office.
_SACRED = [
    "tidak",
    "bukan",
    "jangan",
    "belum",
    "tanpa",
    "memihak",
    "netral",
    "pilih",
    "dukung",
    "coblos",
    "menang",
    "kalah",
    "lawan",
    "relawan",
    "projo",
    "cebong",
    "kampret",
    "kadrun",
    "termul",
    "gemoy",
    "buzzer",
    "dpt",
    "kpu",
    "bpk",
    "asn",
    "pns",
    "kades",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "kasih",
    "sma",
    "km",
    "uda",
    "spa",
]


def _lines(name: str) -> list[str]:
    return _FOLDER.joinpath(name).read_text(encoding="utf-8").splitlines()


def test_every_file_is_known_to_these_tests() -> None:
    assert sorted(path.name for path in _FOLDER.iterdir() if path.name.endswith(".tsv")) == sorted([*_TABLES, "parties.tsv"])


@pytest.mark.parametrize("name", [*_TABLES, "parties.tsv"])
def test_every_file_says_where_it_came_from(name: str) -> None:
    head = _lines(name)[:2]
    assert all(line.startswith("# ") for line in head)
    assert "Origin:" in " ".join(head)


@pytest.mark.parametrize("name", _TABLES)
def test_every_line_is_a_form_and_its_meaning_once(name: str) -> None:
    forms = []
    for line in _lines(name):
        if line.startswith("# "):
            continue
        form, meaning = line.split("\t")
        assert form == form.strip() == unicodedata.normalize("NFKC", form).lower()
        assert meaning
        assert len(form.split()) == len(meaning.split()) == 1
        forms.append(form)
    assert sorted(forms) == sorted(set(forms))
    assert list(table(name)) == forms


def test_a_form_leads_to_a_normal_form_in_one_step() -> None:
    forms = {**table("slang.tsv"), **table("negation.tsv")}
    assert not set(table("slang.tsv")) & set(table("negation.tsv"))
    assert [(form, meaning) for form, meaning in forms.items() if forms.get(meaning, meaning) != meaning] == []


def test_negation_has_five_normal_forms() -> None:
    assert set(table("negation.tsv").values()) == {"tidak", "bukan", "belum", "jangan", "tanpa"}


def test_slang_leaves_meaningful_words_alone() -> None:
    forms = {**table("slang.tsv"), **table("negation.tsv")}
    assert [word for word in _SACRED if word in forms] == []


def test_normal_forms_are_words(stem: Stemmer) -> None:
    unknown = {
        m for m in table("slang.tsv").values() if not stem.is_root(stem(m).replace("-", "")) and not stem.is_root(stem(m).split("-")[0])
    }
    assert len(unknown) < 0.12 * len(set(table("slang.tsv").values())), sorted(unknown)


def test_emoji_are_one_sign_and_names_one_word() -> None:
    for sign, name in table("emoji.tsv").items():
        assert len(sign) == 1
        assert name.replace("_", "").isalpha()


def test_protected_words_differ_from_what_sastrawi_says_or_are_named_as_guards() -> None:
    plain, guards = Stemmer({}), {"berkampanye", "pilkada", "pilpres", "pileg", "pilgub", "pilbup", "pilwako", "bupati"}
    assert {word for word, meaning in table("protected.tsv").items() if plain(word) == meaning} <= guards


def test_parties_are_names_once() -> None:
    names = [line.split("\t")[0] for line in _lines("parties.tsv") if not line.startswith("# ")]
    assert len(names) == len(set(names))
    assert all(name[0].isupper() for name in names)
    assert set(table("parties.tsv").values()) == {"any", "exact"}


def test_words_of_elections_are_items_as_they_stand() -> None:
    stem = stemmer("sastrawi")
    tokenise = Tokeniser(stem.is_root, common_words(stem))
    assert [word for word in table("electoral.tsv") if tokenise(word) != [word]] == []
