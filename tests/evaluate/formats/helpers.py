from __future__ import annotations

from pathlib import Path

from assistant.evaluate.questions import Problem, TestQuestion, parse


def written(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def only(path: Path) -> TestQuestion:
    """The one question of a file in which nothing is wrong."""
    questions, problems = parse(path)
    assert problems == []
    (question,) = questions
    return question


def complaints(path: Path) -> list[str]:
    """What is wrong, as it is shown, without the folder."""
    folder = f"{path if path.is_dir() else path.parent}/"
    return [str(problem).replace(folder, "") for problem in parse(path)[1]]


def warnings(path: Path) -> list[Problem]:
    return [problem for problem in parse(path)[1] if not problem.is_error]
