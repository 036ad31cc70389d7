"""Compare what is in Milvus with what the last publication recorded."""

from index.milvus.connection import Connection, literal
from index.milvus.schema import Names
from index.milvus.state import State

_CHECKED = 100
"""Terms whose document frequencies are counted again."""


def find_faults(connection: Connection, published: State) -> list[str]:
    """Return what is wrong, one line each; nothing when all counts agree.

    Counted are passages, those with vectors, releases, and in how many passages some terms are. It
    does not compare texts: the store of whoever indexes has their seals.
    """
    names = Names.of(connection.address)
    visible = f"born <= {published.generation}"
    counted = {
        "passages": (published.passages, connection.count(names.passages, visible)),
        "passages with vectors": (
            published.encoded,
            connection.count(names.passages, f"{visible} and encoded == true"),
        ),
        "releases": (
            int(published.status["releases"]),
            connection.count(names.facts, f"release > 0 and {visible}"),
        ),
    }
    faults = [
        f"{what}: {found:,} are in Milvus, {recorded:,} were published"
        for what, (recorded, found) in counted.items()
        if recorded != found
    ]
    from index.milvus.bm25 import term_number

    for row in connection.query(names.terms, "body > 0", ("id", "body"), _CHECKED):
        number = literal([term_number(row["id"])])
        condition = f"{visible} and array_contains_any(body_terms, {number})"
        found = connection.count(names.passages, condition)
        if found != row["body"] and not row["id"].startswith("sha256 "):
            faults.append(f"term {row['id']}: in {found:,} passages, recorded {row['body']:,}")
    unfinished = connection.count(names.passages, f"born > {published.generation}")
    if unfinished:
        faults.append(f"{unfinished:,} passages of an update that was interrupted")
    if published.switching:
        faults.append("an update was interrupted while it became visible")
    return faults
