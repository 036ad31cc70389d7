"""What another process did to the collection, in words."""

from index.reports import Status
from qa.presentation import counted


def store_news(before: Status | None, after: Status) -> str:
    """Return one line on a changed collection.

    Args:
        before: As it was when it was last read; None if there was none.
        after: As it is now.
    """
    change = after.releases - (before.releases if before is not None else 0)
    searching = f"now searching {after.releases:,}"
    if not change:
        return f"The collection was updated, {searching} releases"
    if change > 0:
        return f"{counted(change, 'new release')}, {searching}"
    return f"{counted(-change, 'release')} removed, {searching}"
