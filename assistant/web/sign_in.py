"""The addresses of signing in and out.

A session's token is new at each sign-in, so a cookie that somebody planted is worth nothing; forms count from pages of
this application alone; nobody is sent to another host afterwards.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.people import LEAST_PASSWORD_CHARS, MOST_PASSWORD_CHARS, Person, TooOftenError, is_password
from assistant.web.access import Access
from assistant.web.asker import asker_of, is_known
from assistant.web.identity import COOKIE, asker_from, cookie_name
from assistant.web.oidc import FLOW_COOKIE, Provider, ProviderError
from assistant.web.recorder import address_in, record
from assistant.web.security import FORM_POLICY, from_own_page
from assistant.web.sign_in_page import account_page, sign_in_page, wait_of
from assistant.web.sign_in_phrases import EN, ID, Words, words_for

# Argon2 takes 64 MiB for each password that is tried, on purpose: not many at once.
AT_ONCE = 2
MOST_FIELD_CHARS = 2_000
HEADERS = {
    "content-security-policy": FORM_POLICY.replace("frame-ancestors 'self'", "frame-ancestors 'none'"),
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "referrer-policy": "same-origin",  # else the form would not say where it comes from
    "vary": "accept-language, cookie",
}

Field = Annotated[str, Form(max_length=MOST_FIELD_CHARS)]


def sign_in_routes(access: Access) -> APIRouter:
    """The routes over these ways in."""
    router = APIRouter()
    people = access.people
    trying = CapacityLimiter(AT_ONCE)
    provider = Provider(access) if access.settings.oidc_issuer else None

    def page(request: Request, words: Words, next: str, status: int = 200, **more: Any) -> HTMLResponse:
        text = sign_in_page(words, _root(request), next, access.passwords, access.provider, **more)
        return HTMLResponse(text, status, HEADERS)

    def signed_in(request: Request, person: Person, next: str, way: str) -> Response:
        """Begins a session and goes on to where somebody wanted to go."""
        people.end_session(_cookie(request, COOKIE))
        token = people.begin_session(person, access.session_seconds, "" if way == "password" else access.issuer)
        answer = RedirectResponse(_root(request) + next, 303, headers={"cache-control": "no-store"})
        _set_cookie(answer, request, COOKIE, token, int(access.session_seconds))
        asker = asker_from(person)
        record(request, "signed-in", asker=asker, way=way, role=person.role, subject=person.subject)
        return answer

    def changeable(request: Request) -> str:
        """Whose password can be changed here: whoever has signed in with it, and is not another for a proxy."""
        name = people.name_in(_cookie(request, COOKIE))
        return name if name == asker_of(request).name else ""

    def of_account(request: Request, words: Words, status: int = 200, notice: str = "") -> HTMLResponse:
        token = _cookie(request, COOKIE)
        can_change = bool(changeable(request))
        text = account_page(words, asker_of(request), _root(request), bool(token), can_change, notice, status >= 400)
        return HTMLResponse(text, status, HEADERS)

    @router.get("/account")
    def account(request: Request, changed: str = "") -> Response:
        if not asker_of(request).name:
            return RedirectResponse(f"{_root(request)}/", 303)
        words = words_for(request)
        return of_account(request, words, notice=words.changed if changed else "")

    @router.post("/sign-out")
    def sign_out(request: Request) -> Response:
        if not from_own_page(request.headers):
            return page(request, words_for(request), "/", 403, notice=words_for(request).foreign, is_wrong=True)
        if people.end_session(_cookie(request, COOKIE)):
            record(request, "signed-out")
        answer = RedirectResponse(f"{_root(request)}/sign-in?out=1", 303, headers={"cache-control": "no-store"})
        _drop_cookie(answer, request, COOKIE)
        return answer

    if not access.has_form:
        return router

    @router.get("/sign-in")
    def form(request: Request, next: str = "/", out: str = "", failed: str = "") -> Response:
        words, wanted = words_for(request), local(next)
        if is_known(request.scope) and _cookie(request, COOKIE):
            return RedirectResponse(_root(request) + wanted, 303, headers={"cache-control": "no-store"})
        if failed:
            notice = words.provider_failed.format(provider=access.provider)
            return page(request, words, wanted, notice=notice, is_wrong=True)
        return page(request, words, wanted, notice=words.signed_out if out else "")

    if provider:

        @router.get("/sign-in/provider")
        async def go(request: Request, next: str = "/") -> Response:
            try:
                answer, flow = await provider.go(request, _back(request), local(next))
            except ProviderError as error:
                return _failed(request, str(error))
            token = await run_sync(people.begin_flow, flow)
            _set_cookie(answer, request, FLOW_COOKIE, token, 0)
            return answer

        @router.get("/sign-in/provider/back")
        async def back(request: Request) -> Response:
            flow = await run_sync(people.end_flow, _cookie(request, FLOW_COOKIE))
            try:
                person = await provider.back(request, flow)
            except ProviderError as error:
                return _failed(request, str(error))
            answer = await run_sync(signed_in, request, person, local(str(flow.get("next", "/"))), access.provider)
            _drop_cookie(answer, request, FLOW_COOKIE)
            return answer

    if not access.passwords:
        return router

    @router.post("/sign-in")
    async def sign_in(
        request: Request, name: Field = "", password: Field = "", next: Field = "/", lang: Field = ""
    ) -> Response:
        words, wanted = ID if lang == "id" else EN, local(next)
        if not from_own_page(request.headers):
            return page(request, words, wanted, 403, notice=words.foreign, is_wrong=True)
        try:
            person = await run_sync(people.sign_in, name, password, address_in(request), limiter=trying)
        except TooOftenError as error:
            record(request, "sign-in-throttled", name, way="password")
            notice = wait_of(words, error.seconds)
            answer = page(request, words, wanted, 429, notice=notice, is_wrong=True, name=name)
            answer.headers["retry-after"] = str(error.seconds)
            return answer
        if person is None:
            record(request, "sign-in-failed", name, way="password")
            return page(request, words, wanted, 401, notice=words.wrong, is_wrong=True, name=name)
        return await run_sync(signed_in, request, person, wanted, "password")

    @router.post("/account")
    async def change(
        request: Request, password: Field = "", new: Field = "", again: Field = "", lang: Field = ""
    ) -> Response:
        """A new password for whoever knows the current one; their other sessions end."""
        words = ID if lang == "id" else EN
        name = await run_sync(changeable, request)

        async def told(status: int, notice: str) -> Response:
            return await run_sync(of_account, request, words, status, notice)

        if not name or not from_own_page(request.headers):
            return await told(403, words.foreign)
        if new != again:
            return await told(400, words.not_the_same)
        if not is_password(new):
            return await told(400, words.too_short.format(least=LEAST_PASSWORD_CHARS, most=MOST_PASSWORD_CHARS))
        try:
            person = await run_sync(people.renew, name, password, new, address_in(request), limiter=trying)
        except TooOftenError as error:
            record(request, "sign-in-throttled", way="password")
            answer = await told(429, wait_of(words, error.seconds))
            answer.headers["retry-after"] = str(error.seconds)
            return answer
        if person is None:
            record(request, "password-refused")
            return await told(401, words.wrong_password)
        token = await run_sync(people.begin_session, person, access.session_seconds)
        record(request, "password-changed")
        query = urlencode({"changed": 1, "lang": words.lang})
        answer = RedirectResponse(f"{_root(request)}/account?{query}", 303, headers={"cache-control": "no-store"})
        _set_cookie(answer, request, COOKIE, token, int(access.session_seconds))
        return answer

    return router


def local(wanted: str) -> str:
    r"""The address to go on to, if it is one of this application; else its beginning.

    >>> local("/articles/1?lang=id"), local("//evil.example"), local("https://evil.example"), local("/\\evil.example")
    ('/articles/1?lang=id', '/', '/', '/')
    """
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    is_plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted
    is_here = wanted.startswith("/") and not wanted.startswith("//") and not (parts.scheme or parts.netloc)
    return wanted if is_plain and is_here and not parts.path.startswith("/sign-") else "/"


def _failed(request: Request, reason: str) -> Response:
    record(request, "sign-in-failed", "somebody", way="provider", reason=reason)
    query = urlencode({"failed": 1})
    answer = RedirectResponse(f"{_root(request)}/sign-in?{query}", 303, headers={"cache-control": "no-store"})
    _drop_cookie(answer, request, FLOW_COOKIE)
    return answer


def _set_cookie(answer: Response, request: Request, name: str, value: str, seconds: int) -> None:
    """A cookie that no script reads and no other site's form sends; 0 seconds: until the browser is closed."""
    answer.set_cookie(
        cookie_name(name, request.scope),
        value,
        max_age=seconds or None,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _cookie(request: Request, name: str) -> str:
    return request.cookies.get(cookie_name(name, request.scope), "")


def _drop_cookie(answer: Response, request: Request, name: str) -> None:
    secure = request.url.scheme == "https"  # without it browsers would not take one whose name asks for it
    answer.delete_cookie(cookie_name(name, request.scope), secure=secure, httponly=True)


def _back(request: Request) -> str:
    """The address to which the provider sends people back; it has to know it."""
    return str(request.base_url).rstrip("/") + "/sign-in/provider/back"


def _root(request: Request) -> str:
    """The path under which a proxy serves the application, if any."""
    return str(request.scope.get("root_path", ""))
