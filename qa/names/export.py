"""Names for other programs: JSON and CSV."""

from collections.abc import Iterable, Iterator
from typing import Any

from index.store.name_decisions import NameDecision
from qa.export.csv import SEPARATOR, csv_table
from qa.names.types import NamedEntity

COLUMNS = ("type", "name", "releases", "first", "last", "roles", "names", "can_be", "release_ids")


def name_to_json(entity: NamedEntity) -> dict[str, Any]:
    """Return a name as a JSON object, keys in their fixed order."""
    return {
        "type": entity.kind,
        "name": entity.name,
        "releases": len(entity.releases),
        "first": entity.first,
        "last": entity.last,
        "roles": list(entity.roles),
        "names": list(entity.names),
        "can_be": list(entity.can_be),
        "release_ids": [release.id for release in entity.releases],
    }


def decision_to_json(decision: NameDecision) -> dict[str, Any]:
    """Return what the user said of two names as a JSON object, keys in their fixed order."""
    return {"act": decision.act, "type": decision.kind, "names": list(decision.names)}


def csv_rows(entities: Iterable[NamedEntity]) -> Iterator[str]:
    """Return the header, then each name as one row."""
    return csv_table(
        COLUMNS,
        (
            {
                "type": entity.kind,
                "name": entity.name,
                "releases": str(len(entity.releases)),
                "first": entity.first,
                "last": entity.last,
                "roles": SEPARATOR.join(entity.roles),
                "names": SEPARATOR.join(entity.names),
                "can_be": SEPARATOR.join(entity.can_be),
                "release_ids": SEPARATOR.join(release.id for release in entity.releases),
            }
            for entity in entities
        ),
    )
