"""The report of a release: one HTML page without network, light and dark, for a phone too; report.html is its frame."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from netral.evaluation import charts, explorer, markup, passages, summary, undone
from netral.evaluation.headline import CATEGORY_PASSED
from netral.evaluation.metrics import SLICED, SLICES, TITLES
from netral.files import read_json
from netral.params import flat

_PLOTS = ("precision_recall", "calibration", "scores")
#: Slices of so many rows are shown without a click.
_FEW = 12
_SLICE_METRICS = ("roc_auc", "fpr_review", "recall_review")

Json = Mapping[str, Any]


def render(info: Json, found: Mapping[str, Any], before: Json, interim: Path) -> str:
    """Write the report of a release.

    Parameters
    ----------
    info : mapping
        What ``info.json`` of the release holds.
    found : mapping
        Content of the stages' files: ``split, train, thresholds, evaluate, challenge, gates``.
    before : mapping
        What ``info.json`` of the release in use holds; empty if none is.
    interim : Path
        Folder whose ``plots/*.json`` hold the points of the plots.

    Returns
    -------
    str
        A whole HTML page.

    Raises
    ------
    InputError
        If the points of a plot cannot be read.
    """
    points = {name: read_json(interim / "plots" / f"{name}.json") for name in _PLOTS}
    evaluate, thresholds = found["evaluate"], found["thresholds"]
    body = [
        _head(info),
        _section("What changed since the release in use", _changes(info, before, evaluate["in_use"][0])),
        _section("Headline numbers", _headline(evaluate["measured"])),
        _section("Precision, recall and calibration", _plots(points)),
        _section("Threshold explorer", explorer.controls(points["scores"], thresholds)),
        _section("Slices", _slices(evaluate["measured"])),
        _section("Challenge", _challenge(found["challenge"])),
        _section("Against other systems", _systems(evaluate["protocols"])),
        _section("What each part is worth", _parts(evaluate["parts"])),
        _section("What training tried", _tried(found["train"])),
        _section("Words that move it most", _terms(evaluate["terms"][0])),
        _section("Most confident errors", _errors(evaluate["errors"])),
        _section("What could not be measured", _skipped(found)),
    ]
    page = files("netral.evaluation").joinpath("report.html").read_text(encoding="utf-8")
    data = json.dumps(explorer.data(points["scores"], thresholds), sort_keys=True).replace("<", "\\u003c")
    return page.replace("@version@", escape(info["version"])).replace("@data@", data).replace("@body@", "\n".join(body))


def _section(title: str, content: str) -> str:
    return f"<section><h2>{title}</h2>{content}</section>"


def _head(info: Json) -> str:
    gates = "".join(
        f'<li><span class="{gate["status"].replace(" ", "-")}">{gate["status"]}</span> {escape(gate["says"])}</li>'
        for _, gate in sorted(info["gates"].items())
    )
    return (
        f"<h1>netral <code>{escape(info['version'])}</code></h1>"
        f'<p class="soft">{escape(info["created"])} · netral {escape(info["netral"])} · {escape(info["data"]["posts"])} '
        f"({escape(info['data']['sha256'][:12])}…)</p>"
        "<p>How likely a post takes a side in an election, <strong>for a person to review</strong>; never a finding. "
        "<span lang='id'>Untuk ditinjau manusia, bukan bukti pelanggaran.</span></p>"
        f'<ul class="gates">{gates}</ul>'
    )


def _changes(info: Json, before: Json, compared: Json) -> str:
    if not before:
        if (in_use := compared.get("version", info["version"])) != info["version"]:
            return f"<p><code>{escape(in_use)}</code> is in use; it does not say what it is.</p>"
        return "<p>No other release is in use.</p>"
    lines = []
    for name in ("review", "flag"):
        old, new = before.get("thresholds", {}).get(name), info["thresholds"][name]
        lines.append(f"<li><code>{name}</code> from {markup.number(old)} to {markup.number(new)}</li>")
    for name, gate in sorted(info["gates"].items()):
        old_status = before["gates"].get(name, {}).get("status", "absent")
        if old_status != gate["status"]:
            lines.append(f"<li>gate {escape(name)}: from {old_status} to {gate['status']}</li>")
    lines += _challenged(info, before)
    if before["data"]["sha256"] != info["data"]["sha256"]:
        lines.append("<li>other labelled posts</li>")
    old_params, params = _settings(before), _settings(info)
    lines += [
        f"<li><code>{name}</code> from <code>{escape(old_params[name])}</code> to <code>{escape(params[name])}</code></li>"
        for name in sorted(params.keys() & old_params.keys())
        if params[name] != old_params[name]
    ]
    listed = f"<p>Against <code>{escape(before['version'])}</code>:</p><ul>{''.join(lines)}</ul>"
    if "skipped" in compared:
        return listed + f'<p class="soft">{escape("Not compared: " + compared["skipped"])}</p>'
    candidate, champion = compared["rows"]
    rows = [
        [title, markup.value(candidate["metrics"].get(name)), markup.value(champion["metrics"].get(name))] for name, title in TITLES.items()
    ]
    return (
        listed + f'<p class="soft">{candidate["posts"]:,} {compared["where"]}, {compared["names"]}; '
        f"{compared['changed']:,} are decided otherwise.</p>" + markup.table(["metric", "this release", "in use"], rows)
    )


def _challenged(info: Json, before: Json) -> list[str]:
    """Put the challenge of both side by side; an older release may not tell its own."""
    new, old = summary.challenge(info["headline"]), summary.challenge(before.get("headline", {}))
    what = {"categories": f"categories passed ({CATEGORY_PASSED:.0%} of their cases)", "cases": "cases passed"}
    return [
        f"<li>challenge {what[counted]}{names}: from {a} to {b}</li>"
        for counted in sorted(old.keys() & new.keys())
        for names, a, b in zip(("", " with names known"), old[counted], new[counted], strict=True)
    ]


def _settings(info: Json) -> dict[str, str]:
    """Params as JSON, which knows no tuples; none of a release that does not tell its params."""
    return {name: json.dumps(value, ensure_ascii=False) for name, value in flat(info.get("params", {})).items()}


def _headline(measured: Sequence[Json]) -> str:
    whole = [row for row in measured if row["slice"] == "all"]
    tiles = []
    main = next((row for row in whole if row["part"] == "test" and row["metrics"]), whole[0])
    for name, title in TITLES.items():
        if name in main["metrics"]:
            found = main["metrics"][name]
            tiles.append(f'<div class="tile"><b>{found["value"]:.3f}</b><span>{title}<br>{markup.ends(found)}</span></div>')
    rows = [[title, *(markup.value(row["metrics"].get(name)) for row in whole)] for name, title in TITLES.items()]
    return (
        f'<p class="soft">{main["part"]}: {main["posts"]:,} posts ({main["partisan"]:,} partisan) that the model was not fitted on; '
        f'95 % intervals by near-duplicate group.</p><div class="tiles">{"".join(tiles)}</div>'
        + markup.table(["metric", *(f"{row['part']} ({row['posts']:,})" for row in whole)], rows)
    )


def _plots(points: Mapping[str, Sequence[Json]]) -> str:
    ranked = [
        (row["recall"], row["precision"], f"from {row['threshold']:.3f}: precision {row['precision']:.2f}, recall {row['recall']:.2f}")
        for row in points["precision_recall"]
    ]
    bins = [
        (row["predicted"], row["observed"], f"{row['posts']} posts: predicted {row['predicted']:.2f}, observed {row['observed']:.2f}")
        for row in points["calibration"]
    ]
    drawn = (
        charts.curve(ranked, "recall", "precision", label="Precision against recall"),
        charts.curve(bins, "mean probability", "share partisan", label="Calibration", dots=True, diagonal=True),
    )
    words = (
        "Out-of-fold posts, every threshold.",
        "Out-of-fold posts in ten bins; on the dashed line predictions come true as often as they say.",
    )
    figures = [f'<figure class="panel">{chart}<figcaption>{text}</figcaption></figure>' for chart, text in zip(drawn, words, strict=True)]
    return f'<div class="pair">{"".join(figures)}</div>'


def _slices(measured: Sequence[Json]) -> str:
    blocks = []
    for name in SLICES:
        rows = [
            [escape(row["name"]), row["part"], f"{row['posts']:,}", *(markup.cell(row["metrics"].get(metric)) for metric in _SLICE_METRICS)]
            for row in measured
            if row["slice"] == name and row["part"] in SLICED
        ]
        if rows:
            table = markup.table([name, "part", "posts", *(TITLES[metric] for metric in _SLICE_METRICS)], rows)
            blocks.append(f"<details{' open' if len(rows) <= _FEW else ''}><summary>by {name} ({len(rows)})</summary>{table}</details>")
    return "".join(blocks) or "<p>The file names no elections, platforms, genres or languages to tell apart.</p>"


def _challenge(results: Mapping[str, Sequence[Json]]) -> str:
    named = {row["id"]: row for row in results["with_gazetteer"]}
    rows = [
        [
            f"{row['id']} {escape(row['name'])}",
            row["type"],
            markup.drawn(row["rate"], row["low"], row["high"], f"{row['passed']} of {row['seeds']}"),
            f"{named[row['id']]['passed']} of {named[row['id']]['seeds']}",
            f"{row['right']:.0%}",
        ]
        for row in results["without_gazetteer"]
    ]
    return (
        f'<p class="soft">{passages.CHALLENGE}</p>'
        + markup.table(["category", "type", "passed", "with the names known", "answers right"], rows)
        + _failures(results["without_gazetteer"])
    )


def _failures(results: Sequence[Json]) -> str:
    rows = [
        [escape(example["seed"]), escape(text["text"]), text["label"], text["decision"], f"{text['probability']:.2f}"]
        for row in results
        for example in row["examples"][:1]
        for text in example["texts"]
    ]
    table = markup.table(["case", "text", "label", "decision", "p"], rows)
    return f"<details><summary>one failure of each category</summary>{table}</details>"


def _systems(protocols: Json) -> str:
    rows = [
        [
            escape(row["system"]),
            row["protocol"],
            markup.number(row["mean_roc_auc"]),
            markup.value(row["metrics"].get("macro_f1")),
            markup.value(row["metrics"].get("recall_flag")),
        ]
        for row in protocols["rows"]
    ]
    said = "Same posts and threshold rule; all tuned and calibrated. A random split flatters: it has each election on both sides."
    head = ["system", "protocol", "mean ROC AUC", "macro-F1 at 0.5", "recall, flag"]
    return f'<p class="soft">{said}</p>{markup.table(head, rows)}'


def _parts(parts: Json) -> str:
    if parts["skipped"]:
        return f'<p class="soft">{escape(parts["skipped"])}</p>'
    rows = [[row["part"], f"{row['difference']['value']:+.3f}", _between(row["difference"])] for row in parts["rows"]]
    said = "Ablation: each part left out in turn and the model trained again; how much higher the ROC AUC of the test posts is without it."
    return f'<p class="soft">{said}</p>{markup.table(["without", "ROC AUC", "interval"], rows)}'


def _between(found: Json) -> str:
    return "" if found["low"] is None else f"{found['low']:+.3f} to {found['high']:+.3f}"


def _tried(train: Json) -> str:
    rows = [
        [escape(row["families"]), f"{row['C']:g}", f"{row['average_precision']:.4f}", f"{row['standard_error']:.4f}"]
        for row in train["tried"]
    ]
    return markup.table(["features", "C", "average precision, mean of folds", "its standard error"], rows)


def _terms(terms: Mapping[str, Sequence[Json]]) -> str:
    heaviest = max([abs(term["weight"]) for found in terms.values() for term in found], default=1.0)
    lists = [
        f'<div class="panel"><p>speak for <strong>{label}</strong></p><ul class="terms {label}">'
        + "".join(
            f"<li><span>{escape(term['term'])}</span>"
            f'<i style="width:{60 * abs(term["weight"]) / heaviest:.1f}%" title="{term["weight"]:+.2f}"></i></li>'
            for term in found
        )
        + "</ul></div>"
        for label, found in terms.items()
    ]
    return f'<div class="pair">{"".join(lists)}</div>'


def _errors(errors: Sequence[Json]) -> str:
    rows = [
        [escape(row["id"]), row["label"], f"{row['probability']:.2f}", escape(row["text"]) or '<span class="soft">not shown</span>']
        for row in errors
    ]
    return '<p class="soft">Texts only of authored posts, masked; of others the id.</p>' + markup.table(["id", "label", "p", "text"], rows)


def _skipped(found: Mapping[str, Any]) -> str:
    listed = "".join(f"<li>{escape(sentence)}</li>" for sentence in undone.sentences(found))
    return f'<ul class="soft">{listed}</ul>' if listed else "<p>Nothing.</p>"
