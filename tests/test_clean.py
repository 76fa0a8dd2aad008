"""What goes, what stays, and what cleaning promises of any text at all."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.clean import DAY, DOMAIN, END_OF_LINE, HEAD, IN_PARENTHESES, LAST_LINES, LINES, MARKS, PLACE, clean
from assistant.records import Article

SAMPLES = Path(__file__).parent / "samples"
FIRST = "Hujan turun sejak pagi di desa itu."
LAST = "Warga kembali ke rumah pada malam hari."

EVERY_RULE = [*MARKS, *LINES, *LAST_LINES]
GOES = [pytest.param(rule.name, line, id=f"{rule.name}: {line[:40]}") for rule in EVERY_RULE for line in rule.goes]
STAYS = [pytest.param(line, id=f"{rule.name}: {line[:40]}") for rule in EVERY_RULE for line in rule.stays]


def cleaned(text: str) -> str:
    return clean(Article("a", text)).text


@pytest.mark.parametrize(("rule", "line"), GOES)
def test_clutter_goes(rule: str, line: str) -> None:
    at_the_end = rule in {rule.name for rule in LAST_LINES}
    text = f"{FIRST}\n{LAST}\n{line}" if at_the_end else f"{FIRST}\n{line}\n{LAST}"
    assert cleaned(text) == f"{FIRST}\n{LAST}"


@pytest.mark.parametrize("line", STAYS)
def test_a_sentence_that_looks_like_clutter_stays(line: str) -> None:
    assert cleaned(f"{FIRST}\n{line}\n{LAST}") == f"{FIRST}\n{line}\n{LAST}"
    assert cleaned(f"{FIRST}\n{line}") == f"{FIRST}\n{line}"


@pytest.mark.parametrize("rule", LAST_LINES, ids=lambda rule: rule.name)
def test_what_goes_only_at_the_end_stays_above_it(rule: Any) -> None:
    for line in rule.goes:
        assert cleaned(f"{FIRST}\n{line}\n{LAST}") == f"{FIRST}\n{line}\n{LAST}"


def test_rule_names_are_unique() -> None:
    assert len({rule.name for rule in EVERY_RULE}) == len(EVERY_RULE)


def test_an_article_with_all_kinds_of_clutter_becomes_the_story() -> None:
    story = clean(Article("a", (SAMPLES / "clutter.txt").read_text("utf-8")))
    assert story.text == (
        "Petani bawang di Brebes memulai panen raya pekan ini.\n"
        '"Hasilnya naik dua kali lipat," kata ketua kelompok tani.\n\n'
        "Panen itu menghasilkan 900 ton bawang merah.\n"
        "Harga jual petani Rp 18.000 per kilogram."
    )
    assert story.extra == {"place": "Brebes", "agency": "KOMPAS.com", "editor": "Rina Wijaya"}


def test_a_headline_under_a_bare_pointer_goes_and_a_paragraph_there_stays() -> None:
    headline = "Menteri Tinjau Gudang Beras di Karawang"
    paragraph = 'Negara itu adalah mitra kami," terang Menteri Luar Negeri.'
    assert cleaned(f"{FIRST}\nBACA JUGA:\n\n{headline}\n{LAST}") == f"{FIRST}\n\n{LAST}"
    assert cleaned(f"{FIRST}\nBACA JUGA:\n{paragraph}\n{LAST}") == f"{FIRST}\n{paragraph}\n{LAST}"


def test_only_one_headline_goes_with_a_pointer() -> None:
    assert cleaned(f"{FIRST}\nBaca Juga\nHarga Beras Turun Lagi\nDaftar Harga Beras Terbaru\n{LAST}") == (
        f"{FIRST}\nDaftar Harga Beras Terbaru\n{LAST}"
    )


def test_a_pointer_glued_to_a_paragraph_stays_with_it() -> None:
    line = "Baca juga: Harga Beras Naik " + "Menurut menteri, stok beras cukup untuk tiga bulan ke depan. " * 3
    assert cleaned(f"{FIRST}\n{line}") == f"{FIRST}\n{line.strip()}"


@pytest.mark.parametrize(
    ("dateline", "facts"),
    [
        ("JAKARTA - ", {"place": "Jakarta"}),
        ("JAKARTA — ", {"place": "Jakarta"}),
        ("JAKARTA – ", {"place": "Jakarta"}),
        ("JAKARTA—", {"place": "Jakarta"}),
        ("Jakarta - ", {"place": "Jakarta"}),
        ("**JAKARTA** - ", {"place": "Jakarta"}),
        ("KABUPATEN BANDUNG - ", {"place": "Kabupaten Bandung"}),
        ("Jakarta Selatan - ", {"place": "Jakarta Selatan"}),
        ("WONOSOBO - ", {"place": "Wonosobo"}),
        ("JAKARTA, KOMPAS.com - ", {"place": "Jakarta", "agency": "KOMPAS.com"}),
        ("Liputan6.com, New York - ", {"place": "New York", "agency": "Liputan6.com"}),
        ("Jakarta, CNN Indonesia -- ", {"place": "Jakarta", "agency": "CNN Indonesia"}),
        ("Jakarta (ANTARA) - ", {"place": "Jakarta", "agency": "ANTARA"}),
        ("NAYPYITAW (Reuters) - ", {"place": "Naypyitaw", "agency": "Reuters"}),
        ("NAYPYITAW, Myanmar (AP) — ", {"place": "Naypyitaw, Myanmar", "agency": "AP"}),
        ("MANILA (Philnews) - ", {"place": "Manila", "agency": "Philnews"}),
        (
            "JAKARTA, July 13 (Reuters) - ",
            {"place": "Jakarta", "agency": "Reuters", "dateline": "JAKARTA, July 13 (Reuters)"},
        ),
        ("KOMPAS.com - ", {"agency": "KOMPAS.com"}),
        ("VIVA – ", {"agency": "VIVA"}),
    ],
)
def test_a_dateline_becomes_facts(dateline: str, facts: dict[str, str]) -> None:
    story = clean(Article("a", dateline + FIRST))
    assert (story.text, story.extra) == (FIRST, facts)


@pytest.mark.parametrize(
    "text",
    [
        "Jakarta - Bandung kini hanya 40 menit dengan kereta cepat.",
        "JAKARTA - BANDUNG dibuka kembali hari ini.",
        "Jakarta - kota yang tidak tidur - merayakan ulang tahunnya.",
        "Susilo Bambang Yudhoyono (SBY) - Boediono memenangi pemilihan.",
        "Rusia - Ukraina sepakat bertukar tahanan.",
        "JAKARTA - SURABAYA ditempuh dalam tujuh jam.",
        "Jakarta - Banda Aceh kini terhubung penerbangan langsung.",
        "GEMPA CIANJUR - KORBAN TERUS BERTAMBAH",
        "EKSKLUSIF - Menteri bicara tentang anggaran.",
        "Menteri itu - menurut warga - tidak pernah datang.",
        "Tokoped.com - Bukalapa.com bergabung.",
        "BPS - Inflasi turun.",
        "Reuters, Bloomberg - Dua kantor berita itu sepakat.",
        "Kereta jurusan Jakarta- Bogor anjlok di Kebon Pedes.",
        "JAKARTA - ",
    ],
)
def test_a_sentence_with_a_dash_is_no_dateline(text: str) -> None:
    story = clean(Article("a", f"{text}\n{LAST}"))
    assert (story.text, story.extra) == (f"{text.strip()}\n{LAST}", {})


@pytest.mark.parametrize(
    "story",
    [
        "Rusia dan Myanmar memperkuat kerja sama.",
        "Indonesia membeli pesawat.",
        "Jawa Barat menaikkan upah.",
        "KPK diam.",
    ],
)
@pytest.mark.parametrize("place", ["JAKARTA", "Jakarta"])
def test_a_story_that_begins_with_a_country_keeps_it_behind_the_dateline(place: str, story: str) -> None:
    found = clean(Article("a", f"{place} - {story}"))
    assert (found.text, found.extra) == (story, {"place": "Jakarta"})


def test_a_city_in_ordinary_letters_behind_a_city_in_capitals_is_the_story() -> None:
    assert cleaned("JAKARTA - Bandung menjadi tuan rumah.") == "Bandung menjadi tuan rumah."


def test_a_dateline_stands_only_at_the_beginning() -> None:
    assert cleaned(f"{FIRST}\nJAKARTA - {LAST}") == f"{FIRST}\nJAKARTA - {LAST}"


def test_a_dateline_below_clutter_is_found() -> None:
    story = clean(Article("a", f"Foto: Dok. Portal\n\nJAKARTA - {FIRST}"))
    assert (story.text, story.extra) == (FIRST, {"place": "Jakarta"})


def test_what_the_source_said_wins_over_the_text() -> None:
    article = Article(
        "a", f"JAKARTA - {FIRST}\nPenulis: Rina Wijaya", author="Budi", extra={"place": "Bogor", "page": 3}
    )
    story = clean(article)
    assert (story.text, story.author, story.extra) == (FIRST, "Budi", {"place": "Bogor", "page": 3})


def test_the_reporter_becomes_the_author_where_none_is_known() -> None:
    story = clean(Article("a", f"{FIRST}\nPewarta : Budi Santoso\nEditor : Rina Wijaya\nCopyright © ANTARA 2024"))
    assert (story.text, story.author, story.extra) == (FIRST, "Budi Santoso", {"editor": "Rina Wijaya"})


@pytest.mark.parametrize(
    "end", ["(abc/def)", "(rin)", "[*]", "(*)", "[ab/cd]", "(Reporting by Ana Cruz; Editing by T. Lee)"]
)
def test_initials_behind_the_last_sentence_go(end: str) -> None:
    assert cleaned(f"{FIRST}\n{LAST} {end}") == f"{FIRST}\n{LAST}"


@pytest.mark.parametrize("end", ["lembaga antirasuah (KPK)", "seluas 800 hektare (ha)", "bus. (dua rusak berat)"])
def test_an_abbreviation_at_the_end_stays(end: str) -> None:
    assert cleaned(f"{FIRST}\nIa memeriksa {end}") == f"{FIRST}\nIa memeriksa {end}"


def test_spaces_and_blank_lines_collapse_and_paragraphs_stay_apart() -> None:
    assert cleaned(f"\n\n  {FIRST} \t \n\n\n\u00a0\n{LAST}\n  Tidak  ada\u00a0korban. \n") == (
        f"{FIRST}\n\n{LAST}\nTidak ada korban."
    )


@pytest.mark.parametrize("text", ["ADVERTISEMENT", "Baca juga: Harga Beras Naik\n\nFoto: Dok. Portal ", " \n "])
def test_an_article_that_is_all_clutter_stays_as_it_is(text: str) -> None:
    article = Article("a", text)
    assert clean(article) is article


def test_everything_else_of_an_article_stays() -> None:
    article = Article("a", FIRST, title="Hujan", lang="id", source="Portal", url="https://portal.example/a")
    assert clean(article) == article


CLUTTER = st.sampled_from(
    [line for rule in EVERY_RULE for line in (*rule.goes, *rule.stays)]
    + [
        "JAKARTA - ",
        "Jakarta (ANTARA) - ",
        "KOMPAS.com - ",
        " - ",
        " (abc/def)",
        "[Gambas:",
        "]",
        "SCROLL TO ",
        ".",
        '"',
    ]
    + [
        "CONTINUE WITH CONTENT",
        "Harga Beras Turun di Karawang",
        "\n",
        "\n\n",
        " ",
        "*",
        "Baca juga:",
        FIRST,
        "\u00a0",
        "a",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(CLUTTER, max_size=12).map("".join), st.lists(CLUTTER, max_size=12).map("\n".join))


@given(TEXTS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(Article("a", text))
    assert clean(once) == once


@given(TEXTS)
def test_cleaning_never_adds_a_letter(text: str) -> None:
    result = cleaned(text)
    assert len(result) <= len(text)
    left = iter(text)
    assert result == text or all(letter in left for letter in result if not letter.isspace())


@given(TEXTS)
def test_cleaning_never_leaves_nothing_of_something(text: str) -> None:
    assert bool(cleaned(text).strip()) == bool(text.strip())


def _repeats(node: Any, around: int = 1) -> list[int]:
    """For each repeat of a parsed pattern, how often it runs at most, times those it stands in."""
    found: list[int] = []
    for operation, argument in node:
        name = str(operation)
        if name.endswith("_REPEAT"):
            times = around * int(argument[1])
            found += [times, *_repeats(argument[2], times)]
        elif name == "SUBPATTERN":
            found += _repeats(argument[-1], around)
        elif name in ("ASSERT", "ASSERT_NOT"):
            found += _repeats(argument[1], around)
        elif name == "BRANCH":
            found += [times for branch in argument[1] for times in _repeats(branch, around)]
    return found


def _most_repeats(pattern: str, flags: int = 0) -> int:
    parser = import_module("re._parser")  # typeshed does not know it as a part of re
    return max(_repeats(parser.parse(pattern, flags & ~re.UNICODE)), default=1)


@pytest.mark.parametrize(
    "pattern",
    [*(rule.pattern for rule in EVERY_RULE), HEAD, IN_PARENTHESES, PLACE, DOMAIN, DAY, END_OF_LINE],
    ids=lambda pattern: pattern.pattern[:40],
)
def test_every_pattern_looks_at_a_bounded_number_of_letters(pattern: re.Pattern[str]) -> None:
    """No repeat is open-ended, alone or through nesting, so one attempt costs no more on 100 kB than on 1 kB."""
    assert _most_repeats(pattern.pattern, pattern.flags) <= 500


@pytest.mark.parametrize("pattern", [r"(?:a|(?=b+))c", r"(?:a{0,100}b){0,100}", r"(a*+)c", r"a+?b"])
def test_the_check_of_patterns_sees_an_open_repeat(pattern: str) -> None:
    assert _most_repeats(pattern) > 500


@pytest.mark.parametrize(
    "unit", ["[Gambas:", "A - ", "(ab) ", "Baca juga: ", "BACA JUGA:\n", "JAKARTA - ", "*", '." (ab)', "\n "]
)
def test_100_kb_of_anything_comes_through(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    once = clean(Article("a", text))
    assert len(once.text) <= len(text)
    assert clean(once) == once
