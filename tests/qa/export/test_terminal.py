"""An answer as lines for a terminal or a pipe."""

import re
from dataclasses import replace

import pytest
import typer
from made_answers import TEXT, made_answer, made_list, made_passage, made_release

from index.filters import NO_FILTERS, Filters
from qa.cli.app import app
from qa.export.terminal import EVIDENCE, TERM, OutputLine, answer_lines, passage_text
from qa.presentation import no_answer, quotation
from qa.types import Answer, Evidence, ExactAnswer, Highlight


def plain(
    answer: Answer, *, styled: bool = False, filters: Filters = NO_FILTERS, **options: bool
) -> list[str]:
    """The lines of an answer without their styles, indented."""
    lines = answer_lines(answer, styled=styled, filters=filters, **options)
    return [" " * line.indent + line.text.plain for line in lines]


def test_an_answer_shows_rank_headline_facts_text_and_citation() -> None:
    """Without styles the evidence is quoted below the text; the short answer comes last."""
    other = made_passage(2, release=made_release("other-2023"), evidence=None)
    assert plain(made_answer(made_passage(), other)) == [
        "1. New bridge opens",
        "   Town of Hill · 2023-04-17",
        "   Work starts in May. The bridge opens on June 3. It cost $4 million.",
        "   Evidence: The bridge opens on June 3.",
        "   [bridge-2023#3] chars 100-167",
        "",
        "2. New bridge opens",
        "   Town of Hill · 2023-04-17",
        "   Work starts in May. The bridge opens on June 3. It cost $4 million.",
        "   [other-2023#3] chars 100-167",
        "",
        "very likely (confidence 0.93) · 4 ms",
        "Answer: The bridge opens on June 3.",
    ]


def test_passages_of_a_release_stand_below_its_headline_once() -> None:
    """Each is whole, or all but the first are counted."""
    far = made_passage(2, release=made_release("far-2023"), evidence=None, ordinal=1)
    answer = made_answer(made_passage(), far, made_passage(3, evidence=None, ordinal=5))

    lines, folded = plain(answer), plain(answer, styled=True, folded=True)

    assert [line for line in lines if line[:1].isdigit()] == [
        "1. New bridge opens",
        "3. in the same release",
        "2. New bridge opens",
    ]
    assert "   [bridge-2023#5] chars 100-167" in lines
    assert "   [bridge-2023#5] chars 100-167" not in folded
    assert folded.count(f"   {TEXT}") == 2
    assert [line for line in folded if line.startswith("   +")] == [
        "   + 1 more passage of this release; -v shows it"
    ]


def test_a_list_is_the_last_line_with_its_items_apart() -> None:
    """Whatever stands between them in the release, a line end for example."""
    assert plain(made_list())[-1] == "Answer: May · June"


def test_candidates_are_the_last_line_below_their_sources() -> None:
    """Each is named with its release, and the confidence says that either may be right."""
    second = made_passage(
        2, release=made_release("toll-2024", title="Toll set", date="2024-01-02"),
        evidence=(47, 67), exact=(55, 65),
    )  # fmt: skip
    answer = made_answer(made_passage(exact=(40, 46)), second)
    words = ExactAnswer(1, (55, 65), "$4 million", 0.7)
    assert answer.answer is not None

    lines = plain(replace(answer, alternatives=(words,)))

    assert lines[-4:] == [
        "either may be right (confidence 0.93) · 4 ms",
        f"   {answer.answer.text}  New bridge opens · 2023-04-17",
        "   $4 million  Toll set · 2024-01-02",
        f"2 candidates: {answer.answer.text} · $4 million",
    ]


def test_values_of_other_releases_are_told_the_command_that_lists_them() -> None:
    """If they are figures, and of another, dated release."""
    second = made_passage(
        2, release=made_release("toll-2024", date="2024-01-02"), evidence=(47, 67), exact=(55, 65)
    )
    answer = made_answer(made_passage(exact=(55, 65)), second)
    words = ExactAnswer(1, (55, 65), "$4 million", 0.7)
    line = (
        "Others: 1 release gives another value; by date: "
        "releaseqa track 'When does the bridge open?' --issuer hill"
    )

    found = replace(answer, alternatives=(words,), asked_as="When does the bridge open?")
    assert plain(found, filters=Filters(issuer="hill"))[-2] == line
    undated = replace(second, release=replace(second.release, date=None))
    for other in (
        replace(found, passages=(found.passages[0], undated)),
        replace(
            found, passages=(found.passages[0], replace(second, release=found.passages[0].release))
        ),
        replace(found, answer=ExactAnswer(0, (0, 4), "Work", 0.7)),
        replace(found, alternatives=()),
    ):
        assert not any(shown.startswith("Others:") for shown in plain(other))


def test_a_question_about_a_change_is_told_the_command() -> None:
    """In one line above the answer."""
    answer = replace(made_answer(made_passage()), asked_as="How has the toll changed?")
    assert (
        "An answer is one passage; for the answers of all releases, by date: "
        "releaseqa track 'What is the toll?'"
    ) in plain(answer)


def test_evidence_below_the_first_passage_is_shown_where_the_reader_is_sure() -> None:
    """Elsewhere a sentence that only looks like the answer stays plain."""
    doubtful = made_passage(2, release=made_release("other-2023"))
    sure = replace(doubtful, scores=replace(doubtful.scores, reader=0.95))

    shown = [plain(made_answer(made_passage(), second)) for second in (doubtful, sure)]

    assert [sum("Evidence:" in line for line in lines) for lines in shown] == [1, 2]


def test_where_styles_are_seen_the_evidence_is_not_said_twice() -> None:
    """On a terminal the marks in the text are enough."""
    assert [line for line in plain(made_answer(), styled=True) if "Evidence" in line] == []


def test_a_declined_question_says_so_last() -> None:
    """The passages are called the closest ones, and the nearest sentence is quoted."""
    answer = made_answer(made_passage(evidence=None), answered=False)
    answer = replace(answer, nearest=Evidence(0, (0, 19), "Work starts in May."))

    lines = plain(answer)

    assert lines[:3] == ["Closest passages:", "", "1. New bridge opens"]
    assert lines[-3:] == [
        "4 ms · try other words or the option --words-only",
        "May help: “Work starts in May.”",
        "I couldn't find an answer: no passage comes near.",
    ]


@pytest.mark.parametrize(
    ("filtered", "partial", "found", "expected"),
    [
        (True, False, True, "try other words, fewer filters or the option --words-only"),
        (False, True, True, "searched by words only · try other words"),
        (True, False, False, "try fewer filters"),
    ],
)
def test_only_what_was_not_tried_yet_is_named(
    *, filtered: bool, partial: bool, found: bool, expected: str
) -> None:
    """Fewer filters if there are some, words alone if meaning was searched."""
    answer = replace(made_answer(made_passage(evidence=None), answered=False), partial=partial)
    answer = answer if found else replace(answer, passages=())
    filters = Filters(issuer="x") if filtered else NO_FILTERS

    assert plain(answer, filters=filters)[-2] == f"4 ms · {expected}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Work starts\nin May.", "“Work starts in May.”"),
        ("• it puts $10 million in", "“it puts $10 million in”"),
        ("“We open,” she said.", "“We open,” she said."),
    ],
)
def test_the_nearest_sentence_is_quoted_on_one_line(words: str, expected: str) -> None:
    """Without the bullet of a list, and not twice between quotation marks."""
    assert quotation(words) == expected


def test_the_words_of_a_question_are_no_reason() -> None:
    """What the filters keep out is said."""
    answer = made_answer(answered=False)

    assert no_answer(replace(answer, reason="no release mentions 'x'")) == (
        "I couldn't find an answer."
    )
    assert no_answer(replace(answer, reason="no passage matches the filters")) == (
        "I couldn't find an answer: no passage matches the filters."
    )


@pytest.mark.parametrize(
    ("question", "commands"),
    [
        ("List all bridges", {"find"}),
        ("list the press releases that mention a bridge", {"find"}),
        ("Which releases mention Alaska?", {"find"}),
        ("How many press releases mention a bridge?", {"find"}),
        ("How many press releases are there?", {"list", "status"}),
        ("List all of them", {"list", "table", "quotes"}),
        ("Can you summarise the Denali release?", {"show", "table"}),
        ("Give me a short overview of the collection", {"show", "table"}),
        ("Compare the two hospitals", {"show", "table"}),
        ("How many bridges are there?", set()),
        ("What statement did Joly make?", set()),
        ("Who listed all the costs?", set()),
    ],
)
def test_a_request_for_more_than_a_passage_names_what_can_be_used(
    question: str, commands: set[str]
) -> None:
    """A list, a count, a summary: other commands are named, and nothing else to try."""
    answer = replace(made_answer(made_passage(), answered=False), question=question)
    answer = replace(answer, asked_as=question)

    said, tried = no_answer(answer), plain(answer)[-2]

    assert commands == set(re.findall(r"releaseqa (\w+)", said))
    assert commands <= set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert ("try" in tried) is not bool(commands)


@pytest.mark.parametrize("answered", [True, False])
def test_a_question_for_all_is_told_the_command_that_finds_all(*, answered: bool) -> None:
    """It has the filters and can be pasted into a shell, whether there is an answer or not."""
    answer = made_answer(answered=answered)
    asked = replace(answer, question="List all bridges", asked_as="List all bridges")
    lines = plain(asked, filters=Filters(issuer="O'Brien & Co"))
    (command,) = [line for line in lines if "releaseqa find" in line]

    assert command.endswith(
        "for everything that matches: releaseqa find bridges --issuer 'O'\"'\"'Brien & Co'"
    )
    assert lines[-1].startswith("Answer: " if answered else "I couldn't find an answer")
    assert not any("releaseqa find" in line for line in plain(answer))


def test_highlights_are_styles_over_exactly_their_words() -> None:
    """Evidence is underlined and words of the question are bold, at their spans."""
    passage = replace(
        made_passage(),
        highlights=(Highlight((20, 47), "evidence", 0.9), Highlight((24, 30), "term", 1.0)),
    )

    text = passage_text(passage)

    spans = {(str(span.style), text.plain[span.start : span.end]) for span in text.spans}
    assert spans == {(EVIDENCE, "The bridge opens on June 3."), (TERM, "bridge")}


def test_nothing_of_a_document_acts_on_the_terminal() -> None:
    """Controls from any field are drawn as symbols, and markup is shown as it is."""
    hostile = "[bold]x[/] \x1b]0;t\x07 \x9b2J\r\x08 \u202e [@click=app.quit]y[/]"
    release = made_release(hostile, title=hostile, issuer=hostile, source=hostile)
    passage = replace(
        made_passage(release=release, text=hostile, evidence=(0, 20)),
        citation=hostile,
        speaker=hostile,
        also_in=(hostile,),
        explanation=((hostile, 1.0),),
    )
    answer = replace(made_answer(passage, answered=False), reason=hostile)

    shown = "\n".join(plain(answer, explain=True))

    assert {c for c in shown if ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c == "\u202e"} == {"\n"}
    assert shown.count("[bold]x[/]") == 9


def test_lines_of_a_passage_are_kept_and_indented() -> None:
    """A list in a passage stays a list; blank lines are left out."""
    answer = made_answer(made_passage(text="Items:\n- one\n\n- two", evidence=None))

    assert plain(answer)[2:5] == ["   Items:", "   - one", "   - two"]


def test_an_explanation_names_every_score() -> None:
    """Each score that led to the rank stands on a line of its own, missing ones too."""
    passage = replace(made_passage(), explanation=(("gap to the next", 0.5),))

    lines = plain(made_answer(passage), explain=True)

    assert lines[-9:-3] == [
        "   meaning, passage           0.7100",
        "   meaning, best sentence     0.8200",
        "   words                        none",
        "   reader                       none",
        "   fused                      0.8000",
        "   gap to the next            0.5000",
    ]


def test_copies_of_a_passage_are_named_up_to_three() -> None:
    """Releases that carry the same words are named, many of them counted."""
    passage = replace(made_passage(), also_in=("a", "b", "c", "d", "e"))

    assert "   also in a, b, c and 2 more" in plain(made_answer(passage))


def test_a_search_by_words_alone_says_so() -> None:
    """The last line tells when meaning was not searched."""
    answer = replace(made_answer(), partial=True)

    assert plain(answer)[-2] == "very likely (confidence 0.93) · 4 ms · searched by words only"


def test_an_empty_line_is_not_indented() -> None:
    """Lines between passages are empty."""
    found = [line for line in answer_lines(made_answer(), styled=True) if not line.text.plain]
    assert found == [OutputLine(found[0].text, 0)]


def test_without_styles_the_exact_words_are_quoted_before_the_evidence() -> None:
    """Where nothing can stand out, a line of its own gives the exact words."""
    passage = made_passage(evidence=(0, 19), exact=(15, 18))

    lines = [line.strip() for line in plain(made_answer(passage))]

    place = lines.index(f"Answer: {passage.text[15:18]}")
    assert lines[place + 1].startswith("Evidence: ")
