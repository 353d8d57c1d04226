"""Stage clean: clean and prepared texts, groups, conflicts, and nothing personal."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from netral.errors import InputError
from netral.fit import parallel, prepare
from netral.params import Params
from netral.stages import clean, validate
from netral.text.analyser import encoder, stemmer
from netral.text.clean import clean as clean_text
from netral.text.gazetteer import Gazetteer
from tests.building import gazetteers


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
    election = max({*cleaned["election"]} & {*gazetteers()})
    posts, names = cleaned[cleaned["election"] == election], [name for name in gazetteers()[election].candidates if " " in name]
    named = [posts[column].str.contains(rf"\b(?:{'|'.join(names)})\b", case=False).sum() for column in ("text", "prepared")]
    assert named[0] > 0 == named[1]
    unnamed = cleaned[cleaned["election"] == ""]
    assert not unnamed["prepared"].str.contains("<CALON>").any()


def test_the_bundled_posts_hold_few_near_duplicates(cleaned: pd.DataFrame) -> None:
    assert cleaned["group"].duplicated(keep=False).mean() < 0.02


def test_posts_that_changed_since_they_were_validated_are_refused(cleaned: pd.DataFrame, root: Path) -> None:
    """A file that changes between the stages cannot bring in rows that nobody has checked."""
    path = root / "data/raw/posts.csv"
    path.write_bytes(path.read_bytes() + b"x1,halo,neutral\n")
    with pytest.raises(InputError, match=r"posts\.csv: is no longer the file that the stage validate read"):
        clean.run(Params(), root)


def test_elections_without_a_gazetteer_are_named(cleaned: pd.DataFrame, root: Path, capsys) -> None:
    assert capsys.readouterr().out.count("gazetteer") == 0
    path = root / "data/raw/posts.csv"
    raw = pd.read_csv(path, dtype=str, keep_default_na=False).query("election != 'none'").head(100)
    raw.assign(election=["Pilkada 2024 Wanasari", "PILKADA-2024-WANASARI", "", "none"] * 25).to_csv(path, index=False)
    validate.run(Params(), root)
    capsys.readouterr()
    clean.run(Params(), root)
    said = "no gazetteer in data/elections: pilkada 2024 wanasari; names may be learned instead of partiality\n"
    assert capsys.readouterr().out == said


def test_what_validation_did_not_write_is_named(root: Path) -> None:
    with pytest.raises(InputError, match=r"validate\.json: cannot be read"):
        clean.run(Params(), root)


def test_duplicates_and_conflicts_are_found_in_the_clean_text(root: Path) -> None:
    raw = pd.read_csv(root / "data/raw/posts.csv", dtype=str, keep_default_na=False).query("election != 'none'").head(100)
    raw.loc[[0, 1, 2, 3], "text"] = [
        "Ayo  dukung dia! @warga_satu",
        "Ayo dukung dia! @warga_dua",
        "Hadir di https://contoh.id/a besok",
        "Hadir di https://contoh.id/b besok",
    ]
    raw.loc[[0, 1, 2, 3], "label"] = ["partisan", "partisan", "partisan", "neutral"]
    raw.to_csv(root / "data/raw/posts.csv", index=False)
    validate.run(Params(), root)
    clean.run(Params(), root)
    found = json.loads((root / "data/interim/clean.json").read_text())
    assert found == {"exact_duplicates": 2, "conflicting": 2, "conflicting_rows": [[3, 4]]}
    cleaned = pd.read_parquet(root / "data/interim/clean.parquet")
    assert cleaned.index[cleaned["conflict"]].tolist() == [2, 3]
    assert cleaned["text"].head(4).tolist() == [*["Ayo dukung dia! <USER>"] * 2, *["Hadir di <URL> besok"] * 2]


def test_a_draft_among_the_gazetteers_is_named_with_what_to_do(cleaned: pd.DataFrame, root: Path) -> None:
    (root / "data/elections/pilkada-baru.yaml").write_text("election: pilkada-baru\nsides: []\nproposed: {}\n")
    with pytest.raises(InputError, match=r"pilkada-baru\.yaml: is a draft.*move the right names.*then delete `proposed`"):
        clean.run(Params(), root)


def test_many_posts_are_done_in_parallel_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"Ayo @warga{i} pilih Pak Wiryo nomor {i % 4}!" for i in range(40)]
    elections = ["a" if i % 3 else "" for i in range(40)]
    names = {"a": Gazetteer("a", candidates=("Pak Wiryo",))}
    alone = prepare.prepare_posts(texts, elections, names)
    assert alone.bare[:2].tolist() == ["", prepare.prepare_clean(alone.text[1:2].tolist())[0]]
    monkeypatch.setattr(parallel, "_TEXTS_FROM", 10)
    monkeypatch.setattr(prepare, "_BATCH", 7)
    pd.testing.assert_frame_equal(prepare.prepare_posts(texts, elections, names), alone)
    assert "<CALON>" in alone.prepared[1]
    assert "<CALON>" not in alone.prepared[0]


def test_training_reads_the_account_of_a_candidate_as_scoring_does() -> None:
    names = Gazetteer("a", candidates=("Sartinah Wulan",), handles=("sartinah_w",))
    text = "Ayo dukung @sartinah_w sampai menang, kata @warga1"
    found = prepare.prepare_posts([text], ["a"], {"a": names}).iloc[0]
    assert found.prepared == encoder(stemmer("sastrawi"), names).prepare(text) == "Ayo dukung <CALON> sampai menang, kata <USER>"
    assert found.bare == encoder(stemmer("sastrawi"), None).prepare(text)
    assert found.text == "Ayo dukung <USER> sampai menang, kata <USER>", "what is stored names nobody"
