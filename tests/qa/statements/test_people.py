"""Which names of different releases are one person."""

import pytest

from index.store.name_decisions import NameDecision
from qa.statements.people import NamedRole, People, new_person


def people(*names: str, **roles: str) -> People:
    """The people of names, some of them with a role."""
    return People([NamedRole(name, roles.get(name.replace(" ", "_"))) for name in names])


def joined(found: People) -> list[tuple[str, ...]]:
    """The names of each person, sorted."""
    return sorted(person.names for person in found)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Ann Roe", "Ann B. Roe", "Roe"), [("Ann B. Roe", "Ann Roe", "Roe")]),
        (("Ann Roe", "A. Roe"), [("A. Roe", "Ann Roe")]),
        (("Ann Roe", "Ann Roé"), [("Ann Roe", "Ann Roé")]),
        (('Ann "Bo" Roe', "Bo Roe"), [('Ann "Bo" Roe', "Bo Roe")]),
        (
            ('Ann "Bo" Roe', "Ann Bo Roe", "Bo Roe"),
            [('Ann "Bo" Roe', "Ann Bo Roe", "Bo Roe")],
        ),
        (
            ("Congresswomen Ann Roe", "Ann Roe", "Ann Poe"),
            [("Ann Poe",), ("Ann Roe", "Congresswomen Ann Roe")],
        ),
        (("Ed Roe", "Ed Roe, Jr."), [("Ed Roe", "Ed Roe, Jr.")]),
        (("J. Ann Roe", "Ann Roe"), [("Ann Roe", "J. Ann Roe")]),
        (("Cat Cortez Masto", "Cortez Masto"), [("Cat Cortez Masto", "Cortez Masto")]),
        (("Ann Roe", "Ben Roe", "Roe"), [("Ann Roe",), ("Ben Roe",)]),
        (("Ann Roe", "Al Roe", "A. Roe"), [("Al Roe",), ("Ann Roe",)]),
        (("Ann B. Roe", "Ann C. Roe", "Ann Roe"), [("Ann B. Roe",), ("Ann C. Roe",)]),
        (("Ed Roe, Jr.", "Ed Roe, Sr.", "Ed Roe"), [("Ed Roe, Jr.",), ("Ed Roe, Sr.",)]),
        (
            ("Mary Jane Roe", "Jane Roe", "Jane Poe"),
            [("Jane Poe",), ("Jane Roe",), ("Mary Jane Roe",)],
        ),
        (("the lawmakers", "Roe"), [("Roe",)]),
    ],
)
def test_names_are_joined_if_nobody_else_can_be_meant(
    names: tuple[str, ...], expected: list[tuple[str, ...]]
) -> None:
    """A name that two people could have is joined to neither."""
    assert expected == joined(people(*names))
    assert expected == joined(people(*reversed(names)))


def test_a_title_alone_is_the_only_one_who_has_it() -> None:
    """The whole title, or one of several; a single word such as "the minister" is anybody."""
    found = people(
        *("Ann Roe", "Ben Poe", "Cy Doe"),
        Ann_Roe="Deputy Prime Minister and Minister for Transport",
        Ben_Poe="Prime Minister",
        Cy_Doe="Minister for Health",
    )
    names = {
        title: [person.name for person in found.candidates(title)]
        for title in (
            "the Deputy Prime Minister", "the Prime Minister", "Minister for Transport",
            "the minister", "Minister",
        )
    }  # fmt: skip

    assert names == {
        "the Deputy Prime Minister": ["Ann Roe"],
        "the Prime Minister": ["Ben Poe"],
        "Minister for Transport": ["Ann Roe"],
        "the minister": [],
        "Minister": [],
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the minister", ("Ann Roe", "Ben Poe", "Cy Doe", "Dan Poe")),
        ("Minister for Health", ("Cy Doe", "Dan Poe")),
        ("health minister", ("Cy Doe", "Dan Poe")),
        ("the mayor", ("Eve Doe",)),
        ("Roe", None),
        ("Minister Roe", None),
        ("the lawmakers", None),
    ],
)
def test_an_office_stands_for_all_who_hold_it(words: str, expected: tuple[str, ...] | None) -> None:
    """Those with the whole title or else with its words; a name stands for nobody else."""
    found = people(
        *("Ann Roe", "Ben Poe", "Cy Doe", "Dan Poe", "Eve Doe", "Flo Roe"),
        Ann_Roe="Deputy Prime Minister and Minister for Transport",
        Ben_Poe="Prime Minister",
        Cy_Doe="Minister for Health",
        Dan_Poe="Minister for Health",
        Eve_Doe="Mayor of Salmon Cove",
        Flo_Roe="Harbour master",
    )
    office = found.office(words)

    assert expected == (None if office is None else office.names)
    assert office is None or office.people == len(office.names)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Roe", ["Ann Roe", "Ben Roe"]),
        ("ann roe", ["Ann Roe"]),
        ("Mr Poe", ["Cy Poe"]),
        ("Deputy Premier Ann Roe", ["Ann Roe"]),
        ("the Honourable Ben Roe", ["Ben Roe"]),
        ("Dan Roe", []),
        ("Ann", []),
    ],
)
def test_words_name_the_people_they_can_mean(words: str, expected: list[str]) -> None:
    """Titles before a name do not count, nor letter case."""
    found = people("Ann Roe", "Ben Roe", "Cy Poe")

    assert expected == [person.name for person in found.candidates(words)]


def test_what_may_be_somebody_else_is_named() -> None:
    """The names that are joined to nobody can be told for each who could be meant."""
    found = people("Ann Roe", "Ben Roe", "Roe", "Poe")
    (ann,) = found.candidates("Ann Roe")

    assert ["Roe"] == found.unjoined(ann)
    assert found.person("Roe") is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [("Joan Roe", True), ("J. Roe", True), ("Joan B. Roe", True), ("James Roe", False)],
)
def test_an_initial_does_not_stand_for_two_first_names(words: str, *, expected: bool) -> None:
    """Who is called "Joan Roe" as well as "J. Roe" is not James, whom nobody quotes."""
    found = people("Joan Roe", "J. Roe").candidates(words)

    assert ([("J. Roe", "Joan Roe")] if expected else []) == [person.names for person in found]


def test_somebody_who_is_never_quoted_needs_a_full_name() -> None:
    """A surname alone would be a word."""
    person = new_person("Senator Ann Roe")

    assert person is not None
    assert person.name == "Ann Roe"
    assert new_person("Roe") is None
    assert new_person("Premier of Salmon Cove") is None


def decided(*names: str, merge: tuple[str, str] | None = None, **more: tuple[str, str]) -> People:
    """The people of names, after a merge, then a part."""
    said = [NameDecision("merge", "person", merge)] if merge else []
    said += [NameDecision("part", "person", more["part"])] if "part" in more else []
    return People([NamedRole(name, None) for name in names], said)


@pytest.mark.parametrize("typed", ["Roe", "Mr Roe", "ROE"])
def test_a_name_of_several_people_is_whose_the_user_says(typed: str) -> None:
    """Titles and letter case of what was said make no difference."""
    found = decided("Ann Roe", "Ben Roe", "Roe", "Mr. Roe", merge=(typed, "Ben Roe"))

    assert joined(found) == [("Ann Roe",), ("Ben Roe", "Mr. Roe", "Roe")]
    assert [person.name for person in found.candidates("Mr Roe")] == ["Ben Roe"]
    assert [person.name for person in found.candidates("Ann Roe")] == ["Ann Roe"]


def test_people_whom_the_user_merges_share_what_is_joined_to_either() -> None:
    """A surname that only the two have is theirs; a name that nobody has here leads to them."""
    found = decided("Ann Roe", "Annie Roe", "Roe", "Ann Poe", merge=("Annie Roe", "Ann Roe"))
    assert joined(found) == [("Ann Poe",), ("Ann Roe", "Annie Roe", "Roe")]

    married = decided("Ann Roe", "Roe", "Poe", merge=("Ann Poe", "Ann Roe"))
    (person,) = married.candidates("Ann Poe")
    assert person.names == ("Ann Poe", "Ann Roe", "Poe", "Roe")
    assert joined(decided("Ben Doe", merge=("Ann Poe", "Ann Roe"))) == [("Ben Doe",)]


def test_a_name_that_the_user_parts_is_somebody_else() -> None:
    """It is a person alone, and what may be either's is nobody's; merging takes it back."""
    parted = decided("Ann Roe", "Ann B. Roe", "Roe", part=("Ann B. Roe", "Ann Roe"))
    assert joined(parted) == [("Ann B. Roe",), ("Ann Roe",)]
    assert [person.name for person in parted.candidates("Ann Roe")] == ["Ann Roe"]
    assert len(parted.candidates("Roe")) == 2

    surname = decided("Ann Roe", "Roe", part=("Roe", "Ann Roe"))
    assert joined(surname) == [("Ann Roe",), ("Roe",)]
    assert [person.name for person in surname.candidates("Mrs Roe")] == ["Roe"]

    said = [NameDecision(act, "person", ("Ann B. Roe", "Ann Roe")) for act in ("part", "merge")]
    both = People([NamedRole(name, None) for name in ("Ann Roe", "Ann B. Roe")], said)
    assert joined(both) == [("Ann B. Roe", "Ann Roe")]
