"""What could not be done: what touches the promise first, one line for one cause."""

from __future__ import annotations

from netral.evaluation import undone

UNPROTECTED = "no protection from `flag` of voice reminder: no neutral post is of it"
ELSEWHERE = "bound of `flag` on unseen platforms: leave one platform out: the file names none"
FLAGLESS = "nothing is flagged: 85 neutral posts cannot support it; 214 more are missing at least"


def found(*skipped: str, protocols: tuple[str, ...] = ()) -> dict:
    thresholds = {"notes": [FLAGLESS], "protected": {"skipped": [UNPROTECTED]}, "unseen_platforms": {"skipped": [ELSEWHERE]}}
    evaluate = {"skipped": [*skipped, UNPROTECTED, ELSEWHERE], "protocols": {"skipped": list(protocols)}}
    return {"thresholds": thresholds, "split": {"skipped": ["a calibration part of its own: too few posts"]}, "evaluate": evaluate}


def test_what_touches_the_promise_comes_first_and_nothing_twice():
    assert undone.sentences(found("no posts in test")) == [
        FLAGLESS,
        UNPROTECTED,
        ELSEWHERE,
        "a calibration part of its own: too few posts",
        "no posts in test",
    ]


def test_what_the_file_names_nothing_for_is_one_sentence():
    slices = [f"{column} ({part}): the file names none" for part in ("out of fold", "test") for column in ("election", "lang")]
    said = undone.sentences(found(*slices, protocols=("leave one election out: the file names none", "time forward: none")))
    assert said[-2:] == ["time forward: none", "for want of names in the file: slices by election, lang; leave one election out"]
    assert len(said) == 6
