"""A folder with the bundled posts in it, as the stages find it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of its own: the bundled posts and gazetteers."""
    for name in ("data/raw/posts.csv", "params.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "data/elections", tmp_path / "data/elections")
    return tmp_path
