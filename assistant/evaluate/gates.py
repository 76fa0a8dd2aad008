"""Bars that a run must clear: "recall@10>=0.9, f1[id-en]>=0.5" in, what did not hold out. For CI.

A gate is a measure, a comparison and a number; a tag or language pair in brackets takes the figure of that group.
Between two runs there is one more: "no significant drop".
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from assistant.errors import EvaluateError
from assistant.evaluate.score import BY_NAME, IN_GROUPS, Measure, Scores

NO_DROP = "no significant drop"
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
GATE = re.compile(r"(?P<measure>[\w@]+)\s*(?:\[(?P<group>[^\[\]]+)\])?\s*(?P<sign>[<>]=?)\s*(?P<bar>\d*\.?\d+)")


@dataclass(frozen=True, slots=True)
class Gate:
    """One bar: `measure` of all questions, or of those of `group`, compared with `bar`."""

    measure: str
    sign: str
    bar: float
    group: str = ""

    def __str__(self) -> str:
        """As it is written on the command line.

        >>> print(Gate("f1", ">=", 0.5, "id-en"))
        f1[id-en]>=0.5
        """
        return f"{self.measure}{f'[{self.group}]' if self.group else ''}{self.sign}{self.bar:g}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a gate held, and what was found."""

    gate: str
    passed: bool
    found: str


def gates_of(text: str) -> tuple[list[Gate], bool]:
    """The gates in a text, with commas between them, and whether "no significant drop" is one.

    Raises `EvaluateError` that says what is wrong, before any question is asked.

    >>> gates_of("recall@10 >= 0.9, no significant drop")
    ([Gate(measure='recall@10', sign='>=', bar=0.9, group='')], True)
    """
    parts = [" ".join(part.split()) for part in text.split(",") if part.strip()]
    return [_gate(part) for part in parts if part.lower() != NO_DROP], NO_DROP in [part.lower() for part in parts]


def _gate(text: str) -> Gate:
    written = GATE.fullmatch(text)
    if written is None:
        raise EvaluateError(f"The gate {text!r} cannot be read; write it like recall@10>=0.9 or f1[who]>=0.5.")
    name, group = written["measure"], (written["group"] or "").strip()
    measure = measure_named(name, IN_GROUPS, "a group") if group else measure_named(name)
    return Gate(measure.name, written["sign"], float(written["bar"]), group)


def measure_named(name: str, known: Sequence[str] = tuple(BY_NAME), of: str = "a run") -> Measure:
    """The measure of that name. Raises `EvaluateError` that says which there are."""
    if name not in known:
        close = get_close_matches(name, known, n=1)
        hint = f" Is {close[0]} meant?" if close else ""
        raise EvaluateError(f"{name!r} is no measure of {of}.{hint} There are: {', '.join(known)}.")
    return BY_NAME[name]


def judge(gates: Sequence[Gate], scores: Scores) -> list[Verdict]:
    """Which gates hold. A figure that does not exist clears no bar."""
    return [_verdict(gate, scores) for gate in gates]


def _verdict(gate: Gate, scores: Scores) -> Verdict:
    groups = {group.name: group.estimates for group in (*scores.tags, *scores.pairs)}
    if gate.group and gate.group not in groups:
        return Verdict(str(gate), False, f"no question is tagged {gate.group}")
    estimate = (groups[gate.group] if gate.group else scores.overall)[gate.measure]
    if estimate.value is None:
        return Verdict(str(gate), False, "there is no question to measure it on")
    found = f"{gate.measure} is {estimate.value:.4f}"
    return Verdict(str(gate), COMPARISONS[gate.sign](estimate.value, gate.bar), found)
