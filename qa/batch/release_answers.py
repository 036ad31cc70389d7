"""Every new release that answers a question, for `watch`.

A search ranks the passages of all releases together and answers from the best. When several new
releases answer a standing question, all of them are news. So each release is asked on its own, as
`table` does. Of many new releases, only those are asked that a search for the question finds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.filters import Filters, release_filters
from index.types import StoredRelease
from qa.answer_json import Failure
from qa.answering.per_release import PerReleaseAsker
from qa.batch.question_file import BadQuestion
from qa.batch.run import Asked, answer_questions, is_in_conversation
from qa.collection import Collection
from qa.errors import QuestionError
from qa.filter_syntax import merge_filters
from qa.query.validate import validate_question
from qa.types import Answer, AskOptions

MOST_ASKED = 100
"""Releases that a question is asked of, one by one; of more, those with the best passages."""


@dataclass(frozen=True, slots=True)
class QuestionAnswers:
    """What became of a question.

    Attributes:
        answers: Each from another release, the newest first; empty if none answers.
        failure: Why it could not be asked, or None.
    """

    answers: tuple[Answer, ...] = ()
    failure: Failure | None = None


def answers_together(
    collection: Collection, questions: Iterable[Asked], options: AskOptions
) -> Iterator[QuestionAnswers]:
    """Answer each question once, from all releases that `options` select."""
    for _, outcome in answer_questions(collection, questions, options):
        if isinstance(outcome, Failure):
            yield QuestionAnswers(failure=outcome)
        else:
            yield QuestionAnswers((outcome,) if outcome.answered else ())


def answers_by_release(
    collection: Collection, questions: Iterable[Asked], options: AskOptions
) -> Iterator[QuestionAnswers]:
    """Answer each question from every release that `options` select, in the questions' order.

    A release that a newer version replaces is not asked, and copies of a release answer once. A
    question that is part of a conversation is answered once, from all releases together.
    """
    records = list(questions)
    asked = {
        number: question
        for number, record in enumerate(records)
        if (question := _askable(record, options.filters)) is not None
    }
    others = [record for number, record in enumerate(records) if number not in asked]
    together = answers_together(collection, others, options)
    found = _ask_releases(collection, asked, options)
    for number, record in enumerate(records):
        if number in asked:
            answers = (replace(answer, id=record.id) for answer in found[number])
            yield QuestionAnswers(tuple(answers))
        else:
            yield next(together)


def _askable(record: Asked, filters: Filters) -> tuple[str, Filters] | None:
    """Return a question and its filters, if each release can be asked it."""
    if isinstance(record, BadQuestion) or is_in_conversation(record):
        return None
    try:
        return validate_question(record.text), merge_filters(filters, record.filters)
    except QuestionError:
        return None


def _ask_releases(
    collection: Collection, asked: Mapping[int, tuple[str, Filters]], options: AskOptions
) -> dict[int, list[Answer]]:
    """Ask every release the questions that are for it; return the answers by question."""
    asker = collection.per_release(options, k=options.k)
    prepared = dict(
        zip(asked, asker.prepare(list(asked.values()), words_only=options.words_only), strict=True)
    )
    wanted: dict[int, set[int]] = {}
    releases: dict[int, StoredRelease] = {}
    for number, (text, filters) in asked.items():
        chosen = _releases(collection, asker, text, replace(options, filters=filters))
        wanted[number] = {release.key for release in chosen}
        releases |= {release.key: release for release in chosen}
    found: dict[int, list[Answer]] = {number: [] for number in asked}
    answered: dict[int, set[str]] = {number: set() for number in asked}
    for release in sorted(releases.values(), key=_newest_first):
        ref = asker.ref(release)
        if ref.replaced_by is not None:
            continue
        numbers = [number for number in asked if release.key in wanted[number]]
        answers = asker.ask(release.key, [prepared[number] for number in numbers])
        for number, answer in zip(numbers, answers, strict=True):
            if answer.answered and answered[number].isdisjoint(ref.copies):
                answered[number].add(ref.id)
                found[number].append(answer)
    return found


def _newest_first(release: StoredRelease) -> tuple[int, str]:
    day = (release.release.date or "").replace("-", "")[:8]
    return (-int(day) if day.isdecimal() else 0, release.release.release_id)


def _releases(
    collection: Collection, asker: PerReleaseAsker, question: str, options: AskOptions
) -> Sequence[StoredRelease]:
    """Return the releases that a question is asked of."""
    every = asker.releases(release_filters(options.filters))
    if len(every) <= MOST_ASKED:
        return every
    best = collection.ask(question, replace(options, k=MOST_ASKED))
    named = {passage.release.id for passage in best.passages}
    return [release for release in every if release.release.release_id in named]
