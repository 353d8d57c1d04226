"""Stage evaluate: what it writes follows from the posts that the model has not seen, and is the same again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from netral.errors import InputError
from netral.evaluation import card, report, standing
from netral.files import read_json, write_json
from netral.fit.elsewhere import Auxiliary
from netral.model.model import load
from netral.params import Evaluate, Params, Train
from netral.stages import clean, evaluate, split, train, validate
from tests.building import ROOT, some

PARAMS = Params(train=Train(families=("words", "stems")), evaluate=Evaluate(bootstrap=20))
WRITTEN = ("thresholds.json", "evaluate.json", "challenge.json", "gates.json")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with about 500 of the bundled posts, trained and evaluated."""
    root = tmp_path_factory.mktemp("project")
    (root / "data/raw").mkdir(parents=True)
    some(500).drop(columns="prepared").to_csv(root / "data/raw/posts.csv", index=False)
    for name in ("elections", "challenge"):
        shutil.copytree(ROOT / "data" / name, root / "data" / name)
    for stage in (validate, clean, split, train, evaluate):
        stage.run(PARAMS, root)
    return root


def as_trained(posts: pd.DataFrame, beside: pd.DataFrame | None = None) -> standing.Trained:
    """Return these posts as what training learned from, beside others."""
    nothing = pd.DataFrame({"text": [], "prepared": [], "label": [], "source": []}, dtype=object)
    settings = Train(families=("words",), C=(1.0,))
    return standing.Trained(posts, nothing if beside is None else beside, Auxiliary(), settings, (1.0, 0.0))


def written(root: Path) -> dict[str, bytes]:
    paths = [root / "data/interim" / name for name in WRITTEN] + sorted((root / "data/interim/plots").iterdir())
    return {path.name: path.read_bytes() for path in paths}


def content(root: Path, name: str) -> Any:
    return read_json(root / "data/interim" / f"{name}.json")


def test_the_parts_are_the_posts_that_the_model_has_not_seen(project: Path) -> None:
    parts = pd.read_parquet(project / "data/interim/split.parquet").part.value_counts()
    whole = {row["part"]: row for row in content(project, "evaluate")["measured"] if row["slice"] == "all"}
    assert {name: row["posts"] for name, row in whole.items()} == {
        "out of fold": parts["train"], "test": parts["test"], "test, no gazetteer": parts["test"],
    }  # fmt: skip
    assert all(row["metrics"]["roc_auc"]["value"] > 0.6 for row in whole.values())
    assert whole["test"]["metrics"]["brier"] != whole["test, no gazetteer"]["metrics"]["brier"]


def test_each_protected_voice_that_no_neutral_post_has_is_named(project: Path) -> None:
    posts = pd.read_parquet(project / "data/interim/clean.parquet").merge(pd.read_parquet(project / "data/interim/oof.parquet"), on="id")
    params = Params(evaluate=Evaluate(alpha=0.2, unseen_platforms=False))
    own = posts.assign(voice=["official" if label == "neutral" else "reminder" for label in posts.label])
    _, report = evaluate._choose_thresholds(own, as_trained(own), params)
    assert report["protected"]["skipped"] == ["no protection from `flag` of voice reminder: no neutral post is of it"]
    assert report["protected"]["posts"] == (posts.label == "neutral").sum()
    assert (posts.probability[posts.label == "neutral"] < report["flag"]).all()


def test_thresholds_are_those_of_the_out_of_fold_posts(project: Path) -> None:
    found = content(project, "thresholds")
    posts = pd.read_parquet(project / "data/interim/clean.parquet").merge(pd.read_parquet(project / "data/interim/oof.parquet"), on="id")
    neutral = posts.probability[posts.label == "neutral"]
    assert (neutral >= found["review"]).mean() <= PARAMS.evaluate.review_load
    assert found["pooled"]["neutral_posts"] == len(neutral)
    enough = len(neutral) >= found["fewest_neutral"]
    assert (found["flag"] is not None) == enough
    assert enough or found["missing_neutral"] == found["fewest_neutral"] - len(neutral)


def test_flag_keeps_its_bound_on_unseen_platforms_or_says_why_not(project: Path, tmp_path: Path) -> None:
    found = content(project, "thresholds")["unseen_platforms"]
    train_part = pd.read_parquet(project / "data/interim/split.parquet").query("part == 'train'")
    posts = pd.read_parquet(project / "data/interim/clean.parquet").merge(train_part, on="id")
    neutral, fewest = int((posts.label == "neutral").sum()), content(project, "thresholds")["fewest_neutral"]
    assert neutral < fewest, "these cannot establish it"
    missing = f"bound of `flag` on unseen platforms: {fewest - neutral} more neutral posts are missing at least"
    assert found == {"posts": 0, "skipped": [missing]}
    assert missing in content(project, "evaluate")["skipped"]
    shutil.copytree(project / "data", tmp_path / "data")
    interim = tmp_path / "data/interim"
    pd.read_parquet(interim / "clean.parquet").assign(platform="x").to_parquet(interim / "clean.parquet", index=False)
    evaluate.run(PARAMS, tmp_path)
    assert content(tmp_path, "thresholds")["unseen_platforms"]["posts"] == 0
    assert "bound of `flag` on unseen platforms: leave one platform out: one value only" in content(tmp_path, "evaluate")["skipped"]


def test_flag_keeps_its_bound_on_posts_of_train_neutral_that_were_not_learned_from(project: Path) -> None:
    posts = pd.read_parquet(project / "data/interim/clean.parquet").merge(pd.read_parquet(project / "data/interim/oof.parquet"), on="id")
    params = Params(evaluate=Evaluate(alpha=0.2, protected=(), unseen_platforms=False))
    # No news is like these: a model that did not learn from them takes them for partisan, and so would be the next ones of the kind.
    beside = posts[posts.label == "partisan"].iloc[:100][["text", "prepared"]].assign(label="neutral", source="neutral")
    lower, without = evaluate._choose_thresholds(posts, as_trained(posts), params)
    higher, report = evaluate._choose_thresholds(posts, as_trained(posts, beside), params)
    assert without["unseen_neutral"] == {"posts": 0, "skipped": []}
    assert report["unseen_neutral"] == {"posts": 100, "skipped": []}
    assert higher.review == lower.review
    assert lower.flag is not None
    assert higher.flag is None or higher.flag > lower.flag
    _, report = evaluate._choose_thresholds(posts, as_trained(posts, beside.iloc[:5]), params)
    assert report["unseen_neutral"]["posts"] == 0
    assert "bound of `flag` on the posts of train.neutral" in report["unseen_neutral"]["skipped"][0]


def test_the_headline_gates_and_challenge_agree(project: Path) -> None:
    evaluated, gates, challenge = (content(project, name) for name in ("evaluate", "gates", "challenge"))
    assert evaluated["headline"]["gates_passed"] == sum(gate["status"] == "passed" for gate in gates.values())
    assert {len(rows) for rows in challenge.values()} == {20}
    systems: dict[str, list[str]] = {}
    for row in evaluated["protocols"]["rows"]:
        systems.setdefault(row["protocol"], []).append(row["system"])
    assert list(systems) == ["leave one election out", "time forward", "leave one platform out", "grouped random split"]
    assert set(map(tuple, systems.values())) == {("netral", "majority", "tutorial", "tutorial, balanced", "linear SVM, balanced")}


def test_a_second_run_writes_the_same_bytes(project: Path) -> None:
    first = written(project)
    evaluate.run(PARAMS, project)
    assert written(project) == first
    assert load(project / "data/interim/model").thresholds.flag is None  # the candidate itself is left as it was


def test_the_card_and_the_report_take_what_was_written(project: Path) -> None:
    names = ("validate", "split", "train", "thresholds", "evaluate", "challenge", "gates")
    found = {name: content(project, name) for name in names}
    found["evaluate"]["in_use"] = [{"skipped": "none is in use"}]  # `export` adds it
    info = {
        "version": "0" * 12, "created": "2026-01-01", "commit": "", "netral": "0", "data": {"posts": "posts.csv", "sha256": "0" * 64},
        "gates_failed": [], **{name: found[name] for name in ("thresholds", "gates")},
    }  # fmt: skip
    assert "The posts are authored" in card.render(info, found)
    assert "Threshold explorer" in report.render(info, found, {}, project / "data/interim")


def test_without_test_posts_and_elections_the_rest_is_measured_and_the_gaps_are_named(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "data/interim", tmp_path / "data/interim", ignore=shutil.ignore_patterns(*WRITTEN, "plots"))
    shutil.copytree(project / "data/challenge", tmp_path / "data/challenge")
    interim = tmp_path / "data/interim"
    parts = pd.read_parquet(interim / "split.parquet")
    parts.assign(part=parts.part.replace("test", "unused")).to_parquet(interim / "split.parquet", index=False)
    pd.read_parquet(interim / "clean.parquet").assign(election="", posted_at="").to_parquet(interim / "clean.parquet", index=False)
    write_json(interim / "split.json", {**read_json(interim / "split.json"), "folds_by": "group"})  # as `split` says of such posts
    evaluate.run(PARAMS, tmp_path)
    found = content(tmp_path, "evaluate")
    assert {"no posts in test", "election (out of fold): the file names none"} <= set(found["skipped"])
    assert {row["protocol"] for row in found["protocols"]["rows"]} == {"grouped random split", "leave one platform out"}
    assert "test_roc_auc" not in found["headline"]


def test_without_challenge_cases_nothing_is_written(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "data/interim", tmp_path / "data/interim", ignore=shutil.ignore_patterns(*WRITTEN, "plots"))
    with pytest.raises(InputError, match="no challenge cases"):
        evaluate.run(PARAMS, tmp_path)
    assert not any((tmp_path / "data/interim" / name).exists() for name in WRITTEN)
