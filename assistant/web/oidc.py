"""Signing in with an OpenID Connect provider: the authorization code flow with PKCE, by Authlib.

The provider's name is in the settings, and nothing is asked of it before somebody signs in. What a browser has to bring
back (state, nonce, code verifier) lies in our file, bound to it by a cookie.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError, ConfigError
from assistant.people import Person
from assistant.web.access import Access
from assistant.web.identity import owner_from

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

FLOW_COOKIE = "tanya_flow"
TIMEOUT_SECONDS = 10
# With a public key; "none" and those of a shared secret are not among them.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
MOST_NAME_CHARS = 100


class ProviderError(AssistantError):
    """Somebody could not be signed in: the provider said no, said nothing, or said something that does not hold."""


class Provider:
    """The provider of the settings."""

    def __init__(self, access: Access) -> None:
        try:
            from authlib.integrations.starlette_client import OAuth
        except ModuleNotFoundError as error:
            raise ConfigError(
                f"TANYA_OIDC_ISSUER needs the package {error.name}: scripts/install oidc brings it."
            ) from None
        self.access, settings = access, access.settings
        self.issuer = access.issuer
        self._client = OAuth().register(
            "tanya",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret.get_secret_value() or None,
            server_metadata_url=f"{self.issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": settings.oidc_scope,
                "code_challenge_method": "S256",
                "timeout": TIMEOUT_SECONDS,
                **({} if settings.oidc_client_secret.get_secret_value() else {"token_endpoint_auth_method": "none"}),
            },
        )

    async def go(self, request: Request, back: str, next: str) -> tuple[Response, dict[str, Any]]:
        """The way to the provider, and what has to be kept until somebody comes back from there."""
        kept: dict[str, Any] = {}
        request.scope["session"] = kept
        try:
            await self._metadata()
            answer = await self._client.authorize_redirect(request, back)
        except Exception as error:
            raise _told(error) from error
        answer.headers["cache-control"] = "no-store"
        return answer, {"session": kept, "next": next}

    async def back(self, request: Request, flow: Mapping[str, Any]) -> Person:
        """Whoever comes back from the provider. Raises `ProviderError`."""
        if not flow:
            raise ProviderError("this browser did not begin signing in, or too long ago")
        request.scope["session"] = dict(flow["session"])
        try:
            metadata = await self._metadata()
            options = {
                "iss": {"essential": True, "value": metadata["issuer"]},
                "aud": {"essential": True, "value": self._client.client_id},
            }
            token = await self._client.authorize_access_token(request, claims_options=options)
            claims = dict(token.get("userinfo") or {})
            if not claims.get("sub"):
                raise ProviderError("it sent no ID token")
            if not _has(claims, self.access.settings.oidc_groups_claim) and "userinfo_endpoint" in metadata:
                more = await self._client.userinfo(token=token)
                if more.get("sub") == claims["sub"]:  # OpenID Connect Core, 5.3.2
                    claims = {**more, **claims}
        except ProviderError:
            raise
        except Exception as error:
            raise _told(error) from error
        return self.person(claims)

    def person(self, claims: Mapping[str, Any]) -> Person:
        """Whom these claims speak of. Raises `ProviderError` for somebody who may not even ask."""
        groups = groups_in(claims, self.access.settings.oidc_groups_claim)
        role = self.access.role(groups)
        known = (claims.get(claim) for claim in ("name", "preferred_username", "email", "sub"))
        name = next(text for text in known if isinstance(text, str) and text.strip())
        if role is None:
            raise ProviderError(f"{name!r} is in no group that may ask")
        owner = owner_from("oidc", self.issuer, claims["sub"])
        return Person(" ".join(name.split())[:MOST_NAME_CHARS], role, owner, groups, subject=str(claims["sub"]))

    async def _metadata(self) -> Mapping[str, Any]:
        """What the provider says of itself, if it is the one of the settings (OpenID Connect Discovery, 4.3)."""
        metadata: dict[str, Any] = await self._client.load_server_metadata()
        if str(metadata.get("issuer", "")).rstrip("/") != self.issuer:
            self._client.server_metadata.clear()
            raise ProviderError("it says that it is another issuer than TANYA_OIDC_ISSUER")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in ALGORITHMS]
        return metadata


def groups_in(claims: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The groups that the claims tell; a dot leads into a claim.

    >>> groups_in({"realm_access": {"roles": ["desk", 1]}}, "realm_access.roles"), groups_in({"groups": "it"}, "groups")
    (('desk',), ('it',))
    """
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    listed = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    return tuple(name for name in listed if isinstance(name, str))


def _has(claims: Mapping[str, Any], path: str) -> bool:
    return path.partition(".")[0] in claims or path in claims


def _told(error: Exception) -> ProviderError:
    """Whatever went wrong between us and the provider; the sentence is for the audit file, not for a visitor."""
    return error if isinstance(error, ProviderError) else ProviderError(f"{type(error).__name__}: {error}")
