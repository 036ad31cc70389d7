"""Names as entities of FollowTheMoney, the data model of Aleph and OpenSanctions.

An entity has an id, a schema, and properties that are lists of texts (https://followthemoney.tech).
A person is a Person, an organisation an Organization, a place an Address, since FollowTheMoney has
no schema for towns. Nothing says how sure a name is, so a name that can be several is left out.
"""

import hashlib
from typing import Any

from index.filters import fold_name
from qa.names.types import NamedEntity

_SCHEMAS = {"person": "Person", "organisation": "Organization", "place": "Address"}
_MOST_URLS = 20
"""Addresses of releases, the newest: a state can be named in thousands."""


def name_to_ftm(entity: NamedEntity) -> dict[str, Any] | None:
    """Return a name as an entity of FollowTheMoney; None for a name that can be several.

    Its id depends on its kind and name alone: another run, or another collection, gives the same.
    """
    if entity.can_be:
        return None
    others = [name for name in entity.names if name != entity.name]
    if entity.kind == "person":
        properties = {
            "name": [entity.name],
            "alias": [name for name in others if " " in name],
            "weakAlias": [name for name in others if " " not in name],
            "position": list(entity.roles),
        }
    elif entity.kind == "organisation":
        properties = {
            "name": [entity.name],
            "alias": [name for name in others if not _is_acronym(name)],
            "abbreviation": [name for name in others if _is_acronym(name)],
        }
    else:
        town, comma, state = entity.name.partition(", ")
        properties = {
            "full": [entity.name],
            "city": [town] if comma else [],
            "state": [state] if comma else [],
            "alias": others,
        }
    urls = [release.url for release in reversed(entity.releases) if release.url]
    web = [url for url in urls if url.startswith(("http://", "https://"))]
    properties["sourceUrl"] = list(dict.fromkeys(web))[:_MOST_URLS]
    digest = hashlib.sha256(f"{entity.kind}:{fold_name(entity.name)}".encode()).hexdigest()
    return {
        "id": f"releaseqa-{digest[:40]}",
        "schema": _SCHEMAS[entity.kind],
        "properties": {name: values for name, values in properties.items() if values},
    }


def _is_acronym(name: str) -> bool:
    return " " not in name and name.isupper()
