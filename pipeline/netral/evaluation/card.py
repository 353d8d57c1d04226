"""The model card of a release (Mitchell et al. 2019): what it is for and not for, data, metrics, limits; CARD.md as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from netral.evaluation import headline, passages, undone
from netral.evaluation.gates import not_passed
from netral.evaluation.metrics import SLICED, TITLES, written
from netral.model.releases import in_words

_SLICE_METRICS = ("roc_auc", "macro_f1", "fpr_flag", "fpr_review", "recall_review")


def render(info: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """Write the card of a release.

    Parameters
    ----------
    info : mapping
        What ``info.json`` holds.
    found : mapping
        Content of the stages' files: ``validate, split, train, thresholds, evaluate, challenge, gates``.

    Returns
    -------
    str
        Markdown, English with an Indonesian summary.
    """
    evaluate, thresholds = found["evaluate"], found["thresholds"]
    parts = [
        f"# Model card: netral {info['version']}",
        _head(info, found["train"]),
        _summary_id(thresholds, found["gates"]),
        passages.PURPOSE,
        _data(info, found),
        _metrics(evaluate, found["split"]),
        _thresholds(thresholds),
        _challenge(found["challenge"], found["gates"]),
        passages.LIMITS,
        passages.READING,
        passages.LICENCES if found["train"]["stem"] == "sastrawi" else passages.LICENCES_WITHOUT_STEMS,
    ]
    return "\n\n".join(parts) + "\n"


_CONTEXTS = {"target": "where somebody is named who can be voted for", "election": "where an election is spoken of"}


def _head(info: Mapping[str, Any], train: Mapping[str, Any]) -> str:
    failed, made = info["gates_failed"], info["commit"]
    state = f"**Gates not passed: {in_words(failed, info['gates'])}.** Read them below before using it." if failed else "All gates passed."
    chosen = train["chosen"]
    return (
        f"TF-IDF over {', '.join(chosen['families'])} and logistic regression (C = {chosen['C']:g})"
        f"{', words weighed otherwise ' if train['interaction'] else ''}{' and '.join(_CONTEXTS[each] for each in train['interaction'])}"
        f", calibrated by a sigmoid on "
        f"{train['calibrated_on']}. Made {info['created']} by netral {info['netral']}"
        f"{f', commit {made[:12]}' if made else ''}{' with changes' if made.endswith('-dirty') else ''}. {state}"
    )


def _data(info: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    train, split = found["train"], found["split"]
    lines = [
        "## Data",
        "",
        f"{train['posts']:,} posts for training, {train['partisan']:,} of them partisan, from `{info['data']['posts']}` (SHA-256 "
        f"`{info['data']['sha256'][:16]}…`): {found['validate']['says']}. {_tested(split)}",
    ]
    lines[-1] += _beside(train["beside"])
    if train["prior"]:
        lines += [
            "",
            f"To the weights it learned, those of a prior were added (strength {train['prior']['strength']:g}): {train['prior']['about']}. "
            "A language model read these posts with the labelling guide, nobody checked it. Where the posts above, or those to be scored, "
            "are among them, figures are optimistic.",
        ]
    if {row["name"] for row in found["evaluate"]["sampling"]} == {"authored"}:
        lines += [
            "",
            "**The posts are authored**: written by hand about invented elections, people and parties. What is measured on them shows that "
            "the flow works and what the model has understood, not how often it errs on real posts. Label real posts before relying on it.",
        ]
    if skipped := undone.sentences(found):
        lines += ["", "What could not be done or measured:", "", *(f"- {sentence}" for sentence in skipped)]
    return "\n".join(lines)


def _beside(counted: Mapping[str, int]) -> str:
    said = [f"{counted['also']:,} other labelled posts (`train.also`)"] if counted["also"] else []
    if counted["neutral_found"]:
        said.append(f"{counted['neutral']:,} of {counted['neutral_found']:,} neutral ones (`train.neutral`)")
    return f" Beside them it learned from {' and '.join(said)}, which it was never asked about." if said else ""


def _tested(split: Mapping[str, Any]) -> str:
    elections = split.get("test_elections") or []
    return f"Kept for the test, whole: {', '.join(elections)}." if elections else "No whole election could be kept for the test."


def _metrics(evaluate: Mapping[str, Any], split: Mapping[str, Any]) -> str:
    whole = [row for row in evaluate["measured"] if row["slice"] == "all"]
    unseen = "" if split.get("test_elections") else " (though not for unseen elections)"
    lines = [
        "## Metrics",
        "",
        "Each post was scored by a model that was not fitted on it. The thresholds were chosen on the out-of-fold posts, so rates at them "
        f"are optimistic there, and honest on the test posts{unseen}.",
        "",
        _row(["metric", *(f"{row['part']} ({row['posts']:,} posts)" for row in whole)]),
        _row(["---"] * (len(whole) + 1)),
        *(_row([title, *(written(row["metrics"].get(name)) for row in whole)]) for name, title in TITLES.items()),
        "",
        *(f"- {headline.reminded(row)}" for row in evaluate["reminders"]),
        "",
        *_slices(evaluate["measured"]),
        "",
        "Against other systems, which learn from the same posts, those from elsewhere too (one row without these), at the same folds; all "
        "tuned by average precision (netral takes the simplest of the settings that do about as well as the best, the others the best) and "
        "calibrated on the folds of training. The other protocols keep that, so macro-F1 there says less than ROC AUC. `flag` starts where "
        "`evaluate.alpha` alone puts it, for netral, too, without what lifts it further in the "
        "release (protected voices, unseen platforms, `train.neutral`). ROC AUC is the mean over the parts left out:",
        "",
        _row(["system", "protocol", "mean ROC AUC", "macro-F1 at 0.5", "recall, `flag`"]),
        _row(["---"] * 5),
        *(_compared(row) for row in evaluate["protocols"]["rows"]),
        "",
        _in_use(evaluate["in_use"][0]),
    ]
    return "\n".join(lines)


def _slices(measured: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [
        _row([row["name"], row["part"], f"{row['posts']:,}", *(written(row["metrics"].get(name)) for name in _SLICE_METRICS)])
        for row in measured
        if row["slice"] in ("election", "platform") and row["part"] in SLICED
    ]
    if not rows:
        return ["The posts name no elections or platforms that could be told apart."]
    head = _row(["posts of", "part", "number", *(TITLES[name] for name in _SLICE_METRICS)])
    return ["By election and platform:", "", head, _row(["---"] * (len(_SLICE_METRICS) + 3)), *rows]


def _compared(row: Mapping[str, Any]) -> str:
    mean = "–" if row["mean_roc_auc"] is None else f"{row['mean_roc_auc']:.3f}"
    return _row([row["system"], row["protocol"], mean, written(row["metrics"].get("macro_f1")), written(row["metrics"].get("recall_flag"))])


def _in_use(compared: Mapping[str, Any]) -> str:
    if "skipped" in compared:
        return f"Not compared with a release in use: {compared['skipped']}."
    candidate, champion = compared["rows"]
    of = compared["difference"] or {"low": None}
    differs = "" if of["low"] is None else f" ROC AUC differs by {of['value']:+.3f} ({of['low']:+.3f} to {of['high']:+.3f})."
    values = ", ".join(
        f"{TITLES[name]} {written(candidate['metrics'].get(name))} against {written(champion['metrics'].get(name))}"
        for name in _SLICE_METRICS
    )
    return (
        f"Against the release in use ({compared['version']}), on {candidate['posts']:,} {compared['where']}, {compared['names']}: "
        f"{values}. {compared['changed']:,} are decided otherwise."
        f"{differs}"
    )


def _thresholds(found: Mapping[str, Any]) -> str:
    pooled, missed = found["pooled"], found["missed"]
    lines = ["## Thresholds", "", *(f"**{note[0].upper()}{note[1:]}.**\n" for note in found["notes"])]
    if found["flag"] is not None:
        lines.append(
            f"`flag` starts at {found['flag']:.4f}. With {found['confidence']:.0%} confidence (Clopper-Pearson), at most "
            f"{found['alpha']:.1%} of neutral posts like those measured are flagged there: {pooled['flag']['errors']} of "
            f"{pooled['neutral']:,} were (near-duplicates counted once)."
        )
        if spared := found.get("protected", {}).get("posts"):
            voices = " or ".join(found["protected"]["voices"])
            lines.append(f"It lies above each of the {spared:,} neutral posts of voice {voices}: none of them is flagged on unseen folds.")
        if elsewhere := found.get("unseen_platforms", {}).get("posts"):
            lines.append(f"The same bound holds on {elsewhere:,} neutral posts, each asked of a model without the others of its platform.")
        if elsewhere := found.get("unseen_neutral", {}).get("posts"):
            lines.append(f"The same bound holds on {elsewhere:,} posts of `train.neutral`, asked of a model that learned from none.")
    lines += [
        f"`review` starts at {found['review']:.4f}, where {found['review_load']:.0%} of neutral posts would be read: "
        f"{pooled['review']['errors']} of {pooled['neutral']:,} were at or above it. Of {missed['partisan']:,} partisan posts, "
        f"{missed['below_review']:,} ({_percent(missed['below_review'], missed['partisan'])}) lie below it and are missed.",
        "",
        *_bounds(found["slices"]),
        "What to expect, by the share of partisan posts among those scored (at the bound: with as many false positives as the upper bound "
        "of the measured rate allows):",
        "",
        _row(
            [
                "share",
                "precision of `flag`",
                "at the bound",
                "flags per 100,000",
                "of them neutral",
                "read per 100,000 (`review` or `flag`)",
            ]
        ),
        _row(["---"] * 6),
        *(_expected(row) for row in found["expected"]),
    ]
    return "\n".join(lines)


def _bounds(slices: Sequence[Mapping[str, Any]]) -> list[str]:
    if not slices:  # `_slices` has said why
        return []
    return [
        "The bound of a single slice is wider, for it has fewer posts:",
        "",
        _row(["neutral posts of", "number", "flagged", "bound", "`review` or `flag`", "bound"]),
        _row(["---"] * 6),
        *(_row([row["name"], f"{row['neutral']:,}", *_errors(row["flag"]), *_errors(row["review"])]) for row in slices),
        "",
    ]


def _errors(found: Mapping[str, Any] | None) -> list[str]:
    return ["–", "–"] if found is None else [str(found["errors"]), f"{found['bound']:.1%}"]


def _expected(row: Mapping[str, Any]) -> str:
    flag, review = row["flag"], row["review"]
    cells = ["–"] * 4
    if flag:
        precise = "–" if flag["precision"] is None else f"{flag['precision']:.0%}"
        cells = [precise, f"{flag['precision_at_bound']:.0%}", f"{flag['read_per_100000']:,}", f"{flag['neutral_per_100000']:,}"]
    return _row([f"{row['prevalence']:.1%}", *cells, f"{review['read_per_100000']:,}" if review else "–"])


def _challenge(results: Mapping[str, Sequence[Mapping[str, Any]]], gates: Mapping[str, Mapping[str, Any]]) -> str:
    without, names = results["without_gazetteer"], {row["id"]: row for row in results["with_gazetteer"]}
    lines = [
        "## Challenge and gates",
        "",
        passages.CHALLENGE,
        "",
        _row(["category", "type", "passed", "interval", "with the names known", "answers right"]),
        _row(["---"] * 6),
        *(
            _row(
                [
                    f"{row['id']} {row['name']}",
                    row["type"],
                    f"{row['passed']} of {row['seeds']}",
                    f"{row['low']:.0%}–{row['high']:.0%}",
                    f"{names[row['id']]['passed']}",
                    f"{row['right']:.0%}",
                ]
            )
            for row in without
        ),
        "",
        *(f"- **{gate['status']}**: {gate['says']}" for _, gate in sorted(gates.items())),
    ]
    return "\n".join(lines)


def _summary_id(thresholds: Mapping[str, Any], gates: Mapping[str, Mapping[str, Any]]) -> str:
    failed = not_passed(gates)
    if thresholds["flag"] is None:
        missing = thresholds["missing_neutral"]
        why = f"Data netral belum cukup (kurang sedikitnya {missing} unggahan)" if missing else "Tidak ada ambang yang memenuhi janji"
        promise = f"{why}, sehingga **tidak ada unggahan yang diberi tanda `flag`**."
    else:
        promise = (
            f"`flag` diberikan mulai {thresholds['flag']:.4f}; dengan keyakinan {thresholds['confidence']:.0%}, paling banyak "
            f"{thresholds['alpha']:.1%} "
            "unggahan netral yang serupa dengan unggahan yang diukur ikut tertandai."
        )
    return (
        "## Ringkasan\n\n"
        "Model ini membaca unggahan berbahasa Indonesia dan memperkirakan peluang unggahan itu memihak dalam pemilu. Hasilnya "
        "**untuk ditinjau manusia, "
        "bukan bukti pelanggaran**: jangan dipakai untuk menjatuhkan sanksi, dan jangan dijumlahkan per orang. "
        f"{promise} `review` berarti layak dibaca, mulai {thresholds['review']:.4f}. "
        f"{'Gerbang yang belum lulus: ' + ', '.join(failed) + '.' if failed else 'Semua gerbang lulus.'}"
    )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"
