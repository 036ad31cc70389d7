"""Names of several releases."""

import pytest

from index.store.name_decisions import NameDecision
from index.types import NameKind
from qa.names.join import join_names
from qa.names.roles import clean_role
from qa.names.types import Form, Mention, NamedEntity, NamedRelease

RELEASES = {n: NamedRelease(n, f"r{n}", None if n == 4 else f"2020-0{n}-01") for n in range(1, 6)}


def mention(
    name: str,
    form: Form = "full",
    role: str | None = None,
    kind: NameKind = "person",
    meaning: str | None = None,
) -> Mention:
    """A mention; where it stands makes no difference."""
    return Mention(kind, name, (0, 1), form, role, meaning)


def joined(*said: NameDecision, **found: list[Mention]) -> dict[str, NamedEntity]:
    """The entities of releases `r1`, `r2` …, by name."""
    mentions = {int(key[1:]): value for key, value in found.items()}
    entities = join_names(mentions, RELEASES, decisions=said)
    return {entity.name: entity for entity in entities}


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


def ids(entity: NamedEntity) -> list[str]:
    """The releases of an entity."""
    return [release.id for release in entity.releases]


def test_what_the_user_said_of_people_counts_in_every_release() -> None:
    """A surname of several is whose the user says, but not where a release names the other."""
    found = joined(
        NameDecision("merge", "person", ("Smith", "John Smith")),
        r1=[mention("Jane Smith", role="Premier"), mention("Smith", "short")],
        r2=[mention("John Smith", role="Mayor")],
        r3=[mention("Smith", "short")],
    )

    assert {name: ids(one) for name, one in found.items()} == {
        "Jane Smith": ["r1"], "John Smith": ["r2", "r3"],
    }  # fmt: skip


def test_a_parted_surname_is_not_the_person_of_its_release() -> None:
    """Not even where the release has the full name."""
    mentions = [mention("Jane Smith", role="Premier"), mention("Smith", "short")]

    found = joined(NameDecision("part", "person", ("Smith", "Jane Smith")), r1=mentions)
    assert {name: one.names for name, one in found.items()} == {
        "Jane Smith": ("Jane Smith",), "Smith": ("Smith",),
    }  # fmt: skip
    assert list(joined(r1=mentions)) == ["Jane Smith"]


def test_organisations_and_places_are_merged_and_parted() -> None:
    """With the releases of each name; the most frequent name is shown."""
    names = {
        "r1": [mention("Energy Agency", kind="organisation", meaning="EA")],
        "r2": [mention("EA", "acronym", kind="organisation")],
        "r3": [mention("Agency for Energy", kind="organisation")],
        "r4": [mention("Agency for Energy", kind="organisation")],
    }
    merge = NameDecision("merge", "organisation", ("Energy Agency", "Agency for Energy"))
    part = NameDecision("part", "organisation", ("EA", "Energy Agency"))

    (agency,) = joined(merge, **names).values()
    assert (agency.name, ids(agency)) == ("Agency for Energy", ["r1", "r2", "r3", "r4"])
    assert agency.names == ("Agency for Energy", "EA", "Energy Agency")
    parted = joined(part, **names)
    assert {name: ids(one) for name, one in parted.items()} == {
        "Energy Agency": ["r1"], "EA": ["r2"], "Agency for Energy": ["r3", "r4"],
    }  # fmt: skip

    towns = {
        "r1": [mention("Truro", kind="place", meaning="Nova Scotia")],
        "r2": [mention("Truro", kind="place", meaning="Iowa")],
        "r3": [mention("Truro", "short", kind="place")],
    }
    assert joined(**towns)["Truro"].can_be == ("Truro, Iowa", "Truro, Nova Scotia")
    said = NameDecision("merge", "place", ("Truro", "Truro, Iowa"))
    assert ids(joined(said, **towns)["Truro, Iowa"]) == ["r2", "r3"]


def test_an_acronym_of_several_is_what_the_user_says() -> None:
    """Only where the release does not say itself."""
    names = {
        "r1": [mention("Sea Agency", kind="organisation", meaning="SA")],
        "r2": [mention("Solar Agency", kind="organisation", meaning="SA"),
               mention("SA", "acronym", kind="organisation")],
        "r3": [mention("SA", "acronym", kind="organisation")],
    }  # fmt: skip
    said = NameDecision("merge", "organisation", ("SA", "Sea Agency"))

    assert ids(joined(said, **names)["Sea Agency"]) == ["r1", "r3"]
    assert ids(joined(**names)["Sea Agency"]) == ["r1"]
