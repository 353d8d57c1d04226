"""Take out what a page or an app put around the words of the author.

Datelines ("KOTA, MEDIA.CO –"), links set into articles ("BACA JUGA: …"), advertising marks, forwarding marks. They say
where a text stood, not what it says; a model that learns them calls every article neutral and every forward partisan.
"""

from __future__ import annotations

import re

_MARKS = re.compile(
    r"\bADVERTISEMENTS?\b|\bSCROLL TO (?:CONTINUE|RESUME)(?: WITH)?(?: CONTENT)?\b|\bSCROLL UNTUK (?:LANJUT|MELANJUTKAN)(?: MEMBACA)?\b"
    r"|\[Gambas:[^\]\n]{0,80}\]|^\s*(?:Iklan|IKLAN)\s*$",
    re.MULTILINE,
)
_FORWARDED = re.compile(
    r"^\W{0,4}(?:Diteruskan|Forwarded)(?: (?:berkali-kali|banyak kali|dari|many times|as received))?(?:\s*[:—–|-]+\s*|\s*$\n?|\.\s*)",
    re.MULTILINE | re.IGNORECASE,
)
_READ_ALSO = re.compile(
    r"\(?\b(?:BACA (?:JUGA|SELENGKAPNYA)|Baca (?:juga|Juga|selengkapnya)|SIMAK JUGA|Simak [Jj]uga|LIHAT JUGA|Lihat [Jj]uga"
    r"|BERITA TERKAIT|Berita [Tt]erkait|ARTIKEL TERKAIT|Artikel [Tt]erkait|TONTON JUGA|Tonton [Jj]uga)\s*[:;]([^\n]*)"
)
# A linked headline set in the middle of a line that goes on: its words are capitalised, but for small ones.
_HEADLINE = re.compile(
    r"\s*(?:(?:[A-Z0-9\"'“‘(][^\s]*|di|ke|dan|dari|yang|untuk|soal|pada|dengan|ini|itu|jadi|oleh|dalam|atau|tak|vs)[,:;?!]?\s+){1,18}"
    r"(?=[A-Z\"'“])"
)
_LINE = 160  # a line that ends sooner than this after "BACA JUGA:" holds nothing but the link

_NAME = r"[A-Z][\w'.&-]*(?: (?:[A-Z][\w'.&-]*|dan|di)){0,4}"
_PLACE = r"(?:[A-Z][A-Z'.-]+(?: [A-Z'.-]+){0,3}|[A-Z][\w'.-]+(?: [A-Z][\w'.-]+){0,3})"
_OUTLET = rf"(?:<URL>|{_NAME})"
_DASH = r"\s*(?:–|—|--|-(?=\s)|―|−)\s*"
_DATELINE = re.compile(
    rf"^(?:{_PLACE}, {_OUTLET}{_DASH}"  # KOTA, Media.co –
    rf"|(?:<URL>|{_NAME}\.(?:com|id|co|net|news|co\.id|CO|COM|ID|NET)), {_PLACE}{_DASH}"  # Media.com, Kota –
    rf"|{_PLACE} ?\({_OUTLET}\){_DASH}"  # Kota (Media) –
    rf"|(?:<URL>|{_NAME}\.(?:com|id|co|net|news|co\.id|CO|COM|ID|NET)){_DASH}"  # Media.com –
    rf"|[A-Z][A-Z'.-]{{3,}}(?: [A-Z'.-]{{3,}})?{_DASH}(?=[A-Z\"“][^\n]{{120,}}))",  # KOTA – and a paragraph
    re.MULTILINE,
)


def strip(text: str) -> str:
    """Take page and app furniture out of normalised ``text``.

    One pass; :func:`netral.text.clean.clean` repeats it until nothing changes.
    """
    text = _MARKS.sub(" ", text)
    text = _FORWARDED.sub("", text)
    text = _READ_ALSO.sub(_after_link, text)
    return _DATELINE.sub("", text)


def _after_link(found: re.Match[str]) -> str:
    """Return what follows a linked headline on its line: nothing, or the paragraph that goes on."""
    rest = found[1]
    if len(rest) <= _LINE:
        return ""
    headline = _HEADLINE.match(rest)
    return " " + rest[headline.end() :] if headline else " " + rest
