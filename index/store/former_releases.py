"""What releases were before they were changed or removed, for `releaseqa changes`.

The writer records it in the transaction of the change itself. The text of a changed release is
kept within limits: the latest versions of a release, and the latest of all texts. A removed release
leaves its title, date and hash alone, and what was kept of its earlier texts goes with it (see
docs/decisions/0030-former-texts-are-kept.md).
"""

from dataclasses import dataclass
from typing import Literal, get_args

from index.store.reader import Store
from index.store.schema import FORMER_RELEASES_VERSION

MAX_VERSIONS = 10
"""Former versions of a release that are recorded."""
MAX_TEXT_BYTES = 32 * 1024 * 1024
"""Bytes of former texts that a collection keeps, in UTF-8; the oldest are emptied first."""
MAX_RECORDS = 100_000
"""Former versions of all releases that are recorded."""

ReleaseChange = Literal["changed", "reread", "removed"]
"""How a release was replaced: `changed`: its source gives another title, date or text; `reread`:
so it seems, but another version of the program had read it, which may be the reason; `removed`: it
was taken out of the collection."""


@dataclass(frozen=True, slots=True)
class FormerRelease:
    """A release as it was before it was changed or removed.

    Attributes:
        key: Row number; a later change has a higher one.
        release_id: Its id.
        title: Its title.
        date: Its ISO date, or None.
        sha256: Of its text in UTF-8.
        stored_at: When it was stored, ISO 8601, UTC.
        replaced_at: When it was changed or removed.
        change: How it was replaced.
    """

    key: int
    release_id: str
    title: str
    date: str | None
    sha256: bytes
    stored_at: str
    replaced_at: str
    change: ReleaseChange


def former_releases(store: Store, release_id: str | None = None) -> list[FormerRelease]:
    """Return what releases were before, without their texts, the latest change first.

    Args:
        store: The store; one of an older version has nothing recorded.
        release_id: Only what this release was; None for all releases.
    """
    if not records_changes(store):
        return []
    known = ", ".join(f"'{change}'" for change in get_args(ReleaseChange))
    where, values = ("", ()) if release_id is None else ("AND release_id = ?", (release_id,))
    rows = store.rows(
        "SELECT id, release_id, title, date, text_hash, stored_at, replaced_at, change "  # noqa: S608
        f"FROM former_releases WHERE change IN ({known}) {where} ORDER BY id DESC",
        values,
    )
    return [FormerRelease(*row) for row in rows]


def former_text(store: Store, key: int) -> str | None:
    """Return the text of a former release by its row number; None if it is not kept."""
    text = store.value("SELECT text FROM former_releases WHERE id = ?", (key,))
    return None if text is None else bytes(text).decode("utf-8", "replace")


def records_changes(store: Store) -> bool:
    """Return whether changes are recorded; in an older store they are from its next update on."""
    return store.schema_version >= FORMER_RELEASES_VERSION
