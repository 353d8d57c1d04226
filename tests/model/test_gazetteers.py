"""Gazetteers of a folder: each file is named by its election."""

from __future__ import annotations

from pathlib import Path

import pytest

from netral.errors import InputError
from netral.model.gazetteers import read_gazetteers

CONTENT = "election: pilkada-2031-x\nsides:\n  - number: 1\n    candidates: [{name: Sartinah Wulan}]\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pilkada-2031-y.yaml", r"is the gazetteer of pilkada-2031-x, expected one named pilkada-2031-x\.yaml; rename it"),
        ("pilkada-2031-x.yml", r"ends in \.yml, expected \.yaml; rename it"),
    ],
)
def test_a_file_that_no_post_would_find_is_refused(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / name).write_text(CONTENT)
    with pytest.raises(InputError, match=said):
        read_gazetteers(tmp_path)


@pytest.mark.parametrize("slug", ["pilkada-2031-x", "Pilkada-2031-X"])
def test_each_is_known_by_its_election_in_any_capitals(tmp_path: Path, slug: str) -> None:
    assert read_gazetteers(tmp_path / "none") == {}
    (tmp_path / f"{slug}.yaml").write_text(CONTENT.replace("pilkada-2031-x", slug))
    assert [*read_gazetteers(tmp_path)] == ["pilkada-2031-x"]


def test_candidates_that_are_bare_names_are_told_how_to_be_written(tmp_path: Path) -> None:
    (tmp_path / "pilkada-2031-x.yaml").write_text(CONTENT.replace("{name: Sartinah Wulan}", "Sartinah Wulan"))
    with pytest.raises(
        InputError, match=r"pilkada-2031-x\.yaml: candidates lists 'Sartinah Wulan', expected keys and values there: .*name"
    ):
        read_gazetteers(tmp_path)


def test_two_gazetteers_that_differ_in_capitals_are_refused(tmp_path: Path) -> None:
    for slug in ("pilkada-2031-x", "Pilkada-2031-X"):
        (tmp_path / f"{slug}.yaml").write_text(CONTENT.replace("pilkada-2031-x", slug))
    if len(list(tmp_path.iterdir())) == 2:  # else the file system takes them for one
        with pytest.raises(InputError, match="a second gazetteer of pilkada-2031-x, which differs in capitals alone"):
            read_gazetteers(tmp_path)
