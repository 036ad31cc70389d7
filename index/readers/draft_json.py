"""Drafts as JSON, to be passed between processes.

What comes back from a process that parsed an untrusted document is as little to be trusted as the
document, so types are checked.
"""

import json
from dataclasses import asdict, fields
from typing import Any, get_args

from index.errors import SourceError
from index.readers.base import BadRecord, Draft, parser_guard
from index.structure.headline.issuer_evidence import Mention, Place

_STRINGS = tuple(
    field.name for field in fields(Draft) if field.name not in {"text", "metadata", "names"}
)
"""Fields that are a string or None."""


def dump(found: Draft | BadRecord) -> str:
    """Return what a reader found as one line of JSON."""
    kind = "draft" if isinstance(found, Draft) else "bad"
    return json.dumps({kind: asdict(found)})


def dump_refusal(error: SourceError) -> str:
    """Return the reason why a source cannot be read as one line of JSON."""
    return json.dumps({"refused": str(error)})


def parse(line: bytes) -> Draft | BadRecord:
    """Return what a line holds.

    Raises:
        SourceError: The refusal it holds, or when it is none of the forms that are written here.
    """
    with parser_guard("it"):
        ((kind, value),) = json.loads(line).items()
        if kind == "draft":
            return _draft(value)
        if kind == "bad":
            return BadRecord(_string(value["where"]), _string(value["reason"]))
        refusal = _string(value)
    raise SourceError(refusal)


def _draft(value: dict[str, Any]) -> Draft:
    strings = {name: None if value[name] is None else _string(value[name]) for name in _STRINGS}
    if not isinstance(value["metadata"], dict):
        raise TypeError("metadata")
    return Draft(
        _string(value["text"]),
        **strings,
        metadata=value["metadata"],
        names=tuple(map(_mention, value["names"])),
    )


def _mention(value: dict[str, Any]) -> Mention:
    if value["place"] not in get_args(Place):
        raise ValueError(value["place"])
    return Mention(value["place"], _string(value["name"]))


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a string is missing")
    return value
