"""Files are written whole or not at all, and what stands in the way is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from netral.errors import InputError, WriteError
from netral.files import atomic, read_yaml


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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x [1]\nb: *x\n", "aliases"),
        ("a: 1\na: 2\n", "the key a stands twice"),
        ("b: {c: 1, c: 2}\n", "the key c stands twice"),
        ("".join(f"k{number}: 1\n" for number in range(20_000)) + "k1: 1\n", "the key k1 stands twice"),  # in no quadratic time
        ("day: 2024-02-30\n", "day is out of range"),
        ("[" * 3000, "recursion"),
        ("a: [", "is no YAML"),
    ],
)
def test_yaml_that_would_be_misread_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read_yaml(path)
