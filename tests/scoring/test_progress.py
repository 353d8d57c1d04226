"""What a run tells while it goes on."""

from __future__ import annotations

import io
import json
import logging

import pytest

from netral.scoring import log, progress
from netral.scoring.inputs import find_inputs
from netral.scoring.progress import Bar, Lines, estimate_rows
from tests.scoring.making import posts, write_posts


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass when the test says so."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_one_line_a_minute_with_rate_and_remaining_time(clock, caplog):
    caplog.set_level("INFO", logger="netral")
    lines = Lines()
    lines.start(total=1_200_000, done=100_000)
    for second in range(1, 181):
        clock[0] = float(second)
        lines.show(100_000 + 1000 * second, 5)
    assert caplog.messages == [
        "160,000 rows read, 5 rejected, 1000 rows/s, about 17 min left",
        "220,000 rows read, 5 rejected, 1000 rows/s, about 16 min left",
        "280,000 rows read, 5 rejected, 1000 rows/s, about 15 min left",
    ]


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet", "csv.gz", "jsonl.zst"])
def test_rows_are_guessed_well_enough_for_a_bar(tmp_path, kind):
    path = write_posts(tmp_path / f"posts.{kind}", posts(3000))
    assert 2700 <= (estimate_rows(find_inputs([str(path)])) or 0) <= 4200


def test_a_broken_file_is_no_matter_for_the_guess(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"no parquet")
    assert estimate_rows(find_inputs([str(tmp_path / "a.parquet")])) is None
    assert estimate_rows(find_inputs(["-"])) is None


def test_the_bar_can_be_shown_and_taken_away(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes the screen for a terminal then
    bar = Bar()
    bar.start(total=1000, done=0)
    bar.show(500, 3)
    bar.close()
    assert "500 rows" in screen.getvalue()
    assert "3 rejected" in screen.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_log_lines(form, monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr("sys.stderr", screen)
    logger = logging.getLogger("netral")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", True)
    monkeypatch.setattr(logger, "level", logging.NOTSET)
    log.set_up(form)
    logger.info("%s rows", 5, extra={"fields": {"read": 5}})
    line = screen.getvalue()
    if form == "json":
        assert json.loads(line) | {"time": ""} == {"time": "", "level": "info", "message": "5 rows", "read": 5}
    else:
        assert line.endswith("Z INFO 5 rows\n")
