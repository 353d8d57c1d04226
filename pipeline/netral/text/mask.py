"""Replace what identifies a person or a page by a placeholder: nothing personal leaves.

Placeholders: ``<USER> <URL> <EMAIL> <TELP> <NIK> <NIP>``. A post that already contains one of these was masked by
its sender; it stays. Placeholders that only a later step may set (``<CALON>`` …) are escaped when somebody typed them.
"""

from __future__ import annotations

import re

#: Placeholders that masking sets.
PLACEHOLDERS = ("USER", "URL", "EMAIL", "TELP", "NIK", "NIP")
#: Placeholders of targets (:mod:`netral.text.targets`), never accepted from a post.
TARGETS = ("CALON", "PARTAI", "NOMOR")
#: What stands for a candidate.
CANDIDATE = "<CALON>"

_TYPED = re.compile(r"<\s*(" + "|".join(TARGETS) + r")\s*>", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}\b")
_MAYBE_EMAIL = re.compile(r"[\w.+-]@[\w-]")
# A domain counts with a path behind it, or with an ending that no Indonesian word is. After a full stop without a space
# a sentence goes on with a capital ("selesai.Info lengkap"), so "Info" is no ending and "info" is.
#: The commonest endings of a domain, which count without a path, too.
ENDINGS = ("com", "net", "org", "id", "info", "xyz", "gov", "edu")
_LABELS = r"\b(?:[A-Za-z0-9-]{1,63}\.){1,6}"
_URL = re.compile(
    r"(?=[hw])(?:https?://|\bhttps?:/{0,2}|\bwww\.)[^\s<>]+"  # a whole one also where it is glued to a word
    rf"|{_LABELS}(?:(?:[a-z]{{2}}|com|net|org|info|xyz|gov|edu|gle|link|site|online|news|app|page|live|club|top|web|tech|blog)/[^\s<>]+"
    rf"|(?-i:Com|Co\.Id|{'|'.join((*ENDINGS, *map(str.upper, ENDINGS)))})\b(?![.\w-]*@))",
    re.IGNORECASE,
)
_MAYBE_URL = re.compile(r"\.[A-Za-z]|[wW]\.|[pP][sS]?:")  # what no link is without: a look that costs little
#: What RE2 finds in each text that :func:`mask` changes.
PREFILTER = (
    rf"@|<\s*(?i:calon|parta[iıİ]|nomor)|(?i:https?:|www\.|\.[a-zİı]{{2,24}}/|\.(?:co\.id|{'|'.join(ENDINGS)}))"
    r"|\p{Nd}(?:[^0-9A-Za-z]{0,3}[\p{Nd}xX]){6}"
)
# "@budi.Mantap" ends a sentence; an account that begins with a capital may have others.
_HANDLE = re.compile(r"(?<!@)@+(?:[A-Z]\w*(?:[.-]\w+)*|\w+(?:[.-][a-z0-9_]+)*)")
_DIGITS = re.compile(r"\d(?:[\W_]{0,3}[\dx]){6}", re.IGNORECASE)  # what every number of a person has: a look that costs little
_NUMBERS = re.compile("<(?:TELP|NIK|NIP)>")
# What parts the groups of a number: people write dashes of every kind, dots, and signs of their messenger. No slash: a letter has one.
_PART = r"[ .\-\u2010-\u2015\u2212·•~_*]"
# A mobile number may have them further apart; of others too much else looks so ("SK 045 - 2024").
_APART = rf"(?:{_PART}| ?[-\u2010-\u2015] |-{{2}}| [-\u2010-\u2015])"
# A NIP has 18 digits, often in groups of 8 6 1 3; a NIK has 16, in groups of 4 4 4 4, 6 6 4 or 2 2 2 6 4. These shapes are
# looked for first, so that a number beside them does not hide them; then any grouping, and longer runs, which hide one.
_SHAPES = re.compile(
    rf"(?<!\d)(?:\d{{16,}}|(?:19|20)\d{{6}}{_PART}?(?:19|20)\d{{4}}{_PART}?[12]{_PART}?\d{{3}}"
    rf"|(?!(?:(?:19|20)\d\d{_PART}){{2}})[1-9]\d{{3}}(?:{_PART}\d{{4}}){{3}}"
    rf"|\d{{6}}{_PART}\d{{6}}{_PART}\d{{4}}|\d{{4}}{_PART}\d{{2}}{_PART}\d{{6}}{_PART}\d{{4}}|(?:\d{{2}}{_PART}){{3}}\d{{6}}{_PART}\d{{4}})(?!\d)"
)
_LONG_NUMBER = re.compile(r"(?<!\d)(?<!\d,)\d(?:[ .-]?\d){15,}(?!\d)")
_LIST = re.compile(
    r"\d{1,3}(?:\.\d{3})+(?:[ -]\d{1,3}(?:\.\d{3})+)*"  # 12.345 67.890: amounts and counts
    r"|(?:19|20)\d\d(?:[ .-](?:19|20)\d\d)+"  # 2014 2019 2024 2029
    r"|\d\d?[.-]\d\d?[.-](?:19|20)\d\d(?:[ -]\d\d?[.-]\d\d?[.-](?:19|20)\d\d)+"  # 01-02-2024 10-11-2024
)
_PHONE = re.compile(
    r"(?<!\d)(?<!\d\.)(?!0\d[01]\d(?:19|20)\d\d(?!\d))(?:(?<![^\W_])(?:"
    rf"\(?\+?62\)?|\(?0(?!\.0|000)){_PART}?\(?(?:8[\dx]{{1,2}}|\d{{2,3}})\)?|(?:\+62|62|0){_PART}?8\d{{1,2}}|\+62{_PART}?8{_PART}?\d{{1,2}})"
    rf"(?:{_PART}?(?:\d|x(?!x{{0,11}}[a-wyz])){{2,4}}){{2,3}}(?![\dx]|,\d{{1,3}}(?!\d))"
    r"|(?<![\d.,:])08(?: \d\d){4,5}(?!\d)"
    rf"|(?<![^\W_])(?:\+62{_PART}?|62|0)8\d{{1,2}}(?:{_APART}\d{{3,4}}){{2,3}}(?!\d)",
    re.IGNORECASE,
)


def mask(text: str) -> str:
    """Replace handles, links, addresses and numbers of persons in normalised ``text``; idempotent."""
    if "<" in text:
        text = _TYPED.sub(lambda found: f"({found[1].lower()})", text)
    if "@" in text:
        if _MAYBE_EMAIL.search(text):
            text = _EMAIL.sub("<EMAIL>", text)
        text = _HANDLE.sub("<USER>", text)
    if _MAYBE_URL.search(text):
        text = _URL.sub("<URL>", text)
    if _DIGITS.search(text):
        text = _SHAPES.sub(_number, text)
        text = _PHONE.sub("<TELP>", text)
        text = _LONG_NUMBER.sub(_number, text)
    return text


def has_number(masked: str) -> bool:
    """Say whether a masked text has the number of a person."""
    return _NUMBERS.search(masked) is not None


def _number(found: re.Match[str]) -> str:
    digits = "".join(filter(str.isdigit, found[0]))
    grouped = len(digits) < len(found[0])
    if len(set(digits)) < 3 or (grouped and _LIST.fullmatch(found[0])):  # "3333333333333333" is a shout, not a person
        return found[0]
    return "<NIP>" if len(digits) == 18 else "<NIK>"
