"""What a reader does with an answer in a real browser: look closer, go on, stop, ask again, change, copy, share."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from assistant.config import Settings
from assistant.history import History, history_url
from assistant.web.app import create_app
from assistant.web.memory import Memory
from tests.browser.conftest import DESKTOP, PHONE, Desk, Visit, serving
from tests.fakes import ARMS, LIBRARY, FakeChain

WEAPONS = "what weapons did Myanmar buy from Russia?"
SENJATA = "apa senjata Myanmar?"
RICE = "what is the price of rice?"
BOTH = pytest.mark.parametrize("is_phone", [False, True], ids=["desktop", "phone"])


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(history_url(Settings(history=str(tmp_path / "history.sqlite3")))) as history:
        yield history


@pytest.fixture
def kept(history: History) -> Iterator[Desk]:
    """A server that keeps conversations."""
    chain = FakeChain()
    with serving(create_app(chain.runnable(), LIBRARY, Memory(history, LIBRARY))) as address:
        yield Desk(address, chain)
        chain.go.set()


@contextmanager
def visiting(chromium: Browser, address: str, is_phone: bool = False) -> Iterator[Visit]:
    context = chromium.new_context(
        viewport=PHONE if is_phone else DESKTOP, reduced_motion="reduce", has_touch=is_phone, is_mobile=is_phone
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    visit = Visit(context.new_page())
    visit.page.goto(address)
    visit.page.locator("#question textarea").wait_for()
    yield visit
    assert visit.complaints == []
    assert visit.hosts <= {"127.0.0.1"}
    context.close()


def button(visit: Visit, name: str) -> Locator:
    return visit.page.locator("#talk").get_by_role("button", name=name, exact=True)


def copied(visit: Visit) -> str:
    return str(visit.page.evaluate("navigator.clipboard.readText()"))


@BOTH
def test_a_chip_shows_what_it_stands_for_inside_the_window(chromium: Browser, desk: Desk, is_phone: bool) -> None:
    with visiting(chromium, desk.address, is_phone) as visit:
        page = visit.page
        visit.ask(WEAPONS)
        visit.answered()
        preview = page.locator("#preview")
        for number in range(3):
            chip = page.locator(".chip").nth(number)
            chip.focus()
            expect(preview).to_be_visible()
            expect(preview).to_be_in_viewport(ratio=1)
            expect(chip).to_have_attribute("aria-describedby", "preview")
            page.keyboard.press("Escape")
            expect(preview).to_be_hidden()
            expect(chip).to_be_focused()
        page.locator(".chip").first.focus()
        page.keyboard.press("Escape")
        page.locator(".chip").nth(1).focus()
        expect(preview.locator("h3")).to_have_text(ARMS.title)
        expect(preview.locator(".byline")).to_contain_text("Harian Contoh")
        expect(preview.locator(".byline")).to_contain_text("13 July 2022")
        expect(preview.locator("q")).to_have_text(
            "Rusia juga memasok sistem pertahanan rudal Pantsir S-1 kepada Myanmar."
        )
        page.keyboard.press("Enter")
        expect(preview).to_be_hidden()
        expect(page.locator("#quote-1-2")).to_be_focused()


def test_the_pointer_opens_the_preview_and_may_rest_on_it(chromium: Browser, desk: Desk) -> None:
    with visiting(chromium, desk.address) as visit:
        visit.ask(WEAPONS)
        visit.answered()
        preview = visit.page.locator("#preview")
        visit.page.locator(".chip").first.hover()
        expect(preview).to_be_visible()
        preview.hover()
        expect(preview).to_be_visible()
        visit.page.locator(".masthead").hover()
        expect(preview).to_be_hidden()


def test_the_preview_of_a_hostile_article_is_text(chromium: Browser, desk: Desk) -> None:
    with visiting(chromium, desk.address) as visit:
        visit.ask("hostile")
        visit.answered()
        visit.page.locator(".chip").focus()
        preview = visit.page.locator("#preview")
        expect(preview.locator("h3")).to_have_text('<script>alert("title")</script>')
        expect(preview.locator("q")).to_contain_text("<script>alert('text')</script>")
        assert preview.locator(":is(script, img, b)").count() == 0
        assert visit.dialogs == []


@BOTH
def test_an_answer_on_its_way_is_stopped_and_asked_again(chromium: Browser, kept: Desk, is_phone: bool) -> None:
    with visiting(chromium, kept.address, is_phone) as visit:
        page = visit.page
        expect(page.locator("#stop")).to_be_hidden()
        kept.chain.hold()
        visit.ask(WEAPONS)
        expect(page.locator(".chip")).to_have_count(2)
        expect(page.locator("#send")).to_be_hidden()
        expect(page.locator("#stop")).to_be_in_viewport(ratio=1)
        page.locator("#stop").click()
        visit.answered()
        expect(page.locator(".notice")).to_have_text("You stopped this answer.")
        expect(page.locator(".chip")).to_have_count(2)
        expect(page.locator("#send")).to_be_visible()
        expect(page.locator("#stop")).to_be_hidden()
        with page.expect_response("**/gradio_api/reset"):  # the stopped answer has ended, and shows nowhere
            kept.chain.go.set()
        expect(page.locator(".notice")).to_have_text("You stopped this answer.")
        expect(page.locator(".chip")).to_have_count(2)

        button(visit, "Ask again").click()
        expect(page.locator(".chip")).to_have_count(3)
        expect(page.locator(".turn")).to_have_count(1)
        expect(page.locator(".notice")).to_have_count(0)
        assert kept.chain.asked == [WEAPONS, WEAPONS]


@BOTH
def test_the_last_question_is_changed_in_its_place(
    chromium: Browser, kept: Desk, history: History, is_phone: bool
) -> None:
    with visiting(chromium, kept.address, is_phone) as visit:
        page = visit.page
        box = page.locator("#question textarea")
        visit.ask(WEAPONS)
        visit.answered()
        visit.ask("what is the prise of rice?")
        visit.answered(2)
        page.locator("#turn-1 [data-deed=copy]").wait_for()
        assert page.locator("#turn-1 [data-deed=edit]").count() == 0

        box.fill("a draft")
        button(visit, "Change the question").click()
        expect(box).to_have_value("what is the prise of rice?")
        expect(box).to_be_focused()
        expect(page.locator("#editing")).to_contain_text("The new answer will take the place of the last one.")
        page.keyboard.press("Escape")
        expect(box).to_have_value("a draft")
        expect(page.locator("#editing")).to_have_count(0)

        button(visit, "Change the question").click()
        box.fill(RICE)
        page.locator("#send").click()
        expect(page.locator("#turn-2 h2")).to_have_text(f"You asked: {RICE}")
        visit.answered(2)
        expect(page.locator(".turn")).to_have_count(2)
        expect(page.locator("#editing")).to_have_count(0)
        expect(box).to_have_value("")
        expect(page).to_have_url(re.compile("conversation="))
        page.reload()
        expect(page.locator(".turn h2")).to_have_text([f"You asked: {WEAPONS}", f"You asked: {RICE}"])
        visit.ask("and of corn?")
        visit.answered(3)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_asked_again_the_new_answer_is_kept_and_the_old_one_is_not(
    chromium: Browser, kept: Desk, history: History
) -> None:
    with visiting(chromium, kept.address) as visit:
        visit.ask(WEAPONS)
        visit.answered()
        first = visit.page.locator(".turn").get_attribute("data-kept")
        visit.page.locator("#question textarea").fill("a draft")
        button(visit, "Ask again").click()
        expect(visit.page.locator(f'.turn[data-kept]:not([data-kept="{first}"])')).to_have_count(1)
        expect(visit.page.locator(".turn")).to_have_count(1)
        expect(visit.page.locator("#question textarea")).to_have_value("a draft")
        expect(visit.page.locator(".conversations li")).to_have_count(1)


@pytest.mark.parametrize(
    ("question", "name", "said", "sure"),
    [
        (WEAPONS, "Copy the answer with its sources", "Copied.", "Very likely right"),
        (SENJATA, "Salin jawaban beserta sumbernya", "Tersalin.", "Hampir pasti benar"),
    ],
)
@BOTH
def test_an_answer_is_copied_with_its_sources(
    chromium: Browser, desk: Desk, question: str, name: str, said: str, sure: str, is_phone: bool
) -> None:
    with visiting(chromium, desk.address, is_phone) as visit:
        visit.ask(question)
        visit.answered()
        button(visit, name).click()
        expect(visit.page.locator(".said")).to_have_text(said)
        text = copied(visit)
        assert text.startswith(f"**{question}**\n\n")
        assert r"“Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia.” [\[1\]][1]" in text
        assert sure in text
        link = re.findall(r"^\[1\]: <(.+)>$", text, re.MULTILINE)[0]
        assert link.startswith(f"{desk.address}/articles/arms%2F2022-07-13?start=")
        visit.page.goto(link)
        expect(visit.page.locator("mark#cited")).to_have_text(
            "Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia."
        )


def test_where_a_page_has_no_clipboard_copying_works_all_the_same(chromium: Browser, desk: Desk) -> None:
    with visiting(chromium, desk.address) as visit:
        visit.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
        visit.ask(WEAPONS)
        visit.answered()
        button(visit, "Copy the answer with its sources").click()
        expect(visit.page.locator(".said")).to_have_text("Copied.")
        visit.page.evaluate("delete navigator.clipboard")
        assert copied(visit).startswith(f"**{WEAPONS}**")


@BOTH
def test_a_link_to_one_answer_is_made_read_and_revoked(chromium: Browser, kept: Desk, is_phone: bool) -> None:
    with visiting(chromium, kept.address, is_phone) as visit:
        page = visit.page
        visit.ask(RICE)
        visit.answered()
        visit.ask(WEAPONS)
        visit.answered(2)
        page.locator("#turn-2 [data-deed=share]").click()
        expect(page.locator("#turn-2 .said")).to_have_text("Link copied.")
        link = copied(visit)
        assert re.fullmatch(rf"{kept.address}/shared/[\w-]{{22}}", link)
        expect(page.locator(".shared-at a")).to_have_text(link)
        expect(page.locator(".shared-at")).to_contain_text("The link ends when you delete the conversation.")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        with visiting(chromium, kept.address, is_phone) as other:
            other.page.goto(link)
            expect(other.page.locator("h1")).to_have_text(WEAPONS)
            expect(other.page.locator(".statement").first).to_contain_text("Myanmar membeli enam jet tempur")
            expect(other.page.locator(".card")).to_have_count(2)
            assert RICE not in other.page.inner_text("body")
            assert other.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            with other.page.context.expect_page() as opened:
                other.page.locator(".chip").first.click()
            expect(opened.value.locator("mark#cited")).to_be_in_viewport()

        if page.locator(".open-drawer").is_visible():
            page.locator(".open-drawer").click()
        page.get_by_role("button", name=f"Delete: {RICE}").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(page.locator(".turn")).to_have_count(0)
        assert page.context.request.get(link).status == 404


def test_a_conversation_is_downloaded_both_ways(chromium: Browser, kept: Desk) -> None:
    with visiting(chromium, kept.address) as visit:
        page = visit.page
        visit.ask(WEAPONS)
        visit.answered()
        menu = page.locator(".download summary")
        menu.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Markdown")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("link", name="Markdown")).to_be_hidden()
        expect(menu).to_be_focused()
        for ending in ("Markdown", "JSON"):
            menu.click()
            with page.expect_download() as download:
                page.get_by_role("link", name=ending).click()
            text = Path(download.value.path()).read_text("utf-8")
            if ending == "JSON":
                assert json.loads(text)["turns"][0]["question"] == WEAPONS
            else:
                assert text.startswith(f"# {WEAPONS}\n")
                assert f"<{kept.address}/articles/" in text
            assert re.fullmatch(r"tanya-[\w-]{16}\.(md|json)", download.value.suggested_filename)


@BOTH
def test_a_suggestion_is_a_question(chromium: Browser, desk: Desk, is_phone: bool) -> None:
    with visiting(chromium, desk.address, is_phone) as visit:
        page = visit.page
        page.locator("#question textarea").fill("apa yang rusak di Cianjur?")
        page.keyboard.press("Enter")
        visit.answered()
        suggestion = button(visit, "Kapan Presiden Joko Widodo mengunjungi Cianjur?")
        expect(page.locator(".suggestions")).to_contain_text("Anda bisa melanjutkan dengan")
        page.locator("#question textarea").fill("a draft")
        suggestion.click()
        visit.answered(2)
        assert desk.chain.asked[-1] == "Kapan Presiden Joko Widodo mengunjungi Cianjur?"
        expect(page.locator(".turn")).to_have_count(2)
        expect(page.locator("#question textarea")).to_have_value("a draft")
        expect(page.locator(".suggestions")).to_have_count(0)  # nothing is left that was not asked


@BOTH
def test_why_a_passage_was_chosen_is_folded_away(chromium: Browser, desk: Desk, is_phone: bool) -> None:
    with visiting(chromium, desk.address, is_phone) as visit:
        visit.ask(SENJATA)
        visit.answered()
        why = visit.page.locator(".why-passage").first
        expect(why.locator("li").first).to_be_hidden()
        why.get_by_text("Mengapa kutipan ini").click()
        expect(why.locator("li").first).to_have_text(
            "Kata-kata bertanda 1 menjawab pertanyaan dengan peluang 93%, menurut model pembaca."
        )
        expect(visit.page.get_by_text("Bagian lain yang dibaca (1)")).to_be_visible()


def test_a_phone_has_room_for_the_row_of_actions(chromium: Browser, kept: Desk) -> None:
    with visiting(chromium, kept.address, is_phone=True) as visit:
        visit.ask(WEAPONS)
        visit.answered()
        icons = visit.page.locator(".actions .icon")
        expect(icons).to_have_count(7)
        boxes = [icon.bounding_box() for icon in icons.all()]
        assert all(box and box["width"] >= 44 and box["height"] >= 44 for box in boxes)
        assert len({round(box["y"]) for box in boxes if box}) == 1, "they stand in one row"
        assert visit.page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_actions_are_reached_and_used_by_keyboard(chromium: Browser, kept: Desk) -> None:
    with visiting(chromium, kept.address) as visit:
        visit.ask(WEAPONS)
        visit.answered()
        again = button(visit, "Ask again")
        again.focus()
        visit.page.keyboard.press("Tab")
        expect(button(visit, "Change the question")).to_be_focused()
        visit.page.keyboard.press("Enter")
        expect(visit.page.locator("#question textarea")).to_have_value(WEAPONS)
        visit.page.keyboard.press("Enter")
        expect(visit.page.locator("#editing")).to_have_count(0)
        expect(visit.page.locator(".chip")).to_have_count(3)
        expect(visit.page.locator(".turn")).to_have_count(1)
