"""The articles that come with a public set -> a file that `tanya index` reads, under the ids the questions name."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.errors import AssistantError
from assistant.evaluate.formats import articles_of


def write_articles(questions: Path, to: Path) -> int:
    """Writes them as JSON Lines and returns how many there are; an existing file is never written over.

    Raises `QuestionsError` where the set cannot be read; then nothing is left behind.
    """
    if to.exists():
        raise AssistantError(f"{to} is there already; name another file.")
    part = to.with_name(f"{to.name}.part")
    try:
        count = _write(questions, part)
        if not count:
            raise AssistantError(f"{questions} brings no articles; a SQuAD file and a BEIR folder do.")
        part.replace(to)
    except OSError as error:
        raise AssistantError(f"{error.filename or to}: {error.strerror or error}; nothing was written.") from error
    finally:
        part.unlink(missing_ok=True)
    return count


def _write(questions: Path, to: Path) -> int:
    count = 0
    with to.open("w", encoding="utf-8") as stream:
        for article in articles_of(questions):
            line = {"id": article.id, **article.metadata, "text": article.text}
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    return count
