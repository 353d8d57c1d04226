"""The cases: slots are filled by the rules, and what is no case is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from netral.errors import InputError
from netral.evaluation import cases
from netral.evaluation.cases import Case, Seed
from netral.text.targets import Targets
from tests.building import ROOT

SLOTS = {"calon": [f"Tokoh {letter}" for letter in "ABCDEF"], "tempat": ["Kota X", "Kota Y"]}


def test_variants_differ_and_are_the_same_on_every_draw():
    seed = Seed("S1", Case("{calon_a} lawan {calon_b} di {tempat}", "neutral"), Case("Dukung {calon_a}!", "partisan"))
    variants = cases.expand(seed, SLOTS, 3)
    assert variants == cases.expand(seed, SLOTS, 3)
    assert len(set(variants)) == len(variants) == cases.VARIANTS
    assert variants != cases.expand(seed, SLOTS, 4)
    for a, b in variants:
        first = b.text.removeprefix("Dukung ").removesuffix("!")
        assert a.text.startswith(f"{first} lawan Tokoh ")  # a and b share their values …
        assert a.text.count(first) == 1  # … and the suffixes take different ones
        assert "{" not in a.text + b.text


def test_few_values_give_few_variants_and_no_slot_gives_one():
    assert len(cases.expand(Seed("S", Case("di {tempat}", "neutral"), None), SLOTS, 0)) == 2
    assert len(cases.expand(Seed("S", Case("tanpa", "neutral"), None), SLOTS, 0)) == 1


def test_the_gazetteer_knows_full_and_short_names_and_parties():
    _, slots = cases.load(ROOT / "data" / "challenge")
    mask = Targets(cases.gazetteer(slots))
    assert mask("Dukung Yusran Malintang–Meilani Purbakencana") == "Dukung <CALON>"
    assert mask("Meilani dan Bagas bersama Partai Sauh Bangsa") == "<CALON> dan <CALON> bersama <PARTAI>"
    assert mask("Pak Lurah memberi ibu itu uang") == "Pak Lurah memberi ibu itu uang"


def write(folder: Path, text: str) -> Path:
    (folder / "c01.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("category: C01\n", "is no challenge file"),
        ("{category: C, name: n, type: XYZ, gating: true, seeds: [{id: s, a: {text: t, label: neutral}}]}", "type 'XYZ'"),
        ("{category: C, name: n, type: MIN, gating: true, seeds: [{id: s, a: {text: t, label: neutral}}]}", "MIN"),
        ("{category: C, name: n, type: MFT, gating: true, seeds: []}", "0 seeds"),
        ("{category: C, name: n, type: MFT, gating: true, seeds: [{id: s, a: {text: '{calon_a}', label: neutral}}]}", "slot {calon_a}"),
        (
            "{category: C, name: n, type: MFT, gating: true, seeds: [{id: s, a: {text: t, label: Neutral}}]}",
            "the labels Neutral, expected neutral or",
        ),
        (
            "{category: C, name: n, type: MIN, gating: no, seeds: [{id: s, a: {text: t, label: partisan}, b: {text: u, label: neutral}}]}",
            "expected neutral and partisan, in this order",
        ),
    ],
)
def test_a_file_of_another_shape_is_refused_with_its_name(tmp_path, content, says):
    with pytest.raises(InputError, match=r"c01\.yaml|slots\.yaml") as error:
        cases.load(write(tmp_path, content))
    assert says in str(error.value)


def test_a_folder_without_cases_is_refused(tmp_path):
    with pytest.raises(InputError, match="no challenge cases"):
        cases.load(tmp_path)


def test_too_few_values_for_the_slots_of_a_seed_are_named(tmp_path):
    (tmp_path / "slots.yaml").write_text("calon: [Tokoh A]\n")
    seed = "{id: s, a: {text: '{calon_a} dan {calon_b}', label: neutral}}"
    with pytest.raises(InputError, match="s: needs 2 values of calon"):
        cases.load(write(tmp_path, f"{{category: C, name: n, type: MFT, gating: true, seeds: [{seed}]}}"))
