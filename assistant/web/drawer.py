"""The kept conversations as HTML: the list, and what one can do with it. Pure functions; titles are data."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup

from assistant.history import SEARCH_CHARS, TITLE_CHARS, Conversation
from assistant.web.phrases import Phrases

LINES = Markup('<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 6.5h16M4 12h16M4 17.5h10"/></svg>')
CROSS = Markup('<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18"/></svg>')
PEN = Markup('<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 19l1-4L16.5 4.5l3 3L9 18zM14 7l3 3"/></svg>')
BIN = Markup(
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4.5 7h15M9 7V4.5h6V7M6.5 7l1 12.5h9l1-12.5"/></svg>'
)


def drawer(conversations: Sequence[Conversation], phrases: Phrases, known: bool, name: str = "") -> Markup:
    """The drawer with its button; `known` tells whether there is an owner to keep conversations under.

    `name` is that of whoever has signed in; else the owner is a browser.
    """
    note = Markup("{} {}").format(phrases.kept_for_you, _account(name, phrases)) if name else phrases.kept_note
    return Markup(
        '<div lang="{lang}" data-failed="{failed}" data-thanks="{thanks}" data-deleted="{deleted}">'
        '<button type="button" class="open-drawer" popovertarget="drawer" title="{heading}" aria-label="{heading}">'
        '{lines}</button><aside id="drawer" popover aria-label="{heading}"><div class="drawer-head"><h2>{heading}</h2>'
        '<button type="button" class="icon close-drawer" popovertarget="drawer" popovertargetaction="hide"'
        ' aria-label="{close}" title="{close}">{cross}</button></div>'
        '<button type="button" class="new" data-do="new">{new}</button>'
        '<input type="search" aria-label="{search}" placeholder="{search}" maxlength="{most}" autocomplete="off">'
        '{list}<p class="kept-note">{note}</p>'
        '<button type="button" class="forget" data-do="forget" data-heading="{forget}?" data-hint="{forget_hint}"'
        ' data-action="{delete}">{forget}</button>{dialog}</aside><p class="aside" role="status"></p></div>'
    ).format(
        lang=phrases.lang,
        failed=phrases.not_done,
        thanks=phrases.thanks,
        deleted=phrases.deleted,
        heading=phrases.conversations,
        lines=LINES,
        cross=CROSS,
        close=phrases.close,
        new=phrases.new_conversation,
        search=phrases.search_conversations,
        most=SEARCH_CHARS,
        list=conversation_list(conversations, phrases),
        note=note if known else phrases.no_cookie,
        forget=phrases.forget,
        forget_hint=phrases.forget_hint_for_you if name else phrases.forget_hint,
        delete=phrases.delete,
        dialog=_dialog(phrases),
    )


def _account(name: str, phrases: Phrases) -> Markup:
    return Markup('<a href="account" dir="auto">{}</a>').format(phrases.signed_in_as.format(name=name))


def conversation_list(conversations: Sequence[Conversation], phrases: Phrases, searched: bool = False) -> Markup:
    """The conversations, in the order given; a line that says so where there are none."""
    if not conversations:
        return Markup('<div class="conversations"><p>{}</p></div>').format(
            phrases.none_found if searched else phrases.no_conversations
        )
    return Markup('<div class="conversations"><ul>{}</ul></div>').format(
        Markup().join(_item(one, phrases) for one in conversations)
    )


def _item(conversation: Conversation, phrases: Phrases) -> Markup:
    return Markup(
        '<li data-id="{id}"><a href="./?conversation={address}"><span dir="auto">{title}</span>'
        '<time datetime="{moment}">{date}</time></a>'
        '<button type="button" class="icon" data-do="rename" data-heading="{rename}" data-value="{title}"'
        ' data-action="{save}" aria-label="{rename}: {title}" title="{rename}">{pen}</button>'
        '<button type="button" class="icon" data-do="delete" data-heading="{ask}" data-hint="{hint}"'
        ' data-action="{delete}" aria-label="{delete}: {title}" title="{delete}">{bin}</button></li>'
    ).format(
        id=conversation.id,
        address=quote(conversation.id, safe=""),
        title=conversation.title,
        moment=conversation.updated.isoformat(timespec="seconds"),
        date=phrases.date(conversation.updated.date()),
        rename=phrases.rename,
        save=phrases.save,
        pen=PEN,
        ask=phrases.delete_question,
        hint=phrases.delete_hint.format(title=conversation.title),
        delete=phrases.delete,
        bin=BIN,
    )


def _dialog(phrases: Phrases) -> Markup:
    """Asks before something is deleted, and for a new title; the script fills in what it is about."""
    return Markup(
        '<dialog aria-labelledby="drawer-asks"><form method="dialog"><h2 id="drawer-asks" dir="auto"></h2>'
        '<p></p><input aria-label="{}" maxlength="{}" autocomplete="off"><div>'
        '<button type="button" class="cancel">{}</button><button value="yes" class="yes"></button>'
        "</div></form></dialog>"
    ).format(phrases.title, TITLE_CHARS, phrases.cancel)
