"""The health of the index: what is known at once, and what `tanya doctor` finds when it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from assistant.doctor import Check
from assistant.store import Index
from assistant.store.database import SCHEMA_VERSION
from assistant.web.corpus.site import Site, page


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of an index without reading it. Sizes in bytes, `vectors_bytes` None where no file is named.

    `differing` is how many passages have no vector in memory, or have one there and are gone.
    """

    embedder: str
    fingerprint: str
    dimension: int
    chunker: str
    generation: int
    passages: int
    differing: int
    database_bytes: int
    vectors_bytes: int | None
    changed: dt.datetime


def health_of(index: Index, embedder: str) -> Health:
    """The health of an open index; `embedder` is what the settings call its model."""
    database = index.database
    manifest = database.manifest()
    files = [
        file for file in (database.path.with_name(database.path.name + end) for end in ("", "-wal")) if file.exists()
    ]
    vectors = index.folder / manifest.get("vectors", "none")
    return Health(
        embedder=embedder,
        fingerprint=manifest.get("embedder", "–"),
        dimension=int(manifest.get("dimension", 0)),
        chunker=manifest.get("chunker", "–"),
        generation=database.generation,
        passages=index.passage_count,
        differing=index.vectors.differing(),
        database_bytes=sum(file.stat().st_size for file in files),
        vectors_bytes=vectors.stat().st_size if vectors.exists() else None,
        changed=max(_changed(file) for file in files),
    )


def _changed(file: Path) -> dt.datetime:
    return dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)


def health_page(site: Site, health: Health, checks: Sequence[Check] | None = None) -> Markup:
    """The facts, and the checks where they were asked for."""
    words, number = site.words, site.phrases.number
    agree = (
        words.differ.format(count=number(health.differing))
        if health.differing
        else words.agree.format(count=number(health.passages))
    )
    facts: list[tuple[str, object]] = [
        (words.embedder, f"{health.embedder}, {words.dimensions.format(count=number(health.dimension))}"),
        (words.fingerprint, Markup("<code>{}</code>").format(health.fingerprint)),
        (words.passages_of, Markup("{} (<code>{}</code>)").format(number(health.passages), health.chunker)),
        (words.schema, number(SCHEMA_VERSION)),
        (words.generation, number(health.generation)),
        (words.database, size(site, health.database_bytes)),
        (words.vectors, words.no_vectors if health.vectors_bytes is None else size(site, health.vectors_bytes)),
        (words.in_step, Markup('<span class="{}">{}</span>').format("bad" if health.differing else "good", agree)),
        (words.last_change, _moment(site, health.changed)),
    ]
    listed = Markup().join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in facts)
    main = Markup(
        '<h1>{}</h1><dl class="facts">{}</dl><form class="adding" method="post" action="{}"><button>{}</button>'
        ' <span class="note">{}</span></form>{}<p><a class="onward" href="{}">{}</a></p>'
    ).format(
        words.health,
        listed,
        site.address("health"),
        words.examine,
        words.examine_hint,
        _checks(site, checks) if checks is not None else "",
        site.address(),
        words.back,
    )
    return page(site, words.health, main)


def size(site: Site, count: int) -> str:
    """A size as people read it.

    >>> size(Site("", "en"), 123), size(Site("", "id"), 12_345_678)
    ('1 kB', '12,3 MB')
    """
    if count < 1_000_000:
        return f"{max(1, round(count / 1_000))} kB"
    unit, name = (1_000_000, "MB") if count < 1_000_000_000 else (1_000_000_000, "GB")
    return f"{count / unit:.1f} {name}".replace(".", site.phrases.decimal)


def _moment(site: Site, when: dt.datetime) -> Markup:
    told = site.words.moment.format(date=site.phrases.date(when.date()), time=f"{when:%H:%M}")
    return Markup('<time datetime="{}">{}</time>').format(when.isoformat(timespec="minutes"), told)


def _checks(site: Site, checks: Sequence[Check]) -> Markup:
    """The findings are the program's own words, in English."""
    words = site.words
    rows = Markup().join(
        Markup(
            '<tr><th scope="row" lang="en">{}</th><td class="{}">{}</td><td lang="en" dir="auto">{}</td></tr>'
        ).format(check.name, "good" if check.good else "bad", words.good if check.good else words.bad, check.finding)
        for check in checks
    )
    return Markup(
        '<section id="doctor"><h2>{}</h2><div class="wide"><table><tbody>{}</tbody></table></div></section>'
    ).format(words.doctor, rows)
