"""Ask many questions in order: each becomes an answer or a failure, and none stops the others.

This module turns a stream of questions into a stream of outcomes. `qa.export` writes them, and
`qa.batch.to_file` writes them to a file so that an interrupted run can continue.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Protocol

from index.filters import Filters
from qa.answer_json import Failure, Outcome
from qa.batch.conversations import BatchConversations
from qa.batch.question_file import BadQuestion, QuestionRecord
from qa.conversation.types import Conversation
from qa.errors import NameLookupError, QuestionError
from qa.filter_syntax import merge_filters
from qa.types import Answer, AskOptions

GROUP_SIZE = 16
GROUP_SIZE_UNREAD = 128
"""How many questions are asked together, with the reader and without."""

Asked = QuestionRecord | BadQuestion


@dataclass(frozen=True, slots=True)
class Tally:
    """How the questions of a batch ended.

    Attributes:
        answered: Questions with an answer.
        declined: Questions to which the collection has no answer.
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


class BatchAsker(Protocol):
    """What a batch needs of a collection; see `qa.collection.Collection`."""

    @property
    def state(self) -> str:
        """Text that changes when the collection changes."""

    def ask_many(self, questions: Sequence[str], options: AskOptions) -> list[Answer]:
        """Answer several questions."""

    def ask(self, question: str, options: AskOptions, *, conversation: Conversation) -> Answer:
        """Answer one question, which may be a follow-up."""


class Workers(Protocol):
    """Worker processes that answer groups; see `qa.batch.workers.WorkerPool`."""

    jobs: int

    def submit(self, group: Sequence[Asked], options: AskOptions) -> Callable[[], list[Outcome]]:
        """Have a group answered; the returned function waits for its outcomes."""


def answer_questions(
    asker: BatchAsker,
    questions: Iterable[Asked],
    options: AskOptions,
    *,
    group_size: int | None = None,
    conversations: BatchConversations | None = None,
    workers: Workers | None = None,
) -> Iterator[tuple[Asked, Outcome]]:
    """Ask questions, in their order.

    Args:
        asker: The collection.
        questions: Read no further ahead than one group, or with workers, than keeps them busy.
        options: How to ask. The filters of a question are added to those here.
        group_size: How many questions are asked together; 1 answers each as soon as it is read.
            Default: `default_group_size`. A question with a conversation is asked by itself,
            after the answers before it.
        conversations: What was asked before in each conversation. Default: nothing.
        workers: Answer the groups without conversations; the outcomes are the same.

    Yields:
        Each question with its outcome.
    """
    known = conversations or BatchConversations()
    jobs = workers.jobs if workers else 1
    ahead = 2 * jobs if workers else 0
    pending: deque[tuple[list[Asked], Callable[[], list[Outcome]] | None]] = deque()

    def finished() -> Iterator[tuple[Asked, Outcome]]:
        group, outcomes = pending.popleft()
        if outcomes is not None:
            return zip(group, outcomes(), strict=True)
        return _answered(asker, group, options, known)

    for group in _groups(questions, group_size or default_group_size(options), jobs):
        submitted = workers and not any(map(is_in_conversation, group))
        pending.append((group, workers.submit(group, options) if workers and submitted else None))
        if len(pending) > ahead:
            yield from finished()
    while pending:
        yield from finished()


def default_group_size(options: AskOptions) -> int:
    """Return how many questions are asked together.

    Large groups are encoded faster, since texts of equal length are encoded together. Small
    groups lose less when the run is interrupted; reading passages takes so long that the gain in
    encoding hardly counts.
    """
    return GROUP_SIZE if options.reader and not options.words_only else GROUP_SIZE_UNREAD


def answer_group(asker: BatchAsker, group: Sequence[Asked], options: AskOptions) -> list[Outcome]:
    """Answer questions without a conversation together, in their order."""
    return [outcome for _, outcome in _answered(asker, group, options, BatchConversations())]


def _groups(questions: Iterable[Asked], most: int, jobs: int) -> Iterator[list[Asked]]:
    """Yield groups that grow to `most`, so that all workers get some of a small batch."""
    stream, size, number = iter(questions), min(GROUP_SIZE, most), 0
    while group := list(islice(stream, size)):
        yield group
        number += 1
        if number % jobs == 0:
            size = min(2 * size, most)


def _answered(
    asker: BatchAsker, group: Sequence[Asked], options: AskOptions, known: BatchConversations
) -> Iterator[tuple[Asked, Outcome]]:
    """Yield the questions of a group with their outcomes."""
    for (filters, in_conversation), run in groupby(group, key=_asked_with):
        if filters is None:
            yield from ((bad, _failure(bad)) for bad in run)
            continue
        asked = [question for question in run if isinstance(question, QuestionRecord)]
        merged = replace(options, filters=merge_filters(options.filters, filters))
        if not in_conversation:
            yield from zip(asked, _ask(asker, asked, merged), strict=True)
            continue
        for question in asked:
            outcome = _ask_in(asker, question, known.before(question), merged)
            known.add(question, outcome)
            yield question, outcome


def is_in_conversation(question: Asked) -> bool:
    """Return whether a question is asked after others, from its record or its file."""
    return isinstance(question, QuestionRecord) and (
        bool(question.history) or question.conversation is not None
    )


def _asked_with(question: Asked) -> tuple[Filters | None, bool]:
    """Return a key that is equal for questions that may be asked together; None for bad ones."""
    if not isinstance(question, QuestionRecord):
        return None, False
    return question.filters, is_in_conversation(question)


def _ask_in(
    asker: BatchAsker, question: QuestionRecord, before: Conversation, options: AskOptions
) -> Outcome:
    """Ask a question after the turns before it."""
    try:
        answer = asker.ask(question.text, options, conversation=before)
    except (QuestionError, NameLookupError) as error:
        return Failure(question.id, question.text, str(error), question.extra)
    return replace(answer, id=question.id, extra=question.extra)


def _ask(
    asker: BatchAsker, questions: Sequence[QuestionRecord], options: AskOptions
) -> list[Outcome]:
    """Ask questions together, or one by one if one of them is refused."""
    try:
        answers = asker.ask_many([question.text for question in questions], options)
    except (QuestionError, NameLookupError) as error:
        if len(questions) > 1:
            return [_ask(asker, [question], options)[0] for question in questions]
        (question,) = questions
        return [Failure(question.id, question.text, str(error), question.extra)]
    return [
        replace(answer, id=question.id, extra=question.extra)
        for question, answer in zip(questions, answers, strict=True)
    ]


def _failure(question: Asked) -> Failure:
    error = question.error if isinstance(question, BadQuestion) else ""
    return Failure(question.id, question.text, error, question.extra)
