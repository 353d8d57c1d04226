"""Stage 2 of 6: clean the posts, replace their targets, find near-duplicates and conflicts.

Reads the labelled posts that ``validate.posts`` names, as the stage `validate` found them, and the gazetteers of
``validate.elections``; writes ``clean.parquet`` (what is personal is masked before anything is stored) and ``clean.json``
(duplicates, conflicts) in data/interim. Run ``python -m netral.stages.clean``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from netral import files, schema
from netral.errors import InputError
from netral.params import Params
from netral.stages import INTERIM, command

if TYPE_CHECKING:
    import pandas as pd


def run(params: Params, root: Path) -> None:
    """Write the clean and the prepared text of every usable post, its near-duplicate group, and whether a copy has another label."""
    import typer

    from netral.fit.duplicates import group
    from netral.fit.prepare import prepare_posts
    from netral.model.gazetteers import read_gazetteers

    path = root / params.validate.posts
    if files.digest(path) != files.read_json(root / INTERIM / "validate.json")["digest"]:
        raise InputError(f"{path}: is no longer the file that the stage validate read; run the flow again")
    posts = schema.read(path).accepted
    gazetteers = read_gazetteers(root / params.validate.elections)
    prepared = prepare_posts(posts["text"].tolist(), posts["election"].tolist(), gazetteers)
    conflict, report = _conflicts(posts.assign(text=prepared["text"]))
    frame = posts.assign(**prepared, group=group(prepared["text"].tolist(), params.clean.near_duplicate), conflict=conflict)
    order = ["id", *prepared, *(name for name in schema.COLUMNS if name not in ("id", "text")), "group", "conflict"]
    files.write_frame(root / INTERIM / "clean.parquet", frame[order])
    files.write_json(root / INTERIM / "clean.json", report)
    if unknown := sorted(set(posts["election"]) - {"", *gazetteers}):
        typer.echo(f"no gazetteer in {params.validate.elections}: {_listed(unknown)}; names may be learned instead of partiality")


def _listed(names: list[str]) -> str:
    return ", ".join(name[:48] for name in names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _conflicts(posts: pd.DataFrame) -> tuple[pd.Series, dict[str, Any]]:
    """Say which posts have a copy, by their clean text, of another label; return that and the counts to report."""
    copies = posts.groupby("text")["label"]
    conflict = copies.transform("nunique") > 1
    return conflict, {
        "exact_duplicates": len(posts) - copies.ngroups,
        "conflicting": int(conflict.sum()),
        "conflicting_rows": posts[conflict].groupby("text", sort=False)["row"].agg(list).tolist(),
    }


def main() -> None:
    """Run the stage in the working directory."""
    command("clean", run)


if __name__ == "__main__":
    main()
