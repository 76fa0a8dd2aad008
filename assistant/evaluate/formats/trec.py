"""TREC topics with the qrels beside them (https://trec.nist.gov/data/qrels_eng): a folder, or its topics file.

Topics are in the tagged form (`<top>`, or `<topic number="1">`) or one a line, number and text with a tab between.
What is asked is the `<question>` where there is one, else the `<title>` or `<query>`, else the `<desc>`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from assistant.evaluate.formats.judged import Judgement, Topic, judgements, questions_from
from assistant.evaluate.formats.lines import lines_of
from assistant.evaluate.questions import Found, Problem

TOPIC = re.compile(r"<top(?:ic)?\b([^>]*)>(.*?)(?=<top(?:ic)?\b|</topics|\Z)", re.DOTALL | re.IGNORECASE)
FIELD = re.compile(
    r"<(num|question|title|query|desc)>\s*(?:(?:Number|Topic|Description)\s*:)?\s*([^<]*)", re.IGNORECASE
)
NUMBER = re.compile(r"\bnumber\s*=\s*[\"']([^\"']+)")
ASKED = ("question", "title", "query", "desc")


def is_topics(path: Path) -> bool:
    return path.name.lower().startswith("topics")


def topics_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if is_topics(path) and path.is_file())


def read(path: Path) -> Iterator[Found]:
    files = [path] if path.is_file() else topics_in(path)
    folder = path.parent if path.is_file() else path
    qrels = sorted(one for one in folder.iterdir() if one.name.lower().startswith("qrels") and one.is_file())
    if not qrels:
        yield Problem(str(folder), "", "holds no qrels*; it says which articles are relevant to a topic")
        return
    topics: list[Topic] = []
    for file in files:
        for found in _topics(file):
            if isinstance(found, Problem):
                yield found
            else:
                topics.append(found)
    yield from questions_from(topics, _judgements(qrels), str(path))


def _judgements(files: list[Path]) -> Iterator[Judgement | Problem]:
    for file in files:
        yield from judgements(file, columns=(0, 2, 3), width=4, header=False)


def _topics(path: Path) -> Iterator[Topic | Problem]:
    lines = []
    for line in lines_of(path):
        if isinstance(line, Problem):
            yield line
        lines.append("" if isinstance(line, Problem) else line.text)
    text = "\n".join(lines)
    yield from _tagged(text, path) if TOPIC.search(text) else _plain(lines, path)


def _tagged(text: str, path: Path) -> Iterator[Topic | Problem]:
    for block in TOPIC.finditer(text):
        place = f"{path}:{text.count(chr(10), 0, block.start()) + 1}"
        fields = {name.lower(): " ".join(html.unescape(words).split()) for name, words in FIELD.findall(block[2])}
        number = NUMBER.search(block[1])
        id = number[1].strip() if number else fields.get("num", "")
        asked = next((fields[name] for name in ASKED if fields.get(name)), "")
        if id and asked:
            yield Topic(id, asked, place)
        else:
            yield Problem(place, "title" if id else "num", "is missing")


def _plain(lines: list[str], path: Path) -> Iterator[Topic | Problem]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            id, tab, text = line.partition("\t")
            if tab and id.strip() and text.strip():
                yield Topic(id.strip(), " ".join(text.split()), f"{path}:{number}")
            else:
                yield Problem(f"{path}:{number}", "", "must be a number, a tab and the topic; or use <top> tags")
