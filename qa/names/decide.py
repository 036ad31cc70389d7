"""What a user says of two names: that they name the same, or do not.

A decision is checked against the collection before it is recorded, since a mistyped name would
change nothing and stay unnoticed. `index.store.name_decisions` records it.
"""

from index.filters import fold_name
from index.store.name_decisions import Act, NameDecision
from index.types import NameKind
from qa.errors import NameDecisionError
from qa.names.lookup import FoundName, NameLookup, name_key
from qa.names.types import NamedEntity


def decision_about(
    lookup: NameLookup, act: Act, name: str, other: str, kind: NameKind | None = None
) -> NameDecision:
    """Return a decision about two names, each as the releases write it.

    Args:
        lookup: Looks up names in the collection.
        act: `merge` or `part`.
        name: The first name.
        other: The second name.
        kind: What both name, if they can name something else as well.

    Raises:
        NameDecisionError: When they are of different kinds, or are merged already, or not merged.
        NameLookupError: When nobody and nothing is named so.
    """
    found, others = (_of_kind(lookup.find(one), one, kind) for one in (name, other))
    for one in found:
        for two in others:
            if one.kind == two.kind:
                return _checked(act, (one, name), (two, other))
    raise NameDecisionError(
        f"{name!r} names {_kinds(found)}, {other!r} {_kinds(others)}; only names of one kind can "
        f"be {_DONE[act]}"
    )


_DONE = {"merge": "merged", "part": "parted"}


def _of_kind(found: FoundName, name: str, kind: NameKind | None) -> tuple[NamedEntity, ...]:
    """Return what a name means, of one kind if one is given.

    Raises:
        NameDecisionError: There is none, or it is one of several.
    """
    entities = tuple(e for e in found.entities if kind in {None, e.kind})
    if entities:
        return entities
    if found.can_be:
        raise NameDecisionError(
            f"{name!r} can be {', '.join(found.can_be)}; give one of these names"
        )
    raise NameDecisionError(f"{name!r} names no {kind}, but {_kinds(found.entities)}")


def _kinds(entities: tuple[NamedEntity, ...]) -> str:
    articles = {"organisation": "an organisation"}
    return " and ".join(articles.get(e.kind, f"a {e.kind}") for e in entities)


def _checked(
    act: Act, one: tuple[NamedEntity, str], other: tuple[NamedEntity, str]
) -> NameDecision:
    (entity, name), (second, other_name) = one, other
    names = (_written(entity, name), _written(second, other_name))
    same = entity == second
    if act == "merge" and same:
        raise NameDecisionError(f"{names[0]!r} and {names[1]!r} are one {entity.kind} already")
    if act == "part" and not same:
        raise NameDecisionError(f"{names[0]!r} and {names[1]!r} are not one {entity.kind}")
    if names[0] == names[1]:
        raise NameDecisionError(f"both names are {names[0]!r}; give two of {_listed(entity)}")
    return NameDecision(act, entity.kind, names)


def _listed(entity: NamedEntity) -> str:
    return ", ".join(map(repr, entity.names))


def _written(entity: NamedEntity, name: str) -> str:
    """Return the name of an entity that a user means; its first name if it has none like it."""
    alike = [own for own in entity.names if fold_name(own) == fold_name(name)]
    key = name_key(entity.kind, name)
    alike += [own for own in entity.names if name_key(entity.kind, own) == key]
    return alike[0] if alike else entity.name
