"""Every error Tanya raises on purpose.

AssistantError                something the person in front of it can act on
├── ReadError                 a file could not become an article: names the file, and the line where there is one
├── ConfigError               a setting is wrong: names the setting
├── FilterError               articles cannot be chosen so: names the filter
├── EmbedError                a model could not be loaded, or gave vectors that are not finite
├── ReaderError               the bundled reader could not be loaded
├── QuestionsError            a set of test questions has faults: names file, line and field of each
├── EvaluateError             a run of test questions cannot start, go on or be compared: says why
├── HistoryError              conversations cannot be kept or read: names the database
├── PeopleError               a person, a password or a key is not taken, or their file cannot be used
├── ClientError               the Python client: a server was not reached, or answered with a problem
├── SiteError                 a portal's site cannot be used or changed: names the site
├── ServeError                the web page cannot start: the port is taken, nobody would have to sign in
└── StoreError                an index cannot be used
    ├── IndexMissingError     there is no index at that place yet
    ├── IndexMismatchError    the index was built with another embedder, chunker or schema
    ├── IndexBusyError        another process is writing to it
    └── IndexDamagedError     the database does not pass its own check

A message says what was wrong, where, and what to do next. Nothing found is an answer, not an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

MOST_FAULTS_SHOWN = 50


class AssistantError(Exception):
    """The root: `cli.py` prints its message and exits with 1."""


class ReadError(AssistantError):
    """A file that could not become an article.

    Reading a folder yields these as values beside the articles, so that one bad file never stops the rest.
    """

    def __init__(self, path: Path | str, reason: str, line: int | None = None) -> None:
        self.path = Path(path)
        self.reason = reason
        self.line = line
        super().__init__(f"{path}:{line}: {reason}" if line is not None else f"{path}: {reason}")


class ConfigError(AssistantError):
    """A setting that cannot be used."""


class FilterError(AssistantError):
    """Words that do not say which articles may answer."""


class EmbedError(AssistantError):
    """An embedding model that cannot be loaded or misbehaves."""


class ReaderError(AssistantError):
    """A reading model that cannot be loaded."""


class QuestionsError(AssistantError):
    """Test questions that cannot be read; `faults` has one line for each, with file, line and field."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        shown = [*self.faults[:MOST_FAULTS_SHOWN]]
        if len(self.faults) > len(shown):
            shown.append(f"… and {len(self.faults) - len(shown)} more.")
        super().__init__("\n".join(shown))


class EvaluateError(AssistantError):
    """A run of test questions that cannot start, go on or be compared."""


class HistoryError(AssistantError):
    """A database of conversations that cannot be used, or that another version of Tanya made."""


class PeopleError(AssistantError):
    """A person, a password or a key that is not taken; a file of people that cannot be used."""


class ClientError(AssistantError):
    """A server that was not reached, or that answered with a problem.

    `status` is the HTTP status, 0 where there was no answer; `problem` is the name of the problem, such as
    "queue-full"; `retry_after_seconds` says when to try again, where the server said so.
    """

    def __init__(
        self, message: str, status: int = 0, problem: str = "", retry_after_seconds: float | None = None
    ) -> None:
        self.status = status
        self.problem = problem
        self.retry_after_seconds = retry_after_seconds
        super().__init__(message)


class SiteError(AssistantError):
    """A site of a portal, or the file of sites, that cannot be used."""


class ServeError(AssistantError):
    """The web page cannot start."""


class StoreError(AssistantError):
    """An index that cannot be used."""


class IndexMissingError(StoreError):
    """There is no index at this place."""


class IndexMismatchError(StoreError):
    """The index was built by another embedder, chunker or version of the schema."""


class IndexBusyError(StoreError):
    """Another process holds the writer's lock."""


class IndexDamagedError(StoreError):
    """SQLite reports that the file is not a sound database."""
