"""The command that a question for all of something is told."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.filters import Filters
from qa.find_command import find_command


@pytest.mark.parametrize(
    ("question", "command"),
    [
        ("List all releases that mention wild horses", "find wild horses"),
        ("list all bridges.", "find bridges"),
        ("All releases that mention wild horses", "find wild horses"),
        ("Every statement on carbon pricing since 2020", "find carbon pricing --since 2020"),
        ("Everything about salmon before 2007?", "find salmon --until 2006"),
        ("Show me everything on grants in 2021", "find grants --since 2021 --until 2021"),
        ("How many releases are about coal?", "find coal --count"),
        ("How many times is broadband mentioned?", "find broadband --count"),
        ("Which releases discuss housing?", "find housing"),
        ("everything the minister said about coal", "find coal --kind quote"),
        ("Everything Minister Joly said about Korea", "find Korea --speaker Joly"),
        ("Give me all quotes by Mostyn about schools", "find schools --speaker Mostyn"),
        ("everything Ann O'Neill has said", "quotes --speaker 'Ann O'\"'\"'Neill'"),
        ("Find all press releases about “$(rm); -x”", "find rm x"),
        ("How many people were killed?", None),
        ("All students must wear masks?", None),
        ("What did Joly say about Korea?", None),
        ("Which release mentions coal?", None),
        ("List all", None),
        ("List releases that announce more than $1 million", "figures --unit money --over 1000000"),
        (
            "Which releases mention housing grants over C$2.5M since 2021?",
            "figures housing --unit money --over 2500000 --currency CAD --since 2021",
        ),
        ("Show all percentages about vaccines", "figures vaccines --unit percent"),
        (
            "List all amounts for bridges under $50,000",
            "figures bridges --unit money --under 50000",
        ),
        ("How much did the bridge cost?", None),
    ],
)
def test_a_question_for_all_has_a_command(question: str, command: str | None) -> None:
    """It has the words that matter, and years, speakers and counts as options."""
    assert (command and f"releaseqa {command}") == find_command(question)


def test_the_filters_in_force_are_options() -> None:
    """What the question says of the same thing overrides them."""
    filters = Filters(since="2020-01-01", issuer="nova scotia", kinds=("quote", "body"))

    assert find_command("List all bridges since 2021", filters) == (
        "releaseqa find bridges --since 2021 --issuer 'nova scotia' --kind quote,body"
    )


@given(st.text(max_size=60))
def test_whatever_is_asked_the_command_is_one_of_this_program(topic: str) -> None:
    """No text of a question gets out of its quotation marks, or becomes an option."""
    command = find_command(f"List all releases about {topic}")

    if command is not None:
        parts = shlex.split(command)
        assert parts[0] == "releaseqa"
        assert {part for part in parts if part.startswith("-")} <= {
            "--since", "--until", "--speaker", "--kind", "--count", "--unit", "--over", "--under",
            "--currency",
        }  # fmt: skip
