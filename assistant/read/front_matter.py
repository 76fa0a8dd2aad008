"""A text -> the facts in the YAML above it, the line each stands on, and the text below.

What is written counts, not what YAML 1.1 makes of it: an id `007` is not the number 7, a title `No` is not False.
This file keeps harmful YAML out and does not know what a fact must look like to be believed (that is fields.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import ReadError
from assistant.read.fields import KNOWN_FIELDS

MAX_DEPTH = 20


def split_front_matter(text: str, path: Path) -> tuple[dict[str, Any], dict[str, int], str]:
    """The fields, the line in the file on which each stands, and the text below."""
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler()
    start = text.lstrip()
    if handler.FM_BOUNDARY is None or (opening := handler.FM_BOUNDARY.match(start)) is None:
        return {}, {}, text.strip()
    first_line = text[: len(text) - len(start) + opening.end()].count("\n") + 1
    try:
        yaml_text, body = handler.split(start)
    except ValueError:
        raise ReadError(path, "opens front matter that never ends; close it with a line ---", first_line) from None
    facts, lines = _yaml_fields(yaml_text, path, first_line)
    return facts, lines, body.strip()


def _yaml_fields(yaml_text: str, path: Path, first_line: int) -> tuple[dict[str, Any], dict[str, int]]:
    import yaml

    facts: dict[str, Any] = {}
    lines: dict[str, int] = {}
    line = first_line
    try:
        # The parser counts lines from 0: below this many empty ones, it counts as the file does, from 1.
        for name, node, loader in _yaml_nodes("\n" * first_line + yaml_text, path):
            line = node.start_mark.line
            if name in facts:
                raise ReadError(path, f"`{name}` stands twice in the front matter; remove one", line)
            is_known_scalar = name in KNOWN_FIELDS and isinstance(node, yaml.ScalarNode)
            facts[name] = _as_written(node) if is_known_scalar else loader.construct_object(node, deep=True)
            lines[name] = line
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
        line = mark.line if mark else line
        raise ReadError(path, f"front matter is not valid YAML: {problem}", line) from error
    except ValueError as error:  # a date in `extra` such as 2024-02-31, a number of thousands of digits
        raise ReadError(path, f"front matter has a value that cannot be: {error}; put it in quotes", line) from error
    return facts, lines


def _yaml_nodes(yaml_text: str, path: Path) -> Iterator[tuple[str, Any, Any]]:
    """Name, value node and loader of each field.

    Aliases and deep nesting are refused before anything is built: a few lines of them can stand for gigabytes.
    """
    import yaml

    safe_loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    depth = 0
    event: Any
    for event in yaml.parse(yaml_text, Loader=safe_loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > MAX_DEPTH:
            reason = "front matter may not use aliases (*name) or deep nesting"
            raise ReadError(path, reason, event.start_mark.line)
    loader = safe_loader(yaml_text)
    node = loader.get_single_node()
    if node is not None and not isinstance(node, yaml.MappingNode):
        raise ReadError(path, "front matter is not a mapping; write `name: value` lines", node.start_mark.line)
    for key, value in node.value if node is not None else []:
        yield str(key.value), value, loader


def _as_written(scalar: Any) -> str | None:
    return None if scalar.tag == "tag:yaml.org,2002:null" else str(scalar.value)
