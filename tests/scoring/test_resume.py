"""An unfinished run: who may go on with it, who may not, and what a signal leaves behind."""

from __future__ import annotations

import io
import json
import os
import signal
import time

import pytest

import netral
from netral.errors import InputError, NetralError, OutputConflict, Stopped, TooManyRejected
from netral.scoring import run
from netral.scoring.batch import ReadOptions
from netral.scoring.run import score_file
from tests.scoring.making import posts, write_posts

SMALL = ReadOptions(batch_rows=64)


@pytest.fixture
def half(tmp_path, release, monkeypatch):
    """A job whose reader failed midway."""
    source, out = write_posts(tmp_path / "posts.csv", posts(400)), tmp_path / "out.jsonl.gz"
    read = run.read_batches

    def failing(*arguments):
        for number, batch in enumerate(read(*arguments)):
            if number == 3:
                raise OSError(5, "Input/output error")
            yield batch

    with monkeypatch.context() as patch:
        patch.setattr(run, "read_batches", failing)
        with pytest.raises(InputError, match="--resume"):
            score_file(source, out, model=release, read=SMALL)
    assert not out.exists()
    return {"inputs": source, "out": out, "model": release, "read": SMALL}


@pytest.fixture
def stdin(tmp_path, monkeypatch):
    """Send posts to standard input."""

    def send(rows):
        content = write_posts(tmp_path / "sent.csv", rows).read_bytes()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))

    return send


def test_resume_goes_on_and_ends_as_if_nothing_had_happened(half, tmp_path, caplog):
    with pytest.raises(OutputConflict, match="begun and not finished; --resume"):
        score_file(**half)
    with caplog.at_level("INFO", logger="netral"):
        manifest = score_file(**half, resume=True, workers=2)
    assert manifest["run"]["resumed_at_row"] == 3 * 64
    assert "goes on after the 192 rows of an earlier run" in caplog.messages
    assert list(manifest["counts"]["decisions"]) == ["clear", "review", "flag"]  # as the log tells them
    whole = score_file(**(half | {"out": tmp_path / "whole.jsonl.gz"}))
    assert half["out"].read_bytes() == (tmp_path / "whole.jsonl.gz").read_bytes()
    assert {name: whole[name] for name in ("counts", "drift", "identity")} == {
        name: manifest[name] for name in ("counts", "drift", "identity")
    }


def test_runs_on_disk_keep_the_names_that_the_first_had(half):
    """Or a run that was begun by an earlier netral of this version would be lost, and its complete results not known again."""
    folder = half["out"].with_name(f".{half['out'].name}.netral-run")
    begun, state = (json.loads((folder / name).read_bytes()) for name in ("run.json", "state.json"))
    assert set(begun) == {"identity", "netral"}
    assert set(begun["identity"]) == {"inputs", "model", "gazetteer", "options"}
    columns = {"text_column", "id_column", "platform_column", "keep"}
    assert set(begun["identity"]["options"]) == {*columns, "max_text", "chunk_rows", "explain", "format", "compression"}
    assert begun["identity"]["options"]["chunk_rows"] == 64
    assert set(state) == {"sizes", "tally"}
    assert set(state["tally"]) == {"chunks", "read", "rejected", "decisions", "drift"}
    assert state["tally"]["chunks"] == 3


def test_resume_with_nothing_to_resume_starts(tmp_path, release):
    source = write_posts(tmp_path / "posts.csv", posts(50))
    assert score_file(source, tmp_path / "out.csv", model=release, resume=True)["run"]["resumed_at_row"] == 0


@pytest.mark.parametrize("change", ["input", "model", "explain", "text_column", "gazetteer"])
def test_resume_refuses_what_would_give_other_results(half, tmp_path, other_release, change):
    gazetteer = tmp_path / "election.yaml"
    gazetteer.write_text("election: pilkada-contoh\nsides:\n- candidates:\n  - name: Rangga Wira\n", encoding="utf-8")
    if change == "input":
        write_posts(half["inputs"], posts(399))
    options = {
        "input": {},
        "model": {"model": other_release},
        "explain": {"explain": 1},
        "text_column": {"read": ReadOptions(text_column="platform", batch_rows=64)},
        "gazetteer": {"gazetteer": gazetteer},
    }[change]
    with pytest.raises(OutputConflict, match=f"{change}.*--overwrite"):
        score_file(**(half | options), resume=True)
    assert score_file(**(half | options), overwrite=True, max_rejected=None)["run"]["resumed_at_row"] == 0


def test_resume_refuses_a_run_of_another_netral(half, monkeypatch):
    monkeypatch.setattr(netral, "__version__", "9.9.9")
    with pytest.raises(OutputConflict, match=r"netral .* before, 9\.9\.9 now"):
        score_file(**half, resume=True)


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize("more", [False, True])
def test_what_comes_through_a_pipe_drops_no_run_that_can_be_resumed(half, stdin, resume, more):
    stdin(posts(30))
    inputs = ["-", half["inputs"]] if more else "-"
    with pytest.raises(OutputConflict, match=r"unfinished run differs in input \(.*posts.csv.*--overwrite") as refused:
        score_file(**(half | {"inputs": inputs}), resume=resume)
    assert refused.value.exit_code == 8
    assert more or "standard input now" in str(refused.value)
    assert score_file(**half, resume=True)["run"]["resumed_at_row"] == 3 * 64


def test_overwriting_lets_a_pipe_drop_an_unfinished_run(half, stdin):
    stdin(posts(30))
    assert score_file(**(half | {"inputs": "-"}), overwrite=True, max_rejected=None)["counts"]["read"] == 30
    assert list(half["out"].parent.glob(".*")) == []


@pytest.mark.parametrize("inputs", ["-", "posts.csv"])
def test_a_run_that_came_through_a_pipe_cannot_be_resumed_and_is_in_nobodys_way(tmp_path, release, stdin, monkeypatch, inputs):
    monkeypatch.chdir(tmp_path)
    write_posts(tmp_path / "posts.csv", posts(30))
    stdin(posts(400))
    with pytest.raises(TooManyRejected):
        score_file("-", "out.csv", model=release, read=SMALL, max_rejected="1")
    assert (tmp_path / ".out.csv.netral-run" / "run.json").exists()
    stdin(posts(30))
    manifest = score_file(inputs, "out.csv", model=release, read=SMALL, max_rejected=None, resume=True)
    assert (manifest["counts"]["read"], manifest["run"]["resumed_at_row"]) == (30, 0)


def test_a_pipe_replaces_no_result_unless_told_to(tmp_path, release, stdin):
    source, out = write_posts(tmp_path / "posts.csv", posts(30)), tmp_path / "out.csv"
    score_file(source, out, model=release, max_rejected=None)
    for why in ("standard input now", "other posts than before"):  # the second time the result came through a pipe too
        stdin(posts(40))
        with pytest.raises(OutputConflict, match=f"not the result of this job.*{why}"):
            score_file("-", out, model=release, max_rejected=None)
        stdin(posts(40))
        score_file("-", out, model=release, max_rejected=None, overwrite=True)


def test_a_damaged_run_is_refused(half):
    folder = half["out"].with_name(f".{half['out'].name}.netral-run")
    with open(folder / "results", "r+b") as results:
        results.truncate(10)
    with pytest.raises(OutputConflict, match=r"damaged.*--overwrite"):
        score_file(**half, resume=True)


def test_a_damaged_run_that_lost_a_file_or_counts_more_than_there_is_is_refused(half):
    folder = half["out"].with_name(f".{half['out'].name}.netral-run")
    state = json.loads((folder / "state.json").read_text())
    for batches in (-3, "5", 100_000):
        (folder / "state.json").write_text(json.dumps({**state, "tally": {**state["tally"], "chunks": batches}}))
        with pytest.raises(OutputConflict, match=r"damaged.*--overwrite"):
            score_file(**half, resume=True)
    assert not half["out"].exists()
    (folder / "state.json").write_text(json.dumps(state))
    (folder / "rejected.jsonl").unlink()
    with pytest.raises(OutputConflict, match=r"damaged.*--overwrite"):
        score_file(**half, resume=True)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"out": {}, "rejected": {}}'])
def test_a_run_whose_list_of_final_files_is_damaged_is_refused(half, content):
    (half["out"].with_name(f".{half['out'].name}.netral-run") / "publish.json").write_text(content)
    with pytest.raises(OutputConflict, match=r"damaged.*--overwrite"):
        score_file(**half, resume=True)
    assert not half["out"].exists()


@pytest.mark.parametrize("content", ["{}", '{"identity": 5, "netral": 1}', '{"identity": {"inputs": [5]}, "netral": 1}', "[" * 100_000])
@pytest.mark.parametrize("name", ["run.json", "state.json"])
def test_notes_of_a_run_that_mean_nothing_are_no_run(half, name, content):
    (half["out"].with_name(f".{half['out'].name}.netral-run") / name).write_text(content)
    assert score_file(**half, resume=True)["run"]["resumed_at_row"] == 0


@pytest.mark.parametrize("content", ['{"format": 1}', '{"format": 1, "identity": {"inputs": 5}}', "[" * 100_000, "without the output"])
def test_a_manifest_that_means_nothing_is_none(tmp_path, release, content):
    source, out = write_posts(tmp_path / "posts.csv", posts(20)), tmp_path / "out.csv"
    done = score_file(source, out, model=release, max_rejected=None)
    done.pop("out")
    (tmp_path / "out.csv.run.json").write_text(json.dumps(done) if content == "without the output" else content)
    with pytest.raises(OutputConflict, match="a file without a manifest"):
        score_file(source, out, model=release, max_rejected=None, resume=True)


def test_the_old_output_stays_until_the_new_one_is_complete(tmp_path, release, other_release):
    source, out = write_posts(tmp_path / "posts.csv", posts(200)), tmp_path / "out.csv"
    old = score_file(source, out, model=release, read=SMALL)
    before = out.read_bytes()
    with pytest.raises(Stopped):
        score_file(source, out, model=other_release, read=SMALL, overwrite=True, load=signalled(2, signal.SIGTERM))
    assert out.read_bytes() == before
    assert score_file(source, out, model=release, read=SMALL) == old, "the old job is still complete"
    score_file(source, out, model=other_release, read=SMALL, resume=True)
    assert out.read_bytes() != before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_batch_in_hand_be_finished(tmp_path, release, number):
    source, out = write_posts(tmp_path / "posts.csv", posts(400)), tmp_path / "out.csv"
    before = signal.getsignal(number)
    with pytest.raises(Stopped, match=r"128 rows are kept.*--resume") as stopped:
        score_file(source, out, model=release, read=SMALL, load=signalled(2, number))
    assert stopped.value.exit_code == 128 + number
    assert signal.getsignal(number) is before
    assert score_file(source, out, model=release, read=SMALL, resume=True)["run"]["resumed_at_row"] == 128


def signalled(batch: int, number: int):
    """A loader whose model is hit by a signal while it scores its `batch`-th batch."""

    def load(folder):
        model = netral.load(folder)
        score, seen = model.score, []

        def score_and_be_hit(texts, gazetteer=None):
            seen.append(len(texts))
            if len(seen) == batch:
                os.kill(os.getpid(), number)
            return score(texts, gazetteer)

        model.score = score_and_be_hit
        return model

    return load


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_the_model_is_loaded_is_heard_at_once(tmp_path, release, number):
    source = write_posts(tmp_path / "posts.csv", posts(5))

    def endless(folder):
        os.kill(os.getpid(), number)
        time.sleep(30)

    begun = time.monotonic()
    with pytest.raises(Stopped, match=number.name):
        score_file(source, tmp_path / "out.csv", model=release, load=endless)
    assert time.monotonic() - begun < 20
    assert [path.name for path in tmp_path.iterdir()] == ["posts.csv"]


def test_a_worker_that_dies_ends_the_run_resumably(tmp_path, release, monkeypatch):
    monkeypatch.setenv("NETRAL_TEST_SPARED", str(os.getpid()))
    source, out = write_posts(tmp_path / "posts.csv", posts(1000)), tmp_path / "out.csv"
    with pytest.raises(NetralError, match=r"worker process \d+ ended.*--resume"):
        score_file(source, out, model=release, read=SMALL, workers=2, load=deadly)
    score_file(source, out, model=release, read=SMALL, workers=2, resume=True)
    score_file(source, tmp_path / "whole.csv", model=release, read=SMALL)
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def deadly(folder):
    """Load a model that kills the worker it is in at its third batch, but not the process that the test is in."""
    model = netral.load(folder)
    score, seen = model.score, []

    def score_or_die(texts, gazetteer=None):
        seen.append(len(texts))
        if len(seen) == 3 and os.environ["NETRAL_TEST_SPARED"] != str(os.getpid()):
            os.kill(os.getpid(), signal.SIGKILL)
        return score(texts, gazetteer)

    model.score = score_or_die
    return model
