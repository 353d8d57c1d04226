"""Stage 1 of 6: tell usable posts from the others.

Reads the labelled posts that ``validate.posts`` names; writes ``validate.json`` (counts, and the digest of the file, which must
be the same when the posts are cleaned) and ``rejected.jsonl`` (row, id, kind, reason; no text) in data/interim.
Run ``python -m netral.stages.validate``.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netral import files, schema
from netral.errors import InputError
from netral.params import Params
from netral.stages import INTERIM, command

if TYPE_CHECKING:
    import pandas as pd


def run(params: Params, root: Path) -> None:
    """Check the posts; quarantine bad rows, fail if they are too many."""
    import typer

    path, rejects = root / params.validate.posts, INTERIM / "rejected.jsonl"
    # What an earlier file left would otherwise lie beside the rejected rows of this one, if this one is refused.
    for name in ("validate.json", rejects.name):
        (root / INTERIM / name).unlink(missing_ok=True)
    checked = schema.read(path)
    posts, rejected = checked.accepted, checked.rejected
    with files.atomic(root / rejects, "w") as file:
        file.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in rejected)
    _require_enough(path, posts, rejected, params.validate.max_rejected)
    report = {
        "posts": path.name,
        "digest": files.digest(path),
        "accepted": len(posts),
        "rejected": len(rejected),
        "reasons": Counter(each["kind"] for each in rejected),
        "labels": posts["label"].value_counts().to_dict(),
        "by_election": _counts(posts, "election"),
        "by_platform": _counts(posts, "platform"),
    }
    report["says"] = _said(report)
    files.write_json(root / INTERIM / "validate.json", report)
    typer.echo(f"{path.name}: {report['says']}{f': {rejects}' if rejected else ''}")
    if strange := int((schema.dates(posts["posted_at"]).isna() & (posts["posted_at"] != "")).sum()):
        typer.echo(f"{path.name}: posted_at of {strange:,} rows is no date by ISO 8601 (2024-11-27), as if it were empty")


def _require_enough(path: Path, posts: pd.DataFrame, rejected: list[dict[str, Any]], most: float) -> None:
    total = len(posts) + len(rejected)
    if len(rejected) > most * total:
        first = "; ".join(f"row {each['row']}: {each['reason']}" for each in rejected[:3])
        where = INTERIM / "rejected.jsonl"
        raise InputError(
            f"{path}: {len(rejected)} of {total} rows cannot be used, at most {most:.0%} may ({first}); correct them, all are in {where}"
        )
    for label in schema.LABELS[:2]:
        count = int((posts["label"] == label).sum())
        if count < schema.MINIMUM:
            raise InputError(f"{path}: found {count} posts labelled {label}, expected {schema.MINIMUM} or more; label more posts")


def _said(report: dict[str, Any]) -> str:
    """Say how many rows were accepted, and what kept the others out."""
    accepted, rejected = report["accepted"], report["rejected"]
    if not rejected:
        return f"{accepted:,} rows accepted, none rejected"
    reasons = ", ".join(f"{kind} {count:,}" for kind, count in sorted(report["reasons"].items(), key=lambda each: (-each[1], each[0])))
    return f"{accepted:,} of {accepted + rejected:,} rows accepted, {rejected:,} rejected ({reasons})"


def _counts(posts: pd.DataFrame, column: str) -> dict[str, dict[str, int]]:
    """Count labels by the values of ``column`` ("none" where it is empty)."""
    counts = posts.groupby([posts[column].replace("", "none"), "label"]).size()
    return {str(value): counts[value].to_dict() for value in counts.index.get_level_values(0).unique()}


def main() -> None:
    """Run the stage in the working directory."""
    command("validate", run)


if __name__ == "__main__":
    main()
