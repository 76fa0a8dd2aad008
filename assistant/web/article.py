"""One article as a page of HTML, with the cited words marked. Pure functions; the article's text is data."""

from __future__ import annotations

from markupsafe import Markup

from assistant.records import Article
from assistant.web.phrases import Phrases
from assistant.web.render import Mark, byline, original_link, paragraphs, web_host

CITED = "cited"


def article_page(article: Article, phrases: Phrases, cited: tuple[int, int] | None = None, root: str = "") -> Markup:
    """The whole article. `cited` are the offsets of the words to mark; `root` is the path the application lives at."""
    body = paragraphs(article.text, [Mark(*cited, CITED)] if cited else [])
    jump = Markup('<p><a class="jump" href="#{}">{}</a></p>').format(CITED, phrases.cited_words) if cited else Markup()
    main = Markup(
        '<article class="story" lang="{lang}"><header lang="{ui}"><h1 dir="auto" lang="{lang}">{title}</h1>'
        "{byline}{author}{jump}</header>{body}{original}</article>"
    ).format(
        lang=article.lang,
        ui=phrases.lang,
        title=article.label,
        byline=byline(article, phrases),
        author=_author(article, phrases),
        jump=jump,
        body=body,
        original=_origin(article, phrases),
    )
    return frame(article.label, main, phrases, root)


def message_page(title: str, hint: str, phrases: Phrases, root: str = "") -> Markup:
    """A page with one civil message: nothing here, or something went wrong."""
    main = Markup('<div class="story"><h1>{}</h1><p>{}</p></div>').format(title, hint)
    return frame(title, main, phrases, root)


def _author(article: Article, phrases: Phrases) -> Markup:
    if not article.author:
        return Markup()
    return Markup('<p class="author" dir="auto">{}</p>').format(phrases.by.format(author=article.author))


def _origin(article: Article, phrases: Phrases) -> Markup:
    """The link to the original; an address we would not link to is shown as the text it is."""
    if not article.url:
        return Markup()
    known = original_link(article, phrases) if web_host(article.url) else Markup("<bdi>{}</bdi>").format(article.url)
    return Markup('<footer lang="{}"><p>{}</p></footer>').format(phrases.lang, known)


def frame(title: str, main: Markup, phrases: Phrases, root: str, nav: str = "", style: str = "") -> Markup:
    """A page of ours around `main`; `nav` stands beside the way back, `style` names one more style sheet."""
    sheets = Markup().join(
        Markup('<link rel="stylesheet" href="{}/page/{}.css">').format(root, name) for name in ("tanya", style) if name
    )
    return Markup(
        '<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>{title} · Tanya</title>'
        '<link rel="icon" type="image/svg+xml" href="{root}/page/tanya.svg">'
        '{sheets}</head><body class="reading {style}">'
        '<nav><a href="{root}/">Tanya</a> <a href="{root}/">{back}</a>{nav}</nav><main>{main}</main></body></html>'
    ).format(
        lang=phrases.lang,
        title=title,
        root=root,
        sheets=sheets,
        style=style,
        back=phrases.back,
        nav=nav,
        main=main,
    )
