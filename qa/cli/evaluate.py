"""`releaseqa eval`: scores over an evaluation set."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import index.report
from index.cache import cache_folder
from qa.batch import BatchOptions, answer_questions
from qa.cli.boundary import FINE
from qa.cli.options import Json, Reader, Reranker, Risk, WordsOnly
from qa.cli.progress import counted, staged
from qa.cli.session import Session
from qa.dataset import Dataset, read_dataset
from qa.errors import DatasetError
from qa.questions import Question

if TYPE_CHECKING:
    from qa.collection import Collection
    from qa.evaluate import Observed, Scores, Share

_DEPTH = 50


def evaluate(
    session: Session,
    *,
    dataset: Annotated[
        Path,
        typer.Argument(
            metavar="DATASET", help="A folder of corpus.jsonl, questions.jsonl and qrels.tsv."
        ),
    ],
    depth: Annotated[
        int,
        typer.Option("-k", metavar="N", min=10, max=1000, help="Passages asked for a question."),
    ] = _DEPTH,
    risk: Risk = None,
    words_only: WordsOnly = None,
    reader: Reader = None,
    reranker: Reranker = None,
    json: Json = False,
) -> int:
    """Score retrieval, evidence and abstention on an evaluation set.

    The corpus is indexed once, into the user's cache folder. With --index DIR nothing is
    indexed: the collection there is asked, for example one that was made with another model.
    """
    import qa.evaluate

    qa.evaluate.check_extra()
    found = read_dataset(dataset)
    with _collection_folder(session, found) as folder:
        settings = session.settings(folder)
        options = BatchOptions(
            k=depth,
            risk=settings.risk if risk is None else risk,
            words_only=settings.words_only if words_only is None else words_only,
            reader=settings.reader if reader is None else reader,
        )
        with session.collection(folder, reranker=reranker) as collection:
            observed = list(_observe(session, collection, found, options))
    scores = qa.evaluate.score(observed, depth)
    if json:
        session.write_json(_scores_json(found.name, scores))
    else:
        for name, value in _rows(found.name, scores):
            session.write(f"{name:<24} {value}\n")
    return FINE


def _observe(
    session: Session, collection: "Collection", dataset: Dataset, options: BatchOptions
) -> "Iterator[Observed]":
    """Ask all questions and keep of each answer what scoring needs."""
    from qa.evaluate import observe

    questions = (Question(question.id, question.text) for question in dataset.questions)
    total = len(dataset.questions)
    with counted(session, "Asking", total) as done:
        outcomes = answer_questions(collection, questions, options)
        for number, (question, (_, outcome)) in enumerate(
            zip(dataset.questions, outcomes, strict=True), start=1
        ):
            yield observe(question, outcome)
            done(number)


@contextmanager
def _collection_folder(session: Session, dataset: Dataset) -> Iterator[Path]:
    """Give the folder of the collection to ask: the one named, else one of the corpus."""
    if session.index is not None:
        yield session.folder()
        return
    cached = _cache_folder(dataset.corpus)
    if cached is not None:
        _index(session, cached, dataset.corpus)
        yield cached
        return
    with tempfile.TemporaryDirectory(prefix="releaseqa-eval-") as folder:
        _index(session, Path(folder) / "index", dataset.corpus)
        yield Path(folder) / "index"


def _index(session: Session, folder: Path, corpus: Path) -> None:
    from index.update import update_collection

    with staged(session) as progress:
        report = update_collection(folder, [corpus], wait=True, progress=progress)
    for skip in report.skipped:
        session.warn(f"skipped {skip.item}: {skip.reason}")
    if not report.passages:
        raise DatasetError(f"{corpus} holds no release that can be read.")


def _cache_folder(corpus: Path) -> Path | None:
    """Return the cache of a corpus, or None when there can be none.

    It is named by the corpus and by the code that indexes it, so that a score is never of an
    index that this version would not make.
    """
    digest = hashlib.sha256()
    code = Path(index.report.__file__).parent
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


def _scores_json(name: str, scores: "Scores") -> dict[str, Any]:
    found = asdict(scores)
    for field in (
        "evidence_at_top",
        "evidence_in_gold",
        "answered",
        "declined",
        "right_when_answered",
    ):
        share: Share = getattr(scores, field)
        found[field] = {"value": share.value, "hits": share.hits, "cases": share.cases}
    return {"dataset": name, **_rounded(found)}


def _rounded(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return round(value, 6) if isinstance(value, float) else value


def _rows(name: str, scores: "Scores") -> Iterator[tuple[str, str]]:
    yield (
        "dataset",
        f"{name}, {scores.questions} questions, {scores.judged} with a relevant release",
    )
    for measure, value in scores.measures.items():
        yield measure, f"{value:.4f}"
    yield "evidence at the top", _share(scores.evidence_at_top)
    yield "evidence in the right", _share(scores.evidence_in_gold)
    yield "answered, of answerable", _share(scores.answered)
    yield "declined, of the others", _share(scores.declined)
    yield "right, of answered", _share(scores.right_when_answered)
    yield "AUROC answerable", _optional(scores.auroc_answerable)
    yield "AUROC top is right", _optional(scores.auroc_right)


def _share(share: "Share") -> str:
    return f"{_optional(share.value)} ({share.hits} of {share.cases})"


def _optional(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


COMMANDS = (
    (
        "eval",
        evaluate,
        ("releaseqa eval data/squad", "releaseqa eval data/squad --json -k 100"),
    ),
)
