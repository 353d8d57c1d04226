"""Posts that try to break the text rules: fragments of everything that spans chunks or hides, put together at random."""

from __future__ import annotations

from hypothesis import strategies as st

FRAGMENTS = (
    # page furniture
    *(
        "SUKAMAJU,",
        "Kabarnusa",
        "KOTA",
        "(Antara)",
        "Media.com,",
        "kabar.id",
        "–",
        "—",
        "-",
        "--",
        "BACA JUGA:",
        "Baca juga:",
        "baca",
        "juga:",
    ),
    *("JUGA", ":", "Simak", "Berita terkait:", "ADVERTISEMENT", "SCROLL TO CONTINUE", "Diteruskan", "Diteruskan:", "[Gambas:Instagram]"),
    *("[Gambas:", "x]", "Iklan", "Editor:", "Pilihan Editor:", "gulir", "|", "(Baca juga:", ")"),
    # ballot numbers and what only looks so
    *(
        "nomor",
        "Nomor",
        "urut",
        "2",
        "02",
        "03",
        "#3",
        "no.",
        "no",
        "dua",
        "pilih",
        "memilih",
        "coblos",
        "jari",
        "salam",
        "1",
        "tim",
        "orang",
    ),
    *("%", "2 orang", "saja", "rt", "km", "jam", "pasal", "UU", "Mei", "nomor2", "calon2", "cawapres"),
    # numbers of persons
    *("0812", "3456", "7890", "0812-3456-7890", "+62", "(021)", "555", "1234567890123456", "19850101", "201001", "001", "3201", "xxxx"),
    *("0812xxxx", "1.234.567", "2019", "2024", "0812--3456--7890", "021--0001", "\u2010", "\u2011", "012 - 2024"),
    # handles, links, addresses
    *("@budi", "@", "@budi:", "@budi.s", "budi@mail.com", "@mail", "https://x.co/a", "https://", "www.x.id", "makan.di", "x.com", "x.com/"),
    # names and placeholders
    *("Partai", "partai", "Bulan", "Maju", "PDI", "Perjuangan", "PDI-P", "PAN", "PKS", "Golkar", "Demokrat", "Budi", "Santoso", "Budi-Ani"),
    *("#BudiMenang", "#2024gantipresiden", "#Coblos3", "#PKSMenang", "<URL>", "<CALON>", "<", ">", "<calon", "calon>"),
    # what hides a character
    *(
        "&amp;",
        "&lt;CALON&gt;",
        "&#50;",
        "&amp;amp;lt;",
        "&nbsp;",
        "\u200b",
        "\u202e",
        "\u200f",
        "\ud800",
        "\x00",
        "\xad",
        "\ufe0f",
        "\u0336",
    ),
    *(
        "ð\x9f\x98\x80",
        "â€™",
        "Ã©",
        "é",
        "e\u0301",
        "２",
        "①",
        "½",
        "㎏",
        "𝗽𝗶𝗹𝗶𝗵",
        "ﬁ",
        "ٱ",
        "\u0654",
        "\u2028",
        "\x85",
        "\u3000",
        "ı",
        "İ",
        "ß",
        "ſ",
    ),
    # emoji, marks, words
    *("👍🏽", "☝🏻", "2️⃣", "✌️", "❤️", "🇮🇩", "!!!", "???", "...", '"', "“", "(", ".", ",", "*", "_", "#", "nggak", "tidakkk", "jalan-jalan"),
    # tags of HTML, whole, cut off and hidden
    *(
        "<br>",
        "<br />",
        "</p>",
        "<b>",
        "</b>",
        "<a",
        'href="x.co">',
        "<a href='x'>",
        "&lt;br&gt;",
        "＜br＞",
        "<b<b>r>",
        "<\u0336a",
        "<&#97;",
        "&&#108;t;a",
        "<&sol;",
        "a href='x'>",
        "<3",
        "<br",
        "&#60;i>",
    ),
    # breaks that an export wrote out, also hidden ones, and paths
    *(r"\n", r"\r\n", r"\t", r".\nInfo", r"C:\new", "\\", "n", "&#92;", "&bsol;n", "\uff3cn", "&#65340;", r"data\lama\teks", "C:"),
    *("jalan2", "anak2nya", "maaaaf", "wkwkwk", "bangett", "hati-hati", "setuju", "Kami", "tetap"),
)

posts = st.lists(st.tuples(st.sampled_from(FRAGMENTS), st.sampled_from((" ", " ", " ", "", "\n"))), max_size=9).map(
    lambda pairs: "".join(fragment + gap for fragment, gap in pairs)
)
any_text = st.text(st.characters(), max_size=60)  # also surrogates, which no codec takes

#: What may not raise, by name.
MONSTERS = {
    "empty": "",
    "spaces": " \t\n\r\u3000 ",
    "one megabyte without a space": "a" * 1_000_000,
    "one megabyte of a handle": "@" * 1_000_000,
    "one megabyte of hidden digits": "0812" + "x" * 1_000_000,
    "one megabyte of dots": "a." * 500_000,
    "lone surrogates": "\ud800pilih \udfff02\ud83d",
    "nul": "pilih\x00nomor\x002",
    "only nul": "\x00" * 50,
    "right to left": "\u202e\u200fpilih\u202c nomor\u200e 2\u2069",
    "a thousand tags": " ".join(f"#tagar{i}GantiBupati" for i in range(1000)),
    "a thousand tags in one": "#ganti" * 1000,
    "nested entities": "&" + "amp;" * 3000 + "lt;",
    "many marks on a letter": "p" + "\u0337" * 5000 + "ilih",
    "many datelines": "KOTA, Kabar.id – " * 500 + "Isi.",
    "many links": "BACA JUGA: Satu Dua Tiga " * 500,
    "many brackets": "[Gambas:" * 2000 + "(" * 2000,
    "many tags": "<b " * 50_000 + ">" * 50_000 + "<br>" * 50_000 + "<a " + "x" * 1_000_000,
    "many breaks written out": r"a\n" * 200_000,
    "one megabyte of backslashes": "\\" * 1_000_000,
    "many hidden breaks": "&#92;n" * 100_000,
    "many numbers": "0812 3456 " * 2000,
    "many numbers between dashes": "0812 - 3456 - " * 2000,
    "many introductions": "paslon nomor " * 20_000 + "x coblos nomor 2",
    "many pairs without a number": "pasangan " * 20_000 + "coblos nomor 2",
    "many addresses": "Ani Lestari " + "pak " * 50_000,
}
