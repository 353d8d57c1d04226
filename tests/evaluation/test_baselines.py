"""The yardsticks: what the tutorial makes of a post, balanced classes for all, fastText where it is installed."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from netral.evaluation import baselines
from netral.fit.elsewhere import Auxiliary
from tests.evaluation.test_protocols import posts


def test_the_tutorial_drops_negations_as_its_stop_words_say():
    assert baselines.tutorial_tokens(["Saya TIDAK memihak siapa pun!", "Jangan pilih nomor dua 2024"]) == ["", "pilih nomor"]


def test_each_value_of_C_gives_its_own_scores():
    frame = posts()
    rows = np.arange(len(frame))
    for name, grid in baselines.tutorial(frame, (0.1, 10.0)).items():
        found = grid.scores(rows[:80], rows[80:], grid.settings)
        assert [len(each) for each in found] == [40] * len(grid.settings), name
        assert len(found) == 1 or not np.allclose(found[0], found[1]), name


def test_the_tutorial_weighs_as_scikit_learn_does_on_the_posts_learned_from_alone():
    """Its tokens are counted once for all splits; words that only the posts asked about hold must leave no trace."""
    frame = posts()
    frame.loc[frame.index[80:], "text"] += " hanya di sini xyz"
    rows, partisan = np.arange(len(frame)), (frame.label == "partisan").to_numpy()
    (found,) = baselines.tutorial(frame, (1.0,))["tutorial"].scores(rows[:80], rows[80:], (1.0,))
    tokens = baselines.tutorial_tokens(frame.text.tolist())
    plain = make_pipeline(TfidfVectorizer(token_pattern=r"\S+"), LogisticRegression(max_iter=1000)).fit(tokens[:80], partisan[:80])
    np.testing.assert_allclose(found, plain.decision_function(tokens[80:]), atol=1e-9)


def test_a_missing_fasttext_is_skipped_with_the_reason(monkeypatch):
    monkeypatch.setattr(baselines, "find_spec", lambda name: None)
    assert baselines.fasttext(posts(), 0) == (None, "fastText: not installed (pip install fasttext-wheel)")


def test_fasttext_learns_from_balanced_labels_and_scores_every_post(monkeypatch):
    """A stand-in of the same shape: it says `partisan` as often as it read that label, and remembers its epochs."""
    asked = []

    def train_supervised(path, epoch, **_):
        with open(path, encoding="utf-8") as file:
            labels = [line.split()[0] for line in file]
        share = labels.count("__label__partisan") / len(labels)
        asked.append((epoch, share))
        answer = [(share, "__label__partisan"), (1 - share, "__label__neutral")]
        return SimpleNamespace(f=SimpleNamespace(predict=lambda line, *_: answer))

    monkeypatch.setattr(baselines, "find_spec", lambda name: True)
    monkeypatch.setitem(sys.modules, "fasttext", SimpleNamespace(train_supervised=train_supervised))
    frame = posts(label=np.where(np.arange(120) % 4 == 0, "partisan", "neutral"))
    grid, skipped = baselines.fasttext(frame, 0)
    assert skipped == ""
    found = grid.scores(np.arange(100), np.arange(100, 120), grid.settings)
    assert asked == [(epochs, 0.5) for epochs in grid.settings]
    assert all((each == 0).all() and len(each) == 20 for each in found)


def test_too_few_posts_for_any_term_leave_netral_without_an_opinion():
    frame = posts(6)
    grid = baselines.own(frame, baselines.Train(), Auxiliary())
    (scores,) = grid.scores(np.array([0, 1]), np.array([2, 3]), grid.settings[:1])
    assert scores.tolist() == [0.0, 0.0]
