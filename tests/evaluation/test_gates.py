"""Gates: passed, failed or not tested, by the worst setting."""

from __future__ import annotations

import pytest

from netral.evaluation.gates import judge
from netral.params import Gates

NO_FLAGS = {"neutrality_reminders": "C10", "official_notices": "C11", "quoted_violations": "C12", "turnout": "C13"}


def row(category: str, passed: int = 20, flagged: int = 0, kind: str = "MIN", gating: bool = True):
    counts = {"seeds": 20, "passed": passed, "rate": passed / 20, "ordered": passed, "flagged_neutral": flagged}
    return {"id": category, "type": kind, "gating": gating, **counts}


def rows(**changed):
    kinds = {"C01": "INV", "C05": "MIN", "C10": "MFT", "C11": "MFT", "C12": "MIN", "C13": "MIN", "C18": "MIN"}
    return [row(name, kind=kind, **changed.get(name, {})) for name, kind in kinds.items()]


def statuses(*settings, flag=0.9, params=None):
    found = judge(params or Gates(), {str(i): each for i, each in enumerate(settings)}, flag)
    return {name: gate["status"] for name, gate in found.items()}


def test_a_good_model_passes_all():
    assert set(statuses(rows(), rows()).values()) == {"passed"}
    assert set(statuses(rows())) == {*NO_FLAGS, "name_swap", "minimal_pairs"}


@pytest.mark.parametrize(("gate", "category"), NO_FLAGS.items())
def test_one_flagged_neutral_case_in_either_setting_fails_its_gate_alone(gate, category):
    bad = rows(**{category: {"flagged": 1}})
    for settings in ((bad, rows()), (rows(), bad)):
        assert [name for name, status in statuses(*settings).items() if status == "failed"] == [gate]
    assert statuses(bad, params=Gates(max_false_flags=1))[gate] == "passed"


def test_without_flags_nothing_that_needs_them_passes():
    found = statuses(rows(C10={"flagged": 0}), flag=None)
    assert {name for name, status in found.items() if status == "not tested"} == {*NO_FLAGS, "name_swap"}
    assert found["minimal_pairs"] == "passed"  # a pair needs review, not flag
    assert statuses(rows(C01={"passed": 10}), flag=None)["name_swap"] == "failed"  # a flip is a flip


def test_name_swap_and_minimal_pairs_have_their_bounds():
    assert statuses(rows(C01={"passed": 18}))["name_swap"] == "failed"
    assert statuses(rows(C01={"passed": 19}))["name_swap"] == "passed"
    pairs = {name: {"passed": 9} for name in ("C05", "C12", "C13", "C18")}
    assert statuses(rows(**pairs))["minimal_pairs"] == "failed"
    assert statuses(rows(**pairs), params=Gates(minimal_pairs=0.45))["minimal_pairs"] == "passed"


def test_name_swap_is_judged_with_the_names_known():
    moved, still = rows(C01={"passed": 10}), rows()
    assert judge(Gates(), {"without_gazetteer": moved, "with_gazetteer": still}, 0.9)["name_swap"]["status"] == "passed"
    assert judge(Gates(), {"without_gazetteer": still, "with_gazetteer": moved}, 0.9)["name_swap"]["status"] == "failed"


def test_categories_that_gate_nothing_are_left_out_of_minimal_pairs():
    assert statuses([*rows(), row("C19", passed=0, gating=False)])["minimal_pairs"] == "passed"


def test_missing_categories_are_not_tested():
    found = judge(Gates(), {"without_gazetteer": [row("C05")]}, 0.9)
    assert {name for name, gate in found.items() if gate["status"] == "not tested"} == {*NO_FLAGS, "name_swap"}
    assert found["turnout"]["says"].endswith("no challenge cases")
