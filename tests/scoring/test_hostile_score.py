"""Broken and hostile inputs and outputs through the whole engine: quarantine, or one clear line; never half a result."""

from __future__ import annotations

import os
import subprocess

import pytest

from netral.errors import InputError, NetralError, UsageError, WriteError
from netral.scoring.run import score_file
from tests.scoring.hostile import CASES, SECRET, Case
from tests.scoring.making import posts, write_posts


@pytest.mark.parametrize("case", [case for case in CASES if not case.heavy], ids=lambda case: case.name)
def test_a_hostile_input_gives_quarantine_or_one_clear_line(tmp_path, release, case: Case):
    (tmp_path / "in").mkdir()
    name, out = case.write(tmp_path / "in"), tmp_path / "out.csv"
    if case.refused:
        with pytest.raises(InputError) as refusal:
            score_file(name, out, model=release, max_rejected=None)
        assert case.refused in str(refusal.value)
        assert SECRET not in str(refusal.value)
        assert "\n" not in str(refusal.value)
        assert not [path for path in tmp_path.iterdir() if path.name in ("out.csv", "out.csv.run.json", "out.csv.rejected.jsonl")]
        return
    counts = score_file(name, out, model=release, max_rejected=None)["counts"]
    assert (counts["read"], counts["scored"], counts["rejected"]) == (case.good + case.rejected, case.good, case.rejected)
    rejected = (tmp_path / "out.csv.rejected.jsonl").read_text(encoding="utf-8")
    assert len(rejected.splitlines()) == case.rejected
    assert SECRET not in rejected


def full_mount(folder):
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], check=True, capture_output=True)
    return folder


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_a_full_disk_and_a_read_only_mount(tmp_path, release):
    source = write_posts(tmp_path / "posts.csv", posts(5000))
    try:
        mount = full_mount(tmp_path / "mount")
    except subprocess.CalledProcessError:
        pytest.skip("this machine lets nobody mount")
    try:
        with pytest.raises(WriteError, match=r"No space left.*--resume"):
            score_file(source, mount / "out.csv", model=release)
        assert not (mount / "out.csv").exists()
        subprocess.run(["mount", "-o", "remount,size=8m", str(mount)], check=True)
        score_file(source, mount / "out.csv", model=release, resume=True)
        score_file(source, tmp_path / "whole.csv", model=release)
        assert (mount / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
        subprocess.run(["mount", "-o", "remount,ro", str(mount)], check=True)
        with pytest.raises(WriteError, match="Read-only"):
            score_file(source, mount / "other.csv", model=release)
    finally:
        subprocess.run(["umount", str(mount)], check=False)


def place(kind: str, folder) -> str:
    """An output that nobody can want, and its name."""
    path = folder / "out.csv"
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a loop":
        path.symlink_to(path)
    elif kind == "a long name":
        path = folder / ("x" * 300 + ".csv")
    elif kind == "below a file":
        (folder / "file").write_text("", encoding="utf-8")
        path = folder / "file" / "out.csv"
    return str(path)


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a loop", "a long name", "below a file"])
def test_a_hostile_output_is_refused(tmp_path, release, kind):
    source = write_posts(tmp_path / "posts.csv", posts(5))
    with pytest.raises((UsageError, WriteError)) as refusal:
        score_file(source, place(kind, tmp_path), model=release)
    assert "\n" not in str(refusal.value)
    assert isinstance(refusal.value, NetralError)


def test_an_output_without_rows_is_complete(tmp_path, release):
    (tmp_path / "empty.csv").write_text("id,text\n", encoding="utf-8")
    for kind in ("csv", "jsonl", "parquet", "csv.gz", "parquet.zst"):
        assert score_file(tmp_path / "empty.csv", tmp_path / f"out.{kind}", model=release)["counts"]["read"] == 0
    assert (tmp_path / "out.csv").read_bytes() == b"id,probability,decision,model\n"
