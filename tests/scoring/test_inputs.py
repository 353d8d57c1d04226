"""Names lead to files: paths, folders, patterns, standard input."""

import hashlib
import os
from pathlib import Path

import pytest

from netral.errors import InputError
from netral.scoring.inputs import STDIN, InputFile, find_inputs

CONTENT = b"id,text\n1,warga\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.csv", "a.jsonl.gz", "deep/c.parquet", "deep/er/d.TSV", "notes.txt", "_SUCCESS", ".hidden.csv", "_tmp/e.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(CONTENT)
    return tmp_path


def paths(found: list[InputFile], folder: Path) -> list[str]:
    return [os.path.relpath(file.path, folder) for file in found]


@pytest.mark.parametrize(
    ("name", "kind", "compression"),
    [
        ("a.csv", "csv", None),
        ("a.b.tsv.gz", "tsv", "gzip"),
        ("a.jsonl.zst", "jsonl", "zstd"),
        ("a.ndjson", "jsonl", None),
        ("A.PARQUET.GZ", "parquet", "gzip"),
    ],
)
def test_the_ending_tells_format_and_compression(tmp_path: Path, name: str, kind: str, compression: str | None) -> None:
    (tmp_path / name).write_bytes(CONTENT)
    path = str(tmp_path / name)
    assert find_inputs([path]) == [InputFile(path, kind, compression, len(CONTENT))]


def test_a_folder_stands_for_its_files_in_order_of_names(folder: Path) -> None:
    assert paths(find_inputs([str(folder)]), folder) == ["a.jsonl.gz", "b.csv", "deep/c.parquet", "deep/er/d.TSV"]


def test_a_pattern_stands_for_its_matches_and_folders_among_them(folder: Path) -> None:
    assert paths(find_inputs([f"{folder}/*.csv"]), folder) == ["b.csv"]
    assert paths(find_inputs([f"{folder}/**/*.parquet"]), folder) == ["deep/c.parquet"]
    assert paths(find_inputs([f"{folder}/d*"]), folder) == ["deep/c.parquet", "deep/er/d.TSV"]


def test_names_keep_their_order_and_no_file_is_read_twice(folder: Path) -> None:
    (folder / "latest.csv").symlink_to("b.csv")
    names = [str(folder / "deep"), str(folder / "b.csv"), f"{folder}/deep/*", str(folder / "latest.csv"), str(folder / "a.jsonl.gz")]
    assert paths(find_inputs(names), folder) == ["deep/c.parquet", "deep/er/d.TSV", "b.csv", "a.jsonl.gz"]


def test_a_folder_named_like_a_file_is_read_like_one_that_spark_writes(folder: Path) -> None:
    (folder / "deep").rename(folder / "posts.csv")
    assert paths(find_inputs([str(folder / "posts.csv")]), folder) == ["posts.csv/c.parquet", "posts.csv/er/d.TSV"]


def test_an_empty_folder_named_like_a_file_is_missed_in_a_folder(folder: Path) -> None:
    (folder / "posts.csv").mkdir()
    with pytest.raises(InputError, match=r"posts\.csv: is a folder without a file to read"):
        find_inputs([str(folder)])


def test_a_loop_of_folders_named_like_files_ends(tmp_path: Path) -> None:
    (tmp_path / "x.csv").mkdir()
    (tmp_path / "x.csv" / "y.csv").symlink_to(tmp_path / "x.csv")
    with pytest.raises(InputError, match="link to a folder above it"):
        find_inputs([str(tmp_path)])


def test_standard_input_is_csv_without_size_and_digest() -> None:
    (file,) = find_inputs([STDIN, STDIN])
    assert (file.format, file.compression, file.size, file.digest) == ("csv", None, None, None)


def test_the_digest_is_that_of_the_bytes_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(CONTENT)
    (file,) = find_inputs([str(path)])
    assert file.digest == hashlib.sha256(CONTENT).hexdigest()
    path.unlink()
    assert file.digest == hashlib.sha256(CONTENT).hexdigest()


def test_the_digest_of_a_file_that_is_gone_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CONTENT)
    (file,) = find_inputs([str(path)])
    path.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        _ = file.digest


@pytest.mark.parametrize("name", [b"line\nbreak.csv", b"latin-\xe9.csv", b"bell\x07.csv"])
def test_names_that_no_log_can_hold_are_refused_in_one_line(tmp_path: Path, name: bytes) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)
    with open(path, "wb") as file:
        file.write(CONTENT)
    for given in (os.fsdecode(path), str(tmp_path)):
        with pytest.raises(InputError, match=r"^[ -~]+$"):
            find_inputs([given])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CONTENT)
    path.chmod(0)
    with pytest.raises(InputError, match="may not be read"):
        find_inputs([str(path)])


def test_no_name_is_refused() -> None:
    with pytest.raises(InputError, match="no input named"):
        find_inputs([])
