"""The challenge: slots are filled by the rules, seeds are the unit, and each type passes by its own rule."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from netral.evaluation import cases, challenge
from netral.evaluation.cases import Case, Category, Seed
from tests.building import ROOT

SLOTS = {"calon": [f"Tokoh {letter}" for letter in "ABCDEF"], "tempat": ["Kota X", "Kota Y"]}


class Keyed:
    """A model that decides by a word of the text and remembers what it was asked."""

    def score(self, texts, gazetteer=None):
        self.asked = list(texts)
        level = [2 if "MERAH" in text else 1 if "KUNING" in text else 0 for text in texts]
        return SimpleNamespace(decision=np.array(level, np.int8), probability=np.array([0.1, 0.6, 0.9])[level])


def run(kind: str, *seeds: tuple[str, str | None], gating: bool = True):
    labels = ("neutral", "neutral" if kind == "INV" else "partisan")
    made = tuple(Seed(f"S{i}", Case(a, labels[0]), Case(b, labels[1]) if b else None) for i, (a, b) in enumerate(seeds))
    return challenge.run(Keyed(), [Category("C", "c", kind, gating, made)], SLOTS, 0)[0]


def test_inv_passes_if_no_decision_flips():
    found = run("INV", ("netral {calon_a}", None), ("netral", "netral KUNING"), ("KUNING", "ada KUNING"))
    assert (found["passed"], found["seeds"], found["failed"]) == (2, 3, ["S1"])
    assert found["moved"] == {"median": 0.0, "largest": pytest.approx(0.5)}
    assert found["steady"] == pytest.approx(2 / 3)
    assert found["right"] == pytest.approx((1 + 0.5 + 0) / 3)


def test_min_asks_for_both_and_gives_half_credit_for_a_read_neutral_post():
    found = run("MIN", ("netral", "MERAH"), ("netral", "KUNING"), ("KUNING", "MERAH"), ("MERAH", "MERAH"), ("netral", "netral"))
    assert found["failed"] == ["S2", "S3", "S4"]
    assert found["half_credit"] == pytest.approx((1 + 1 + 0.5 + 0 + 0) / 5)
    assert found["ordered"] == 3  # equal probabilities are no order
    assert found["flagged_neutral"] == 1


def test_mft_passes_unless_flagged_and_tells_how_many_are_clear():
    found = run("MFT", ("netral", None), ("KUNING", None), ("MERAH {tempat}", None))
    assert (found["passed"], found["flagged_neutral"]) == (2, 1)
    assert found["clear"] == pytest.approx(1 / 3)
    assert (found["low"], found["high"]) == challenge.wilson(2, 3)
    assert found["examples"][0]["texts"][0]["decision"] == "flag"


def test_a_seed_fails_with_one_of_its_variants():
    seed = Seed("S", Case("{tempat}", "neutral"), None)
    slots = {"tempat": ["MERAH", "aman"]}
    found = challenge.run(Keyed(), [Category("C", "c", "MFT", True, (seed,))], slots, 0)[0]
    assert (found["variants"], found["passed"], found["failed"]) == (2, 0, ["S"])


def test_answers_go_to_the_category_that_asked():
    categories = [
        Category(name, name, "MFT", True, (Seed(name, Case(text, "neutral"), None),)) for name, text in (("A", "MERAH"), ("B", "netral"))
    ]
    assert [(row["id"], row["passed"]) for row in challenge.run(Keyed(), categories, SLOTS, 0)] == [("A", 0), ("B", 1)]


@pytest.mark.parametrize(("passed", "total", "low", "high"), [(28, 28, 0.879, 1.0), (0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763)])
def test_wilson_interval(passed, total, low, high):
    assert challenge.wilson(passed, total) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_the_bundled_set_loads_whole_and_every_slot_is_filled():
    categories, slots = cases.load(ROOT / "data" / "challenge")
    assert [category.id for category in categories] == [f"C{n:02}" for n in range(1, 21)]
    assert all(len(category.seeds) >= 12 for category in categories)
    model = Keyed()
    challenge.run(model, categories, slots, 0)
    assert not any("{" in text or "}" in text for text in model.asked)
