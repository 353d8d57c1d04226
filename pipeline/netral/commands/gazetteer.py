"""`netral gazetteer POSTS...`: propose the names of an election, for a person to confirm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from netral.commands.options import tell


def gazetteer(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="POSTS...", help="Posts of the election: CSV, TSV, JSONL, Parquet (also .gz, .zst), folders, or -."),
    ],
    election: Annotated[str, typer.Option(help="Slug of the election, such as pilkada-2024-wanasari.")] = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where the draft goes (YAML); standard output by default.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most people, parties and other hashtags to propose.")] = 20,
    text_column: Annotated[str, typer.Option(help="Column of the posts.")] = "text",
) -> None:
    """Propose who and what an election is about: people, parties, hashtags, most likely first, as the draft of a gazetteer.

    Nothing of it counts before a person has moved the right names into place: a draft is refused as a gazetteer.
    """
    from netral import files
    from netral.errors import UsageError
    from netral.fit import draft, mentions, propose

    if out is not None and out.exists():
        raise UsageError(f"{out}: is there already, and may hold names that a person confirmed; choose another name or remove it")
    found = propose.propose(mentions.count(_posts(inputs, text_column)), propose.dictionary(), limit)
    written = draft.render(found, election or (out.stem if out else "election"))
    if out is None:
        tell(written, nl=False)
        return
    with files.atomic(out, "w") as file:
        file.write(written)
    parties = sum(not party.known for party in found.parties)
    tell(f"{out}: {len(found.people)} people and {parties} parties proposed from {found.posts:,} posts; edit it before use")


def _posts(inputs: list[str], column: str) -> Iterator[str]:
    from netral.scoring.batch import ReadOptions
    from netral.scoring.inputs import find_inputs
    from netral.scoring.read import read_batches

    rejected = 0
    for batch in read_batches(find_inputs(inputs), ReadOptions(text_column=column)):
        rejected += len(batch.rejected)
        yield from batch.texts.to_pylist()
    if rejected:
        typer.echo(f"{rejected:,} rows were left out: they cannot be read or have no text (`netral score` names them)", err=True)
