"""The page `/api`: the OpenAPI document as a listing to read, made on the server. It loads only a style sheet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from assistant.records import Lang
from assistant.web.api.phrases import WORDS, Words
from assistant.web.api.problem import KINDS, root_of
from assistant.web.article import frame
from assistant.web.phrases import phrases_for, preferred

BASE = "/api/v1"
Schema = Mapping[str, Any]


def document_page(api: FastAPI) -> APIRouter:
    """The route of the page that explains this API."""
    router = APIRouter()

    @router.get("/api")
    def page(request: Request, lang: str = "") -> HTMLResponse:
        accepted = preferred(request.headers.get("accept-language", ""))
        chosen: Lang = "id" if lang == "id" or (lang != "en" and accepted == "id") else "en"
        return HTMLResponse(listing(api.openapi(), root_of(request), chosen))

    return router


def listing(document: Schema, root: str, lang: Lang) -> Markup:
    """The whole page."""
    words = WORDS[lang]
    operations = _all(
        _operation(method, path, operation, words)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    main = Markup(
        '<h1>{title}</h1><p>{intro}</p><p><a href="{root}{base}/openapi.json">{document}</a></p>'
        "{operations}<section><h2>{other_doors}</h2><ul><li><code>/v1/chat/completions</code>: {completions}</li>"
        '<li><code>/mcp</code>: {tools}</li></ul></section><section id="problems"><h2>{problems}</h2><p>{hint}</p>'
        '<dl>{kinds}</dl></section><section lang="en"><h2>{bodies}</h2>{schemas}</section>'
    ).format(
        title=words.title,
        intro=words.intro,
        root=root,
        base=BASE,
        document=words.document,
        operations=operations,
        other_doors=words.other_doors,
        completions=words.completions,
        tools=words.tools,
        problems=words.problems,
        hint=words.problems_hint,
        kinds=_all(
            Markup(
                '<dt id="problem-{name}"><code>{name}</code> {status} {title}</dt><dd lang="en">{remedy}</dd>'
            ).format(name=name, status=kind.status, title=kind.title, remedy=code(kind.remedy))
            for name, kind in KINDS.items()
        ),
        bodies=words.bodies,
        schemas=_all(_body(name, schema, words) for name, schema in document["components"]["schemas"].items()),
    )
    other: Lang = "en" if lang == "id" else "id"
    nav = Markup(' <a class="language" href="{}/api?lang={}" lang="{}" hreflang="{}">{}</a>').format(
        root, other, other, other, words.other
    )
    return frame(words.title, main, phrases_for(lang), root, nav, "api")


def _operation(method: str, path: str, operation: Schema, words: Words) -> Markup:
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    told = [
        Markup("<code>{}</code> {}").format(status, _kind(part["schema"]) if "schema" in part else "")
        for status, response in operation["responses"].items()
        if status.startswith("2")
        for part in [response.get("content", {}).get("application/json", {})]
    ]
    return Markup(
        '<section class="operation"><h2><span class="method">{method}</span> <code>{base}{path}</code></h2>'
        '<div lang="en">{description}{parameters}</div><p class="bodies">{sends}{answers}</p></section>'
    ).format(
        method=method.upper(),
        base=BASE,
        path=path,
        description=paragraphs(operation.get("description", "")),
        parameters=_fields(
            [
                (one["name"], {**one["schema"], **one}, bool(one.get("required")))
                for one in operation.get("parameters", [])
            ],
            words,
        ),
        sends=Markup("{} {} · ").format(words.sends, _kind(sent)) if sent else "",
        answers=Markup("{} {}").format(words.answers, Markup(", ").join(told)),
    )


def _body(name: str, schema: Schema, words: Words) -> Markup:
    required = schema.get("required", [])
    fields = [(field, facts, field in required) for field, facts in schema.get("properties", {}).items()]
    return Markup('<h3 id="body-{name}">{name}</h3>{description}{fields}').format(
        name=name, description=paragraphs(schema.get("description", "")), fields=_fields(fields, words)
    )


def _fields(fields: list[tuple[str, Schema, bool]], words: Words) -> Markup:
    if not fields:
        return Markup()
    rows = _all(
        Markup("<tr><th><code>{}</code></th><td>{}{}</td><td>{}{}</td></tr>").format(
            name,
            _kind(facts),
            "" if required else Markup(" <small>({})</small>").format(words.optional),
            code(facts.get("description", "")),
            _example(facts),
        )
        for name, facts, required in fields
    )
    return Markup('<div class="scroll" tabindex="0"><table>{}</table></div>').format(rows)


def _example(facts: Schema) -> Markup:
    if not facts.get("examples"):
        return Markup()
    return Markup(' <code class="example">{}</code>').format(json.dumps(facts["examples"][0], ensure_ascii=False))


def _kind(schema: Schema) -> Markup:
    """What kind of value it is, linked where it is a body of its own."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#body-{}">{}</a>').format(name, name)
    if "anyOf" in schema:
        return Markup(" | ").join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return Markup(" | ").join(
            Markup("<code>{}</code>").format(json.dumps(one)) for one in schema.get("enum", [schema.get("const")])
        )
    if schema.get("type") == "array":
        return Markup("[{}]").format(_kind(schema.get("items", {})))
    kind = schema.get("format") or schema.get("type", "any")
    limits = [str(schema[name]) for name in ("minimum", "minLength", "maximum", "maxLength") if name in schema]
    return Markup("{}{}").format(kind, f" {'–'.join(limits)}" if limits else "")


def paragraphs(text: str) -> Markup:
    r"""A docstring as paragraphs.

    >>> str(paragraphs("One `a`.\n\nTwo <b>."))
    '<p>One <code>a</code>.</p><p>Two &lt;b&gt;.</p>'
    """
    return _all(Markup("<p>{}</p>").format(code(part)) for part in re.split(r"\n\s*\n", text.strip()) if part)


def code(text: str) -> Markup:
    """What stands between backticks as code."""
    parts = text.split("`")
    return _all(
        Markup("<code>{}</code>").format(part) if place % 2 else Markup.escape(part) for place, part in enumerate(parts)
    )


def _all(parts: Iterable[Markup]) -> Markup:
    return Markup().join(parts)
