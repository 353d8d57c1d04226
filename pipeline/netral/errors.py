"""What can go wrong for a user, each with its exit code.

Every message says what was found, what was expected and what to do; the command line prints it in one line.
"""

from __future__ import annotations


class NetralError(Exception):
    """An error that its message explains to the user."""

    exit_code = 1


class UsageError(NetralError):
    """The call cannot be meant as it stands."""

    exit_code = 2


class InputError(NetralError):
    """A file that should be read cannot be used."""

    exit_code = 3


class TooManyRejected(NetralError):
    """More rows were quarantined than the run allows."""

    exit_code = 4


class ModelError(NetralError):
    """A model is missing, damaged or of an unknown format."""

    exit_code = 5


class OutputLocked(NetralError):
    """Another run holds the output."""

    exit_code = 6


class DriftFound(NetralError):
    """The input has drifted from what the model knows, and the caller wanted to hear of it."""

    exit_code = 7


class OutputConflict(NetralError):
    """The output belongs to another or an unfinished run."""

    exit_code = 8


class WriteError(NetralError):
    """A result cannot be written; the same call may go through later."""

    exit_code = 9


class GatesFailed(NetralError):
    """A release was written but its gates do not let it become current."""

    exit_code = 10


class Stopped(NetralError):
    """A signal stopped the run; it can be resumed."""

    def __init__(self, message: str, signal: int) -> None:
        super().__init__(message)
        self.exit_code = 128 + signal
