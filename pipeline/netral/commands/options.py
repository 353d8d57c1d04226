"""What several commands have: options, and how they tell what they found."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from netral.errors import WriteError

# Whether a file may be read is found out by its reader, which has the right words and exit code.
#: None stands for `netral.model.releases.models_folder`, which alone knows what is used then.
ModelsDir = Annotated[
    Path | None, typer.Option("--models-dir", help="Folder of the releases; NETRAL_MODELS or ./models by default.", readable=False)
]


def tell(text: str, *, nl: bool = True) -> None:
    """Print to standard output.

    Raises
    ------
    WriteError
        If that cannot be written; whether its reader has gone is for the caller of the command to know.
    """
    try:
        typer.echo(text, nl=nl)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        # Python flushes standard output again at its end, and would complain a second time.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise WriteError(f"standard output: cannot be written ({error.strerror}); make room, or send it elsewhere") from error
