"""Joins the names of many releases into people, organisations and places. Pure.

Names of people are joined by the rules of `qa.statements.people`: a name that could be several
people's is joined to nobody. A town without its state is the only town of that name.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from index.filters import fold_name
from qa.names.regions import REGION_OF
from qa.names.types import Mention, NamedEntity, NamedRelease, NameKind
from qa.statements.people import NamedRole, People, Person

_fold = lru_cache(maxsize=1 << 16)(fold_name)
_SAME_PLACE = {_fold(short): _fold(name) for short, name in REGION_OF.items()} | {
    "u.s.": "united states", "us": "united states", "usa": "united states",
}  # fmt: skip
_MAIN_ROLES = 3
"""Of a person's job titles, those that tell the person from another with the same surname."""


@dataclass(slots=True)
class _Group:
    """What is known of one entity so far."""

    names: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    releases: set[int] = field(default_factory=set)
    can_be: tuple[str, ...] = ()

    def add(self, name: str, release: int) -> None:
        """Count a name in a release."""
        self.names[name] += 1
        self.releases.add(release)


def join_names(
    mentions: Mapping[int, Sequence[Mention]],
    releases: Mapping[int, NamedRelease],
    speakers: frozenset[str] = frozenset(),
) -> list[NamedEntity]:
    """Return who and what releases name, in no particular order.

    Args:
        mentions: The names in each release, by row number.
        releases: The releases, by row number.
        speakers: Names of people who are quoted with a job title.
    """
    found: list[NamedEntity] = []
    for kind, groups in (
        ("person", _people(mentions, speakers)),
        ("organisation", _organisations(mentions)),
        ("place", _places(mentions)),
    ):
        found += [_entity(kind, group, releases) for group in groups]  # type: ignore[arg-type]
    return found


def _entity(kind: NameKind, group: _Group, releases: Mapping[int, NamedRelease]) -> NamedEntity:
    dated = sorted(
        (releases[key] for key in group.releases),
        key=lambda r: (r.date is None, r.date or "", r.id),
    )
    name = min(
        group.names,
        key=lambda n: (kind == "person" and " " not in n, n.isupper(), -group.names[n], n),
    )
    roles = sorted(group.roles, key=lambda r: (-group.roles[r], r))
    return NamedEntity(
        kind, name, tuple(sorted(group.names)), tuple(roles), tuple(dated), group.can_be
    )


def _people(
    mentions: Mapping[int, Sequence[Mention]], speakers: frozenset[str]
) -> Iterable[_Group]:
    certain = speakers | {
        m.name for found in mentions.values() for m in found
        if m.kind == "person" and m.form == "full"
    }  # fmt: skip
    of_release = {key: _names_in_release(found, certain) for key, found in mentions.items()}
    times: Counter[tuple[str, str | None]] = Counter()
    for names in of_release.values():
        times.update(names.items())
    people = People(NamedRole(name, role, count) for (name, role), count in times.items())
    groups: dict[object, _Group] = {}
    for key, names in of_release.items():
        for name, role in names.items():
            person = people.person(name) or _titled(people, name, role)
            group = groups.setdefault(person or name, _Group())
            if person is None and not group.names:
                group.can_be = tuple(found.name for found in people.candidates(name))
            group.add(name, key)
            if role:
                group.roles[role] += 1
    for group in groups.values():
        group.roles = _merged_roles(group.roles)
    return groups.values()


def _names_in_release(
    mentions: Sequence[Mention], certain: frozenset[str]
) -> dict[str, str | None]:
    """Return the people of a release with their job titles; a surname is who has it in full."""
    full: dict[str, str | None] = {}
    short: dict[str, str | None] = {}
    for mention in mentions:
        if mention.kind == "person" and (mention.form == "short" or mention.name in certain):
            into = short if mention.form == "short" else full
            into[mention.name] = into.get(mention.name) or mention.role
    surnames = {_fold(word) for name in full for word in name.split()[1:]}
    return full | {name: role for name, role in short.items() if _fold(name) not in surnames}


def _titled(people: People, name: str, role: str | None) -> Person | None:
    """Return the only one of several people who can be meant that has a title more than once."""
    if role is None:
        return None
    wanted = _fold(role)
    holders = [
        person for person in people.candidates(name)
        if wanted in {_fold(held) for held in person.roles[:_MAIN_ROLES]}
    ]  # fmt: skip
    return holders[0] if len(holders) == 1 else None


def _merged_roles(roles: Counter[str]) -> Counter[str]:
    """Count job titles that differ in letter case alone as the most frequent of them."""
    alike: dict[str, Counter[str]] = {}
    for role, count in roles.items():
        alike.setdefault(_fold(role).replace(".", ""), Counter())[role] += count
    return Counter(
        {min(forms, key=lambda r: (-forms[r], r)): forms.total() for forms in alike.values()}
    )


def _organisations(mentions: Mapping[int, Sequence[Mention]]) -> Iterable[_Group]:
    groups: dict[str, _Group] = {}
    meanings: dict[str, set[str]] = {}
    for found in mentions.values():
        for mention in found:
            if mention.kind == "organisation" and mention.meaning:
                meanings.setdefault(mention.meaning, set()).add(_organisation_key(mention.name))
    for key, found in mentions.items():
        own = {
            m.meaning: _organisation_key(m.name)
            for m in found
            if m.kind == "organisation" and m.meaning
        }
        counted: set[tuple[str, str]] = set()
        for mention in found:
            if mention.kind != "organisation":
                continue
            if mention.form == "acronym":
                known = meanings.get(mention.name, set())
                meant = own.get(mention.name) or (next(iter(known)) if len(known) == 1 else None)
                if meant is None:
                    continue
            else:
                meant = _organisation_key(mention.name)
            if (meant, mention.name) in counted:
                continue
            counted.add((meant, mention.name))
            group = groups.setdefault(meant, _Group())
            group.names[mention.name] += mention.form == "full"
            group.releases.add(key)
    return groups.values()


@lru_cache(maxsize=1 << 16)
def _organisation_key(name: str) -> str:
    folded = _fold(name).replace("’", "'").replace("&", "and").replace(",", "")
    folded = folded.strip()
    for start in ("the ", "u.s. ", "us ", "united states "):
        folded = folded.removeprefix(start)
    return folded.replace(".", "")


def _places(mentions: Mapping[int, Sequence[Mention]]) -> Iterable[_Group]:
    states: dict[str, set[str]] = {}
    certain: set[str] = set()
    for mention in (m for found in mentions.values() for m in found if m.kind == "place"):
        if mention.meaning:
            states.setdefault(_place_key(mention), set()).add(mention.meaning)
        elif mention.form == "full":
            certain.add(_place_key(mention))
    groups: dict[str, _Group] = {}
    for key, found in mentions.items():
        own = {_place_key(m): m.meaning for m in found if m.kind == "place" and m.meaning}
        for mention in (m for m in found if m.kind == "place"):
            town = _place_key(mention)
            known = states.get(town, set())
            if mention.form == "short" and not known:
                continue
            state = mention.meaning or own.get(town) or (min(known) if len(known) == 1 else None)
            if town in certain:
                state = None  # "Chicago" needs none
            shown = f"{mention.name}, {state}" if state else mention.name
            group = groups.setdefault(_fold(shown) if state else town, _Group())
            if state is None and len(known) > 1 and town not in certain:
                group.can_be = tuple(f"{mention.name}, {s}" for s in sorted(known))
            group.add(shown, key)
    return groups.values()


def _place_key(mention: Mention) -> str:
    folded = _fold(mention.name)
    return _SAME_PLACE.get(folded, folded)
