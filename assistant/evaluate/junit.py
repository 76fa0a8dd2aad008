"""Gates and failed questions as JUnit XML, which every CI server shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from assistant.evaluate.gates import Verdict
from assistant.evaluate.result import Result

# What XML 1.0 cannot hold, not even escaped.
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(name: str, verdicts: Sequence[Verdict], results: Sequence[Result] = ()) -> str:
    """A test case for each gate, failed where its bar was not cleared, and one for each question.

    A question is a test case that only fails by raising an error: how many must be right is for the gates to say.
    """
    root = Xml.Element("testsuites")
    gates = _suite(root, f"{name}: gates", len(verdicts), failures=sum(not verdict.passed for verdict in verdicts))
    for verdict in verdicts:
        case = Xml.SubElement(gates, "testcase", classname="gates", name=_clean(verdict.gate))
        if not verdict.passed:
            Xml.SubElement(case, "failure", message=_clean(verdict.found))
    asked = _suite(root, f"{name}: questions", len(results), errors=sum(bool(result.error) for result in results))
    for result in results:
        seconds = f"{result.seconds.get('total', 0.0):.3f}"
        case = Xml.SubElement(asked, "testcase", classname="questions", name=_clean(result.id), time=seconds)
        if result.error:
            Xml.SubElement(case, "error", message=_clean(result.error))
        else:
            Xml.SubElement(case, "system-out").text = _clean(f"{result.outcome}: {result.question.question}")
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _suite(root: Xml.Element, name: str, tests: int, failures: int = 0, errors: int = 0) -> Xml.Element:
    counts = {"tests": str(tests), "failures": str(failures), "errors": str(errors)}
    return Xml.SubElement(root, "testsuite", {"name": _clean(name), **counts})


def _clean(text: str) -> str:
    return NOT_XML.sub("�", text)
