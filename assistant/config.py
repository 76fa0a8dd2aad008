"""Settings: the only place that reads the environment.

Every setting has a default that works offline. Set `TANYA_<NAME>` in the environment to change one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.errors import ConfigError


def _split(value: Any) -> Any:
    return tuple(name for part in value.split(",") if (name := part.strip())) if isinstance(value, str) else value


# Several names in one variable, with commas between them.
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """All settings, frozen. `Settings(top_k=4)` overrides one in code."""

    model_config = SettingsConfigDict(env_prefix="TANYA_", frozen=True, extra="forbid")

    index: Path = Field(default=Path("indexes/default"), description="the folder of the index")

    embedder: str = Field(default="bundled", description="'bundled', or a sentence-transformers name or folder")
    query_prefix: str | None = Field(default=None, description="put before a question; None: the model's own")
    passage_prefix: str | None = Field(default=None, description="put before a passage; None: the model's own")
    threads: int = Field(default=0, ge=0, description="CPU threads of the models; 0: one for each core")

    passage_chars: int = Field(default=600, ge=100, le=10_000, description="the most characters in a passage")
    overlap_sentences: int = Field(default=1, ge=0, le=5, description="sentences shared with the passage before")

    top_k: int = Field(default=8, ge=1, le=100, description="passages handed from retrieval to the reader")
    vector_weight: float = Field(default=0.7, ge=0.0, le=1.0, description="share of the vectors in the fused score")
    max_question_chars: int = Field(default=1_000, ge=50, description="a longer question is shortened, with a notice")
    max_quotes: int = Field(default=4, ge=1, le=10, description="the most quotations in one answer")
    min_probability: float = Field(
        default=0.12, ge=0.0, le=1.0, description="below this, the answer is 'I find nothing'"
    )

    runs: Path = Field(default=Path("runs"), description="the folder of the runs of test questions")

    host: str = Field(default="127.0.0.1", description="the address the page listens on")
    port: int = Field(default=7860, ge=0, le=65_535, description="the port the page listens on")
    mcp_hosts: str = Field(
        default="",
        description="names beside those of this machine that /mcp answers to, with commas: 'tanya.example,10.0.0.5:*'",
    )

    hosts: Names = Field(default=(), description="names by which browsers call the page, beside those of this machine")
    proxy_addresses: Names = Field(
        default=(), description="addresses or networks of proxies whose headers are believed"
    )
    people: Path | None = Field(default=None, description="the file of people and keys; None: beside the index")
    session_hours: float = Field(default=12, gt=0, le=8_760, description="after so long one has to sign in again")
    oidc_issuer: str = Field(default="", description="address of an OpenID Connect provider; empty: none")
    oidc_client_id: str = Field(default="", description="the name by which the provider knows this application")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="what proves it to the provider")
    oidc_scope: str = Field(default="openid profile email", description="what the provider is asked for")
    oidc_groups_claim: str = Field(default="groups", description="where it says groups: 'groups', 'realm_access.roles'")
    proxy_header: str = Field(default="", description="the header in which a proxy names whom it has signed in")
    proxy_groups_header: str = Field(default="", description="the header in which it names their groups, with commas")
    admin_groups: Names = Field(default=(), description="groups whose members may do everything")
    curate_groups: Names = Field(default=(), description="groups whose members may change the articles")
    ask_groups: Names = Field(default=(), description="groups whose members may ask; empty: whoever is signed in")
    log_questions: bool = Field(default=False, description="whether the log tells what was asked")

    history: str = Field(
        default="on",
        description="where conversations are kept: 'on': beside the index; a path; a database's URL; or 'off'",
    )
    history_days: int = Field(default=0, ge=0, description="a conversation untouched so long is deleted; 0: none is")


def settings_of(**given: Any) -> Settings:
    """The settings with these in the environment's place. Raises `ConfigError` that names the one that is wrong.

    >>> settings_of(top_k="12").top_k
    12
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "TANYA_" + ".".join(str(part) for part in first["loc"]).upper()
        raise ConfigError(f"{name} is wrong: {first['msg']} (it is {first['input']!r}).") from error


# What these do changes no answer: where the page is served, to whom, and what is kept of it.
OF_SERVING = (
    *("host", "port", "hosts", "people", "session_hours", "history", "history_days"),
    *(
        name
        for name in Settings.model_fields
        if name.startswith(("oidc_", "proxy_", "log_")) or name.endswith("_groups")
    ),
)
