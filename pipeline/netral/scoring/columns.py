"""Find columns by their names, and say what is there if one is not."""

from __future__ import annotations

from collections.abc import Sequence

from netral.errors import InputError
from netral.scoring.inputs import STDIN, InputFile


def find_column(name: str, names: Sequence[str], file: InputFile) -> int | None:
    """Return the place of a column, or None if there is none.

    Raises
    ------
    InputError
        If it is there twice.
    """
    if names.count(name) > 1:
        raise InputError(f"{file.path}: found {names.count(name)} columns named {name}, expected one; rename the others")
    return names.index(name) if name in names else None


def need_column(name: str, names: Sequence[str], file: InputFile, flag: str) -> int:
    """Return the place of a column that must be there; ``flag`` of the command line names it.

    Raises
    ------
    InputError
        If it is missing or there twice.
    """
    place = find_column(name, names, file)
    if place is None:
        raise missing_column(name, names, file, flag)
    return place


def missing_column(name: str, names: Sequence[str], file: InputFile, flag: str) -> InputError:
    """Return the error for a column that is not there."""
    if file.path == STDIN and names and names[0].lstrip().startswith("{"):
        return InputError(f"{file.path}: found JSON on standard input, which is read as CSV; write it to a file that ends in .jsonl")
    return InputError(f"{file.path}: found the columns {_shown(names)}; expected one named {name}; name the right one with {flag}")


def no_ids(name: str, names: Sequence[str], file: InputFile) -> str:
    """Return what the log should say of a file without ids."""
    alike = next((other for other in names if other.casefold() == name.casefold()), "")
    remedy = f"; there is {alike}, which --id-column {alike} would take" if alike else ""
    return f"{file.path}: found no {name}; the number of the row stands for it{remedy}"


def _shown(names: Sequence[str]) -> str:
    """Return column names for a message; what looks like the text of a post is not shown."""
    if not names:
        return "none"
    first = [
        name if len(name) <= 30 and len(name.split()) <= 3 and name.isprintable() else f"({len(name)} characters)" for name in names[:20]
    ]
    return ", ".join(first) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
