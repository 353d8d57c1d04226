"""The command `netral`: parse, call one function, turn errors into one line and an exit code.

Every error that a user can meet is a `NetralError` with its own exit code; what is none of them is a defect and gives 1.
Set ``NETRAL_TRACEBACK=1`` to see where.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

from netral.commands import model
from netral.commands.explain import explain
from netral.commands.gazetteer import gazetteer
from netral.commands.score import score
from netral.errors import NetralError, UsageError
from netral.scoring.lean import start_lean

app = typer.Typer(name="netral", add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
app.command()(score)
app.command()(explain)
app.command()(gazetteer)
app.add_typer(model.app, name="model")


def _version(wanted: bool) -> None:
    if wanted:
        import netral

        typer.echo(f"netral {netral.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Tell partisan from neutral posts in Indonesian, for a person to review."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(UsageError.exit_code)


def main() -> None:
    """Run the command line and exit with its code."""
    _open_standard_streams()
    start_lean()
    try:
        if odd := next(filter(_is_no_utf8, sys.argv[1:]), None):
            raise UsageError(f"{odd!r}: holds bytes that are no UTF-8; rename the file or correct the argument")
        code = app(standalone_mode=False) or 0
    except NetralError as error:
        _complain(str(error), error.exit_code)
        code = error.exit_code
    except typer.TyperException as error:
        code = getattr(error, "exit_code", 2)
        _complain(f"{' '.join(error.format_message().split())} (`netral --help` and `netral COMMAND --help` say more)", code)
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    except MemoryError:
        code = 1
        _complain("out of memory; use a machine with more, or fewer --workers where there are several; --resume finishes a run", code)
    except Exception as error:
        if os.environ.get("NETRAL_TRACEBACK"):
            raise
        # The kind alone: the message of a foreign error may quote a post.
        _complain(f"unexpected {type(error).__name__}; this is a defect: NETRAL_TRACEBACK=1 shows where, please report it", 1)
        code = 1
    sys.exit(code)


def _is_no_utf8(argument: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in argument)


def _open_standard_streams() -> None:
    """Open what a daemon has closed, or a file of the run would take its place: there is nothing to read, and what is written is lost."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    if sys.stdout and isinstance(sys.stdout.buffer, io.RawIOBase):  # PYTHONUNBUFFERED: a raw file may take less than it is given
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(sys.stdout.buffer), sys.stdout.encoding, sys.stdout.errors, write_through=True)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that has no "▲" or emoji
    # `sys.stdout` stays None, so that results that should go there are not taken for written.


def _complain(message: str, code: int) -> None:
    logger = logging.getLogger("netral")
    if logger.handlers:
        logger.error(message, extra={"fields": {"exit_code": code}})
    else:
        with suppress(OSError):  # the code tells it where nothing can be said
            typer.echo(f"netral: {message}", err=True)


if __name__ == "__main__":
    main()
