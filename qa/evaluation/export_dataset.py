"""Write the judgements of a collection as a dataset, the folder that `releaseqa eval` scores.

Beside the three files of `qa.evaluation.dataset` it has `judgements.jsonl`, the judgements with
their passages. A folder with that file may be overwritten.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.answer_json import dumps
from qa.atomic_file import atomic_text
from qa.errors import JudgementError
from qa.evaluation.judgement_file import judgement_to_json
from qa.sessions.types import Judgement

if TYPE_CHECKING:
    from qa.collection import Collection

MARK = "judgements.jsonl"
_SEPARATORS = frozenset("\t\r\n")
"""Characters that an id in qrels.tsv cannot have."""


@dataclass(frozen=True, slots=True)
class DatasetReport:
    """What was written to a dataset.

    Attributes:
        releases: The number of releases.
        questions: Questions with an answer, or known to have none.
        undecided: Questions left out, because only passages that do not answer them are judged.
        removed: Judgements left out, because their release is no longer in the collection.
    """

    releases: int
    questions: int
    undecided: int
    removed: int


@dataclass(slots=True)
class _Question:
    grades: dict[str, int] = field(default_factory=dict)
    answers: dict[str, None] = field(default_factory=dict)
    unanswerable: bool = False

    @property
    def answerable(self) -> bool:
        """Whether a release is known to answer it."""
        return any(grade > 0 for grade in self.grades.values())


def write_evaluation_set(
    collection: "Collection", judgements: Sequence[Judgement], folder: Path
) -> DatasetReport:
    """Write the judgements of a collection and its releases as a dataset.

    The grade of a release is the best of its passages. A question with wrong passages only is left
    out, because another passage may answer it.

    Args:
        collection: The collection.
        judgements: The judgements, in the order of the questions.
        folder: Created if it is missing; refused if it has other files.

    Raises:
        JudgementError: The folder has other files, or cannot be written.
    """
    known = {release.id for release in collection.releases() if not _SEPARATORS & set(release.id)}
    known_judgements = [j for j in judgements if not j.release_id or j.release_id in known]
    found = _questions(known_judgements)
    decided = {
        text: asked for text, asked in found.items() if asked.answerable or asked.unanswerable
    }
    numbered = {text: f"q{number}" for number, text in enumerate(decided, start=1)}
    try:
        _prepare(folder)
        with atomic_text(folder / MARK) as stream:
            stream.writelines(dumps(judgement_to_json(j)) + "\n" for j in judgements)
        with atomic_text(folder / "corpus.jsonl") as stream:
            stream.writelines(dumps(record) + "\n" for record in _records(collection, known))
        with atomic_text(folder / "questions.jsonl") as stream:
            stream.writelines(dumps(record) + "\n" for record in _asked(decided, numbered))
        with atomic_text(folder / "qrels.tsv") as stream:
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
    return DatasetReport(
        len(known), len(decided), len(found) - len(decided), len(judgements) - len(known_judgements)
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


def _records(collection: "Collection", known: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the releases as `releaseqa index` reads them."""
    for release in collection.releases():
        if release.id not in known:
            continue
        facts = {
            "id": release.id,
            "title": release.title,
            "text": collection.document(release.id).text,
            "date": release.date,
            "issuer": release.issuer,
            "lang": release.lang,
            "url": release.url,
        }
        given = {name: value for name, value in facts.items() if value is not None}
        yield collection.metadata(release.id) | given


def _prepare(folder: Path) -> None:
    """Create the folder, or check that it may be overwritten.

    Raises:
        JudgementError: It has other files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()) and not (folder / MARK).is_file():
        raise JudgementError(f"{folder} contains other files; choose a new folder.")
