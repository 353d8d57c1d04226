"""Releases on disk: which there are, which is current, and who made it so."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from netral.errors import GatesFailed, ModelError, UsageError, WriteError
from netral.files import atomic
from netral.model import artifact

CURRENT = "current"
PROMOTIONS = "promotions.jsonl"


def models_folder() -> Path:
    """The folder of the releases: ``NETRAL_MODELS``, by default ``./models``."""
    return Path(os.environ.get("NETRAL_MODELS") or "models")


def current_version(models: Path) -> str | None:
    """The version in use, or None."""
    try:
        return (models / CURRENT).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{models / CURRENT}: cannot be read ({error}); write it anew with `netral model use VERSION`") from error


def current_folder(models: Path) -> Path:
    """The folder of the version in use.

    Raises
    ------
    ModelError
        If none is, or it is not there; a model is never guessed.
    """
    version = current_version(models)
    if version is None:
        raise ModelError(
            f"{models}: no release is in use; run `make retrain`, choose one with `netral model use VERSION`, or name one with --model"
        )
    folder = models / version
    if not os.path.exists(folder / artifact.MANIFEST):
        raise ModelError(f"{models / CURRENT}: names {version!r}, which is no release there; choose one with `netral model use VERSION`")
    return folder


def chosen(models: Path | None, name: str | None) -> Path:
    """Find the release that a command names; None stands for :func:`models_folder`, and for the version in use.

    Raises
    ------
    ModelError
        As :func:`find` and :func:`current_folder` do.
    """
    models = models or models_folder()
    return find(models, name) if name else current_folder(models)


def find(models: Path, name: str) -> Path:
    """Find a release by version, by a unique beginning of one, or by folder. A copy beside it (``<version>-old``) makes none unclear.

    Raises
    ------
    ModelError
        If there is none or more than one.
    """
    if os.path.exists(Path(name) / artifact.MANIFEST):  # False also where a name is too long, or a folder may not be looked into
        return Path(name)
    if name == CURRENT:
        return current_folder(models)
    folders = _folders(models)
    found = [folder for folder in folders if folder.name == name] or [folder for folder in folders if name and folder.name.startswith(name)]
    if len(found) != 1:
        there = ", ".join(folder.name for folder in folders) or "none"
        raise ModelError(f"{name!r}: {'no' if not found else 'more than one'} release of that name; {models} has: {there}")
    return found[0]


def listing(models: Path) -> list[dict[str, Any]]:
    """Describe every release, oldest first: version, current, created, gates."""
    current = current_version(models)
    rows = [{**info(folder), "version": folder.name, "current": folder.name == current} for folder in _folders(models)]
    return sorted(rows, key=lambda row: (str(row.get("created", "")), row["version"]))


def info(folder: Path) -> dict[str, Any]:
    """What ``info.json`` of a release says (times, commit, gates, headline metrics); empty if there is none that can be read."""
    try:
        content = json.loads((folder / "info.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    failed, gates = content.get("gates_failed", []), content.get("gates", {})
    sound = isinstance(failed, list) and all(isinstance(name, str) for name in failed)
    sound &= isinstance(gates, dict) and all(isinstance(gate, dict) for gate in gates.values())
    return content if sound else {}


def worth(told: Mapping[str, Any]) -> str:
    """Say in short what a release was trained on, and how well it ranks posts that it was not fitted on; "" of one that tells neither."""
    data, quality = told.get("data"), told.get("quality")
    said = [str(data["posts"])] if isinstance(data, dict) and "posts" in data else []
    if isinstance(quality, dict) and isinstance(area := quality.get("roc_auc"), float):
        said.append(f"ROC AUC {area:.3f} ({quality.get('part')})")
    return "".join(f"{each}  " for each in said)


def in_words(names: Iterable[str], gates: Mapping[str, Mapping[str, Any]]) -> str:
    """Name gates that did not pass, and say of which ones nothing is known."""
    return ", ".join(f"{name} (not tested)" if gates.get(name, {}).get("status") == "not tested" else name for name in names)


def use(models: Path, name: str, *, force: bool = False, reason: str | None = None) -> tuple[str | None, str]:
    """Make a release the one in use and write down who did it, when and why.

    Parameters
    ----------
    models : Path
        Folder of the releases.
    name : str
        As for :func:`find`.
    force : bool
        Though its gates did not pass.
    reason : str, optional
        Why; ``force`` needs it.

    Returns
    -------
    tuple of str
        The version before and the version now; where both are the same, nothing was written.

    Raises
    ------
    GatesFailed
        If its gates did not pass and ``force`` is not set.
    ModelError
        If it is damaged, or lies outside ``models``.
    UsageError
        If ``force`` comes without a reason.
    """
    if force and not (reason or "").strip():
        raise UsageError("--force needs --reason: say why a release that its gates refuse should be used")
    folder = find(models, name)
    if folder.resolve().parent != models.resolve():
        raise ModelError(f"{folder}: lies outside {models}, where the release in use must be; name one of {models}, or copy it there")
    artifact.verify(folder)
    version = artifact.read_manifest(folder)["version"]
    if version != folder.name:
        raise ModelError(f"{folder}: holds the release {version}, whose results would not bear the name in use; name the folder {version}")
    try:
        before = current_version(models)
    except ModelError:  # damaged: it is written anew
        before = None
    if before == folder.name:
        return before, before
    told = info(folder)
    failed = told.get("gates_failed", ["unknown"])
    if failed and not force:
        raise GatesFailed(
            f"{folder.name}: gates not passed ({in_words(failed, told.get('gates', {}))}); read its CARD.md, or use --force with --reason"
        )
    record(models, before, folder.name, reason, forced=bool(failed))
    return before, folder.name


def record(models: Path, before: str | None, version: str, reason: str | None, *, forced: bool) -> None:
    """Append the change to the log, then make it.

    Parameters
    ----------
    models : Path
    before : str or None
        The version in use till now.
    version : str
        The version from now on.
    reason : str or None
    forced : bool
        Whether gates stood against it.

    Raises
    ------
    WriteError
        If the log cannot be written; nothing has changed then.
    """
    line = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": _user(),
        "from": before,
        "to": version,
        "why": reason or "",
        "forced": forced,
    }
    try:
        with open(models / PROMOTIONS, "a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")
            log.flush()
            os.fsync(log.fileno())
    except OSError as error:
        raise WriteError(f"{models / PROMOTIONS}: cannot be written ({error.strerror}); nothing was changed") from error
    with atomic(models / CURRENT, "w") as file:
        file.write(version + "\n")


def _folders(models: Path) -> list[Path]:
    return sorted(path.parent for path in models.glob(f"*/{artifact.MANIFEST}") if not path.parent.name.startswith("."))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return str(os.getuid())
