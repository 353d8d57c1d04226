"""An artifact on disk: data, never code; written whole or not at all, checked before use.

A release folder holds ``model.json`` (settings, calibration, thresholds, profile, canaries), ``arrays.npz``
(vocabulary and weights) and, written last, ``manifest.json`` with the SHA-256 of every file. The version is the first
twelve hex digits of the digest of what scoring reads. Cards, reports, ``sklearn.joblib`` lie beside them, outside it.

How to change the format: raise ``FORMAT``, keep reading the old one here, and store a small artifact of the old
format in ``tests/assets`` with a test that loads it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netral.errors import ModelError, WriteError
from netral.files import digest, sync_folder, write_json

FORMAT = 1
#: What scoring reads, and so what the version stands for.
CORE = ("model.json", "arrays.npz")
MANIFEST = "manifest.json"


def core_bytes(settings: Mapping[str, Any], arrays: Mapping[str, NDArray]) -> dict[str, bytes]:
    """Serialise what scoring reads; same content, same bytes."""
    text = json.dumps({"format": FORMAT, **settings}, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    buffer = io.BytesIO()
    # What `np.load` reads, but written entry by entry: `np.savez` gives other headers under other patch versions of Python.
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(arrays):
            entry = io.BytesIO()
            np.lib.format.write_array(entry, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), entry.getvalue(), zipfile.ZIP_DEFLATED)
    return {"model.json": (text + "\n").encode(), "arrays.npz": buffer.getvalue()}


def version_of(digests: Mapping[str, str]) -> str:
    """Return the version: twelve hex digits over the digests of the core files."""
    return full_digest(digests)[:12]


def full_digest(digests: Mapping[str, str]) -> str:
    """Return the digest over the digests of the core files, as 64 hex digits."""
    return hashlib.sha256("".join(f"{name} {digests[name]}\n" for name in CORE).encode()).hexdigest()


def write(folder: Path, core: Mapping[str, bytes], extra: Mapping[str, bytes | Path] | None = None) -> str:
    """Write an artifact to ``folder``, whole or not at all.

    Parameters
    ----------
    folder : Path
        Must not exist, or be the same release already.
    core : mapping of str to bytes
        From :func:`core_bytes`.
    extra : mapping of str to bytes or Path
        Files beside them (card, report, joblib); a path is copied.

    Returns
    -------
    str
        The version.

    Raises
    ------
    WriteError
        If the place cannot be written.
    """
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        for name, content in {**(extra or {}), **core}.items():
            target = temporary / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                shutil.copyfile(content, target)
            else:
                target.write_bytes(content)
            with open(target, "rb") as file:
                os.fsync(file.fileno())
        digests = {str(path.relative_to(temporary)): digest(path) for path in sorted(temporary.rglob("*")) if path.is_file()}
        version = version_of(digests)
        write_json(temporary / MANIFEST, {"format": FORMAT, "version": version, "digest": full_digest(digests), "files": digests})
        _replace(temporary, folder)
    except OSError as error:
        raise WriteError(f"{folder}: the artifact cannot be written ({error.strerror or error}); free the place and run again") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return version


def _replace(temporary: Path, folder: Path) -> None:
    if folder.exists():
        old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
        os.replace(folder, old)
        try:
            os.replace(temporary, folder)
        except OSError:
            os.replace(old, folder)
            raise
        shutil.rmtree(old, ignore_errors=True)
    else:
        os.replace(temporary, folder)
    sync_folder(folder.parent)


def read(folder: Path) -> tuple[dict[str, Any], dict[str, NDArray], dict[str, Any]]:
    """Read and check an artifact.

    Returns
    -------
    settings : dict
    arrays : dict of str to array
    manifest : dict

    Raises
    ------
    ModelError
        If the folder is no artifact, a file is missing or altered, or the format is newer than this netral reads.
    """
    manifest = read_manifest(folder)
    for name in CORE:
        _check(folder, name, manifest)
    try:
        settings = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "arrays.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (ValueError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(f"{folder}: the model's files cannot be parsed ({error}); export it again") from error
    return settings, arrays, manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest; a folder without one is no complete artifact.

    Raises
    ------
    ModelError
        If it is missing, damaged, or of a newer format.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        stored, version, whole, files = (manifest[key] for key in ("format", "version", "digest", "files"))
    except FileNotFoundError as error:
        raise ModelError(f"{folder}: no {MANIFEST}, so no complete model; name a folder under models/ or run `make retrain`") from error
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(f"{path}: is no manifest of a model ({error}); export the model again") from error
    if not isinstance(stored, int) or stored > FORMAT:
        raise ModelError(f"{folder}: format {stored}, this netral reads up to {FORMAT}; upgrade netral or use an older release")
    if not isinstance(files, dict) or not set(CORE) <= set(files) or (version, whole) != (version_of(files), full_digest(files)):
        raise ModelError(f"{path}: does not describe its own files (version {version}); the manifest was altered: export the model again")
    return manifest


def verify(folder: Path) -> list[str]:
    """Check every file that the manifest names and return their names.

    Raises
    ------
    ModelError
        At the first missing or altered file.
    """
    manifest = read_manifest(folder)
    for name in sorted(manifest["files"]):
        _check(folder, name, manifest)
    return sorted(manifest["files"])


def _check(folder: Path, name: str, manifest: Mapping[str, Any]) -> None:
    path = folder / name
    try:
        found = digest(path)
    except OSError as error:
        raise ModelError(f"{path}: is missing or unreadable ({error.strerror}); restore the release or use another") from error
    expected = manifest["files"][name]
    if found != expected:
        raise ModelError(
            f"{path}: was altered (SHA-256 {found[:12]}…, the manifest says {str(expected)[:12]}…); restore the release or use another"
        )


def pack(terms: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Store strings as one UTF-8 blob and its offsets (n + 1): arrays of strings would take four bytes a letter."""
    encoded = [term.encode("utf-8") for term in terms]
    offsets = np.zeros(len(encoded) + 1, np.int32)
    np.cumsum([len(part) for part in encoded], out=offsets[1:])
    return np.frombuffer(b"".join(encoded), np.uint8), offsets


def unpack(blob: NDArray[np.uint8], offsets: NDArray[np.int32]) -> list[str]:
    """Read what :func:`pack` stored."""
    data, edges = blob.tobytes(), offsets.tolist()
    return [data[start:end].decode("utf-8") for start, end in pairwise(edges)]
