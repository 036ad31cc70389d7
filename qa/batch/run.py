"""Many questions, in order: each becomes an answer or a failure, none stops the others.

This is the stream from questions to outcomes. Where they go is left to `qa.export` and, for a
file that an interrupted run can go on with, to `qa.batch.to_file`.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import TYPE_CHECKING, Protocol

from index.filters import NO_FILTERS, Filters
from qa.answer_json import Failure, Outcome
from qa.batch.conversations import BatchConversations
from qa.batch.question_file import BadQuestion, QuestionRecord
from qa.conversation.types import Conversation
from qa.errors import QuestionError
from qa.filter_syntax import merge_filters
from qa.types import Answer, Timing

if TYPE_CHECKING:
    from concurrent.futures import Future

    from qa.batch.workers import WorkerPool

AT_ONCE = 16
AT_ONCE_UNREAD = 128
"""Questions that are asked together, with the reader and without."""

Asked = QuestionRecord | BadQuestion

NO_TIMING = Timing(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How the questions of a batch are asked; as for `Collection.ask`.

    Attributes:
        timing: Keep the milliseconds; without them two runs are the same byte by byte.
    """

    k: int = 5
    filters: Filters = NO_FILTERS
    risk: float | None = None
    words_only: bool = False
    reader: bool = True
    timing: bool = True


@dataclass(frozen=True, slots=True)
class Tally:
    """How the questions of a batch ended.

    Attributes:
        answered: Questions with an answer.
        declined: Questions that the collection has no answer to.
        failed: Questions that could not be asked.
    """

    answered: int = 0
    declined: int = 0
    failed: int = 0

    def plus(self, outcome: Outcome) -> "Tally":
        """Return the tally with one more outcome."""
        if isinstance(outcome, Failure):
            return replace(self, failed=self.failed + 1)
        if outcome.answered:
            return replace(self, answered=self.answered + 1)
        return replace(self, declined=self.declined + 1)

    @property
    def total(self) -> int:
        """The number of questions."""
        return self.answered + self.declined + self.failed


class AskFunction(Protocol):
    """What a batch needs of a collection."""

    @property
    def state(self) -> str:
        """Changes when the collection changes."""

    def ask_many(  # noqa: D102 - described at Collection
        self,
        questions: Sequence[str],
        *,
        k: int,
        filters: Filters,
        risk: float | None,
        words_only: bool,
        reader: bool,
    ) -> list[Answer]: ...

    def ask(  # noqa: D102 - described at Collection
        self,
        question: str,
        *,
        k: int,
        filters: Filters,
        risk: float | None,
        words_only: bool,
        reader: bool,
        conversation: Conversation,
    ) -> Answer: ...


def answer_questions(
    asker: AskFunction,
    questions: Iterable[Asked],
    options: BatchOptions,
    *,
    at_once: int | None = None,
    conversations: BatchConversations | None = None,
    crew: "WorkerPool | None" = None,
) -> Iterator[tuple[Asked, Outcome]]:
    """Ask questions, in their order.

    Args:
        asker: The collection.
        questions: Read as far ahead as `at_once`, no further; with a crew, as far as keeps all
            of it busy.
        options: Filters of a question come on top of those here.
        at_once: Questions that are asked together; 1 answers each as soon as it is read, None
            as many as `together` says. One with a conversation is asked by itself, after the
            answers before it.
        conversations: What was asked in each conversation before; none yet when None.
        crew: Answers the groups without conversations; the answers are the same as without it.

    Yields:
        Each question with what became of it.
    """
    known = conversations or BatchConversations()
    ahead = 0 if crew is None else 2 * crew.jobs
    under_way: deque[tuple[list[Asked], Future[list[Outcome]] | None]] = deque()

    def finished() -> Iterator[tuple[Asked, Outcome]]:
        group, outcomes = under_way.popleft()
        if outcomes is not None:
            return zip(group, outcomes.result(), strict=True)
        return _answered(asker, group, options, known)

    jobs = 1 if crew is None else crew.jobs
    for group in _groups(questions, at_once or together(options), jobs):
        given = crew is not None and not any(map(_talks, group))
        under_way.append((group, crew.submit(group, options) if crew and given else None))
        if len(under_way) > ahead:
            yield from finished()
    while under_way:
        yield from finished()


def together(options: BatchOptions) -> int:
    """Return how many questions are asked together.

    The more, the more are of one length and encoded at once; the fewer, the less an interruption
    costs. Where passages are read, that takes so long that the encoding hardly matters.
    """
    return AT_ONCE if options.reader and not options.words_only else AT_ONCE_UNREAD


def answer_group(
    asker: AskFunction, group: Sequence[Asked], options: BatchOptions
) -> list[Outcome]:
    """Answer questions without a conversation together, in their order."""
    return [outcome for _, outcome in _answered(asker, group, options, BatchConversations())]


def _groups(questions: Iterable[Asked], most: int, jobs: int) -> Iterator[list[Asked]]:
    """Yield questions in groups that grow to `most`, so that a few are shared by all `jobs`."""
    stream, size, number = iter(questions), min(AT_ONCE, most), 0
    while group := list(islice(stream, size)):
        yield group
        number += 1
        if number % jobs == 0:
            size = min(2 * size, most)


def _answered(
    asker: AskFunction, group: Sequence[Asked], options: BatchOptions, known: BatchConversations
) -> Iterator[tuple[Asked, Outcome]]:
    """Yield the questions of a group with what became of them."""
    for (filters, talks), run in groupby(group, key=_asked_with):
        if filters is None:
            yield from ((bad, _failure(bad)) for bad in run)
            continue
        asked = [question for question in run if isinstance(question, QuestionRecord)]
        merged = replace(options, filters=merge_filters(options.filters, filters))
        if not talks:
            yield from zip(asked, _ask(asker, asked, merged), strict=True)
            continue
        for question in asked:
            outcome = _ask_in(asker, question, known.before(question), merged)
            known.add(question, outcome)
            yield question, outcome


def _talks(question: Asked) -> bool:
    """Whether a question depends on what was said before it."""
    return isinstance(question, QuestionRecord) and (
        bool(question.history) or question.conversation is not None
    )


def _asked_with(question: Asked) -> tuple[Filters | None, bool]:
    """Return what may be asked together: the same filters, None for the bad; all or none talk."""
    if not isinstance(question, QuestionRecord):
        return None, False
    return question.filters, _talks(question)


def _ask_in(
    asker: AskFunction, question: QuestionRecord, before: Conversation, options: BatchOptions
) -> Outcome:
    """Ask a question after what was said before it."""
    try:
        answer = asker.ask(
            question.text,
            k=options.k,
            filters=options.filters,
            risk=options.risk,
            words_only=options.words_only,
            reader=options.reader,
            conversation=before,
        )
    except QuestionError as error:
        return Failure(question.id, question.text, str(error))
    return _finished(answer, question, options)


def _ask(
    asker: AskFunction, questions: Sequence[QuestionRecord], options: BatchOptions
) -> list[Outcome]:
    """Ask questions together, or one by one when one of them is refused."""
    try:
        answers = asker.ask_many(
            [question.text for question in questions],
            k=options.k,
            filters=options.filters,
            risk=options.risk,
            words_only=options.words_only,
            reader=options.reader,
        )
    except QuestionError as error:
        if len(questions) > 1:
            return [_ask(asker, [question], options)[0] for question in questions]
        return [Failure(questions[0].id, questions[0].text, str(error))]
    return [
        _finished(answer, question, options)
        for question, answer in zip(questions, answers, strict=True)
    ]


def _finished(answer: Answer, question: QuestionRecord, options: BatchOptions) -> Answer:
    timing = answer.timing if options.timing else NO_TIMING
    return replace(answer, id=question.id, timing=timing)


def _failure(question: Asked) -> Failure:
    error = question.error if isinstance(question, BadQuestion) else ""
    return Failure(question.id, question.text, error)
