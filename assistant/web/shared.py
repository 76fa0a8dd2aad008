"""One answer as a page of its own, for whoever was given its link. Pure functions; nothing on it runs."""

from __future__ import annotations

from markupsafe import Markup

from assistant.web.article import frame
from assistant.web.conversation import Turn
from assistant.web.render import cards, facts, statements


def shared_page(turn: Turn, root: str = "") -> Markup:
    """The question, its answer and the sources. `root` is the path that the application lives at."""
    answer, phrases = turn.answer, turn.phrases
    assert answer is not None, "only an answer is ever shared"
    sources = Markup('<section class="sheet"><h2>{}</h2>{}</section>').format(phrases.sources, cards(turn, answer))
    main = Markup(
        '<article class="shared" lang="{}"><p class="by-whom">{}</p><h1 dir="auto">{}</h1>'
        '<div class="answer">{}{}</div>{}</article>'
    ).format(
        phrases.lang,
        phrases.shared,
        turn.asked,
        statements(turn.number, answer),
        facts(turn, answer, phrases),
        sources if answer.found else Markup(),
    )
    return frame(turn.asked, _from_root(main, root), phrases, root)


def _from_root(html: Markup, root: str) -> Markup:
    """The same with the addresses of articles counted from the root: this page lies one level below the chat page.

    In a stranger's text a quotation mark is escaped, so that only attributes of ours can match.
    """
    return html.replace(Markup('href="articles/'), Markup('href="{}/articles/').format(root))
