"""Splitting plain sentences."""

import pytest

from qa.examples.clauses import Clause, rest_of, shorter_rests, split_clause


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        (
            "Senator Hagel today introduced a bill in the Senate.",
            Clause("Senator Hagel", "did", "introduce", " a bill in the Senate.", "introduced"),
        ),
        (
            "Today, The City of Burnsville (Minn.) will receive $36,113.",
            Clause("the City of Burnsville", "will", "receive", " $36,113."),
        ),
        (
            "The IIJA includes $450 million for ports.",
            Clause("the IIJA", "does", "include", " $450 million for ports."),
        ),
        (
            "Nova Scotia has also committed $70 million.",
            Clause("Nova Scotia", "has", "committed", " $70 million."),
        ),
        (
            "The White Coat Ceremony was held in June.",
            Clause("the White Coat Ceremony", "was", "held", " in June."),
        ),
        (
            "Bridge Authority, a body of two states, opened the span.",
            Clause("Bridge Authority", "did", "open", " the span.", "opened"),
        ),
    ],
)
def test_a_plain_sentence_is_split(sentence: str, clause: Clause) -> None:
    """Subject, auxiliary, verb and rest are found; adverbs and appositions are left out."""
    assert clause == split_clause(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It will create 30 jobs.",
        "While the bill passed, the Senate included $5 million.",
        "OTTAWA Minister Joly visited Seoul.",
        "Construction will begin on May 5.",
        "A ferry opened on May 5.",
        "The bridge that Erie County opened carries 500 cars.",
        "Senator Salazar, a member of a committee and Senator Allard supported two proposals.",
        "President, Dr. David Bannon, was part of a task force that launched a policy paper.",
        "Jobs, growth and Erie County received $5 million.",
        "Nothing of note",
        "",
        "For the 2021 season, the Goldeyes will be based in Jackson.",
    ],
)
def test_what_is_not_plain_is_not_split(sentence: str) -> None:
    """Pronouns, clauses before the verb, common nouns and lists are no subjects."""
    assert split_clause(sentence) is None


def test_a_person_stands_for_the_whole_subject() -> None:
    """A long title before a name that the release quotes is left out."""
    sentence = "House Appropriations Committee Chair Rosa DeLauro opened a clinic."

    clause = split_clause(sentence, {"Rosa DeLauro"})

    assert clause is not None
    assert clause.subject == "Rosa DeLauro"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (" a bill in the Senate, which would help.", " a bill in the Senate"),
        (" $1,000 for the City of Erie.", " $1,000 for the City of Erie"),
        (" the bill with Rep. Newhouse.", " the bill with Rep. Newhouse"),
        (" to roads through the fund", " to roads"),
        (" for", None),
        (" the Council's Finance, Governance and Safety Committee", None),
        (" Louisiana will receive money", None),
        (" a rink and opened a pool", None),
        (" a letter written", None),
    ],
)
def test_the_rest_ends_where_a_question_can_end(text: str, rest: str | None) -> None:
    """It is cut before relative clauses, and refused in the middle of a list or a second verb."""
    assert rest == rest_of(text)


def test_phrases_are_left_off_from_the_end() -> None:
    """The longest comes first; what cannot be last is passed over."""
    rest = " money for roads in Erie County to support growth"

    assert [" money for roads in Erie County", " money for roads", " money"] == list(
        shorter_rests(rest, infinitives=True)
    )
    assert [" money for roads", " money"] == list(shorter_rests(rest, infinitives=False))
