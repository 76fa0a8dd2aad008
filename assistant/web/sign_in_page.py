"""The pages about signing in as HTML. Pure functions; names are data. None of them needs a script."""

from __future__ import annotations

from math import ceil
from urllib.parse import urlencode

from markupsafe import Markup

from assistant.people import LEAST_PASSWORD_CHARS, MOST_PASSWORD_CHARS
from assistant.web.asker import Asker
from assistant.web.sign_in_phrases import Words

MINUTE_SECONDS = 60
MOST_NAME_CHARS = 100


def sign_in_page(
    words: Words,
    root: str = "",
    next: str = "/",
    with_form: bool = True,
    provider: str = "",
    notice: str = "",
    is_wrong: bool = False,
    name: str = "",
) -> Markup:
    """The page with the form, or the link to a provider, or both. `notice` stands above, as an alarm if `is_wrong`."""
    said = _said(notice, is_wrong) or Markup("<p>{}</p>").format(words.intro)
    parts = [Markup("<h2>{}</h2>").format(words.sign_in), said]
    parts += [_form(words, root, next, name)] if with_form else []
    parts += [Markup('<p class="or"><span>{}</span></p>').format(words.or_else)] if with_form and provider else []
    parts += [_provider(words, root, next, provider, is_main=not with_form)] if provider else []
    query = urlencode({"lang": words.other, **({"next": next} if next != "/" else {})})
    return _frame(words, root, words.sign_in, Markup().join(parts), f"{root}/sign-in?{query}")


def account_page(
    words: Words,
    asker: Asker,
    root: str = "",
    can_leave: bool = True,
    can_change: bool = False,
    notice: str = "",
    is_wrong: bool = False,
) -> Markup:
    """Who is signed in, and the way out; with `can_change` also the form for another password."""
    leave = Markup('<form method="post" action="{}/sign-out"><button class="main">{}</button></form>')
    main = Markup('<h2>{}</h2>{}<p dir="auto">{}</p><p>{}</p>{}{}<p class="back"><a href="{}/">{}</a></p>').format(
        words.account,
        _said(notice, is_wrong),
        words.signed_in_as.format(name=asker.name),
        words.roles[asker.role],
        leave.format(root, words.sign_out) if can_leave else "",
        _other_password(words, root, asker.name, is_open=is_wrong) if can_change else "",
        root,
        words.back,
    )
    return _frame(words, root, words.account, main, f"{root}/account?lang={words.other}")


def notice_page(heading: str, hint: str, words: Words, root: str = "") -> Markup:
    """A page with one civil message."""
    main = Markup('<h2>{}</h2><p>{}</p><p class="back"><a href="{}/">{}</a></p>').format(
        heading, hint, root, words.back
    )
    return _frame(words, root, heading, main)


def wait_of(words: Words, seconds: int) -> str:
    """How long somebody who has guessed too often has to wait.

    >>> from assistant.web.sign_in_phrases import EN
    >>> wait_of(EN, 61)
    'There were too many attempts. Please try again in 2 min.'
    """
    return words.too_often.format(minutes=ceil(seconds / MINUTE_SECONDS))


def _said(notice: str, is_wrong: bool) -> Markup:
    role = "alert" if is_wrong else "status"
    return Markup('<p class="notice" role="{}">{}</p>').format(role, notice) if notice else Markup()


def _other_password(words: Words, root: str, name: str, is_open: bool) -> Markup:
    """The form behind a line that opens it; password managers learn from the name whose password it is."""
    field = Markup(
        '<label for="{id}">{label}</label><input id="{id}" name="{id}" type="password" autocomplete="{kind}-password"'
        ' minlength="{least}" maxlength="{most}" required>'
    )
    kinds = (("password", "current", words.current), ("new", "new", words.new), ("again", "new", words.again))
    fields = Markup().join(
        field.format(
            id=id,
            label=label,
            kind=kind,
            least=1 if kind == "current" else LEAST_PASSWORD_CHARS,
            most=MOST_PASSWORD_CHARS,
        )
        for id, kind, label in kinds
    )
    return Markup(
        '<details{}><summary>{}</summary><form method="post" action="{}/account">'
        '<input type="hidden" name="lang" value="{}"><input name="name" value="{}" autocomplete="username" hidden>'
        "{}<button>{}</button></form></details>"
    ).format(Markup(" open") if is_open else "", words.change, root, words.lang, name, fields, words.save)


def _form(words: Words, root: str, next: str, name: str) -> Markup:
    return Markup(
        '<form method="post" action="{root}/sign-in"><input type="hidden" name="next" value="{next}">'
        '<input type="hidden" name="lang" value="{lang}">'
        '<label for="name">{name_label}</label><input id="name" name="name" value="{name}" autocomplete="username"'
        ' autocapitalize="none" spellcheck="false" maxlength="{most}" required{focus_name}>'
        '<label for="password">{password_label}</label><input id="password" name="password" type="password"'
        ' autocomplete="current-password" required{focus_password}><button class="main">{sign_in}</button></form>'
    ).format(
        root=root,
        next=next,
        lang=words.lang,
        name_label=words.name,
        name=name,
        most=MOST_NAME_CHARS,
        focus_name="" if name else Markup(" autofocus"),
        password_label=words.password,
        focus_password=Markup(" autofocus") if name else "",
        sign_in=words.sign_in,
    )


def _provider(words: Words, root: str, next: str, provider: str, is_main: bool) -> Markup:
    address = f"{root}/sign-in/provider?{urlencode({'next': next})}"
    return Markup('<p><a class="button {}" href="{}">{}</a></p>').format(
        "main" if is_main else "", address, words.with_provider.format(provider=provider)
    )


def _frame(words: Words, root: str, title: str, main: Markup, other: str = "") -> Markup:
    switch = Markup('<p class="switch"><a href="{}" lang="{}" hreflang="{}">{}</a></p>').format(
        other, words.other, words.other, words.other_name
    )
    return Markup(
        '<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>{title} · Tanya</title>'
        '<link rel="icon" type="image/svg+xml" href="{root}/page/tanya.svg">'
        '<link rel="stylesheet" href="{root}/page/tanya.css"><link rel="stylesheet" href="{root}/page/sign-in.css">'
        '</head><body class="sign-in"><main><h1>Tanya</h1><section>{main}</section>{switch}</main></body></html>'
    ).format(lang=words.lang, title=title, root=root, main=main, switch=switch if other else "")
