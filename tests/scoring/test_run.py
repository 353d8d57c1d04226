"""`score_file`: every row exactly one answer or a reason, the same from any number of workers, told in one manifest."""

from __future__ import annotations

import csv
import errno
import gzip
import json
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet
import pytest

import netral
from netral.errors import (
    DriftFound,
    InputError,
    ModelError,
    OutputConflict,
    OutputLocked,
    TooManyRejected,
    UsageError,
    WriteError,
)
from netral.scoring import ledger
from netral.scoring.batch import BATCH_ROWS, BATCH_ROWS_EXPLAINED, ReadOptions
from netral.scoring.lock import lock
from netral.scoring.run import score_file
from tests.scoring.making import posts, write_posts, write_profile
from tests.scoring.victim import slow

SMALL = ReadOptions(keep=("likes",), batch_rows=64)


def read_csv(path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_has_its_answer_or_a_reason(tmp_path, release):
    rows = posts(300)
    source = write_posts(tmp_path / "posts.csv", rows)
    manifest = score_file(source, tmp_path / "out.csv", model=release, read=SMALL)
    good = [row for row in rows if row["text"]]
    model = netral.load(release)
    expected = model.score([row["text"] for row in good])
    out = read_csv(tmp_path / "out.csv")
    assert list(out[0]) == ["id", "probability", "decision", "model", "likes"]
    assert [row["id"] for row in out] == [row["id"] for row in good]
    assert [float(row["probability"]) for row in out] == expected.probability.tolist()
    assert [row["decision"] for row in out] == model.decide([row["text"] for row in good])
    assert [row["likes"] for row in out] == [str(row["likes"]) for row in good]
    assert {row["model"] for row in out} == {model.version}
    rejected = [json.loads(line) for line in (tmp_path / "out.csv.rejected.jsonl").read_bytes().splitlines()]
    assert [(row["row"], row["id"], row["reason"]) for row in rejected] == [
        (number, row["id"], "empty text") for number, row in enumerate(rows, 1) if not row["text"]
    ]
    counts = manifest["counts"]
    assert (counts["read"], counts["scored"], counts["rejected"]) == (300, len(good), 300 - len(good))
    assert sum(counts["decisions"].values()) == len(good)
    assert manifest == json.loads((tmp_path / "out.csv.run.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "csv.gz", "csv.zst", "jsonl.gz", "parquet.zst"])
def test_workers_and_repetition_change_no_byte(tmp_path, release, kind):
    source = write_posts(tmp_path / "posts.jsonl", posts(400))
    first, second = tmp_path / f"one.{kind}", tmp_path / f"two.{kind}"
    score_file(source, first, model=release, read=SMALL, explain=2)
    score_file(source, second, model=release, read=SMALL, explain=2, workers=2, load=slow)
    assert first.read_bytes() == second.read_bytes()
    assert len({len(content(path)) for path in (first, second)}) == 1
    assert content(first)[0]["id"] == "p1"
    assert all(isinstance(json.loads(row["reasons"]), list) for row in content(first))


def test_batches_are_smaller_where_posts_are_explained_and_results_do_not_depend_on_it(tmp_path, release):
    """A run is stopped between two batches."""
    source = write_posts(tmp_path / "posts.csv", posts(2500))
    manifest = score_file(source, tmp_path / "small.csv", model=release, explain=2)
    score_file(source, tmp_path / "large.csv", model=release, explain=2, read=ReadOptions())
    assert (manifest["identity"]["options"]["chunk_rows"], ReadOptions().batch_rows) == (2048, 8192)
    assert score_file(source, tmp_path / "bare.csv", model=release)["identity"]["options"]["chunk_rows"] == 8192
    assert (tmp_path / "small.csv").read_bytes() == (tmp_path / "large.csv").read_bytes()


def content(path) -> list[dict]:
    """Read a result with other readers than ours where there are any."""
    if "parquet" in path.name:
        data = path.read_bytes() if path.suffix == ".parquet" else pa.CompressedInputStream(pa.OSFile(str(path)), "zstd").read()
        return pyarrow.parquet.read_table(pa.BufferReader(data)).to_pylist()
    if path.suffix == ".zst":
        text = pa.CompressedInputStream(pa.OSFile(str(path)), "zstd").read().decode()
    else:
        text = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode()
    return [json.loads(line) for line in text.splitlines()] if "jsonl" in path.name else list(csv.DictReader(text.splitlines()))


def test_awkward_ids_and_kept_values_survive_csv(tmp_path, release):
    awkward = ["a\nb", 'c"d', "e,f", "g\rh", "=1+1", " i ", "日本"]
    rows = [{"id": name, "text": "rapat warga", "platform": "x", "likes": name} for name in awkward]
    source = write_posts(tmp_path / "posts.parquet", rows)
    score_file(source, tmp_path / "out.csv", model=release, read=SMALL)
    out = read_csv(tmp_path / "out.csv")
    assert [row["id"] for row in out] == awkward == [row["likes"] for row in out]


def test_kept_columns_of_parquet_keep_their_types_and_become_text_where_files_disagree(tmp_path, release):
    write_posts(tmp_path / "a.parquet", posts(5))
    write_posts(tmp_path / "b.csv", posts(5, seed=2))
    inputs = [tmp_path / "a.parquet", tmp_path / "b.csv"]
    score_file(inputs[0], tmp_path / "one.parquet", model=release, read=SMALL, max_rejected=None)
    score_file(inputs, tmp_path / "both.parquet", model=release, read=SMALL, max_rejected=None)
    one, both = (pyarrow.parquet.read_table(tmp_path / name) for name in ("one.parquet", "both.parquet"))
    assert one.schema.field("likes").type == pa.int64()
    assert both.schema.field("likes").type == pa.string()
    assert both["likes"].to_pylist()[: len(one)] == [str(value) for value in one["likes"].to_pylist()]


@pytest.mark.parametrize("out", ["out.csv", "out.jsonl"])
def test_kept_strings_that_a_program_wrote_as_bytes_are_strings(tmp_path, release, out):
    kept = {"likes": [b"caf\xc3\xa9", b"\xff", None], "tags": [[b"a"], [], None]}
    pyarrow.parquet.write_table(pa.table({"id": ["1", "2", "3"], "text": ["rapat"] * 3, **kept}), tmp_path / "posts.parquet")
    score_file(tmp_path / "posts.parquet", tmp_path / out, model=release, read=ReadOptions(keep=("likes", "tags")))
    if out == "out.csv":
        found = [(row["likes"], row["tags"]) for row in read_csv(tmp_path / out)]
        assert found == [("café", '["a"]'), ("\\xff", "[]"), ("", "")]
    else:
        rows = [json.loads(line) for line in (tmp_path / out).read_bytes().splitlines()]
        assert [(row["likes"], row["tags"]) for row in rows] == [("café", ["a"]), ("\\xff", []), (None, None)]


def test_values_that_json_cannot_say_become_null(tmp_path, release):
    rows = [{"id": "1", "text": "rapat", "likes": float("nan")}, {"id": "2", "text": "warga", "likes": 0.5}]
    score_file(write_posts(tmp_path / "posts.parquet", rows), tmp_path / "out.jsonl", model=release, read=SMALL)
    assert [json.loads(line)["likes"] for line in (tmp_path / "out.jsonl").read_bytes().splitlines()] == [None, 0.5]


def test_the_same_job_again_is_complete_and_rewrites_nothing(tmp_path, release):
    source = write_posts(tmp_path / "posts.csv", posts(100))
    first = score_file(source, tmp_path / "out.csv.gz", model=release)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert score_file(source, tmp_path / "out.csv.gz", model=release, workers=2) == first
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_another_job_on_the_same_output_is_refused_and_told_why(tmp_path, release, other_release):
    source, out = write_posts(tmp_path / "posts.csv", posts(100)), tmp_path / "out.csv"
    other = write_posts(tmp_path / "more.csv", posts(50))
    score_file(source, out, model=release)
    before = out.read_bytes()
    for change, word in (
        ({"inputs": other}, "input"),
        ({"model": other_release}, "model"),
        ({"explain": 1}, "explain"),
        ({"read": ReadOptions(keep=("likes",))}, "keep"),
    ):
        with pytest.raises(OutputConflict, match=f"{word}.*--overwrite"):
            score_file(**({"inputs": source, "out": out, "model": release} | change))
    assert out.read_bytes() == before
    score_file(source, out, model=other_release, overwrite=True)
    assert out.read_bytes() != before


def test_an_output_that_is_not_ours_or_was_changed_is_refused(tmp_path, release):
    source, out = write_posts(tmp_path / "posts.csv", posts(50)), tmp_path / "out.csv"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputConflict, match="without a manifest"):
        score_file(source, out, model=release)
    score_file(source, out, model=release, overwrite=True)
    out.write_text(out.read_text(encoding="utf-8") + "more\n", encoding="utf-8")
    with pytest.raises(OutputConflict, match="changed after it was written"):
        score_file(source, out, model=release)


def test_two_runs_on_one_output(tmp_path, release):
    source, out = write_posts(tmp_path / "posts.csv", posts(50)), tmp_path / "out.csv"
    with lock(out), pytest.raises(OutputLocked, match="another run"):
        score_file(source, out, model=release)
    crashed = """
import os, sys
from pathlib import Path
from netral.scoring.lock import lock
with lock(Path(sys.argv[1])):
    os._exit(1)
"""
    subprocess.run([sys.executable, "-c", crashed, str(out)], check=False)
    assert (tmp_path / ".out.csv.netral-lock").exists()
    score_file(source, out, model=release)
    assert sorted(path.name for path in tmp_path.glob(".*")) == []


def test_too_many_rejected_rows_publish_nothing_and_a_higher_limit_goes_on(tmp_path, release):
    rows = posts(400)
    source, out = write_posts(tmp_path / "posts.csv", rows), tmp_path / "out.csv"
    with pytest.raises(TooManyRejected, match="1 are allowed"):
        score_file(source, out, model=release, read=SMALL, max_rejected="1")
    assert not out.exists()
    manifest = score_file(source, out, model=release, read=SMALL, max_rejected="10%", resume=True)
    assert 0 < manifest["run"]["resumed_at_row"] < 400
    assert manifest["counts"]["rejected"] == sum(not row["text"] for row in rows)
    score_file(source, tmp_path / "whole.csv", model=release, read=SMALL)
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_share_of_rejected_rows_is_judged_at_the_end(tmp_path, release):
    rows = [{"id": str(i), "text": "" if i < 3 else "rapat"} for i in range(100)]
    source = write_posts(tmp_path / "posts.jsonl", rows)
    with pytest.raises(TooManyRejected, match="3 of 100 rows were rejected, 2% are allowed"):
        score_file(source, tmp_path / "out.csv", model=release, max_rejected="2%")
    assert score_file(source, tmp_path / "out.csv", model=release, max_rejected="3%", resume=True)["counts"]["rejected"] == 3


def test_drift_is_in_the_manifest_and_raised_only_when_asked_for(tmp_path):
    rows = [row for row in posts(3000) if row["text"]]
    model = write_profile(tmp_path / "model", [str(row["text"]) for row in rows], [str(row["platform"]) for row in rows])
    same, other = posts(1500, seed=5), [{"id": str(i), "text": "kata baru sekali di sini", "platform": "forum"} for i in range(1000)]
    steady = score_file(write_posts(tmp_path / "same.csv", same), tmp_path / "same.out.csv", model=model, fail_on_drift=True, workers=2)
    assert steady["drift"]["level"] == "steady"
    assert steady["drift"]["rows"] == steady["counts"]["scored"]
    source = write_posts(tmp_path / "other.csv", other)
    for _ in range(2):  # a job that is tried again must not turn from 7 to 0
        with pytest.raises(DriftFound, match=r"platforms PSI .* alarm"):
            score_file(source, tmp_path / "other.out.csv", model=model, fail_on_drift=True)
    drifted = score_file(source, tmp_path / "other.out.csv", model=model)
    assert {drifted["drift"][name]["level"] for name in ("score", "unknown", "platforms")} == {"alarm"}
    assert len(read_csv(tmp_path / "other.out.csv")) == 1000


def test_without_a_profile_drift_cannot_be_asked_for(tmp_path, release):
    source = write_posts(tmp_path / "posts.csv", posts(20))
    with pytest.raises(ModelError, match="no drift profile"):
        score_file(source, tmp_path / "out.csv", model=release, fail_on_drift=True)
    assert score_file(source, tmp_path / "out.csv", model=release)["drift"]["level"] == "no profile"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"out": "posts.csv"}, "would cover it"),
        ({"out": "out.txt"}, "expected .csv, .jsonl or .parquet"),
        ({"out": "csv"}, "expected .csv, .jsonl or .parquet"),
        ({"inputs": ".", "out": "deep/out.csv"}, "would cover it"),
        ({"inputs": "*.csv"}, "would cover it"),
        ({"inputs": "**/*.csv", "out": "deep/er/out.csv"}, "would cover it"),
        ({"inputs": "*.jsonl", "out": "out.csv"}, "would cover it"),
        ({"metrics": "posts.csv"}, "is read or written by the same run"),
        ({"metrics": "out.csv"}, "is read or written by the same run"),
        ({"metrics": "out.csv.run.json"}, "is read or written by the same run"),
        ({"out": "-", "rejected": "posts.csv"}, "is read or written by the same run"),
        ({"out": "-", "rejected": "beside", "manifest": "beside"}, "is read or written by the same run"),
        ({"out": "-", "manifest": "/dev/null"}, "no ordinary file"),
        ({"out": "folder.csv"}, "in the way"),
        ({"out": 238 * "b" + ".csv"}, "too long"),
        ({"out": "run-in-the-way.csv"}, "is in the way; move it"),
        ({"out": "two\nlines.csv"}, "control characters"),
        ({"inputs": ""}, "an input without a name"),
        ({"max_rejected": "9" * 5000}, "expected a number of rows"),
        ({"workers": 513}, "1 to 512"),
        ({"inputs": []}, "no input"),
        ({"max_rejected": "many"}, "expected a number of rows"),
        ({"max_rejected": "101%"}, "expected a number of rows"),
        ({"max_rejected": 0.01}, "expected a number of rows"),
        ({"read": ReadOptions(keep=("decision",))}, "has a column of that name|have a column of that name"),
        ({"read": ReadOptions(keep=("likes", "likes"))}, "twice"),
        ({"workers": 0}, "1 to 512"),
        ({"out": "-", "resume": True}, "need a file"),
        ({"rejected": "r.jsonl"}, "go with --out -"),
        ({"workers": 2, "load": lambda folder: netral.load(folder)}, "cannot import"),
    ],
)
def test_calls_that_cannot_be_meant(tmp_path, release, monkeypatch, change, message):
    monkeypatch.chdir(tmp_path)
    write_posts(tmp_path / "posts.csv", posts(5))
    (tmp_path / "folder.csv.rejected.jsonl").mkdir()
    (tmp_path / ".run-in-the-way.csv.netral-run").symlink_to("elsewhere")
    before = (tmp_path / "posts.csv").read_bytes()
    with pytest.raises(UsageError, match=message):
        score_file(**({"inputs": "posts.csv", "out": "out.csv", "model": release} | change))
    assert (tmp_path / "posts.csv").read_bytes() == before
    assert not (tmp_path / "out.csv").exists()


def test_calls_in_python_are_as_people_write_them(tmp_path, release):
    """A number is no string, and what is copied is named from `netral` itself."""
    source = write_posts(tmp_path / "posts.csv", posts(5))
    manifest = score_file(source, tmp_path / "out.csv", model=release, max_rejected=0, read=netral.ReadOptions(keep=("likes",)))
    assert manifest["counts"]["scored"] == 5
    with pytest.raises(UsageError, match=r"found 'likes' as columns to keep, expected several names"):
        netral.ReadOptions(keep="likes")


def test_a_file_that_grows_while_it_is_read_gives_no_result(tmp_path, release, monkeypatch):
    source = write_posts(tmp_path / "posts.csv", posts(200))

    def growing(folder):
        model = slow(folder)
        score = model.score

        def score_and_append(texts, gazetteer=None):
            with open(source, "a", encoding="utf-8") as file:
                file.write("late,rapat,x,1\n")
            return score(texts, gazetteer)

        model.score = score_and_append
        return model

    with pytest.raises(InputError, match="changed while it was read"):
        score_file(source, tmp_path / "out.csv", model=release, load=growing)
    assert not (tmp_path / "out.csv").exists()
    with pytest.raises(InputError, match="changed while it was read; its results are not whole"):
        score_file(source, "-", manifest=tmp_path / "run.json", model=release, load=growing)
    assert not (tmp_path / "run.json").exists(), "it would call them complete"


def test_a_run_that_gives_reasons_has_small_batches_whatever_else_it_reads(tmp_path, release):
    source = write_posts(tmp_path / "posts.csv", posts(5))
    read = ReadOptions(keep=("platform",))
    for explain, rows in ((0, BATCH_ROWS), (2, BATCH_ROWS_EXPLAINED)):
        done = score_file(source, tmp_path / f"{explain}.csv", model=release, read=read, explain=explain)
        assert done["identity"]["options"]["chunk_rows"] == rows


def test_a_place_that_cannot_be_written_to(tmp_path, release):
    source = write_posts(tmp_path / "posts.csv", posts(5))
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WriteError, match="cannot be written to"):
        score_file(source, tmp_path / "file" / "out.csv", model=release)
    if sys.platform == "linux":
        with pytest.raises(WriteError, match="cannot be written to"):
            score_file(source, "/proc/out.csv", model=release)


def test_a_note_of_the_run_that_cannot_be_written_is_told_like_the_results(tmp_path, release, monkeypatch):
    source = write_posts(tmp_path / "posts.csv", posts(5))

    def full(path, content):
        raise WriteError(f"{path}: cannot be written") from OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ledger, "write_json", full)
    with pytest.raises(WriteError, match=r"out\.csv: cannot be written \(No space left on device\).*the same command with --resume"):
        score_file(source, tmp_path / "out.csv", model=release, max_rejected=None)


def test_workers_take_no_modules_from_the_folder_of_the_posts(tmp_path, release, monkeypatch):
    (tmp_path / "queue.py").write_text(f"open({str(tmp_path / 'executed')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path not in ("", str(tmp_path))])
    score_file(write_posts(tmp_path / "posts.csv", posts(500)), tmp_path / "out.csv", model=release, read=SMALL, workers=2)
    assert not (tmp_path / "executed").exists()
