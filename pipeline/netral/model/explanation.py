"""An explained post: its words, what each adds to the log-odds, and how that is said to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from netral.errors import UsageError

_SENTENCES = {
    "id": {
        "head": "Peluang memihak {probability:.1%}, keputusan: {decision} (untuk ditinjau manusia, bukan bukti pelanggaran).",
        "part": "{sign} {weight:+.2f}  {term}",
        "start": "Titik awal model {intercept:+.2f}; jumlah {log_odds:+.2f} (log-odds sebelum kalibrasi).",
        "none": "Tidak ada kata yang dikenal model.",
    },
    "en": {
        "head": "Probability of taking a side {probability:.1%}, decision: {decision} (for a person to review, no finding).",
        "part": "{sign} {weight:+.2f}  {term}",
        "start": "The model starts at {intercept:+.2f}; sum {log_odds:+.2f} (log-odds before calibration).",
        "none": "The model knows no word of it.",
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
    """

    term: str
    weight: float
    start: int
    end: int

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

    def reasons(self, limit: int = 5) -> list[dict[str, Any]]:
        """Return the heaviest words first, ready for JSON."""
        heavy = sorted((word for word in self.words if word.weight), key=lambda word: -abs(word.weight))
        return [word.shown() for word in heavy[:limit]]

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
        lines = [say["head"].format(probability=self.probability, decision=self.decision)]
        reasons = self.reasons(limit)
        parts = [say["part"].format(sign="▲" if r["weight"] > 0 else "▼", weight=r["weight"], term=r["term"]) for r in reasons]
        lines += parts or [say["none"]]
        return "\n".join([*lines, say["start"].format(intercept=self.intercept, log_odds=self.log_odds)])
