"""One real release, indexed alone: seven paragraphs, each found by what it says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.ingest.update import update_collection
from qa import open_collection
from qa.collection import Collection
from qa.types import Answer

QUESTIONS = (
    ("When did Minister Joly visit Korea?", 1, "April 13 to 15"),
    ("Who is the Korean foreign minister she met in Seoul?", 1, "Park Jin"),
    ("Which agreement on information security will be negotiated?", 1,
     "General Security of Information Agreement"),
    ("What will the agreement contribute to?", 1, "security cooperation"),
    ("When was the Comprehensive Strategic Partnership launched?", 2, "September 2022"),
    ("Which partners will they work with to counter threats to the rules-based order?", 2,
     "North Pacific partners"),
    ("Who is Korea's National Security Advisor?", 3, "Cho Tae-yong"),
    ("What did both sides condemn North Korea for?", 3, "missile launches"),
    ("Until when does Canada take part in Operation NEON?", 3, "April 2026"),
    ("Which president welcomed the minister?", 3, "Yoon Suk Yeol"),
    ("Where did she pay tribute to fallen Canadian soldiers?", 4, "War Memorial of Korea"),
    ("Who told the minister about the experiences of escapees?", 4, "women escapees"),
    ("Did she speak with academics?", 5, "Korean academics"),
    ("Which anniversary of diplomatic relations is being marked?", 0, "60th anniversary"),
    ("What kind of order do the two countries commit to support?", 0, "rules-based"),
    ("What does Joly call Korea as a partner?", 6, "strong and trusted partner"),
    ("What is put at the centre of everything they do?", 6, "people"),
)  # fmt: skip
DECLINED = (
    "How much money did Canada promise Korea?",
    "Who is the mayor of Toronto?",
    "Which vaccine was approved for infants?",
)


@pytest.fixture(scope="module")
def collection(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """The release alone in a collection."""
    folder = tmp_path_factory.mktemp("seed") / ".releaseqa"
    update_collection(folder, [shared / "seed" / "canada-korea-visit.txt"])
    with open_collection(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def answers(collection: Collection) -> list[Answer]:
    """The answers to `QUESTIONS`."""
    return [collection.ask(question) for question, _, _ in QUESTIONS]


def test_the_right_paragraph_is_first(answers: list[Answer]) -> None:
    """Every question finds the paragraph it is about, but for one at most."""
    right = [a.passages[0].ordinal == q[1] for q, a in zip(QUESTIONS, answers, strict=True)]

    assert sum(right) >= len(right) - 1


def test_the_evidence_holds_the_answer(answers: list[Answer]) -> None:
    """The highlighted sentence holds the answer, but for two questions at most."""
    held = [
        a.evidence is not None and q[2] in a.evidence.text
        for q, a in zip(QUESTIONS, answers, strict=True)
    ]

    assert sum(held) >= len(held) - 2


@pytest.mark.parametrize("question", DECLINED)
def test_what_it_does_not_say_is_declined(collection: Collection, question: str) -> None:
    """Questions that the release cannot answer get a reason instead."""
    answer = collection.ask(question)

    assert not answer.answered
    assert answer.reason
