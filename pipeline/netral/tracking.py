"""Runs and releases in MLflow: one run per retrain, the release registered with an alias for the one in use.

Without MLflow installed, or with ``NETRAL_TRACKING=off``, nothing happens. Runs go to ``mlflow.db`` and ``mlartifacts/``
in the project's root, or to wherever ``MLFLOW_TRACKING_URI`` says. Only the stages import this, and only they need it.
"""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from netral.errors import WriteError
from netral.files import read_json
from netral.params import Params, flat

#: No telemetry, no progress bars, no log lines but errors; set before MLflow is imported.
_QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false", "MLFLOW_LOGGING_LEVEL": "ERROR"}
CHAMPION, CHALLENGER = "champion", "challenger"

#: What the stages wrote and a run keeps (of posts, at most masked examples). Numbers in the last two become metrics.
_REPORTS = ("validate", "split", "thresholds", "gates", "challenge", "train", "evaluate")
_METRICS = ("train", "evaluate")


def commit(root: Path) -> str:
    """Return the git commit of ``root``, with ``-dirty`` if tracked files differ from it; "" without git."""
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40", "--exclude", "*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def log_release(root: Path, params: Params, release: Mapping[str, Any], folder: Path) -> str | None:
    """Log a retrain and register its release.

    Parameters
    ----------
    root : Path
        The project's root, with what the stages wrote in ``data/interim``.
    params : Params
    release : mapping
        ``version`` (str) and ``current`` (bool: whether it is the one in use).
    folder : Path
        The release.

    Returns
    -------
    str or None
        Id of the run; None if nothing is tracked.

    Raises
    ------
    WriteError
        If the store cannot be reached; the release itself is complete.
    """
    if os.environ.get("NETRAL_TRACKING", "").lower() in ("off", "0", "false") or find_spec("mlflow") is None:
        return None
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    import mlflow
    from mlflow.exceptions import MlflowException

    try:
        with _connected(_home(root.resolve()), params.export.name), mlflow.start_run(run_name=release["version"]) as run:
            _log(root, params, release, folder)
            _register(params.export.name, release, folder)
    except (MlflowException, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        raise WriteError(
            f"MLflow at {os.environ.get('MLFLOW_TRACKING_URI') or root / 'mlflow.db'}: {reason}; "
            f"the release {release['version']} is complete: repair the store or set NETRAL_TRACKING=off, then run the export stage again"
        ) from error
    return str(run.info.run_id)


def _home(root: Path) -> Path:
    """Return the project's root, also from a copy that ``dvc exp run --temp`` throws away."""
    parts = root.parts
    for at in range(len(parts) - 2):
        if parts[at : at + 3] == (".dvc", "tmp", "exps"):
            return Path(*parts[:at])
    return root


@contextmanager
def _connected(root: Path, experiment: str) -> Iterator[None]:
    """Point MLflow to its store, made if there is none; afterwards to where it pointed before."""
    import mlflow

    given = os.environ.get("MLFLOW_TRACKING_URI")
    store = root / "mlflow.db"
    if not given and not store.exists():
        _make_store(store)
    # MLflow writes this into the environment, where a later call would take it for the user's wish.
    mlflow.set_tracking_uri(given or f"sqlite:///{store}")
    try:
        if mlflow.get_experiment_by_name(experiment) is None:
            mlflow.create_experiment(experiment, artifact_location=None if given else (root / "mlartifacts").as_uri())
        mlflow.set_experiment(experiment)
        yield
    finally:
        mlflow.set_tracking_uri(given)  # type: ignore[arg-type]  # None: its default again


def _make_store(store: Path) -> None:
    """Make an SQLite store aside and link it to its place: of two first runs at once, both find a whole one."""
    import mlflow

    temporary = store.with_name(f".{store.name}.{os.getpid()}")
    mlflow.MlflowClient(tracking_uri=f"sqlite:///{temporary}").search_experiments()
    try:
        os.link(temporary, store)
    except FileExistsError:
        pass  # the other one was first
    finally:
        temporary.unlink()


def _log(root: Path, params: Params, release: Mapping[str, Any], folder: Path) -> None:
    import mlflow

    reports = {name: root / "data" / "interim" / f"{name}.json" for name in _REPORTS}
    found = {name: read_json(path) for name, path in reports.items() if path.exists()}
    mlflow.log_params(flat(dataclasses.asdict(params)))
    numbers = {f"{name}.{key}": value for name in _METRICS for key, value in flat(found.get(name, {})).items()}
    mlflow.log_metrics({_named(key): float(value) for key, value in numbers.items() if _is_number(value)})
    mlflow.set_tags(
        {
            "release": release["version"],
            "data.posts": str(found.get("validate", {}).get("posts", "")),
            "data.sha256": str(found.get("validate", {}).get("digest", "")),
            "git.commit": commit(root),
        }
    )
    for name in found:
        mlflow.log_artifact(str(reports[name]), "reports")
    for name in ("CARD.md", "report.html", "info.json"):
        if (folder / name).exists():
            mlflow.log_artifact(str(folder / name), "release")
    plots = root / "data" / "interim" / "plots"
    if plots.is_dir():
        mlflow.log_artifacts(str(plots), "plots")


def _register(name: str, release: Mapping[str, Any], folder: Path) -> None:
    """Register the release, once however often it is exported, and set the alias that it deserves."""
    import mlflow

    client = mlflow.MlflowClient()
    known = client.search_model_versions(f"name = '{name}' and tags.release = '{release['version']}'")
    number = known[0].version if known else _log_model(name, folder)
    client.set_model_version_tag(name, number, "release", release["version"])
    client.set_registered_model_alias(name, CHAMPION if release["current"] else CHALLENGER, number)
    if release["current"] and str(client.get_registered_model(name).aliases.get(CHALLENGER)) == str(number):
        client.delete_registered_model_alias(name, CHALLENGER)


def _log_model(name: str, folder: Path) -> str:
    """Log the release as a pyfunc that brings its own code, and return its number in the registry."""
    import mlflow
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    import netral
    from netral import pyfunc

    package = Path(netral.__file__).parent
    logged = mlflow.pyfunc.log_model(
        name="model",
        python_model=pyfunc.__file__,
        artifacts={"release": str(folder.resolve())},
        code_paths=[str(package)],
        signature=ModelSignature(
            inputs=Schema([ColSpec("string", "text")]), outputs=Schema([ColSpec("double", "probability"), ColSpec("string", "decision")])
        ),
        input_example=pyfunc.example(),
        pip_requirements=_requirements(),
        registered_model_name=name,
    )
    return str(logged.registered_model_version)


def _requirements() -> list[str]:
    """Pin what scoring needs to what is installed here; with pandas, which a pyfunc's input is made of."""
    needs = [line for line in requires("netral") or () if "extra ==" not in line]
    names = {re.split(r"[^\w.-]", line)[0] for line in needs} | {"pandas"}
    return [f"{name}=={version(name)}" for name in sorted(names)]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and bool(np.isfinite(value))


def _named(key: str) -> str:
    """Replace what MLflow refuses in the name of a metric."""
    return "".join(letter if letter.isalnum() or letter in "_-./ " else "_" for letter in key)[:250]
