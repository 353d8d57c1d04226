"""Contexts of a post in which the same words weigh otherwise, each told by a single item.

``target``: somebody is named who can be voted for. ``election``: an election is spoken of, those who stand in it, an office that is
voted for, or sides. "Terima kasih, hebat" is said of a nurse, a striker and a candidate.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netral.params import CONTEXTS
from netral.text import tags
from netral.text.arrow import to_numpy
from netral.text.lexicon import table
from netral.text.mask import TARGETS

#: How many sets of contexts a post can be in; its set is a number below that, bit by bit in the order of :data:`CONTEXTS`.
SETS = 1 << len(CONTEXTS)

# Parties and ballot numbers are there in elections alone; a candidate's name may be anybody's.
_TELLING = {
    "target": [*(f"{sign}<{name}>" for name in TARGETS for sign in ("", "#")), tags.NAMED],
    "election": [f"{sign}{word}" for word in (*table("electoral.tsv"), "<PARTAI>", "<NOMOR>") for sign in ("", "#")],
}


def of_items(items: pa.Array) -> NDArray[np.int64]:
    """Return the contexts that each item puts its post in, shape (n_items,)."""
    found = (pc.is_in(items, value_set=pa.array(_TELLING[context], items.type)) for context in CONTEXTS)
    return np.bitwise_or.reduce([to_numpy(there).astype(np.int64) << bit for bit, there in enumerate(found)])


def of_posts(contexts: NDArray[np.int64], rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Return the contexts of posts, shape (n,), from those that their items put them in; ``rows`` is the post of each item."""
    found = np.zeros(n, np.int64)
    telling = np.flatnonzero(contexts)  # few
    np.bitwise_or.at(found, rows[telling], contexts[telling])
    return found
