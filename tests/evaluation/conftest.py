"""What the stages hand to the card and the report, in small."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from netral.evaluation import gates, headline, metrics, plots, thresholds
from netral.files import write_json
from netral.params import Gates

PROMISE = {"alpha": 0.01, "confidence": 0.95, "load": 0.05}


def _posts(neutral: int) -> pd.DataFrame:
    random = np.random.default_rng(5)
    n = neutral + 200
    return pd.DataFrame(
        {
            "id": [f"post-{i}" for i in range(n)],
            "label": ["neutral"] * neutral + ["partisan"] * 200,
            "probability": np.concatenate([random.uniform(0, 0.7, neutral), random.uniform(0.2, 1, 200)]),
            "group": np.arange(n),
            "election": np.where(np.arange(n) % 2, "pilkada-a", "pilpres-b"),
            "platform": "x",
            "voice": np.where(np.arange(n) % 10, "own", "reminder"),
            "genre": "tweet",
            "lang": "id",
        }
    )


def _challenge_row(category: str, kind: str, passed: int) -> dict[str, Any]:
    example = {"seed": f"{category}-01", "texts": [{"text": "a < b & c", "label": "neutral", "decision": "flag", "probability": 0.97}]}
    counts = {
        "seeds": 20,
        "variants": 60,
        "passed": passed,
        "ordered": passed,
        "rate": passed / 20,
        "low": 0.4,
        "high": 1.0,
        "flagged_neutral": 0,
    }
    return {
        "id": category,
        "name": f"category {category}",
        "type": kind,
        "gating": True,
        **counts,
        "failed": [],
        "right": 0.9,
        "examples": [example],
    }


def build(folder: Path, neutral: int = 500) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write the points of the plots to `folder`; return what info.json and the stages' files would hold."""
    posts = _posts(neutral)
    partisan, probability, groups = (posts.label == "partisan").to_numpy(), posts.probability.to_numpy(), posts.group.to_numpy()
    chosen, missing = thresholds.choose(probability, partisan, groups, **PROMISE)
    report = thresholds.report(posts, chosen, missing, **PROMISE)
    measured = metrics.measure_slices(posts, chosen, metrics.Bootstrap(30), "out of fold")
    reminded = headline.reminders({"out of fold": posts}, chosen)
    kinds = {"C01": "INV", "C05": "MIN", "C10": "MFT", "C11": "MFT", "C12": "MIN", "C13": "MIN", "C18": "MIN"}
    results = {name: [_challenge_row(*each, 20) for each in kinds.items()] for name in ("without_gazetteer", "with_gazetteer")}
    judged = gates.judge(Gates(), results, chosen.flag)
    for name, rows in plots.points(partisan, probability, groups).items():
        write_json(folder / "plots" / f"{name}.json", rows)
    found = {
        "validate": {"says": "700 of 703 rows accepted, 3 rejected (label 2, empty text 1)"},
        "split": {"test_elections": ["pilkada-c"], "skipped": ["a calibration part of its own: too few posts"]},
        "train": {
            "posts": neutral + 200,
            "partisan": 200,
            "beside": {"also": 0, "neutral": 0, "neutral_found": 0},
            "stem": "sastrawi",
            "interaction": ["target", "election"],
            "prior": {"about": "public posts", "strength": 1.0},
            "calibrated_on": "cross-fitted predictions of the training posts",
            "chosen": {"families": ["words", "stems"], "C": 1.0, "average_precision": 0.8},
            "tried": [{"families": "words+stems", "C": 1.0, "average_precision": 0.8, "standard_error": 0.01}],
        },
        "thresholds": report,
        "evaluate": {
            "headline": headline.headline(measured, report, results, judged, reminded),
            "measured": measured,
            "reminders": reminded,
            "sampling": [{"name": "authored", "posts": neutral + 200}],
            "skipped": ["no neutral posts in platform tiktok (test): roc_auc"],
            "protocols": {"rows": [], "skipped": ["time forward: the file has no posted_at"]},
            "in_use": [{"skipped": "none is in use"}],
            "parts": {"rows": [{"part": "prior", "difference": {"value": -0.02, "low": -0.031, "high": -0.01}}], "skipped": ""},
            "terms": [{"partisan": [{"term": "coblos", "weight": 1.2}], "neutral": [{"term": "<CALON> & kpu", "weight": -0.8}]}],
            "errors": [
                {"id": "post-7", "label": "neutral", "probability": 0.98, "election": "pilkada-a", "text": "<script>alert(1)</script>"}
            ],
        },
        "challenge": results,
        "gates": judged,
    }
    info = {
        "version": "0123456789ab",
        "created": "2026-01-02T03:04:05+00:00",
        "commit": "",
        "netral": "0.1.0",
        "data": {"posts": "data/raw/posts.csv", "sha256": "ab" * 32},
        "params": {"seed": 1, "train": {"C": (1.0, 2.0), "names": "drop", "words": {"ngrams": (1, 2)}}},
        "gates_failed": sorted(name for name, gate in judged.items() if gate["status"] != "passed"),
        "headline": found["evaluate"]["headline"],
        "thresholds": report,
        "gates": judged,
    }
    return info, found


@pytest.fixture
def evaluated(tmp_path: Path) -> tuple[dict[str, Any], dict[str, Any], Path]:
    """Content of info.json, of the stages' files, and the folder of the plots."""
    return *build(tmp_path), tmp_path


@pytest.fixture
def unflagged(tmp_path: Path) -> tuple[dict[str, Any], dict[str, Any], Path]:
    """The same with too few neutral posts to flag any."""
    return *build(tmp_path, neutral=100), tmp_path
