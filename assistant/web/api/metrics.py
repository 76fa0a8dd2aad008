"""What is counted, for Prometheus. No question, no name and no address is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from assistant.records import Answer

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")  # a stranger may send any word
Door = Literal["api", "openai", "mcp"]
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counters of one server, apart from those of any other in the same process."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # when a counter was made says nothing to anybody
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "tanya_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self._request_seconds = Histogram(
            "tanya_request_seconds", "Time to the end of a response", ["route"], registry=self.registry, buckets=SECONDS
        )
        self._stage_seconds = Histogram(
            "tanya_stage_seconds", "Time of a stage of an answer", ["stage"], registry=self.registry, buckets=SECONDS
        )
        self._questions = Counter(
            "tanya_questions", "Questions answered, and whether anything was found", ["door", "found"],
            registry=self.registry,
        )  # fmt: skip
        self._errors = Counter("tanya_errors", "Answers that failed", ["problem"], registry=self.registry)
        self._articles = Gauge("tanya_articles", "Articles in the index", registry=self.registry)
        self._taken = Gauge("tanya_places_taken", "Requests that run or wait", ["workers"], registry=self.registry)
        ProcessCollector(registry=self.registry)

    def answered(self, scope: Mapping[str, Any], status: int, seconds: float) -> None:
        """A request has its response. Routes are named as the document has them, so that ids make no new series."""
        route = scope.get("root_path", "") + getattr(scope.get("route"), "path_format", "")
        route = route.removeprefix(scope.get("app_root_path", "")) if "route" in scope else "none"
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def told(self, door: Door, answer: Answer) -> None:
        """A question has its answer."""
        self._questions.labels(door, "yes" if answer.found else "no").inc()
        for stage, seconds in answer.seconds.items():
            self._stage_seconds.labels(stage).observe(seconds)

    def failed(self, problem: str) -> None:
        """A question has no answer, for this problem."""
        self._errors.labels(problem).inc()

    def text(self, articles: int, taken: Mapping[str, int]) -> bytes:
        """All of it, as Prometheus reads it."""
        self._articles.set(articles)
        for workers, places in taken.items():
            self._taken.labels(workers).set(places)
        return generate_latest(self.registry)
