"""Results -> figures: every measure over all questions, by tag and by language pair, each with its interval.

A measure is either a number for each question and their mean, or a figure of all questions together. A question that
failed counts as zero and never vanishes; one that a measure says nothing about (there is no article to find for a
question that no article answers) is left out of that measure alone. The formulas stand in the modules named beside
the measures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.evaluate.abstention import RiskPoint, abstention_precision, aurc, auroc, risk_coverage
from assistant.evaluate.agreement import Judging, judging_of
from assistant.evaluate.answers import answer_in, exact_match, token_f1
from assistant.evaluate.calibration import Bin, expected_calibration_error, reliability
from assistant.evaluate.citations import Cited, citation_precision, citation_recall
from assistant.evaluate.ranking import ranking_scores
from assistant.evaluate.result import Opinion, Outcome, Result
from assistant.evaluate.statistics import Difference, Estimate, estimate_of, mean_of, percentile

BY_PASSAGE = "passage_"
# Each draw looks at every result again: fewer than for a mean.
RESAMPLED_PAIRS = 300
RANKING = {
    "recall@1": "share of what supports the answer that stands first",
    "recall@5": "share of what supports the answer among the first 5",
    "recall@10": "share of what supports the answer among the first 10",
    "mrr": "1 over the rank of the first that supports the answer",
    "ndcg@10": "gain of the first 10, over that of the best order",
    "map": "mean precision at each one that supports the answer",
}
Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a figure is called, in which part of the tables it stands, what it tells and which way is better."""

    name: str
    part: str
    tells: str
    better: Better = "higher"


MEASURES = (
    Measure("right", "overall", "answered right, or declined where no article answers"),
    Measure("em", "answers", "exact match, of the answerable questions"),
    Measure("f1", "answers", "token F1, of the answerable questions"),
    Measure("em_all", "answers", "exact match as in SQuAD 2.0: declining is right where no article answers"),
    Measure("f1_all", "answers", "token F1 as in SQuAD 2.0"),
    Measure("answer_quoted", "answers", "a gold answer stands in the quoted sentences"),
    Measure("judged", "judge", "share that the judge calls correct, partly counting half, of the answerable questions"),
    *(Measure(name, "retrieval", f"{tells}, by article") for name, tells in RANKING.items()),
    *(Measure(BY_PASSAGE + name, "retrieval", f"{tells}, by passage") for name, tells in RANKING.items()),
    Measure("citation_precision", "citations", "share of the citations that support the answer"),
    Measure("citation_recall", "citations", "share of the statements with a citation that supports the answer"),
    Measure("citation_exactness", "citations", "share that stands in the article letter for letter; must be 1"),
    Measure("abstention_accuracy", "abstention", "declined exactly when no article answers"),
    Measure("abstention_recall", "abstention", "of what no article answers, the share declined"),
    Measure("abstention_precision", "abstention", "of what was declined, the share that no article answers"),
    Measure("auroc", "abstention", "chance that an answerable question has the higher probability"),
    Measure("aurc", "abstention", "area under the risk-coverage curve", "lower"),
    Measure("ece", "calibration", "how far the probabilities of the answers given are off", "lower"),
    Measure("seconds_p50", "cost", "half of the questions took no longer", "lower"),
    Measure("seconds_p95", "cost", "95 in 100 questions took no longer", "lower"),
)
BY_NAME = {measure.name: measure for measure in MEASURES}
# What groups are compared by; all else would be noise in groups of twenty.
IN_GROUPS = ("right", "f1", "em", "recall@10", "passage_recall@10", "citation_precision", "abstention_accuracy")


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one tag or language pair, with the figures that `IN_GROUPS` names."""

    name: str
    count: int
    estimates: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Stage:
    """How long one stage took, in seconds."""

    name: str
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Scores:
    """All figures of a run. `numbers` has, for each measure that is a mean, the number of each question by its id."""

    count: int
    numbers: Mapping[str, Mapping[str, float]]
    overall: Mapping[str, Estimate]
    tags: tuple[Group, ...]
    pairs: tuple[Group, ...]
    outcomes: Mapping[Outcome, int]
    stages: tuple[Stage, ...]
    risk: tuple[RiskPoint, ...]
    bins: tuple[Bin, ...]
    judging: Judging | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures that this run has: `judged` only where there was a judge."""
        return tuple(measure for measure in MEASURES if measure.part != "judge" or self.judging)

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON values, for `run.json`."""
        return {
            "questions": self.count,
            "outcomes": {outcome.value: count for outcome, count in self.outcomes.items()},
            "overall": _plain(self.overall),
            "tags": {group.name: {"questions": group.count, **_plain(group.estimates)} for group in self.tags},
            "pairs": {group.name: {"questions": group.count, **_plain(group.estimates)} for group in self.pairs},
            "seconds": {stage.name: {"p50": stage.p50, "p95": stage.p95} for stage in self.stages},
            "judge": self.judging and _judging(self.judging),
        }


def score(results: Sequence[Result]) -> Scores:
    """Every figure of a run."""
    numbers = numbers_of(results)
    pairs = _groups(results, numbers, lambda result: [result.pair] if result.pair else [])
    return Scores(
        count=len(results),
        numbers=numbers,
        overall={measure.name: overall(measure.name, results, numbers) for measure in MEASURES},
        tags=_groups(results, numbers, lambda result: [tag for tag in result.tags if tag not in _names(pairs)]),
        pairs=pairs,
        outcomes=_outcomes(results),
        stages=_stages(results),
        risk=tuple(risk_coverage([result.probability for result in results], _losses(results))),
        bins=tuple(reliability(*_answered(results))),
        judging=judging_of(results),
    )


def overall(name: str, results: Sequence[Result], numbers: Mapping[str, Mapping[str, float]]) -> Estimate:
    """One measure over all the questions given."""
    if name in numbers:
        return mean_of([numbers[name][result.id] for result in results if result.id in numbers[name]])
    statistic, columns = _of_all(name, results)
    return estimate_of(statistic, *columns, resamples=1_000)


def change_of_all(name: str, before: Sequence[Result], after: Sequence[Result]) -> Difference:
    """How much a figure of all questions together differs between two runs over the same ones.

    The interval is the bootstrap's over pairs of results. There is no p: such a figure has no number for one question
    whose sign could be changed.
    """

    def change(drawn: Sequence[float]) -> float | None:
        places = [int(place) for place in drawn]
        one, other = (_figure(name, [results[place] for place in places]) for results in (before, after))
        return None if one is None or other is None else other - one

    found = estimate_of(change, list(range(len(before))), resamples=RESAMPLED_PAIRS)
    return Difference(found.value, found.low, found.high, None, found.count)


def _figure(name: str, results: Sequence[Result]) -> float | None:
    statistic, columns = _of_all(name, results)
    return statistic(*columns)


# One number a question


def numbers_of(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    """Measure -> question -> number, for the measures that are means."""
    numbers = _ranking(results)
    for name, number in NUMBERS.items():
        values = {result.id: number(result) for result in results}
        numbers[name] = {id: value for id, value in values.items() if value is not None}
    if not any(result.judged for result in results):
        numbers["judged"] = {}
    return numbers


def _ranking(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    asked = [result for result in results if result.question.answerable]
    by_article = ranking_scores(
        {result.id: result.question.qrels for result in asked},
        {result.id: list(dict.fromkeys(hit.article for hit in result.ranking)) for result in asked},
        list(RANKING),
    )
    by_passage = ranking_scores(
        {result.id: dict.fromkeys(result.gold_passages, 1) for result in asked},
        {result.id: [hit.passage for hit in result.ranking] for result in asked},
        list(RANKING),
    )
    return by_article | {BY_PASSAGE + name: values for name, values in by_passage.items()}


def _of_answerable(measure: Callable[[Result], float | None]) -> Callable[[Result], float | None]:
    """The measure over answerable questions whose answers are known; those that failed score 0."""

    def number(result: Result) -> float | None:
        if not result.question.answerable or not result.question.answers:
            return None
        return 0.0 if result.error else measure(result)

    return number


def _of_all_questions(measure: Callable[[Result], float]) -> Callable[[Result], float | None]:
    """As SQuAD 2.0: over the answerable ones and those that have no answer, for which saying nothing is right."""

    def number(result: Result) -> float | None:
        if result.question.answerable:
            return _of_answerable(measure)(result)
        return float(result.declined)

    return number


def _em(result: Result) -> float:
    return exact_match(result.short, result.question.answers, result.question.lang)


def _f1(result: Result) -> float:
    return token_f1(result.short, result.question.answers, result.question.lang)


def _quoted(result: Result) -> float:
    return answer_in([quoted.quote for quoted in result.citations], result.question.answers, result.question.lang)


def _cited(result: Result) -> dict[int, Cited]:
    return {quoted.number: Cited(quoted.article, quoted.quote) for quoted in result.citations}


def _precision(result: Result) -> float | None:
    return citation_precision(result.question, list(_cited(result).values()))


def _recall(result: Result) -> float | None:
    cited = _cited(result)
    return citation_recall(result.question, [[cited[number] for number in row] for row in result.statements])


def _judged(result: Result) -> float | None:
    """0 where there was no answer to judge. What the judge gave no verdict on is left out, and counted elsewhere."""
    if result.judged is None:
        return 0.0
    return {Opinion.CORRECT: 1.0, Opinion.PARTLY: 0.5, Opinion.WRONG: 0.0}.get(result.judged.opinion)


def _exactness(result: Result) -> float | None:
    return sum(quoted.exact for quoted in result.citations) / len(result.citations) if result.citations else None


NUMBERS: dict[str, Callable[[Result], float | None]] = {
    "right": lambda result: float(result.outcome.good),
    "em": _of_answerable(_em),
    "f1": _of_answerable(_f1),
    "em_all": _of_all_questions(_em),
    "f1_all": _of_all_questions(_f1),
    "answer_quoted": _of_answerable(_quoted),
    "judged": _of_answerable(_judged),
    "citation_precision": _precision,
    "citation_recall": _recall,
    "citation_exactness": _exactness,
    "abstention_accuracy": lambda result: float(not result.error and result.declined != result.question.answerable),
    "abstention_recall": lambda result: None if result.question.answerable else float(result.declined),
}


# Figures of all questions together


def _of_all(name: str, results: Sequence[Result]) -> tuple[Callable[..., float | None], tuple[Sequence[float], ...]]:
    """The statistic behind a name and the columns it takes."""
    probabilities = [result.probability for result in results]
    answerable = [result.question.answerable for result in results]
    if name == "abstention_precision":
        return abstention_precision, ([result.declined for result in results], answerable)
    if name == "auroc":
        return auroc, (probabilities, answerable)
    if name == "aurc":
        return aurc, (probabilities, _losses(results))
    if name == "ece":
        return expected_calibration_error, _answered(results)
    share = {"seconds_p50": 0.5, "seconds_p95": 0.95}[name]
    return lambda seconds: percentile(seconds, share), (_seconds(results, "total"),)


def _losses(results: Sequence[Result]) -> list[float]:
    """What answering each question costs: nothing when the answer is right, else 1.

    What a declined question would have been answered is not known; it counts as wrong.
    """
    return [float(result.outcome is not Outcome.RIGHT) for result in results]


def _answered(results: Sequence[Result]) -> tuple[list[float], list[float]]:
    """Probability and rightness of every answer given."""
    given = [result for result in results if result.found]
    return [one.probability for one in given], [float(one.outcome is Outcome.RIGHT) for one in given]


def _seconds(results: Sequence[Result], stage: str) -> list[float]:
    return [result.seconds[stage] for result in results if stage in result.seconds]


def _stages(results: Sequence[Result]) -> tuple[Stage, ...]:
    names = dict.fromkeys(stage for result in results for stage in result.seconds)
    stages = []
    for name in names:
        seconds = _seconds(results, name)
        stages.append(Stage(name, percentile(seconds, 0.5) or 0.0, percentile(seconds, 0.95) or 0.0))
    return tuple(stages)


# Groups


def _groups(
    results: Sequence[Result],
    numbers: Mapping[str, Mapping[str, float]],
    names_of: Callable[[Result], Sequence[str]],
) -> tuple[Group, ...]:
    """The questions under each name, largest group first."""
    members: dict[str, list[Result]] = {}
    for result in results:
        for name in names_of(result):
            members.setdefault(name, []).append(result)
    return tuple(
        Group(name, len(inside), {measure: overall(measure, inside, numbers) for measure in IN_GROUPS})
        for name, inside in sorted(members.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    )


def _names(groups: Sequence[Group]) -> set[str]:
    return {group.name for group in groups}


def _outcomes(results: Sequence[Result]) -> dict[Outcome, int]:
    """How many questions ended how, the good ones first; what did not occur is left out."""
    counted = Counter(result.outcome for result in results)
    order = sorted(Outcome, key=lambda outcome: not outcome.good)
    return {outcome: counted[outcome] for outcome in order if counted[outcome]}


def _judging(judging: Judging) -> dict[str, Any]:
    return {
        "opinions": {opinion.value: count for opinion, count in judging.opinions.items()},
        "agreement": {
            one.name: {
                "yes_no": {opinion.value: list(counts) for opinion, counts in one.counts.items()},
                **_plain({"raw": one.raw, "kappa": one.kappa}),
            }
            for one in judging.agreements
        },
    }


def _plain(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    return {
        name: {"value": one.value, "low": one.low, "high": one.high, "count": one.count}
        for name, one in estimates.items()
    }
