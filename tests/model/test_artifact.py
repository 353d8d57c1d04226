"""An artifact is written whole or not at all, known by its bytes, and refused when anything about it is not as written."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

import netral
from netral.errors import ModelError, WriteError
from netral.model import artifact

SETTINGS = {"stem": "none", "thresholds": {"review": 0.5, "flag": None}}
ARRAYS = {"weight": np.arange(5.0), "keys": np.array([3, 1], np.uint64)}
CORE = artifact.core_bytes(SETTINGS, ARRAYS)
EXTRA = {"CARD.md": b"# card\n", "plots/one.svg": b"<svg/>"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    artifact.write(tmp_path / "release", CORE, EXTRA)
    return tmp_path / "release"


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    """A release of its own that a test may damage."""
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


def test_what_is_written_is_read_and_verified(folder):
    settings, arrays, manifest = artifact.read(folder)
    assert settings == {"format": artifact.FORMAT, **SETTINGS}
    assert {name: array.tolist() for name, array in arrays.items()} == {name: array.tolist() for name, array in ARRAYS.items()}
    assert {name: array.dtype for name, array in arrays.items()} == {name: array.dtype for name, array in ARRAYS.items()}
    assert artifact.verify(folder) == ["CARD.md", "arrays.npz", "model.json", "plots/one.svg"]
    assert manifest["digest"].startswith(manifest["version"])
    assert len(manifest["version"]) == 12
    assert len(manifest["digest"]) == 64


def test_same_content_gives_the_same_bytes_and_version_wherever_and_in_whatever_order(tmp_path):
    again = artifact.core_bytes(dict(reversed(SETTINGS.items())), dict(reversed(ARRAYS.items())))
    assert again == CORE
    versions = {artifact.write(tmp_path / "a", CORE), artifact.write(tmp_path / "b", again, EXTRA)}
    assert len(versions) == 1, "what lies beside the core files is no part of the version"
    assert (tmp_path / "a" / "arrays.npz").read_bytes() == (tmp_path / "b" / "arrays.npz").read_bytes()


def test_other_content_gives_another_version(folder, tmp_path):
    before = artifact.read_manifest(folder)["version"]
    assert artifact.write(tmp_path / "a", artifact.core_bytes({**SETTINGS, "stem": "sastrawi"}, ARRAYS)) != before
    assert artifact.write(tmp_path / "b", artifact.core_bytes(SETTINGS, {**ARRAYS, "weight": np.arange(5.0) + 1e-15})) != before


def test_a_number_that_json_does_not_know_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        artifact.core_bytes({"slope": float("nan")}, {})


@pytest.mark.parametrize("name", ["model.json", "arrays.npz", "CARD.md", "manifest.json"])
@pytest.mark.parametrize("place", [0, 0.5, -1])
def test_one_changed_byte_is_refused(copy, name, place):
    path = copy / name
    content = bytearray(path.read_bytes())
    at = -1 if place == -1 else int(place * len(content))
    content[at] ^= 0x01
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"altered|manifest") as refused:
        artifact.verify(copy)
    assert "\n" not in str(refused.value)
    if name in ("model.json", "arrays.npz"):
        with pytest.raises(ModelError, match=name):
            netral.load(copy)


@pytest.mark.parametrize("name", ["model.json", "arrays.npz", "manifest.json"])
def test_a_missing_or_cut_file_is_refused(copy, name):
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match=name):
        netral.load(copy)
    (copy / name).unlink()
    with pytest.raises(ModelError, match=name):
        netral.load(copy)


def test_scoring_does_not_need_what_lies_beside_the_core_but_verify_does(copy):
    (copy / "CARD.md").unlink()
    assert netral.load(copy).decide(["halo"])
    with pytest.raises(ModelError, match=r"CARD\.md: is missing"):
        artifact.verify(copy)


def test_a_newer_format_is_refused_with_the_way_out(copy):
    change_manifest(copy, format=artifact.FORMAT + 1)
    with pytest.raises(ModelError, match=rf"format {artifact.FORMAT + 1}.*up to {artifact.FORMAT}; upgrade netral"):
        netral.load(copy)


@pytest.mark.parametrize(
    "change",
    [
        {"version": "0" * 12},
        {"digest": "0" * 64},
        {"format": "1"},
        {"files": {}},
        {"files": None},
        {"files": {"model.json": "0" * 64, "arrays.npz": "0" * 64}},
    ],
)
def test_an_altered_manifest_is_refused(copy, change):
    change_manifest(copy, **change)
    with pytest.raises(ModelError):
        netral.load(copy)


@pytest.mark.parametrize("key", ["format", "version", "digest", "files"])
def test_a_manifest_without_a_key_is_refused(copy, key):
    manifest = json.loads((copy / "manifest.json").read_text())
    del manifest[key]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError):
        netral.load(copy)


@pytest.mark.parametrize("content", ["", "[]", "null", "{", "\udcff"])
def test_what_is_no_manifest_is_refused(copy, content):
    (copy / "manifest.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelError, match=r"manifest\.json"):
        netral.load(copy)


def test_arrays_that_could_run_code_are_refused(copy, tmp_path):
    class Payload:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    path = tmp_path / "arrays.npz"
    np.savez(path, allow_pickle=True, **{"words.weight": np.array([Payload()], object)})
    artifact.write(tmp_path / "evil", {"model.json": (copy / "model.json").read_bytes(), "arrays.npz": path.read_bytes()})
    with pytest.raises(ModelError, match="cannot be parsed"):
        netral.load(tmp_path / "evil")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch, step):
    monkeypatch.setattr(os, step, read_only)
    with pytest.raises(WriteError, match="Read-only"):
        artifact.write(tmp_path / "release", CORE, EXTRA)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fails_at", range(1, 6))
def test_a_replacement_that_fails_leaves_the_artifact_that_was_there(folder, monkeypatch, fails_at):
    before, calls, replace = artifact.verify(folder), [], os.replace

    def fail_once(source, target):
        calls.append(target)
        return read_only() if len(calls) == fails_at else replace(source, target)

    monkeypatch.setattr(os, "replace", fail_once)
    try:
        artifact.write(folder, artifact.core_bytes({"stem": "sastrawi"}, ARRAYS))
    except WriteError:
        assert artifact.verify(folder) == before
        assert artifact.read(folder)[0]["stem"] == "none"
    else:
        assert len(calls) < fails_at, "the failure was passed over in silence"
        assert artifact.read(folder)[0]["stem"] == "sastrawi"
    assert [path.name for path in folder.parent.iterdir()] == ["release"]


def test_a_place_that_cannot_be_written_is_a_write_error(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(WriteError, match="free the place"):
        artifact.write(tmp_path / "file" / "release", CORE)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_a_write_error(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(WriteError, match="Permission denied"):
            artifact.write(tmp_path / "release", CORE)
    finally:
        tmp_path.chmod(0o700)


def test_strings_are_packed_without_loss():
    terms = ["", "aku", "ñandú", "👍", " dua kata ", "\u0300"]
    assert artifact.unpack(*artifact.pack(terms)) == terms
    assert artifact.unpack(*artifact.pack([])) == []


def change_manifest(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def read_only(*_: object) -> None:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))
