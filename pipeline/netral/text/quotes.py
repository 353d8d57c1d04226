"""Leave out what a post quotes: the words between quotation marks are mostly somebody else's.

A report that quotes a slogan takes no side, and a post that takes one says so outside the marks as well. A single word in
marks is a name or a nickname and stays; so does a quotation that is nearly all there is.
"""

from __future__ import annotations

import re

#: Quotation marks; one alone is a slip or an inch.
MARKS = '"“”„«»'

# Straight marks look alike on both sides: one opens behind a space and closes before none of the letters.
_QUOTATION = re.compile(r'"(?<![^\s(\[:,]")(?=\S)[^"\n]+(?<=\S)"(?!\w)|“[^“”\n]+”|„[^„“”\n]+[“”]|«[^«»\n]+»')
_TWO_WORDS = re.compile(r"\w[^\w\s]*\s+[^\w\s]*\w")
_WORD = re.compile(r"(?<!<)\b\w+")  # no placeholder
#: What RE2 finds in each clean text that :func:`unquote` changes.
PREFILTER = r'"[^"\n]* [^"\n]*"|“[^“”\n]* [^“”\n]*”|„[^„“”\n]* [^„“”\n]*[“”]|«[^«»\n]* [^«»\n]*»'
_LEFT = 3  # words that must be left: a post wrapped in quotation marks does not get around its reader


def unquote(text: str) -> str:
    """Return clean ``text``, its targets replaced, without the words that it quotes, which leave "…"."""
    left = _QUOTATION.sub(_without_words, text)
    return text if left == text or len(_WORD.findall(left)) < _LEFT else left


def _without_words(found: re.Match[str]) -> str:
    return f"{found[0][0]}…{found[0][-1]}" if _TWO_WORDS.search(found[0]) else found[0]
