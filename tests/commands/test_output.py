"""What the commands print: where it cannot be written, and on a terminal that lacks a letter."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.scoring.making import write_release

FULL = "/dev/full"
needs_full = pytest.mark.skipif(not os.path.exists(FULL), reason="a device that is always full is Linux's")


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = write_release(tmp_path_factory.mktemp("models") / "tiny")
    (folder.parent / "current").write_text(folder.name)
    return folder.parent


def run(models, *arguments, **options) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "NETRAL_MODELS": str(models), **options.pop("env", {})}
    return subprocess.run([sys.executable, "-m", "netral.cli", *arguments], env=environment, timeout=60, check=False, **options)


@needs_full
@pytest.mark.parametrize("arguments", [["model", "list"], ["model", "verify", "current"], ["explain", "ayo coblos"]])
def test_a_full_standard_output_is_told_in_one_line(models, arguments):
    with open(FULL, "wb") as full:
        done = run(models, *arguments, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 9
    assert done.stderr.decode().splitlines() == [
        "netral: standard output: cannot be written (No space left on device); make room, or send it elsewhere"
    ]


@needs_full
def test_where_nothing_can_be_said_the_exit_code_says_it(models):
    with open(FULL, "wb") as full:
        assert run(models, "model", "verify", "unknown", stderr=full).returncode == 5


def test_of_no_text_nothing_is_explained(models):
    done = run(models, "explain", " \n", capture_output=True)
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"found no text, expected a post" in done.stderr


def test_a_terminal_without_a_letter_shows_how_it_is_written(models):
    done = run(models, "explain", "ayo coblos", env={"PYTHONIOENCODING": "latin-1"}, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"\\u25b2" in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_gazetteer_that_may_not_be_read_is_an_input_that_cannot_be_used(models, tmp_path):
    (tmp_path / "names.yaml").touch(mode=0)
    done = run(models, "explain", "ayo", "--gazetteer", str(tmp_path / "names.yaml"), capture_output=True)
    assert done.returncode == 3
    assert b"Permission denied" in done.stderr
