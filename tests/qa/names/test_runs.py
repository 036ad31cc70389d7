"""What runs of words with capitals name."""

import pytest

from qa.names.runs import RUN, parts_of_run


def names_in(text: str) -> list[tuple[str, str, str]]:
    """The names in the runs of a text: kind, name and form."""
    return [
        (part.kind, part.name, part.form)
        for match in RUN.finditer(text)
        for part in parts_of_run(match[0])
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Today Minister Jane Roe spoke", [("person", "Jane Roe", "full")]),
        ("said Sen. Joe Q. Manchin, Jr., who", [("person", "Joe Q. Manchin, Jr.", "full")]),
        ("when Barbara Lee spoke", [("person", "Barbara Lee", "likely")]),
        ("thanks Mr. Truss and", [("person", "Truss", "short")]),
        ("the U.S. Capitol and the World War II memorial", []),
        (
            "the Department of Health and Human Services said",
            [("organisation", "Department of Health and Human Services", "full")],
        ),
        (
            "the Department of Agriculture and Senator Jane Roe",
            [
                ("organisation", "Department of Agriculture", "full"),
                ("person", "Jane Roe", "full"),
            ],
        ),
        (
            "the Food and Drug Administration",
            [("organisation", "Food and Drug Administration", "full")],
        ),
        (
            "University of New Mexico President Garnett Stokes",
            [("organisation", "University of New Mexico", "full")],
        ),
        ("the Board of Directors of the Public Service", []),
        ("Statistics Canada and Atlantic Canada", [("organisation", "Statistics Canada", "full")]),
        ("Acme Widgets Inc. of", [("organisation", "Acme Widgets Inc.", "full")]),
        ("House Republicans and Senate Democrats", []),
        ("across Nova Scotia's Bear Creek", [("place", "Nova Scotia", "full"),
                                             ("place", "Bear Creek", "full")]),
        ("the EPA", [("organisation", "EPA", "acronym")]),
    ],
)  # fmt: skip
def test_a_run_is_taken_apart(text: str, expected: list[tuple[str, str, str]]) -> None:
    """By job titles, first names, last words and the small words between."""
    found = [part for part in names_in(text) if part[:1] != ("place",) or part[2] == "full"]

    assert expected == found


def test_spans_are_those_of_the_names() -> None:
    """Without a possessive and the words before."""
    run = "Premier Jane Roe’s"
    (part,) = parts_of_run(run)

    assert run[slice(*part.span)] == part.name == "Jane Roe"
