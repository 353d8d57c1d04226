"""Stage export: a release that is whole, checked, never changed, and current only if its gates passed."""

from __future__ import annotations

import dataclasses
import json
import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import netral
from netral.errors import InputError, ModelError
from netral.evaluation import champion
from netral.model import artifact, releases
from netral.model.model import load
from netral.stages import evaluate, export, run

CORE_AND_MORE = {"model.json", "arrays.npz", "manifest.json", "info.json", "trained_on.json", "CARD.md", "report.html", "sklearn.joblib"}


@pytest.fixture(scope="module")
def evaluated(trained, tmp_path_factory) -> tuple:
    """Params and a project that waits for its export."""
    params, root = trained
    copy = Path(shutil.copytree(root, tmp_path_factory.mktemp("evaluated") / "project"))
    evaluate.run(params, copy)
    return params, copy


@pytest.fixture
def project(evaluated, tmp_path) -> tuple:
    params, root = evaluated
    return params, Path(shutil.copytree(root, tmp_path / "project"))


def with_gates(root: Path, *statuses: str) -> None:
    path = root / "data" / "interim" / "gates.json"
    gates = json.loads(path.read_text())
    for number, name in enumerate(sorted(gates)):
        gates[name]["status"] = statuses[number] if number < len(statuses) else "passed"
    path.write_text(json.dumps(gates))


def exported(project: tuple, *statuses: str) -> tuple[dict, Path]:
    params, root = project
    with_gates(root, *statuses)
    export.run(params, root)
    release = json.loads((root / "data" / "interim" / "release.json").read_text())
    return release, root / "models" / release["version"]


def test_a_release_is_whole_and_scores_as_the_candidate(project):
    _, root = project
    release, folder = exported(project)
    assert {path.name for path in folder.iterdir()} >= CORE_AND_MORE
    assert folder == root / "models" / release["version"]
    assert artifact.verify(folder)
    model = netral.load(folder)
    candidate = netral.load(root / "data" / "interim" / "model")
    texts = pd.read_parquet(root / "data" / "interim" / "clean.parquet").text[::9].tolist()
    assert model.predict_proba(texts).tolist() == candidate.predict_proba(texts).tolist()
    thresholds = json.loads((root / "data" / "interim" / "thresholds.json").read_text())
    assert (model.thresholds.review, model.thresholds.flag) == (thresholds["review"], thresholds["flag"])


def test_a_release_tells_its_params_but_not_where_files_lay(project):
    params, root = project
    _, folder = exported(project)
    info = json.loads((folder / "info.json").read_text())
    assert info["params"]["train"]["C"] == list(params.train.C)
    away = dataclasses.replace(params, validate=dataclasses.replace(params.validate, posts="/home/budi/rahasia/mine.csv"))
    assert "budi" not in json.dumps(export._told(away))
    assert export._told(away)["validate"]["posts"] == "mine.csv"
    assert str(root) not in json.dumps(info)


def test_the_release_knows_what_posts_looked_like_and_its_canaries(project):
    _, root = project
    _, folder = exported(project)
    settings, _, _ = artifact.read(folder)
    assert settings["profile"]["rows"] == len(pd.read_parquet(root / "data" / "interim" / "oof.parquet")), "there are few test posts"
    assert len(settings["canaries"]) >= 10
    stored = [row["probability"] for row in settings["canaries"]]
    np.testing.assert_array_equal(netral.load(folder).predict_proba([row["text"] for row in settings["canaries"]]), stored)


def test_drift_is_measured_from_test_posts_where_there_are_enough(project, monkeypatch):
    _, root = project
    _, folder = exported(project)
    model, interim = netral.load(folder), root / "data" / "interim"
    test = pd.read_parquet(interim / "split.parquet").query("part == 'test'")
    monkeypatch.setattr(export, "_PROFILED", len(test))
    found = export._profile(model, interim)
    assert found["rows"] == len(test)
    assert found["unknown"] > artifact.read(folder)[0]["profile"]["unknown"], "words of posts learned from are known"


def test_passed_gates_make_it_current_and_that_is_written_down(project):
    _, root = project
    release, folder = exported(project)
    assert (release["current"], release["gates_failed"]) == (True, [])
    assert releases.current_folder(root / "models") == folder
    (line,) = [json.loads(each) for each in (root / "models" / "promotions.jsonl").read_text().splitlines()]
    assert (line["to"], line["why"], line["forced"]) == (release["version"], "export: gates passed", False)


@pytest.mark.parametrize("status", ["failed", "not tested"])
def test_a_gate_that_did_not_pass_keeps_the_release_but_not_in_use(project, status):
    _, root = project
    release, folder = exported(project, status)
    assert artifact.verify(folder)
    assert release["current"] is False
    assert len(release["gates_failed"]) == 1
    assert releases.current_version(root / "models") is None
    assert releases.info(folder)["gates_failed"] == release["gates_failed"]


def test_gates_that_failed_when_it_was_written_keep_the_same_release_back(project, capsys):
    """Its card and its list of failed gates are never changed, so another verdict needs a person."""
    _, root = project
    exported(project, "failed")
    release, folder = exported(project)
    assert (release["current"], len(release["kept_back"])) == (False, 1)
    assert "gates not passed when it was written" in release["kept_back"][0]
    assert releases.current_version(root / "models") is None
    assert f"release    {folder.name} is not in use, none is (" in capsys.readouterr().out


def test_one_that_is_worse_or_an_experiment_is_not_put_in_use(project, monkeypatch):
    _, root = project
    with monkeypatch.context() as patch:
        patch.setenv("DVC_EXP_NAME", "wavy-lamp")
        assert exported(project)[0]["kept_back"] == ["made by the experiment wavy-lamp"]
    difference = {"value": -0.2, "low": -0.3, "high": -0.1}
    rows = [{"model": "candidate", "posts": 85, "partisan": 9, "metrics": {}}] * 2
    compared = {"version": "abc", "rows": rows, "where": "test posts", "names": "no gazetteer", "changed": 1, "difference": difference}
    monkeypatch.setattr(export.champion, "compare", lambda *_: compared)
    release, _ = exported(project)
    assert "worse than abc, which is in use: on 85 test posts" in release["kept_back"][0]
    assert releases.current_version(root / "models") is None


def test_a_release_in_use_that_learned_from_every_test_post_is_not_replaced_unasked(project, capsys):
    params, root = project
    first, folder = exported(project)
    hashes = [champion.fingerprint(text) for text in pd.read_parquet(root / "data/interim/clean.parquet").text]
    (folder / "trained_on.json").write_text(json.dumps(hashes))
    path = root / "data" / "interim" / "thresholds.json"
    thresholds = json.loads(path.read_text())
    path.write_text(json.dumps(thresholds | {"review": thresholds["review"] / 2}))
    capsys.readouterr()
    second, _ = exported((params, root))
    assert releases.current_version(root / "models") == first["version"]
    assert second["kept_back"] == [f"cannot be compared with {first['version']}, which is in use: it was trained on all test posts"]
    assert second["state"].endswith(f"; `netral model use {second['version']}` decides otherwise")
    assert f"release    {second['version']} is {second['state']}" in capsys.readouterr().out


def test_the_console_says_how_good_it_is_and_beside_the_one_in_use(project, capsys):
    params, root = project
    first, _ = exported(project)
    quality, rates, challenge, last = capsys.readouterr().out.splitlines()
    area = json.loads((root / "data/interim/evaluate.json").read_text())["headline"]
    assert quality.startswith(f"quality    ROC AUC {area['test_roc_auc']:.3f} (") or f"{area['out_of_fold_roc_auc']:.3f} (" in quality
    assert "of the partisan posts found" in rates
    assert "in use till now" not in challenge
    assert last == f"release    {first['version']} is in use"
    path = root / "data" / "interim" / "thresholds.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"review": 0.01}))
    exported((params, root))
    *_, challenge, compared, last = capsys.readouterr().out.splitlines()
    assert f"({first['version']}, in use till now: " in challenge
    assert compared.startswith(f"compared   with {first['version']} on ")
    assert "ROC AUC +0.000 (+0.000 to +0.000)" in compared


def test_a_release_in_use_that_cannot_be_loaded_stands_in_nobodys_way(project):
    params, root = project
    _, folder = exported(project)
    (folder / "arrays.npz").write_bytes(b"damaged")
    path = root / "data" / "interim" / "thresholds.json"
    thresholds = json.loads(path.read_text())
    path.write_text(json.dumps(thresholds | {"review": thresholds["review"] / 2}))
    second, _ = exported((params, root))
    assert (second["kept_back"], second["current"]) == ([], True)


def test_exporting_again_changes_nothing(project):
    params, root = project
    _, folder = exported(project)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted((root / "models").rglob("*")) if path.is_file()}
    export.run(params, root)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before} == before
    assert sorted(path for path in (root / "models").rglob("*") if path.is_file()) == sorted(before)
    assert folder.name in {path.parent.name for path in before}


def test_the_same_data_and_params_in_another_place_give_the_same_version(project, tmp_path):
    params, root = project
    other = Path(shutil.copytree(root, tmp_path / "elsewhere"))
    one, two = exported(project)[0]["version"], exported((params, other))[0]["version"]
    assert one == two
    for name in artifact.CORE:
        assert (root / "models" / one / name).read_bytes() == (other / "models" / one / name).read_bytes()


def test_a_damaged_release_is_written_again(project):
    params, root = project
    _, folder = exported(project)
    (folder / "arrays.npz").write_bytes(b"damaged")
    export.run(params, root)
    assert artifact.verify(folder)
    assert netral.load(folder)


def test_other_thresholds_are_another_release_beside_the_first(project):
    params, root = project
    first = exported(project)[0]["version"]
    path = root / "data" / "interim" / "thresholds.json"
    thresholds = json.loads(path.read_text())
    path.write_text(json.dumps(thresholds | {"review": thresholds["review"] / 2}))
    second = exported((params, root))[0]["version"]
    assert first != second
    assert {row["version"] for row in releases.listing(root / "models")} == {first, second}
    assert releases.current_version(root / "models") == second


def test_times_and_commit_lie_outside_the_version(project):
    _, root = project
    release, folder = exported(project)
    info = releases.info(folder)
    assert info["created"]
    assert info["data"] == {"posts": "posts.csv", "sha256": sha256((root / "data/raw/posts.csv").read_bytes()).hexdigest()}
    core = b"".join((folder / name).read_bytes() for name in artifact.CORE)
    assert info["created"].encode() not in core
    assert release["version"] == artifact.read_manifest(folder)["version"]


def test_the_posts_it_was_trained_on_are_known_by_hash_alone(project):
    _, root = project
    _, folder = exported(project)
    interim = root / "data" / "interim"
    posts = pd.read_parquet(interim / "clean.parquet").drop(columns="group").merge(pd.read_parquet(interim / "split.parquet"), on="id")
    hashes = set(json.loads((folder / "trained_on.json").read_text()))

    def known(part: str) -> pd.Series:
        return posts.text[posts.part == part].map(lambda text: sha256(text.encode()).hexdigest()[:16] in hashes)

    assert known("train").all()
    assert not known("test").any()


def test_nothing_that_scoring_reads_quotes_a_post(project):
    _, root = project
    _, folder = exported(project)
    stored = "".join((folder / name).read_text() for name in ("model.json", "info.json", "trained_on.json", "CARD.md"))
    texts = pd.read_parquet(root / "data" / "interim" / "clean.parquet").text
    assert not [text for text in texts if len(text) > 30 and text in stored]


@pytest.mark.parametrize("name", ["thresholds", "gates", "evaluate", "challenge", "split", "validate", "train"])
def test_what_an_earlier_stage_did_not_write_is_named_and_nothing_is_released(project, name):
    params, root = project
    (root / "data" / "interim" / f"{name}.json").unlink()
    with pytest.raises(InputError, match=rf"{name}\.json"):
        export.run(params, root)
    assert not (root / "models").exists()


def test_a_damaged_candidate_is_not_released(project):
    params, root = project
    with open(root / "data" / "interim" / "model" / "model.json", "ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match="was altered"):
        export.run(params, root)
    assert not (root / "models").exists()


def test_releases_may_lie_anywhere(project, tmp_path):
    params, root = project
    away = dataclasses.replace(params, export=dataclasses.replace(params.export, models=str(tmp_path / "elsewhere")))
    with_gates(root)
    export.run(away, root)
    release = json.loads((root / "data" / "interim" / "release.json").read_text())
    assert (tmp_path / "elsewhere" / "current").read_text().strip() == release["version"]
    assert run.release(away, root) == tmp_path / "elsewhere" / release["version"]


def test_out_of_fold_posts_are_asked_where_test_posts_would_favour_the_candidate(project):
    _, root = project
    interim = root / "data" / "interim"
    candidate = load(interim / "model")
    (test,) = export._asked(interim, candidate, root / "data/elections", unseen=False)
    held, again = export._asked(interim, candidate, root / "data/elections", unseen=True)
    assert test.posts.probability.tolist() == candidate.predict_proba(test.posts.text.tolist()).tolist()
    assert (held.what, held.unseen, again.what, again.unseen) == ("out-of-fold posts", True, "test posts", False)
    assert len(again.posts) == len(test.posts)
    assert {*held.posts.part} == {"train"}
    assert {*held.posts.election} & held.gazetteers.keys()
