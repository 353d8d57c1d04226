"""Which words of one text stand for which of another: of a post as received and as it was read."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import pairwise

_COMPARED = 40_000  # pairs of chunks that are compared at once
_WEIGHED = 20_000  # ways to share that are weighed


def align(before: list[str], after: list[str], fault: Callable[[list[str], str], float] | None = None) -> list[tuple[int, int]]:
    """For each chunk of ``after``: first and last chunk of ``before`` it came from. Equal chunks anchor, others share what is between.

    They share it evenly, or so that what ``fault`` says against chunks that became one is least in all.
    """
    if before == after:
        return [(place, place) for place in range(len(after))]
    found = [(0, len(before) - 1)] * len(after)
    for a, b, i, j in _matched(before, after):
        if fault and 1 < j - i < b - a and (b - a) ** 2 * (j - i) <= _WEIGHED:
            found[i:j] = [(a + first, a + last) for first, last in _shared(before[a:b], after[i:j], fault)]
            continue
        for k in range(i, j):
            first, end = (a + (k + step - i) * (b - a) // (j - i) for step in (0, 1))
            first = min(first, len(before) - 1)
            found[k] = (first, max(end - 1, first))
    return found


def _shared(before: list[str], after: list[str], fault: Callable[[list[str], str], float]) -> list[tuple[int, int]]:
    """Cut ``before`` into as many parts as ``after`` has chunks, those against which least is said."""
    most = len(before) - len(after) + 1  # chunks of a part
    least: dict[int, tuple[float, list[int]]] = {0: (0.0, [0])}  # by the chunks that are shared: what is said against it, the cuts
    for chunk in after:
        found: dict[int, tuple[float, list[int]]] = {}
        for begin, (said, cuts) in least.items():
            for end in range(begin + 1, min(begin + most, len(before)) + 1):
                against = said + fault(before[begin:end], chunk)
                if end not in found or against < found[end][0]:
                    found[end] = (against, [*cuts, end])
        least = found
    cuts = least[len(before)][1]
    return [(first, end - 1) for first, end in pairwise(cuts)]


def _matched(before: list[str], after: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield which parts of two texts belong together, in time that grows with their length.

    What both begin and end with is told first. Long rests are parted at chunks that both have once, in the same order (a patience
    diff), and what is short enough then is compared by ``SequenceMatcher``, which compares each chunk with all like it.
    """
    rest = [(0, len(before), 0, len(after))]
    while rest:
        a, b, i, j = rest.pop()
        while a < b and i < j and before[a] == after[i]:
            yield a, a + 1, i, i + 1
            a, i = a + 1, i + 1
        while a < b and i < j and before[b - 1] == after[j - 1]:
            b, j = b - 1, j - 1
            yield b, b + 1, j, j + 1
        if (b - a) * (j - i) <= _COMPARED:
            for _, *ends in SequenceMatcher(None, before[a:b], after[i:j], autojunk=False).get_opcodes():
                yield a + ends[0], a + ends[1], i + ends[2], i + ends[3]
            continue
        anchors = _anchors(before[a:b], after[i:j])
        if not anchors:
            yield a, b, i, j
            continue
        edges = [(a, i), *((a + one, i + other) for one, other in anchors), (b, j)]
        rest += [(one, other, first, second) for (one, first), (other, second) in pairwise(edges)]


def _anchors(before: list[str], after: list[str]) -> list[tuple[int, int]]:
    """Return the places of the chunks that both texts have once, as many as stand in the same order in both."""
    once = _places_of_single(before)
    pairs = [(once[chunk], place) for chunk, place in _places_of_single(after).items() if chunk in once]
    lasts: list[int] = []  # of the longest run of each length, where it ends in `before`
    ends: list[int] = []  # and which pair that is
    previous = [-1] * len(pairs)
    for number, (at, _) in enumerate(pairs):
        length = bisect_left(lasts, at)
        previous[number] = ends[length - 1] if length else -1
        lasts[length : length + 1], ends[length : length + 1] = [at], [number]
    found, number = [], ends[-1] if ends else -1
    while number >= 0:
        found.append(pairs[number])
        number = previous[number]
    return found[::-1]


def _places_of_single(chunks: list[str]) -> dict[str, int]:
    """Return the places of the chunks that stand there once."""
    count = Counter(chunks)
    return {chunk: place for place, chunk in enumerate(chunks) if count[chunk] == 1}
