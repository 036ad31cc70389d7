"""Questions to start from."""

from dataclasses import replace

from releases import SEOUL

from tui.examples import SHOWN, example_questions


def test_questions_are_made_of_headlines() -> None:
    """In English a question asks for the news; other headlines stand as they are."""
    english = replace(SEOUL.ref, title="Bridge opens ", lang="en")
    french = replace(SEOUL.ref, title="Le pont ouvre", lang="fr")
    untitled = replace(SEOUL.ref, title=" ")
    unknown = replace(SEOUL.ref, title="Ferry", lang=None)
    assert example_questions([english, untitled, french, unknown]) == (
        "What does “Bridge opens” announce?", "Le pont ouvre", "What does “Ferry” announce?",
    )  # fmt: skip


def test_only_a_few_are_made() -> None:
    """A large collection offers as many as a small screen shows."""
    assert len(example_questions([SEOUL.ref] * 50)) == SHOWN
