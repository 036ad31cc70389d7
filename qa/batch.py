"""Many questions, in order: each becomes an answer or a failure, none stops the others.

This is the stream from questions to outcomes. Where they go is left to `qa.writers` and, for a
file that an interrupted run can go on with, to `qa.batch_file`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Protocol

from index.filters import NO_FILTERS, Filters
from qa.answer import Answer
from qa.conversation.batches import BatchConversations
from qa.conversation.turns import Conversation
from qa.errors import QuestionError
from qa.filter_values import merge_filters
from qa.outcomes import Failure, Outcome
from qa.questions import BadQuestion, Question

AT_ONCE = 16
"""Questions that are asked together, so that they are encoded together."""

Asked = Question | BadQuestion


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How the questions of a batch are asked; as for `Collection.ask`."""

    k: int = 5
    filters: Filters = NO_FILTERS
    risk: float | None = None
    words_only: bool = False
    reader: bool = True


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


class Asker(Protocol):
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
    asker: Asker,
    questions: Iterable[Asked],
    options: BatchOptions,
    *,
    at_once: int = AT_ONCE,
    conversations: BatchConversations | None = None,
) -> Iterator[tuple[Asked, Outcome]]:
    """Ask questions, in their order.

    Args:
        asker: The collection.
        questions: Read as far ahead as `at_once`, no further.
        options: Filters of a question come on top of those here.
        at_once: Questions that are asked together; 1 answers each as soon as it is read. One
            with a conversation is asked by itself, after the answers before it.
        conversations: What was asked in each conversation before; none yet when None.

    Yields:
        Each question with what became of it.
    """
    stream = iter(questions)
    known = conversations or BatchConversations()
    while group := list(islice(stream, at_once)):
        for (filters, talks), run in groupby(group, key=_asked_with):
            if filters is None:
                yield from ((bad, _failure(bad)) for bad in run)
                continue
            asked = [question for question in run if isinstance(question, Question)]
            merged = replace(options, filters=merge_filters(options.filters, filters))
            if not talks:
                yield from zip(asked, _ask(asker, asked, merged), strict=True)
                continue
            for question in asked:
                outcome = _ask_in(asker, question, known.before(question), merged)
                known.add(question, outcome)
                yield question, outcome


def _asked_with(question: Asked) -> tuple[Filters | None, bool]:
    """Return what may be asked together: the same filters, None for the bad; all or none talk."""
    if not isinstance(question, Question):
        return None, False
    return question.filters, bool(question.history) or question.conversation is not None


def _ask_in(
    asker: Asker, question: Question, before: Conversation, options: BatchOptions
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
    return replace(answer, id=question.id)


def _ask(asker: Asker, questions: Sequence[Question], options: BatchOptions) -> list[Outcome]:
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
        replace(answer, id=question.id) for question, answer in zip(questions, answers, strict=True)
    ]


def _failure(question: Asked) -> Failure:
    error = question.error if isinstance(question, BadQuestion) else ""
    return Failure(question.id, question.text, error)
