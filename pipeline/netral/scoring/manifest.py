"""What a run was: its identity, its manifest, and what a new call may do with what it finds at its output.

The manifest (``OUT.run.json``) is written last: where it is, the results are complete. What must be equal in two runs of
one job stands apart from what may differ (``run``: times, rate, memory, workers).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import netral
from netral.errors import DriftFound, OutputConflict
from netral.scoring.drift import DriftCounter
from netral.scoring.inputs import STDIN, InputFile
from netral.scoring.job import Job
from netral.scoring.ledger import Places, drop, is_as_described, unfinished
from netral.scoring.score import ScoringModel, Tally
from netral.text.gazetteer import Gazetteer

FORMAT = 1
_OUTPUTS = ("out", "rejected")
#: Options whose names in a manifest are older than those here; they stay, so that earlier results and unfinished runs are known again.
_WRITTEN_AS = {"batch_rows": "chunk_rows"}


class Plan(Enum):
    """What a call does: start, go on, or nothing."""

    BEGIN = "begin"
    RESUME = "resume"
    COMPLETE = "complete"


def identity(job: Job, files: Sequence[InputFile], model: ScoringModel, gazetteer: Gazetteer | None) -> dict[str, Any]:
    """What decides the bytes of the results, apart from the program: equal identities have equal results."""
    read = {_WRITTEN_AS.get(name, name): list(value) if isinstance(value, tuple) else value for name, value in vars(job.read).items()}
    return {
        "inputs": [{"path": file.path, "bytes": file.size, "digest": file.digest} for file in files],
        "model": {"version": model.version, "digest": model.digest},
        "gazetteer": gazetteer.digest if gazetteer else None,
        "options": {**read, "explain": job.explain, "format": job.format.kind, "compression": job.format.compression},
    }


def differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Name what differs between two identities, in words of the command line."""
    found = []
    if before.get("inputs") != now["inputs"]:
        found.append(f"input ({_inputs(before)} before, {_inputs(now)} now)")
    if before.get("model") != now["model"]:
        found.append(f"model ({before.get('model', {}).get('version')} before, {now['model']['version']} now)")
    if before.get("gazetteer") != now["gazetteer"]:
        found.append("gazetteer")
    options = before.get("options", {})
    found += [f"{name} ({options.get(name)} before, {value} now)" for name, value in now["options"].items() if options.get(name) != value]
    return found


def _inputs(identity: dict[str, Any]) -> str:
    files = identity.get("inputs") or []
    if len(files) != 1:
        return f"{len(files)} files"
    if files[0]["path"] == STDIN:
        return "standard input"
    return f"{files[0]['path']} {str(files[0]['digest'])[:12]}"


def read_manifest(places: Places) -> dict[str, Any] | None:
    """Return the manifest of an output; None if it has none that can be read."""
    try:
        content = json.loads(places.manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or content.get("format") != FORMAT or not _is_identity(content.get("identity")):
        return None
    return content if all(isinstance(content.get(name), dict) and {"bytes", "digest"} <= set(content[name]) for name in _OUTPUTS) else None


def decide(job: Job, places: Places, now: dict[str, Any]) -> Plan:
    """Decide what a call may do.

    Raises
    ------
    OutputConflict
        If the output belongs to another or an unfinished run and no flag allows what would follow.
    """
    before, manifest = _resumable(places), read_manifest(places)
    if manifest and not job.overwrite and _comes_again(now) and _is_complete(manifest, places, now):
        if before and not differences(before["identity"], now):
            drop(places)  # it died between its manifest and its cleaning up
        return Plan.COMPLETE
    if before:
        changed = differences(before["identity"], now)
        if before["netral"] != netral.__version__:
            changed.append(f"netral ({before['netral']} before, {netral.__version__} now)")
        if job.resume and not changed:
            return Plan.RESUME
        if not job.overwrite:
            if changed:
                raise OutputConflict(
                    f"{places.out}: an unfinished run differs in {', '.join(changed)}; --overwrite drops it, or name another --out"
                )
            raise OutputConflict(f"{places.out}: this run was begun and not finished; --resume finishes it, --overwrite starts again")
    elif not job.overwrite and (manifest or places.out.exists()):
        raise OutputConflict(
            f"{places.out}: exists and is not the result of this job ({_why_another(manifest, now)}); "
            "--overwrite replaces it, or name another --out"
        )
    return Plan.BEGIN


def build(
    job: Job, now: dict[str, Any], model: ScoringModel, tally: Tally, outputs: dict[str, Any], run: dict[str, Any], started: datetime
) -> dict[str, Any]:
    """Put the manifest of a finished run together."""
    drift = DriftCounter(model.profile)
    if tally.drift:
        drift.add(tally.drift)
    report = drift.report()
    finished = datetime.now(UTC)
    return {
        "format": FORMAT,
        "status": "complete",
        "exit_code": DriftFound.exit_code if job.fail_on_drift and report["level"] == "alarm" else 0,
        "identity": now,
        "counts": {"read": tally.read, "scored": tally.scored, "rejected": tally.rejected, "decisions": tally.decisions},
        "drift": report,
        **outputs,
        "run": {
            "netral": netral.__version__,
            "started": started.isoformat(timespec="seconds"),
            "finished": finished.isoformat(timespec="seconds"),
            "seconds": round((finished - started).total_seconds(), 3),
            "workers": job.workers,
            **run,
        },
    }


def _why_another(manifest: dict[str, Any] | None, now: dict[str, Any]) -> str:
    """Say why what lies at an output is not taken for the result of a job."""
    if manifest is None:
        return "a file without a manifest of netral"
    if changed := differences(manifest["identity"], now):
        return ", ".join(changed)
    return "it was changed after it was written" if _comes_again(now) else "standard input may bring other posts than before"


def _resumable(places: Places) -> dict[str, Any] | None:
    """Return ``run.json`` of the unfinished run, if it can be resumed; one that cannot is in nobody's way."""
    run = unfinished(places)
    return run if run and "netral" in run and _is_identity(run.get("identity")) and _comes_again(run["identity"]) else None


def _is_identity(found: Any) -> bool:
    """Say whether what a file holds has the shape of what `identity` gives: files may be damaged, or written by somebody else."""
    if not isinstance(found, dict) or not all(isinstance(found.get(name), dict) for name in ("model", "options")):
        return False
    files = found.get("inputs")
    return isinstance(files, list) and all(isinstance(file, dict) and {"path", "digest"} <= set(file) for file in files)


def _comes_again(identity: dict[str, Any]) -> bool:
    """Say whether the same input can be read a second time: what came through a pipe cannot."""
    return all(file["path"] != STDIN for file in identity.get("inputs") or [])


def _is_complete(manifest: dict[str, Any], places: Places, now: dict[str, Any]) -> bool:
    if differences(manifest["identity"], now):
        return False
    return is_as_described(manifest["out"], places.out) and is_as_described(manifest["rejected"], places.rejected)
