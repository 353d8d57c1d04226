"""Stage 3 of 6: say which posts train, calibrate and test.

Reads ``clean.parquet``; writes ``split.parquet`` (id, part, fold, group) and ``split.json`` (counts, and what could
not be done) in data/interim. Run ``python -m netral.stages.split``.
"""

from __future__ import annotations

from pathlib import Path

from netral import files
from netral.params import Params
from netral.stages import INTERIM, command


def run(params: Params, root: Path) -> None:
    """Keep near-duplicates together and elections apart."""
    import numpy as np
    import pandas as pd

    from netral.fit.split import PARTS, UNUSED, Posts, split

    clean = files.read_frame(root / INTERIM / "clean.parquet")
    uncertain, conflict = (clean["label"] == "uncertain").to_numpy(), clean["conflict"].to_numpy(bool)
    posts = Posts(
        partisan=(clean["label"] == "partisan").to_numpy(),
        usable=~uncertain & ~conflict,
        synthetic=(clean["sampling"] == "synthetic").to_numpy(),
        election=clean["election"].to_numpy(object),
        group=clean["group"].to_numpy(),
    )
    parts = split(posts, params.split, params.seed)
    part = np.array(PARTS)[parts.part]
    frame = pd.DataFrame({"id": clean["id"], "part": part, "fold": parts.fold, "group": posts.group})
    files.write_frame(root / INTERIM / "split.parquet", frame)
    by_fold = clean["label"][parts.fold >= 0].groupby(parts.fold[parts.fold >= 0])
    report = {
        **parts.notes,
        "parts": {name: clean["label"][part == name].value_counts().to_dict() for name in PARTS},
        "folds": {str(fold): labels.value_counts().to_dict() for fold, labels in by_fold},
        "groups": len(np.unique(posts.group)),
        "near_duplicates": int(len(clean) - len(np.unique(posts.group))),
        "unused": {
            "uncertain": int(uncertain.sum()),
            "conflicting": int((conflict & ~uncertain).sum()),
            "copies_or_synthetic": int((posts.usable & (parts.part == UNUSED)).sum()),
        },
    }
    files.write_json(root / INTERIM / "split.json", report)


def main() -> None:
    """Run the stage in the working directory."""
    command("split", run)


if __name__ == "__main__":
    main()
