"""The report of a batch as a page."""

import re
from dataclasses import replace

from html_outline import Outline
from made_answers import made_answer, made_passage, made_release

from qa.answer_json import Failure, Outcome
from qa.export import outcome_format
from qa.presentation import NO_RELEASE
from qa.types import Evidence


def page(*outcomes: Outcome) -> tuple[str, Outline]:
    """A report, and its outline."""
    text = "".join(outcome_format("html")(outcomes))
    outline = Outline()
    outline.feed(text)
    outline.close()
    assert outline.open == []
    return text, outline


def test_a_report_has_contents_and_every_question() -> None:
    """Each question is in the contents with its verdict, and in its place with its passages."""
    declined = made_answer(made_passage(evidence=None), identifier="q2", answered=False)
    nearest = Evidence(0, (0, 19), "Work starts in May.")
    declined = replace(declined, reason=f"{NO_RELEASE} 'bridge'", nearest=nearest)
    text, outline = page(made_answer(), declined, Failure("q3", "", "the question is empty"))

    assert "3 questions: 1 answered, 1 without an answer here, 1 not asked." in outline.shown
    assert outline.links.count("#contents") == 3
    assert [found for found in outline.links if found != "#contents"] == ["#q1", "#q2", "#q3"]
    assert [found for found in outline.ids if found.startswith("q")] == ["q1", "q2", "q3"]
    contents, sections = text.split("<main>")
    assert contents.count("answered · 0.93</span>") == 1
    assert contents.count("no answer · 0.12</span>") == 1
    assert contents.count("not asked</span>") == 1
    assert sections.count('class="verdict answered"') == 1
    assert sections.count("I couldn&#39;t find an answer.</strong>") == 1
    assert sections.count("Not asked:</strong>") == 1
    assert "I couldn't find an answer. May help: “Work starts in May.”" in outline.shown
    assert "Closest passages:" in outline.shown
    assert "no release mentions" not in outline.shown
    assert "the question is empty" in outline.shown


def test_evidence_and_exact_words_are_marked() -> None:
    """The exact words are marked inside the evidence; the text is complete and in order."""
    passage = made_passage(exact=(40, 46))

    text, outline = page(made_answer(passage))

    assert (
        "Work starts in May. <mark>The bridge opens on </mark>"
        '<mark class="answer">June 3</mark><mark>.</mark> It cost $4 million.'
    ) in text
    assert passage.text in outline.shown


def test_nothing_from_a_document_becomes_markup() -> None:
    """Whatever field hostile words stand in, they are shown and not obeyed."""
    words = "<script>x</script>\"'><a href=javascript:x onclick=x>&amp;\x1b[2J\u202e</style>"
    release = made_release(words, title=words, issuer=words, source=words, url="javascript:x")
    passage = replace(
        made_passage(release=release, text=words, evidence=(0, 12), exact=(2, 6)),
        citation=words, speaker=words, also_in=(words,), passage_id=words,
    )  # fmt: skip
    answer = made_answer(passage, identifier=words, question=words)
    text, outline = page(answer, replace(answer, answered=False, reason=words),
                         Failure(words, words, words))  # fmt: skip

    assert outline.tags == {
        "html", "head", "meta", "title", "style", "body", "header", "h1", "p", "nav", "h2", "ol",
        "li", "a", "span", "main", "section", "article", "h3", "mark", "footer", "strong",
    }  # fmt: skip
    assert not any(name.startswith("on") for name in outline.attributes)
    assert all(found.startswith("#") for found in outline.links)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script>x</script>" in outline.shown


def test_the_page_needs_nothing_from_elsewhere() -> None:
    """No script, no address that a browser would fetch, and a policy that forbids both."""
    text, outline = page(made_answer())

    assert "default-src 'none'" in text
    assert not {"script", "link", "img", "iframe", "object"} & outline.tags
    assert not re.search(r"url\(|@import|src=", text)
