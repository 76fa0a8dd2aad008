"""How well retrieval ranks: recall, reciprocal rank, average precision and nDCG, all computed by ir_measures.

ir_measures asks trec_eval's own code, so the figures are those of the field. Names here are as people write them:
`recall@10`, `mrr`, `mrr@10`, `map`, `ndcg@10`. With R the relevant documents, r_i = 1 where rank i holds one and
g_i its grade:

- recall@k: the share of R among the first k (Manning, Raghavan and Schütze 2008, section 8.4).
- mrr: 1 over the rank of the first relevant document, 0 where there is none (Kantor and Voorhees 2000).
- map: the mean over R of the precision at each one's rank, 0 for those not found (Buckley and Voorhees 2000).
- ndcg@k: sum of g_i / log2(i + 1) over the first k, over what the best order would give (Järvelin and Kekäläinen 2002).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import ir_measures

from assistant.evaluate.questions import TestQuestion
from assistant.records import Passage

MEASURES = ("recall@1", "recall@5", "recall@10", "mrr", "ndcg@10", "map")
FAMILIES = {"recall": ir_measures.R, "mrr": ir_measures.RR, "ndcg": ir_measures.nDCG, "map": ir_measures.AP}


def ranking_scores(
    qrels: Mapping[str, Mapping[str, int]], ranked: Mapping[str, Sequence[str]], names: Sequence[str] = MEASURES
) -> dict[str, dict[str, float]]:
    """Measure -> question -> value, in the order of `qrels`.

    `qrels` gives each question its documents with their grades, `ranked` what was found, best first and nothing
    twice. A question that has relevant documents and no ranking scores 0; one without a relevant document has no
    value, for there is nothing to find.

    >>> ranking_scores({"q": {"a": 1, "b": 1}}, {"q": ["x", "b"]}, ["recall@10", "mrr"])
    {'recall@10': {'q': 0.5}, 'mrr': {'q': 0.5}}
    """
    asked = {question: dict(grades) for question, grades in qrels.items() if max(grades.values(), default=0) > 0}
    # trec_eval sorts by score and breaks ties its own way: whole numbers that fall by one keep our order.
    run = {question: {id: float(-rank) for rank, id in enumerate(ranked.get(question, ()))} for question in asked}
    by_measure = {str(measure(name)): name for name in names}
    scores = {name: dict.fromkeys(asked, 0.0) for name in names}
    if asked:
        for metric in ir_measures.iter_calc([measure(name) for name in names], asked, run):
            scores[by_measure[str(metric.measure)]][metric.query_id] = float(metric.value)
    return scores


def measure(name: str) -> ir_measures.Measure:
    """The measure of ir_measures behind a name; `ValueError` where there is none.

    >>> measure("recall@10"), measure("mrr")
    (R@10, RR)
    """
    written = re.fullmatch(r"([a-z]+)(?:@([1-9]\d*))?", name)
    if written is None or written[1] not in FAMILIES or (written[1] == "recall" and not written[2]):
        raise ValueError(f"{name!r} is no ranking measure; good are {', '.join(MEASURES)}, with any number after @")
    family = FAMILIES[written[1]]
    return family @ int(written[2]) if written[2] else family


def articles_in(passages: Iterable[Passage]) -> list[str]:
    """A ranking of passages as one of articles: each where its first passage stood."""
    return list(dict.fromkeys(passage.article.id for passage in passages))


def relevant_passages(question: TestQuestion, passages: Iterable[Passage]) -> dict[str, int]:
    """The passages that hold a quote of the question, graded 1: its qrels by passage.

    Give it all passages of the question's articles. A quote that no passage holds whole counts for every passage
    that holds a part of it. A question without quotes, where only the articles are known, has no qrels by passage.
    """
    of_article: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        of_article[passage.article.id].append(passage)
    relevant: dict[str, int] = {}
    for quote in question.quotes:
        relevant |= dict.fromkeys(_holding(quote.quote, of_article[quote.article]), 1)
    return relevant


def _holding(quote: str, passages: Sequence[Passage]) -> list[str]:
    if not passages or (start := passages[0].article.text.find(quote)) < 0:
        return []
    end = start + len(quote)
    whole = [one.id for one in passages if one.start <= start and end <= one.end]
    return whole or [one.id for one in passages if one.start < end and start < one.end]
