"""Web pages: the article and what the page states, and nothing from around it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from assistant.records import Article
from tests.read.helpers import SAMPLES, article, articles, error


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
