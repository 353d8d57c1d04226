"""All that is claimed of netral on unseen elections, in one run: against other systems, on news and a campaign, as released.

Run: ``python -m netral.studies.findings --posts FILE FILE … --neutral FILE --news FILE --campaign FILE [--release FOLDER]``
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netral.evaluation import protocols
from netral.evaluation.headline import CATEGORY_PASSED, reminded
from netral.files import read_json, write_json
from netral.model.model import Model, load
from netral.model.policy import DECISIONS
from netral.params import Params
from netral.params import load as load_params
from netral.studies import command, compare, transfer

if TYPE_CHECKING:
    import pandas as pd

Found = dict[str, Any]


def released(model: Model, posts: Mapping[str, Sequence[str]]) -> Found:
    """Return the share of some posts, all unseen, that a release flags and that it flags or reviews, without a gazetteer."""
    shares, flag, clear = {}, DECISIONS.index("flag"), DECISIONS.index("clear")
    for name, texts in posts.items():
        decisions = model.score(texts).decision
        shares[name] = {"posts": len(texts), "flag": float((decisions == flag).mean()), "review": float((decisions != clear).mean())}
    return {"version": model.version, "shares": shares}


def in_flow(interim: Path) -> Found:
    """Return what the flow measured on its own posts: reminders, the challenge, the gates.

    Raises
    ------
    InputError
        If the flow has not been run.
    """
    evaluate, challenge, gates = (read_json(interim / f"{name}.json") for name in ("evaluate", "challenge", "gates"))
    passed = {setting: sum(row["rate"] >= CATEGORY_PASSED for row in rows) for setting, rows in challenge.items()}
    return {
        "reminders": evaluate.get("reminders", []),
        "challenge": {"categories": len(next(iter(challenge.values()))), **passed},
        "gates": {name: gate["status"] for name, gate in gates.items()},
    }


def against_others(posts: pd.DataFrame, params: Params, unlabelled: Path | None) -> tuple[list[Found], list[str]]:
    """Compare with other systems: from one election to the next, and inside each; nobody learns from other labelled posts."""
    rows, skipped = compare.run(posts, params, unlabelled=unlabelled)
    return [row for row in rows if row["protocol"] == protocols.ELECTIONS or row["protocol"].startswith(compare.INSIDE)], skipped


def render(found: Found) -> str:
    """Write all of it for a terminal."""
    lines = ["# Against other systems, on these elections alone", "", compare.render(found["compared"], found["skipped"])]
    lines += ["", "# From elections to others, to news, to a campaign", "", transfer.render(found["transfer"])]
    if "released" in found:
        lines += ["", f"# The release {found['released']['version']} at its own thresholds, without a gazetteer", ""]
        lines += [
            f"{name}: {row['flag']:.1%} flag, {row['review']:.1%} flag or review, of {row['posts']:,} posts"
            for name, row in found["released"]["shares"].items()
        ]
    lines += ["", "# The flow, on its own posts", "", *map(reminded, found["flow"]["reminders"])]
    challenge = found["flow"]["challenge"]
    lines.append(
        f"challenge: {challenge['without_gazetteer']} of {challenge['categories']} categories at {CATEGORY_PASSED:.0%}, "
        f"{challenge['with_gazetteer']} with the names known"
    )
    lines += [f"gate {name}: {status}" for name, status in found["flow"]["gates"].items()]
    return "\n".join(lines)


def main(
    posts: command.Labelled,
    neutral: command.Neutral,
    news: command.News,
    campaign: command.Campaign,
    more: command.More = None,
    where: command.Where = "",
    also: command.Also = None,
    unlabelled: command.Unlabelled = None,
    elections: command.Elections = command.GAZETTEERS,
    params: command.Settings = command.PARAMS,
    release: Annotated[Path | None, typer.Option(help="Folder of a release, to be asked about the news and the campaign too.")] = None,
    interim: Annotated[Path, typer.Option(help="What the flow wrote.")] = Path("data/interim"),
    out: command.Out = None,
) -> None:
    """Print every figure that netral is judged by on elections, news and campaigns that it has not seen."""
    from netral.fit import elsewhere

    with command.errors_in_one_line():
        settings, files = load_params(params), [*posts, *(more or [])]
        found: Found = {"flow": in_flow(interim)}
        if release:
            found["released"] = released(load(release), {"news": elsewhere.texts(news), "campaign": elsewhere.texts(campaign)})
        found["transfer"] = transfer.run(files, elsewhere.table(neutral, where), news, campaign, also, unlabelled, elections, settings)
        found["compared"], found["skipped"] = against_others(compare.read(files, None, settings.clean.near_duplicate), settings, unlabelled)
        if out:
            write_json(out, found)
    typer.echo(render(found))


if __name__ == "__main__":
    typer.run(main)
