"""A released model, ready to score: :func:`load`, then :class:`Model`.

>>> import netral
>>> model = netral.load("models/0123456789ab")           # doctest: +SKIP
>>> model.decide(["Rapat warga besok pukul delapan."])   # doctest: +SKIP
['clear']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netral.errors import ModelError
from netral.model import artifact, releases
from netral.model.explain import explain, heaviest
from netral.model.explanation import Explanation
from netral.model.gazetteers import read_gazetteer
from netral.model.policy import DECISIONS, Thresholds
from netral.model.scorer import Scorer
from netral.model.weights import weights_from_arrays
from netral.params import STEMS
from netral.text.analyser import analyser, encoder, stemmer
from netral.text.gazetteer import Gazetteer
from netral.text.many import Texts

#: How far a canary may be off: other processors add in another order.
CANARY_TOLERANCE = 1e-4

AnyGazetteer = Gazetteer | str | Path | None
Posts = Texts | Iterator[str]


@dataclass(frozen=True)
class Scored:
    """What a batch job needs of each post; arrays of shape (n,).

    Attributes
    ----------
    probability : float64 array
    decision : int8 array
        Position in :data:`netral.model.policy.DECISIONS`.
    items, known : int32 arrays
        Items of the post, and those of them that the model knows.
    """

    probability: NDArray[np.float64]
    decision: NDArray[np.int8]
    items: NDArray[np.int32]
    known: NDArray[np.int32]


class Model:
    """A model read from an artifact. Threads may share one: they score one after the other.

    Parameters
    ----------
    settings : mapping
        Content of ``model.json``.
    arrays : mapping of str to array
        Content of ``arrays.npz``.
    manifest : mapping
        Content of ``manifest.json``.
    folder : Path
        Where it was read from.
    """

    def __init__(self, settings: Mapping[str, Any], arrays: Mapping[str, NDArray], manifest: Mapping[str, Any], folder: Path) -> None:
        self.settings = settings
        self.version: str = manifest["version"]
        self.digest: str = manifest["digest"]
        self.folder = folder
        self.thresholds = Thresholds(**settings["thresholds"])
        self.profile: dict[str, Any] = settings["profile"]
        self._slope, self._offset = settings["calibration"]["slope"], settings["calibration"]["offset"]
        self._weights = weights_from_arrays(arrays, settings["intercept"], settings["char_ngrams"])
        self._stem = stemmer(settings["stem"], _known_stems(arrays))
        self._scorers: dict[str, Scorer] = {}
        self._lock = RLock()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_lock"} | {"_scorers": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _lock=RLock())

    def score(self, texts: Posts, gazetteer: AnyGazetteer = None) -> Scored:
        """Score raw posts: probability, decision and how much of each post the model knows.

        Raises
        ------
        TypeError
            If ``texts`` is one string or a table, or holds anything else than strings.
        """
        texts = _sequence(texts)
        with self._alone(gazetteer) as scorer:
            return self._score(scorer, texts)

    def _score(self, scorer: Scorer, texts: Texts) -> Scored:
        found = scorer.score(texts)
        probability = self.calibrate(found.value)
        return Scored(probability, self.thresholds.decide(probability, found.known), found.items, found.known)

    def predict_proba(self, texts: Posts, gazetteer: AnyGazetteer = None) -> NDArray[np.float64]:
        """Return the probability that each post takes a side.

        Parameters
        ----------
        texts : sequence or iterator of str, length n
            Posts as received: a list, a column of a table, a generator.
        gazetteer : Gazetteer or path, optional
            Names of the election, replaced by placeholders before scoring.

        Returns
        -------
        float64 array of shape (n,)
            Calibrated probabilities; a row's value does not depend on the other rows.

        Raises
        ------
        InputError
            If the gazetteer cannot be read.
        """
        return self.score(texts, gazetteer).probability

    def decide(self, texts: Posts, gazetteer: AnyGazetteer = None) -> list[str]:
        """Return ``clear``, ``review`` or ``flag`` for each post; the last two ask a person to look."""
        return [DECISIONS[code] for code in self.score(texts, gazetteer).decision]

    def explain(self, text: str, gazetteer: AnyGazetteer = None) -> Explanation:
        """Say why one post gets its probability: the words of the original text and what each adds to the log-odds."""
        with self._alone(gazetteer) as scorer:
            scored = self._score(scorer, [text])
            return explain(scorer, text, float(scored.probability[0]), DECISIONS[scored.decision[0]], self.thresholds)

    def reasons(self, texts: Posts, limit: int, gazetteer: AnyGazetteer = None) -> list[list[dict[str, Any]]]:
        """Return of each post what ``explain(text).reasons(limit)`` gives, many posts at once."""
        texts = _sequence(texts)
        with self._alone(gazetteer) as scorer:
            return heaviest(scorer, texts, limit)

    def calibrate(self, log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn the classifier's log-odds into calibrated probabilities (Platt 1999: a sigmoid)."""
        return np.exp(-np.logaddexp(0.0, -(self._slope * log_odds + self._offset)))

    def scorer(self, gazetteer: AnyGazetteer = None) -> Scorer:
        """The scorer for one gazetteer; kept, for what it has learned of the words of earlier posts."""
        names = read_gazetteer(gazetteer) if isinstance(gazetteer, (str, Path)) else gazetteer
        if not isinstance(names, Gazetteer | None):
            raise TypeError(f"found a {type(names).__name__} as gazetteer, expected a netral gazetteer or the path of its file")
        key = names.digest if names else ""
        if key not in self._scorers:
            self._scorers[key] = Scorer(encoder(self._stem, names), self._stem, self._weights, names=self.settings["names"])
        return self._scorers[key]

    @contextmanager
    def _alone(self, gazetteer: AnyGazetteer) -> Iterator[Scorer]:
        """Hold the scorer for one gazetteer while its tables grow; whatever stops that half-way, they are made anew."""
        with self._lock:
            scorer = self.scorer(gazetteer)
            try:
                yield scorer
            except BaseException:
                self._scorers = {key: kept for key, kept in self._scorers.items() if kept is not scorer}
                raise

    def check_canaries(self) -> None:
        """Score the canary posts that the artifact carries.

        Raises
        ------
        ModelError
            If one scores differently from when the artifact was written.
        """
        canaries = self.settings["canaries"]
        off = np.abs(self.predict_proba([row["text"] for row in canaries]) - [row["probability"] for row in canaries])
        if not (off <= CANARY_TOLERANCE).all():  # nan, too
            worst = int(np.nan_to_num(off, nan=np.inf).argmax())
            raise ModelError(
                f"{self.folder}: canary {worst + 1} scores {off[worst]:.2g} away from the stored probability; this installation "
                "treats text differently from the one that trained the model: install that netral or train again"
            )


def load(path: str | Path | None = None) -> Model:
    """Load a release and check it: digests, format, analyser, canaries.

    Parameters
    ----------
    path : str or Path, optional
        Folder of the release; by default the current one under ``NETRAL_MODELS`` or ``./models``.

    Raises
    ------
    ModelError
        If it is missing, damaged, of another analyser or of a newer format.
    """
    folder = Path(path) if path is not None else releases.current_folder(releases.models_folder())
    settings, arrays, manifest = artifact.read(folder)
    try:
        if settings["analyser"] != analyser():
            raise ModelError(
                f"{folder}: was trained with another text analyser or other word lists ({settings['analyser']}, this netral has "
                f"{analyser()}); train again or install the netral that trained it"
            )
        _check(settings)
        model = Model(settings, arrays, manifest, folder)
        model.check_canaries()
    except (LookupError, TypeError, ValueError, AttributeError) as error:  # its digests are right, so it was written like this
        raise ModelError(f"{folder}: its files do not make a model ({type(error).__name__}: {error}); export it again") from error
    return model


def _check(settings: Mapping[str, Any]) -> None:
    """Refuse settings that no training writes: the digests of a release tell that it is whole, not who wrote it."""
    review, flag = settings["thresholds"]["review"], settings["thresholds"]["flag"]
    if not 0.0 <= review <= 1.0 or not (flag is None or 0.0 <= flag <= 1.0):
        raise ValueError(f"thresholds {review} and {flag}, expected probabilities")
    if settings["format"] != artifact.FORMAT:
        raise ValueError(f"settings of format {settings['format']}, expected {artifact.FORMAT}")
    if settings["stem"] not in STEMS:
        raise ValueError(f"stem {settings['stem']!r}, expected one of {', '.join(STEMS)}")


def _sequence(texts: Posts) -> Texts:
    """Return posts that can be counted and cut; refuse what would be taken apart in another way."""
    if isinstance(texts, Iterator):
        return list(texts)
    if isinstance(texts, (str, bytes)):
        raise TypeError("found one string, expected a sequence of posts; put it into a list")
    if isinstance(texts, (Mapping, Set)) or not hasattr(texts, "__len__") or getattr(texts, "ndim", 1) != 1:
        raise TypeError(f"found a {type(texts).__name__}, expected a sequence of posts: a list, or one column of a table")
    return texts


def _known_stems(arrays: Mapping[str, NDArray]) -> dict[str, str]:
    if "stem.words" not in arrays:
        return {}
    words = artifact.unpack(arrays["stem.words"], arrays["stem.word_offsets"])
    return dict(zip(words, artifact.unpack(arrays["stem.stems"], arrays["stem.stem_offsets"]), strict=True))
