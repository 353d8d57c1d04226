"""Turn the targets of a post into placeholders: names are not evidence.

``<CALON>`` stands for a candidate or pair, ``<PARTAI>`` for a party, ``<NOMOR>`` for a ballot number. National parties
and ballot numbers are known without help; the names of an election come from its gazetteer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from netral.text.gazetteer import Gazetteer
from netral.text.lexicon import table
from netral.text.tags import is_whole

_SMALL = "satu|dua|tiga|empat|lima"
_NUMBER = r"nomor|nomer|nomr|nmr|nmer|no"
_OPENERS = rf"{_NUMBER}|paslon|urut|calon|capres|cawapres|cagub|cabup|cawalkot|caleg"
_ACTS = r"coblos|cblos|pilih|plih|milih|memilih|dukung|menangkan|menangin|tusuk|salam|kubu|pendukung|tim|relawan|barisan"
#: What a ballot number may stand behind.
BALLOT_WORDS = (*_OPENERS.split("|"), *_ACTS.split("|"), "pasangan")
# What may follow a ballot number; after these words it counts or ranks something else ("2 orang", "1 persen", "03 Mei").
_COUNTED = (
    r"(?!\w|[.,/:-]\d|\s*(?:%|persen|ribu|juta|miliar|triliun|rb|jt|orang|org|kali|hari|tahun|thn|th|bulan|minggu|pekan|jam|menit|detik|anak|unit|kg|km"
    r"|meter|liter|buah|lembar|titik|kelas|tps|desa|kecamatan|kelurahan|daerah|provinsi|menu|opsi|jenis|nama|figur|tokoh|wajah|lawan|pihak|kubu|sisi"
    r"|periode|priode|putaran|poin|suara|kursi|parpol|partai|calon|paslon|pasangan|kandidat|capres|cawapres|caleg|pemimpin|januari|februari|maret"
    r"|april|mei|juni|juli|agustus|september|oktober|november|desember|jan|feb|mar|apr|jun|jul|agu|sep|okt|nov|des"
    r"|(?:di|se)\s*(?:dunia|asia|asean|eropa)|duanya|satunya)\b)"
)
_WORD_COUNTED = (
    r"(?!-|\s+(?:saja|aja|sama|dengan|dari|di antara|antara|per|hati|visi|komando|barisan|putra|putri|lagi|jiwa|nyali|rasa|darah"
    r"|hobi|hal)\b)" + _COUNTED
)
_BETWEEN = r"(?:urut(?:[.:#]\s*|\s+))?(?:(?:pasangan|paslon)\s+)?"
_FIRST = "nNpPuUcCdDmMtTsSkKrRbBeElL0-5"  # what a ballot number or its introduction can begin with
_BALLOT = re.compile(
    rf"\b(?=[{_FIRST}])(?:"
    # "nomor 2", "no.2", "paslon nomor urut 2", "nomor dua"; "calon2" is a doubled word and no number
    rf"(?P<opener>(?:(?:{_NUMBER})(?=[\d:#])|(?:{_OPENERS})(?:[.:#]\s*|\s+)){_BETWEEN}[:#]?\s*)"
    rf"(?:(?P<number>0?[1-9]|1\d|2[0-4])\b{_COUNTED}|(?:{_SMALL})\b{_WORD_COUNTED})"
    rf"|(?P<act>(?:{_ACTS})\s+(?:(?:no|nomor|nomer)(?:[.#]\s*|\s+|(?=\d)))?#?)(?:0?[1-9]\b{_COUNTED}|(?:{_SMALL})\b{_WORD_COUNTED})"
    rf"|(?:{_SMALL}|[1-5])(?P<fingers>\s+jari)\b"
    rf"|(?<![\w.,:/#-])0[1-5]\b{_COUNTED})",
    re.IGNORECASE,
)
#: What a chunk with a ballot number holds, whatever stands around it; a pattern that RE2 knows as well.
MAYBE_BALLOT = rf"(?:{_OPENERS})[.:#]*(?:[0-9]|{_SMALL})|(?:^|[^0-9])0[1-5](?:[^0-9]|$)"
#: A number that the chunks in front of it may make a ballot number: "no.12".
NUMBERED = re.compile(rf"(?:{_NUMBER})[.:#]*\d", re.IGNORECASE)
# What RE2 finds in each clean text that has a ballot number. Python takes these two for an i where it ignores case, RE2 does not.
_I, _EVERY_I = "|[ıİ]", re.compile("[iIıİ]")
_BALLOT_PREFILTER = (
    rf"(?i:(?:{_OPENERS}|{_ACTS})(?:[\s.:#]|{_NUMBER}|urut|pasangan|paslon)*(?:[0-9]|{_SMALL})|(?:[1-5]|{_SMALL})\s+jari|\b0[1-5])" + _I
)
_LONGEST_PREFILTER, _BEGINNING = 5000, 5  # RE2 gets slow with longer patterns of names: then the beginnings of names are looked for
_NUMERAL = re.compile(rf"[0-9]|{_SMALL}", re.IGNORECASE)  # cheap, and most posts have none
#: Numbers of pairs; a higher one belongs to a party or to one of many candidates, and as often to a striker, a tent or a contract.
_PAIRS = 5
# What says so is in front of it, names of candidates and parties replaced by then: "coblos nomor 12", "<PARTAI>, nomor 12", "caleg no. 7".
_SAYS_BALLOT = re.compile(
    rf"(?:\b(?:urut|paslon|pasangan|calon|capres|cawapres|cagub|cabup|cawalkot|caleg|nyoblos|mencoblos|dicoblos|dipilih|mendukung|memenangkan|timses|partai|{_ACTS})"
    rf"(?:nya|lah|ku|mu|kan|an)?|<CALON>|<PARTAI>)\W{{0,3}}(?:(?:{_NUMBER})\W*)?$",
    re.IGNORECASE,
)
_IN_FRONT = 16  # characters of a post that are looked at in front of a number
# Before these a number names a law, a house, a day or the first man of a town ("UU No. 7", "RT 03", "orang nomor satu").
_OTHER_NUMBER = re.compile(
    r"\b(?:uu|pp|perppu|perpu|perpres|perda|perwali|pergub|permen\w*|inpres|keppres|pkpu|perbawaslu|undang-undang|peraturan|keputusan|edaran|se|sk|surat|pasal|ayat"
    r"|butir|halaman|hal|bab|orang|org|petenis|unggulan|peringkat|rt|rw|tgl|tanggal|kode|jam|pukul|pkl|km|tps|sdn?|smpn?|sman?|smkn?|blok|gang|gg|jl|jalan|rumah|schalke"
    r"|gelombang|tahap|episode|part|season|bagian|dapil|rekening|rek|hp|wa|telp|antrean|antrian)\b\.?\s*$",
    re.IGNORECASE,
)
_TAG_BALLOT = re.compile(
    r"(?<=#)0[1-9](?!\d)|(?:(?<=coblos)|(?<=pilih)|(?<=nomor)|(?<=no)|(?<=salam)|(?<=paslon)|(?<=dukung))0?[1-9](?!\d)", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"#\w+")
# A party's own name after "Partai": capitalised words, up to one that a headline capitalises for its own reasons.
_NO_NAME = (
    r"(?!(?i:politik|pengusung|pendukung|koalisi|baru|lokal|nasional|oposisi|penguasa|pemerintah|besar|kecil|lain|lama|ini|itu|mana|apa|kami|kita|anda|final|puncak"
    r"|pertama|terakhir|pemenang|peserta|penentuan|juara|dan|di|ke|dari|untuk|yang|dengan|pada|oleh|soal|jadi|akan|bakal|tak|tidak|bukan|belum|sudah|telah|siap|usung"
    r"|dukung|dorong|tolak|resmi|minta|gelar|ajak|bisa|harus|klaim|sebut|nilai|desak|harap|ingin|mau|pilih|coblos|raih|buka|tutup|kata|beri|tetap|optimis\w*"
    r"|target\w*|pasti\w*|janji\w*|kalah\w*|menang|gabung|masuk|keluar|umum\w*|tunjuk|pecat|kader|ketua|sekjen|calon|caleg|capres)\b"
    r"|(?:Me[mn]|ME[MN])\w{3})"
)
_PARTY_NAME = rf"\b(?:[Pp]artai|PARTAI)\s+{_NO_NAME}[A-Z]\w+(?:\s+{_NO_NAME}[A-Z]\w+){{0,2}}"
#: What stands before a name and is no part of it.
ADDRESSES = frozenset(table("addresses.tsv"))
# How a target is introduced or put together is no evidence either: "Pak A", "A–B" and "paslon nomor 2" say no more than the placeholder.
# Repeats have bounds: "pak pak pak …" must not be read anew from each of its words.
_ADDRESS = rf"(?:\b(?:{'|'.join(sorted(ADDRESSES))})\.?\s+){{0,4}}"
_PEOPLE = re.compile(rf"{_ADDRESS}<CALON>(?:\s*[-–—&/]?\s*{_ADDRESS}<CALON>)*", re.IGNORECASE)
_INTRODUCED = re.compile(
    rf"\b(?=[ncpu])(?:(?:\b(?:{_NUMBER}|paslon|urut|pasangan|calon)(?:[.:#]\s*|\s+|(?=<NOMOR>))#?){{1,6}}(?=<NOMOR>)|partai\s+(?=<PARTAI>))",
    re.IGNORECASE,
)


class Targets:
    """Replace targets in clean text.

    Parameters
    ----------
    gazetteer : Gazetteer, optional
        The election's names; without one only ballot numbers and national parties are known.
    """

    def __init__(self, gazetteer: Gazetteer | None = None) -> None:
        names = gazetteer.candidates if gazetteer else ()
        handles = gazetteer.handles if gazetteer and names else ()
        self._handles = re.compile(rf"@+(?:{'|'.join(map(re.escape, handles))})(?![\w.-]*\w)", re.IGNORECASE) if handles else None
        self._owner = names[0] if names else ""  # any candidate will do: all become the same placeholder
        self._people = _alternatives(names) if names else None
        self._in_tags = _inside_tags(names)
        national, capitals = _national_parties()
        parties = (*national, *(gazetteer.parties if gazetteer else ()))
        self._parties = _alternatives(parties)
        self._capitals = re.compile(rf"\b(?:{'|'.join(capitals)})\b|{_PARTY_NAME}")
        distinct = sorted({name for name in national if name.isalpha() and len(name) > 5}, key=len, reverse=True)
        # Inside a tag only names that no other word holds; short ones in capitals before a capitalised word ("#PKSMenang").
        short = "|".join({*capitals, *(name for name in national if name.isupper() and name.isalpha())})
        self._tag_parties = re.compile(rf"(?i:{'|'.join(distinct)})|(?<![A-Z])(?:{short})(?=[A-Z][a-z]|\d|_|$)")
        known = (*names, *parties)
        #: Small-letter words that give away a name of several words: a post with one of them is read as a whole.
        self.triggers = {"partai"} | {_telling_word(name) for name in known if len(_WORD.findall(name)) > 1}
        #: What may follow "partai" in the name of a party, in small letters.
        self.party_words = {
            words[1] for words in (_WORD.findall(name.lower()) for name in known) if len(words) > 1 and words[0] == "partai"
        }
        #: Names of one word, in small letters.
        self.single = {words[0] for words in map(_WORD.findall, map(str.lower, (*known, *capitals))) if len(words) == 1}

        #: What RE2 finds in each text that a step changes, and the step.
        self.steps: tuple[tuple[str, Callable[[str], str]], ...] = (
            *(((_look(names), self._mask_people),) if names else ()),
            (_look(parties), self._mask_parties),
            (rf"\b(?:{'|'.join(capitals)})\b|[Pp]artai|PARTAI", self._mask_capitals),
            (_BALLOT_PREFILTER, mask_ballot_numbers),
            ("<(?:NOMOR|PARTAI)>", _without_introductions),
            # Tags come last: a placeholder inside one must not make words of its rest.
            ("#", self.in_tags),
        )

    def __call__(self, text: str) -> str:
        """Return clean ``text`` with its targets replaced."""
        for _, step in self.steps:
            text = step(text)
        return text

    def name_handles(self, text: str) -> str:
        """Return a post as received with the accounts of candidates written as names, before handles are masked."""
        return self._handles.sub(self._name_owner, text) if self._handles and "@" in text else text

    def _name_owner(self, account: re.Match[str]) -> str:
        glued = account.string[: account.start()][-1:].isalnum()  # "RT@budi"
        return f" {self._owner}" if glued else self._owner

    def in_tags(self, text: str) -> str:
        """Return ``text`` with the targets in its tags replaced."""
        return _TAG.sub(self._mask_tag, text) if "#" in text else text

    def _mask_people(self, text: str) -> str:
        return _PEOPLE.sub("<CALON>", self._people.sub("<CALON>", text)) if self._people else text

    def _mask_parties(self, text: str) -> str:
        return self._parties.sub("<PARTAI>", text)

    def _mask_capitals(self, text: str) -> str:
        return self._capitals.sub("<PARTAI>", text)

    def _mask_tag(self, tag: re.Match[str]) -> str:
        name = self._in_tags.sub(_name_in_tag, tag[0]) if self._in_tags else tag[0]
        return _TAG_BALLOT.sub("<NOMOR>", self._tag_parties.sub("<PARTAI>", name))


def _name_in_tag(found: re.Match[str]) -> str:
    return "<CALON>" if is_whole(found.string, *found.span()) else found[0]


def mask_ballot_numbers(text: str) -> str:
    """Replace ballot numbers by ``<NOMOR>`` where the words around a number say that it is one."""
    return _BALLOT.sub(_ballot, text) if _NUMERAL.search(text) else text


def _ballot(found: re.Match[str]) -> str:
    start, number = found.start(), found["number"]
    if not found["fingers"] and _OTHER_NUMBER.search(found.string, max(0, start - _IN_FRONT), start):
        return found[0]
    if number and int(number) > _PAIRS and not _SAYS_BALLOT.search(found.string, max(0, start - _IN_FRONT), found.start("number")):
        return found[0]
    return f"{found['opener'] or found['act'] or ''}<NOMOR>{found['fingers'] or ''}"


def _without_introductions(text: str) -> str:
    return _INTRODUCED.sub("", text) if "<NOMOR>" in text or "<PARTAI>" in text else text


def _telling_word(name: str) -> str:
    words = _WORD.findall(name.lower())
    return "partai" if words[0] == "partai" else max((word for word in words if word != "partai"), key=len)


def _alternatives(names: Sequence[str]) -> re.Pattern[str]:
    """Match any of ``names`` as whole words, longest first, joined by spaces, dashes or apostrophes."""
    forms = _forms(names)
    first = "".join(sorted({form[0] for form in forms}))  # a look that costs little
    return re.compile(rf"(?=[{first}])(?<![\w<#@])(?:{'|'.join(forms)})(?![\w>])", re.IGNORECASE)


def _forms(names: Sequence[str]) -> list[str]:
    return sorted({r"[\s–—&'’-]+".join(map(re.escape, _WORD.findall(name))) for name in names}, key=len, reverse=True)


def _look(names: Sequence[str]) -> str:
    """What RE2 finds in each text with one of ``names``."""
    forms = "|".join(_forms(names))
    if len(forms) > _LONGEST_PREFILTER:
        forms = "|".join(sorted({re.escape(_WORD.findall(name)[0][:_BEGINNING]) for name in names}))
    return f"(?i:{_EVERY_I.sub('[iIıİ]', forms)})"


def _inside_tags(names: Sequence[str]) -> re.Pattern[str] | None:
    """Match the words of ``names`` (four letters or more) in a hashtag."""
    words = sorted({word for name in names for word in _WORD.findall(name.lower()) if len(word) > 3}, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(words)})+", re.IGNORECASE) if words else None


def _national_parties() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names in any letters, and those that count only as they are written."""
    parties = table("parties.tsv")
    names, exact = (tuple(name for name, how in parties.items() if how == kind) for kind in ("any", "exact"))
    return names, exact
