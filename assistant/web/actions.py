"""What one can do with an answer, as HTML: one quiet row of icons under it, and questions to go on with.

Pure functions. `static/actions.js` does what the buttons say; the words it shows stand in their attributes.
"""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup

from assistant.web.conversation import Turn
from assistant.web.drawer import PEN
from assistant.web.markdown import turn_markdown
from assistant.web.phrases import Phrases

SHEETS = Markup('<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 8.5h10.5v11.5H9zM15 8.5V4H4.5v11.5H9"/></svg>')
CHAIN = Markup(
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10'
    'a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17"/></svg>'
)
ROUND = Markup(
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4L19.5 9M19.5 4v5h-5"/></svg>'
)
TRAY = Markup(
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4v11M7.5 10.5 12 15l4.5-4.5M4.5 19.5h15"/></svg>'
)


def actions(turn: Turn, newest: bool, opinion: Markup) -> Markup:
    """The row under a turn that is done; asking again, changing the question and downloading only under the newest."""
    phrases = turn.phrases
    buttons = []
    if turn.answer and not turn.stopped:
        text = turn_markdown(turn)
        buttons.append(_button("copy", phrases.copy, SHEETS, {"text": text, "done": phrases.copied}))
    if turn.kept:
        facts = {"turn": str(turn.kept.turn), "done": phrases.link_copied, "shown": phrases.link_made}
        buttons.append(_button("share", phrases.share, CHAIN, facts))
    if newest and turn.asked:
        facts = {"asked": turn.asked, "turn": str(turn.number)}
        buttons.append(_button("again", phrases.again, ROUND, facts))
        notes = {"note": phrases.replaces, "cancel": phrases.cancel}
        buttons.append(_button("edit", phrases.edit, PEN, facts | notes))
    if newest and turn.kept:
        buttons.append(_download(turn.kept.conversation, phrases))
    return Markup(
        '<div class="actions" aria-live="off" lang="{}" data-failed="{}">{}{}'
        '<span class="said" role="status"></span></div>'
    ).format(phrases.lang, phrases.not_done, Markup().join(buttons), opinion)


def _button(deed: str, name: str, icon: Markup, facts: dict[str, str]) -> Markup:
    data = Markup().join(Markup(' data-{}="{}"').format(key, value) for key, value in facts.items())
    return Markup('<button type="button" class="icon" data-deed="{}"{} aria-label="{}" title="{}">{}</button>').format(
        deed, data, name, name, icon
    )


def _download(conversation: str, phrases: Phrases) -> Markup:
    address = f"history/{quote(conversation, safe='')}"
    return Markup(
        '<details class="download"><summary class="icon" aria-label="{name}" title="{name}">{icon}</summary>'
        '<p><a href="{address}.md" download>Markdown</a> <a href="{address}.json" download>JSON</a></p></details>'
    ).format(name=phrases.download, icon=TRAY, address=address)


def suggestions(turn: Turn) -> Markup:
    """The questions to go on with, as buttons."""
    if not turn.suggestions:
        return Markup()
    phrases = turn.phrases
    buttons = Markup().join(
        Markup('<li><button type="button" data-deed="ask" data-asked="{0}">{0}</button></li>').format(text)
        for text in turn.suggestions
    )
    return Markup('<div class="suggestions" aria-live="off" lang="{}"><h3>{}</h3><ul role="list">{}</ul></div>').format(
        phrases.lang, phrases.ask_next, buttons
    )


def share_note(id: str, phrases: Phrases) -> Markup:
    """What stands under an answer whose link was just made."""
    return Markup(
        '<div class="shared-at" lang="{}"><a href="shared/{}" target="_blank" rel="noopener">shared/{}</a>'
        "<p>{}</p></div>"
    ).format(phrases.lang, quote(id, safe=""), id, phrases.share_note)
