"""All six stages, then a file of posts scored with the new release: what ``make retrain`` runs.

DVC runs the stages that have changed where there is a git clone; elsewhere, and for another file of posts, all run in
this process, and params.yaml and dvc.lock stay as they are. Run ``python -m netral.stages.run [--posts FILE] [--no-dvc]``.
"""

from __future__ import annotations

import csv
import dataclasses
import os
import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from netral import files
from netral.errors import NetralError
from netral.params import Params, load
from netral.stages import INTERIM, STAGES, timed

EXAMPLE, SCORES = Path("data/example-posts.csv"), Path("out/example-scores.csv")


def run(params: Params, root: Path) -> None:
    """Run every stage in this process."""
    for name in STAGES:
        timed(name, import_module(f"netral.stages.{name}").run, params, root)


def reproduce(params: Params, root: Path) -> None:
    """Run the stages that have changed; a release that is gone is written again."""
    _dvc(root, "repro")
    if release(params, root) is None:
        # In a clone the lock may say that all is done, though this machine never wrote the release.
        _dvc(root, "repro", "--force", "--single-item", "export")


def release(params: Params, root: Path) -> Path | None:
    """Return the folder of the release that the last export wrote, if it is there."""
    from netral.model.artifact import MANIFEST

    note = root / INTERIM / "release.json"
    folder = root / params.export.models / files.read_json(note)["version"] if note.exists() else None
    return folder if folder and (folder / MANIFEST).exists() else None


def _dvc(root: Path, *arguments: str) -> None:
    """Run DVC with this Python first on the path; a stage's exit code becomes ours."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}", "DVC_NO_ANALYTICS": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "dvc", *arguments], cwd=root, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        code = 1
        for line in process.stderr or ():
            typer.echo(line, err=True, nl=False)
            found = re.search(r"exited with (\d+)", line)
            code = int(found[1]) if found else code
    if process.returncode:
        raise typer.Exit(code)


def _score(folder: Path) -> None:
    """Score the bundled posts with a release and show some of them."""
    command = [sys.executable, "-m", "netral.cli", "score", str(EXAMPLE), "--out", str(SCORES), "--model", str(folder), "--overwrite"]
    code = subprocess.run(command, check=False).returncode
    if code:
        raise typer.Exit(code)
    with open(EXAMPLE, encoding="utf-8", newline="") as posts, open(SCORES, encoding="utf-8", newline="") as scores:
        texts = {post["id"]: post["text"] for post in csv.DictReader(posts)}
        rows = list(csv.DictReader(scores))
    typer.echo(
        f"\nrelease    {folder}/ (CARD.md describes it)\nin use     {_in_use(folder)}\n"
        f"metrics    {INTERIM}/evaluate.json, plots in {INTERIM}/plots/\nscores     {SCORES}"
    )
    for row in rows[:6]:
        typer.echo(f"  {row['id']}  {float(row['probability']):.3f}  {row['decision']:<6}  {texts[row['id']][:72]}")


def _in_use(folder: Path) -> str:
    """Say which release jobs take from now on, and why it is not the new one if it is not."""
    from netral.evaluation.promotion import way_out
    from netral.model.releases import current_version

    current, kept_back = current_version(folder.parent), files.read_json(INTERIM / "release.json")["kept_back"]
    if current == folder.name:
        return f"{current}, this one"
    why = "; ".join(kept_back) or "`netral model use` chose it"
    return f"{current or 'none'}, not this one ({why}); {way_out(folder.name, kept_back)}"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    posts: Annotated[Path | None, typer.Option(help="Labelled posts to train on instead of validate.posts of params.yaml.")] = None,
    no_dvc: Annotated[bool, typer.Option("--no-dvc", help="Run every stage in this process.")] = False,
) -> None:
    """Retrain, release, and score a file with the release."""
    root = Path()
    try:
        params = load()
        if posts is not None:
            params = dataclasses.replace(params, validate=dataclasses.replace(params.validate, posts=str(posts)))
        in_clone = Path(".git").exists() and Path(".dvc").is_dir() and find_spec("dvc") is not None
        (reproduce if in_clone and posts is None and not no_dvc else run)(params, root)
        folder = release(params, root)
        if folder is None:
            raise NetralError(f"{INTERIM}/release.json: names no release in {params.export.models}/; run again with --no-dvc")
        _score(folder)
    except NetralError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(error.exit_code) from None


if __name__ == "__main__":
    app()
