"""`releaseqa eval`: score the program on an evaluation set, or score an existing run."""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import index
from index.store.paths import cache_folder
from qa.batch.question_file import QuestionRecord
from qa.batch.run import answer_questions
from qa.cli.context import Context
from qa.cli.errors import FINE
from qa.cli.options import Json, Reader, Reranker, Risk, WordsOnly, option
from qa.cli.progress import progress_bar, stage_bars
from qa.errors import DatasetError
from qa.evaluation.dataset import Dataset, qrels_of, read_dataset

if TYPE_CHECKING:
    from qa.collection import Collection
    from qa.evaluation.evaluate import Baseline, Evaluation
    from qa.evaluation.scores import QuestionResult
    from qa.export.trec import Qrels
    from qa.types import AskOptions

_DEPTH = 50
_LEAST_DEPTH = 10
_MOST_DEPTH = 1000
_OUTPUTS = "Output files"


@dataclass(frozen=True, slots=True)
class _Outputs:
    """Files to write, or None."""

    by_question: Path | None
    run: Path | None
    report: Path | None

    def check(self) -> None:
        """Check that all files can be written, before questions are asked for hours."""
        from qa.atomic_file import check_writable

        for path in (self.by_question, self.run, self.report):
            if path is not None:
                check_writable(path)


def evaluate(
    context: Context,
    *,
    dataset: Annotated[
        Path | None,
        typer.Argument(
            metavar="DATASET",
            help="A folder with corpus.jsonl, questions.jsonl and qrels.tsv.",
            show_default=False,
        ),
    ] = None,
    measures: Annotated[
        list[str] | None,
        option(
            "--measure",
            metavar="NAME",
            text="Measure to compute, by its ir-measures name, such as nDCG@10 or AP. Can be "
            "repeated.",
        ),
    ] = None,
    compare: Annotated[
        Path | None,
        option(
            "--compare",
            metavar="OTHER",
            text="Compare with another run, or with a file written by --per-question.",
        ),
    ] = None,
    run: Annotated[
        Path | None,
        option("--run", metavar="RUN", text="Score this TREC run instead of asking the questions."),
    ] = None,
    qrels: Annotated[
        Path | None,
        option(
            "--qrels",
            metavar="QRELS",
            text="With --run: relevance judgements, instead of those in DATASET.",
        ),
    ] = None,
    per_question: Annotated[
        Path | None,
        option(
            "--per-question",
            metavar="FILE",
            text="Write the scores of each question: CSV if FILE ends in .csv, otherwise JSONL.",
            panel=_OUTPUTS,
        ),
    ] = None,
    write_run: Annotated[
        Path | None,
        option(
            "--write-run", metavar="FILE", text="Write the rankings as a TREC run.", panel=_OUTPUTS
        ),
    ] = None,
    report: Annotated[
        Path | None,
        option(
            "--report",
            metavar="FILE.html",
            text="Write an HTML page with scores and plots.",
            panel=_OUTPUTS,
        ),
    ] = None,
    depth: Annotated[
        int | None,
        option(
            "-k",
            metavar="N",
            min=_LEAST_DEPTH,
            max=_MOST_DEPTH,
            text=f"Passages to retrieve per question. Default: {_DEPTH}, or more if a measure "
            "needs them.",
        ),
    ] = None,
    risk: Risk = None,
    words_only: WordsOnly = None,
    reader: Reader = None,
    reranker: Reranker = None,
    json: Json = False,
) -> int:
    """Measure retrieval, evidence and abstention on an evaluation set.

    The corpus of DATASET is indexed once, in the user's cache folder. With --index DIR, the
    questions are asked of the collection in DIR instead, for example one made with another model.

    With --run RUN, no questions are asked: the run, from this or another program, is scored
    against the judgements in DATASET or --qrels.
    """
    from qa.evaluation.evaluate import compare_with_baseline, evaluate_answers
    from qa.evaluation.measures import deepest_cutoff, default_measures, parse_measures
    from qa.evaluation.report import evaluation_json, evaluation_lines
    from qa.export.trec import read_qrels

    if run is None and (dataset is None or qrels is not None):
        raise typer.BadParameter("give a DATASET, or --run RUN with --qrels QRELS.")
    if run is not None and (dataset is None) == (qrels is None):
        raise typer.BadParameter("--run needs judgements: give either a DATASET or --qrels QRELS.")
    if run is not None and write_run is not None:
        raise typer.BadParameter("--write-run and --run cannot be used together.")
    outputs = _Outputs(per_question, write_run, report)
    outputs.check()
    named = parse_measures(measures or ())
    looked = min(max(depth or _DEPTH, 0 if depth else deepest_cutoff(named)), _MOST_DEPTH)
    names = named or parse_measures(default_measures(looked))
    if deepest_cutoff(names) > looked and run is None:
        context.say(
            f"A measure needs more than the {looked} passages retrieved per question; "
            "use a larger -k."
        )
    found = None if dataset is None else read_dataset(dataset)
    judged = read_qrels(qrels) if qrels else qrels_of(found.questions if found else ())
    other = None if compare is None else _read_other(compare, judged, found)
    if run is not None:
        evaluation = _score_run(context, run, judged, found, names)
        asked_with = {"run": run.name}
    else:
        assert found is not None  # noqa: S101 - a DATASET or --run is required
        with _collection_of(context, found) as folder:
            settings = context.settings(folder, risk=risk, words_only=words_only, reader=reader)
            options = replace(settings.ask_options(), k=looked)
            with context.collection(folder, reranker=reranker) as collection:
                observed = list(_observe(context, collection, found, options))
            evaluation = evaluate_answers(found.name, observed, names)
        asked_with = _asked_with(options, reranker)
    if other is not None:
        evaluation = compare_with_baseline(evaluation, other)
    _write(context, evaluation, outputs, looked, asked_with)
    if json:
        context.write_json(evaluation_json(evaluation))
    else:
        for line in evaluation_lines(evaluation):
            context.write(line + "\n")
    return FINE


@contextmanager
def _collection_of(context: Context, dataset: Dataset) -> Iterator[Path]:
    """Yield the folder of the collection to ask: the one given, or one made of the corpus."""
    if context.index is not None:
        yield context.folder()
        return
    cached = _cache_folder(dataset.corpus)
    if cached is not None:
        _index(context, cached, dataset.corpus)
        yield cached
        return
    with tempfile.TemporaryDirectory(prefix="releaseqa-eval-") as folder:
        _index(context, Path(folder) / "index", dataset.corpus)
        yield Path(folder) / "index"


def _index(context: Context, folder: Path, corpus: Path) -> None:
    from index.ingest.update import update_collection

    with stage_bars(context) as progress:
        report = update_collection(folder, [corpus], wait=True, progress=progress)
    for skip in report.skipped:
        context.warn(f"skipped {skip.item}: {skip.reason}")
    if not report.passages:
        raise DatasetError(f"{corpus} contains no readable release.")


def _cache_folder(corpus: Path) -> Path | None:
    """Return the folder where a corpus is indexed, or None if the cache is not writable.

    Its name depends on the corpus and on the code that indexes it, so that scores always come
    from an index that this version would build.
    """
    digest = hashlib.sha256()
    code = Path(index.__file__).parent
    for path in (corpus, *sorted(code.rglob("*.py"))):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    folder = cache_folder(os.environ) / "eval" / digest.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return None


def _score_run(
    context: Context,
    path: Path,
    judged: "Qrels",
    dataset: Dataset | None,
    names: Sequence[str],
) -> "Evaluation":
    """Score an existing run."""
    from qa.evaluation.evaluate import evaluate_run
    from qa.export.trec import read_run

    run = read_run(path)
    absent = len(judged.keys() - run.keys())
    if absent == len(judged):
        raise DatasetError(
            f"{path} ranks none of the judged questions; check that the question ids match."
        )
    if absent:
        context.say(
            f"{absent:,} judged questions are missing from {path}; they get the lowest score."
        )
    name, questions = (dataset.name, dataset.questions) if dataset else (path.name, ())
    return evaluate_run(name, run, judged, names, questions)


def _observe(
    context: Context, collection: "Collection", dataset: Dataset, options: "AskOptions"
) -> "Iterator[QuestionResult]":
    """Ask all questions, and yield what scoring needs of each answer."""
    from qa.evaluation.scores import question_result

    questions = (QuestionRecord(question.id, question.text) for question in dataset.questions)
    total = len(dataset.questions)
    with progress_bar(context, "Asking", total) as done:
        outcomes = answer_questions(collection, questions, options)
        for number, (question, (_, outcome)) in enumerate(
            zip(dataset.questions, outcomes, strict=True), start=1
        ):
            yield question_result(question, outcome)
            done(number)


def _asked_with(options: "AskOptions", reranker: Path | None) -> dict[str, str]:
    """Return how the questions were asked, as text for the report."""
    means = {
        "passages": str(options.k),
        "reader": f"{reranker.name}" if reranker else "on" if options.reader else "off",
    }
    if options.words_only:
        means = {"passages": str(options.k), "search": "words only"}
    return means | ({} if options.risk is None else {"risk": f"{options.risk:g}"})


def _read_other(path: Path, judged: "Qrels", dataset: Dataset | None) -> "Baseline":
    """Read a run, which is measured later, or a file written by `--per-question`."""
    from qa.evaluation.evaluate import Baseline
    from qa.evaluation.per_query_file import holds_scores, read_scores
    from qa.export.trec import read_run

    if holds_scores(path):
        asked = [question.id for question in dataset.questions] if dataset else ()
        return Baseline(path.name, read_scores(path, [*asked, *judged]), None)
    return Baseline(path.name, {}, read_run(path))


def _write(
    context: Context,
    evaluation: "Evaluation",
    outputs: _Outputs,
    depth: int,
    asked_with: Mapping[str, str],
) -> None:
    """Write the requested files."""
    from qa.atomic_file import output_text
    from qa.evaluation.per_query_file import write_scores
    from qa.evaluation.report import evaluation_page
    from qa.export.trec import run_lines

    if outputs.by_question is not None:
        with output_text(outputs.by_question) as stream:
            as_csv = outputs.by_question.suffix.lower() == ".csv"
            write_scores(evaluation, stream, as_csv=as_csv)
    if outputs.run is not None:
        with output_text(outputs.run) as stream:
            for result in evaluation.results:
                stream.writelines(run_lines(result.question.id, result.ranking))
    if outputs.report is not None:
        with output_text(outputs.report) as stream:
            stream.writelines(evaluation_page(evaluation, depth, asked_with))
    for path in (outputs.by_question, outputs.run, outputs.report):
        if path is not None:
            context.say(f"Wrote {path}")


COMMANDS = (
    (
        "eval",
        evaluate,
        (
            "releaseqa eval data/squad",
            "releaseqa eval data/squad --measure nDCG@10 --measure AP --report squad.html",
            "releaseqa eval data/squad --words-only --compare with-meaning.jsonl",
            "releaseqa eval --run other.run --qrels qrels.txt --measure 'P(rel=2)@5'",
        ),
    ),
)
