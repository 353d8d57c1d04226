"""Files are written whole or not at all, and what stands in the way is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from netral.errors import WriteError
from netral.files import atomic


def test_a_place_below_a_file_is_an_error_of_writing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="cannot be written"), atomic(tmp_path / "file" / "below", "w"):
        pass


def test_a_file_is_as_it_was_where_writing_stops(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")

    def write() -> None:
        with atomic(path, "w") as file:
            file.write("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    assert path.read_text() == "before"
    assert [*tmp_path.iterdir()] == [path]
