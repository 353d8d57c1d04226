"""An explained post: its words, what each adds to the log-odds, and how that is said to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from netral.errors import UsageError
from netral.model.policy import DECISIONS, Thresholds

#: What is shown of the looks of a post.
TITLE_SHOWN, QUOTE_SHOWN = "<JUDUL>", "<KUTIPAN>"
_SENTENCES = {
    "id": {
        "head": "Peluang memihak {probability:.1%}, keputusan: {decision} ({meaning}, bukan bukti pelanggaran).",
        "clear": "tidak diajukan untuk ditinjau",
        "read": "untuk ditinjau manusia",
        "bounds": "Batas model ini: review mulai {review:.1%}, flag mulai {flag:.1%}.",
        "unflagged": "Batas model ini: review mulai {review:.1%}; flag tidak pernah diberikan.",
        "part": "{sign} {weight:+.2f}  {term}",
        "rest": "  {weight:+.2f}  dan {n} lagi, jumlahnya",
        "start": "Titik awal model {intercept:+.2f}; jumlah {log_odds:+.2f} (log-odds sebelum kalibrasi).",
        "none": "Tidak ada kata yang dikenal model.",
        TITLE_SHOWN: "mirip judul",
        QUOTE_SHOWN: "memuat kutipan",
    },
    "en": {
        "head": "Probability of taking a side {probability:.1%}, decision: {decision} ({meaning}, never a finding).",
        "clear": "not put before a person",
        "read": "for a person to review",
        "bounds": "Thresholds of this model: review from {review:.1%}, flag from {flag:.1%}.",
        "unflagged": "Thresholds of this model: review from {review:.1%}; it flags nothing.",
        "part": "{sign} {weight:+.2f}  {term}",
        "rest": "  {weight:+.2f}  and {n} more, together",
        "start": "The model starts at {intercept:+.2f}; sum {log_odds:+.2f} (log-odds before calibration).",
        "none": "The model knows no word of it.",
        TITLE_SHOWN: "looks like a title",
        QUOTE_SHOWN: "has a quotation",
    },
}


@dataclass(frozen=True)
class Reason:
    """A word of the post and its part.

    Attributes
    ----------
    term : str
        The word as it is read: clean, and a placeholder where it is masked; ``<JUDUL>`` or ``<KUTIPAN>`` for the look of the whole post.
    weight : float
        What it adds to the log-odds; above 0 speaks for `partisan`.
    start, end : int
        Where it stands in the original text.
    stands_for : str
        The name, party or number that a placeholder of a target was put for; empty for every other word. It is told to who asks about one
        post, and is in no results.
    """

    term: str
    weight: float
    start: int
    end: int
    stands_for: str = ""

    def shown(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"term": self.term, "weight": round(self.weight, 4), "start": self.start, "end": self.end}


@dataclass(frozen=True)
class Explanation:
    """An explained post; ``intercept + sum(weights) == log_odds``."""

    probability: float
    decision: str
    intercept: float
    log_odds: float
    words: tuple[Reason, ...]
    thresholds: Thresholds

    def heaviest(self) -> list[Reason]:
        """Return the words that add something, the heaviest first."""
        return sorted((word for word in self.words if word.weight), key=lambda word: -abs(word.weight))

    def reasons(self, limit: int = 5) -> list[dict[str, Any]]:
        """Return the heaviest words first, ready for JSON."""
        return [word.shown() for word in self.heaviest()[:limit]]

    def render(self, language: str = "id", limit: int = 10) -> str:
        """Say it in plain Indonesian (``id``) or English (``en``).

        Raises
        ------
        UsageError
            If it is another language.
        """
        if language not in _SENTENCES:
            raise UsageError(f"language {language}: known are {' and '.join(_SENTENCES)}")
        say = _SENTENCES[language]
        meaning = say["clear" if self.decision == DECISIONS[0] else "read"]
        review, flag = self.thresholds.review, self.thresholds.flag
        heavy = self.heaviest()
        lines = [
            say["head"].format(probability=self.probability, decision=self.decision, meaning=meaning),
            say["unflagged" if flag is None else "bounds"].format(review=review, flag=flag),
            *(_line(word, say) for word in heavy[:limit]),
        ]
        if not heavy:
            lines.append(say["none"])
        if rest := heavy[limit:]:
            lines.append(say["rest"].format(n=len(rest), weight=sum(word.weight for word in rest)))
        return "\n".join([*lines, say["start"].format(intercept=self.intercept, log_odds=self.log_odds)])


def _line(word: Reason, say: dict[str, str]) -> str:
    note = say.get(word.term) or word.stands_for
    return say["part"].format(sign="▲" if word.weight > 0 else "▼", weight=word.weight, term=f"{word.term} ({note})" if note else word.term)
