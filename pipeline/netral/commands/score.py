"""`netral score INPUT... --out OUT`: score the posts of files."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from netral.commands.options import ModelsDir


class LogFormat(StrEnum):
    """How the lines on standard error look."""

    TEXT = "text"
    JSON = "json"


def score(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="CSV, TSV, JSONL, Parquet (also .gz, .zst), folders, patterns, or -.")
    ],
    out: Annotated[str, typer.Option("--out", "-o", help="Results: .csv, .jsonl, .parquet, also .gz and .zst; - is standard output.")],
    model: Annotated[str | None, typer.Option(help="Version or folder of a release; the one in use by default.")] = None,
    models_dir: ModelsDir = None,
    gazetteer: Annotated[Path | None, typer.Option(help="Names of the election (YAML).", readable=False)] = None,
    explain: Annotated[int, typer.Option(min=0, help="Reasons per row, as JSON in a column `reasons`.")] = 0,
    workers: Annotated[int, typer.Option(min=1, max=512, help="Processes that score.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Finish an unfinished run of this job, or start; always safe.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what is at OUT once the new results are complete.")] = False,
    max_rejected: Annotated[str, typer.Option(help="Rows that may be rejected: a number, or a share such as 1%.")] = "5%",
    text_column: Annotated[str, typer.Option(help="Column of the posts.")] = "text",
    id_column: Annotated[str, typer.Option(help="Column of the ids; without one, the row numbers of each file are used.")] = "id",
    platform_column: Annotated[str, typer.Option(help="Column of the platforms, watched for drift.")] = "platform",
    keep: Annotated[list[str] | None, typer.Option(help="Column to copy into the results; may be repeated.")] = None,
    rejected: Annotated[Path | None, typer.Option(help="With --out -: where rejected rows go (JSONL).")] = None,
    manifest: Annotated[Path | None, typer.Option(help="With --out -: where the manifest goes.")] = None,
    metrics_file: Annotated[Path | None, typer.Option(help="Prometheus text for node_exporter's textfile collector.")] = None,
    fail_on_drift: Annotated[bool, typer.Option("--fail-on-drift", help="Exit with 7 when the drift reaches its alarm.")] = False,
    log_format: Annotated[LogFormat, typer.Option(help="Form of the log lines.")] = LogFormat.TEXT,
) -> None:
    """Score posts: one row in, one row out with probability and decision, for a person to review.

    Exit codes: 0 done or already complete, 2 usage, 3 input unusable, 4 too many rejected rows, 5 model, 6 another run holds
    OUT, 7 drift (with --fail-on-drift), 8 OUT belongs to another or an unfinished run, 9 cannot write, 130/143 stopped, resumable.
    """
    from netral.model import releases
    from netral.scoring import log, memory
    from netral.scoring.batch import ReadOptions
    from netral.scoring.progress import Bar, Lines
    from netral.scoring.run import score_file

    log.set_up(log_format)
    memory.give_back_early()
    score_file(
        inputs,
        out,
        model=lambda: releases.chosen(models_dir, model),
        gazetteer=gazetteer,
        read=ReadOptions(text_column, id_column, tuple(keep or ()), platform_column),
        explain=explain,
        workers=workers,
        resume=resume,
        overwrite=overwrite,
        max_rejected=max_rejected,
        rejected=rejected,
        manifest=manifest,
        metrics=metrics_file,
        fail_on_drift=fail_on_drift,
        progress=Bar() if sys.stderr.isatty() and log_format is LogFormat.TEXT else Lines(),
    )
