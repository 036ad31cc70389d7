"""Three sentences on why a passage has its place, and how sure the answer is."""

from dataclasses import replace

import pytest
from made_answers import made_answer, made_passage

from qa.explanation import explain
from qa.presentation import no_more_than, percentage, sure_words
from qa.types import Answer, ExactAnswer, Highlight, RankedPassage

TEXT = "Work starts in May. The bridge opens on June 3. It cost $4 million."


def passage(
    rank: int, *, reader: float | None = None, words: tuple[str, ...] = (), dense: float = 0.5
) -> RankedPassage:
    """A passage with the reader's score and some words of the question."""
    made = made_passage(rank)
    marks = tuple(
        Highlight((TEXT.index(word), TEXT.index(word) + len(word)), "term", 0.5) for word in words
    )
    scores = replace(made.scores, reader=reader, dense=dense)
    return replace(made, scores=scores, highlights=(*made.highlights, *marks))


def answer(*passages: RankedPassage, confidence: float = 0.93, **changes: object) -> Answer:
    """An answer of some confidence."""
    found = made_answer(*passages, answered=confidence >= 0.65)
    return replace(found, confidence=confidence, **changes)  # type: ignore[arg-type]


def test_the_first_passage_is_explained_by_what_speaks_for_it() -> None:
    """The words found, the words shared, the meaning; then the confidence; then what lowers it."""
    first = passage(1, reader=0.9991, words=("bridge", "opens"), dense=0.8)
    found = answer(
        first, passage(2, reader=0.2, words=("bridge",)),
        answer=ExactAnswer(0, (40, 46), "June 3", 0.8),
    )  # fmt: skip
    assert explain(found, found.passages[0]) == (
        (
            "This passage is first because the reading model finds an answer in it (“June 3”), "
            "it contains words of your question (“bridge”, “opens”) and it is the closest in "
            "meaning."
        ),
        "The confidence is 93% (very likely), mostly because of this answer.",
        "Another passage with a different answer would make this one less certain.",
    )


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (passage(2, reader=0.2, words=("bridge",)),
         ("it contains a word of your question (“bridge”), but the reading model finds no "
          "answer in it")),
        (passage(2), "it fits too little to be read by the reading model"),
        (passage(2, reader=0.7),
         ("the reading model finds an answer in it, but the reading model is surer of the first "
         "passage")),
    ],
)  # fmt: skip
def test_another_passage_is_compared_with_the_first(second: RankedPassage, expected: str) -> None:
    """What speaks for it and what it lacks."""
    found = answer(passage(1, reader=0.95, dense=0.8), second)
    assert explain(found, second)[0] == f"This passage is number 2: {expected}."


def test_without_the_reader_words_and_meaning_decide() -> None:
    """A passage is not said to be read that was not."""
    second = passage(2)
    found = answer(passage(1, words=("bridge",), dense=0.8), second)
    place, confidence, _ = explain(found, second)
    assert place == (
        "This passage is number 2: the first passage contains more words of your question."
    )
    assert "reading model" not in confidence
    by_words = replace(found, partial=True)
    assert "judged only by the words" in explain(by_words, second)[1]
    assert explain(by_words, second)[2].startswith("A search by meaning")


@pytest.mark.parametrize(
    ("passages", "why"),
    [
        ((passage(1, reader=0.2),), "mostly because the reading model finds no clear answer in it"),
        ((passage(1, reader=0.75), passage(2)),
         "mostly because other passages fit the question nearly as well"),
        ((passage(1, reader=0.75), replace(passage(2), score=0.1)),
         "although the reading model finds one, because other signs speak against it"),
        ((passage(1),), "judged by its meaning and by the words it shares with the question"),
    ],
)  # fmt: skip
def test_what_is_too_low_is_not_called_likely(
    passages: tuple[RankedPassage, ...], why: str
) -> None:
    """The verdict never contradicts the number, also where the threshold is high."""
    found = replace(answer(*passages), answered=False, confidence=0.649)
    confidence = explain(found, found.passages[0])[1]
    assert confidence == f"The confidence is 64%, too low for an answer, {why}."


def test_what_would_find_another_passage_is_said() -> None:
    """Other words, or no filters, where nothing was found."""
    found = replace(answer(passage(1, reader=0.2)), answered=False, confidence=0.1)
    assert explain(found, found.passages[0])[2] == (
        "A question in the words that the releases use may find a better passage."
    )
    assert explain(found, found.passages[0], ("issuer: Hill", "since 2024"))[2] == (
        "A search without the filters (issuer: Hill, since 2024) may find a better passage."
    )


def test_that_a_passage_stands_out_is_said_only_where_it_does() -> None:
    """And that the reader found nothing, where the answer is given all the same."""
    apart = replace(passage(2), score=0.1)
    assert explain(found := answer(passage(1, reader=0.9), apart), found.passages[0])[1].endswith(
        "because of this answer, and because it stands out from the other passages."
    )
    found = answer(passage(1, reader=0.3), apart, confidence=0.7)
    assert "although the reading model finds no clear answer" in explain(found, apart)[1]
    assert explain(found, apart)[2].endswith("would set the right passage apart.")


def test_forms_of_a_word_are_named_once() -> None:
    """Only the first of “start” and “starts” is."""
    text = "The start: the ferry starts."
    marks = tuple(
        Highlight((text.index(word), text.index(word) + len(word)), "term", 0.5)
        for word in ("start", "ferry", "starts")
    )
    found = answer(replace(passage(1), text=text, highlights=marks))
    assert "(“start”, “ferry”)" in explain(found, found.passages[0])[0]


def test_candidates_are_said_to_compete() -> None:
    """Where other words are nearly as likely, the sentence says so, and what would decide."""
    others = (ExactAnswer(1, (0, 4), "Work", 0.7),)
    found = answer(
        passage(1, reader=0.9), passage(2, reader=0.8),
        answer=ExactAnswer(0, (40, 46), "June 3", 0.8), alternatives=others,
    )  # fmt: skip
    _, confidence, change = explain(found, found.passages[1])
    assert "93% (very likely), but other words are nearly as likely." in confidence
    assert "would decide between the candidates" in change


def test_words_and_percentages_agree() -> None:
    """The same percentage always has the same words, and none of them is 0 or 100."""
    words: dict[str, str] = {}
    for confidence in (value / 1000 for value in range(10, 991)):
        shown = percentage(confidence)
        assert words.setdefault(shown, sure_words(confidence)) == sure_words(confidence)
        assert int(no_more_than(confidence)[:-1]) <= confidence * 100 + 1e-9
    assert (words["59%"], words["60%"], words["95%"]) == ("perhaps", "likely", "almost certain")
    assert (percentage(0.0), percentage(1.0)) == ("under 1%", "over 99%")
    assert (no_more_than(0.0), no_more_than(0.6499)) == ("under 1%", "64%")
