"""Stage 6 of 6: write the release, check it, and make it current if its gates pass and it is no worse than the one in use.

Reads what the earlier stages wrote, and the gazetteers; writes ``models/<version>/``, ``models/current`` and ``data/interim/release.json``.
A release is never changed once written: the same data, params and lock give the same version.

Run: ``python -m netral.stages.export``
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import pandas as pd
import typer

from netral import tracking
from netral.errors import ModelError
from netral.evaluation import card, champion, gates, promotion, report, summary
from netral.evaluation.metrics import Bootstrap
from netral.files import read_frame, read_json, write_json
from netral.fit.export import CANARIES
from netral.model import artifact, releases
from netral.model.gazetteers import read_gazetteers
from netral.model.model import Model, load
from netral.model.policy import Thresholds
from netral.params import Params
from netral.scoring.drift import build_profile
from netral.stages import INTERIM, command, split_posts

#: Test posts from which on the drift profile is taken of them.
_PROFILED = 1000
_READ = ("validate", "split", "train", "thresholds", "evaluate", "challenge", "gates")


def run(params: Params, root: Path) -> None:
    """Export the candidate that `train` fitted and `evaluate` measured."""
    interim, models = root / INTERIM, root / params.export.models
    found = {name: read_json(interim / f"{name}.json") for name in _READ}
    candidate = load(interim / "model")
    core = _core(interim, candidate, found["thresholds"])
    version = artifact.version_of({name: sha256(content).hexdigest() for name, content in core.items()})
    folder, current = models / version, releases.current_version(models)
    before = releases.info(models / current) if current and current != version else {}
    # Here and not in `evaluate`, whose results must not hang on which release happens to be in use.
    candidate.thresholds = Thresholds(found["thresholds"]["review"], found["thresholds"]["flag"])
    asked = _asked(interim, candidate, root / params.validate.elections, unseen=promotion.by_unseen_folds(found))
    compared = champion.compare(candidate.thresholds, asked, models, Bootstrap(params.evaluate.bootstrap, params.seed))
    found["evaluate"] = {**found["evaluate"], "in_use": [compared]}
    if not _is_there(folder, version):
        artifact.write(folder, core, _beside(_info(params, root, version, found), found, before, interim))
    load(folder)
    artifact.verify(folder)
    kept_back = promotion.against(found, releases.info(folder), compared, params.export.margin, os.environ)
    if not kept_back and current != version:
        releases.record(models, current, version, "export: gates passed", forced=False)
    current = releases.current_version(models)
    state = promotion.state(version, current, kept_back)
    release = {
        "version": version,
        "current": current == version,
        "gates_failed": gates.not_passed(found["gates"]),
        "kept_back": kept_back,
        "state": state,
    }
    write_json(interim / "release.json", release)
    typer.echo("\n".join([*summary.lines(found, compared, before), f"release    {version} is {state}"]))
    tracking.log_release(root, params, release, folder)


def _core(interim: Path, candidate: Model, thresholds: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files that the version is the digest of: what `train` fitted, with thresholds, drift profile and canaries."""
    settings, arrays, _ = artifact.read(interim / "model")
    added = {
        "thresholds": {name: thresholds[name] for name in ("review", "flag")},
        "profile": _profile(candidate, interim),
        "canaries": [{"text": text, "probability": float(p)} for text, p in zip(CANARIES, candidate.predict_proba(CANARIES), strict=True)],
    }
    return artifact.core_bytes({**{key: value for key, value in settings.items() if key != "format"}, **added}, arrays)


def _info(params: Params, root: Path, version: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ``info.json`` tells of a release: where it comes from, and what it is worth."""
    validated, decisive = found["validate"], promotion.decisive(found)
    return {
        "version": version,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": tracking.commit(root),
        "netral": installed("netral"),
        "data": {"posts": validated["posts"], "sha256": validated["digest"]},
        "params": _told(params),
        "gates_failed": gates.not_passed(found["gates"]),
        "headline": found["evaluate"]["headline"],
        "quality": {"part": decisive["part"], "roc_auc": decisive["metrics"].get("roc_auc", {}).get("value")},
        **{name: found[name] for name in ("thresholds", "gates")},
    }


def _beside(info: Mapping[str, Any], found: Mapping[str, Any], before: Mapping[str, Any], interim: Path) -> dict[str, bytes | Path]:
    """Return the files of a release that people and later releases read, and the fitted pipeline."""
    return {
        "info.json": _json(info),
        "trained_on.json": _json(_trained_on(interim)),
        "CARD.md": card.render(info, found).encode(),
        "report.html": report.render(info, found, before, interim).encode(),
        "sklearn.joblib": interim / "model" / "sklearn.joblib",
    }


def _is_there(folder: Path, version: str) -> bool:
    try:
        return bool(artifact.verify(folder)) and artifact.read_manifest(folder)["version"] == version
    except ModelError:
        return False


def _told(params: Params) -> dict[str, Any]:
    """Return the params without where files lie: a release is handed on, and a path tells of its maker's machine."""
    told = asdict(params)
    for section, names in {
        "validate": ("posts", "elections"),
        "train": ("also", "neutral", "unlabelled"),
        "evaluate": ("challenge",),
    }.items():
        told[section] |= {name: Path(told[section][name]).name for name in names}
    return told | {"export": {"margin": params.export.margin}}


def _posts(interim: Path, *parts: str) -> pd.DataFrame:
    posts = split_posts(interim)
    return posts[posts.part.isin(parts)].reset_index(drop=True)


def _asked(interim: Path, candidate: Model, elections: Path, *, unseen: bool) -> list[champion.Asked]:
    """Return what the release in use is asked beside the candidate: test posts, and out-of-fold ones before them where ``unseen``.

    Test posts of elections that the candidate learned from would favour it over a release that did not.
    """
    test = _posts(interim, "test")
    asked = [champion.Asked("test posts", test.assign(probability=candidate.predict_proba(test.text.tolist())))]
    if not unseen:
        return asked
    held = split_posts(interim).merge(read_frame(interim / "oof.parquet"), on="id")
    return [champion.Asked("out-of-fold posts", held, read_gazetteers(elections), unseen=True), *asked]


def _profile(model: Model, interim: Path) -> dict[str, Any]:
    """The drift profile: what posts that the model was not fitted on look like to it.

    With few of them it is what those learned from look like: their probabilities are out-of-fold, but all their common words are known.
    """
    test = _posts(interim, "test")
    posts = test if len(test) >= _PROFILED else read_frame(interim / "clean.parquet").merge(read_frame(interim / "oof.parquet"), on="id")
    scored = model.score(posts.text.tolist())
    probability = scored.probability if posts is test else posts.probability.to_numpy()
    return build_profile(probability, scored.items, scored.known, posts.platform.astype(str).tolist())


def _trained_on(interim: Path) -> list[str]:
    """Hashes of the posts learned from, those from beside too, so that a later release is compared only on posts that neither has seen."""
    seen = [*_posts(interim, "train", "calibration").text, *read_frame(interim / "beside.parquet").text]
    return sorted({champion.fingerprint(text) for text in seen})


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def main() -> None:
    """Run the stage in the working directory."""
    command("export", run)


if __name__ == "__main__":
    main()
