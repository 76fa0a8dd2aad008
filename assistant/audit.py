"""Who did what: one JSON object a line, in a file beside the index that is only ever added to.

For whoever has to tell afterwards who came in, who failed to, and who changed something. It holds no question, no
answer, no password, key or token. Each line is one write to a file opened for that line, so several processes may
write, and the file may be moved away at any time.
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
from collections.abc import Callable
from pathlib import Path

from assistant.config import Settings
from assistant.errors import AssistantError

MOST_CHARS = 300  # of one fact: a stranger may have written it


def audit_file(settings: Settings) -> Path:
    """Where it is written down.

    >>> str(audit_file(Settings()))
    'indexes/default.audit.jsonl'
    """
    return settings.index.with_name(f"{settings.index.name}.audit.jsonl")


class Audit:
    """The file of what was done. Raises `AssistantError` where it cannot be written."""

    def __init__(self, file: Path, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self.file = file
        self._now = now

    def record(self, event: str, who: str, **facts: object) -> None:
        """Writes down that somebody did something. Facts that are empty are left out."""
        told = {name: str(value)[:MOST_CHARS] for name, value in facts.items() if value not in ("", None)}
        line = {"time": self._now().isoformat(timespec="milliseconds"), "event": event, "who": who[:MOST_CHARS], **told}
        data = json.dumps(line, ensure_ascii=True).encode() + b"\n"
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            place = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(place, data)
            finally:
                os.close(place)
        except OSError as error:
            raise AssistantError(
                f"{self.file} cannot be written: {error.strerror}. What is done here is kept there."
            ) from error


def audit_of(settings: Settings) -> Audit:
    """The file of what was done with this index."""
    return Audit(audit_file(settings))


def on_command_line() -> str:
    """Whoever runs the command.

    >>> on_command_line().startswith("command line: ")
    True
    """
    try:
        return f"command line: {getpass.getuser()}"
    except (KeyError, OSError, ImportError):  # a user without a name, as in some containers
        return f"command line: {os.getuid() if hasattr(os, 'getuid') else 'somebody'}"
