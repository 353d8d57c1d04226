"""Stage 2 of 6: clean the texts, mask persons and targets, find near-duplicates.

Reads the labelled posts, ``accepted.parquet`` and the gazetteers of ``validate.elections``; writes ``clean.parquet``
in data/interim. Run ``python -m netral.stages.clean``.
"""

from __future__ import annotations

from pathlib import Path

from netral import files, schema
from netral.errors import InputError
from netral.params import Params
from netral.stages import INTERIM, command
from netral.text.targets import Gazetteer


def run(params: Params, root: Path) -> None:
    """Write the clean text, the prepared text and the near-duplicate group of every accepted post."""
    from netral.fit.duplicates import group
    from netral.fit.prepare import clean_all, prepare_all

    path = root / params.validate.posts
    accepted = files.read_frame(root / INTERIM / "accepted.parquet")
    posts = schema.read(path).accepted
    if posts["id"].tolist() != accepted["id"].tolist():
        raise InputError(f"{path}: has changed since it was validated; run the flow from the start")
    text = clean_all(posts["text"].tolist())
    prepared = prepare_all(text, posts["election"].tolist(), _gazetteers(root / params.validate.elections))
    columns = [name for name in schema.COLUMNS if name != "text"]
    frame = posts[columns].assign(
        text=text, prepared=prepared, group=group(text, params.clean.near_duplicate), conflict=accepted["conflict"]
    )
    order = ["id", "text", "prepared", *columns[1:], "group", "conflict"]
    files.write_frame(root / INTERIM / "clean.parquet", frame[order])


def _gazetteers(folder: Path) -> dict[str, Gazetteer]:
    """Read the gazetteer of every election that has one."""
    from netral.model.model import read_gazetteer

    return {path.stem: read_gazetteer(path) for path in sorted(folder.glob("*.yaml"))}


def main() -> None:
    """Run the stage in the working directory."""
    command("clean", run)


if __name__ == "__main__":
    main()
