"""One clean text per post: normalised, without furniture, without personal data.

>>> clean("SUKAMAJU, Kabar.id – Debat digelar Jumat, kata @panitia &amp; warga.")
'Debat digelar Jumat, kata <USER> & warga.'
"""

from __future__ import annotations

from netral.text.furniture import strip
from netral.text.mask import has_number, mask
from netral.text.normalise import normalise

#: Each step may uncover work for another; two rounds are usual.
ROUNDS = 12


def clean(text: str) -> str:
    """Normalise, strip furniture and mask, until nothing changes.

    Parameters
    ----------
    text : str
        A post as received; nothing that a string can hold makes this raise.

    Returns
    -------
    str
        The clean text; ``clean(clean(x)) == clean(x)``.
    """
    text = normalise(text)
    masked = mask(text)  # first: what looks like furniture inside a link or a handle is none
    done = strip(masked)
    return text if done == text else go_on(masked, done, ROUNDS - 1)


def go_on(masked: str, done: str, rounds: int) -> str:
    """Return the clean text after a round that changed something: ``masked`` is what it began with, ``done`` what it left."""
    text = normalise(done)
    for _ in range(rounds):
        if text == masked and not has_number(masked):  # neither would find more; but a number masked may end a link before it
            break
        masked = mask(text)
        done = strip(masked)
        if done == text:
            break
        text = normalise(done)
    return text
