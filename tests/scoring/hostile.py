"""Broken and hostile inputs, generated: each says what must come of it.

`CASES` holds them all; `Case.write` puts one into a folder and returns the name to give to `netral score`. A case either gives counts of
good and rejected rows, or `refused`: a part of the one line that refuses it (exit code 3).
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SECRET = "rahasia"  # stands in the text of rows that must be rejected: no message may repeat it
MB = 1 << 20


@dataclass(frozen=True)
class Case:
    name: str
    make: bytes | Callable[[Path], object]
    good: int = 0
    rejected: int = 0
    refused: str = ""
    heavy: bool = False  # tens of megabytes or more

    def write(self, folder: Path) -> str:
        path = folder / self.name
        if isinstance(self.make, bytes):
            path.write_bytes(self.make)
        else:
            self.make(path)
        return str(path)


def rows(count: int = 3, separator: str = ",", end: str = "\n", first: int = 1) -> str:
    return "".join(f"p{number}{separator}warga rapat {number}{end}" for number in range(first, first + count))


def csv(body: str = "", head: str = "id,text\n") -> bytes:
    return (head + body).encode()


def lines(*values: object) -> bytes:
    return "".join((value if isinstance(value, str) else json.dumps(value)) + "\n" for value in values).encode()


def post(number: int = 1, text: object = "warga rapat", **more: object) -> dict[str, object]:
    return {"id": f"p{number}", "text": text, **more}


def parquet(columns: dict[str, object] | None = None, **options: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns or {"id": ["p1", "p2"], "text": ["warga rapat", "warga kopi"]}), sink, **options)
    return sink.getvalue()


def texts(*values: str | bytes | None, kind: pa.DataType) -> dict[str, object]:
    array = pa.array([value.encode() if isinstance(value, str) else value for value in values], pa.binary())
    return {"id": [f"p{number}" for number in range(len(values))], "text": array.cast(kind)}


def as_strings(*values: bytes) -> pa.Array:
    """Strings that nobody has checked to be UTF-8, as a careless program writes them."""
    offsets = np.cumsum([0, *map(len, values)]).astype(np.int32)
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(b"".join(values)))


def zst(data: bytes) -> bytes:
    return pa.compress(data, codec="zstd", asbytes=True)


def flipped(data: bytes, at: int, size: int = 64) -> bytes:
    return data[:at] + bytes(255 - byte for byte in data[at : at + size]) + data[at + size :]


def zipped(data: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("posts.csv", data)
    return sink.getvalue()


def gzip_of(head: bytes, block: bytes, times: int, tail: bytes) -> Callable[[Path], None]:
    """A small file that unpacks to a large one."""

    def make(path: Path) -> None:
        with gzip.open(path, "wb", compresslevel=1) as file:
            file.write(head)
            for _ in range(times):
                file.write(block)
            file.write(tail)

    return make


def many_long_texts(path: Path) -> None:
    """A dictionary page makes 2 GB of a few kilobytes."""
    text = pa.DictionaryArray.from_arrays(np.zeros(2048, np.int32), pa.array(["kopi " * 180_000]))
    pq.write_table(pa.table({"text": text.cast(pa.dictionary(pa.int32(), pa.string()))}), path, store_schema=False)


def long_parquet_cell(path: Path) -> None:
    pq.write_table(pa.table({"id": ["p1", "p2"], "text": [SECRET * (100 * MB // 7), "warga rapat"]}), path, use_dictionary=False)


def folder_with(*names: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.mkdir()
        for name in names:
            (path / name).write_bytes(csv(rows()))

    return make


def looped_folder(path: Path) -> None:
    folder_with("a.csv")(path)
    (path / "again").symlink_to(path)


NOISE = np.random.default_rng(3).integers(0, 256, 200_000, np.uint8).tobytes()
STRAY = '1,"' + SECRET + "\n"
LONG_ROWS = csv("".join(f"p{number},{'kata ' * 12}{number}\n" for number in range(5000)))
LONG_PARQUET = parquet({"id": [f"p{n}" for n in range(5000)], "text": [f"{'kata ' * 12}{n}" for n in range(5000)]}, use_dictionary=False)

CSV = [
    Case("plain.csv", csv(rows()), 3),
    Case("bom.csv", b"\xef\xbb\xbf" + csv(rows()), 3),
    Case("crlf.csv", csv(rows(end="\r\n"), "id,text\r\n"), 3),
    Case("crcrlf.csv", csv(rows(end="\r\r\n"), "id,text\r\r\n"), 3),
    Case("quoted-newlines.csv", csv('1,"a\nb\r\n\nc"\n' + rows()), 4),
    Case("semicolons.csv", csv(rows(separator=";"), "id;text\n"), 3),
    Case("tabs.csv", csv(rows(separator="\t"), "id\ttext\n"), 3),
    Case("tabs.tsv", csv(rows(separator="\t"), "id\ttext\n"), 3),
    Case("commas.tsv", csv(rows()), refused="expected one named text"),
    Case("told-separator.csv", csv(rows(separator=";"), "sep=;\nid;text\n"), 3),
    Case("one-column.csv", csv("warga\nrapat\n", "text\n"), 2),
    Case("spaces-in-header.csv", csv(rows(), " id , text \n"), 3),
    Case("blank-lines.csv", csv("\n\r\n1,warga\n\n\n2,rapat\n\n", "\n\nid,text\n"), 2),
    Case("no-end.csv", csv("1,warga\n2,rapat"), 2),
    Case("header-only.csv", csv()),
    Case("header-only-no-end.csv", b"id,text"),
    Case("empty.csv", b"", refused="is empty"),
    Case("newlines-only.csv", b"\n\n\r\n", refused="no line with column names"),
    Case("bom-only.csv", b"\xef\xbb\xbf", refused="no line with column names"),
    Case("stray-quote-row-1.csv", csv(STRAY + rows(20_000)), 20_000, 1),
    Case("stray-quote-row-1-crlf.csv", csv(STRAY.replace("\n", "\r\n") + rows(end="\r\n"), "id,text\r\n"), 3, 1),
    Case("stray-quote-then-quoted.csv", csv(STRAY + '2,"warga, rapat"\n3,"warga ""rapat"""\n'), 2, 1),
    Case("stray-quote-last.csv", csv(rows() + STRAY), 3, 1),
    Case("stray-quote-last-no-end.csv", csv(rows() + STRAY.strip()), 3, 1),
    Case("stray-quotes-everywhere.csv", csv((STRAY + rows()) * 50), 150, 50),
    Case("text-after-quote.csv", csv(f'1,"{SECRET}" kata dia\n' + rows()), 3, 1),
    Case("inches.csv", csv('1,layar 5" lebar\n2,7"\n' + rows()), 5),
    Case("too-few-fields.csv", csv(f"{SECRET}\n" + rows()), 3, 1),
    Case("too-many-fields.csv", csv(f"1,{SECRET},3\n1,warga,{','.join('x' * 100)}\n" + rows()), 3, 2),
    Case("many-separators.csv", csv("," * (4 * MB) + '\n1,"a"' + "," * (4 * MB) + "\n" + rows()), 3, 2),
    Case("many-columns.csv", csv(rows(), ",".join(f"c{n}" for n in range(100_000)) + "\n"), refused="expected one named text"),
    Case("long-header.csv", csv(rows(), "kolom" * MB), refused="no line with column names"),
    Case("text-twice.csv", csv("1,a,b\n", "id,text,text\n"), refused="2 columns named text"),
    Case("other-twice.csv", csv("1,warga,x,y\n", "id,text,x,x\n"), 1),
    Case("no-text-column.csv", csv(rows(), "nomor,isi\n"), refused="found the columns nomor, isi"),
    Case("no-header.csv", f"1,warga {SECRET} rapat di balai desa pada hari Senin\n".encode(), refused="(49 characters)"),
    Case("utf-16.csv", csv(rows()).decode().encode("utf-16"), refused="iconv -f utf-16 -t utf-8"),
    Case("utf-16-without-mark.csv", csv(rows()).decode().encode("utf-16-le"), refused="iconv -f utf-16le"),
    Case("utf-16be.tsv", csv(rows()).decode().encode("utf-16-be"), refused="iconv -f utf-16be"),
    Case("utf-32.csv", csv(rows()).decode().encode("utf-32"), refused="iconv -f utf-32"),
    Case("latin-1.csv", csv("1,kafé\n2,résumé\n3,warga\n").decode().encode("latin-1"), refused="iconv -f windows-1252"),
    Case("windows-1252.csv.gz", gzip.compress(csv("1,“kafé”\n2,rapat – warga\n").decode().encode("cp1252")), refused="gzip -dc"),
    Case("latin-1-header.csv", b"id,text,caf\xe9\n1,warga,x\n", refused="iconv -f windows-1252"),
    Case("one-row-not-utf-8.csv", csv(rows()) + b"4,rahasia \xff\xfe\n" + rows(2).encode(), 5, 1),
    Case("other-column-not-utf-8.csv", b"id,x,text\n1,\xff,warga\n2,caf\xc3\xa9,rapat\n", 2),
    Case("zeros-in-text.csv", csv("1,warga\0rapat\n2,\0\n" + rows()), 5),
    Case("zeros-at-end.csv", csv(rows()) + bytes(4096), 3, 1),
    Case("zeros-only.csv", bytes(100_000), refused="found the columns (100000 characters)"),
    Case("cr-only.csv", csv(rows(end="\r"), "id,text\r"), refused="end with CR alone"),
    Case("lone-cr-in-text.csv", csv("1,warga\rrapat\n" + rows()), 4),
    Case("blank-texts.csv", csv('1,\n2,""\n3,"  \t"\n4,\u3000\u00a0\n' + rows()), 3, 4),
    Case("longest-text.csv", csv(f"1,{'a' * 1_000_000}\n"), 1),
    Case("too-long-text.csv", csv(f"1,{'a' * 1_000_001}\n" + rows()), 3, 1),
    Case("ids-with-newlines.csv", csv('"1\n2",warga\n"3\r\n4",rapat\n'), 2),
    Case("long-ids.csv", csv(f"{'9' * 2 * MB},warga\n"), 1),
    Case("no-ids.csv", csv(',warga\n"",rapat\n'), 2),
    Case("long-line.csv", csv("1," + SECRET * (20 * MB // 7) + "\n" + rows()), 3, 1, heavy=True),
    Case("long-quoted-lines.csv", csv('1,"' + (SECRET * 20_000 + "\n") * 150 + '"\n' + rows()), 3, 151, heavy=True),
    Case("noise.csv", NOISE, refused="expected UTF-8"),
    Case("gzip.csv", gzip.compress(csv(rows())), refused="found gzip data"),
    Case("zstandard.csv", zst(csv(rows())), refused="found Zstandard data"),
    Case("xz.csv", lzma.compress(csv(rows())), refused="found xz data"),
    Case("bzip2.csv", bz2.compress(csv(rows())), refused="found bzip2 data"),
    Case("spreadsheet.csv", zipped(csv(rows())), refused="a ZIP archive or a spreadsheet"),
    Case("parquet.csv", parquet(), refused="found a Parquet file"),
]

COMPRESSED = [
    Case("fine.csv.gz", gzip.compress(csv(rows())), 3),
    Case("fine.csv.zst", zst(csv(rows())), 3),
    Case("FINE.CSV.GZ", gzip.compress(csv(rows())), 3),
    Case("two-members.csv.gz", gzip.compress(csv(rows())) + gzip.compress(rows().encode()), 6),
    Case("two-frames.csv.zst", zst(csv(rows())) + zst(rows().encode()), 6),
    Case("truncated.csv.gz", gzip.compress(LONG_ROWS)[:20_000], refused="cannot be read after"),
    Case("truncated.csv.zst", zst(LONG_ROWS)[:2_000], refused="cannot be read after"),
    Case("no-checksum.csv.gz", gzip.compress(LONG_ROWS)[:-8], refused="cannot be read after"),
    Case("wrong-checksum.csv.gz", gzip.compress(LONG_ROWS)[:-8] + bytes(8), refused="cannot be read after"),
    Case("flipped.csv.gz", flipped(gzip.compress(LONG_ROWS), 9_000), refused="cannot be read after"),
    Case(
        "flipped.jsonl.zst",
        flipped(zst(lines(*[post(n, NOISE.hex()[n * 9 : n * 9 + 90]) for n in range(5000)])), 50_000),
        refused="cannot be",
    ),
    Case("garbage-after.csv.gz", gzip.compress(csv(rows())) + b"garbage", refused="cannot be read after"),
    Case("no-gzip.csv.gz", csv(rows()), refused="cannot be read after 0 bytes"),
    Case("no-zstandard.csv.zst", csv(rows()), refused="cannot be read after 0 bytes"),
    Case("empty.csv.gz", b"", refused="is empty"),
    Case("empty-inside.csv.gz", gzip.compress(b""), refused="no line with column names"),
    Case("bomb-of-zeros.csv.gz", gzip_of(b"", bytes(MB), 200, b""), refused="no line with column names", heavy=True),
    Case("bomb-in-a-cell.csv.gz", gzip_of(b"id,text\n1,", b"a" * MB, 100, b"\n" + rows().encode()), 3, 1, heavy=True),
    Case("bomb-in-quotes.csv.gz", gzip_of(b'id,text\n1,"', b"a" * MB, 100, b'"\n' + rows().encode()), 3, 1, heavy=True),
    Case("bomb-in-a-line.jsonl.gz", gzip_of(b'{"text":"', b"a" * MB, 100, b'"}\n' + lines(post())), 1, 1, heavy=True),
    Case("bomb-of-newlines.csv.gz", gzip_of(b"id,text\n", b"\n" * MB, 50, rows().encode()), 3, heavy=True),
    Case("bomb-of-quotes.csv.gz", gzip_of(b"id,text\n", b'"' * MB, 40, b"\n" + rows().encode()), 3, 1, heavy=True),
]

JSONL = [
    Case("plain.jsonl", lines(post(1), post(2)), 2),
    Case("plain.ndjson", lines(post(1), post(2)), 2),
    Case("bom-blank-lines.jsonl", b"\xef\xbb\xbf\n" + lines(post(1), "", "  ", post(2), ""), 2),
    Case("crlf-no-end.jsonl", lines(post(1), post(2)).replace(b"\n", b"\r\n")[:-2], 2),
    Case("list-for-a-row.jsonl", lines(post(1), ["p2", SECRET], post(3)), 2, 1),
    Case("scalars-for-rows.jsonl", lines("1", f'"{SECRET}"', "null", "true", "NaN", post()), 1, 5),
    Case("array.jsonl", json.dumps([post(1), post(2)]).encode(), refused="jq -c"),
    Case("printed.jsonl", json.dumps(post(), indent=1).encode(), refused="no JSON object"),
    Case("two-on-a-line.jsonl", lines(post(1), json.dumps(post(2)) + json.dumps(post(3)), post(4)), 2, 1),
    Case("one-on-two-lines.jsonl", lines(post(1), '{"id":"p2",', f'"text":"{SECRET}"}}', post(3)), 2, 2),
    Case("key-twice.jsonl", lines(post(1), f'{{"id":"p2","text":"a","text":"{SECRET}"}}', '{"x":1,"x":2,"text":"warga"}'), 2, 1),
    Case("not-a-number.jsonl", lines(post(1), '{"id":"p2","text":NaN}', '{"id":"p3","text":"warga","x":NaN}'), 2, 1),
    Case(
        "texts-of-other-types.jsonl",
        lines(post(1), post(2, 5), post(3, [SECRET]), post(4, {"a": SECRET}), post(5, True), post(6, 1.5)),
        1,
        5,
    ),
    Case("empty-texts.jsonl", lines(post(1), post(2, None), post(3, ""), post(4, " \n"), {"id": "p5"}), 1, 4),
    Case("cut-off.jsonl", lines(post(1), post(2))[:-8], 1, 1),
    Case("no-text.jsonl", lines({"isi": "a"}, {"nomor": 2}), refused="found the columns isi, nomor"),
    Case(
        "strange-ids.jsonl",
        lines(post(), {"id": 7, "text": "a"}, {"id": 1.5, "text": "b"}, {"id": [1], "text": "c"}, {"id": None, "text": "d"}),
        5,
    ),
    Case("deep.jsonl", lines(post(1), '{"text":"a","x":' + "[" * 100_000 + "]" * 100_000 + "}", "[" * 100_000), 1, 2),
    Case("huge-number.jsonl", lines(post(1), '{"id":' + "9" * 10_000 + ',"text":"a"}', '{"id":1e999,"text":"a"}'), 2, 1),
    Case("half-characters.jsonl", lines(post(1), '{"id":"p2","text":"rahasia \\ud83d"}', '{"id":"\\udc00","text":"a"}'), 1, 2),
    Case("zeros.jsonl", lines(post(1), '{"id":"p2","text":"a\\u0000b"}', '{"id":"p3","text":"rahasia \0"}'), 2, 1),
    Case("one-row-not-utf-8.jsonl", lines(post(1)) + b'{"id":"p2","text":"rahasia \xff"}\n' + lines(post(3)), 2, 1),
    Case("latin-1.jsonl", "".join(f'{{"text":"kafé {n}"}}\n' for n in range(5)).encode("latin-1"), refused="iconv"),
    Case("utf-16.jsonl", lines(post()).decode().encode("utf-16"), refused="iconv"),
    Case("python.jsonl", lines(post(1), "{'id': 'p2', 'text': 'rahasia'}", '{"text":"rahasia",}', '{"text":"a"} # b'), 1, 3),
    Case("csv.jsonl", csv(rows()), refused="no JSON object"),
    Case("empty.ndjson", b"", refused="is empty"),
    Case("blank.jsonl", b"\n \n\n", 0),
]

PARQUET = [
    Case("plain.parquet", parquet(), 2),
    Case("no-row-groups.parquet", parquet({"text": pa.array([], pa.string())}), 0),
    Case("no-columns.parquet", parquet({"x": [1]}), refused="expected one named text"),
    Case("truncated.parquet", LONG_PARQUET[:-100], refused="cannot be read as Parquet"),
    Case("truncated-early.parquet", LONG_PARQUET[:30], refused="cannot be read as Parquet"),
    Case("magic-only.parquet", b"PAR1PAR1", refused="cannot be read as Parquet"),
    Case("no-parquet.parquet", csv(rows()), refused="cannot be read as Parquet"),
    Case("long-footer.parquet", LONG_PARQUET[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1", refused="cannot be read as Parquet"),
    Case(
        "flipped-page.parquet",
        flipped(parquet({"text": ["kata " * n for n in range(900)]}, compression="gzip"), 2000),
        refused="cannot be read after row",
    ),
    Case("empty.parquet", b"", refused="is empty"),
    Case("numbers-as-texts.parquet", parquet({"text": [1, 2]}), refused="holds int64, expected strings"),
    Case("lists-as-texts.parquet", parquet({"text": [["a"], ["b"]]}), refused="expected strings"),
    Case("structs-as-texts.parquet", parquet({"text": [{"text": "a"}]}), refused="expected strings"),
    Case("structs-as-ids.parquet", parquet({"id": [{"id": 1}], "text": ["a"]}), refused="expected strings or numbers"),
    Case("nothing-as-texts.parquet", parquet({"text": pa.nulls(3)}), 0, 3),
    Case(
        "text-twice.parquet",
        (lambda path: pq.write_table(pa.Table.from_arrays([pa.array(["a"])] * 2, ["text"] * 2), path)),
        refused="2 columns",
    ),
    Case("empty-texts.parquet", parquet({"text": ["warga", None, "", " \n"]}), 1, 3),
    Case(
        "dictionary.parquet",
        parquet(texts("a", None, "b", kind=pa.string()) | {"text": pa.array(["a", None, "b"]).dictionary_encode()}),
        2,
        1,
    ),
    Case("large-strings.parquet", parquet(texts("a", None, kind=pa.large_string())), 1, 1),
    Case("string-views.parquet", parquet(texts("a", "warga rapat di balai desa", None, kind=pa.string_view())), 2, 1),
    Case("bytes.parquet", parquet(texts("a", b"rahasia \xff", None, kind=pa.binary())), 1, 2),
    Case("not-utf-8.parquet", parquet({"text": as_strings(b"a", b"rahasia \xff", b"b")}), 2, 1),
    Case("ids-not-utf-8.parquet", parquet({"id": as_strings(b"a", b"\xff"), "text": [SECRET, SECRET]}), 1, 1),
    Case("nested-beside.parquet", parquet({"id": [1.5, None], "text": ["a", "b"], "a.text": ["x", "y"], "user": [{"text": 1}, None]}), 2),
    Case("brotli.parquet", parquet(compression="brotli", data_page_version="2.0"), 2),
    Case("long-cell.parquet", long_parquet_cell, 1, 1, heavy=True),
    Case("bomb.parquet", many_long_texts, 2048, heavy=True),
    Case("whole.parquet.gz", gzip.compress(parquet()), 2),
    Case("whole.parquet.zst", zst(parquet()), 2),
    Case("whole-truncated.parquet.gz", gzip.compress(LONG_PARQUET)[:-500], refused="cannot be read after"),
    Case("no-parquet-inside.parquet.gz", gzip.compress(csv(rows())), refused="no Parquet inside"),
    Case("bomb-of-zeros.parquet.gz", gzip_of(b"", bytes(MB), 50, b""), refused="no Parquet inside"),
]

PLACES = [
    Case("x.csv", lambda path: path.mkdir(), refused="folder without a file to read"),
    Case("folder", folder_with("a.csv", "b.tsv.txt", "_SUCCESS", ".c.csv"), 3),
    Case("folder-of-others", folder_with("a.txt", "b.xlsx"), refused="folder without a file to read"),
    Case("loop.csv", lambda path: path.symlink_to(path), refused="cannot be read"),
    Case("looped-folder", looped_folder, refused="link to a folder above it"),
    Case("dangling.csv", lambda path: path.symlink_to(path.with_name("nothing.csv")), refused="cannot be read"),
    Case("pipe.csv", lambda path: os.mkfifo(path), refused="no regular file"),
    Case("missing.csv", lambda path: None, refused="no such file"),
    Case("nothing-*.csv", lambda path: None, refused="no file matches"),
    Case("posts.xlsx", b"PK\x03\x04", refused="tells no known format"),
    Case("posts", csv(rows()), refused="tells no known format"),
    Case("device.csv", lambda path: path.symlink_to("/dev/zero"), refused="no regular file"),
    Case("[brackets]*.csv", csv(rows()), 3),
]

CASES = [*CSV, *COMPRESSED, *JSONL, *PARQUET, *PLACES]
