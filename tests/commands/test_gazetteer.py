"""`netral gazetteer`: posts in, a draft out, nothing of the posts' words in it, nothing overwritten."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest
import yaml

from tests.building import RAW
from tests.test_house import NOT_ON_THE_SCORING_ROAD, SCORE

ELECTION = "pilkada-2024-wanasari"


@pytest.fixture(scope="module")
def posts(tmp_path_factory):
    raw = pd.read_csv(RAW, dtype=str, keep_default_na=False)
    path = tmp_path_factory.mktemp("posts") / "posts.csv"
    raw[raw.election == ELECTION].rename(columns={"text": "isi"}).to_csv(path, index=False)
    return path


def run(*arguments, code="from netral.cli import main; main()"):
    return subprocess.run([sys.executable, "-c", code, "gazetteer", *map(str, arguments)], capture_output=True, text=True, check=False)


def test_a_draft_goes_to_standard_output_and_needs_nothing_of_the_training_side(posts):
    done = run(posts, "--text-column", "isi", "--election", ELECTION, code=SCORE)
    assert done.returncode == 0, done.stderr
    written, _, modules = done.stdout.rpartition("modules ")
    assert yaml.safe_load(written)["election"] == ELECTION
    assert "Ratna Kumala Dewayani" in written
    assert set(modules.split()).isdisjoint(NOT_ON_THE_SCORING_ROAD)


def test_a_file_that_is_there_is_not_overwritten(posts, tmp_path):
    out = tmp_path / "pilkada-2031-x.yaml"
    first = run(posts, "--text-column", "isi", "--out", out, "--limit", 2)
    assert first.returncode == 0, first.stderr
    assert "2 people" in first.stdout
    content = yaml.safe_load(out.read_text(encoding="utf-8"))
    assert content["election"] == "pilkada-2031-x", "named like the file"
    assert len(content["proposed"]["people"]) == 2
    before = out.read_bytes()
    again = run(posts, "--text-column", "isi", "--out", out)
    assert again.returncode == 2
    assert "choose another name" in again.stderr
    assert out.read_bytes() == before


def test_the_draft_quotes_no_post(posts):
    written = run(posts, "--text-column", "isi").stdout
    names = {word for line in written.splitlines() for word in line.split("#")[0].split()}
    for text in pd.read_csv(posts, dtype=str).isi:
        run_of_words = " ".join(text.split()[:6])
        assert run_of_words not in written or len(run_of_words.split()) < 6
    assert not any(word.startswith("http") for word in names)


def test_a_missing_column_is_refused_in_one_line(posts):
    done = run(posts)
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 1


def test_rows_that_were_left_out_are_told_beside_the_draft(tmp_path):
    (tmp_path / "posts.csv").write_text("id,text\n1,\n2,\n3,Dukung Partai Golkar dan Bu Sartika\n")
    done = run(tmp_path / "posts.csv")
    assert done.returncode == 0, done.stderr
    assert "2 rows were left out: they cannot be read or have no text" in done.stderr
    assert yaml.safe_load(done.stdout)
    done = run(tmp_path / "posts.csv", "--out", tmp_path / "draft.yaml")
    assert "0 people and 0 parties proposed from 1 posts" in done.stdout, "a party that is known without a gazetteer is no proposal"
