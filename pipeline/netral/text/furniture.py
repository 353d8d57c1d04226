"""Take out what a page or an app put around the words of the author.

Datelines ("KOTA, MEDIA.CO –"), links set into articles ("BACA JUGA: …"), advertising marks, forwarding marks. They say
where a text stood, not what it says; a model that learns them calls every article neutral and every forward partisan.
"""

from __future__ import annotations

import re

_MARKS = re.compile(
    r"\bADVERTISEMENTS?\b|^(?:ADVERTORIAL|Advertorial)(?:[.:]\s*|\s*$)|\bSCROLL TO (?:CONTINUE|RESUME)(?: WITH)?(?: CONTENT)?\b"
    r"|\b(?:SCROLL|GULIR) UNTUK (?:ME)?LANJUT(?:KAN)?(?: (?:MEM)?BACA)?\b"
    r"|\[Gambas:[^\]\n]{0,80}\]|^\s*(?:Iklan|IKLAN)\s*(?:[–—-]\s*[Ll]anjut(?:kan)? [Mm]embaca\s*)?$"
    r"|^(?:Editor|Penulis|Reporter|Pewarta|Kontributor)\s?:(?: [A-Z][\w.'-]*[,/|&]?){1,6}$"
    r"|^Laporan (?:[Ww]artawan|[Rr]eporter|[Kk]ontributor)(?:,? [A-Z][\w.'-]*[,:]?){1,8}$"
    r"|^(?:Bagikan|BAGIKAN) (?i:artikel|berita|tulisan) (?i:ini)"
    r"(?:\s?:(?: ?(?i:salin|tautan|link|facebook|twitter|whatsapp|telegram|line|email|[,/|&])){1,6})?$"
    r"|^(?:Halaman|HALAMAN) (?i:selanjutnya|berikutnya)\W{0,3}$"
    # Below another line:
    r"|\n(?:Ikuti|Baca|Cek|Simak|Dapatkan)\b[^\n.!?:]{0,100}\b(?:di|lewat|melalui) Google News\b[^\n.!?:]{0,40}$"
    r"|\n[\W_]{0,3}(?:[Dd]ikirim dari|[Ss]ent from)(?: (?:[A-Z\d][\w.'-]*|saya|my|grup|ponsel|phone|iPhone|hp)){1,6}[_*.]?$",
    re.MULTILINE,
)
_LINK = (
    r"(?:BACA (?:JUGA|SELENGKAPNYA)|Baca (?:juga|Juga|selengkapnya)|SIMAK JUGA|Simak [Jj]uga|LIHAT JUGA|Lihat [Jj]uga"
    r"|PILIHAN EDITOR|Pilihan [Ee]ditor"
    r"|BERITA TERKAIT|Berita [Tt]erkait|ARTIKEL TERKAIT|Artikel [Tt]erkait|TONTON JUGA|Tonton [Jj]uga)\s?[:;]"
)
# The link and what follows on its line, up to the next link or, for a link in brackets, to their end.
_READ_ALSO = re.compile(rf"[(\[]\s?{_LINK}([^\n()\[\]]{{0,200}})[)\]]|[(\[]?\b{_LINK}((?:[^\nBSLPATbslpat]|(?!{_LINK}).)*)")
# What no mark and no link is without: looks that cost little.
_MAYBE_MARK = re.compile(
    r"ADVERT|Advertorial|SCROLL|GULIR|\[Gambas|Iklan|IKLAN|Editor|Penulis|Reporter|Pewarta|Kontributor"
    r"|Laporan|Bagikan|BAGIKAN|Halaman|HALAMAN|Google News|dikirim|Dikirim|sent|Sent"
)
_MAYBE_LINK = re.compile(r"BACA|Baca|SIMAK|Simak|LIHAT|Lihat|PILIHAN|Pilihan|BERITA|Berita|ARTIKEL|Artikel|TONTON|Tonton")
_SENTENCE_END = re.compile(r"[.!?][\"”'’)\]]*\s+\S|\w\w\.[\"”'’)\]]*\s*$|!")
# A linked headline set in the middle of a line that goes on: its words are capitalised, but for small ones.
_HEADLINE = re.compile(
    r"\s*(?:(?:[A-Z0-9\"'“‘(][^\s]*|di|ke|dan|dari|yang|untuk|soal|pada|dengan|ini|itu|jadi|oleh|dalam|atau|tak|vs)[,:;?!]?\s+){1,18}"
    r"(?=[A-Z\"'“])"
)
_LINE = 160  # a line that ends sooner than this after "BACA JUGA:" and is no sentence holds nothing but the link

_FORWARDED = (
    r"[\W_]{0,4}(?i:(?:pesan )?(?:ini )?diteruskan|forwarded)"
    r"(?i: (?:berkali-kali|berulang kali|banyak kali|dari|many times|as received))?[*_]*(?:\s*[:—–|-]+\s+|\s*$\n?|\.\s+|(?<=[*_])\s+)"
    r"|(?i:fwd?)\s?:\s*(?:dari <USER>\s*)?"
)
# Datelines. Calls and people look like places ("AYO MENANG, Pak Budi –"), so a dateline needs an outlet that looks like
# one, or a place in capitals before a sentence; a place alone needs a paragraph behind it.
_NO_PLACE = (
    r"(?!(?i:ayo|ayuk|yuk|mari|pilih|coblos|tusuk|dukung|menang\w*|kalah\w*|lawan|tolak|ganti\w*|lanjut\w*|salam|jangan|ingat|stop|hidup|merdeka|allah\w*"
    r"|saatnya|kami|kita|saya|ini|pak|bu|bang|mas|mbak|kang|gus|tim|relawan|nomor|paslon|capres|cagub|cabup|caleg|calon|hanya|bukan|tidak|siap)\b)"
)
_WORD = r"[A-Z][\w'.&/-]*"
_PLACE = rf"{_NO_PLACE}{_WORD}(?: {_WORD}){{0,3}}"
_CAPITALS = rf"{_NO_PLACE}[A-Z][A-Z'.-]{{2,}}(?: [A-Z'./-]{{2,}}){{0,3}}"
_DOMAIN = r"(?:<URL>|[\w.-]+\.(?:[Cc]om|COM|id|ID|co|CO|net|NET|news|NEWS|tv|TV))"
_OUTLET = (
    rf"(?:{_DOMAIN}|(?:{_WORD} ){{0,2}}(?=[A-Z])(?i:antara|kompas\w*|tempo|detik\w*|cnn|cnbc|tribun\w*|liputan6"
    r"|republika|viva|okezone|jpnn|sindo\w*|news\w*"
    r"|\w+news|\w*pos|\w*post|suara\w+|kumparan|kabar\w*|warta\w*|berita\w*|media\w*|radar\w*|harian|koran|lensa\w*|express|ekspres|online|tv|rri|humas)"
    rf"(?: {_WORD}){{0,2}})"
)
_DASH = r"(?: +(?:[–—―−]|--)\s*|(?:[–—―−]|--)\s+| *-\s+)"  # with a space at one side at least
_DATELINE = (
    rf"{_PLACE} ?, ?\(?{_OUTLET}\)?{_DASH}"  # Kota, Media.co –
    rf"|(?!(?:Kabar|Berita|Media) (?:[Gg]embira|[Bb]aik|[Bb]uruk|[Dd]uka|[Ss]osial|[Tt]erkini)\b){_OUTLET} ?, ?{_PLACE}{_DASH}"
    r"(?=[A-Z\"“‘][^\n]{40})"  # Media Kota, Kota –
    rf"|{_DOMAIN} ?[,|] ?{_PLACE}{_DASH}"  # Media.com, Kota –
    rf"|{_PLACE} ?\((?:{_OUTLET}|\d\d?/\d\d?(?:/\d{{2,4}})?)\){_DASH}"  # Kota (Media) –
    rf"|{_DOMAIN}{_DASH}"  # Media.com –
    rf"|{_CAPITALS}(?:, {_WORD}(?: {_WORD}){{0,2}}| ?\({_WORD}(?: {_WORD}){{0,2}}\)){_DASH}(?=[A-Z\"“‘][^\n]{{40}})"  # KOTA, Nama –
    rf"|{_NO_PLACE}[A-Z][A-Z'.-]{{3,}}(?: [A-Z'.-]{{3,}})?{_DASH}(?=[A-Z\"“‘][^\n]{{120}})(?![A-Z]{{5}})"  # KOTA – and a paragraph
)
_LINE_START = re.compile(rf"^(?:{_DATELINE}|{_FORWARDED})+(?=\S)", re.MULTILINE)
_MAYBE_LINE_START = re.compile("[-–—―−]")  # every dateline has a dash, every forwarding mark one of these words
_MAYBE_FORWARDED = ("diteruskan", "forwarded", "fw")
#: What RE2 finds in each text that :func:`strip` changes. Before the dash of a dateline stands a comma, a bracket, a bar or a dot,
#: or nothing but capitals.
PREFILTER = (
    rf"{_MAYBE_MARK.pattern}|{_LINK}|(?i:d[iıİ]teruskan|forwarded|fwd?\s?:)"
    r"|[,(|.>][^\n]*(?: (?:[–—―−]|--)|(?:[–—―−]|--)\s|-\s)|(?m:^[A-Z][A-Z'. -]{3,}[–—―−-])"
)


def strip(text: str) -> str:
    """Take page and app furniture out of normalised, masked ``text``.

    One pass; :func:`netral.text.clean.clean` repeats it until nothing changes.
    """
    if _MAYBE_MARK.search(text):
        text = _MARKS.sub(" ", text)
    if _MAYBE_LINK.search(text):
        text = _READ_ALSO.sub(_after_link, text)
    if _MAYBE_LINE_START.search(text) or any(map(text.lower().__contains__, _MAYBE_FORWARDED)):
        text = _LINE_START.sub("", text)
    return text


def _after_link(found: re.Match[str]) -> str:
    """Return what follows a linked headline on its line: nothing, or the paragraph that goes on."""
    rest = found[2]
    if rest is None:
        return " "
    if len(rest) <= _LINE and not _SENTENCE_END.search(rest):
        return ""
    headline = _HEADLINE.match(rest)
    return " " + rest[headline.end() :] if headline else " " + rest
