"""A run as Prometheus text, for the textfile collector of node_exporter."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from netral.errors import UsageError, WriteError
from netral.files import atomic
from netral.scoring.drift import LEVELS

_BEGINNING = b"# HELP netral_"
_HELP = {
    "netral_run_exit_code": "Exit code of the last run; 0 is done, 7 is done with drift.",
    "netral_run_timestamp_seconds": "When the last run ended.",
    "netral_run_seconds": "How long the last call took.",
    "netral_rows_per_second": "Rows read per second by the last call.",
    "netral_peak_memory_bytes": "Peak memory of the last call with its workers.",
    "netral_rows": "Rows of the run by what became of them.",
    "netral_decisions": "Scored rows by decision; review and flag wait for a person.",
    "netral_drift_psi": "Population stability index against the profile of the model.",
    "netral_drift_level": "0 steady, 1 watch, 2 alarm.",
    "netral_model_info": "The model of the run.",
}


def is_other(path: Path) -> bool:
    """Say whether a file holds anything else than what :func:`write_metrics` writes."""
    try:
        with open(path, "rb") as file:
            return file.read(len(_BEGINNING)) not in (b"", _BEGINNING)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def write_metrics(path: Path, output: str, exit_code: int, manifest: Mapping[str, Any] | None) -> None:
    """Write what a run was; of a failed one, which has no manifest, only that.

    Raises
    ------
    WriteError
        If the file cannot be written.
    """
    samples: list[tuple[str, dict[str, str], float]] = [
        ("netral_run_exit_code", {}, exit_code),
        ("netral_run_timestamp_seconds", {}, round(datetime.now(UTC).timestamp())),
    ]
    if manifest is not None:
        samples += _samples(manifest)
    lines: list[str] = []
    for name, labels, value in samples:
        if not any(line.startswith(f"# HELP {name} ") for line in lines):
            lines += [f"# HELP {name} {_HELP[name]}", f"# TYPE {name} gauge"]
        text = ",".join(f'{key}="{_escape(label)}"' for key, label in {"output": output, **labels}.items())
        lines.append(f"{name}{{{text}}} {value!r}")
    with atomic(path, "w") as file:
        file.write("\n".join(lines) + "\n")


@contextmanager
def failures_told(path: Path | None, output: str) -> Iterator[None]:
    """Write the exit code of what fails, if there is a file to write it to; not of wrong usage, which may be to name the input here."""
    try:
        yield
    except UsageError:
        raise
    except Exception as error:
        if path is not None and not is_other(path):
            try:
                write_metrics(path, output, getattr(error, "exit_code", 1), None)
            except WriteError as other:
                logging.getLogger("netral").warning("%s", other)
        raise


def _samples(manifest: Mapping[str, Any]) -> list[tuple[str, dict[str, str], float]]:
    run, counts, drift = manifest["run"], manifest["counts"], manifest["drift"]
    found: list[tuple[str, dict[str, str], float]] = [
        ("netral_run_seconds", {}, run["seconds"]),
        ("netral_rows_per_second", {}, run["rows_per_second"]),
        ("netral_peak_memory_bytes", {}, run["peak_memory_bytes"]),
    ]
    found += [("netral_rows", {"outcome": name}, counts[name]) for name in ("read", "scored", "rejected")]
    found += [("netral_decisions", {"decision": name}, count) for name, count in counts["decisions"].items()]
    found += [("netral_drift_psi", {"measure": name}, part["psi"]) for name, part in drift.items() if isinstance(part, dict)]
    if drift["level"] in LEVELS:
        found.append(("netral_drift_level", {}, LEVELS.index(drift["level"])))
    found.append(("netral_model_info", {key: str(value) for key, value in manifest["identity"]["model"].items()}, 1))
    return found


def _escape(label: str) -> str:
    return label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
