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
        ("all grants over $1 million", "figures --unit money --over 1000000"),
        ("All releases that mention wild horses", "find wild horses"),
        ("Every statement on carbon pricing since 2020", "find carbon pricing --since 2020"),
        ("Everything about salmon before 2007?", "find salmon --until 2006"),
        ("Show me everything on grants in 2021", "find grants --since 2021 --until 2021"),
        ("How many releases are about coal?", "find coal --count"),
        ("How many times is broadband mentioned?", "find broadband --count"),
        ("Which releases discuss housing?", "find housing"),
        ("everything the minister said about coal", "said 'the minister' about coal"),
        ("Everything Minister Joly said about Korea", "said 'Minister Joly' about Korea"),
        ("Give me all quotes by Mostyn about schools", "said Mostyn about schools"),
        ("everything Ann O'Neill has said", "said 'Ann O'\"'\"'Neill'"),
        ("Find all press releases about “$(rm); -x”", "find rm x"),
        ("How many people were killed?", None),
        ("All students must wear masks?", None),
        ("What did Joly say about Korea?", "said Joly about Korea"),
        (
            "what did Warren Truss say about coal since 2012?",
            "said 'Warren Truss' about coal --since 2012",
        ),
        ("What did Joly say in Seoul?", None),
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
        ("What is new since yesterday?", "list --indexed-since yesterday"),
        ("what’s new?", "list --since-last"),
        ("What is new this week", "list --indexed-since 'this week'"),
        ("Which releases came in since last Monday?", "list --indexed-since 'last monday'"),
        ("What has come in since 3 days ago?", "list --indexed-since '3 days ago'"),
        (
            "What's new about wild horses since 2024-03-01?",
            "find wild horses --indexed-since 2024-03-01",
        ),
        ("Anything new on coal?", "find coal --since-last"),
        ("What is new about the ferry?", None),
        ("What has changed since yesterday?", "changes --since yesterday"),
        ("Which releases were withdrawn last week?", "changes --since 'last week'"),
        ("Which releases have been edited?", "changes"),
        ("What was removed?", None),
        ("What changed in the agreement?", None),
        ("What is the new minimum wage?", None),
        ("What is new minimum wage since 2021?", None),
        ("List all releases about coal since last month", "find coal --since 'last month'"),
        ("Which releases mention coal since Monday?", "find coal --since monday"),
        ("How has the minimum wage changed?", "track 'What is the minimum wage?'"),
        (
            "how did the unemployment rate change since 2019?",
            "track 'What is the unemployment rate?' --since 2019",
        ),
        ("Track the number of active cases", "track 'What is the number of active cases?'"),
        ("What was the price of oil over time?", "track 'What is the price of oil?'"),
        ("Show me the debt limit over the years", "track 'What is the debt limit?'"),
        ("Track record of the minister", None),
        ("How has it changed?", None),
        ("How did the mayor change the law?", None),
        ("Timeline of the minimum wage", "track 'What is the minimum wage?'"),
        (
            "show me a timeline of the minimum wage since 2019",
            "track 'What is the minimum wage?' --since 2019",
        ),
        ("What is the timeline of the project?", None),
        ("What did the track cost?", None),
        ("what did she say about the bridge?", None),
        ("Everything he said about coal", None),
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


def test_the_filters_in_force_restrict_the_news() -> None:
    """A day that the question names is that of the update, and overrides the filter for it."""
    filters = Filters(issuer="yukon", since="2020-01-01", indexed_since="2024-01-01")

    assert find_command("What is new since yesterday?", filters) == (
        "releaseqa list --since 2020-01-01 --issuer yukon --indexed-since yesterday"
    )
    assert find_command("What's new?", Filters(lang="fr")) == (
        "releaseqa list --lang fr --since-last"
    )


def test_the_speaker_takes_the_place_of_the_filter() -> None:
    """`said` names the speaker, so a filter by speaker is left out."""
    filters = Filters(speaker="roe", issuer="nova scotia")

    assert find_command("Everything Ann Doe said about coal", filters) == (
        "releaseqa said 'Ann Doe' about coal --issuer 'nova scotia'"
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


@pytest.mark.parametrize(
    ("question", "command"),
    [
        ("Quels communiqués parlent du charbon ?", "find charbon"),
        ("Liste tous les communiqués qui mentionnent l'eau potable", "find eau potable"),
        (
            "Combien de communiqués portent sur le charbon en 2021 ?",
            "find charbon --since 2021 --until 2021 --count",
        ),
        ("Toutes les annonces sur le logement depuis 2020", "find logement --since 2020"),
        ("Les communiqués sur les phares avant 2020", "find phares --until 2019"),
        ("Qu'a dit Joly sur la Corée ?", "said Joly about 'Corée'"),
        ("Qu'a dit la ministre de la Santé à propos des lits depuis hier ?",
         "said 'la ministre de la Santé' about lits --since hier"),
        ("Tout ce que Joly a dit sur la Corée", "said Joly about 'Corée'"),
        ("Quoi de neuf depuis hier ?", "list --indexed-since hier"),
        ("Quoi de neuf ?", "list --since-last"),
        ("Quoi de neuf sur le pont depuis lundi ?", "find pont --indexed-since lundi"),
        ("Quoi de neuf sur le pont ?", None),
        ("Qu'a dit la ministre ?", None),
        ("Combien de personnes travaillent au port ?", None),
        ("Quel communiqué parle du charbon ?", None),
        ("Quels communiqués parlent de la ?", None),
    ],
)  # fmt: skip
def test_a_french_question_for_all_is_told_the_command(question: str, command: str | None) -> None:
    """With the years and days it names as filters; a question for a fact is told none."""
    assert (f"releaseqa {command}" if command else None) == find_command(question)
