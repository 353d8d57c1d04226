"""Who is named: words with a capital within a sentence, or addressed, on no list of common words, that are not the name of a place.

"Pilih Budi" takes a side, "warga Tegalmanis memilih" does not. A party within a sentence is somebody as well: it counts beside other words,
never alone. "pak tarjo" is somebody in small letters, too, and "Pak Slamet" whatever the dictionary says of the word.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netral.text.arrow import to_numpy
from netral.text.growing import runs
from netral.text.hashing import KeyTable
from netral.text.item_ids import ItemIds
from netral.text.lexicon import table
from netral.text.places import BEFORE_PLACES
from netral.text.targets import ADDRESSES
from netral.text.words import LAUGHTER

#: Who heads a place has a name of his own: "wali kota Tarjo".
_HEADS = ("wali", "kepala")
_NAME_FROM = 3  # letters


class Naming:
    """Tell which items name somebody.

    Parameters
    ----------
    ids : ItemIds
        The items by id.
    common : collection of str
        Words that are no names, whatever letters they are written in.
    word : callable of str to str
        Gives the item of a word in small letters.
    """

    def __init__(self, ids: ItemIds, common: Collection[str], word: Callable[[str], str]) -> None:
        self._ids = ids
        addresses = [word(each) for each in ADDRESSES if each != "dr"]  # it is "dari" as well
        # The others are words of their own, too: "ko", "teh", "om".
        only_addresses = {word(each) for each, kind in table("addresses.tsv").items() if kind == "address"}
        self._called = pa.array(sorted(only_addresses), pa.large_string())
        roles = {*table("roles.tsv"), *addresses, LAUGHTER}
        lists = ({*common, *roles}, roles, addresses, BEFORE_PLACES, _HEADS, "!?")
        self._common, self._roles, self._addresses, self._before_places, self._heads, self._marks = map(ids.keys, lists)

    def __call__(
        self,
        items: NDArray[np.int32],
        first: NDArray[np.int64],
        count: NDArray[np.int64],
        capitals: NDArray[np.integer],
        candidate: int,
    ) -> NDArray[np.bool_]:
        """Say which items are words of a name, or how it is addressed.

        Parameters
        ----------
        items : int array of shape (total,)
            Items, post after post.
        first, count : int arrays of shape (n,)
            Where the items of each chunk that is written like a name (:func:`netral.text.shape.like_names`) begin, ascending,
            and how many it has.
        capitals : int array of shape (n,)
            How many words with a capital it has, of those that are long enough to count.
        candidate : int
            The item of a candidate; who is addressed before one is the same.

        Returns
        -------
        bool array of shape (total,)
        """
        written = self._written_like_names(items, first, count, capitals)
        addressed = self._addressed(items)
        named = np.zeros(len(items), bool)
        named[self._left(self._common, items, written)] = True
        named[self._left(self._common, items, np.flatnonzero(addressed))] = True
        # With a capital a word of the dictionary is a name, too: "Pak Slamet".
        named[self._left(self._roles, items, written[addressed[written]])] = True
        before = np.flatnonzero((named | (items == candidate))[1:])
        named[before[self._ids.are_among(self._addresses, items[before])]] = True
        return named

    def _written_like_names(
        self, items: NDArray[np.int32], first: NDArray[np.int64], count: NDArray[np.int64], capitals: NDArray[np.integer]
    ) -> NDArray[np.int64]:
        """Return where the words stand of chunks that hold nothing but words with a capital, where no place is named."""
        inside, chunk = runs(first, count), np.repeat(np.arange(len(first)), count)
        mark = self._ids.are_among(self._marks, items[inside])
        left = count - np.bincount(chunk[mark], minlength=len(first))
        whole = (left == 1) | (left == capitals)
        return inside[(whole & ~self._are_places(items, first))[chunk] & ~mark]

    def _addressed(self, items: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Say which items are words behind an address: "pak tarjo"."""
        behind = np.zeros(len(items), bool)
        behind[1:] = self._ids.answers(self._are_called)[items[:-1]]
        return behind & self._ids.answers(_are_letters)[items]

    def _left(self, out: KeyTable, items: NDArray[np.int32], places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places whose words are not on a list."""
        return places[~self._ids.are_among(out, items[places])]

    def _are_called(self, items: pa.Array) -> NDArray[np.bool_]:
        return to_numpy(pc.is_in(items, value_set=self._called))

    def _are_places(self, items: NDArray[np.int32], first: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say which of these items stand where the name of a place begins; one that is addressed is somebody: "di Ustaz Tarjo"."""
        behind = self._ids.are_among(self._before_places, items[first - 1]) & ~self._ids.are_among(self._heads, items[first - 2])
        return behind & ~self._ids.are_among(self._addresses, items[np.minimum(first, len(items) - 1)])


def _are_letters(items: pa.Array) -> NDArray[np.bool_]:
    return to_numpy(pc.and_(pc.utf8_is_alpha(items), pc.greater_equal(pc.utf8_length(items), _NAME_FROM)))
