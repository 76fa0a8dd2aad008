"""What portals load and call of the widget: its script, its types, tokens for anonymous visitors, and logging out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from assistant.sites import Refusal, Sites
from assistant.web.portal import refusal
from assistant.web.shell import STATIC

# The script is the same for everybody and holds no secret: any page may load it, check its hash (which asks for CORS),
# and do so under a policy that takes nothing from elsewhere unasked. It is the only thing here that says so.
FOR_EVERYBODY = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": "public, max-age=600",
}


def widget_pages(sites: Sites) -> APIRouter:
    """The routes; `portal.Portal` has verified the token before any of them is called."""
    router = APIRouter()

    @router.get("/widget.js")
    def script() -> FileResponse:
        return FileResponse(STATIC / "widget.js", media_type="text/javascript", headers=FOR_EVERYBODY)

    @router.get("/widget.d.ts")
    def types() -> FileResponse:
        return FileResponse(STATIC / "widget.d.ts", media_type="text/plain", headers=FOR_EVERYBODY)

    @router.put("/widget/{site}/token")
    def visit(request: Request, site: str) -> Response:
        """A token for an anonymous visitor; the header that names the site is what no page of elsewhere can send."""
        try:
            if request.headers.get("x-tanya-site") != site:
                raise Refusal("no-token")
            token = sites.anonymous_token(site)
        except Refusal as refused:
            return refusal(request, site, refused.reason)
        return JSONResponse({"token": token}, headers={"cache-control": "no-store"})

    @router.delete("/widget/{site}/token", status_code=204)
    def log_out(request: Request, site: str) -> Response:  # noqa: ARG001
        token, bearer = getattr(request.state, "bearer", ("", None))
        if bearer is None:
            return refusal(request, "", "no-token")
        sites.deny(token, bearer)
        return Response(status_code=204)

    return router
