"""Stage 2 of 6: replace the targets of the clean texts, find near-duplicates.

Reads ``accepted.parquet`` and the gazetteers of ``validate.elections``; writes ``clean.parquet`` in data/interim.
Run ``python -m netral.stages.clean``.
"""

from __future__ import annotations

from pathlib import Path

from netral import files, schema
from netral.params import Params
from netral.stages import INTERIM, command


def run(params: Params, root: Path) -> None:
    """Write the prepared text of every accepted post, with its election's gazetteer and without, and its near-duplicate group."""
    from netral.fit.duplicates import group
    from netral.fit.prepare import bare_all, prepare_all
    from netral.model.gazetteers import read_gazetteers

    posts = files.read_frame(root / INTERIM / "accepted.parquet")
    text = posts["text"].tolist()
    asked = text, posts["election"].tolist(), read_gazetteers(root / params.validate.elections)
    frame = posts.assign(prepared=prepare_all(*asked), bare=bare_all(*asked), group=group(text, params.clean.near_duplicate))
    order = ["id", "text", "prepared", "bare", *(name for name in schema.COLUMNS if name not in ("id", "text")), "group", "conflict"]
    files.write_frame(root / INTERIM / "clean.parquet", frame[order])


def main() -> None:
    """Run the stage in the working directory."""
    command("clean", run)


if __name__ == "__main__":
    main()
