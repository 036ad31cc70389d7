"""Answers made by hand, for tests of what is done with them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.conversation import Conversation
from qa.types import (
    Answer,
    AnswerItem,
    AskOptions,
    Evidence,
    ExactAnswer,
    Highlight,
    PassageScores,
    RankedPassage,
    ReleaseRef,
    Timing,
)

if TYPE_CHECKING:
    from index.filters import Filters

TEXT = "Work starts in May. The bridge opens on June 3. It cost $4 million."
EVIDENCE = (20, 47)


def made_release(identifier: str = "bridge-2023", **changes: str | None) -> ReleaseRef:
    """A release, with changes."""
    release = ReleaseRef(
        id=identifier,
        title="New bridge opens",
        date="2023-04-17",
        issuer="Town of Hill",
        lang="en",
        source="news/bridge.txt",
        url=None,
    )
    return replace(release, **changes)  # type: ignore[arg-type]


def made_passage(
    rank: int = 1,
    *,
    release: ReleaseRef | None = None,
    text: str = TEXT,
    evidence: tuple[int, int] | None = EVIDENCE,
    exact: tuple[int, int] | None = None,
    score: float | None = None,
    ordinal: int = 3,
) -> RankedPassage:
    """A passage at a rank, with its evidence and exact words marked."""
    release = release or made_release()
    marks = () if evidence is None else (Highlight(evidence, "evidence", 0.91),)
    if exact is not None:
        marks += (Highlight(exact, "answer", 0.82),)
    found = 0.9 - 0.1 * rank if score is None else score
    return RankedPassage(
        rank=rank,
        score=found,
        scores=PassageScores(0.71, 0.82, None, found),
        release=release,
        passage_id=f"{release.id}#{ordinal}",
        ordinal=ordinal,
        kind="body",
        speaker=None,
        span=(100, 100 + len(text)),
        text=text,
        highlights=marks,
        also_in=(),
        citation=f"[{release.id}#{ordinal}] chars 100-{100 + len(text)}",
    )


def made_answer(
    *passages: RankedPassage,
    identifier: str | None = "q1",
    question: str = "When does the bridge open?",
    answered: bool = True,
) -> Answer:
    """An answer over passages, by default one."""
    passages = passages or (made_passage(),)
    best = passages[0]
    span = best.highlights[0].span if best.highlights else None
    exact = next((mark for mark in best.highlights if mark.kind == "answer"), None)
    return Answer(
        id=identifier,
        question=question,
        asked_as=question,
        answered=answered,
        confidence=0.93 if answered else 0.12,
        reason=None if answered else "no passage comes near",
        evidence=Evidence(0, span, best.text[slice(*span)]) if span and answered else None,
        answer=ExactAnswer(0, exact.span, best.text[slice(*exact.span)], exact.score)
        if exact and answered
        else None,
        passages=passages,
        timing=Timing(1.25, 2.5, 4.0),
    )


def made_list() -> Answer:
    """An answer that is a list of two months."""
    text = "The bridge is closed in May\nand June."
    marks = (
        Highlight((0, len(text)), "evidence", 0.91),
        Highlight((24, 27), "answer", 0.82),
        Highlight((32, 36), "answer", 0.82),
    )
    passage = replace(made_passage(text=text), highlights=marks)
    items = (AnswerItem((24, 27), "May"), AnswerItem((32, 36), "June"))
    return replace(
        made_answer(passage, question="In which months is the bridge closed?"),
        answer=ExactAnswer(0, (24, 36), "May\nand June", 0.82, items),
    )


class MadeCollection:
    """Answers every question with its own words as the passage; counts what it was asked."""

    def __init__(self, state: str = "one") -> None:
        self.state = state
        self.asked: list[str] = []
        self.filters: list[Filters] = []
        self.before: list[Conversation] = []
        self.interrupt_at: str | None = None

    def ask_many(
        self,
        questions: Sequence[str],
        options: AskOptions,
    ) -> list[Answer]:
        """Answer in order; raise KeyboardInterrupt at the question that is set for it."""
        if self.interrupt_at in questions:
            raise KeyboardInterrupt
        self.asked += questions
        self.filters.append(options.filters)
        return [
            made_answer(
                *(
                    made_passage(rank, text=f"{text} {rank}", evidence=(0, len(text)))
                    for rank in range(1, options.k + 1)
                ),
                identifier=None,
                question=text,
                answered="nothing" not in text,
            )
            for text in questions
        ]

    def ask(
        self,
        question: str,
        options: AskOptions,
        *,
        conversation: Conversation,
    ) -> Answer:
        """Answer one question, and note what was said before it."""
        self.before.append(conversation)
        (answer,) = self.ask_many([question], options)
        return replace(answer, asked_as=f"{question} ({len(conversation.turns)} before)")
