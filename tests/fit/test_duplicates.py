"""Near-duplicate groups: the same as by comparing all pairs, whatever the order."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

from netral.fit import duplicates
from netral.fit.duplicates import group


def by_all_pairs(texts: list[str], threshold: float) -> np.ndarray:
    words = [re.findall(r"\w+", text.lower()) for text in texts]
    sets = [{tuple(each[i : i + 3]) for i in range(len(each) - 2)} or {tuple(each)} for each in words]
    alike = np.array([[len(a & b) / len(a | b) >= threshold - 1e-12 for b in sets] for a in sets])
    return connected_components(alike, directed=False)[1]


def together(groups: np.ndarray) -> np.ndarray:
    return np.equal.outer(groups, groups)


def variants(rng: random.Random) -> list[str]:
    """Texts of few words, many of them one or two words away from each other."""
    base = [[rng.choice("abcdefgh") for _ in range(rng.randint(1, 14))] for _ in range(8)]
    texts = []
    for _ in range(30):
        words = list(rng.choice(base))
        for _ in range(rng.randint(0, 2)):
            words[rng.randrange(len(words))] = rng.choice("abcdefgh")
        texts.append(" ".join(words))
    return texts


@pytest.mark.parametrize("buckets", [24, 4], ids=["shingles of one post set aside", "hardly any set aside"])
@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7, 0.9, 1.0])
def test_groups_equal_those_of_all_pairs_in_any_order(threshold: float, buckets: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "_BUCKETS", buckets)
    monkeypatch.setattr(duplicates, "_BATCH", 11)
    rng = random.Random(7)
    for _ in range(20):
        texts = variants(rng)
        groups = group(texts, threshold)
        np.testing.assert_array_equal(together(groups), together(by_all_pairs(texts, threshold)))
        order = np.array(rng.sample(range(len(texts)), len(texts)))
        np.testing.assert_array_equal(group([texts[i] for i in order], threshold), groups[order])


def test_case_punctuation_and_placeholders_make_no_difference() -> None:
    groups = group(["<USER> Ayo, datang ke TPS besok pagi!!", "ayo datang ke tps besok PAGI <URL>", "ayo datang ke pasar besok pagi"], 0.7)
    assert groups[0] == groups[1] != groups[2]


def test_short_posts_are_alike_only_if_equal() -> None:
    texts = ["Mantap", "mantap!", "mantap pak", "👍", "👍 ", "🙏", "", "<USER>"]
    groups = group(texts, 0.5)
    assert together(groups)[np.triu_indices(8, 1)].sum() == 3
    assert groups[0] == groups[1]
    assert groups[3] == groups[4]
    assert groups[6] == groups[7]


def test_adding_posts_leaves_the_other_groups_as_they_were() -> None:
    texts = variants(random.Random(3))
    more = group([*texts, "kalimat lain yang sama sekali berbeda isinya"], 0.7)
    np.testing.assert_array_equal(more[:-1], group(texts, 0.7))


def test_a_crowd_at_one_shingle_is_joined_without_comparing_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    jaccard = duplicates._jaccard
    monkeypatch.setattr(duplicates, "_jaccard", lambda sets, size, i, j: compared.append(len(i)) or jaccard(sets, size, i, j))
    text = "ayo kita semua datang ke tempat pemungutan suara besok pagi dan pilih pasangan {} demi masa depan daerah kita tercinta"
    assert len(np.unique(group([text.format(i) for i in range(3000)], 0.7))) == 1
    assert sum(compared) < 3000 * 2 * duplicates._CROWD


def test_no_posts() -> None:
    assert group([], 0.7).shape == (0,)
