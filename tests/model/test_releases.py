"""Which releases there are, which is in use, and a log of who chose it."""

from __future__ import annotations

import json
import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from netral.errors import GatesFailed, ModelError, UsageError, WriteError
from netral.model import artifact, releases


def release(models: Path, number: int, **info: object) -> str:
    """Write a release that only its number tells from others."""
    core = artifact.core_bytes({"number": number}, {})
    extra = {"info.json": json.dumps(info).encode()} if info else {}
    draft = models / "draft"
    version = artifact.write(draft, core, extra)
    draft.rename(models / version)
    return version


@pytest.fixture
def models(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


@pytest.fixture
def three(models: Path) -> list[str]:
    """A good release, a later one whose gates failed, and one that does not say."""
    return [
        release(models, 1, created="2024-01-01T00:00:00+00:00", gates_failed=[]),
        release(models, 2, created="2024-02-01T00:00:00+00:00", gates_failed=["name_swap"]),
        release(models, 3),
    ]


def log(models: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (models / "promotions.jsonl").read_text().splitlines()]


def test_no_folder_means_no_release(tmp_path):
    assert releases.listing(tmp_path / "none") == []
    assert releases.current_version(tmp_path / "none") is None
    with pytest.raises(ModelError, match="no release is in use"):
        releases.current_folder(tmp_path / "none")


def test_the_list_is_in_order_of_time_and_marks_the_one_in_use(models, three):
    releases.use(models, three[0])
    found = releases.listing(models)
    assert [row["version"] for row in found] == [three[2], three[0], three[1]]
    assert [row["version"] for row in found if row["current"]] == [three[0]]
    assert found[2]["gates_failed"] == ["name_swap"]


def test_what_a_release_is_worth_is_said_in_short(models):
    told = {"data": {"posts": "posts.csv"}, "quality": {"part": "out of fold", "roc_auc": 0.9241}}
    assert releases.worth(told) == "posts.csv  ROC AUC 0.924 (out of fold)  "
    assert releases.worth({**told, "quality": {"part": "test", "roc_auc": None}}) == "posts.csv  "
    assert releases.worth({"data": 5, "quality": 5}) == releases.worth({"quality": {"roc_auc": "x"}}) == releases.worth({}) == ""


def test_what_is_no_complete_release_is_not_listed(models, three):
    (models / ".abc.123.tmp").mkdir()
    (models / ".abc.123.tmp" / "manifest.json").write_text("{}")
    (models / "unfinished").mkdir()
    assert len(releases.listing(models)) == len(three)


@pytest.mark.parametrize(
    "content", ["[]", "{", '{"gates_failed": 5}', '{"gates_failed": [1, null]}', '{"gates_failed": [], "gates": []}', "[" * 100_000]
)
def test_what_a_damaged_note_of_a_release_says_counts_for_nothing(models, three, content):
    (models / three[0] / "info.json").write_text(content)
    (models / three[1] / "info.json").write_text('{"gates_failed": ["pairs"], "gates": {"pairs": 5}}')
    found = {row["version"]: row for row in releases.listing(models)}
    assert "gates_failed" not in found[three[0]]
    assert "gates" not in found[three[1]]


def test_a_release_is_found_by_version_beginning_folder_and_as_current(models, three, monkeypatch):
    assert releases.find(models, three[0]) == models / three[0]
    beginning = next(three[0][:n] for n in range(1, 13) if not any(other.startswith(three[0][:n]) for other in three[1:]))
    assert releases.find(models, beginning) == models / three[0]
    assert releases.find(models, str(models / three[1])) == models / three[1]
    shutil.copytree(models / three[0], models / f"{three[0]}-old")
    assert releases.find(models, three[0]) == models / three[0]
    releases.use(models, three[0])
    assert releases.find(models, "current") == models / three[0]


def test_an_unclear_or_unknown_name_is_refused_and_told_what_there_is(models):
    versions = [release(models, number) for number in range(40)]
    shared = next(v[0] for v in versions if sum(other.startswith(v[0]) for other in versions) > 1)
    with pytest.raises(ModelError, match=f"'{shared}': more than one release"):
        releases.find(models, shared)
    with pytest.raises(ModelError, match=f"'zzz': no release of that name.*{versions[0]}"):
        releases.find(models, "zzz")
    with pytest.raises(ModelError, match="no release"):
        releases.find(models, "")


def test_use_changes_the_current_one_and_writes_it_down(models, three):
    assert releases.use(models, three[0], reason="first") == (None, three[0])
    assert releases.use(models, three[1][:8], force=True, reason="a person read all its failures") == (three[0], three[1])
    assert releases.current_folder(models) == models / three[1]
    first, second = log(models)
    assert (first["from"], first["to"], first["why"], first["forced"]) == (None, three[0], "first", False)
    assert (second["from"], second["to"], second["why"], second["forced"]) == (three[0], three[1], "a person read all its failures", True)
    assert first["who"]
    assert datetime.fromisoformat(str(second["when"])).tzinfo is not None


def test_gates_that_failed_or_are_unknown_refuse(models, three):
    with pytest.raises(GatesFailed, match="gates not passed \\(name_swap\\)"):
        releases.use(models, three[1])
    with pytest.raises(GatesFailed, match="unknown"):
        releases.use(models, three[2])
    assert releases.current_version(models) is None
    assert not (models / "promotions.jsonl").exists()


def test_gates_that_were_not_tested_are_told_from_those_that_failed(models):
    version = release(
        models, 4, gates_failed=["pairs", "turnout"], gates={"pairs": {"status": "failed"}, "turnout": {"status": "not tested"}}
    )
    with pytest.raises(GatesFailed, match=r"gates not passed \(pairs, turnout \(not tested\)\)"):
        releases.use(models, version)


def test_the_one_in_use_is_not_written_down_again(models, three):
    releases.use(models, three[1], force=True, reason="a person read all its failures")
    assert releases.use(models, three[1]) == (three[1], three[1])
    assert len(log(models)) == 1


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_force_needs_a_reason(models, three, reason):
    with pytest.raises(UsageError, match="--reason"):
        releases.use(models, three[1], force=True, reason=reason)
    assert releases.current_version(models) is None


def test_a_damaged_note_of_the_release_in_use_is_written_anew(models, three):
    (models / "current").write_bytes(b"\xff")
    with pytest.raises(ModelError, match="write it anew"):
        releases.current_folder(models)
    assert releases.use(models, three[0]) == (None, three[0])
    assert releases.current_folder(models) == models / three[0]


def test_a_damaged_release_is_not_put_to_use_even_by_force(models, three):
    with open(models / three[0] / "model.json", "ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match="was altered"):
        releases.use(models, three[0], force=True, reason="hurry")
    assert releases.current_version(models) is None


def test_a_release_under_another_name_is_not_put_to_use(models, three):
    shutil.copytree(models / three[0], models / "0123456789ab")
    with pytest.raises(ModelError, match=f"holds the release {three[0]}"):
        releases.use(models, "0123456789ab")
    assert releases.current_version(models) is None


def test_a_release_outside_the_folder_is_not_put_to_use(models, three, tmp_path):
    """`current` is a name within the folder: naming another place would point it at nothing."""
    other = tmp_path / "elsewhere"
    other.mkdir()
    version = release(other, 9, gates_failed=[])
    releases.use(models, three[0])
    with pytest.raises(ModelError, match=version):
        releases.use(models, str(other / version))
    assert releases.current_folder(models) == models / three[0]


def test_if_the_log_cannot_be_written_nothing_changes(models, three):
    releases.use(models, three[0])
    (models / "promotions.jsonl").unlink()
    (models / "promotions.jsonl").mkdir()
    with pytest.raises(WriteError, match="nothing was changed"):
        releases.use(models, three[1], force=True, reason="x")
    assert releases.current_version(models) == three[0]


@pytest.mark.parametrize("content", [b"", b"  \n", b"\xff\xfe", b"current\n"])
def test_a_current_file_without_a_version_is_an_error_not_a_guess(models, three, content):
    (models / "current").write_bytes(content)
    with pytest.raises(ModelError):
        releases.current_folder(models)


def test_the_folder_of_releases_is_named_by_the_environment(monkeypatch, tmp_path):
    assert releases.models_folder() == Path("models")
    monkeypatch.setenv("NETRAL_MODELS", str(tmp_path))
    assert releases.models_folder() == tmp_path
    monkeypatch.setenv("NETRAL_MODELS", "")
    assert releases.models_folder() == Path("models")


def test_a_user_without_a_name_is_written_down_by_number(models, three, monkeypatch):
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    releases.use(models, three[0])
    assert log(models)[0]["who"] == str(os.getuid())
