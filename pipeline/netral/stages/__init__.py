"""The six stages: each reads params and files, calls the other rooms, and writes files under ``data/interim``."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from netral.params import Params

if TYPE_CHECKING:
    import pandas as pd

#: The flow, in order. A stage's name is its module, its section of params.yaml and its DVC stage.
STAGES = ("validate", "clean", "split", "train", "evaluate", "export")
INTERIM = Path("data/interim")

Stage = Callable[[Params, Path], None]


def split_posts(interim: Path) -> pd.DataFrame:
    """Return what `clean` and `split` wrote, together."""
    from netral.files import read_frame

    return read_frame(interim / "clean.parquet").drop(columns="group").merge(read_frame(interim / "split.parquet"), on="id")


def timed(name: str, stage: Stage, params: Params, root: Path) -> None:
    """Run a stage and print its seconds."""
    import typer

    start = time.perf_counter()
    stage(params, root)
    typer.echo(f"{name:<10}{time.perf_counter() - start:7.1f} s")


def command(name: str, stage: Stage) -> None:
    """Run a stage in the working directory, as ``python -m netral.stages.NAME`` does; an error ends with its exit code."""
    import typer

    from netral.errors import NetralError
    from netral.params import load

    try:
        timed(name, stage, load(Path("params.yaml")), Path())
    except NetralError as error:
        typer.echo(f"error: {error}", err=True)
        raise SystemExit(error.exit_code) from None
