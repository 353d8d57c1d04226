"""Stage train beside posts from elsewhere: learned from, counted, never scored."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import joblib
import pandas as pd
import pytest

from netral.files import read_json
from netral.stages import train


@pytest.mark.slow
def test_the_bundled_posts_and_names_of_unlabelled_ones_join_another_file(trained, tmp_path):
    params, folder = trained
    root = Path(shutil.copytree(folder, tmp_path / "project"))
    interim = root / "data" / "interim"
    # The file at hand holds some of the bundled elections: the others are what is new in train.also.
    clean = pd.read_parquet(interim / "clean.parquet")
    mine = clean[clean.election.isin(sorted(set(clean.election) - {""})[:4])]
    mine.to_parquet(interim / "clean.parquet", index=False)
    pd.DataFrame({"text": ["besok kami ramai-ramai datang ke Pasar"] * 9}).to_parquet(root / "unlabelled.parquet")
    changed = dataclasses.replace(
        params,
        validate=dataclasses.replace(params.validate, posts="data/mine.csv"),
        train=dataclasses.replace(params.train, also="data/raw/posts.csv", unlabelled="unlabelled.parquet"),
    )
    train.run(changed, root)
    report = read_json(interim / "train.json")
    assert report["beside"]["also"] > 0
    assert report["beside"]["neutral_found"] == 0
    assert report["posts"] + report["beside"]["also"] <= len(clean)
    assert set(pd.read_parquet(interim / "oof.parquet").id) <= set(mine.id)
    terms = joblib.load(interim / "model" / "sklearn.joblib").pipeline["features"].vocabulary_["words"].terms
    assert "datang" in terms
    assert "pasar" not in terms, "the unlabelled posts write it like a name"


@pytest.mark.slow
def test_neutral_posts_are_learned_from_up_to_their_share_and_never_scored(trained, tmp_path, capsys):
    params, folder = trained
    root = Path(shutil.copytree(folder, tmp_path / "project"))
    interim = root / "data" / "interim"
    before = read_json(interim / "train.json")
    news = [f"panitia kecamatan nomor {i} membuka loket karcis baru hari {i} pagi {i}" for i in range(400)]
    pd.DataFrame({"text": news}).to_csv(root / "news.csv", index=False)
    changed = dataclasses.replace(params, train=dataclasses.replace(params.train, also="", neutral="news.csv", neutral_share=0.1))
    train.run(changed, root)
    report = read_json(interim / "train.json")
    most = int(0.1 * report["posts"])
    assert report["beside"] == {"also": 0, "neutral": most, "neutral_found": 400}
    assert f"news.csv: {most} of 400 neutral posts are learned from" in capsys.readouterr().out
    assert (report["posts"], report["partisan"]) == (before["posts"], before["partisan"])
    assert set(pd.read_parquet(interim / "oof.parquet").id) <= set(pd.read_parquet(interim / "clean.parquet").id)
    terms = joblib.load(interim / "model" / "sklearn.joblib").pipeline["features"].vocabulary_["words"].terms
    assert "loket" in terms
