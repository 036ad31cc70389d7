"""Questions to start from."""

from dataclasses import replace

from releases import SEOUL

from tui.state.example_questions import SHOWN, example_questions


def test_questions_are_made_of_headlines() -> None:
    """An English headline becomes a question; others are asked as they are."""
    english = replace(SEOUL.ref, title="Bridge opens ", lang="en", issuer=None)
    french = replace(SEOUL.ref, title="Le pont ouvre", lang="fr", issuer=None)
    untitled = replace(SEOUL.ref, title=" ")
    unknown = replace(SEOUL.ref, title="Ferry", lang=None, issuer=None)
    assert example_questions([english, untitled, french, unknown]) == (
        "What does “Bridge opens” announce?", "Le pont ouvre", "What does “Ferry” announce?",
    )  # fmt: skip


def test_only_a_few_are_made() -> None:
    """A large collection offers as many as a small screen shows."""
    assert len(example_questions([SEOUL.ref] * 50)) == SHOWN


def test_every_issuer_and_the_main_speaker_are_asked_about() -> None:
    """The newest release of each issuer comes first; the speaker is last."""
    refs = [replace(SEOUL.ref, title=f"T{i}", issuer=name) for i, name in enumerate("AABA")]
    assert example_questions(refs, (("Mélanie Joly", 3), ("Park Jin", 2))) == (
        "What does “T0” announce?", "What does “T2” announce?", "What does “T1” announce?",
        "What does “T3” announce?", "What did Mélanie Joly say?",
    )  # fmt: skip
    assert example_questions(refs[:1], (("Park Jin", 1),)) == ("What does “T0” announce?",)
