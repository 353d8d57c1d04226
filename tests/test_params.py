"""Values that cannot be meant are refused by name, before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from netral.errors import UsageError
from netral.params import Params, load
from tests.building import ROOT


def test_what_a_file_leaves_out_is_as_the_project_ships_it() -> None:
    assert load(ROOT / "params.yaml") == Params()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seed: -1", "seed: 0 or more"),
        ("split: {calibration_from: -1}", "calibration_from"),
        ("train: {max_iter: 0}", "max_iter"),
        ("train: {C: [.inf]}", "train.C"),
        ("train: {C: [1.0, .nan]}", "train.C"),
        ("train: {stems: {min_df: 1}}", "params.yaml: train.stems.min_df: 3 or more"),
        ("evaluate: {protected: [remindr, official]}", "evaluate.protected: some of own, quoted, report, official, reminder, forward"),
        ("evaluate: {bootstrap: -1}", "params.yaml: evaluate.bootstrap"),
        ("evaluate: {gates: {name_swap: 5}}", "name_swap"),
        ("evaluate: {gates: {minimal_pairs: -0.1}}", "minimal_pairs"),
        ("evaluate: {gates: {max_false_flags: -3}}", "max_false_flags"),
        ("export: {models: ''}", "export.models"),
        ("export: {margin: 2.0}", "export.margin"),
        ("train: {interactions: []}", "train.interactions: unknown key"),
    ],
)
def test_values_that_cannot_be_meant(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(text)
    with pytest.raises(UsageError, match=said):
        load(path)
