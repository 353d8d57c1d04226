"""A gazetteer says what it means, or is refused with what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from netral.text.gazetteer import Gazetteer


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"election": "x", "sides": [{"candidates": [{"name": "Ani", "alias": ["An"]}]}]}, "unknown key 'alias'; known there are"),
        ({"election": "x", "side": []}, "unknown key 'side'"),
        ({"election": "x", "sides": [{"candidates": [{"name": "Ani", "aliases": "Tono"}]}]}, "aliases is 'Tono', expected a list"),
        ({"election": "x", "sides": [{"candidates": [{"name": "Ani", "handles": "@ani"}]}]}, "handles is '@ani', expected a list"),
        ({"election": "x", "sides": [{"parties": "Bulan"}]}, "parties is 'Bulan', expected a list"),
        ({"election": "x", "sides": [{"candidates": [{"name": False}]}]}, "the name False is no text"),
        ({"election": "x", "parties": [{"name": "Partai A", "nick": "PA"}]}, "unknown key 'nick'"),
        ({"election": "x", "sides": [{"candidates": [{"name": " "}]}]}, "holds no letter"),
        ({"election": "x", "sides": [{"candidates": [{"name": "Budi", "aliases": ["✌️"]}]}]}, "holds no letter"),
        (None, "found nothing in place of keys and values"),
        (["x"], "in place of keys and values"),
        ({"sides": []}, "election is nothing, expected its slug"),
        ({"election": ["x"]}, "expected its slug"),
        ({"election": "x", "sides": {"number": 1}}, "expected a list"),
        ({"election": "x", "sides": [None]}, "sides lists nothing, expected keys and values there: candidates"),
        ({"election": "x", "sides": [{"candidates": ["Ani"]}]}, "candidates lists 'Ani', expected keys and values there: aliases"),
        ({"election": "x", "sides": [{"candidates": [{"aliases": ["An"]}]}]}, "has no name"),
        ({"election": "x", "parties": ["PKB"]}, "parties lists 'PKB'"),
        ({"election": "x", "sides": [{"candidates": [{"name": "Ani", "handles": [float("nan")]}]}]}, "the handle nan is no text"),
        ({"election": "x", "sides": [{"slogans": [{"a": 1}]}]}, "the slogan {'a': 1} is no text"),
        ({"election": "x", "parties": [{"name": "\u3164"}]}, "holds no letter"),  # a letter that nobody sees
    ],
)  # fmt: skip
def test_a_misspelt_key_or_an_empty_name_is_refused(content: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Gazetteer.from_mapping(content)
