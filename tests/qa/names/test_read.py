"""Names in texts, with what the words around them say."""

import pytest

from qa.names.read import NameReader
from qa.names.types import Mention

COMMON = frozenset(["abuse", "prevention", "unfortunately", "clean", "care", "funding"])


def mentions(text: str) -> list[Mention]:
    """The names that count by themselves, or by what other releases say."""
    return list(NameReader(COMMON).mentions(text, [(0, len(text))]))


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("We met Aminata Sow, president of the union, today.", "Aminata Sow", "president"),
        ("It was Finance Minister Aminata Sow who said so.", "Aminata Sow", "Finance Minister"),
        ("“It works,” the minister said.\n\n– Aminata Sow, Minister of Finance", "Aminata Sow",
         "Minister of Finance"),
        ("Jane Roe, Sen. Mary Poe and others met in the hall today.", "Jane Roe", None),
        ("They thanked Dr. Jane Roe for her help with the work.", "Jane Roe", None),
    ],
)  # fmt: skip
def test_people_have_the_roles_beside_them(text: str, name: str, role: str | None) -> None:
    """Before the name or behind a comma; a title of the next person is none of theirs."""
    found = {m.name: m.role for m in mentions(text) if m.kind == "person" and m.form == "full"}

    assert found[name] == role


@pytest.mark.parametrize(
    "text",
    [
        "Jane Roe Announces Funding For Bear Creek",
        "JANE ROE AND THE DEPARTMENT OF HEALTH ANNOUNCE FUNDING",
        "Department of Health Names Jane Roe Chair",
        "It will fund Elder Abuse Prevention and more of the same this year.",
        "They closed offices in Yuma, Sedgwick, Washington and other counties there.",
        "Unfortunately, Virginia and others have not joined.",
    ],
)
def test_what_is_no_name(text: str) -> None:
    """Headlines, lines in capitals, and common words with capitals name nobody."""
    found = [
        m.name
        for m in mentions(text)
        if m.form == "full" and m.name not in {"Virginia", "Washington"}
    ]

    assert found == []


def test_towns_have_the_state_behind_them() -> None:
    """In full or shortened; the state is not counted beside it."""
    found = mentions("They met in Truro, N.S., and then in Portland, Oregon, for the day.")

    assert [("Truro", "Nova Scotia"), ("Portland", "Oregon")] == [
        (m.name, m.meaning) for m in found if m.kind == "place" and m.form == "full"
    ]


def test_acronyms_and_commas_in_names_of_organisations() -> None:
    """An acronym has the initials; commas belong to a committee's name."""
    found = mentions(
        "The Environmental Protection Agency (EPA) and the Senate Committee on Commerce, Science, "
        "and Transportation met (ABC) the Banking, Housing, and Urban Affairs Committee there."
    )

    assert [
        ("Environmental Protection Agency", "EPA"),
        ("Senate Committee on Commerce, Science, and Transportation", None),
        ("Banking, Housing, and Urban Affairs Committee", None),
    ] == [(m.name, m.meaning) for m in found if m.kind == "organisation" and m.form == "full"]


def test_spans_hold_the_names() -> None:
    """Where a line does not break a name."""
    text = "In Regina, Premier Jane Roe met Statistics Canada about the new count."

    found = mentions(text)

    assert [m.name for m in found] == [text[slice(*m.span)] for m in found] != []
