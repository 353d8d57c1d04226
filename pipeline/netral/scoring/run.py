"""A scoring run from files to a file: :func:`score_file`, which `netral score` calls.

>>> import netral
>>> manifest = netral.score_file("posts.csv", "scores.csv", model="models/0123456789ab")   # doctest: +SKIP
>>> manifest["counts"]                                                                     # doctest: +SKIP
{'read': 3, 'scored': 3, 'rejected': 0, 'decisions': {'clear': 2, 'review': 1, 'flag': 0}}
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import netral
from netral.errors import DriftFound, InputError, NetralError, OutputConflict, Stopped, TooManyRejected, WriteError
from netral.model.gazetteers import read_gazetteer
from netral.model.model import load as load_model
from netral.scoring import memory
from netral.scoring.batch import Batch, ReadOptions, with_fitting_batches
from netral.scoring.inputs import STDIN, find_inputs
from netral.scoring.job import Job, Limit
from netral.scoring.ledger import Ledger, Places
from netral.scoring.lock import lock
from netral.scoring.manifest import Plan, build, decide, read_manifest
from netral.scoring.metrics import failures_told, write_metrics
from netral.scoring.progress import Lines, Progress, estimate_rows
from netral.scoring.read import read_batches
from netral.scoring.score import ScoringModel
from netral.scoring.setting import Setting
from netral.scoring.stop import Stop
from netral.scoring.stream import Stream
from netral.scoring.task import Here, Task

if TYPE_CHECKING:
    from netral.scoring.workers import Workers

#: A run commits what it has about so often; a kill loses no more than that.
COMMIT_SECONDS = 1.0
DEFAULT_LIMIT = "5%"
_LOG = logging.getLogger("netral")

Name = str | Path
Sink = Ledger | Stream


def score_file(
    inputs: Name | Sequence[Name],
    out: Name,
    *,
    model: Name | Callable[[], Path] | None = None,
    gazetteer: Name | None = None,
    read: ReadOptions | None = None,
    explain: int = 0,
    workers: int = 1,
    resume: bool = False,
    overwrite: bool = False,
    max_rejected: str | int | None = DEFAULT_LIMIT,
    rejected: Name | None = None,
    manifest: Name | None = None,
    metrics: Name | None = None,
    fail_on_drift: bool = False,
    progress: Progress | None = None,
    load: Callable[[Any], ScoringModel] = load_model,
) -> dict[str, Any]:
    """Score the posts of files and write the results to a file, whole or resumable.

    Parameters
    ----------
    inputs : str, Path or sequence of them
        Files (CSV, TSV, JSONL, Parquet; plain, ``.gz`` or ``.zst``), folders, patterns, or ``-`` for standard input.
    out : str or Path
        ``.csv``, ``.jsonl`` or ``.parquet``, also ``.gz`` and ``.zst``; ``-`` is standard output (CSV, no resume).
    model : str, Path or callable, optional
        Folder of a release (of a loaded one ``model.folder``), or what finds it; by default the one in use.
    gazetteer : str or Path, optional
        Names of the election.
    read : ReadOptions, optional
        Names of the columns, columns to keep: ``netral.ReadOptions(keep=("election",))``.
    explain : int
        Reasons per row in a column ``reasons``; 0 for none.
    workers : int
        Processes that score, this one among them. The results are the same.
    resume : bool
        Finish an unfinished run of the same job; without one, start.
    overwrite : bool
        Replace whatever is at ``out``, once the new results are complete.
    max_rejected : str, int or None
        Rows that may be rejected: 100 or ``"1%"``; None for any number.
    rejected, manifest : str or Path, optional
        Where these go if ``out`` is ``-``; otherwise they lie beside it.
    metrics : str or Path, optional
        Write Prometheus text there, also when the run fails.
    fail_on_drift : bool
        Raise `DriftFound` if the drift reaches its alarm; the results are there all the same.
    progress : Progress, optional
        By default one line a minute in the log ``netral``.
    load : callable
        How a model is loaded from its folder; workers import it by its name.

    Returns
    -------
    dict
        The manifest, as in ``OUT.run.json``.

    Raises
    ------
    NetralError
        One of its kinds, each with the exit code of the command; after all but usage errors the same call with ``resume=True`` is safe.
    """
    with failures_told(Path(metrics) if metrics else None, str(out)):
        job = Job(
            inputs=tuple(str(name) for name in ([inputs] if isinstance(inputs, (str, Path)) else inputs)),
            out=None if str(out) == "-" else Path(os.path.realpath(out)),
            read=with_fitting_batches(read or ReadOptions(), explain),
            explain=explain,
            workers=workers,
            resume=resume,
            overwrite=overwrite,
            limit=Limit.parse(max_rejected) if max_rejected is not None else Limit(),
            rejected=Path(rejected) if rejected else None,
            manifest=Path(manifest) if manifest else None,
            metrics=Path(metrics) if metrics else None,
            fail_on_drift=fail_on_drift,
        )
        started = datetime.now(UTC)
        with Stop() as stop:
            with stop.here():
                files = find_inputs(job.inputs)
            job.spare([*(file.path for file in files), *([gazetteer] if gazetteer else [])])

            def setting() -> Setting:
                with stop.here():
                    names = read_gazetteer(gazetteer) if gazetteer else None
                    loaded = load(model() if callable(model) else model)
                return Setting(job, files, loaded, names, load, stop, progress or Lines(), started)

            done = _to_stdout(setting()) if job.out is None else _to_file(Places(job.out), setting)
    alarm = fail_on_drift and done["drift"]["level"] == "alarm"
    if job.metrics:
        write_metrics(job.metrics, str(out), DriftFound.exit_code if alarm else 0, done)
    if alarm:
        raise DriftFound(
            f"{out}: is complete, but its posts have drifted ({_drift(done)}); look at the manifest before you trust the scores"
        )
    return done


def _to_file(places: Places, prepare: Callable[[], Setting]) -> dict[str, Any]:
    with lock(places.out):
        setting = prepare()
        job = setting.job
        setting.check_profile()
        stamps = setting.stamps()
        with setting.stop.here():
            now = setting.identity()
        plan = decide(job, places, now)
        if plan is Plan.COMPLETE and (done := read_manifest(places)):
            _LOG.info("%s: already complete", places.out)
            return done
        with Ledger(places, setting.head) as ledger:
            if plan is Plan.RESUME:
                ledger.reopen()
            else:
                ledger.begin({"identity": now, "netral": netral.__version__})
            run = _score(setting, ledger)
            _check_at_rest(setting, stamps, "run again with --overwrite when it is at rest")
            outputs = ledger.publish(job.format, job.explain, job.read.keep)
            done = build(job, now, setting.model, ledger.tally, outputs, run, setting.started)
            ledger.finish(done)
    _tell(done)
    return done


def _to_stdout(setting: Setting) -> dict[str, Any]:
    setting.check_profile()
    stamps, now = setting.stamps(), setting.identity()
    job = setting.job
    stream = Stream(setting.head, job.rejected, job.manifest)
    with stream:
        run = _score(setting, stream)
        _check_at_rest(setting, stamps, "its results are not whole: run again when it is at rest")
    done = build(job, now, setting.model, stream.tally, {}, run, setting.started)
    stream.finish(done)
    _tell(done)
    return done


def _check_at_rest(setting: Setting, stamps: list[tuple[int, int]], advice: str) -> None:
    if setting.stamps() != stamps:
        raise InputError(f"an input file was changed while it was read; {advice}")


def _score(setting: Setting, sink: Sink) -> dict[str, Any]:
    """Read, score and append what is not committed yet; return what the manifest says of this call."""
    job, tally, begun = setting.job, sink.tally, time.monotonic()
    skipped, peak, committed = sink.tally.read, 0, begun
    task = Task(setting.gazetteer, job.explain, job.format.kind)
    engine = Here(setting.model, task) if job.workers == 1 else _workers(setting, task)
    if skipped:
        _LOG.info("goes on after the %s rows of an earlier run", f"{skipped:,}")
    setting.progress.start(estimate_rows(setting.files), skipped)
    try:
        with engine:
            for piece in engine.pieces(_reading(setting, tally.batches)):
                sink.append(piece)
                setting.progress.show(tally.read, tally.rejected)
                if time.monotonic() - committed >= COMMIT_SECONDS:
                    sink.commit()
                    peak, committed = max(peak, memory.tree_bytes(engine.pids)), time.monotonic()
                _check_limit(job.limit, sink, end=False)
            peak = max(peak, memory.tree_bytes(engine.pids))
        sink.commit()
        _check_limit(job.limit, sink, end=True)
    except WriteError:
        raise
    except NetralError as error:
        sink.leave()
        raise _with_advice(error, sink, job) from None
    finally:
        setting.progress.close()
    rate = (tally.read - skipped) / max(1e-9, time.monotonic() - begun)
    return {"rows_per_second": round(rate, 1), "peak_memory_bytes": peak, "resumed_at_row": skipped}


def _workers(setting: Setting, task: Task) -> Workers:
    from netral.scoring.workers import Workers  # what starts processes is dear to import for a job that starts none

    return Workers(setting.job.workers, setting.load, setting.model, task)


def _reading(setting: Setting, skip: int) -> Iterator[Batch]:
    """Read batches, passing over the first ``skip``: the borders are the same in every run."""
    batches = read_batches(setting.files, setting.job.read, _LOG.warning)
    number = 0
    while True:
        try:
            with setting.stop.here():
                batch = next(batches, None)
        except OSError as error:
            raise InputError(f"the input cannot be read to its end ({error}); when it can, run the same command with --resume") from error
        if batch is None:
            if number < skip:
                raise OutputConflict(f"the unfinished run has {skip} batches, the input {number}: it is damaged; --overwrite starts again")
            return
        number += 1
        if number > skip:
            yield batch


def _check_limit(limit: Limit, sink: Sink, *, end: bool) -> None:
    tally = sink.tally
    if limit.exceeded(tally.read, tally.rejected, end=end):
        raise TooManyRejected(f"{tally.rejected:,} of {tally.read:,} rows were rejected, {limit} are allowed; {sink.advice}")


def _with_advice(error: NetralError, sink: Sink, job: Job) -> NetralError:
    """Add to a stop what is kept and how to go on."""
    if not isinstance(error, Stopped):
        return error
    kept = isinstance(sink, Ledger) and STDIN not in job.inputs and sink.tally.batches
    advice = f"{sink.tally.read:,} rows are kept, run the same command with --resume to finish" if kept else "nothing is kept, run it again"
    return Stopped(f"{error}: {advice}", error.exit_code - 128)


def _drift(done: dict[str, Any]) -> str:
    parts = [f"{name} PSI {part['psi']:.2f} {part['level']}" for name, part in done["drift"].items() if isinstance(part, dict)]
    return ", ".join(parts) or str(done["drift"]["level"])


def _tell(done: dict[str, Any]) -> None:
    counts, run = done["counts"], done["run"]
    decisions = ", ".join(f"{count:,} {name}" for name, count in counts["decisions"].items())
    read, scored, rejected = (f"{counts[name]:,}" for name in ("read", "scored", "rejected"))
    _LOG.info(
        "%s rows read, %s scored (%s), %s rejected, %.0f rows/s",
        read,
        scored,
        decisions,
        rejected,
        run["rows_per_second"],
        extra={"fields": {"counts": counts, "run": run}},
    )
    severity = logging.WARNING if done["drift"]["level"] in ("watch", "alarm") else logging.INFO
    _LOG.log(severity, "drift: %s", _drift(done), extra={"fields": {"drift": done["drift"]}})
