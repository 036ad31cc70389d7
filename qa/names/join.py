"""Joins the names of many releases into people, organisations and places. Pure.

Names of people are joined by the rules of `qa.statements.people`: a name that could be several
people's is joined to nobody. A town without its state is the only town of that name. What the user
said of names goes before all rules.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from index.filters import fold_name
from index.store.name_decisions import NameDecision
from index.types import NameKind
from qa.names.regions import REGION_OF
from qa.names.types import Mention, NamedEntity, NamedRelease
from qa.statements.people import NamedRole, People, Person

_fold = lru_cache(maxsize=1 << 16)(fold_name)
_SAME_PLACE = {_fold(short): _fold(name) for short, name in REGION_OF.items()} | {
    "u.s.": "united states", "us": "united states", "usa": "united states",
}  # fmt: skip
_MAIN_ROLES = 3
"""Of a person's job titles, those that tell the person from another with the same surname."""


@dataclass(slots=True)
class _Group:
    """What is known of one entity so far.

    Attributes:
        names: How often each name stands for it; an acronym does not count.
        roles: How often each job title stands beside it.
        releases: The releases of each name.
        can_be: The people or places that it can mean.
    """

    names: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    releases: dict[str, set[int]] = field(default_factory=dict)
    can_be: tuple[str, ...] = ()

    def add(self, name: str, release: int, *, times: int = 1) -> None:
        """Count a name in a release."""
        self.names[name] += times
        self.releases.setdefault(name, set()).add(release)

    def take(self, other: "_Group", names: Iterable[str]) -> None:
        """Take names from another group."""
        for name in names:
            self.names[name] += other.names.pop(name)
            self.releases.setdefault(name, set()).update(other.releases.pop(name))


def join_names(
    mentions: Mapping[int, Sequence[Mention]],
    releases: Mapping[int, NamedRelease],
    speakers: frozenset[str] = frozenset(),
    decisions: Sequence[NameDecision] = (),
) -> list[NamedEntity]:
    """Return who and what releases name, in no particular order.

    Args:
        mentions: The names in each release, by row number.
        releases: The releases, by row number.
        speakers: Names of people who are quoted with a job title.
        decisions: What the user said of names, the earliest first.
    """
    said = {kind: [d for d in decisions if d.kind == kind] for kind in ("organisation", "place")}
    organisations = _organisations(mentions, said["organisation"])
    found: list[NamedEntity] = []
    for kind, groups in (
        ("person", _people(mentions, speakers, decisions)),
        ("organisation", _decide(organisations, said["organisation"], organisation_key)),
        ("place", _decide(_places(mentions), said["place"], place_key)),
    ):
        found += [_entity(kind, group, releases) for group in groups]  # type: ignore[arg-type]
    return found


def _entity(kind: NameKind, group: _Group, releases: Mapping[int, NamedRelease]) -> NamedEntity:
    dated = sorted(
        (releases[key] for key in set().union(*group.releases.values())),
        key=lambda r: (r.date is None, r.date or "", r.id),
    )
    between = {"person": " ", "organisation": "", "place": ", "}[kind]
    name = min(group.names, key=lambda n: (between not in n, n.isupper(), -group.names[n], n))
    roles = sorted(group.roles, key=lambda r: (-group.roles[r], r))
    return NamedEntity(
        kind, name, tuple(sorted(group.names)), tuple(roles), tuple(dated), group.can_be
    )


def _people(
    mentions: Mapping[int, Sequence[Mention]],
    speakers: frozenset[str],
    decisions: Sequence[NameDecision],
) -> Iterable[_Group]:
    certain = speakers | {
        m.name for found in mentions.values() for m in found
        if m.kind == "person" and m.form == "full"
    }  # fmt: skip
    parted = _parted_surnames(decisions)
    of_release = {key: _names_in_release(found, certain, parted) for key, found in mentions.items()}
    times: Counter[tuple[str, str | None]] = Counter()
    for names in of_release.values():
        times.update(names.items())
    named = (NamedRole(name, role, count) for (name, role), count in times.items())
    people = People(named, decisions)
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


def _parted_surnames(decisions: Sequence[NameDecision]) -> Mapping[str, set[str]]:
    """Return the full names that the user parted a name alone from, by that name; all folded."""
    parted: dict[str, set[str]] = {}
    for decision in decisions:
        if decision.kind == "person":
            for short, full in (decision.names, decision.names[::-1]):
                others = parted.setdefault(_fold(short), set())
                (others.add if decision.act == "part" else others.discard)(_fold(full))
    return parted


def _names_in_release(
    mentions: Sequence[Mention], certain: frozenset[str], parted: Mapping[str, set[str]]
) -> dict[str, str | None]:
    """Return the people of a release with their job titles; a surname is who has it in full."""
    full: dict[str, str | None] = {}
    short: dict[str, str | None] = {}
    for mention in mentions:
        if mention.kind == "person" and (mention.form == "short" or mention.name in certain):
            into = short if mention.form == "short" else full
            into[mention.name] = into.get(mention.name) or mention.role
    holders: dict[str, set[str]] = {}
    for name in full:
        for word in name.split()[1:]:
            holders.setdefault(_fold(word), set()).add(_fold(name))
    return full | {
        name: role
        for name, role in short.items()
        if not holders.get(_fold(name), set()) - parted.get(_fold(name), set())
    }


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


def _decide(
    groups: list[_Group], decisions: Sequence[NameDecision], key_of: Callable[[str], str]
) -> list[_Group]:
    """Merge and part organisations or places as the user said, in this order.

    Args:
        groups: They are changed.
        decisions: About names of this kind.
        key_of: Returns what is equal for two ways of writing a name.
    """
    for decision in decisions:
        one, other = (_holder(groups, key_of, name) for name in decision.names)
        if one is None or other is None:
            continue
        if decision.act == "merge" and one is not other:
            other.take(one, list(one.names))
            other.can_be = ()
        elif decision.act == "part" and one is other:
            named = [name for name in one.names if key_of(name) == key_of(decision.names[0])]
            if exact := [name for name in named if name == decision.names[0]]:
                named = exact
            if len(named) < len(one.names):
                groups.append(_Group())
                groups[-1].take(one, named)
        groups = [group for group in groups if group.names]
    return groups


def _holder(groups: Sequence[_Group], key_of: Callable[[str], str], name: str) -> _Group | None:
    """Return the group that has a name; of several, the one that has it most, as an acronym has."""
    key = key_of(name)
    holders = [
        (sum(len(group.releases[one]) for one in alike), max(alike), group)
        for group in groups
        if (alike := [one for one in group.names if key_of(one) == key])
    ]
    return max(holders, key=lambda h: h[:2])[2] if holders else None


def _merged_roles(roles: Counter[str]) -> Counter[str]:
    """Count job titles that differ in letter case alone as the most frequent of them."""
    alike: dict[str, Counter[str]] = {}
    for role, count in roles.items():
        alike.setdefault(_fold(role).replace(".", ""), Counter())[role] += count
    return Counter(
        {min(forms, key=lambda r: (-forms[r], r)): forms.total() for forms in alike.values()}
    )


def _organisations(
    mentions: Mapping[int, Sequence[Mention]], decisions: Sequence[NameDecision]
) -> list[_Group]:
    groups: dict[str, _Group] = {}
    meanings: dict[str, set[str]] = {}
    for found in mentions.values():
        for mention in found:
            if mention.kind == "organisation" and mention.meaning:
                meanings.setdefault(mention.meaning, set()).add(organisation_key(mention.name))
    said = _said_meanings(decisions)
    for key, found in mentions.items():
        own = {
            m.meaning: organisation_key(m.name)
            for m in found
            if m.kind == "organisation" and m.meaning
        }
        for mention in _distinct(m for m in found if m.kind == "organisation"):
            if mention.form == "acronym":
                known = meanings.get(mention.name, set())
                only = next(iter(known)) if len(known) == 1 else said.get(mention.name)
                meant = own.get(mention.name) or only
                if meant is None:
                    continue
            else:
                meant = organisation_key(mention.name)
            group = groups.setdefault(meant, _Group())
            group.add(mention.name, key, times=mention.form == "full")
    return list(groups.values())


def _distinct(mentions: Iterable[Mention]) -> Iterable[Mention]:
    """Return the first mention of each name and form in a release."""
    return {(m.name, m.form == "acronym"): m for m in reversed(list(mentions))}.values()


def _said_meanings(decisions: Sequence[NameDecision]) -> dict[str, str]:
    """Return which organisation the user said an acronym means, as a key, by the acronym."""
    meanings: dict[str, str] = {}
    for decision in decisions:
        for short, name in (decision.names, decision.names[::-1]):
            if short.isupper() and " " not in short and not name.isupper():
                if decision.act == "merge":
                    meanings[short] = organisation_key(name)
                elif meanings.get(short) == organisation_key(name):
                    del meanings[short]
    return meanings


@lru_cache(maxsize=1 << 16)
def organisation_key(name: str) -> str:
    """Return what is equal for two ways of writing the name of an organisation."""
    folded = _fold(name).replace("’", "'").replace("&", "and").replace(",", "")
    folded = folded.strip()
    for start in ("the ", "u.s. ", "us ", "united states "):
        folded = folded.removeprefix(start)
    return folded.replace(".", "")


def _places(mentions: Mapping[int, Sequence[Mention]]) -> list[_Group]:
    states: dict[str, set[str]] = {}
    certain: set[str] = set()
    for mention in (m for found in mentions.values() for m in found if m.kind == "place"):
        if mention.meaning:
            states.setdefault(place_key(mention.name), set()).add(mention.meaning)
        elif mention.form == "full":
            certain.add(place_key(mention.name))
    groups: dict[str, _Group] = {}
    for key, found in mentions.items():
        own = {place_key(m.name): m.meaning for m in found if m.kind == "place" and m.meaning}
        for mention in (m for m in found if m.kind == "place"):
            town = place_key(mention.name)
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
    return list(groups.values())


@lru_cache(maxsize=1 << 16)
def place_key(name: str) -> str:
    """Return what is equal for two ways of writing the name of a place, such as "U.S."."""
    folded = _fold(name)
    town, comma, state = folded.partition(", ")
    if comma:
        return f"{town}, {_SAME_PLACE.get(state, state)}"
    return _SAME_PLACE.get(folded, folded)


def names_of_place(name: str) -> list[str]:
    """Return how a place is written, folded: a state, a province or a country in several ways."""
    key = place_key(name)
    return [key, *sorted(short for short, full in _SAME_PLACE.items() if full == key)]
