"""An answer as lines for a terminal or a pipe."""

from dataclasses import replace

from made_answers import made_answer, made_passage, made_release

from qa.export.terminal import EVIDENCE, TERM, OutputLine, answer_lines, passage_text
from qa.types import Answer, Highlight


def plain(answer: Answer, *, styled: bool = False, explain: bool = False) -> list[str]:
    """The lines of an answer without their styles, indented."""
    lines = answer_lines(answer, styled=styled, explain=explain)
    return [" " * line.indent + line.text.plain for line in lines]


def test_an_answer_shows_rank_headline_facts_text_and_citation() -> None:
    """Without styles the evidence is quoted below the text."""
    assert plain(made_answer(made_passage(), made_passage(2, evidence=None))) == [
        "1. New bridge opens",
        "   Town of Hill · 2023-04-17",
        "   Work starts in May. The bridge opens on June 3. It cost $4 million.",
        "   Evidence: The bridge opens on June 3.",
        "   [bridge-2023#3] chars 100-167",
        "",
        "2. New bridge opens",
        "   Town of Hill · 2023-04-17",
        "   Work starts in May. The bridge opens on June 3. It cost $4 million.",
        "   [bridge-2023#3] chars 100-167",
        "",
        "confidence 0.93 · 4 ms",
    ]


def test_where_styles_are_seen_the_evidence_is_not_said_twice() -> None:
    """On a terminal the marks in the text are enough."""
    assert [line for line in plain(made_answer(), styled=True) if "Evidence" in line] == []


def test_a_declined_question_says_so_before_the_nearest_passages() -> None:
    """The reason comes first, and what follows is marked as no answer."""
    lines = plain(made_answer(made_passage(evidence=None), answered=False))

    assert lines[:3] == [
        "No answer here: no passage comes near. Nearest passages, which do not answer:",
        "",
        "1. New bridge opens",
    ]


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

    assert lines[-8:-2] == [
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

    assert plain(answer)[-1] == "confidence 0.93 · 4 ms · searched by words only"


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
