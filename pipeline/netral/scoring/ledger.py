"""Where results wait until they are complete: beside the output, in order, resumable at any moment.

``.OUT.netral-run/`` holds ``run.json`` (what run this is; written first), ``results`` and ``rejected.jsonl`` (growing)
and ``state.json`` (how much of both counts, replaced whole). A commit syncs the two files, then replaces the state: whatever
lies beyond it is cut off by the next run. Publishing writes ``publish.json`` with the digests of the final files, then
moves them to their places; a run that dies in between is finished by the next one. The manifest comes after, last of all.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from netral.errors import OutputConflict, WriteError
from netral.files import digest, sync_folder, write_json
from netral.model.policy import DECISIONS
from netral.scoring.score import Tally
from netral.scoring.write import Format, assemble

#: The batches in the tally of ``state.json``. They were called chunks when the first runs were begun, and these must go on.
_BATCHES = "chunks"


@dataclass(frozen=True)
class Piece:
    """A scored batch as bytes, and what it adds to the counts."""

    results: bytes
    rejected: bytes
    tally: Tally


@dataclass(frozen=True)
class Places:
    """Where the files of a run on ``out`` lie."""

    out: Path

    @property
    def rejected(self) -> Path:
        """The rows that could not be scored."""
        return self.out.with_name(self.out.name + ".rejected.jsonl")

    @property
    def manifest(self) -> Path:
        """What the run was; its presence means that the results are complete."""
        return self.out.with_name(self.out.name + ".run.json")

    @property
    def folder(self) -> Path:
        """The unfinished run."""
        return self.out.with_name(f".{self.out.name}.netral-run")


def unfinished(places: Places) -> dict[str, Any] | None:
    """Return ``run.json`` of the unfinished run on an output; None if there is none, or it holds nothing yet."""
    try:
        content = json.loads((places.folder / "run.json").read_text(encoding="utf-8"))
        state = json.loads((places.folder / "state.json").read_text(encoding="utf-8"))
        if not state["tally"][_BATCHES] and not (places.folder / "publish.json").exists():
            return None
    except (FileNotFoundError, ValueError, KeyError, TypeError, RecursionError):
        return None
    except OSError as error:
        raise WriteError(f"{places.folder}: cannot be read ({error.strerror}); try again when it can") from error
    return content if isinstance(content, dict) else None


class Ledger:
    """Append pieces, commit them, publish them.

    Parameters
    ----------
    places : Places
    head : bytes
        What the results begin with.

    Attributes
    ----------
    tally : Tally
        What has been appended.
    advice : str
        What to do where too many rows were rejected.
    """

    def __init__(self, places: Places, head: bytes) -> None:
        self._places = places
        self._head = head
        self._files: list[BinaryIO] = []
        self.tally = Tally()
        rejected = places.folder / "rejected.jsonl"
        self.advice = f"read why in {rejected}, then correct the input, or allow more with --max-rejected and --resume"

    def begin(self, run: dict[str, Any]) -> None:
        """Start anew; an earlier unfinished run is dropped."""
        folder = self._places.folder
        with self._writing():
            if folder.exists():
                (folder / "run.json").unlink(missing_ok=True)  # first, so that half a folder is never taken for a run
                shutil.rmtree(folder)
            folder.mkdir()
            self._open("xb")
            write_all(self._files[0], self._head)
        self.commit()
        write_json(folder / "run.json", run)
        with self._writing():
            sync_folder(folder.parent)

    def reopen(self) -> None:
        """Go on after the last commit of the unfinished run."""
        folder = self._places.folder
        try:
            state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
            self.tally = _read_tally(state["tally"])
            if (folder / "publish.json").exists():
                _read_published(folder / "publish.json")
                return
            self._open("r+b")
            for file, size in zip(self._files, state["sizes"], strict=True):
                if file.seek(0, os.SEEK_END) < size:
                    raise ValueError(f"{file.name} is shorter than recorded")
                with self._writing():
                    file.truncate(size)
                file.seek(size)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise OutputConflict(f"{folder}: the unfinished run is damaged ({error}); --overwrite starts again") from error

    def append(self, piece: Piece) -> None:
        """Write a piece; it counts after the next `commit`."""
        with self._writing():
            for file, content in zip(self._files, (piece.results, piece.rejected), strict=True):
                write_all(file, content)
        self.tally.add(piece.tally)

    def commit(self) -> None:
        """Make all that was appended durable."""
        with self._writing():
            for file in self._files:
                os.fsync(file.fileno())
            sizes = [file.tell() for file in self._files]
            write_json(self._places.folder / "state.json", {"sizes": sizes, "tally": _write_tally(self.tally)})

    def leave(self) -> None:
        """Leave a run that can be resumed; one without a batch would only be in the way."""
        if self.tally.batches:
            self.commit()
        else:
            with self._writing():
                drop(self._places)

    def publish(self, form: Format, explain: int, keep: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Put results and rejected rows in their places; may be repeated after an interruption.

        Returns
        -------
        dict
            ``out`` and ``rejected``, each with path, bytes and SHA-256.
        """
        folder, places = self._places.folder, self._places
        staged = {"out": folder / ("results" if form.plain else "final"), "rejected": folder / "rejected.jsonl"}
        record = folder / "publish.json"
        with self._writing():
            if not record.exists():
                if not form.plain:
                    assemble(form, folder / "results", staged["out"], explain, keep)
                    _sync(staged["out"])
                targets = {"out": places.out, "rejected": places.rejected}
                write_json(record, {name: describe(path, targets[name]) for name, path in staged.items()})
            published = _read_published(record)
            places.manifest.unlink(missing_ok=True)  # of the results that are about to be replaced
            sync_folder(places.out.parent)
            for name, target in (("out", places.out), ("rejected", places.rejected)):
                if staged[name].exists():
                    os.replace(staged[name], target)
                elif not is_as_described(published[name], target):
                    raise OutputConflict(f"{target}: was changed while the run was being finished; --overwrite starts again")
            sync_folder(places.out.parent)
        return published

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, which makes the results complete, and remove the folder of the run."""
        staged = self._places.folder / "manifest.json"  # written here, so that a kill leaves nothing beside the output
        with self._writing():
            write_json(staged, manifest)
            os.replace(staged, self._places.manifest)
            sync_folder(self._places.out.parent)
            drop(self._places)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for file in self._files:
            file.close()

    def _open(self, mode: str) -> None:
        for name in ("results", "rejected.jsonl"):
            self._files.append(open(self._places.folder / name, mode, buffering=0))  # type: ignore[arg-type]  # noqa: SIM115

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, WriteError) as error:
            cause = error.__cause__ if isinstance(error, WriteError) else error  # of a file that is written whole, here of the run
            raise WriteError(
                f"{self._places.out}: cannot be written ({getattr(cause, 'strerror', None) or cause}); what is committed stays: make room "
                "or mount it, then run the same command with --resume"
            ) from cause


def _read_published(record: Path) -> dict[str, dict[str, Any]]:
    try:
        published: dict[str, dict[str, Any]] = json.loads(record.read_text(encoding="utf-8"))
        if all({"path", "bytes", "digest"} <= {*published[name]} for name in ("out", "rejected")):
            return published
        reason = "it lacks a path, a size or a digest"
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        reason = str(error)
    raise OutputConflict(f"{record}: the unfinished run is damaged ({reason}); --overwrite starts again")


def drop(places: Places) -> None:
    """Remove what is left of a run."""
    (places.folder / "run.json").unlink(missing_ok=True)
    shutil.rmtree(places.folder, ignore_errors=True)


def describe(path: Path, target: Path) -> dict[str, Any]:
    """Path, bytes and SHA-256 of a file that will lie at ``target``."""
    return {"path": str(target), "bytes": path.stat().st_size, "digest": digest(path)}


def is_as_described(described: dict[str, Any], path: Path) -> bool:
    """Say whether the file at ``path`` still has the bytes that `describe` saw."""
    try:
        return path.stat().st_size == described["bytes"] and digest(path) == described["digest"]
    except OSError:
        return False


def _write_tally(tally: Tally) -> dict[str, Any]:
    counts = asdict(tally)
    return {_BATCHES: counts.pop("batches"), **counts}


def _read_tally(written: dict[str, Any]) -> Tally:
    counts = dict(written)
    if not isinstance(counts[_BATCHES], int) or counts[_BATCHES] < 0:
        raise ValueError(f"{counts[_BATCHES]!r} is no number of batches")
    decisions = {name: counts["decisions"][name] for name in DECISIONS}  # JSON is written in the order of the alphabet
    return Tally(counts.pop(_BATCHES), **{**counts, "decisions": decisions})


def write_all(file: BinaryIO, content: bytes) -> None:
    """Write all of it to a file that may take less than it is given, as raw ones do.

    Raises
    ------
    OSError
        If it cannot be written, or cannot be written now (non-blocking files).
    """
    view = memoryview(content)
    while view:
        written = file.write(view)
        if written is None:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        view = view[written:]


def _sync(path: Path) -> None:
    with open(path, "rb") as file:
        os.fsync(file.fileno())
