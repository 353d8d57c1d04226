"""No input breaks a reader: each gives rows, reasons, or one clear line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from netral.errors import InputError
from netral.scoring.batch import ReadOptions
from netral.scoring.inputs import find_inputs
from netral.scoring.read import read_batches
from tests.scoring.hostile import CASES, SECRET, Case

LIMIT_MB = 350
READ = """
import re, sys
from netral.scoring.batch import ReadOptions
from netral.scoring.inputs import find_inputs
from netral.scoring.read import read_batches
from netral.errors import InputError
try:
    for batch in read_batches(find_inputs(sys.argv[1:]), ReadOptions()):
        pass
except InputError:
    pass
print(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024)
"""


@pytest.mark.parametrize("case", [pytest.param(case, marks=[pytest.mark.slow] * case.heavy, id=case.name) for case in CASES])
def test_every_file_gives_rows_or_reasons_or_one_line(case: Case, tmp_path: Path) -> None:
    name = case.write(tmp_path)
    if case.refused:
        with pytest.raises(InputError, match=r"^[^\n]+$") as refused:
            count(name)
        assert case.refused in str(refused.value)
        assert SECRET not in str(refused.value)
    else:
        assert count(name) == (case.good, case.rejected)


def count(name: str) -> tuple[int, int]:
    """Read everything; return how many rows are good and how many rejected, having checked that none is lost or said too much of."""
    good: dict[int, list[int]] = {}
    rejected: dict[int, list[int]] = {}
    for batch in read_batches(find_inputs([name]), ReadOptions()):
        assert batch.read == len(batch.rows) + len(batch.rejected) > 0
        assert len(batch.ids) == len(batch.texts) == len(batch.rows)
        assert batch.ids.null_count == batch.texts.null_count == 0
        batch.texts.validate(full=True)
        batch.ids.validate(full=True)
        assert SECRET not in " ".join(each.reason for each in batch.rejected)
        assert all(each.file.startswith(name) or "*" in name for each in batch.rejected)
        good.setdefault(batch.file, []).extend(batch.rows.tolist())
        rejected.setdefault(batch.file, []).extend(each.row for each in batch.rejected)
    for file, rows in good.items():
        assert rows == sorted(rows)
        assert rejected[file] == sorted(rejected[file])
        assert sorted(rows + rejected[file]) == list(range(1, len(rows) + len(rejected[file]) + 1))
    return sum(map(len, good.values())), sum(map(len, rejected.values()))


@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in CASES if case.heavy], ids=lambda case: case.name)
def test_a_bomb_does_not_fill_the_memory(case: Case, tmp_path: Path) -> None:
    name = case.write(tmp_path)
    done = subprocess.run([sys.executable, "-c", READ, name], capture_output=True, text=True, timeout=300, check=True)
    assert int(done.stdout) < LIMIT_MB


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)
