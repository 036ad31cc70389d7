"""What is shown of a release beside its passages."""

from index.store.related import NO_RELATED, RelatedReleases
from index.types import StoredRelease
from qa.types import ReleaseRef


def release_ref(stored: StoredRelease, related: RelatedReleases = NO_RELATED) -> ReleaseRef:
    """Return what is shown of a release beside a passage."""
    release = stored.release
    return ReleaseRef(
        id=release.release_id,
        title=release.title,
        date=release.date,
        issuer=release.issuer,
        lang=release.lang,
        source=stored.source,
        url=release.url,
        copies=related.duplicates,
        replaces=related.replaces,
        replaced_by=related.replaced_by,
    )
