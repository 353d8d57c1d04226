"""Whatever the format, the same batches: in order, of bounded size, whatever the timing."""

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from netral.errors import InputError, UsageError
from netral.scoring import blocks, read_parquet
from netral.scoring.batch import ReadOptions
from netral.scoring.inputs import InputFile, find_inputs
from netral.scoring.read import read_batches
from tests.scoring.reading import bad, good, read

COUNT = 500
TEXTS = [f"warga {number}, kata\n{'ramai ' * (number % 7)}" for number in range(COUNT)]


def write(path: Path, texts: list[str]) -> Path:
    """Write the same posts in the format that the name says."""
    table = pa.table({"id": [f"p{number}" for number in range(len(texts))], "text": texts, "platform": ["x", "y"] * (len(texts) // 2)})
    sink = io.BytesIO()
    if ".parquet" in path.name:
        pq.write_table(table, sink, row_group_size=150)
    elif ".jsonl" in path.name:
        sink.write("".join(json.dumps(row, ensure_ascii=row["platform"] == "x") + "\n" for row in table.to_pylist()).encode())
    else:
        pyarrow.csv.write_csv(table, sink, pyarrow.csv.WriteOptions(delimiter="\t" if ".tsv" in path.name else ","))
    content = sink.getvalue()
    packed = {".gz": gzip.compress, ".zst": lambda data: pa.compress(data, codec="zstd", asbytes=True)}.get(path.suffix, bytes)(content)
    path.write_bytes(packed)
    return path


@pytest.mark.parametrize("pack", ["", ".gz", ".zst"])
@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "ndjson", "parquet"])
def test_every_format_gives_the_same_batches(tmp_path: Path, kind: str, pack: str) -> None:
    batches = read(write(tmp_path / f"posts.{kind}{pack}".replace("ndjson", "x.jsonl"), TEXTS), batch_rows=64)
    assert [batch.read for batch in batches] == [64] * 7 + [52]
    assert good(batches) == [(number + 1, f"p{number}", text) for number, text in enumerate(TEXTS)]
    assert [each for batch in batches for each in batch.platforms.to_pylist()] == ["x", "y"] * (COUNT // 2)


def test_a_batch_ends_where_its_bytes_are_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 1000)
    monkeypatch.setattr(read_parquet, "BLOCK", 1000)
    for name in ("posts.csv", "posts.jsonl", "posts.parquet"):
        batches = read(write(tmp_path / name, TEXTS))
        assert max(len("".join(batch.texts.to_pylist())) for batch in batches) < 1200
        assert len(good(batches)) == COUNT
        assert len(batches) < 60


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_batches_depend_on_no_timing(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe that gives a few bytes at a time yields the batches of the file."""

    class Dribble(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 1 + self.tell() % 1234))

    content = write(tmp_path / f"posts.{kind}", TEXTS).read_bytes() + b'x,"stray\n' * 3
    expected = read(tmp_path / f"posts.{kind}", content, batch_rows=50)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=Dribble(content)))
    batches = list(read_batches([InputFile("-", kind, None, None)], ReadOptions(batch_rows=50)))
    assert [batch.read for batch in batches] == [batch.read for batch in expected] == [50] * 10 + [3]
    assert good(batches) == good(expected)
    assert bad(batches) == bad(expected)


def test_standard_input_is_read_as_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"text;id\nwarga;7\n\n;8\n")))
    batches = list(read_batches(find_inputs(["-"]), ReadOptions()))
    assert (good(batches), bad(batches)) == ([(1, "7", "warga")], [(2, "8", "empty text")])
    assert [each.file for batch in batches for each in batch.rejected] == ["-"]


def test_json_on_standard_input_is_told_from_a_csv_without_its_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b'{"id": 7, "text": "rahasia"}\n')))
    with pytest.raises(
        InputError, match=r"^-: found JSON on standard input, which is read as CSV; write it to a file that ends in \.jsonl$"
    ):
        list(read_batches(find_inputs(["-"]), ReadOptions()))


def test_closed_standard_input_is_an_input_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="standard input is closed"):
        list(read_batches(find_inputs(["-"]), ReadOptions()))


def test_files_are_read_in_turn_and_every_batch_knows_its_own(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.csv", "c.parquet"):
        write(tmp_path / name, TEXTS[:10])
    batches = list(read_batches(find_inputs([str(tmp_path)]), ReadOptions(batch_rows=6)))
    assert [(batch.file, batch.rows.tolist()) for batch in batches] == [
        (file, rows) for file in range(3) for rows in ([1, 2, 3, 4, 5, 6], [7, 8, 9, 10])
    ]


def test_a_wrong_last_file_is_told_before_the_first_row(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", TEXTS)
    (tmp_path / "b.csv").write_text("id,isi\n1,warga\n")
    with pytest.raises(
        InputError, match=r"b\.csv: found the columns id, isi; expected one named text; name the right one with --text-column"
    ):
        next(read_batches(find_inputs([str(tmp_path)]), ReadOptions()))


def test_what_a_person_should_know_is_noted_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\nwarga\n")
    (tmp_path / "b.jsonl").write_text('{"text":"warga"}\n')
    pq.write_table(pa.table({"text": ["warga"]}), tmp_path / "c.parquet")
    notes: list[str] = []
    batches = list(read_batches(find_inputs([str(tmp_path)]), ReadOptions(), notes.append))
    assert notes == [f"{tmp_path / name}: found no id; the number of the row stands for it" for name in ("a.csv", "b.jsonl", "c.parquet")]
    assert [batch.ids.to_pylist() for batch in batches] == [["1"]] * 3


@pytest.mark.parametrize("name", ["a.csv", "b.jsonl", "c.parquet"])
def test_ids_under_a_name_in_other_letters_are_pointed_at(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.csv").write_text("ID,text\n7,warga\n")
    (tmp_path / "b.jsonl").write_text('{"ID":"7","text":"warga"}\n')
    pq.write_table(pa.table({"ID": ["7"], "text": ["warga"]}), tmp_path / "c.parquet")
    notes: list[str] = []
    assert len([*read_batches(find_inputs([str(tmp_path / name)]), ReadOptions(), notes.append)]) == 1
    assert notes == [f"{tmp_path / name}: found no id; the number of the row stands for it; there is ID, which --id-column ID would take"]


def test_a_file_that_fails_midway_is_an_input_error_that_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 5000:
                raise OSError(5, "Input/output error")
            return super().read(min(size or 0, 1000))

    content = write(tmp_path / "posts.csv", TEXTS).read_bytes()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=Failing(content)))
    with pytest.raises(InputError, match=r"-: cannot be read after 6,000 bytes of its content \(\[Errno 5\] Input/output error\)"):
        list(read_batches(find_inputs(["-"]), ReadOptions()))


def test_impossible_options_are_refused() -> None:
    for wrong in ({"batch_rows": 0}, {"max_text": 0}):
        with pytest.raises(UsageError, match="at least 1"):
            ReadOptions(**wrong)


PEAK = """
import re, sys
from netral.scoring.batch import ReadOptions
from netral.scoring.inputs import find_inputs
from netral.scoring.read import read_batches
for batch in read_batches(find_inputs(sys.argv[1:]), ReadOptions()):
    pass
print(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv.gz", "jsonl", "parquet"])
def test_memory_does_not_grow_with_the_input(tmp_path: Path, kind: str) -> None:
    peaks = []
    for times in (100, 1000):
        path = write(tmp_path / f"{times}.{kind}", TEXTS * times)
        done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    assert peaks[1] < peaks[0] + 20


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_real_posts_are_read_alike(real_data: Path, tmp_path: Path, kind: str) -> None:
    table = pq.read_table(real_data / "corpus.parquet", columns=["id", "text"])
    path = tmp_path / f"posts.{kind}"
    if kind == "csv":
        pyarrow.csv.write_csv(table, path)
    elif kind == "parquet":
        pq.write_table(table, path)
    else:
        with open(path, "w", encoding="utf-8") as file:
            for batch in table.to_batches(10_000):
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in batch.to_pylist())
    batches = read(path)
    texts = pa.chunked_array([batch.texts for batch in batches])
    assert bad(batches) == []
    assert texts.combine_chunks().equals(table.column("text").cast(pa.string()).combine_chunks())


def test_a_row_without_an_id_is_not_called_by_the_id_of_another(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n2,halo\n,apa\n3,kabar\n")
    (tmp_path / "b.jsonl").write_text('{"id":"2","text":"halo"}\n{"text":"apa"}\n{"id":null,"text":"kabar"}\n')
    pq.write_table(pa.table({"id": [2, None, 3], "text": ["halo", "apa", "kabar"]}), tmp_path / "c.parquet")
    found = {
        path.name: [each for batch in read_batches(find_inputs([str(path)]), ReadOptions()) for each in batch.ids.to_pylist()]
        for path in sorted(tmp_path.iterdir())
    }
    assert found == {"a.csv": ["2", "row-2", "3"], "b.jsonl": ["2", "row-2", "row-3"], "c.parquet": ["2", "row-2", "3"]}
