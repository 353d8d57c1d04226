"""Files written whole or not at all, read with errors that say what to do, and known by their digests."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from netral.errors import InputError, WriteError

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
def atomic(path: Path, mode: str = "wb") -> Iterator[IO[Any]]:
    """Open a temporary file beside ``path`` and put it in its place once it is whole and on disk.

    Raises
    ------
    WriteError
        If the file cannot be written; ``path`` is then as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, mode, encoding=None if "b" in mode else "utf-8", newline=None if "b" in mode else "") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        why = error.strerror or error
        raise WriteError(f"{path}: cannot be written ({why}); free the place or choose another, then run again") from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, content: Any) -> None:
    """Write ``content`` as JSON with sorted keys (same content, same bytes)."""
    with atomic(path, "w") as file:
        json.dump(content, file, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
        file.write("\n")


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    InputError
        If it is missing or no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); an earlier stage writes it: run the flow from the start") from error
    except ValueError as error:
        raise InputError(f"{path}: is no JSON ({error}); run the stage that writes it again") from error


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hex digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_yaml(path: Path) -> Any:
    """Read a YAML file.

    Raises
    ------
    InputError
        If it is missing or no YAML.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        """Takes no key twice, the first of which would be lost, and no aliases: a few bytes of these can stand for gigabytes."""

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError("aliases (*name) are not read")
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            counts = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
            if twice := next((key for key, count in counts.items() if count > 1), None):
                raise yaml.YAMLError(f"the key {twice} stands twice, line {node.start_mark.line + 1} and below")
            return super().construct_mapping(node, deep)

    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error}); name an existing UTF-8 file") from error
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError) as error:
        raise InputError(f"{path}: is no YAML that can be read ({' '.join(str(error).split())[:200]}); correct it") from error


def read_frame(path: Path) -> pd.DataFrame:
    """Read a table of the stages (Parquet).

    Raises
    ------
    InputError
        If it is missing or damaged.
    """
    import pandas as pd

    try:
        return pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({error}); an earlier stage writes it: run the flow from the start") from error


def write_frame(path: Path, frame: pd.DataFrame) -> None:
    """Write a table of the stages (Parquet, the same bytes for the same table)."""
    with atomic(path) as file:
        frame.to_parquet(file, index=False)
