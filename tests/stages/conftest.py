"""A folder with some of the bundled posts in it, as the stages find it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.building import ROOT, read_bundled


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of its own: some of the bundled posts, all gazetteers."""
    shutil.copy(ROOT / "params.yaml", tmp_path / "params.yaml")
    (tmp_path / "data/raw").mkdir(parents=True)
    read_bundled().to_csv(tmp_path / "data/raw/posts.csv", index=False)
    shutil.copytree(ROOT / "data/elections", tmp_path / "data/elections")
    return tmp_path
