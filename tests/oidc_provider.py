"""A real OpenID Connect provider, as a process of its own on a free port of this machine.

Whoever comes is signed in at once, as the person that a test has named with `PUT /next`. `fault` makes it lie in one
way, as somebody would who is in its place or has stolen a token.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import httpx
import uvicorn
from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import RSAKey

ROOT = Path(__file__).resolve().parent.parent
CLIENT_ID, CLIENT_SECRET = "tanya-test", "a secret between the two"
END_SECONDS = 20

Text = Annotated[str, Form()]


@dataclass(frozen=True)
class Running:
    """The provider, from the outside."""

    issuer: str

    def next(self, fault: str = "", **claims: Any) -> None:
        """Whom to sign in next."""
        httpx.put(f"{self.issuer}/next", json={"fault": fault, "claims": claims}).raise_for_status()


@contextlib.contextmanager
def provider() -> Iterator[Running]:
    """The provider, until the end of the block."""
    command = [sys.executable, "-m", "tests.oidc_provider"]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield Running(process.stdout.readline().strip())
        finally:
            process.terminate()
            process.wait(END_SECONDS)


def application(issuer: str) -> FastAPI:
    app = FastAPI()
    key, strange_key = RSAKey.generate_key(2048, {"kid": "1"}), RSAKey.generate_key(2048, {"kid": "1"})
    wanted: dict[str, Any] = {"fault": "", "claims": {"sub": "1", "name": "Ana"}}
    codes: dict[str, dict[str, str]] = {}
    tokens: dict[str, dict[str, Any]] = {}

    @app.put("/next")
    def name(said: dict[str, Any]) -> None:
        wanted.update(said)

    @app.get("/.well-known/openid-configuration")
    def discovery() -> dict[str, Any]:
        return {
            "issuer": "https://other.example" if wanted["fault"] == "discovery" else issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    @app.get("/keys")
    def keys() -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False)]}

    @app.get("/authorize")
    def authorize(request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        codes[code] = asked
        answer = {"error": "access_denied"} if wanted["fault"] == "denied" else {"code": code}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}", 302)

    @app.post("/token")
    def token(request: Request, code: Text, redirect_uri: Text, code_verifier: Text) -> Response:
        known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = codes.pop(code, None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).decode().rstrip("=")
        if request.headers.get("authorization") != f"Basic {known}":
            raise HTTPException(401)
        if asked is None or asked["redirect_uri"] != redirect_uri or asked["code_challenge"] != challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe()
        tokens[access] = {"sub": wanted["claims"].get("sub", "1"), "groups": ["from userinfo"]}
        return JSONResponse({"access_token": access, "token_type": "Bearer", "id_token": id_token(asked["nonce"])})

    def id_token(nonce: str) -> str:
        now, fault = int(time.time()), wanted["fault"]
        claims = {
            "iss": "https://other.example" if fault == "issuer" else issuer,
            "aud": "another client" if fault == "audience" else CLIENT_ID,
            "nonce": "another" if fault == "nonce" else nonce,
            "iat": now - 7_200 if fault == "expired" else now,
            "exp": now - 3_600 if fault == "expired" else now + 300,
            **wanted["claims"],
        }
        if fault == "none":
            parts = [{"alg": "none"}, claims]
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
                + "."
            )
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, strange_key if fault == "key" else key)

    @app.get("/userinfo")
    def userinfo(request: Request) -> dict[str, Any]:
        return tokens[request.headers["authorization"].removeprefix("Bearer ")]

    return app


def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        issuer = f"http://127.0.0.1:{listener.getsockname()[1]}"
        print(issuer, flush=True)
        uvicorn.Server(uvicorn.Config(application(issuer), log_level="warning")).run(sockets=[listener])


if __name__ == "__main__":
    main()
