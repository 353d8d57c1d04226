"""Posts read as a whole, many at once: RE2 looks at all of them, and Python's patterns are asked where it finds something.

Each module says in its ``PREFILTER`` what RE2 finds in every text that its function changes, and in few others; RE2 reads a post in a
hundredth of the time. The functions here give what those for one text give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from netral.text import furniture, mask, normalise, quotes
from netral.text.arrow import to_arrow
from netral.text.clean import ROUNDS, go_on
from netral.text.spans import Spans
from netral.text.targets import Targets

#: Posts: strings, or an Arrow array of them.
Texts: TypeAlias = Sequence[str] | pa.Array


def received(texts: pa.Array) -> pa.Array:
    """Return posts in which no line break is written out and nothing between two spaces is too long."""
    return _shortened(_unescaped(texts))


def strings(texts: Texts) -> pa.Array:
    """Return texts as large Arrow strings.

    Lone surrogates, which UTF-8 cannot hold, become "?" as in :func:`netral.text.normalise.normalise`.

    Raises
    ------
    TypeError
        If a post is no text.
    """
    try:
        if isinstance(texts, pa.ChunkedArray):  # a column of a table
            texts = texts.cast(pa.large_string()).combine_chunks()
        found = texts.cast(pa.large_string()) if isinstance(texts, pa.Array) else pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        found = pa.array([text.encode("utf-8", "replace").decode("utf-8") for text in texts], pa.large_string())
    except (pa.ArrowTypeError, pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise TypeError(f"found a post that is no text ({error}); expected strings") from error
    if found.null_count:
        raise TypeError("found a post that is None, expected text; leave it out")
    return found


def clean_all(texts: pa.Array) -> pa.Array:
    """Clean posts."""
    texts = _shortened(_changed(texts, normalise.PREFILTER, normalise.normalise))
    masked = _changed(texts, mask.PREFILTER, mask.mask)
    done = _changed(masked, furniture.PREFILTER, furniture.strip)
    left = pc.not_equal(done, texts)
    if not left.true_count:
        return texts
    rounds = zip(masked.filter(left).to_pylist(), done.filter(left).to_pylist(), strict=True)
    return pc.replace_with_mask(texts, left, pa.array([go_on(before, after, ROUNDS - 1) for before, after in rounds], texts.type))


def replace_all(texts: pa.Array, targets: Targets) -> pa.Array:
    """Replace the targets of clean texts and leave out what they quote."""
    for look, step in targets.steps:
        texts = _changed(texts, look, step)
    return _changed(texts, quotes.PREFILTER, quotes.unquote)


def prepare_all(texts: pa.Array, targets: Targets) -> pa.Array:
    """Clean posts, write the accounts of candidates as names, replace targets and leave out what the posts quote."""
    return replace_all(clean_all(_changed(texts, "@", targets.name_handles)), targets)


def _changed(texts: pa.Array, look: str, change: Callable[[str], str]) -> pa.Array:
    """Return the texts, those changed in which RE2 finds ``look``."""
    found = pc.match_substring_regex(texts, look)
    if not found.true_count:
        return texts
    return pc.replace_with_mask(texts, found, pa.array(map(change, texts.filter(found).to_pylist()), texts.type))


def _unescaped(texts: pa.Array) -> pa.Array:
    """Write out no line breaks: they would hide where chunks and lines end."""
    spans, found = Spans.of(texts), np.zeros(len(texts), bool)
    found[np.searchsorted(spans.start, np.flatnonzero(spans.text == ord("\\")), "right") - 1] = True
    if not found.any():
        return texts
    return pc.replace_with_mask(
        texts, to_arrow(found), pa.array(map(normalise.unescape, texts.filter(to_arrow(found)).to_pylist()), texts.type)
    )


def _shortened(texts: pa.Array) -> pa.Array:
    """Leave nothing between two spaces that is too long to be a word."""
    long = pc.greater(pc.binary_length(texts), normalise.LONGEST)
    if not long.true_count:
        return texts
    return pc.replace_with_mask(texts, long, pa.array(map(normalise.shorten, texts.filter(long).to_pylist()), texts.type))
