"""What a run works with, once everything is loaded, and whether it fits together."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from netral.errors import InputError, ModelError
from netral.scoring.inputs import STDIN, InputFile
from netral.scoring.job import Job
from netral.scoring.manifest import identity
from netral.scoring.progress import Progress
from netral.scoring.score import ScoringModel
from netral.scoring.stop import Stop
from netral.scoring.write import header
from netral.text.gazetteer import Gazetteer


@dataclass(frozen=True)
class Setting:
    """A job with its files found and its model and gazetteer loaded."""

    job: Job
    files: list[InputFile]
    model: ScoringModel
    gazetteer: Gazetteer | None
    load: Callable[[Any], ScoringModel]
    stop: Stop
    progress: Progress
    started: datetime

    @property
    def head(self) -> bytes:
        """What stands before the first result."""
        return header(self.job.format.kind, self.job.explain, self.job.read.keep)

    def check_profile(self) -> None:
        """Refuse to watch drift without a profile.

        Raises
        ------
        ModelError
            If the job would fail on drift and the model has no profile.
        """
        if self.job.fail_on_drift and not self.model.profile:
            raise ModelError(f"model {self.model.version} has no drift profile; run without --fail-on-drift, or train and release it again")

    def identity(self) -> dict[str, Any]:
        """What decides the bytes of the results; reads every input once.

        Raises
        ------
        InputError
            If a file cannot be read.
        """
        return identity(self.job, self.files, self.model, self.gazetteer)

    def stamps(self) -> list[tuple[int, int]]:
        """Size and time of change of every file, to see that none is being written meanwhile.

        Raises
        ------
        InputError
            If a file is gone.
        """
        try:
            states = [os.stat(file.path) for file in self.files if file.path != STDIN]
        except OSError as error:
            raise InputError(f"{error.filename}: cannot be read ({error.strerror}); name a file that can") from error
        return [(state.st_size, state.st_mtime_ns) for state in states]
