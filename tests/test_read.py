"""Reading real files: what becomes an article, what becomes an error, and that nothing stops the rest."""

from __future__ import annotations

import codecs
import datetime as dt
import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import assistant.read
from assistant.errors import ReadError
from assistant.read import FORMATS, count, read
from assistant.records import Article

SAMPLES = Path(__file__).parent / "samples"
STORY = "Hujan turun sejak pagi di desa itu."


def articles(*paths: Path) -> list[Article]:
    found = list(read(paths))
    assert not [str(error) for error in found if isinstance(error, ReadError)]
    return [article for article in found if isinstance(article, Article)]


def article(path: Path, content: str | bytes) -> Article:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (found,) = articles(path)
    return found


def error(path: Path, content: str | bytes | None = None) -> ReadError:
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (found,) = read([path])
    assert isinstance(found, ReadError)
    assert found.path == path
    return found


# --- front matter -----------------------------------------------------------------------------------------------


def test_markdown_carries_its_front_matter() -> None:
    (found,) = articles(SAMPLES / "front_matter.md")
    assert found == Article(
        id="007",
        text="Warga Lembah Sari mulai memakai jembatan gantung sepanjang 120 meter.\n\nBiayanya **Rp 4,5 miliar**.",
        title="No",
        date=dt.date(2023, 5, 9),
        lang="id",
        source="Portal Contoh",
        url="https://portal.example/berita/jembatan-gantung",
        author="Budi Santoso, Rina Wijaya",
        extra={"tags": ["jembatan", "desa"], "edition": 3, "first_print": "2023-05-10"},
    )
    assert json.loads(json.dumps(found.metadata)) == found.metadata


@pytest.mark.parametrize(
    ("written", "kept"), [("007", "007"), ("0x10", "0x10"), ("2024-01-31", "2024-01-31"), ("1_0", "1_0")]
)
def test_an_id_is_what_is_written_and_not_what_yaml_makes_of_it(tmp_path: Path, written: str, kept: str) -> None:
    assert article(tmp_path / "a.md", f"---\nid: {written}\n---\n{STORY}").id == kept


@pytest.mark.parametrize("empty", ["", " ~", " null", ' ""', " '  '"])
def test_an_empty_field_is_as_good_as_none(tmp_path: Path, empty: str) -> None:
    found = article(tmp_path / "a.md", f"---\nid:{empty}\ntitle:{empty}\ndate:{empty}\nlang:{empty}\n---\n{STORY}")
    assert found == Article("a.md", STORY)


def test_markdown_without_front_matter_is_read(tmp_path: Path) -> None:
    assert article(tmp_path / "a.markdown", f"{STORY}\n\n---\n\nBesok cerah.").text == f"{STORY}\n\n---\n\nBesok cerah."


def test_empty_front_matter_and_blank_lines_above_it_are_fine(tmp_path: Path) -> None:
    assert article(tmp_path / "a.md", f"\n\n---\n---\n{STORY}").text == STORY


@pytest.mark.parametrize("heading", ["# Hujan di Desa", "#  Hujan di Desa  #"])
def test_a_heading_on_the_first_line_becomes_the_title(tmp_path: Path, heading: str) -> None:
    found = article(tmp_path / "a.md", f"{heading}\n\n{STORY}\n\n## Besok\n\nCerah.")
    assert (found.title, found.text) == ("Hujan di Desa", f"{STORY}\n\n## Besok\n\nCerah.")


def test_a_heading_that_repeats_the_title_goes_and_another_stays(tmp_path: Path) -> None:
    found = article(tmp_path / "a.md", f"---\ntitle: Hujan\n---\n# Hujan\n\n{STORY}")
    assert (found.title, found.text) == ("Hujan", STORY)
    found = article(tmp_path / "b.md", f"---\ntitle: Hujan\n---\n# Pagi\n\n{STORY}")
    assert (found.title, found.text) == ("Hujan", f"# Pagi\n\n{STORY}")


@pytest.mark.parametrize("text", ["# Hujan", f"#Hujan\n{STORY}", f"## Hujan\n{STORY}", f"#\n{STORY}"])
def test_what_is_no_title_line_stays_in_the_text(tmp_path: Path, text: str) -> None:
    found = article(tmp_path / "a.md", text)
    assert (found.title, found.text) == ("", text)


@pytest.mark.parametrize(
    ("front_matter", "line", "says"),
    [
        ("id: a\ntitle: [satu, dua", 4, "not valid YAML"),
        ("id: a\n\ttitle: b", 3, "not valid YAML"),
        ("id: a\ntitle: Gempa: besar", 3, "mapping values are not allowed"),
        ("- satu\n- dua", 2, "not a mapping"),
        ("sebuah kalimat", 2, "not a mapping"),
        ("id: a\ndate: 31 Januari 2024", 3, "'31 Januari 2024' cannot be read; good are 2024-01-31, 2024-01-31 18:30"),
        ("id: a\ndate: 2024-02-31", 3, "'2024-02-31' cannot be read"),
        ("id: a\nlang: bahasa", 3, "'bahasa' is not a language code; write en or id"),
        ("id: a\ntitle:\n  id: Gempa", 4, "`title` must be words"),
        ("id: a\nid: b", 3, "`id` stands twice"),
        ("id: a\nprinted: 2024-02-31", 3, "cannot be"),
        ("id: a\nnumber: " + "9" * 5_000, 3, "cannot be"),
        ("id: a\nrun: !!python/object/apply:os.system [ls]", 3, "not valid YAML"),
        ("a: &a [1]\nb: *a", 3, "aliases"),
        ("id: a\nb: " + "[" * 30 + "]" * 30, 3, "deep nesting"),
        ("id: a\nb: " + "[" * 50_000, 3, "deep nesting"),
    ],
)
def test_bad_front_matter_names_the_file_and_the_line(tmp_path: Path, front_matter: str, line: int, says: str) -> None:
    path = tmp_path / "a.md"
    found = error(path, f"---\n{front_matter}\n---\n{STORY}")
    assert (found.line, str(found).startswith(f"{path}:{line}: ")) == (line, True)
    assert says in found.reason


def test_lines_are_counted_in_the_file_and_not_in_the_front_matter(tmp_path: Path) -> None:
    assert error(tmp_path / "a.md", f"\r\n\r\n---\r\n\r\nid: a\r\ndate: besok\r\n---\r\n{STORY}").line == 6


def test_front_matter_that_never_ends_is_an_error(tmp_path: Path) -> None:
    found = error(tmp_path / "a.md", f"\n---\nid: a\n\n{STORY}")
    assert (found.line, "never ends" in found.reason) == (2, True)


def test_front_matter_without_text_is_an_error(tmp_path: Path) -> None:
    assert "no text" in error(tmp_path / "a.md", "---\nid: a\n---\n \n").reason


# --- dates and languages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "2024-01-31",
        "2024-01-31 23:30",
        "2024-01-31 23:30:00 +07:00",
        "2024-01-31T23:30:00Z",
        "2024-01-31T00:30:00.123456+07:00",
        "20240131",
    ],
)
def test_a_date_is_the_day_as_written(tmp_path: Path, written: str) -> None:
    assert article(tmp_path / "a.md", f"---\ndate: {written}\n---\n{STORY}").date == dt.date(2024, 1, 31)
    assert article(tmp_path / "a.jsonl", json.dumps({"text": STORY, "date": written})).date == dt.date(2024, 1, 31)


@pytest.mark.parametrize("written", ["10/19/2025 16:00", "kemarin", "2024-1-5", "2024", "1712012800", 1712012800, 1.5])
def test_a_date_that_could_mean_several_days_is_an_error(tmp_path: Path, written: object) -> None:
    found = error(tmp_path / "a.jsonl", json.dumps({"text": STORY, "date": written}))
    assert (found.line, "2024-01-31T18:30:00+07:00" in found.reason) == (1, True)


@pytest.mark.parametrize(
    ("written", "lang"),
    [("id-ID", "id"), ("EN_us", "en"), ("in", "id"), ("Indonesian", "id"), ("Bahasa Indonesia", "id"), ("jv", "jv")],
)
def test_a_language_loses_its_region(tmp_path: Path, written: str, lang: str) -> None:
    assert article(tmp_path / "a.jsonl", json.dumps({"text": STORY, "lang": written})).lang == lang


# --- web pages --------------------------------------------------------------------------------------------------


def test_a_web_page_gives_its_article_and_what_it_states() -> None:
    (found,) = articles(SAMPLES / "page.html")
    assert found == Article(
        id="https://portal.example/berita/jembatan-gantung",
        text=(
            "Warga Lembah Sari mulai memakai jembatan gantung sepanjang 120 meter yang dibuka bupati hari Selasa.\n"
            "Sebelumnya anak sekolah menyeberangi sungai dengan rakit, dan jembatan lama hanyut pada 3 Maret 2017.\n"
            "Pembangunan jembatan menelan biaya Rp 4,5 miliar & selesai dalam sebelas bulan, kata kepala desa."
        ),
        title="Jembatan Gantung Baru Dibuka di Lembah Sari",
        date=dt.date(2023, 5, 9),
        lang="id",
        source="Portal Contoh",
        url="https://portal.example/berita/jembatan-gantung",
        author="Budi Santoso",
    )


def page_with(old: str, new: str) -> str:
    page = (SAMPLES / "page.html").read_text("utf-8")
    assert old in page
    return page.replace(old, new)


def test_no_date_is_taken_from_the_story_the_footer_or_a_description(tmp_path: Path) -> None:
    stated = '<meta property="article:published_time" content="2023-05-09T23:10:00+07:00">'
    page = page_with(stated, '<meta name="description" content="Dibuka 2018-03-12 10:00">')
    assert article(tmp_path / "a.html", page).date is None


@pytest.mark.parametrize(
    "stated",
    [
        '<meta name="publishdate" content="2023/05/09 16:00:00">',
        '<meta itemprop="datePublished" content="2023-05-09">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2023-05-09T10:00:00Z"}</script>',
    ],
)
def test_a_date_stated_in_other_ways_is_found(tmp_path: Path, stated: str) -> None:
    page = page_with('<meta property="article:published_time" content="2023-05-09T23:10:00+07:00">', stated)
    assert article(tmp_path / "a.html", page).date == dt.date(2023, 5, 9)


def test_the_first_time_element_of_the_article_dates_it(tmp_path: Path) -> None:
    page = page_with('<meta property="article:published_time" content="2023-05-09T23:10:00+07:00">', "")
    page = page.replace("</h1>", '</h1><time datetime="2023-05-09">Selasa</time>')
    assert article(tmp_path / "a.html", page).date == dt.date(2023, 5, 9)


def test_a_page_without_address_goes_by_its_path(tmp_path: Path) -> None:
    page = page_with('<link rel="canonical" href="https://portal.example/berita/jembatan-gantung">', "")
    found = article(tmp_path / "a.htm", page)
    assert (found.id, found.url) == ("a.htm", "")


def test_an_odd_language_of_a_page_is_not_believed(tmp_path: Path) -> None:
    assert article(tmp_path / "a.html", page_with('lang="id-ID"', 'lang="{{ lang }}"')).lang == ""


def test_a_fragment_of_a_page_is_read(tmp_path: Path) -> None:
    sentence = "Warga Lembah Sari mulai memakai jembatan gantung yang dibuka bupati pada hari Selasa."
    assert article(tmp_path / "a.html", f"<p>{sentence}</p>").text == sentence


def test_a_page_in_an_old_encoding_is_read(tmp_path: Path) -> None:
    page = page_with("kata kepala desa", "kata “kepala desa” José").replace(
        "<head>", '<head><meta charset="windows-1252">'
    )
    assert "kata “kepala desa” José." in article(tmp_path / "a.html", page.encode("cp1252")).text


@pytest.mark.parametrize(
    "page",
    [
        (SAMPLES / "menu.html").read_text("utf-8"),
        "<html><body></body></html>",
        "<html><body>" + "<div>" * 20_000 + "</div>" * 20_000,
        "<!-- nothing -->",
    ],
    ids=["menu", "empty", "deep", "comment"],
)
def test_a_page_without_an_article_is_an_error(tmp_path: Path, page: str) -> None:
    assert "has no article" in error(tmp_path / "a.html", page).reason


def test_nothing_of_a_page_is_run(tmp_path: Path) -> None:
    page = page_with(
        "</article>", "<script>document.write('Kalimat dari skrip yang tidak boleh muncul.')</script></article>"
    )
    assert "skrip" not in article(tmp_path / "a.html", page).text


# --- JSON Lines -------------------------------------------------------------------------------------------------


def test_json_lines_give_one_article_a_line() -> None:
    assert articles(SAMPLES / "stories.jsonl") == [
        Article(
            "12",
            "Air sungai naik dua meter.",
            title="Banjir",
            date=dt.date(2024, 1, 31),
            lang="id",
            extra={"rainfall_mm": 210},
        ),
        Article(
            "https://portal.example/b",
            "The bridge opened on Tuesday.",
            lang="en",
            url="https://portal.example/b",
        ),
        Article("stories.jsonl:4", "Harga beras turun.", extra={"scores": [1, None]}),
    ]


def test_compressed_json_lines_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "stories.jsonl.gz").write_bytes(gzip.compress((SAMPLES / "stories.jsonl").read_bytes()))
    plain, compressed = articles(SAMPLES / "stories.jsonl"), articles(tmp_path)
    assert compressed[:2] == plain[:2]
    assert compressed[2].id == "stories.jsonl.gz:4"


def test_json_lines_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert article(tmp_path / "a.jsonl", codecs.BOM_UTF8 + b'{"text": "Hujan."}').text == "Hujan."


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[1, 2]", "not a JSON object"),
        ('"Hujan"', "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"text": ', "not valid JSON"),
        ("Hujan turun.", "not valid JSON"),
        ('{"title": "Hujan"}', "has no text"),
        ('{"text": "  "}', "has no text"),
        ('{"text": "\\u0000\\ud800"}', "has no text"),
        ('{"text": ["Hujan"]}', "has no text"),
        ('{"text": "Hujan", "title": {"id": "Hujan"}}', "`title` must be words"),
        ('{"text": "Hujan", "id": true}', "`id` must be words"),
        ('{"text": "Hujan", "author": [1]}', "`author` must be words"),
        ('{"text": "Hujan", "lang": "??"}', "not a language code"),
        ('{"text": "Hujan", "n": ' + "9" * 5_000 + "}", "not valid JSON"),
        ('{"text": "Hujan", "n": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
        ('{"text": "Hujan", "n": ' + "[" * 600 + "]" * 600 + "}", "nested too deeply"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"text": "Pagi."}}\n{line}\n{{"text": "Malam."}}\n', "utf-8")
    before, bad, after = read([path])
    assert isinstance(before, Article)
    assert isinstance(after, Article)
    assert isinstance(bad, ReadError)
    assert (before.text, after.text, bad.line) == ("Pagi.", "Malam.", 2)
    assert says in bad.reason


def test_a_line_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    found = error(tmp_path / "a.jsonl", '{"text": "José"}'.encode("latin-1"))
    assert (found.line, found.reason) == (1, "is not UTF-8; save the file as UTF-8")


@pytest.mark.parametrize(
    "content", ['{"text": "Hujan"}'.encode("utf-16"), b"\x89PNG\r\n\0\n\0"], ids=["utf-16", "binary"]
)
def test_json_lines_that_are_not_utf_8_at_all_are_one_error(tmp_path: Path, content: bytes) -> None:
    assert "is not JSON Lines in UTF-8" in error(tmp_path / "a.jsonl", content).reason


def test_a_damaged_gzip_file_keeps_what_could_be_read(tmp_path: Path) -> None:
    rows = b"".join(b'{"id": "%d", "text": "%s"}\n' % (n, os.urandom(500).hex().encode()) for n in range(200))
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(rows)[:-20_000])
    *good, bad = read([path])
    assert len(good) > 10
    assert all(isinstance(found, Article) for found in good)
    assert isinstance(bad, ReadError)
    assert (bad.line, "is damaged" in bad.reason) == (len(good) + 1, True)


def test_a_gzip_file_that_is_none_is_an_error(tmp_path: Path) -> None:
    assert "is damaged" in error(tmp_path / "a.jsonl.gz", b'{"text": "Hujan"}').reason


def test_a_line_too_long_for_memory_is_named_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant.read, "MAX_FILE_BYTES", 100)
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "a" * 350}) + '\n{"text": "Malam."}\n', "utf-8")
    bad, good = read([path])
    assert isinstance(bad, ReadError)
    assert isinstance(good, Article)
    assert (bad.line, "is longer than" in bad.reason) == (1, True)
    assert (good.id, good.text) == ("a.jsonl:2", "Malam.")


# --- encodings --------------------------------------------------------------------------------------------------

QUOTED = "“Hujan turun,” kata José — “sejak pagi.”"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_the_encodings_of_english_and_indonesian_are_read(tmp_path: Path, encoding: str) -> None:
    assert article(tmp_path / "a.txt", QUOTED.encode(encoding)).text == QUOTED


def test_latin_1_is_read(tmp_path: Path) -> None:
    assert article(tmp_path / "a.txt", "José di São Paulo".encode("latin-1")).text == "José di São Paulo"


@pytest.mark.parametrize(
    "content",
    [
        "ミャンマーはロシアから武器を購入した。".encode("shift_jis"),
        "Мьянма купила оружие у России.".encode("cp1251"),
        "缅甸从俄罗斯购买武器。".encode("gbk"),
        f"{QUOTED}\n".encode() * 3 + b"\xff rusak",
        f"{QUOTED}\n".encode() + "José".encode("latin-1"),
        codecs.BOM_UTF16_LE + b"H\0u\0j",
        b"kotak \x81 kosong",
    ],
    ids=["shift_jis", "cp1251", "gbk", "utf-8 damaged", "two encodings", "half a letter", "unused byte"],
)
def test_what_cannot_be_decoded_for_sure_is_an_error(tmp_path: Path, content: bytes) -> None:
    assert "save it as UTF-8" in error(tmp_path / "a.txt", content).reason


def test_a_wrong_byte_is_named_by_its_line(tmp_path: Path) -> None:
    assert error(tmp_path / "a.txt", f"{QUOTED}\n{QUOTED}\n".encode() + b"rusak \xff").line == 3


@pytest.mark.parametrize(
    "content", [b"GIF89a\0\1\2", b"Hujan\0turun", bytes(range(1, 9)) * 9], ids=["gif", "nul", "controls"]
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_a_binary_file_is_an_error(tmp_path: Path, name: str, content: bytes) -> None:
    assert error(tmp_path / name, content).reason == "is a binary file; only text can be read"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("satu\r\ndua\rtiga\n", "satu\ndua\ntiga\n"),
        ("satu\u2028dua\x0ctiga", "satu\ndua\ntiga"),
        ("ha\x07lo\x1b[0m\x7f\x9f", "halo[0m"),
        ("kolom\tdua", "kolom\tdua"),
        ("cafe\u0301 \ufeffu\ufeff", "café u"),
    ],
)
def test_line_ends_controls_and_accents_are_made_one(tmp_path: Path, written: str, read_as: str) -> None:
    assert article(tmp_path / "a.txt", f"{written}{STORY}").text == f"{read_as}{STORY}"
    assert article(tmp_path / "a.jsonl", json.dumps({"text": f"{written}{STORY}"})).text == f"{read_as}{STORY}"


def test_lone_surrogates_go_everywhere(tmp_path: Path) -> None:
    found = article(tmp_path / "a.jsonl", '{"text": "a\\ud800b", "title": "\\udfffc", "x": [{"\\ud800k": "\\ud800v"}]}')
    assert (found.text, found.title, found.extra) == ("ab", "c", {"x": [{"k": "v"}]})


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.jsonl", "a.jsonl.gz"])
def test_an_empty_file_is_an_error(tmp_path: Path, name: str) -> None:
    assert error(tmp_path / name, b"").reason.startswith("is empty")


@pytest.mark.parametrize("content", [" \n\t\r\n ", "\ufeff\n", "\x07\n"])
def test_a_file_of_white_space_is_an_error(tmp_path: Path, content: str) -> None:
    assert "nothing but white space" in error(tmp_path / "a.txt", f" {content} \n ").reason


def test_a_very_large_file_is_an_error_unless_it_is_json_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant.read, "MAX_FILE_BYTES", 200)
    assert "is larger than" in error(tmp_path / "a.txt", "a" * 201).reason
    assert article(tmp_path / "b.txt", "a" * 200).text == "a" * 200
    (tmp_path / "c.jsonl").write_text('{"text": "Hujan."}\n' * 20, "utf-8")
    assert len(articles(tmp_path / "c.jsonl")) == 20


# --- folders ----------------------------------------------------------------------------------------------------


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{STORY} {name}", "utf-8")


def test_a_folder_is_read_with_all_below_it_in_order(tmp_path: Path) -> None:
    fill(tmp_path, "b.txt", "a.MD", "2024/z.txt", "2024/01/y.txt", "foto.jpg", "c.pdf", "tanpa-akhiran")
    assert [found.id for found in articles(tmp_path)] == ["2024/01/y.txt", "2024/z.txt", "a.MD", "b.txt"]


def test_files_about_the_folder_and_hidden_ones_are_passed_over(tmp_path: Path) -> None:
    fill(
        tmp_path, "README.md", "readme.txt", "SOURCES.md", "LICENSE-CC.txt", ".hidden.md", ".git/a.md", "x/README.id.md"
    )
    fill(tmp_path, "sources-say.md", "license_to_fish.txt")
    assert [found.id for found in articles(tmp_path)] == ["license_to_fish.txt", "sources-say.md"]


@pytest.mark.parametrize("name", ["README.md", ".hidden.txt", "LICENSE.txt"])
def test_a_file_named_directly_is_read(tmp_path: Path, name: str) -> None:
    fill(tmp_path, name)
    assert [found.id for found in articles(tmp_path / name)] == [name]


def test_another_format_named_directly_is_an_error_that_lists_the_formats(tmp_path: Path) -> None:
    reason = error(tmp_path / "a.pdf", b"%PDF-1.7").reason
    assert all(suffix in reason for suffix in FORMATS)


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert list(read([tmp_path])) == []
    assert list(read([])) == []


def test_a_missing_path_is_an_error_and_the_next_is_read(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt")
    missing, found = read([tmp_path / "tidak-ada", tmp_path / "a.txt"])
    assert isinstance(missing, ReadError)
    assert isinstance(found, Article)
    assert "does not exist" in missing.reason


def test_one_bad_file_does_not_stop_the_rest(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "c.txt")
    (tmp_path / "b.md").write_text("---\nid: [\n---\n", "utf-8")
    found = list(read([tmp_path]))
    assert [type(each) for each in found] == [Article, ReadError, Article]


def test_count_tells_how_many_files_are_read(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "x/b.md", "foto.jpg", "README.md")
    assert count([tmp_path]) == 2
    assert count([tmp_path, tmp_path / "a.txt", tmp_path / "README.md", tmp_path / "foto.jpg", tmp_path / "?"]) == 3


def test_a_circle_of_links_ends(tmp_path: Path) -> None:
    fill(tmp_path, "x/a.txt", "y/b.txt")
    (tmp_path / "x" / "up").symlink_to(tmp_path)
    (tmp_path / "x" / "y").symlink_to(tmp_path / "y")
    (tmp_path / "y" / "self.txt").symlink_to(tmp_path / "y" / "self.txt")
    (tmp_path / "y" / "self").symlink_to(tmp_path / "y" / "self")
    found = list(read([tmp_path]))
    assert [each.id for each in found if isinstance(each, Article)] == ["x/a.txt", "y/b.txt"]
    (bad,) = (each for each in found if isinstance(each, ReadError))
    assert (bad.path, "cannot be read" in bad.reason) == (tmp_path / "y" / "self.txt", True)


def test_a_link_to_a_folder_elsewhere_is_followed(tmp_path: Path) -> None:
    fill(tmp_path, "here/a.txt", "there/b.txt")
    (tmp_path / "here" / "more").symlink_to(tmp_path / "there")
    assert [found.id for found in articles(tmp_path / "here")] == ["a.txt", "more/b.txt"]


def test_a_broken_link_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "hilang.txt")
    assert "does not exist" in error(tmp_path / "a.txt").reason
    (found,) = read([tmp_path])
    assert isinstance(found, ReadError)


def test_a_pipe_is_an_error_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert "not a regular file" in error(tmp_path / "a.txt").reason


@contextmanager
def as_nobody() -> Iterator[None]:
    """A user without rights: where the tests run as root, permissions would stop nothing."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_what_this_user_may_not_read_is_named_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "a.txt", "b.txt", "x/c.txt")
    tmp_path.chmod(0o755)
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "x").chmod(0)
    monkeypatch.chdir(tmp_path)  # the folders above are closed to nobody too
    with as_nobody():
        found = list(read([Path()]))
    (tmp_path / "x").chmod(0o700)
    assert [str(each) if isinstance(each, ReadError) else each.id for each in found] == [
        "a.txt: may not be read by this user; change its permissions",
        "b.txt",
        "x: may not be read by this user; change its permissions",
    ]


def test_a_file_name_that_is_no_text_is_read(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"a\xff.txt")).write_text(STORY, "utf-8")
    (found,) = articles(tmp_path)
    assert found.id == "a.txt"


# --- identity ---------------------------------------------------------------------------------------------------


def test_identity_is_the_id_else_the_address_else_the_path(tmp_path: Path) -> None:
    url = "https://portal.example/a"
    assert article(tmp_path / "a.md", f"---\nid: satu\nurl: {url}\n---\n{STORY}").id == "satu"
    assert article(tmp_path / "a.md", f"---\nurl: {url}\n---\n{STORY}").id == url
    assert article(tmp_path / "a.md", STORY).id == "a.md"


def test_the_same_words_under_two_paths_are_two_articles(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(STORY, "utf-8")
    assert [found.id for found in articles(tmp_path)] == ["a.txt", "b.txt"]


def test_an_id_used_twice_is_an_error_that_names_both_places(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"---\nid: banjir\n---\n{STORY}", "utf-8")
    (tmp_path / "b.jsonl").write_text('{"id": "hujan", "text": "a"}\n{"id": "banjir", "text": "b"}\n', "utf-8")
    first, second, third = read([tmp_path])
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert isinstance(third, ReadError)
    assert (first.id, second.id, third.path, third.line) == ("banjir", "hujan", tmp_path / "b.jsonl", 2)
    assert third.reason == f"has the id 'banjir', and so has {tmp_path / 'a.md'}; give each article an id of its own"


def test_an_id_repeated_in_one_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"id": "a", "text": "a"}\n{"id": "a", "text": "b"}\n', "utf-8")
    _, second = read([tmp_path])
    assert isinstance(second, ReadError)
    assert f"so has {tmp_path / 'b.jsonl'}:1" in second.reason


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    fill(tmp_path, "x/a.txt")
    assert [found.id for found in articles(tmp_path, tmp_path / "x", tmp_path / "x" / "a.txt")] == ["x/a.txt"]


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    fill(tmp_path, "c.txt", "a/b.md", "a.txt")
    paths = [tmp_path, SAMPLES / "page.html", SAMPLES / "stories.jsonl"]
    assert articles(*paths) == articles(*paths)


# --- anything ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix != ".jsonl.gz"])
@settings(deadline=None)  # the first page also waits for trafilatura to load
@given(
    st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_any_bytes_give_articles_or_errors_and_never_an_exception(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    for start in (b"", b"---\n", b"<p>", b'{"text": "'):
        path.write_bytes(start + content)
        for found in read([path]):
            assert isinstance(found, ReadError) or (found.text.strip() and found.text.encode("utf-8"))
