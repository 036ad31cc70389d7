"""What commands say of an issuer that no release has.

It is looked up only when nothing was found, so that a search that finds something costs no more.
"""

from typing import TYPE_CHECKING

from index.filters import Filters
from qa.near_names import did_you_mean

if TYPE_CHECKING:
    from qa.cli.context import Context
    from qa.collection import Collection


def unknown_issuer(context: "Context", collection: "Collection", filters: Filters) -> str | None:
    """Return a sentence on the filter `issuer` if no issuer contains it, with near names.

    Args:
        context: What the command was given.
        collection: The collection; one in Milvus lists no issuers.
        filters: Those of the search that found nothing.

    Returns:
        None without such a filter, and if an issuer contains it.
    """
    if filters.issuer is None or context.address() is not None:
        return None
    near = collection.near_issuers(filters.issuer)
    if near is None:
        return None
    tries = did_you_mean(near) or "see the issuers: releaseqa list"
    return f"No release has an issuer with {filters.issuer!r} in its name; {tries}"
