"""`netral model`: list, show, verify and choose releases."""

from __future__ import annotations

from typing import Annotated

import typer

from netral.commands.options import ModelsDir, tell

app = typer.Typer(help="Releases: list, show, verify, use.", no_args_is_help=True)


@app.command("list")
def list_releases(models_dir: ModelsDir = None) -> None:
    """List the releases, oldest first; * marks the one in use."""
    from netral.model import releases

    models = models_dir or releases.models_folder()
    rows = releases.listing(models)
    if not rows:
        tell(f"{models}: no release yet; run `make retrain`")
    for row in rows:
        failed = row.get("gates_failed")
        named = releases.in_words(failed or ["unknown"], row.get("gates", {}))
        gates = "gates passed" if failed == [] else f"gates not passed: {named}"
        tell(f"{'*' if row['current'] else ' '} {row['version']}  {row.get('created', '')}  {releases.worth(row)}{gates}")


@app.command()
def show(
    version: Annotated[str, typer.Argument(help="Version, a unique beginning of one, or a folder.")] = "current",
    models_dir: ModelsDir = None,
) -> None:
    """Print the model card of a release."""
    from netral.errors import ModelError
    from netral.model import releases

    path = releases.find(models_dir or releases.models_folder(), version) / "CARD.md"
    try:
        card = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); the release has no card") from error
    tell(card)


@app.command()
def verify(
    version: Annotated[str, typer.Argument(help="Version, a unique beginning of one, or a folder.")] = "current",
    models_dir: ModelsDir = None,
) -> None:
    """Check every file of a release against its manifest, and its canary posts."""
    from netral.model import artifact, releases
    from netral.model.model import load

    folder = releases.find(models_dir or releases.models_folder(), version)
    names = artifact.verify(folder)
    load(folder)
    tell(f"{folder}: {len(names)} files as written, canary posts score as stored")


@app.command()
def use(
    version: Annotated[str, typer.Argument(help="Version, a unique beginning of one, or a folder.")],
    force: Annotated[bool, typer.Option("--force", help="Use it though its gates did not pass; needs --reason.")] = False,
    reason: Annotated[str | None, typer.Option(help="Why; written to models/promotions.jsonl.")] = None,
    models_dir: ModelsDir = None,
) -> None:
    """Make a release the one in use; who, when, from, to and why go to models/promotions.jsonl."""
    from netral.model import releases

    before, now = releases.use(models_dir or releases.models_folder(), version, force=force, reason=reason)
    tell(f"already in use: {now}" if before == now else f"in use: {now} (before: {before or 'none'})")
