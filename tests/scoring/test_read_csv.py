"""CSV as people have it: nothing swallowed, nothing lost, one bad record costs one row."""

import csv
import io
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netral.errors import InputError
from netral.scoring import blocks, read_csv
from netral.scoring.batch import Batch
from netral.scoring.csv_grammar import AFTER_QUOTE, FAR_MORE
from netral.scoring.encoding import NOT_UTF8
from tests.scoring.reading import bad, good, kept, read

UNCLOSED = blocks.UNCLOSED
slow_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "posts.csv"


def rows_of(batches: list[Batch]) -> tuple[list[Any], list[Any]]:
    return good(batches), bad(batches)


def test_columns_are_found_by_their_names_and_kept_as_strings(path: Path) -> None:
    content = b'when,isi,nomor,platform,"likes, all"\n2024-01-02,"warga, rapat",007,x,1e3\n,kopi,8,,\n'
    batches = read(path, content, text_column="isi", id_column="nomor", keep=("likes, all", "when", "isi"))
    assert good(batches) == [(1, "007", "warga, rapat"), (2, "8", "kopi")]
    assert [batch.platforms.to_pylist() for batch in batches] == [["x", ""]]
    assert kept(batches) == [
        {"likes, all": "1e3", "when": "2024-01-02", "isi": "warga, rapat"},
        {"likes, all": "", "when": "", "isi": "kopi"},
    ]


def test_kept_columns_go_with_their_rows_when_others_are_rejected(path: Path) -> None:
    content = b'id,text,x\na,warga,1\nb,,2\nc,"kopi" pagi,3\nd,"sore\nhari",4\ne,petang\n'
    batches = read(path, content, keep=("x",))
    assert good(batches) == [(1, "a", "warga"), (4, "d", "sore\nhari")]
    assert kept(batches) == [{"x": "1"}, {"x": "4"}]
    assert bad(batches) == [(2, "b", "empty text"), (3, None, AFTER_QUOTE), (5, None, "fewer than 3 fields")]


def test_words_for_nothing_stay_words(path: Path) -> None:
    assert good(read(path, b"id,text\nNA,null\nnan,NULL\n")) == [(1, "NA", "null"), (2, "nan", "NULL")]


def test_one_stray_quote_costs_one_row_and_no_text(path: Path) -> None:
    content = b'id,text\n1,"rahasia\n' + b"".join(b"%d,warga %d\n" % (number, number) for number in range(2, 30_000))
    batches = read(path, content)
    assert bad(batches) == [(1, None, UNCLOSED)]
    assert good(batches) == [(number, str(number), f"warga {number}") for number in range(2, 30_000)]


def test_damage_in_one_block_leaves_the_others_to_arrow(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slowly: list[int] = []
    slow = read_csv._slow
    monkeypatch.setattr(read_csv, "_slow", lambda rows, *rest: slowly.append(len(rows)) or slow(rows, *rest))
    lines = [b"%d,warga\n" % number for number in range(1000)]
    lines[250] = b"250,warga,lagi\n"
    lines[650] = b'650,"warga" lagi\n'
    assert [row for row, *_ in bad(read(path, b"id,text\n" + b"".join(lines), batch_rows=100))] == [251, 651]
    assert slowly == [100, 100]


def test_a_row_that_is_no_utf8_is_rejected_with_its_id(path: Path) -> None:
    content = b"id,text,x\n1,warga,\xff\n2,rahasia \xe9,a\n\xff,kopi,b\n" + "4,kafé,c\n5,résumé,d\n".encode()
    batches = read(path, content)
    assert good(batches) == [(1, "1", "warga"), (4, "4", "kafé"), (5, "5", "résumé")]
    assert bad(batches) == [(2, "2", NOT_UTF8), (3, "\ufffd", NOT_UTF8)]


def test_ids_are_whatever_they_are(path: Path) -> None:
    long = "9" * 100_000
    batches = read(path, f'id,text\n"1\n2",a\n{long},b\n,c\n'.encode())
    assert [name for _, name, _ in good(batches)] == ["1\n2", long, "row-3"]


@pytest.mark.parametrize(("size", "fits"), [(50, True), (51, False)])
def test_texts_are_measured_in_characters(path: Path, size: int, fits: bool) -> None:
    batches = read(path, f"id,text\na,{'é' * size}\n".encode(), max_text=50)
    assert len(good(batches)) == fits
    assert bad(batches) == ([] if fits else [(1, "a", "text of more than 50 characters")])


def test_a_record_over_the_limit_costs_its_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "RECORD", 100)
    content = b"id,text\n1,warga\n2," + b"x" * 200_000 + b'\n3,"' + b"kata\n" * 50 + b'"\n4,kopi\n'
    batches = read(path, content)
    assert good(batches) == [(1, "1", "warga"), (54, "4", "kopi")]
    assert bad(batches)[:3] == [(2, None, blocks.TOO_LONG), (3, None, UNCLOSED), (4, None, "fewer than 2 fields")]


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"id,isi\n", "found the columns id, isi; expected one named text; name the right one with --text-column"),
        (b"id;isi\n", "found the columns id, isi; expected one named text"),
        (b"id,text,Text,text\n", "found 2 columns named text, expected one"),
        (b"id,id,text\n", "found 2 columns named id, expected one"),
        (
            b"text,tulisan panjang sekali seorang warga desa\n",
            r"found the columns text, \(41 characters\); expected one named x; .* --keep",
        ),
        (b"\xff\xfei\0d\0", r"convert it with: iconv -f utf-16 -t utf-8 .*posts\.csv' > utf8\.csv"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(tmp_path: Path, head: bytes, message: str) -> None:
    keep = ("x",) if head.startswith(b"text") else ()
    with pytest.raises(InputError, match=message):
        read(tmp_path / "a posts.csv", head + b"1,warga\n", keep=keep)


def test_the_right_separator_is_the_one_that_yields_the_text(path: Path) -> None:
    assert good(read(path, b"a,b,c;text;id\n1,2,3;warga, kopi;7\n")) == [(1, "7", "warga, kopi")]
    assert good(read(path, b'"text";"id"\n"warga; kopi";7\n')) == [(1, "7", "warga; kopi")]
    assert good(read(path, b"text\nwarga\tkopi\n")) == [(1, "1", "warga\tkopi")]


@slow_folder
@given(
    st.lists(st.tuples(st.text(max_size=8), st.text(alphabet='a",\n\r; é', min_size=1, max_size=12)), max_size=8),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_wrote_is_read_as_it_was(tmp_path: Path, rows: list[tuple[str, str]], end: str) -> None:
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("id", "text"), *rows])
    batches = read(tmp_path / "posts.csv", sink.getvalue().encode("utf-8", "replace"))
    expected = [
        (row, name.encode("utf-8", "replace").decode() or f"row-{row}", text) for row, (name, text) in enumerate(rows, 1) if text.strip()
    ]
    assert good(batches) == expected
    assert len(bad(batches)) == len(rows) - len(expected)


TOKENS = st.sampled_from(['"', ",", "\n", "\r\n", "\r", "a", "b ", '""', 'a,"b\nc"\n', "a,b\n", 'a,"b ""c"""\r\n', 'a,layar 5"\n'])


@slow_folder
@given(st.lists(TOKENS, max_size=30), st.sampled_from([1, 3, 8192]), st.sampled_from([12, 1 << 24]), st.sampled_from([10, 1 << 23]))
def test_both_roads_and_every_window_give_the_same_rows(
    tmp_path: Path, tokens: list[str], batch_rows: int, record: int, block: int
) -> None:
    content = b"id,text\n" + "".join(tokens).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "RECORD", record)
        patch.setattr(blocks, "BLOCK", block)
        batches = read(tmp_path / "posts.csv", content, batch_rows=batch_rows)
        patch.setattr(blocks, "_LEAST", 3)
        narrow = read(tmp_path / "posts.csv", content, batch_rows=batch_rows)
        assert [(each.read, rows_of([each])) for each in narrow] == [(each.read, rows_of([each])) for each in batches]
        patch.setattr(read_csv, "_fast", lambda *_: None)
        assert rows_of(read(tmp_path / "posts.csv", content, batch_rows=batch_rows)) == rows_of(batches)
        patch.setattr(blocks, "_in_order", lambda *_: None)
        assert rows_of(read(tmp_path / "posts.csv", content, batch_rows=batch_rows)) == rows_of(batches)
    assert sum(batch.read for batch in batches) == max([0, *(row for row, *_ in good(batches) + bad(batches))])


def test_quotes_that_swallow_lines_take_no_time_that_grows_with_the_square(path: Path) -> None:
    """An inch mark at the end of a field, and a quote that is never closed: each line would be read to the end of the file."""
    content = "id,text,nama\n" + "".join(f'{i},layar 5","si Budi\n' for i in range(20_000)) + "a,baik,b\n"
    start = time.process_time()
    batches = read(path, content.encode())
    assert time.process_time() - start < 20  # the square of it is ten minutes
    assert good(batches) == [(20_001, "a", "baik")]
    assert len(bad(batches)) == 20_000
    assert bad(batches)[0][-1] == FAR_MORE
