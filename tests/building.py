"""Build small real models for the tests, in memory and in seconds."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.pipeline import Pipeline

from netral.fit import export
from netral.fit.classifier import make_pipeline
from netral.fit.features import Features
from netral.fit.prepare import prepare_posts
from netral.fit.vocabulary import Space
from netral.model import artifact
from netral.model.gazetteers import read_gazetteer
from netral.model.model import Model
from netral.params import FAMILIES, Evaluate, Family, Params, Train
from netral.scoring.drift import build_profile
from netral.text.gazetteer import Gazetteer

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT / "data" / "raw" / "posts.csv"
ELECTIONS = ROOT / "data" / "elections"

#: What a post can contain besides sense.
HOSTILE = (
    "",
    "   \n\t ",
    "\x00",
    "a\x00b \x00 c",
    "\ud800 pilih \udfff",
    "\u202eterbalik\u202c \u200bnol\u200dlebar\ufeff",
    "kafé e\u0301 ﬁ ① ²",
    "JanganLah pilih dia â€œbegituâ€",
    "&lt;b&gt;coblos&amp;#33; &amp;amp; &#x41;",
    "<CALON> <partai> <NOMOR> <USER> <URL> < TELP >",
    " ".join(f"#tagar{n}" for n in range(1000)),
    "#" * 500,
    "!" * 300 + "?" * 300,
    "👍🏽👩‍👩‍👧‍👦✌️🇮🇩" * 20,
    "0812 3456 7890 dan 0812-3456-7890, 3201 0112 3456 7890",
    "nomor\n2 nomor  dua, no.2 No : 03 coblos 01",
    "BACA JUGA: Debat Kedua\nADVERTISEMENT\nDiteruskan: halo",
    "KOTA, Media.co – KOTA, Media.co – isi",
    "anak-anak2 makan2an-nya -- – — - ke-2 pe-milih-an",
    "x" * 5000,
    "jaaaaangaaaan piliiiiih",
    "@a @b@c.d e@f.id www.x.id https://y.id/?q=1&z=<2>",
    "مرحبا 你好 Привет नमस्ते",
    "\u0300" * 50,
    "'\"`,;:()[]{}\\/|~^*+=%$",
)


@cache
def gazetteers() -> dict[str, Gazetteer]:
    """The bundled elections' names by slug."""
    return {path.stem: read_gazetteer(path) for path in sorted(ELECTIONS.glob("*.yaml"))}


def read_bundled() -> pd.DataFrame:
    """A third of the bundled posts of no election, and those of every eighth one: with more, whatever leaves each out takes long."""
    posts = pd.read_csv(RAW, dtype=str, keep_default_na=False)
    everyday = posts[posts.election == "none"].index[::3]
    return posts[posts.index.isin(everyday) | posts.election.isin(sorted({*posts.election} - {"none"})[::8])]


@cache
def bundled() -> pd.DataFrame:
    """The bundled posts of :func:`read_bundled` that are `partisan` or `neutral`, with their prepared texts."""
    return labelled(read_bundled())


def labelled(posts: pd.DataFrame) -> pd.DataFrame:
    """Those of some bundled posts that are `partisan` or `neutral`, with their prepared texts, and those without a gazetteer."""
    posts = posts[posts.label != "uncertain"].reset_index(drop=True)
    prepared = prepare_posts(posts.text.tolist(), posts.election.tolist(), gazetteers())
    return posts.assign(prepared=prepared.prepared, bare=prepared.bare)


def some(count: int) -> pd.DataFrame:
    """About `count` of these posts, from all of their elections and genres."""
    posts = bundled()
    return posts.iloc[:: len(posts) // count].reset_index(drop=True)


def train_params(**changed: Any) -> Train:
    """Settings for a few hundred posts, with every family."""
    return Train(**{"families": FAMILIES, "C": (3.0,), "chars": Family((3, 5), 3, 120_000), **changed})


def fit(posts: pd.DataFrame, params: Train, space: Space | None = None) -> Pipeline:
    """Fit the pipeline of `params` on prepared posts, with a space of words where there is one."""
    corpus = dataclasses.replace(Features(stem=params.stem).encode(posts.prepared.tolist()), space=space)
    return make_pipeline(params, params.families, params.C[0]).fit(corpus, (posts.label == "partisan").to_numpy())


def contents(
    pipeline: Pipeline, thresholds: Mapping[str, float | None], calibration: tuple[float, float] = (1.0, 0.0)
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings and arrays of a release with canaries, without a profile."""
    intercept, arrays = export.weights(pipeline)
    settings = export.settings(pipeline, intercept, *calibration) | {"thresholds": dict(thresholds)}
    probability = in_memory(settings, arrays).predict_proba(export.CANARIES)
    return settings | {
        "canaries": [{"text": t, "probability": float(p)} for t, p in zip(export.CANARIES, probability, strict=True)]
    }, arrays


def in_memory(settings: Mapping[str, Any], arrays: Mapping[str, Any]) -> Model:
    """Return a model that no folder holds."""
    return Model(settings, arrays, {"version": "0" * 12, "digest": "0" * 64}, Path())


def write_release(
    folder: Path,
    settings: Mapping[str, Any],
    arrays: Mapping[str, Any],
    posts: Sequence[str] = (),
    extra: Mapping[str, bytes | Path] | None = None,
) -> str:
    """Write a release whose drift profile describes `posts`, and return its version."""
    scored = in_memory(settings, arrays).score(posts)
    profile = build_profile(scored.probability, scored.items, scored.known)
    return artifact.write(folder, artifact.core_bytes({**settings, "profile": profile}, arrays), extra)


def small_project(root: Path) -> tuple[Params, Path]:
    """Make a project with some of the bundled posts and run its stages up to `train`."""
    from netral.stages import clean, split, train, validate

    (root / "data" / "raw").mkdir(parents=True)
    raw = read_bundled()
    raw.iloc[:: len(raw) // 380].to_csv(root / "data" / "raw" / "posts.csv", index=False)
    for name in ("elections", "challenge"):
        shutil.copytree(ROOT / "data" / name, root / "data" / name)
    params = Params(seed=1, train=train_params(C=(1.0, 3.0)), evaluate=Evaluate(bootstrap=20))
    for stage in (validate, clean, split, train):
        stage.run(params, root)
    return params, root
