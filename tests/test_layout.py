"""The folder tells the story: each module imports only from rows above its own (docs/design.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "assistant"
ROWS = [
    ["errors"],
    ["records"],
    ["config", "filters", "network"],
    ["language", "words"],
    ["amounts"],
    ["dates"],
    ["asks"],
    ["comparison", "follow_up"],
    ["understand"],
    ["read"],
    ["clean"],
    ["chunk"],
    ["bert"],
    ["embed"],
    ["store"],
    ["ingest"],
    ["retrieve"],
    ["reader"],
    ["cite"],
    ["disagreement"],
    ["answer"],
    ["history"],
    ["private_file"],
    ["sites", "people", "audit"],
    ["chain"],
    ["doctor"],
    ["evaluate"],
    ["web"],
    ["client"],
    ["cli"],
    ["__main__"],
]
ROW_OF = {room: row for row, rooms in enumerate(ROWS) for room in rooms}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        rooms |= {name.split(".")[1] for name in names if name.startswith("assistant.")}
    return rooms


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_go_upwards(path: Path) -> None:
    room = room_of(path)
    for imported in imported_rooms(path) - {room}:
        assert ROW_OF[imported] < ROW_OF[room], f"{room} imports {imported}"


def test_every_room_has_its_row() -> None:
    assert {room_of(path) for path in FILES} <= ROW_OF.keys()
