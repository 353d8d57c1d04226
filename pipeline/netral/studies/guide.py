"""How a release does on public posts that were labelled with the labelling guide, without a gazetteer.

Run: ``python -m netral.studies.guide --release models/VERSION FILE …``
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netral.errors import InputError
from netral.evaluation.metrics import roc_auc
from netral.files import write_json
from netral.fit import by_guide
from netral.model.model import Model, load
from netral.model.policy import DECISIONS
from netral.studies import command

if TYPE_CHECKING:
    import pandas as pd

Found = dict[str, Any]


def measure(model: Model, posts: pd.DataFrame) -> Found:
    """Measure a release on labelled posts (:func:`netral.fit.by_guide.read`).

    Returns
    -------
    dict
        ``auc`` of partisan against neutral posts (None without both), and ``labels``: of each label ``posts`` and how many of
        them are ``flag`` and ``read`` (`flag` or `review`).
    """
    scored = model.score(posts.text.tolist())
    sides = posts.label.isin(("partisan", "neutral")).to_numpy()
    partisan = (posts.label == "partisan").to_numpy()
    both = 0 < partisan.sum() < sides.sum()
    flag, clear = map(DECISIONS.index, ("flag", "clear"))
    labels = {
        str(label): {
            "posts": len(rows),
            "flag": int((scored.decision[rows] == flag).sum()),
            "read": int((scored.decision[rows] != clear).sum()),
        }
        for label, rows in posts.groupby("label", sort=False).indices.items()
    }
    return {"auc": roc_auc(partisan[sides], scored.probability[sides]) if both else None, "labels": labels}


def agreement(posts: pd.DataFrame) -> Found:
    """Return how well two readings of the same posts agree: Cohen's kappa over all labels, and where both say partisan or neutral.

    Kappa is None where there is only one label.
    """
    from sklearn.metrics import cohen_kappa_score

    def kappa(of: pd.DataFrame) -> float | None:
        return float(cohen_kappa_score(of["first"], of.again)) if len({*of["first"], *of.again}) > 1 else None

    twice = posts[posts.again.notna()]
    sides = twice[twice["first"].isin(("partisan", "neutral")) & twice.again.isin(("partisan", "neutral"))]
    return {"posts": len(twice), "kappa": kappa(twice), "sides": len(sides), "kappa_of_sides": kappa(sides)}


def render(found: Mapping[str, Found]) -> str:
    """Write the tables in Markdown."""
    head = ["posts", "AUC", *(f"{label}: {what}" for label in by_guide.LABELS for what in ("posts", "flag", "flag or review"))]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name, row in found.items():
        cells = [name, "" if row["auc"] is None else f"{row['auc']:.3f}"]
        for label in by_guide.LABELS:
            of = row["labels"].get(label, {"posts": 0, "flag": 0, "read": 0})
            shares = [f"{of[what] / of['posts']:.1%}" if of["posts"] else "" for what in ("flag", "read")]
            cells += [f"{of['posts']:,}", *shares]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _parts(name: str, posts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the posts of a file, and those of each label that the file itself gives, if it gives several."""
    given = posts.groupby("given") if "given" in posts else ()
    return {name: posts} | ({f"{name}, labelled {label} there": of for label, of in given} if len(given) > 1 else {})


def main(
    posts: Annotated[list[Path], typer.Argument(help="Files of posts, each under the name that the labels know.")],
    release: Annotated[Path, typer.Option(help="Folder of a release.")],
    labels: Annotated[Path, typer.Option(help="Labels by the guide: file, id, label, again.")] = by_guide.FILE,
    out: command.Out = None,
) -> None:
    """Print how a release decides on posts that were labelled by the guide, file by file and all together."""
    import pandas as pd

    with command.errors_in_one_line():
        names = [path.name for path in posts]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise InputError(f"found two files named {twice}, expected one: the labels know a file by its name")
        model, read = load(release), {path.name: by_guide.read(path, labels) for path in posts}
        every = pd.concat(read.values(), ignore_index=True)
        parts = {part: of for name, posts_of in read.items() for part, of in _parts(name, posts_of).items()}
        found = {name: measure(model, of) for name, of in {**parts, "all": every}.items()}
        agreed = agreement(every)
        if out:
            write_json(out, {"measured": found, "agreement": agreed})
    typer.echo(render(found))
    if agreed["kappa"] is not None and agreed["kappa_of_sides"] is not None:
        typer.echo(
            f"{agreed['posts']:,} of these posts were read twice: kappa {agreed['kappa']:.3f}; "
            f"{agreed['kappa_of_sides']:.3f} on the {agreed['sides']:,} where both say partisan or neutral"
        )


if __name__ == "__main__":
    typer.run(main)
