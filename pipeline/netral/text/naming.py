"""Who is named: words with a capital within a sentence, on no list of common words, that are not the name of a place.

"Pilih Budi" takes a side, "warga Tegalmanis memilih" does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
from numpy.typing import NDArray

from netral.text.growing import runs
from netral.text.item_ids import ItemIds
from netral.text.targets import ADDRESSES

#: What stands before the name of a place.
BEFORE_PLACES = (
    "di ke warga masyarakat penduduk desa dusun kampung kelurahan kecamatan kec kabupaten kab kota provinsi pulau kepulauan jalan jl gang "
    "pasar sungai gunung pantai bandara stasiun terminal universitas pilkada pilgub pilbup pilwalkot pilkades pilpres pileg dapil "
    "pemkab pemkot pemprov"
).split()
_LONGEST_PLACE = 3  # words


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
        self._common, self._addresses, self._before_places, self._marks = map(ids.keys, (common, addresses, BEFORE_PLACES, "!?"))

    def __call__(
        self,
        items: NDArray[np.int32],
        place: NDArray[np.int64],
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
        place : int array of shape (n,)
            The chunks that are written like names (:func:`netral.text.shape.like_names`), ascending.
        first, count : int arrays of shape (n,)
            Where the items of each such chunk begin, and how many it has.
        capitals : int array of shape (n,)
            How many words with a capital it has.
        candidate : int
            The item of a candidate; who is addressed before one is the same.

        Returns
        -------
        bool array of shape (total,)
        """
        inside, chunk = runs(first, count), np.repeat(np.arange(len(place)), count)
        mark = self._ids.are_among(self._marks, items[inside])
        left = count - np.bincount(chunk[mark], minlength=len(place))
        whole = (left == 1) | (left == capitals)  # nothing but words that have a capital
        somebody = whole & ~_goes_on(self._ids.are_among(self._before_places, items[first - 1]), place)
        inside = inside[somebody[chunk] & ~mark]
        named = np.zeros(len(items), bool)
        named[inside[~self._ids.are_among(self._common, items[inside])]] = True
        before = np.flatnonzero((named | (items == candidate))[1:])
        named[before[self._ids.are_among(self._addresses, items[before])]] = True
        return named


def _goes_on(begins: NDArray[np.bool_], place: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which chunks belong to the name of a place, of which ``begins`` are the first: one beside another is the same name."""
    beside = np.append(False, np.diff(place) == 1)
    found = begins.copy()
    for _ in range(_LONGEST_PLACE - 1):
        found |= beside & np.append(False, found[:-1])
    return found
