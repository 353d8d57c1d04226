"""Stage train: a candidate that can be loaded, its out-of-fold scores, and a report without texts."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.metrics import average_precision_score

import netral
from netral.errors import InputError
from netral.model import artifact
from netral.stages import train
from tests.building import ROOT


@pytest.fixture
def project(trained, tmp_path) -> tuple:
    """Params and a copy of the trained project that a test may change."""
    params, root = trained
    return params, Path(shutil.copytree(root, tmp_path / "project"))


def frames(root: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    interim = root / "data" / "interim"
    posts = pd.read_parquet(interim / "clean.parquet").drop(columns="group").merge(pd.read_parquet(interim / "split.parquet"), on="id")
    return posts, pd.read_parquet(interim / "oof.parquet")


def test_the_candidate_is_a_whole_artifact_with_open_thresholds(trained):
    _, root = trained
    folder = root / "data" / "interim" / "model"
    assert artifact.verify(folder) == ["arrays.npz", "model.json", "sklearn.joblib"]
    model = netral.load(folder)
    assert (model.thresholds.review, model.thresholds.flag) == (1.0, None)
    assert set(model.decide(["Ayo coblos nomor 2!", "Rapat warga"])) == {"clear"}


def test_loaded_is_trained(trained):
    _, root = trained
    folder = root / "data" / "interim" / "model"
    texts = frames(root)[0].text[::7].tolist()
    fitted = joblib.load(folder / "sklearn.joblib")
    np.testing.assert_allclose(netral.load(folder).predict_proba(texts), fitted.predict_proba(texts)[:, 1], rtol=0, atol=1e-12)


def test_each_training_post_has_a_score_from_a_model_that_did_not_see_it(trained):
    _, root = trained
    posts, found = frames(root)
    assert found.columns.tolist() == ["id", "score", "probability"]
    assert set(found.id) == set(posts.id[posts.part == "train"])
    report = json.loads((root / "data" / "interim" / "train.json").read_text())
    calibration = report["calibration"]
    np.testing.assert_allclose(found.probability, expit(calibration["slope"] * found.score + calibration["offset"]))
    # A model fitted on these very posts is far surer of their labels.
    train_posts = posts[posts.part == "train"]
    inside = netral.load(root / "data" / "interim" / "model").predict_proba(train_posts.text.tolist())
    partisan = (train_posts.label == "partisan").to_numpy()
    outside = found.set_index("id").probability[train_posts.id].to_numpy()
    assert np.abs(inside - partisan).mean() < np.abs(outside - partisan).mean() - 0.05


def test_the_report_names_what_was_tried_and_chosen_and_quotes_nobody(trained):
    params, root = trained
    report = json.loads((root / "data" / "interim" / "train.json").read_text())
    posts, _ = frames(root)
    used = posts[posts.part == "train"]
    assert (report["posts"], report["partisan"]) == (len(used), int((used.label == "partisan").sum()))
    assert [row["C"] for row in report["tried"]] == list(params.train.C)
    best = max(report["tried"], key=lambda row: row["average_precision"])
    near = [row for row in report["tried"] if row["average_precision"] >= best["average_precision"] - best["standard_error"]]
    chosen = min(near, key=lambda row: row["C"])
    assert (report["chosen"]["C"], report["chosen"]["average_precision"]) == (chosen["C"], chosen["average_precision"])
    assert report["calibrated_on"] == "cross-fitted predictions of the training posts"
    assert report["tried_on"] == "all training posts, cross-fitted"
    strings = json.dumps(report, ensure_ascii=False)
    assert not any(text in strings for text in posts.text if len(text) > 20)


def test_training_again_gives_the_same_bytes(project):
    params, root = project
    folder = root / "data" / "interim"
    before = {path: path.read_bytes() for path in (*map(folder.joinpath, ("oof.parquet", "train.json")), *(folder / "model").iterdir())}
    train.run(params, root)
    assert {path: path.read_bytes() for path in before if path.name != "sklearn.joblib"} == {
        path: content for path, content in before.items() if path.name != "sklearn.joblib"
    }


@pytest.fixture
def apart(project) -> tuple:
    """Such a project, a quarter of its training posts kept apart, and their ids."""
    params, root = project
    path = root / "data" / "interim" / "split.parquet"
    split = pd.read_parquet(path)
    kept = split.index[split.part == "train"][::4]
    split.loc[kept, ["part", "fold"]] = ["calibration", -1]
    split.to_parquet(path, index=False)
    return params, root, set(split.id[kept])


def test_posts_kept_apart_calibrate_where_there_are_any(apart):
    params, root, kept = apart
    train.run(params, root)
    posts, found = frames(root)
    report = json.loads((root / "data" / "interim" / "train.json").read_text())
    assert report["calibrated_on"] == f"{len(kept)} posts kept apart"
    assert set(found.id) == kept
    fitted = joblib.load(root / "data" / "interim" / "model" / "sklearn.joblib").pipeline
    prepared = posts.set_index("id").prepared[found.id].tolist()
    np.testing.assert_allclose(fitted.decision_function(prepared), found.score, rtol=0, atol=1e-12)


def test_one_setting_is_not_cross_fitted_where_posts_kept_apart_tell_how_it_does(apart, monkeypatch):
    params, root, _ = apart
    monkeypatch.setattr(train, "cross_fit", lambda *_: pytest.fail("there is nothing to choose"))
    train.run(dataclasses.replace(params, train=dataclasses.replace(params.train, C=(1.0,))), root)
    report = json.loads((root / "data" / "interim" / "train.json").read_text())
    (only,) = report["tried"]
    posts, found = frames(root)
    partisan = posts.set_index("id").label[found.id] == "partisan"
    assert report["chosen"]["average_precision"] == only["average_precision"] == average_precision_score(partisan, found.score)
    assert report["tried_on"] == "the posts kept apart for calibration"


def test_several_settings_are_chosen_among_on_a_sample_and_never_on_the_posts_kept_apart(apart, monkeypatch):
    params, root, _ = apart
    seen = []
    cross_fit, sample_folds = train.cross_fit, train.sample_folds
    monkeypatch.setattr(train, "cross_fit", lambda corpus, *rest: seen.append(len(corpus)) or cross_fit(corpus, *rest))
    monkeypatch.setattr(train, "sample_folds", lambda fold, group: sample_folds(fold, group, 150))
    several = dataclasses.replace(params, train=dataclasses.replace(params.train, C=(0.3, 3.0)))
    train.run(several, root)
    report = json.loads((root / "data" / "interim" / "train.json").read_text())
    assert len(report["tried"]) == 2
    assert 150 <= seen[0] < 160
    assert report["tried_on"] == f"{seen[0]} of the training posts, cross-fitted"
    assert report["posts"] > 2 * seen[0] - 160, "what is chosen is fitted on all of them"


def test_other_params_give_another_model(project):
    params, root = project
    before = artifact.read_manifest(root / "data" / "interim" / "model")["version"]
    other = dataclasses.replace(params, train=dataclasses.replace(params.train, C=(0.1,), stem="none", families=("words",)))
    train.run(other, root)
    settings, arrays, manifest = artifact.read(root / "data" / "interim" / "model")
    assert manifest["version"] != before
    assert (settings["C"], settings["stem"], settings["families"]) == (0.1, "none", ["words"])
    assert not any(name.startswith(("stem", "chars")) for name in arrays)


def test_posts_of_one_label_are_refused_and_the_candidate_before_stays(project):
    params, root = project
    path = root / "data" / "interim" / "clean.parquet"
    pd.read_parquet(path).assign(label="neutral").to_parquet(path, index=False)
    with pytest.raises(InputError, match="both partisan and neutral"):
        train.run(params, root)
    assert netral.load(root / "data" / "interim" / "model")


def test_what_an_earlier_stage_did_not_write_is_named(project):
    params, root = project
    (root / "data" / "interim" / "split.parquet").unlink()
    with pytest.raises(InputError, match=r"split\.parquet: cannot be read.*earlier stage"):
        train.run(params, root)


@pytest.mark.parametrize("stage", ["train", "export"])
def test_as_a_command_an_error_is_one_line_and_an_exit_code(stage, tmp_path):
    shutil.copy(ROOT / "params.yaml", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", f"netral.stages.{stage}"], cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == InputError.exit_code
    assert done.stderr.startswith("error: data/interim/")
    assert done.stderr.count("\n") == 1
