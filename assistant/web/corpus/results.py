"""An intake at work or done, and a removal asked for or done. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.records import Article
from assistant.store.catalogue import Entry
from assistant.web.corpus.intake import Intake, Reason, Sent
from assistant.web.corpus.site import Site, page
from assistant.web.render import byline

AGAIN_SECONDS = 2


def intake_page(site: Site, intake: Intake) -> Markup:
    """How far it is, what became of each file; while it is at work, the browser asks for the page again."""
    words, finished = site.words, intake.finished.is_set()
    title = words.taken if finished else words.taking
    main = Markup("<h1>{}</h1>{}{}{}{}").format(
        title,
        _progress(site, intake) if not finished else "",
        _problem(site, intake.problem) if intake.problem else "",
        _files(site, intake),
        Markup('<p><a class="onward" href="{}">{}</a></p>').format(site.address(), words.back) if finished else "",
    )
    return page(site, title, main, 0 if finished else AGAIN_SECONDS)


def _progress(site: Site, intake: Intake) -> Markup:
    number = site.phrases.number
    told = site.words.progress.format(
        done=number(intake.done), count=number(len(intake.files)), stored=number(intake.stored)
    )
    return Markup(
        '<p role="status">{}</p><progress value="{}" max="{}" aria-label="{}"></progress><p class="note">{}</p>'
    ).format(told, intake.done, len(intake.files), site.words.taking, site.words.again_hint)


def _problem(site: Site, problem: str) -> Markup:
    ours = site.words.reasons.get(problem)
    return Markup('<div class="problem" role="status"><p>{}</p><p lang="{}" dir="auto">{}</p></div>').format(
        site.words.stopped, site.lang if ours else "en", ours or problem
    )


def _files(site: Site, intake: Intake) -> Markup:
    rows = Markup().join(
        Markup('<tr><th scope="row"><bdi>{}</bdi></th><td>{}</td></tr>').format(sent.name or "—", _became(site, sent))
        for sent in intake.files
    )
    return Markup(
        '<div class="wide"><table class="files"><thead><tr><th scope="col">{}</th><th scope="col">{}</th></tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(site.words.file, site.words.became, rows)


def _became(site: Site, sent: Sent) -> Markup:
    words, number = site.words, site.phrases.number
    counts = [
        Markup('<span class="{}">{}</span>').format(
            "bad" if told is words.failed else "good", told.format(count=number(count))
        )
        for told, count in (
            (words.added, sent.added),
            (words.changed, sent.changed),
            (words.unchanged, sent.unchanged),
            (words.failed, sent.failed),
        )
        if count
    ]
    if not counts:
        return Markup('<span class="note">{}</span>').format(words.waiting)
    reasons = Markup().join(_reason(site, reason) for reason in sent.reasons)
    if sent.failed > len(sent.reasons):
        reasons += Markup("<li>{}</li>").format(words.more.format(count=number(sent.failed - len(sent.reasons))))
    return Markup("{}{}").format(Markup(", ").join(counts), Markup("<ul>{}</ul>").format(reasons) if reasons else "")


def _reason(site: Site, reason: Reason) -> Markup:
    """Ours in the language of the page; what the reader of files says is English."""
    ours = site.words.reasons.get(reason.why)
    line = f"{site.words.line.format(line=reason.line)}: " if reason.line is not None else ""
    return Markup('<li>{}<span lang="{}" dir="auto">{}</span></li>').format(
        line, site.lang if ours else "en", ours or reason.why
    )


def removal_page(site: Site, entries: Sequence[Entry]) -> Markup:
    """Asks whether these are to be removed."""
    words = site.words
    ids = Markup().join(Markup('<input type="hidden" name="id" value="{}">').format(entry.id) for entry in entries)
    main = Markup(
        '<h1>{}</h1><ul class="listed">{}</ul><p>{}</p><form method="post" action="{}" class="removal">{}'
        '<button>{}</button> <a class="onward" href="{}">{}</a></form>'
    ).format(
        words.remove_question,
        _listed(site, entries),
        words.remove_warning,
        site.address("remove"),
        ids,
        words.remove_yes,
        site.address(),
        words.cancel,
    )
    return page(site, words.remove_question, main)


def removed_page(site: Site, entries: Sequence[Entry], removed: int) -> Markup:
    """Tells what was removed."""
    title = site.words.removed.format(articles=site.phrases.articles(removed))
    main = Markup(
        '<h1 role="status">{}</h1><ul class="listed">{}</ul><p><a class="onward" href="{}">{}</a></p>'
    ).format(title, _listed(site, entries), site.address(), site.words.back)
    return page(site, title, main)


def _listed(site: Site, entries: Sequence[Entry]) -> Markup:
    return Markup().join(
        Markup('<li><div><span lang="{}" dir="auto">{}</span>{}</div></li>').format(
            entry.lang,
            entry.title or entry.id,
            byline(Article(entry.id, "", entry.title, entry.date, entry.lang, entry.source), site.phrases),
        )
        for entry in entries
    )
