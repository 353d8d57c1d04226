"""Unicode hygiene: one spelling for what readers see as the same text.

Steps of :func:`normalise`, and why in this order: lone surrogates first (nothing else survives them), then breaks that
an export wrote out, broken encodings (they look like letters to every later step), entities (they hide any character), tags
of HTML, format characters (they hide inside words), NFKC, stray accents, white space. What a step uncovers is met in the next
round.
"""

from __future__ import annotations

import html
import re
import unicodedata

# "&amp;amp;lt;" unfolds one level per round: taking all levels of "&" at once keeps hostile nesting linear.
_AMPERSANDS = re.compile(r"&(?:(?:amp|AMP|#0{0,9}38|#[xX]0{0,9}26);?)+")
_ENTITY = re.compile(r"&(?:#[0-9]|#[xX][0-9a-fA-F]|[A-Za-z])")
# Comments of video pages come as HTML. What parts lines or cells becomes a break, the rest goes. Behind a name stand attributes or
# nothing: what readers see between "<" and ">" stays.
_PARTS = r"br|p|div|li|[uo]l|h[1-6r]|t(?:able|body|head|[rdh])|blockquote|img"
_NO_PARTS = "a|b|i|u|s|em|strong|span|font|small"
_TAG = re.compile(
    rf"<(?:/?(?:({_PARTS})|{_NO_PARTS}) ?/?|(?:({_PARTS})|{_NO_PARTS}) [\w:-]+ ?=[^<>\n]{{0,400}})>",
    re.IGNORECASE,
)
_TAG_BEGINS = re.compile(rf"<(?=/?(?:{_PARTS}|{_NO_PARTS})[ />])", re.IGNORECASE)
# What UTF-8 read as Windows-1252 looks like: a lead byte's letter before a continuation byte's sign.
_MOJIBAKE = re.compile("[\u00c2\u00c3\u00e2\u00f0\u00ef\u00c5\u00c4][\u0080-\u00bf\u2018-\u203a\u20ac\u0152-\u0192\u02c6\u02dc\u2122]")
# Format, private, unassigned and variation characters; combining marks that composed with nothing ("p̷i̷l̷i̷h̷").
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffd\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff\ufdd0-\ufdef\U0001f3fb-\U0001f3ff]+"
)
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")
_CONTROL = re.compile("[\x00-\x09\x0b-\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]+")
_SPACE = re.compile(r"(?:[^\S\n ]| (?=[^\S\n]))[^\S\n]*")  # runs of white space, but no single space, which stays as it is
_BREAKS = re.compile(r" ?\n[\s]*")

_ESCAPES = re.compile(r"(?:\\[nrt])+")
_WITH_BACKSLASH = re.compile(r"(?<!\S)[^\s\\]*+\\\S*")
# A drive, or a backslash before anything else: "C:\new", "data\lama\tes", "\\server\teks".
_PATH = re.compile(r"(?<![A-Za-z])[A-Za-z]:\\|\\(?![nrt])")

# Characters that normalising leaves as they are: ASCII but white space, "&" and the backslash, curly quotes, dashes, most emoji.
_CALM = "!-%'-\\[\\]-~‘’“”–—•\u2600-\u27bf\U0001f300-\U0001f3fa\U0001f400-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001f9ff"
_CALM_TEXT = re.compile(rf"[{_CALM}]++(?:[ \n][{_CALM}]++)*+")
#: What RE2 finds in each text that :func:`normalise` changes, if nothing in it is too long (:func:`shorten`).
PREFILTER = rf"[^{_CALM}& \n]|&[#A-Za-z]|</?[A-Za-z]|[ \n][ \n]|^[ \n]|[ \n]$"

#: Nothing longer is a word, a link or a number: within so few characters no pattern takes long, whatever it does with them.
LONGEST = 400
_TOO_LONG = re.compile(rf"(?<!\S)(\S{{{LONGEST}}})\S+")

#: Rounds after which a text that still changes is taken as it is (only built to be hostile needs so many).
_ROUNDS = 8


def normalise(text: str) -> str:
    """Bring ``text`` to one spelling; idempotent.

    Parameters
    ----------
    text : str
        Any string, also with NUL, lone surrogates or right-to-left marks.

    Returns
    -------
    str
        NFKC text without entities, tags of HTML, mojibake, invisible or control characters; lines are kept, also those whose ends
        are written out (:func:`unescape`), runs of other white space become one space, blank lines go. What is too long
        for a word is cut (:func:`shorten`).
    """
    for _ in range(_ROUNDS):
        if is_calm(text):
            return shorten(text)
        seen = _INVISIBLE.sub("", text)
        if is_calm(seen) and shorten(text) == text:  # the selector of an emoji was all
            return seen
        once = _once(text)
        if once == text:
            return text
        text = once
    return _spaces(unescape(_TAG_BEGINS.sub(" ", text.replace("&", " "))))


def unescape(text: str) -> str:
    """Turn line breaks and tabs that an export wrote out (a backslash and a letter) into what they stand for.

    Nothing changes in what could be a path. ``normalise(unescape(x)) == normalise(x)``.
    """
    return _WITH_BACKSLASH.sub(_unescape, text) if _ESCAPES.search(text) else text


def shorten(text: str) -> str:
    """Drop what stands behind the first :data:`LONGEST` characters between two spaces; ``normalise(shorten(x)) == normalise(x)``."""
    return _TOO_LONG.sub(r"\1", text) if len(text) > LONGEST else text


def _unescape(unspaced: re.Match[str]) -> str:
    if _PATH.search(unspaced[0]):
        return unspaced[0]
    return _ESCAPES.sub(lambda run: " " if set(run[0]) == {"\\", "t"} else "\n", unspaced[0])


def _once(text: str) -> str:
    text = shorten(unescape(text))
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8") if _has_surrogate(text) else text
        if _MOJIBAKE.search(text):
            text = _repair(text)
    if "&" in text:
        text = _AMPERSANDS.sub("&", text)
        if _ENTITY.search(text):
            text = html.unescape(text)
            text = text.encode("utf-8", "replace").decode("utf-8") if _has_surrogate(text) else text
    if "<" in text:
        text = _TAG.sub(lambda tag: "\n" if tag[1] or tag[2] else "", text)
    return _spaces(text if text.isascii() else fold(text))


def fold(text: str) -> str:
    """Drop invisible characters and stray accents, and bring ``text`` to NFKC."""
    text = _INVISIBLE.sub("", text)
    return _MARKS.sub("", text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text))


def is_calm(text: str) -> bool:
    """Say quickly that normalising leaves a text as it is; False if it might not."""
    return _CALM_TEXT.fullmatch(text) is not None and not ("<" in text and _TAG.search(text))


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _repair(text: str) -> str:
    """Undo UTF-8 that was decoded as another encoding (ftfy's heuristics; only texts that look so get here)."""
    import ftfy  # a rare need: not worth its import in every job

    return ftfy.fix_encoding(text)


def _spaces(text: str) -> str:
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _SPACE.sub(" ", text)
    if "\n" in text:
        text = _BREAKS.sub("\n", text)
    return text.strip()
