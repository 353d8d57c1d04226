"""Stems of single tokens: PySastrawi's own result, at a tenth of its price.

PySastrawi implements the enhanced confix-stripping stemmer (Nazief & Adriani 1996; Asian 2007; Arifin et al. 2009).
Two thirds of its time goes into compiling a new regular expression per removal and into trying prefix rules
that cannot apply. Here its rules, its dictionary and its order of steps are used as they are; only the removed
part is computed with ``str.replace`` and prefix rules of other first letters are not tried. The tests compare
the result with the untouched library, also on 30,000 words of real posts where these are at hand. The stems of common
words are kept in a table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from netral.text.lexicon import table
from netral.text.stem_filter import INFIXES

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
        if token.isascii() and token.isalnum():  # what else there is has to be normalised, and reduplicated words take another road
            return token if len(token) <= 3 or token in self.roots else self._sastrawi.stem_singular_word(token)
        # PySastrawi drops letters that it does not know: of "привет" nothing would be left.
        return self._sastrawi.stem(token) or token

    @property
    def roots(self) -> Collection[str]:
        """The root words of PySastrawi's dictionary."""
        return self._sastrawi.dictionary.words

    @cached_property
    def _sastrawi(self) -> SastrawiStemmer:
        return _quick_sastrawi()  # reads a dictionary of 30,000 roots: only when a new token needs it

    def is_root(self, token: str) -> bool:
        """Say whether ``token`` is a root word of PySastrawi's dictionary."""
        return token in self.roots


class NoStemmer:
    """Leave every token as it is (``stem: none``): a model without PySastrawi's word list."""

    def __call__(self, token: str) -> str:
        """Return the token."""
        return token

    @property
    def known(self) -> dict[str, str]:
        """Know no stem."""
        return {}

    @property
    def roots(self) -> Collection[str]:
        """Know no root word."""
        return ()

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
            for rules in self.rules[start if start in self.starts else "", word[1:3] in INFIXES]:
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
