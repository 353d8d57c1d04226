"""Stems of single tokens: PySastrawi's own result, at a tenth of its price.

PySastrawi implements the enhanced confix-stripping stemmer (Nazief & Adriani 1996; Asian 2007; Arifin et al. 2009).
Two thirds of its time goes into compiling a new regular expression per removal and into trying prefix rules
that cannot apply. Here its rules, its dictionary and its order of steps are used as they are; only the removed
part is computed with ``str.replace`` and prefix rules of other first letters are not tried. The tests compare
the result with the untouched library on every token of the real corpus. The stems of common words are kept in a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from netral.text.lexicon import table

if TYPE_CHECKING:
    from Sastrawi.Stemmer.Stemmer import Stemmer as SastrawiStemmer

#: Distinct tokens remembered before the memory is emptied (about 6 MB).
MEMORY = 50_000

# First two letters of the words that each group of PySastrawi's prefix rules can match ("kau" is one of the group "ku");
# the rules that remove an infix (gerigi -> gigi) match words with one after the first letter.
_STARTS = {"ber": ("be",), "ter": ("te",), "me": ("me",), "pe": ("pe",), "ku": ("ku", "ka")}
_RULES = {"ber": range(1, 6), "ter": (6, 7, 8, 9, 35), "me": range(10, 20), "ku": (41, 42)}
_RULES["pe"] = (*range(20, 35), 36)


class Stemmer:
    """Stem one lower-case token.

    Parameters
    ----------
    protected : mapping of str to str
        Tokens whose stem is given, for the stemmer's known errors (``relawan`` must not become ``rawan``).
    known : mapping of str to str, optional
        Stems computed earlier (those an artifact carries), looked up before anything is computed.
    """

    def __init__(self, protected: Mapping[str, str], known: Mapping[str, str] | None = None) -> None:
        self._given = {**(known or {}), **protected}
        self._memory: dict[str, str] = {}

    @cached_property
    def known(self) -> dict[str, str]:
        """The stems of the tokens that need not be computed."""
        return {**table("stems.tsv"), **self._given}

    def __call__(self, token: str) -> str:
        """Return the stem of ``token``; the token itself where no root is found, or where nothing would be left."""
        stem = self.known.get(token) or self._memory.get(token)
        if stem is None:
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            stem = self._memory[token] = self._compute(token)
        return stem

    def _compute(self, token: str) -> str:
        plain = "-" not in token  # reduplicated words take another road in PySastrawi, also those that are roots
        if plain and (token in self._roots or (len(token) <= 3 and token.isascii() and token.isalnum())):
            return token
        # PySastrawi drops letters that it does not know: of "привет" nothing would be left.
        return self._sastrawi.stem(token) or token

    @property
    def _roots(self) -> dict[str, str]:
        return self._sastrawi.dictionary.words

    @cached_property
    def _sastrawi(self) -> SastrawiStemmer:
        return _quick_sastrawi()  # reads a dictionary of 30,000 roots: only when a new token needs it

    def is_root(self, token: str) -> bool:
        """Say whether ``token`` is a root word of PySastrawi's dictionary."""
        return token in self._roots


class StemFilter:
    """Tell quickly that a token cannot have any of some stems, so that most new tokens need no stemming at all.

    PySastrawi takes up to three prefixes (each may give back the root's first letter, or take an infix out after it)
    and up to three suffixes. A token has a stem among ``stems`` only if what is left between a possible beginning and a
    possible end is one of them, or one of them without its first letter. The tests hold this against every token of
    the real corpus.

    Parameters
    ----------
    stems : collection of str
        The stems that matter.
    is_root : callable of str to bool
        The stemmer's dictionary: what it takes affixes from ends up in it.
    """

    def __init__(self, stems: Collection[str], is_root: Callable[[str], bool]) -> None:
        self._stems = stems
        self._is_root = is_root

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset(filter(self._is_root, self._stems))

    @cached_property
    def _tails(self) -> frozenset[str]:
        return frozenset(stem[1:] for stem in self._whole)

    @cached_property
    def _several(self) -> list[list[str]]:
        return [stem.split() for stem in self._stems if " " in stem]

    def which(self, tokens: Sequence[str]) -> list[int]:
        """Return the positions of the tokens that may have one of the stems (as :meth:`__call__`; most are told all at once)."""
        look = pc.match_substring_regex(pa.array(tokens, pa.large_string()), rf"[^a-z0-9]|{_AFFIXED.pattern}")
        return [i for i in np.flatnonzero(look.to_numpy(zero_copy_only=False)).tolist() if self(tokens[i])]

    def __call__(self, token: str) -> bool:
        """Say whether ``token`` may have one of the stems; the token as its own stem is not counted."""
        if not token.isascii() or not token.isalnum():
            return self._odd(token)
        if not _AFFIXED.search(token):
            return False
        return self._possible(token) or (token[1:3] in _INFIXES and self._possible(token[0] + token[3:]))

    def _odd(self, token: str) -> bool:
        from Sastrawi.Stemmer.Filter.TextNormalizer import normalize_text

        plain = normalize_text(token)
        if not plain.isascii():  # some letters count as "i", "k" and "s" there
            return True
        parts = plain.split()
        if len(parts) != 1:  # other letters are dropped, and what they part is stemmed on its own
            # Whatever is taken from a part, the root's letters but the first stay together in it.
            pairs = (zip(parts, stem, strict=True) for stem in self._several if len(stem) == len(parts))
            return any(all(root[1:] in part for part, root in pair) for pair in pairs)
        if plain.isalnum():
            return plain in self._stems or self(plain)
        # A doubled word has the stem that both of its halves have; what else is odd is left to the stemmer.
        first, _, second = plain.partition("-")
        halves = first.isalpha() and second.isalpha() and second not in _ENCLITICS
        return not halves or plain in self._stems or first in self._whole or self(first)

    def _possible(self, token: str) -> bool:
        whole, tails = self._whole, self._tails
        if token in whole:
            return True
        size = len(token)
        starts = [0]
        if token[0] in _PREFIX_LETTERS:
            new = {0}
            for _ in range(_MOST_PREFIXES):
                new = {j for i in new for j in range(i + 2, min(i + _LONGEST_PREFIX, size) + 1) if token[i:j] in _PREFIXES}
                if not new:
                    break
                starts += new
        # Where the root's first letter is given back, or stands before an infix, only its tail can be seen.
        later = [i for i in starts if token[:i].endswith(_RECODING)] + [i + 3 for i in starts if token[i + 1 : i + 3] in _INFIXES]
        ends = [size]
        if token[-1] in _SUFFIX_LETTERS:
            ends += [i for i in range(size - 1, max(size - _LONGEST_SUFFIX, 1) - 1, -1) if token[i:] in _SUFFIXES]
        for end in ends:
            for i in starts:
                if token[i:end] in whole:
                    return True
            for i in later:
                if token[i:end] in tails:
                    return True
        return False


_ENCLITICS = ("ku", "mu", "nya", "lah", "kah", "tah", "pun")
_DERIVED = ("", "i", "kan", "an", "is", "isme", "isasi")
_SUFFIXES = frozenset(d + p + c for d in _DERIVED for p in ("", "ku", "mu", "nya") for c in ("", "lah", "kah", "tah", "pun"))
_LONGEST_SUFFIX = max(map(len, _SUFFIXES))
_SUFFIX_LETTERS = frozenset(suffix[-1] for suffix in _SUFFIXES if suffix)
_RECODING = ("mem", "men", "meng", "meny", "pem", "pen", "peng", "peny")
_PLAIN = ("di", "ke", "se", "be", "ber", "bel", "te", "ter", "me", "menge", "pe", "penge", "per", "pel", "ku", "kau")
# The letter given back may be the first of another prefix: meny + e(samping) -> se + samping.
_GIVEN_BACK = {"n": ("e", "er"), "g": ("e", "u", "au"), "y": ("e",), "m": ("e", "er", "em", "en", "eng", "eny", "el")}
_PREFIXES = frozenset((*_PLAIN, *_RECODING, *(prefix + rest for prefix in _RECODING for rest in _GIVEN_BACK[prefix[-1]])))
_INFIXES = frozenset(("er", "el", "em", "in"))
_LONGEST_PREFIX, _MOST_PREFIXES = max(map(len, _PREFIXES)), 3
_PREFIX_LETTERS = frozenset(prefix[0] for prefix in _PREFIXES)
# Without any of these no rule of PySastrawi applies.
_AFFIXED = re.compile(r"^(?:di|ke|se|be|te|me|pe|ku|kau|.(?:er|el|em|in))|(?:an|i|is|isme|ku|mu|nya|lah|kah|tah|pun)$")


class NoStemmer:
    """Leave every token as it is (``stem: none``): a model without PySastrawi's word list."""

    def __call__(self, token: str) -> str:
        """Return the token."""
        return token

    @property
    def known(self) -> dict[str, str]:
        """Know no stem."""
        return {}

    def is_root(self, token: str) -> bool:
        """Know no root word."""
        return False


def _quick_sastrawi() -> SastrawiStemmer:
    """Build PySastrawi's stemmer around rule objects that skip what cannot matter."""
    from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
    from Sastrawi.Stemmer.Context.Removal import Removal
    from Sastrawi.Stemmer.Stemmer import Stemmer as SastrawiStemmer
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    class QuickPrefixes:
        """All prefix visitors of PySastrawi in one: in their order, up to the first that takes something off."""

        def __init__(self, plain: Any, prefixes: list[Any]) -> None:
            self.plain = plain
            groups = [(_starts(visitor.disambiguators[0]), visitor.disambiguators) for visitor in prefixes]
            starts = {start for these, _ in groups for start in these}
            self.rules = {
                (start, infix): [rules for these, rules in groups if start in these or (infix and not these)]
                for start in ("", *starts)
                for infix in (False, True)
            }
            self.starts = starts

        def visit(self, context: Any) -> None:
            word, words = context.current_word, context.dictionary.words
            self.plain.visit(context)
            if context.current_word != word or word in words:
                return
            start = word[:2]
            for rules in self.rules[start if start in self.starts else "", word[1:3] in _INFIXES]:
                result = None
                for rule in rules:
                    result = rule.disambiguate(word)
                    if result in words:
                        break
                if result is not None:
                    context.add_removal(Removal(self, word, result, word.replace(result, "", 1), "DP"))
                    context.current_word = result
                    return

    class QuickRemoval:
        """A suffix or plain-prefix visitor of PySastrawi, without a regular expression compiled per word."""

        def __init__(self, visitor: Any, kind: str) -> None:
            self.remove, self.kind = visitor.remove, kind

        def visit(self, context: Any) -> None:
            word = context.current_word
            result = self.remove(word)
            if result != word:
                context.add_removal(Removal(self, word, result, word.replace(result, "", 1), self.kind))
                context.current_word = result

    dictionary = ArrayDictionary()
    dictionary.words = {word: word for word in StemmerFactory().get_words() if word.strip()}  # as its `add`, word by word, would
    stemmer = SastrawiStemmer(dictionary)
    provider = stemmer.visitor_provider
    kinds = ("P", "PP", "DS")
    provider.suffix_visitors = [QuickRemoval(v, k) for v, k in zip(provider.suffix_visitors, kinds, strict=True)]
    plain, *prefixes = provider.prefix_visitors
    provider.prefix_visitors = [QuickPrefixes(QuickRemoval(plain, "DP"), prefixes)]
    return stemmer


def _starts(rule: Any) -> tuple[str, ...]:
    """How the words begin that a rule can match; nothing for a rule that removes an infix."""
    number = int("".join(c for c in type(rule).__name__ if c.isdigit()))  # 17 of DisambiguatorPrefixRule17a
    return next((_STARTS[group] for group, numbers in _RULES.items() if number in numbers), ())
