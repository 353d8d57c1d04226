"""One clean text per post: normalised, without furniture, without personal data.

>>> clean("SUKAMAJU, Kabar.id – Debat digelar Jumat, kata @panitia &amp; warga.")
'Debat digelar Jumat, kata <USER> & warga.'
"""

from __future__ import annotations

from netral.text.furniture import strip
from netral.text.mask import has_number, mask
from netral.text.normalise import normalise

_ROUNDS = 12  # each step may uncover work for another; two rounds are usual


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
    for _ in range(_ROUNDS):
        # The mask first: what looks like furniture inside a link or a handle is none.
        masked = mask(text)
        done = strip(masked)
        if done == text:
            break
        text = normalise(done)
        if text == masked and not has_number(masked):  # neither would find more; but a number masked may end a link before it
            break
    return text
