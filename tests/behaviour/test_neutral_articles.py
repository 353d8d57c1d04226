"""Neutral news articles about neutrality, never trained on, are clear: with datelines, inserted links and quotes of violations in them."""

from __future__ import annotations

import json
import re

import pytest

from netral.fit.duplicates import group
from netral.text.clean import clean
from tests.building import ROOT, bundled

ARTICLES = [
    json.loads(line)["text"] for line in (ROOT / "tests" / "assets" / "neutral-articles.jsonl").read_text(encoding="utf-8").splitlines()
]
DATELINE_ENDS = " – "


def test_the_articles_are_what_the_promise_is_about():
    assert len(ARTICLES) >= 11
    for article in ARTICLES:
        assert 260 <= len(article.split()) <= 340
        assert DATELINE_ENDS in article[:80]
        assert "BACA JUGA:" in article
        assert "“" in article
    assert sum(bool(re.search("netral|memihak|berpihak|dukung", article.lower())) for article in ARTICLES) >= 11


def test_they_were_never_trained_on():
    posts = bundled().text.tolist()
    groups = group([clean(text) for text in (*posts, *ARTICLES)], 0.3)
    assert set(groups[len(posts) :].tolist()).isdisjoint(groups[: len(posts)].tolist())


@pytest.mark.parametrize("number", range(len(ARTICLES)))
def test_an_article_is_clear(whole, number):
    article = ARTICLES[number]
    probability = whole.predict_proba([article])[0]
    assert whole.decide([article]) == ["clear"], f"{probability:.3f}, review starts at {whole.thresholds.review:.3f}"


def test_dateline_and_inserted_links_make_no_difference(whole):
    bare = [
        "\n".join(line for line in article.partition(DATELINE_ENDS)[2].splitlines() if not line.startswith("BACA JUGA:"))
        for article in ARTICLES
    ]
    assert all("BACA JUGA" not in text for text in bare)
    assert whole.predict_proba(bare).tolist() == pytest.approx(whole.predict_proba(ARTICLES).tolist(), abs=1e-12)
