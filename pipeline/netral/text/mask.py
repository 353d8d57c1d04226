"""Replace what identifies a person or a page by a placeholder (law 7: nothing personal leaves).

Placeholders: ``<USER> <URL> <EMAIL> <TELP> <NIK> <NIP>``. A post that already contains one of these was masked by
its sender; it stays. Placeholders that only a later step may set (``<CALON>`` …) are escaped when somebody typed them.
"""

from __future__ import annotations

import re

#: Placeholders that masking sets.
PLACEHOLDERS = ("USER", "URL", "EMAIL", "TELP", "NIK", "NIP")
#: Placeholders of targets (:mod:`netral.text.targets`), never accepted from a post.
TARGETS = ("CALON", "PARTAI", "NOMOR")

_TYPED = re.compile(r"<\s*(" + "|".join(TARGETS) + r")\s*>", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}\b")
_URL = re.compile(
    r"(?:\bhttps?:/{0,2}|\bwww\.)[^\s<>]+"
    r"|\b(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}/[^\s<>]+"
    r"|\b(?:[a-z0-9-]{1,63}\.){1,6}(?:com|net|org|id|info|xyz|gov|edu)\b(?![.\w-]*@)",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@+\w+")
# A NIP has 18 digits and is often written in groups (8 6 1 3); a NIK has 16. Longer runs hide one of them.
_LONG_NUMBER = re.compile(r"(?<![\d,])\d(?:[ .-]?\d){15,}(?!\d)")
_PHONE = re.compile(
    r"(?<![\w.,])(?:\(?\+?62\)?|\(?0)[ .-]?(?:8\d{1,2}|\d{2,3}\)?)(?:[ .-]?[\dx]{2,4}){2,3}(?![\d,])", re.IGNORECASE
)


def mask(text: str) -> str:
    """Replace handles, links, addresses and numbers of persons in normalised ``text``; idempotent."""
    if "<" in text:
        text = _TYPED.sub(lambda found: f"({found[1].lower()})", text)
    if "@" in text:
        text = _EMAIL.sub("<EMAIL>", text)
        text = _HANDLE.sub("<USER>", text)
    if "." in text or ":" in text:
        text = _URL.sub("<URL>", text)
    if any(digit in text for digit in "0123456789"):
        text = _LONG_NUMBER.sub(_number, text)
        text = _PHONE.sub("<TELP>", text)
    return text


def _number(found: re.Match[str]) -> str:
    return "<NIP>" if sum(c.isdigit() for c in found[0]) == 18 else "<NIK>"
