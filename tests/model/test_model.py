"""Loading a release by whatever names it, refusing what would score differently."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import netral
from netral.errors import ModelError
from netral.model import artifact
from netral.text.analyser import analyser
from netral.text.growing import Growing
from tests.building import bundled
from tests.conftest import TINY_THRESHOLDS


@pytest.fixture
def models(tiny: Path, tmp_path: Path) -> Path:
    """A folder of releases with the tiny one in use."""
    version = artifact.read_manifest(tiny)["version"]
    shutil.copytree(tiny, tmp_path / "models" / version)
    (tmp_path / "models" / "current").write_text(version + "\n")
    return tmp_path / "models"


def rewritten(tiny: Path, folder: Path, **changes: Any) -> Path:
    """The tiny release with other settings, its digests right."""
    settings, arrays, _ = artifact.read(tiny)
    artifact.write(folder, artifact.core_bytes(settings | changes, arrays))
    return folder


def test_a_release_is_found_by_path_by_environment_and_in_the_working_directory(tiny, models, monkeypatch):
    by_path = netral.load(tiny)
    assert netral.load(str(tiny)).digest == by_path.digest
    monkeypatch.setenv("NETRAL_MODELS", str(models))
    assert netral.load().digest == by_path.digest
    monkeypatch.delenv("NETRAL_MODELS")
    monkeypatch.chdir(models.parent)
    found = netral.load()
    assert found.digest == by_path.digest
    assert found.folder.name == found.version


def test_a_loaded_model_says_what_it_is(tiny, tiny_model):
    manifest = artifact.read_manifest(tiny)
    assert (tiny_model.version, tiny_model.digest, tiny_model.folder) == (manifest["version"], manifest["digest"], tiny)
    assert (tiny_model.thresholds.review, tiny_model.thresholds.flag) == (TINY_THRESHOLDS["review"], TINY_THRESHOLDS["flag"])
    assert tiny_model.profile["rows"] > 200


def test_without_a_release_in_use_nothing_is_guessed(models, monkeypatch):
    (models / "current").unlink()
    monkeypatch.setenv("NETRAL_MODELS", str(models))
    with pytest.raises(ModelError, match="no release is in use"):
        netral.load()


def test_a_release_in_use_that_is_gone_is_an_error(models, monkeypatch):
    (models / "current").write_text("abcdefabcdef\n")
    monkeypatch.setenv("NETRAL_MODELS", str(models))
    with pytest.raises(ModelError, match="names 'abcdefabcdef', which is no release"):
        netral.load()


@pytest.mark.parametrize("name", ["nowhere", "", "file"])
def test_what_is_no_release_is_refused(tmp_path, name):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ModelError, match=r"manifest\.json") as refused:
        netral.load(tmp_path / name)
    assert "\n" not in str(refused.value)


def test_a_canary_that_scores_differently_is_refused(tiny, tmp_path):
    canaries = artifact.read(tiny)[0]["canaries"]
    off = [dict(row) for row in canaries]
    off[2]["probability"] += 2e-4
    with pytest.raises(ModelError, match=r"canary 3 scores 0\.0002 away"):
        netral.load(rewritten(tiny, tmp_path / "off", canaries=off))
    off[2]["probability"] = canaries[2]["probability"] + 5e-5  # another processor adds in another order
    assert netral.load(rewritten(tiny, tmp_path / "near", canaries=off)).decide(["halo"])


def test_arithmetic_that_gives_no_number_is_refused(tiny, monkeypatch):
    model = netral.load(tiny)
    monkeypatch.setattr(model, "calibrate", lambda log_odds: log_odds * np.nan)
    with pytest.raises(ModelError, match="canary 1 scores nan away"):
        model.check_canaries()


@pytest.mark.parametrize("without", ["analyser", "calibration", "canaries", "intercept", "names", "stem", "thresholds"])
def test_a_release_that_is_whole_and_no_model_is_refused(tiny, tmp_path, without):
    settings, arrays, _ = artifact.read(tiny)
    del settings[without]
    artifact.write(tmp_path / "other", artifact.core_bytes(settings, arrays), {})
    with pytest.raises(ModelError, match=r"do not make a model .*export it again"):
        netral.load(tmp_path / "other")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 99}, "settings of format 99"),
        ({"stem": "evil"}, "stem 'evil', expected one of sastrawi, none"),
        ({"thresholds": {"review": -5, "flag": 0.9}}, "expected probabilities"),
        ({"thresholds": {"review": 0.5, "flag": float("1e9")}}, "expected probabilities"),
        ({"thresholds": {"review": "0.5", "flag": None}}, "TypeError"),
    ],
)
def test_settings_that_no_training_writes_are_refused(tiny, tmp_path, changes, said):
    with pytest.raises(ModelError, match=rf"do not make a model .*{said}.*export it again"):
        netral.load(rewritten(tiny, tmp_path / "other", **changes))


def test_another_analyser_is_refused(tiny, tmp_path):
    with pytest.raises(ModelError, match=f"0-abc.*{analyser()}"):
        netral.load(rewritten(tiny, tmp_path / "other", analyser="0-abc"))


def test_decisions_follow_the_probabilities(tiny_model):
    texts = bundled().text[::4].tolist()
    probability = tiny_model.predict_proba(texts)
    expected = np.select([probability >= TINY_THRESHOLDS["flag"], probability >= TINY_THRESHOLDS["review"]], ["flag", "review"], "clear")
    assert tiny_model.decide(texts) == expected.tolist()
    assert set(expected) == {"clear", "review", "flag"}
    assert probability.dtype == np.float64
    assert ((probability >= 0) & (probability <= 1)).all()


def test_extreme_log_odds_stay_probabilities(tiny_model):
    found = tiny_model.calibrate(np.array([-1e6, -50.0, 0.0, 50.0, 1e6]))
    assert np.isfinite(found).all()
    assert (np.diff(found) >= 0).all()
    assert (found[0], found[-1]) == (0.0, 1.0)


def test_threads_share_a_model(tiny, tiny_model):
    texts = [[f"{post} kata{thread}x{i}" for i, post in enumerate(bundled().text[thread::40])] for thread in range(8)]
    expected = [tiny_model.predict_proba(posts) for posts in texts]
    shared = netral.load(tiny)
    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(shared.predict_proba, texts)]
        explained = [*pool.map(lambda posts: shared.explain(posts[0]).probability, texts)]
    for one, other, alone in zip(found, expected, explained, strict=True):
        assert one.tolist() == other.tolist()
        assert alone == other[0]


def test_a_call_that_was_stopped_half_way_leaves_no_trace(tiny, tiny_model, monkeypatch):
    texts = [f"{post} kata{i}" for i, post in enumerate(bundled().text[::20])]
    model, add = netral.load(tiny), Growing.add
    for stop in range(1, 20):
        calls = iter(range(stop))

        def stopped(self, values, calls=calls):
            if next(calls, None) is None:
                raise KeyboardInterrupt
            add(self, values)

        with monkeypatch.context() as patch:
            patch.setattr(Growing, "add", stopped)
            with pytest.raises(KeyboardInterrupt):
                model.predict_proba([f"{text} lagi{stop}" for text in texts])
        assert model.predict_proba(texts).tolist() == tiny_model.predict_proba(texts).tolist()


def test_a_model_without_the_word_list_never_asks_for_it(tiny_posts, tmp_path):
    import subprocess
    import sys

    from tests.building import contents, fit, train_params, write_release

    write_release(tmp_path / "free", *contents(fit(tiny_posts, train_params(stem="none")), TINY_THRESHOLDS))
    code = "import netral, sys; netral.load(sys.argv[1]).decide(['memperjuangkan #gantibupatikita']); sys.exit('Sastrawi' in sys.modules)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "free")], check=True)


@pytest.mark.parametrize(
    "texts",
    [
        "satu unggahan",
        b"satu",
        [5],
        [b"bytes \xff", 3.5],
        {"text": "satu"},
        {"satu"},
        None,
        5,
        pd.DataFrame({"text": ["satu"]}),
        np.array([["satu"]]),
        pa.array([{"text": "satu"}]),
    ],
)
def test_what_is_no_sequence_of_posts_is_refused(tiny_model, texts):
    for ask in (tiny_model.predict_proba, tiny_model.decide, lambda posts: tiny_model.reasons(posts, 3)):
        with pytest.raises(TypeError, match="expected"):
            ask(texts)


@pytest.mark.parametrize(
    "kind",
    [
        tuple,
        np.array,
        pa.array,
        lambda posts: pa.table({"text": posts})["text"],
        lambda posts: pd.Series(posts, index=[7, 3]),
        iter,
        lambda posts: (post for post in posts),
    ],
)
def test_posts_come_in_any_kind_of_sequence(tiny_model, kind):
    posts = ["Ayo coblos nomor 2!", "Rapat warga besok."]
    assert tiny_model.predict_proba(kind(posts)).tolist() == tiny_model.predict_proba(posts).tolist()
