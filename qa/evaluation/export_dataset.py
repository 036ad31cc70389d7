"""Judgements of a collection as an evaluation set: the folder that `releaseqa eval` scores.

Beside the three files of `qa.evaluation.dataset` it holds `judgements.jsonl`, the judgements themselves, to
the passage: the mark by which such a folder is known and may be written anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from qa.answer_json import dumps
from qa.atomic_file import whole_file
from qa.errors import JudgementError
from qa.evaluation.judgement_file import judgement_to_json
from qa.sessions.types import Judgement
from qa.types import ReleaseRef

MARK = "judgements.jsonl"
_UNFIT = frozenset("\t\r\n")
"""What an id in a line of qrels.tsv cannot hold."""


class CorpusRecord(Protocol):
    """A release with its text; `qa.collection.ReleaseDocument` fits."""

    @property
    def text(self) -> str:
        """As stored."""


class Corpus(Protocol):
    """The releases of an evaluation set; `qa.collection.Collection` fits."""

    def releases(self) -> list[ReleaseRef]:
        """Return all releases."""

    def document(self, release_id: str) -> CorpusRecord:
        """Return a release whole."""

    def metadata(self, release_id: str) -> dict[str, object]:
        """Return a release's further fields."""


@dataclass(frozen=True, slots=True)
class SetReport:
    """What went into an evaluation set.

    Attributes:
        questions: With an answer, or known to have none.
        undecided: Questions left out: only what does not answer them is known.
        gone: Judgements left out, because their release is not in the collection any more.
    """

    releases: int
    questions: int
    undecided: int
    gone: int


@dataclass(slots=True)
class _Question:
    grades: dict[str, int] = field(default_factory=dict)
    answers: dict[str, None] = field(default_factory=dict)
    unanswerable: bool = False

    @property
    def answerable(self) -> bool:
        """Whether a release is known that answers it."""
        return any(grade > 0 for grade in self.grades.values())


def write_evaluation_set(
    corpus: Corpus, judgements: Sequence[Judgement], folder: Path
) -> SetReport:
    """Write the judgements of a collection and its releases as an evaluation set.

    A release's grade is the best of its passages'. A question of which only wrong passages are
    known is left out: that they do not answer does not say that nothing does.

    Args:
        corpus: The collection.
        judgements: In the order of the questions.
        folder: Made when it is missing; one that holds something else is refused.

    Raises:
        JudgementError: The folder holds something else, or cannot be written.
    """
    known = {release.id for release in corpus.releases() if not _UNFIT & set(release.id)}
    held = [j for j in judgements if not j.release_id or j.release_id in known]
    found = _questions(held)
    decided = {
        text: asked for text, asked in found.items() if asked.answerable or asked.unanswerable
    }
    numbered = {text: f"q{number}" for number, text in enumerate(decided, start=1)}
    try:
        _take(folder)
        with whole_file(folder / MARK) as stream:
            stream.writelines(dumps(judgement_to_json(j)) + "\n" for j in judgements)
        with whole_file(folder / "corpus.jsonl") as stream:
            stream.writelines(dumps(record) + "\n" for record in _records(corpus, known))
        with whole_file(folder / "questions.jsonl") as stream:
            stream.writelines(dumps(record) + "\n" for record in _asked(decided, numbered))
        with whole_file(folder / "qrels.tsv") as stream:
            stream.writelines(
                f"{numbered[text]}\t{release}\t{grade}\n"
                for text, asked in decided.items()
                if asked.answerable
                for release, grade in asked.grades.items()
            )
    except OSError as error:
        raise JudgementError(
            f"{error.filename or folder} cannot be written: {error.strerror or error}."
        ) from error
    return SetReport(
        len(known), len(decided), len(found) - len(decided), len(judgements) - len(held)
    )


def _questions(judgements: Iterable[Judgement]) -> dict[str, _Question]:
    found: dict[str, _Question] = {}
    for judgement in judgements:
        asked = found.setdefault(judgement.question, _Question())
        if not judgement.release_id:
            asked.unanswerable = True
            continue
        best = asked.grades.get(judgement.release_id, 0)
        asked.grades[judgement.release_id] = max(best, judgement.grade)
        asked.answers |= dict.fromkeys(judgement.answers)
    return found


def _asked(
    questions: Mapping[str, _Question], numbered: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    for text, asked in questions.items():
        yield {
            "id": numbered[text],
            "question": text,
            "answers": list(asked.answers),
            "answerable": asked.answerable,
        }


def _records(corpus: Corpus, known: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the releases as `releaseqa index` reads them."""
    for release in corpus.releases():
        if release.id not in known:
            continue
        facts = {
            "id": release.id,
            "title": release.title,
            "text": corpus.document(release.id).text,
            "date": release.date,
            "issuer": release.issuer,
            "lang": release.lang,
            "url": release.url,
        }
        given = {name: value for name, value in facts.items() if value is not None}
        yield corpus.metadata(release.id) | given


def _take(folder: Path) -> None:
    """Make the folder, or see that it is one of these.

    Raises:
        JudgementError: It holds something else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()) and not (folder / MARK).is_file():
        raise JudgementError(f"{folder} contains other files; choose a new folder.")
