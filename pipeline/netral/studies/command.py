"""What the commands of this room share: their options, and an error as one line and an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from netral.errors import NetralError

Labelled = Annotated[list[Path], typer.Option("--posts", help="Labelled posts: CSV, JSONL or Parquet.")]
More = Annotated[list[Path] | None, typer.Argument(help="More files of labelled posts.")]
Also = Annotated[Path | None, typer.Option(help="Other labelled posts (train.also): learned from, never asked about.")]
Unlabelled = Annotated[Path | None, typer.Option(help="Unlabelled posts, for more names and a space of words (train.unlabelled).")]
Elections = Annotated[Path, typer.Option(help="Folder of gazetteers.")]
Settings = Annotated[Path, typer.Option("--params", help="Settings of features and thresholds.")]
Neutral = Annotated[Path, typer.Option(help="Neutral posts of another source: learned from, and what sets the thresholds.")]
News = Annotated[Path, typer.Option(help="Neutral posts that are never learned from.")]
Campaign = Annotated[Path, typer.Option(help="Partisan posts of an election that is never learned from.")]
Where = Annotated[str, typer.Option(help="Which rows of the neutral file, as a pandas query.")]
Out = Annotated[Path | None, typer.Option(help="Also write every number to this JSON file.")]

GAZETTEERS = Path("data/elections")
PARAMS = Path("params.yaml")


@contextmanager
def errors_in_one_line() -> Iterator[None]:
    """Turn an error that its message explains into that line and its exit code; many small models are fitted meanwhile."""
    from netral.fit.parallel import one_blas_thread

    try:
        with one_blas_thread():
            yield
    except NetralError as error:
        typer.echo(f"error: {error}", err=True)
        raise SystemExit(error.exit_code) from None
