"""How far the model carries: the table, what each setting learns from, and what is refused."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from netral.params import Train
from netral.studies import transfer
from tests.building import ELECTIONS, bundled, read_bundled

app = typer.Typer()
app.command()(transfer.main)


@pytest.fixture
def files(tmp_path):
    """Two elections to learn from; of others: neutral posts, news and a campaign."""
    posts = bundled()
    names = sorted(set(posts.election) - {"", "none"})
    posts[posts.election.isin(names[:2])].drop(columns="prepared").to_csv(tmp_path / "posts.csv", index=False)
    rest = posts[~posts.election.isin(names[:2])]
    neutral = rest[rest.label == "neutral"].assign(even=lambda frame: range(len(frame)))
    neutral[["text", "even"]].to_parquet(tmp_path / "neutral.parquet")
    neutral[neutral.election == names[3]][["text"]].to_csv(tmp_path / "news.csv", index=False)
    rest[(rest.label == "partisan") & (rest.election == names[4])][["text"]].to_csv(tmp_path / "campaign.csv", index=False)
    (tmp_path / "params.yaml").write_text("train: {families: [words], words: {ngrams: [1, 1]}}\n")
    return tmp_path


def ask(folder, *more):
    names = {"posts": "posts.csv", "neutral": "neutral.parquet", "news": "news.csv", "campaign": "campaign.csv", "params": "params.yaml"}
    options = [part for name, file in names.items() for part in (f"--{name}", str(folder / file))]
    return CliRunner().invoke(app, [*options, *map(str, more)])


@pytest.mark.slow
def test_every_setting_has_a_row_of_areas_and_shares(files):
    read_bundled()[::5].to_csv(files / "also.csv", index=False)
    done = ask(files, "--also", files / "also.csv", "--elections", ELECTIONS, "--out", files / "out.json")
    assert done.exit_code == 0, done.output
    rows = json.loads((files / "out.json").read_text())
    assert set(rows) == set(transfer.trials(Train(), also=True, unlabelled=False))
    for row in rows.values():
        assert len(row["by_election"]) == 2
        assert all(0.5 < area <= 1 for area in row["by_election"].values()), "better than chance on invented elections"
        assert row["shares"]["campaign"]["review"] > row["shares"]["news"]["review"]
    assert rows["bundled posts"] != rows["as set"]
    assert "| as set |" in done.output


def test_too_few_neutral_posts_give_no_flags(files):
    done = ask(files, "--where", "even < 200", "--out", files / "out.json")
    assert done.exit_code == 0, done.output
    row = json.loads((files / "out.json").read_text())["as set"]
    assert row["shares"]["news"]["flag"] is None
    assert row["missing"] > 0
    assert "no flags" in done.output


@pytest.mark.parametrize(
    ("more", "said"), [(["--where", "no column at all"], "cannot be read"), (["--where", "even < 'a'"], "cannot be read")]
)
def test_a_bad_query_is_refused_in_one_line(files, more, said):
    done = ask(files, *more)
    assert done.exit_code == 3
    assert said in done.output
    assert done.output.count("\n") == 1


def test_one_election_is_not_enough(files):
    posts = pd.read_csv(files / "posts.csv")
    posts[posts.election == posts.election[0]].to_csv(files / "posts.csv", index=False)
    done = ask(files)
    assert done.exit_code == 3
    assert "expected two or more" in done.output


def test_no_copy_of_a_post_that_is_asked_about_is_learned_from(files, monkeypatch):
    """Neither where the same post stands in two elections, nor in the campaign."""
    posts = pd.read_csv(files / "posts.csv", dtype=str, keep_default_na=False)
    first, second = (posts[posts.election == name] for name in sorted(set(posts.election)))
    copied = second.head(5).assign(election=first.election.iloc[0], id=[f"copy-{i}" for i in range(5)])
    pd.concat([posts, copied]).to_csv(files / "posts.csv", index=False)
    posts[posts.label == "partisan"].tail(20)[["text"]].to_csv(files / "campaign.csv", index=False)
    learned = []

    def scores(trial, corpus, partisan, auxiliary, inside, asked, C):
        groups = made[0].group
        learned.append((inside, asked))
        assert not {*groups[inside]} & {*groups[[row for rows in asked for row in rows]]} - {-1}
        return [partisan[rows].astype(float) for rows in asked]

    made, sources = [], transfer.Sources
    monkeypatch.setattr(transfer, "Sources", lambda *arguments: made.append(sources(*arguments)) or made[0])
    monkeypatch.setattr(transfer.Trial, "scores", scores)
    done = ask(files)
    assert done.exit_code == 0, done.output
    assert all(len(inside) for inside, _ in learned)
