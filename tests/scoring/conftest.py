"""What the tests of scoring share: two tiny releases, the option of the fault test and its tally."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.scoring.making import TALLY, WEIGHTS, write_release


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults", type=int, default=12, help="kills of the fault test")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for line in terminalreporter.config.stash.get(TALLY, []):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def release(tmp_path_factory) -> Path:
    return write_release(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def other_release(tmp_path_factory) -> Path:
    return write_release(tmp_path_factory.mktemp("models") / "other", {**WEIGHTS, "kopi": 1.0})
