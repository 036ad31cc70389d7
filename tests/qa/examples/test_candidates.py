"""Questions made from what a release states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Passage
from qa.examples.candidates import MAX_LENGTH, candidates


def made(*sentences: str, lang: str | None = "en", **facts: str) -> list[tuple[str, str]]:
    """Make questions from sentences, each a paragraph of its own."""
    text, passages = "", []
    for ordinal, sentence in enumerate(sentences):
        start, end = len(text), len(text) + len(sentence)
        span = ((0, len(sentence)),)
        passages.append(Passage(ordinal, "body", (start, end), span, **facts))
        text += sentence + "\n\n"
    return [(found.question, found.fact) for found in candidates(text, passages, lang)]


@pytest.mark.parametrize(
    ("sentence", "question", "fact"),
    [
        (
            "The Province of Manitoba will invest more than $25 million in rural roads.",
            "How much will the Province of Manitoba invest in rural roads?",
            "$25 million",
        ),
        (
            "ERIE, May 3, 2021 – He said the City of Erie received $36,113 in aid for training.",
            "How much aid did the City of Erie receive for training?",
            "$36,113",
        ),
        (
            "The Department of Justice awarded a $1 million grant to Erie County.",
            "How large a grant did the Department of Justice award to Erie County?",
            "$1 million",
        ),
        (
            "The Federal Aviation Administration granted $5 million to Bemidji Regional Airport.",
            "How much was granted to Bemidji Regional Airport?",
            "$5 million",
        ),
        (
            "$8.6 million in federal funding was allocated for projects in Maine.",
            "How much federal funding was allocated for projects in Maine?",
            "$8.6 million",
        ),
        (
            "The new Dauphin greenhouse will employ 180 full-time workers, the company said.",
            "How many full-time workers will the new Dauphin greenhouse employ?",
            "180",
        ),
        (
            "The annual White Coat Ceremony will take place on Thursday, January 16, 2020 in town.",
            "When will the annual White Coat Ceremony take place?",
            "january 16",
        ),
        (
            "The Norvolt Job Fair will be held at Harbour Hall for two days.",
            "Where will the Norvolt Job Fair be held?",
            "harbour hall",
        ),
        (
            "Congressman Ronny Jackson (TX-13) introduced the Cyber Clinics Act, a bill.",
            "Who introduced the Cyber Clinics Act?",
            "jackson",
        ),
    ],
)
def test_a_fact_is_asked_for(sentence: str, question: str, fact: str) -> None:
    """A plain sentence with a fact becomes a question that the fact answers."""
    assert dict(made(sentence))[question] == fact


@pytest.mark.parametrize(
    "sentence",
    [
        "The project will create 30 jobs.",
        "Erie County received $5 million for this project.",
        "The Senate received 1,000 letters.",
        "Congressman Quigley announced Louisiana will receive money for Erie County.",
        "The barges were delivered 381 kilometres outside of Tuktoyaktuk.",
        "The Province of Manitoba will invest in rural roads.",
        "The Department of Energy announced in December 2006.",
    ],
)
def test_no_question_is_better_than_a_poor_one(sentence: str) -> None:
    """What refers to another sentence, names nothing, or reads badly is left out."""
    assert not made(sentence)


def test_an_office_is_asked_for() -> None:
    """Who holds an office that one person holds; a minister, whom several have been, is not."""
    assert made("“Fine.”", speaker="Grant White", role="Mayor of Twillingate") == [
        ("Who is the mayor of Twillingate?", "white")
    ]
    assert not made("“Fine.”", speaker="Grant White", role="Minister of Health")
    assert not made("“Fine.”", speaker="Janet Meyer", role="superintendent of Schools")
    assert not made("“Fine.”", speaker="White", role="Mayor of Twillingate")


def test_other_languages_have_no_questions() -> None:
    """No English question is made of what may not be English."""
    sentence = "The Province of Manitoba will invest $25 million in rural roads."

    assert made(sentence)
    assert not made(sentence, lang="fr")
    assert not made(sentence, lang=None)


@pytest.mark.parametrize("sign", ["\x1b[31m", "\u202e", "[link=x]", "<b>", "\u200b", "`", "“"])
def test_unsafe_characters_are_in_no_question(sign: str) -> None:
    """A sentence with control characters, marks of direction or markup is not asked about."""
    assert not made(f"The Province of Manitoba will invest $25 million in {sign}rural roads.")


@given(st.text(alphabet=" abTheofwillinvest$59,.()-\n\x1b“", max_size=300))
def test_any_text_gives_short_plain_questions(text: str) -> None:
    """Whatever the text, a question is on one line and ends with its only question mark."""
    for question, _ in made(f"The Province of {text}", text):
        assert len(question) <= MAX_LENGTH
        assert question.isprintable()
        assert question.index("?") == len(question) - 1
