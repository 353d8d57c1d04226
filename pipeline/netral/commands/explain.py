"""`netral explain`: why one text gets its probability."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from netral.commands.options import ModelsDir, tell


def explain(
    text: Annotated[str, typer.Argument(help="The post; - reads it from standard input.")],
    model: Annotated[str | None, typer.Option(help="Version or folder of a release; by default the one in use.")] = None,
    models_dir: ModelsDir = None,
    gazetteer: Annotated[Path | None, typer.Option(help="Names of the election (data/elections/*.yaml).", readable=False)] = None,
    language: Annotated[str, typer.Option(help="id or en.")] = "id",
    limit: Annotated[int, typer.Option(help="Most words to show.", min=1)] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print every word and its part as JSON.")] = False,
) -> None:
    """Say why: the words of the original text, what each adds to the log-odds, where it stands."""
    from netral.errors import InputError
    from netral.model import releases
    from netral.model.model import load

    if text == "-":
        text = typer.get_text_stream("stdin", encoding="utf-8", errors="replace").read()
    if not text.strip():
        raise InputError("found no text, expected a post")
    loaded = load(releases.chosen(models_dir, model))
    found = loaded.explain(text, gazetteer)
    if as_json:
        content = {
            "model": loaded.version,
            "probability": found.probability,
            "decision": found.decision,
            "log_odds": found.log_odds,
            "intercept": found.intercept,
            "words": found.reasons(len(found.words)),
        }
        tell(json.dumps(content, ensure_ascii=False, indent=1))
    else:
        tell(found.render(language, limit))
