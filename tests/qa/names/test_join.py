"""Names of several releases."""

import pytest

from qa.names.join import join_names
from qa.names.roles import clean_role
from qa.names.types import Form, Mention, NamedEntity, NamedRelease, NameKind

RELEASES = {n: NamedRelease(f"r{n}", None if n == 4 else f"2020-0{n}-01") for n in range(1, 6)}


def mention(
    name: str,
    form: Form = "full",
    role: str | None = None,
    kind: NameKind = "person",
    meaning: str | None = None,
) -> Mention:
    """A mention; where it stands makes no difference."""
    return Mention(kind, name, (0, 1), form, role, meaning)


def joined(**found: list[Mention]) -> dict[str, NamedEntity]:
    """The entities of releases `r1`, `r2` …, by name."""
    mentions = {int(key[1:]): value for key, value in found.items()}
    return {entity.name: entity for entity in join_names(mentions, RELEASES)}


def test_a_person_has_one_entry_with_all_names() -> None:
    """A surname is the only person who has it; dates and roles are of all releases."""
    found = joined(
        r1=[mention("Warren E. Truss", role="Minister")],
        r2=[mention("Warren Truss", role="Minister"), mention("Truss", "short")],
        r3=[mention("Truss", "short", "Leader")],
        r4=[mention("Warren Truss", role="minister")],
    )
    (truss,) = found.values()

    assert truss.names == ("Truss", "Warren E. Truss", "Warren Truss")
    assert (truss.name, truss.roles, len(truss.releases)) == (
        "Warren Truss",
        ("Minister", "Leader"),
        4,
    )
    assert (truss.first, truss.last) == ("2020-01-01", "2020-03-01")


def test_a_surname_of_several_people_is_joined_to_nobody() -> None:
    """It is shown by itself, with who can be meant, unless only one of them has the title."""
    found = joined(
        r1=[mention("Jane Smith", role="Premier"), mention("Smith", "short")],
        r2=[mention("John Smith", role="Mayor")],
        r3=[mention("Smith", "short")],
        r5=[mention("Smith", "short", "Mayor")],
    )

    assert found["Smith"].can_be == ("Jane Smith", "John Smith")
    assert [release.id for release in found["Smith"].releases] == ["r3"]
    assert [release.id for release in found["Jane Smith"].releases] == ["r1"]
    assert [release.id for release in found["John Smith"].releases] == ["r2", "r5"]


def test_a_likely_name_counts_if_it_is_certain_elsewhere() -> None:
    """What has only the form of a name is none by itself."""
    found = joined(
        r1=[mention("Ada Sow", role="Minister")],
        r2=[mention("Ada Sow", "likely"), mention("Clean Water", "likely")],
    )

    assert {"Ada Sow": 2} == {name: len(entity.releases) for name, entity in found.items()}


def test_an_acronym_is_what_one_organisation_is_called() -> None:
    """In releases that do not spell it out, too, unless two are called so."""
    found = joined(
        r1=[mention("Energy Agency", kind="organisation", meaning="EA"),
            mention("Sea Agency", kind="organisation", meaning="SA")],
        r2=[mention("EA", "acronym", kind="organisation")],
        r3=[mention("U.S. Sea Agency", kind="organisation"),
            mention("Solar Agency", kind="organisation", meaning="SA")],
        r5=[mention("SA", "acronym", kind="organisation")],
    )  # fmt: skip

    assert {"Energy Agency": 2, "Sea Agency": 2, "Solar Agency": 1} == {
        name: len(entity.releases) for name, entity in found.items()
    }


def test_towns_of_one_name_are_several_places() -> None:
    """A town without its state is the only one of that name, or is shown by itself."""
    found = joined(
        r1=[mention("Portland", kind="place", meaning="Maine"),
            mention("Truro", kind="place", meaning="Nova Scotia")],
        r2=[mention("Portland", kind="place", meaning="Oregon"),
            mention("Truro", "short", kind="place"), mention("Nowhere", "short", kind="place")],
        r3=[mention("Portland", "short", kind="place")],
    )  # fmt: skip

    assert found["Portland"].can_be == ("Portland, Maine", "Portland, Oregon")
    assert len(found["Truro, Nova Scotia"].releases) == 2
    assert "Nowhere" not in found


@pytest.mark.parametrize(
    ("found", "role"),
    [
        ("Kerry and President", "President"),
        ("U.S. Senators", "U.S. Senator"),
        ("D.C.] House Judiciary Committee Chairman", "House Judiciary Committee Chairman"),
        ("Minister of Justice and Attorney General", "Minister of Justice and Attorney General"),
        ("Community Services Administrator Dr.", "Community Services Administrator"),
        ("Assistant Speaker Jane Doe", None),
        ("Dr.", None),
        ("first", None),
    ],
)
def test_roles_are_job_titles_alone(found: str, role: str | None) -> None:
    """Without words around them, and singular."""
    assert clean_role(found) == role
