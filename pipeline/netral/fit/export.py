"""From a fitted pipeline to the settings and arrays of an artifact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from netral.errors import InputError
from netral.fit.features import Features
from netral.fit.vocabulary import GramVocabulary, Space, TermVocabulary, Vocabulary, width
from netral.model.artifact import pack
from netral.text.analyser import analyser, stemmer
from netral.text.hashing import pair_keys
from netral.text.words import is_word

#: Posts written for this purpose; each release stores what they score, and a loader checks it.
CANARIES = (
    "",
    "Rapat koordinasi dimulai pukul 08.00 di aula kecamatan.",
    "Ayo coblos nomor 2, lanjutkan pembangunan!",
    "ASN diminta menjaga netralitas dan tidak ikut kampanye di media sosial.",
    "jgn pilih dia lagi, sdh lima thn gak ada hasilnya 😡",
    "SUKARAME, Kabar Warga – KPU menetapkan tiga pasangan calon, Senin.",
    "@warga_peduli cek https://contoh.id/a ya, hub 0812-3456-7890",
    "#LanjutkanKerjaNyata #SalamDuaJari ✌️✌️",
    "Mantaaap bgt pak bupati, dua periode harga mati!!!",
    "anak-anak bermain bola di lapangan, hujan turun sebentar",
    "zxqv wkjh",
    "Siapa pun yang menang, semoga jalan desa kami diperbaiki.",
)


def weights(pipeline: Pipeline) -> tuple[float, dict[str, NDArray]]:
    """Return the intercept and the arrays that scoring reads.

    Raises
    ------
    InputError
        If two features share a 64-bit key (the number of features is then far beyond what params allow).
    """
    features: Features = pipeline["features"]
    coefficients = pipeline["classifier"].coef_[0].astype(np.float64)
    arrays: dict[str, NDArray] = {}
    rows = coefficients.reshape(-1, sum(map(width, features.vocabulary_.values())))  # of all posts, and one of each context
    at = 0
    for family, vocabulary in features.vocabulary_.items():
        coefficient = rows[:, at : at + width(vocabulary)]
        at += width(vocabulary)
        named = dict(zip(("weight", *features.interaction), coefficient, strict=True))
        arrays |= {f"{family}.{name}": array for name, array in _family(vocabulary, named).items()}
    arrays |= _stems(features)
    return float(pipeline["classifier"].intercept_[0]), arrays


def settings(pipeline: Pipeline, intercept: float, slope: float, offset: float) -> dict[str, Any]:
    """Return what ``model.json`` says of the fitted pipeline; thresholds, profile and canaries are still open.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    intercept : float
        From :func:`weights`.
    slope, offset : float
        Of the sigmoid.
    """
    features: Features = pipeline["features"]
    return {
        "analyser": analyser(),
        "names": features.names,
        "interaction": list(features.interaction),
        "prior": features.pooled_,
        "stem": features.stem,
        "stemmer": f"PySastrawi {version('PySastrawi')}" if features.stem != "none" else "none",
        "families": list(features.vocabulary_),
        "char_ngrams": list(features.settings_of("chars").ngrams),
        "features": {family: width(vocabulary) for family, vocabulary in features.vocabulary_.items()},
        "intercept": intercept,
        "C": float(pipeline["classifier"].C),
        "calibration": {"slope": slope, "offset": offset},
        "thresholds": {"review": 1.0, "flag": None},
        "profile": {},
        "canaries": [],
    }


def _family(vocabulary: Vocabulary, coefficients: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray]:
    # A place in the space counts through the weight that it gives to its word.
    each = {name: vocabulary.vectors @ row if isinstance(vocabulary, Space) else row for name, row in coefficients.items()}
    rows = {name: vocabulary.idf * row for name, row in each.items()} | {"square": vocabulary.idf**2}
    if isinstance(vocabulary, GramVocabulary):
        _distinct(vocabulary.keys)
        blob, offsets = pack(vocabulary.names)
        return {"keys": vocabulary.keys, "terms": blob, "offsets": offsets, **rows}
    blob, offsets = pack(vocabulary.terms)
    if isinstance(vocabulary, Space):
        return {"terms": blob, "offsets": offsets, **rows}
    n = len(vocabulary.terms)
    _distinct(pair_keys(vocabulary.pairs[:, 0], vocabulary.pairs[:, 1]))
    terms, pairs = ({name: row[part] for name, row in rows.items()} for part in (slice(n), slice(n, None)))
    return {"terms": blob, "offsets": offsets, **terms, "pairs": vocabulary.pairs, **{f"pair_{name}": row for name, row in pairs.items()}}


def _distinct(keys: NDArray[np.uint64]) -> None:
    if len(np.unique(keys)) != len(keys):
        raise InputError("two features share a 64-bit key; lower train.*.max_features")


def _stems(features: Features) -> dict[str, NDArray]:
    """Stems of the vocabulary's words, so that scoring computes none of them again."""
    vocabulary = features.vocabulary_.get("words")
    if features.stem == "none" or not isinstance(vocabulary, TermVocabulary) or "stems" not in features.vocabulary_:
        return {}
    stem = stemmer(features.stem)
    words: Sequence[str] = [term for term in vocabulary.terms if is_word(term)]
    found: dict[str, NDArray] = {}
    for name, terms in (("word", words), ("stem", [stem(word) for word in words])):
        found[f"stem.{name}s"], found[f"stem.{name}_offsets"] = pack(terms)
    return found
