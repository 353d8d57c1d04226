"""Top terms follow from the model; errors of real people's posts are named by id alone."""

from __future__ import annotations

import pandas as pd
import pytest

from netral.evaluation import insight
from tests.building import contents, fit, in_memory, train_params


def test_a_top_term_weighs_what_a_post_of_it_alone_adds(tiny_model):
    found = insight.top_terms(tiny_model)
    assert {len(rows) for rows in found.values()} == {25}
    assert [row["weight"] for row in found["partisan"]] == sorted((row["weight"] for row in found["partisan"]), reverse=True)
    assert all(row["weight"] < 0 for row in found["neutral"])
    plain = [row for rows in found.values() for row in rows if row["term"].isalpha()]
    assert len(plain) > 20
    scorer = tiny_model.scorer()
    alone = scorer.score([row["term"] for row in plain]).value - scorer.weights.intercept
    assert alone.tolist() == pytest.approx([row["weight"] for row in plain], abs=1e-12)


def test_a_model_of_characters_alone_has_no_top_terms(tiny_posts):
    model = in_memory(*contents(fit(tiny_posts, train_params(families=("chars",))), {"review": 0.5, "flag": None}))
    assert insight.top_terms(model) == {"partisan": [], "neutral": []}


def test_the_worst_errors_come_first_and_only_authored_texts_are_shown():
    posts = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d"],
            "text": ["satu", "dua", "tiga" * 200, "empat"],
            "label": ["neutral", "partisan", "neutral", "partisan"],
            "probability": [0.7, 0.05, 0.9, 0.8],
            "election": "e",
            "sampling": ["authored", "random", "authored", "authored"],
        }
    )
    found = insight.worst_errors(posts)
    assert [(row["id"], row["text"]) for row in found] == [("b", ""), ("c", "tiga" * 100), ("a", "satu")]
