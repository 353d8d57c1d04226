"""`netral score` as a process: streams, exit codes, one line per error, signals, and what it does not import."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.scoring.making import posts, write_posts


def netral(*arguments: object, models: object, **options) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "NETRAL_MODELS": str(models)}
    command = [sys.executable, "-m", "netral.cli", "score", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False, **options)


@pytest.fixture(scope="session")
def models(release):
    """The folder of releases, with the tiny one in use."""
    (release.parent / "current").write_text(release.name + "\n", encoding="utf-8")
    return release.parent


def test_stdin_to_stdout(tmp_path, models):
    rows = posts(300)
    source = write_posts(tmp_path / "posts.csv", rows)
    rejected, manifest = tmp_path / "rejected.jsonl", tmp_path / "manifest.json"
    with open(source, "rb") as stdin:
        done = netral("-", "--out", "-", "--rejected", rejected, "--manifest", manifest, models=models, stdin=stdin)
    assert done.returncode == 0, done.stderr
    out = list(csv.DictReader(done.stdout.decode().splitlines()))
    assert [row["id"] for row in out] == [row["id"] for row in rows if row["text"]]
    assert len(rejected.read_bytes().splitlines()) == 300 - len(out)
    assert json.loads(manifest.read_bytes())["counts"]["scored"] == len(out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "posts.csv", "rejected.jsonl"]


def test_too_many_rejected_rows_on_standard_output_are_not_to_be_resumed(tmp_path, models):
    """There is nothing to resume, and a call with --resume is refused."""
    source = write_posts(tmp_path / "posts.csv", [{"id": "1", "text": "", "platform": "x", "likes": 1}])
    done = netral(source, "--out", "-", "--rejected", tmp_path / "rejected.jsonl", models=models)
    assert done.returncode == 4
    assert "--resume" not in done.stderr.decode()
    assert "allow more with --max-rejected, and read why in the file of --rejected" in done.stderr.decode()
    assert netral(source, "--out", "-", "--rejected", tmp_path / "r.jsonl", "--max-rejected", "100%", models=models).returncode == 0


def test_a_reader_that_goes_away_ends_the_run(tmp_path, models):
    source = write_posts(tmp_path / "posts.csv", posts(20_000))
    command = [sys.executable, "-m", "netral.cli", "score", str(source), "--out", "-"]
    environment = {**os.environ, "NETRAL_MODELS": str(models)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(10)
        process.stdout.close()
        complaint = process.stderr.read().decode()
        assert process.wait(60) == 9
    assert len(complaint.splitlines()) == 1
    assert "whoever reads it has gone" in complaint


def test_every_kind_of_end_has_its_exit_code_and_one_line(tmp_path, models):
    source = write_posts(tmp_path / "posts.csv", posts(200))
    out = tmp_path / "out.csv"
    for arguments, code, word in (
        ((source,), 2, "--out"),
        ((source, "--out", tmp_path / "out.docx"), 2, "expected .csv"),
        ((source, "--out", out, "--workers", "none"), 2, "--workers"),
        ((tmp_path / "missing.csv", "--out", out), 3, "missing.csv"),
        ((source, "--out", out, "--text-column", "isi"), 3, "isi"),  # leaves nothing that would be in the way of the next
        ((source, "--out", out, "--max-rejected", "0"), 4, "rejected"),
        ((source, "--out", out, "--model", "ffff"), 5, "ffff"),
        ((source, "--out", out), 8, "--resume"),
        ((source, "--out", out, "--resume"), 0, "200 rows read"),
        ((source, "--out", out), 0, "already complete"),
        ((source, "--out", out, "--explain", "1"), 8, "explain"),
        ((source, "--out", "/proc/out.csv"), 9, "cannot be written"),
    ):
        done = netral(*arguments, models=models)
        complaint = done.stderr.decode()
        assert done.returncode == code, complaint
        assert word in complaint
        assert "Traceback" not in complaint
        assert code == 0 or len(complaint.splitlines()) == 1, complaint


def test_the_log_is_json_when_asked_and_holds_no_post(tmp_path, models):
    source = write_posts(tmp_path / "posts.csv", posts(100))
    done = netral(source, "--out", tmp_path / "out.csv", "--log-format", "json", models=models)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert any(line.get("counts", {}).get("read") == 100 for line in lines)
    assert all({"time", "level", "message"} <= set(line) for line in lines)
    failed = netral(source, "--out", tmp_path / "out.csv", "--explain", 1, "--log-format", "json", models=models)
    assert json.loads(failed.stderr)["exit_code"] == 8
    assert b"dukung" not in done.stderr + failed.stderr


@pytest.mark.parametrize("workers", [1, 2])
def test_sigterm_from_outside_leaves_a_resumable_run(tmp_path, models, workers):
    rows = posts(150_000)
    for number, row in enumerate(rows):  # tags never met before take time: the signal finds a run that has seconds to go
        row["text"] += f" #Warga{number}Desa #Kota{number}Kita"
    source = write_posts(tmp_path / "posts.csv", rows)
    arguments = [str(source), "--out", str(tmp_path / "out.csv"), "--workers", str(workers)]
    environment = {**os.environ, "NETRAL_MODELS": str(models)}
    with subprocess.Popen(
        [sys.executable, "-m", "netral.cli", "score", *arguments], env=environment, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        results = tmp_path / ".out.csv.netral-run" / "results"
        while not (results.exists() and results.stat().st_size > 1000):
            assert process.poll() is None
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGTERM)  # systemd signals the whole group
        assert process.stderr
        complaint = process.stderr.read().decode()
        assert process.wait(60) == 143, complaint
    assert "--resume" in complaint
    assert "Traceback" not in complaint
    assert not (tmp_path / "out.csv").exists()
    assert netral(*arguments, "--resume", models=models).returncode == 0


def test_scoring_imports_nothing_heavy(tmp_path, models):
    """A light base install, and a start in well under a second: no frames, no training, no progress bar without a terminal."""
    source = write_posts(tmp_path / "posts.csv", posts(10))
    code = """
import sys
from netral.cli import main
try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
heavy = ("pandas", "sklearn", "scipy", "joblib", "mlflow", "dvc", "matplotlib", "rich", "concurrent.futures.process")
sys.stdout.write(" ".join(name for name in heavy if sys.modules.get(name)))
"""
    command = [sys.executable, "-c", code, "score", str(source), "--out", str(tmp_path / "out.csv"), "--max-rejected", "100%"]
    done = subprocess.run(command, env={**os.environ, "NETRAL_MODELS": str(models)}, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b""), done


def test_help_and_version():
    done = subprocess.run([sys.executable, "-m", "netral.cli", "score", "--help"], capture_output=True, check=False)
    assert done.returncode == 0
    assert b"--max-rejected" in done.stdout
    done = subprocess.run([sys.executable, "-m", "netral.cli"], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"score" in done.stdout
    done = subprocess.run([sys.executable, "-m", "netral.cli", "--version"], capture_output=True, check=False)
    assert done.stdout.startswith(b"netral ")


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_daemon_may_have_closed_its_standard_streams(tmp_path, models, closed):
    """What is opened next must not take their places."""
    source = write_posts(tmp_path / "posts.csv", posts(50))
    command = f"exec {sys.executable} -m netral.cli score {source} --out {tmp_path / 'out.csv'} {closed}>&-"
    done = subprocess.run(["sh", "-c", command], env={**os.environ, "NETRAL_MODELS": str(models)}, timeout=60, check=False)
    assert done.returncode == 0
    assert (tmp_path / "out.csv.run.json").exists()


def test_a_closed_standard_output_cannot_be_written(tmp_path, models):
    source = write_posts(tmp_path / "posts.csv", posts(50))
    command = f"exec {sys.executable} -m netral.cli score {source} --out - >&-"
    environment = {**os.environ, "NETRAL_MODELS": str(models)}
    done = subprocess.run(["sh", "-c", command], env=environment, timeout=60, check=False, capture_output=True)
    assert done.returncode == 9
    assert b"standard output: is closed" in done.stderr
    for other in ("--version", "model list"):
        command = f"exec {sys.executable} -m netral.cli {other} >&-"
        assert subprocess.run(["sh", "-c", command], env=environment, timeout=60, check=False).returncode == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device that is always full is Linux's")
def test_a_full_standard_output_is_not_taken_for_a_reader_that_has_gone(tmp_path, models):
    source = write_posts(tmp_path / "posts.csv", posts(50))
    environment = {**os.environ, "NETRAL_MODELS": str(models)}
    command = [sys.executable, "-m", "netral.cli", "score", str(source), "--out", "-"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, env=environment, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 9
    assert b"cannot be written (No space left on device); make room, then run again" in done.stderr


def test_results_that_fit_only_in_part_are_an_error_where_standard_output_is_not_buffered_either(tmp_path, models):
    source, out = write_posts(tmp_path / "posts.csv", posts(3000)), tmp_path / "out.csv"
    environment = {**os.environ, "NETRAL_MODELS": str(models), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "netral.cli", "score", str(source), "--out", "-", "--max-rejected", "100%"]
    command = ["prlimit", f"--fsize={50_000}", *command]
    with open(out, "wb") as results:
        done = subprocess.run(command, env=environment, stdout=results, stderr=subprocess.PIPE, timeout=60, check=False)
    assert out.stat().st_size == 50_000, "a raw file takes what fits, and says so only by a number"
    assert done.returncode == 9, done.stderr
    assert b"cannot be written (File too large)" in done.stderr


def test_names_that_are_no_utf8_are_refused_before_anything_is_done(tmp_path, models):
    source = write_posts(tmp_path / "posts.csv", posts(5))
    done = netral(source, "--out", os.fsdecode(os.fsencode(tmp_path) + b"/o\xff.csv"), models=models)
    assert done.returncode == 2
    assert b"no UTF-8" in done.stderr
    assert len(done.stderr.splitlines()) == 1
