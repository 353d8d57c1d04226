"""Stage clean: clean and prepared texts, groups, and nothing personal."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from netral.errors import InputError
from netral.fit import parallel, prepare
from netral.params import Params
from netral.stages import clean, validate
from netral.text.clean import clean as clean_text


@pytest.fixture
def cleaned(root: Path) -> pd.DataFrame:
    validate.run(Params(), root)
    clean.run(Params(), root)
    return pd.read_parquet(root / "data/interim/clean.parquet")


def test_texts_are_clean_and_the_targets_of_each_election_are_replaced(cleaned: pd.DataFrame, root: Path) -> None:
    raw = pd.read_csv(root / "data/raw/posts.csv", dtype=str, keep_default_na=False)
    assert cleaned["id"].tolist() == raw["id"].tolist()
    assert cleaned["text"].tolist() == [clean_text(text) for text in raw["text"]]
    assert not cleaned["text"].str.contains(r"https?://|(?<!\w)@\w").any()
    pileg = cleaned[cleaned["election"] == "pileg-2019-rantau-bungo"]
    assert pileg["text"].str.contains("Datuak Zul").sum() > 0 == pileg["prepared"].str.contains("Datuak Zul").sum()
    unnamed = cleaned[cleaned["election"] == ""]
    assert not unnamed["prepared"].str.contains("<CALON>").any()


def test_the_bundled_posts_hold_few_near_duplicates(cleaned: pd.DataFrame) -> None:
    assert cleaned["group"].duplicated(keep=False).mean() < 0.02


def test_what_was_validated_is_what_is_prepared(cleaned: pd.DataFrame, root: Path) -> None:
    """The labelled posts are read once: a file that changes between the stages cannot tear texts from labels."""
    (root / "data/raw/posts.csv").unlink()
    clean.run(Params(), root)
    pd.testing.assert_frame_equal(pd.read_parquet(root / "data/interim/clean.parquet"), cleaned)


def test_what_validation_did_not_write_is_named(root: Path) -> None:
    with pytest.raises(InputError, match=r"accepted\.parquet: cannot be read.*earlier stage"):
        clean.run(Params(), root)


def test_a_draft_among_the_gazetteers_is_named_with_what_to_do(cleaned: pd.DataFrame, root: Path) -> None:
    (root / "data/elections/pilkada-baru.yaml").write_text("election: pilkada-baru\nsides: []\nproposed: {}\n")
    with pytest.raises(InputError, match=r"pilkada-baru\.yaml: is a draft.*move the right names.*then delete `proposed`"):
        clean.run(Params(), root)


def test_many_posts_are_done_in_parallel_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"Ayo @warga{i} pilih Pak Wiryo nomor {i % 4}!" for i in range(40)]
    elections = ["a" if i % 3 else "" for i in range(40)]
    names = {"a": prepare.Gazetteer("a", candidates=("Pak Wiryo",))}
    alone = prepare.clean_all(texts), prepare.prepare_all(texts, elections, names)
    assert prepare.bare_all(texts, elections, names)[:2] == ["", prepare.prepare_all(texts[1:2], [""], {})[0]]
    monkeypatch.setattr(parallel, "_PARALLEL_FROM", 10)
    monkeypatch.setattr(prepare, "_BATCH", 7)
    assert (prepare.clean_all(texts), prepare.prepare_all(texts, elections, names)) == alone
    assert "<CALON>" in alone[1][1]
    assert "<CALON>" not in alone[1][0]
