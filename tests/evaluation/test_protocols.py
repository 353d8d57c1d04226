"""Protocols: what is asked about was not learned from, what cannot be done is named, and the table adds up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netral.evaluation import baselines, protocols, tuning
from netral.evaluation.metrics import Bootstrap
from netral.fit.elsewhere import Auxiliary
from netral.params import Evaluate, Train

PRO = ["ayo coblos nomor dua", "dukung terus calon kita", "menangkan paslon satu", "lanjutkan dua periode", "jangan pilih dia lagi"]
NET = ["kpu menetapkan jadwal debat", "rapat warga di balai desa", "asn diminta netral", "hasil survei diumumkan", "tps buka pukul tujuh"]


def posts(n: int = 120, **columns) -> pd.DataFrame:
    random = np.random.default_rng(0)
    partisan = np.arange(n) % 2 == 0
    text = [f"{random.choice(PRO if side else NET)} kata{random.integers(40)}" for side in partisan]
    frame = pd.DataFrame({"id": [f"p{i}" for i in range(n)], "text": text, "label": np.where(partisan, "partisan", "neutral")})
    given = {
        "group": np.arange(n),
        "election": [f"e{i % 3}" for i in range(n)],
        "platform": [f"p{(i // 3) % 2}" for i in range(n)],
        "posted_at": [f"2024-{1 + i // 30:02}-{1 + i % 28:02}T08:00:00+07:00" for i in range(n)],
    }
    return frame.assign(prepared=text, **{**given, **columns})


def test_no_protocol_learns_from_what_it_asks_about():
    frame = posts(group=np.arange(120) // 5)  # groups reach across elections, platforms and days
    found = protocols.protocols(frame, seed=1)
    assert [protocol.name for protocol in found] == [protocols.ELECTIONS, protocols.TIME, protocols.PLATFORMS, protocols.RANDOM]
    groups = frame.group.to_numpy()
    for protocol in found:
        for _, inside, outside in protocol.splits:
            assert not set(groups[inside]) & set(groups[outside]), protocol.name


def test_each_protocol_asks_about_what_its_name_says():
    frame = posts()
    elections, time, platforms, random = protocols.protocols(frame, seed=1)
    assert [name for name, *_ in elections.splits] == ["e0", "e1", "e2"]
    for name, inside, outside in elections.splits:
        assert set(frame.election[outside]) == {name}
        assert name not in set(frame.election[inside])
    (_, before, after) = time.splits[0]
    assert frame.posted_at[before].max() <= frame.posted_at[after].min()
    assert len(after) == 36
    assert [set(frame.platform[outside]) for *_, outside in platforms.splits] == [{"p0"}, {"p1"}]
    asked = np.concatenate([outside for *_, outside in random.splits])
    assert sorted(asked) == list(range(120))


def test_what_the_file_cannot_give_is_named_with_its_reason():
    frame = posts(election="", posted_at="", platform="x")
    elections, time, platforms, random = protocols.protocols(frame, seed=1)
    assert [each.skipped for each in (elections, time, platforms)] == [
        "leave one election out: the file names none",
        "time forward: the file has no posted_at",
        "leave one platform out: one value only",
    ]
    assert random.skipped == ""
    strange = protocols.protocols(posts(posted_at="27/11/2024"), seed=1)[1]
    assert strange.skipped == "time forward: posted_at holds no dates by ISO 8601 (2024-11-27)"
    alone = protocols.protocols(posts(election=np.where(np.arange(120) % 2, "n", "p")), seed=1)[0]
    assert alone.skipped == "leave one election out: the others hold posts of one label only"


def test_a_comparison_measures_every_system_on_the_same_posts():
    frame = posts()
    protocol = protocols.protocols(frame, seed=1)[0]
    grids = {baselines.NETRAL: baselines.own(frame, Train(C=(0.3, 1.0)), Auxiliary()), **baselines.tutorial(frame, (0.3, 1.0))}
    systems = {name: tuning.tuned(grid, frame, 0) for name, grid in grids.items()}
    rows = protocols.compare(frame, protocol, systems, Evaluate(), Bootstrap(50))
    found = {row["system"]: row for row in rows}
    assert list(found) == ["netral", "majority", "tutorial", "tutorial, balanced", "linear SVM, balanced"]
    assert {row["posts"] for row in rows} == {120}
    assert found["majority"]["metrics"]["roc_auc"]["value"] == pytest.approx(0.5)
    assert found["netral"]["mean_roc_auc"] > 0.9
    assert found["netral"]["mean_macro_f1"] == pytest.approx(np.mean([split["macro_f1"] for split in found["netral"]["by_split"]]))
