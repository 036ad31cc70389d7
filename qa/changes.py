"""What became of releases: which were changed, sentence by sentence, and which were removed.

The store records what a release was before (`index.store.former_releases`). Here each record is
compared with the version that followed it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256

from index.store.former_releases import (
    FormerRelease,
    ReleaseChange,
    former_releases,
    former_text,
)
from index.store.reader import Store
from index.text.sentences import sentence_spans
from qa.release_names import NamedRelease, ambiguous, find_release

_BLANK_LINE = re.compile(r"\n\s*\n")
LEAST_RATIO = 0.5
"""Share of words in common from which two sentences are one that was changed."""
_NEAR = 20
"""Added sentences that are compared with a removed one."""
_LONGEST = 400
"""Words of a sentence up to which it is compared word by word."""


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence that was changed, removed (`after` is None) or added (`before` is None)."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ReleaseVersion:
    """A version of a release: its title, its ISO date or None, and the SHA-256 of its text."""

    title: str
    date: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """A change or a removal of a release.

    Attributes:
        release_id: Its id.
        change: What was done.
        at: When, ISO 8601, UTC.
        stored_at: When the version before it was stored.
        before: The version before it.
        after: The version after it; None for a removal.
        sentences: What differs between the texts; None where one of them is not kept.
        is_present: Whether the collection has a release of this id now.
    """

    release_id: str
    change: ReleaseChange
    at: str
    stored_at: str
    before: ReleaseVersion
    after: ReleaseVersion | None
    sentences: tuple[SentenceChange, ...] | None
    is_present: bool


@dataclass(frozen=True, slots=True)
class RecordedChanges:
    """Changes, the latest first, and how many there are, with those that are not loaded."""

    changes: tuple[RecordedChange, ...]
    total: int


def recorded_changes(
    store: Store, release_id: str | None = None, since: str = "", most: int | None = None
) -> RecordedChanges:
    """Return the changes and removals that a collection has recorded, the latest first.

    Args:
        store: The collection's.
        release_id: Only those of the release that this means, as in `qa.release_names`, or that
            was removed and had this id or is the only one whose id began so; None for all.
        since: Only those at this time or later, ISO 8601, UTC.
        most: How many to load; None for all.

    Raises:
        AmbiguousReleaseError: The name fits several releases; they are its notes.
        ReleaseNotFoundError: There is nothing about the release, and it is not there.
        CollectionDamagedError: A text cannot be read.
    """
    former = former_releases(store, release_id)
    if release_id is not None and not former:
        former = former_releases(store, _release_meant(store, release_id))
    next_of: dict[int, FormerRelease] = {}
    latest: dict[str, FormerRelease] = {}
    for record in former:
        if record.release_id in latest:
            next_of[record.key] = latest[record.release_id]
        latest[record.release_id] = record
    wanted = [record for record in former if record.replaced_at >= since]
    loaded = (_loaded(store, record, next_of.get(record.key)) for record in wanted[:most])
    return RecordedChanges(tuple(loaded), len(wanted))


def _release_meant(store: Store, name: str) -> str:
    """Return the id of the release that a name means, also if it was removed."""
    removed = {
        record.release_id: NamedRelease(record.release_id, record.date, record.title)
        for record in former_releases(store)
        if record.release_id.startswith(name)
    }
    if not removed:
        return find_release(store, name).release_id
    present = [
        NamedRelease(*row)
        for row in store.rows("SELECT release_id, date, title FROM releases")
        if row[0].startswith(name)
    ]
    meant = removed | {release.release_id: release for release in present}
    if name in meant:
        return name
    if len(meant) > 1:
        raise ambiguous(name, list(meant.values()))
    return next(iter(meant))


def _loaded(store: Store, record: FormerRelease, following: FormerRelease | None) -> RecordedChange:
    now = store.rows(
        "SELECT title, date, text, lang FROM releases WHERE release_id = ?", (record.release_id,)
    )
    before, after = ReleaseVersion(record.title, record.date, record.sha256.hex()), None
    sentences = None
    if record.change != "removed":
        text, lang = None, now[0][3] if now else None
        if following is not None:
            after = ReleaseVersion(following.title, following.date, following.sha256.hex())
            text = former_text(store, following.key)
        elif now:
            title, date, text, _ = now[0]
            after = ReleaseVersion(title, date, sha256(text.encode()).hexdigest())
        old = former_text(store, record.key)
        if old is not None and text is not None:
            sentences = tuple(sentence_changes(old, text, lang))
    return RecordedChange(
        record.release_id, record.change, record.replaced_at, record.stored_at, before, after,
        sentences, bool(now),
    )  # fmt: skip


def sentence_changes(before: str, after: str, lang: str | None = None) -> Iterator[SentenceChange]:
    """Yield the sentences in which two texts differ, in their order; white space does not count.

    Args:
        before: A text.
        after: What became of it.
        lang: Its language, or None.
    """
    old, new = _sentences(before, lang), _sentences(after, lang)
    # With autojunk, since a text of one sentence again and again would take for ever.
    for tag, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if tag != "equal":
            yield from _paired(old[a:b], new[c:d])


def _sentences(text: str, lang: str | None) -> list[str]:
    return [
        " ".join(paragraph[slice(*span)].split())
        for paragraph in _BLANK_LINE.split(text)
        for span in sentence_spans(paragraph, lang)
    ]


def _paired(removed: Sequence[str], added: Sequence[str]) -> Iterator[SentenceChange]:
    """Yield removed and added sentences, together where one became the other."""
    place = 0
    for sentence in removed:
        near = range(place, min(len(added), place + _NEAR))
        found = next((number for number in near if _are_alike(sentence, added[number])), None)
        if found is None:
            yield SentenceChange(sentence, None)
            continue
        yield from (SentenceChange(None, new) for new in added[place:found])
        if sentence != added[found]:  # equal where `SequenceMatcher` took it for junk
            yield SentenceChange(sentence, added[found])
        place = found + 1
    yield from (SentenceChange(None, new) for new in added[place:])


def _are_alike(one: str, other: str) -> bool:
    first, second = one.split(), other.split()
    if max(len(first), len(second)) > _LONGEST:
        return first == second
    compared = SequenceMatcher(None, first, second, autojunk=False)
    return compared.quick_ratio() >= LEAST_RATIO and compared.ratio() >= LEAST_RATIO
