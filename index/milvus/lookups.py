"""Facts about passages and releases in Milvus, cached: `index.search.backend.Lookups`."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from index.errors import EngineError, ReleaseNotFoundError
from index.milvus.connection import Connection, literal
from index.milvus.schema import Names, release_row, text_row, unpacked_text
from index.store.lookups import CACHED_PASSAGES, BatchCache, PassageFacts, release_and_ordinal
from index.store.page_numbers import DocumentPages, page_starts, scan_confidence
from index.store.related import RelatedReleases, related_among
from index.store.rows import unpack_spans
from index.text.surrogates import has_surrogate
from index.types import Passage, Release, StoredPassage, StoredRelease

PASSAGE_FIELDS = (
    "key", "release", "release_id", "ordinal", "kind", "speaker", "role", "start", "stop",
    "sentences", "text", "title", "lang", "date", "text_key",
)  # fmt: skip
_RELEASE_FIELDS = (
    "release", "release_id", "value", "cluster", "replaced_by", "parts",
)  # fmt: skip
_RELEASES_AT_ONCE = 50
"""Releases whose passages are read with one call."""
_TEXTS_AT_ONCE = 100
"""Texts whose copies are read with one call; of more copies than `MOST_ROWS`, some are left out."""


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage, and the text that its vectors belong to, in hexadecimal digits."""

    stored: StoredPassage
    text_key: str


@dataclass(frozen=True, slots=True)
class TextRow:
    """In how many releases a text is, and its packed vectors; empty while it is not encoded."""

    frequency: int
    passage: bytes
    sentences: bytes


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release, and how it belongs to others."""

    stored: StoredRelease
    pages: DocumentPages
    cluster: int
    replaced_by: int
    parts: int


class MilvusLookups:
    """Reads one publication. Safe to share between threads."""

    def __init__(self, connection: Connection, generation: int) -> None:
        """Read what is visible in a publication."""
        self._connection = connection
        self._names = Names.of(connection.address)
        self._visible = f"born <= {generation}"
        self._rows: BatchCache[int, PassageRow] = BatchCache(CACHED_PASSAGES)
        self._texts: BatchCache[str, TextRow] = BatchCache(CACHED_PASSAGES)
        self._releases: BatchCache[int, ReleaseRow] = BatchCache(CACHED_PASSAGES)
        self._leads: BatchCache[int, int] = BatchCache(CACHED_PASSAGES)

    def rows(self, keys: Iterable[int]) -> dict[int, PassageRow]:
        """Return passages by key."""
        return self._rows.get(keys, None, self._read_rows)

    def texts(self, text_keys: Iterable[str]) -> dict[str, TextRow]:
        """Return texts by key."""
        return self._texts.get(text_keys, None, self._read_texts)

    def copies(self, text_keys: Iterable[str], also: str) -> list[dict[str, Any]]:
        """Return the key, the text key and the release id of the passages that have some texts."""
        return self._connection.query_in(
            self._names.passages, "text_key", text_keys, ("key", "text_key", "release_id"),
            also, _TEXTS_AT_ONCE,
        )  # fmt: skip

    def passages(self, keys: Iterable[int]) -> dict[int, StoredPassage]:
        """Return passages with their text."""
        return {key: row.stored for key, row in self.rows(keys).items()}

    def passage_facts(self, keys: Iterable[int]) -> dict[int, PassageFacts]:
        """Return the text key, release and kind of passages."""
        return {
            key: PassageFacts(
                bytes.fromhex(row.text_key),
                row.stored.release_key,
                row.stored.passage.kind,
                row.stored.passage.ordinal,
                row.stored.passage.speaker,
            )
            for key, row in self.rows(keys).items()
        }

    def release_frequency(self, keys: Iterable[int]) -> dict[int, int]:
        """Return in how many releases the text of each passage occurs, a cluster counted once."""
        rows = self.rows(keys)
        texts = self.texts(row.text_key for row in rows.values())
        return {
            key: texts[row.text_key].frequency for key, row in rows.items() if row.text_key in texts
        }

    def lead_paragraphs(self, releases: Iterable[int]) -> dict[int, str]:
        """Return the first body paragraph of releases."""
        leads = self._leads.get(releases, None, self._read_leads)
        passages = self.passages(leads.values())
        return {release: passages[key].text for release, key in leads.items() if key in passages}

    def duplicate_clusters(self, releases: Iterable[int]) -> dict[int, int]:
        """Return the near-duplicate clusters of releases, named by their first release."""
        return {
            key: row.cluster for key, row in self._release_rows(releases).items() if row.cluster
        }

    def identical_passages(self, keys: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
        """Return the other passages with the same text: their keys and release ids."""
        rows = self.rows(keys)
        of_text: dict[str, list[tuple[str, int]]] = {}
        for copy in self.copies((row.text_key for row in rows.values()), self._visible):
            of_text.setdefault(copy["text_key"], []).append((copy["release_id"], copy["key"]))
        found = {}
        for key, row in rows.items():
            others = [(k, r) for r, k in sorted(of_text.get(row.text_key, ())) if k != key]
            if others:
                found[key] = others
        return found

    def release(self, release_id: str) -> StoredRelease:
        """Return one release, with its text.

        Raises:
            ReleaseNotFoundError: When the collection has no release of that id.
        """
        rows = []
        if not has_surrogate(release_id):
            condition = f"release_id == {literal(release_id)} and release > 0 and {self._visible}"
            rows = self._connection.query(self._names.facts, condition, _RELEASE_FIELDS)
        if not rows:
            raise ReleaseNotFoundError(f"there is no release {release_id}")
        row = _release_of(max(rows, key=lambda found: int(found["release"])))
        ids = [release_row(row.stored.key, part) for part in range(1, row.parts)]
        parts = {
            found["id"]: found["value"]
            for found in self._connection.query_in(
                self._names.facts, "id", ids, ("id", "value"), size=_RELEASES_AT_ONCE
            )
        }
        text = "".join(parts.get(id_, "") for id_ in ids)
        release = row.stored.release
        whole = Release(
            release.release_id, release.title, text, release.date, release.issuer, release.lang,
            release.url, {}, release.date_source, release.date_guess,
        )  # fmt: skip
        return StoredRelease(row.stored.key, whole, row.stored.source)

    def releases_by_key(self, keys: Iterable[int]) -> dict[int, StoredRelease]:
        """Return releases, without text."""
        return {key: row.stored for key, row in self._release_rows(keys).items()}

    def related_releases(self, keys: Iterable[int]) -> dict[int, RelatedReleases]:
        """Return the related releases of releases; those without any are left out."""
        wanted = list(keys)
        own = self._release_rows(wanted).values()
        parts = {
            "cluster": sorted({row.cluster for row in own if row.cluster}),
            "replaced_by": sorted(wanted),
            "release": sorted({row.replaced_by for row in own if row.replaced_by} | {*wanted}),
        }
        if not wanted:
            return {}
        condition = " or ".join(f"{field} in {literal(v)}" for field, v in parts.items() if v)
        rows = self._connection.query(
            self._names.facts, f"({condition}) and {self._visible}",
            ("release", "cluster", "replaced_by", "release_id"),
        )  # fmt: skip
        found = [
            (row["release"], row["cluster"] or None, row["replaced_by"] or None, row["release_id"])
            for row in rows
        ]
        return related_among(found, wanted)

    def document_pages(self, keys: Iterable[int]) -> dict[int, DocumentPages]:
        """Return the pages of releases; those without any are left out."""
        rows = self._release_rows(keys)
        return {key: row.pages for key, row in rows.items() if row.pages.starts}

    def releases_with_duplicates(self, keys: Iterable[int]) -> set[int]:
        """Return those of some releases whose cluster has other releases."""
        clusters = self.duplicate_clusters(keys)
        members: dict[int, int] = {}
        for row in self._connection.query_in(
            self._names.facts, "cluster", clusters.values(), ("cluster",), self._visible
        ):
            members[row["cluster"]] = members.get(row["cluster"], 0) + 1
        return {key for key, cluster in clusters.items() if members.get(cluster, 0) > 1}

    def duplicates(self, key: int, limit: int) -> dict[int, str]:
        """Return the ids of the other releases of a release's cluster, the first `limit`."""
        cluster = self.duplicate_clusters([key]).get(key)
        if cluster is None:
            return {}
        rows = self._connection.query(
            self._names.facts, f"cluster == {cluster} and {self._visible}",
            ("release", "release_id"),
        )  # fmt: skip
        others = sorted((row["release"], row["release_id"]) for row in rows)
        return dict([other for other in others if other[0] != key][:limit])

    def passage_texts(self, releases: Iterable[int]) -> dict[int, list[str]]:
        """Return the texts of all passages of releases, in order, by the release."""
        found: dict[int, list[tuple[int, str]]] = {}
        for row in self._connection.query_in(
            self._names.passages, "release", releases, ("release", "ordinal", "text"),
            self._visible, _RELEASES_AT_ONCE,
        ):  # fmt: skip
            found.setdefault(row["release"], []).append((row["ordinal"], row["text"]))
        return {key: [text for _, text in sorted(rows)] for key, rows in found.items()}

    def passage_key(self, passage_id: str) -> int | None:
        """Return the row number of `RELEASE_ID#ORDINAL`; None when it is not there."""
        named = release_and_ordinal(passage_id)
        if named is None:
            return None
        release_id, ordinal = named
        condition = (
            f"release_id == {literal(release_id)} and ordinal == {ordinal} and {self._visible}"
        )
        rows = self._connection.query(self._names.passages, condition, ("key",))
        return max((int(row["key"]) for row in rows), default=None)

    def passages_of(
        self, releases: Iterable[int], fields: tuple[str, ...], also: Iterable[str]
    ) -> list[dict[str, Any]]:
        """Return fields of the passages of releases that meet further conditions."""
        condition = " and ".join([self._visible, *(f"({part})" for part in also)])
        return self._connection.query_in(
            self._names.passages, "release", releases, fields, condition, _RELEASES_AT_ONCE
        )

    def _release_rows(self, keys: Iterable[int]) -> dict[int, ReleaseRow]:
        return self._releases.get(keys, None, self._read_releases)

    def _read_rows(self, keys: list[int]) -> dict[int, PassageRow]:
        rows = self._connection.query_in(
            self._names.passages, "key", keys, PASSAGE_FIELDS, self._visible
        )
        return {row["key"]: passage_row(row) for row in rows}

    def _read_texts(self, text_keys: list[str]) -> dict[str, TextRow]:
        fields = ("id", "value", "number", "parts")
        rows = self._connection.query_in(self._names.facts, "id", map(text_row, text_keys), fields)
        later = [
            f"{row['id'].rpartition('/')[0]}/{part}"
            for row in rows
            for part in range(1, row["parts"])
        ]
        values = {
            row["id"]: row["value"]
            for row in self._connection.query_in(self._names.facts, "id", later, ("id", "value"))
        }
        found = {}
        for row in rows:
            name = row["id"].rpartition("/")[0]
            rest = (values.get(f"{name}/{part}", "") for part in range(1, row["parts"]))
            passage, _, sentences = "".join([row["value"], *rest]).partition(".")
            try:
                vectors = unpacked_text(passage), unpacked_text(sentences)
            except ValueError as error:
                raise EngineError(
                    f"a vector of {self._connection.address} is damaged; publish it again"
                ) from error
            found[name[1:]] = TextRow(row["number"], *vectors)
        return found

    def _read_leads(self, releases: list[int]) -> dict[int, int]:
        first: dict[int, tuple[int, int]] = {}
        for row in self.passages_of(
            releases, ("key", "release", "ordinal"), ['kind in ["body", "quote", "list"]']
        ):
            place = (row["ordinal"], row["key"])
            first[row["release"]] = min(place, first.get(row["release"], place))
        return {release: key for release, (_, key) in first.items()}

    def _read_releases(self, keys: list[int]) -> dict[int, ReleaseRow]:
        rows = self._connection.query_in(
            self._names.facts, "id", map(release_row, keys), _RELEASE_FIELDS, self._visible
        )
        return {row["release"]: _release_of(row) for row in rows}


def passage_row(row: dict[str, Any]) -> PassageRow:
    """Return the passage of a row of Milvus with `PASSAGE_FIELDS`."""
    passage = Passage(
        row["ordinal"], row["kind"], (row["start"], row["stop"]),
        unpack_spans(unpacked_text(row["sentences"])), row["speaker"] or None, row["role"] or None,
    )  # fmt: skip
    stored = StoredPassage(
        row["key"], row["release"], f"{row['release_id']}#{row['ordinal']}", passage, row["text"],
        row["title"], row["lang"] or None, row["date"] or None,
    )  # fmt: skip
    return PassageRow(stored, row["text_key"])


def _release_of(row: dict[str, Any]) -> ReleaseRow:
    facts = json.loads(row["value"])
    release = Release(
        row["release_id"], facts["title"], "", facts["date"], facts["issuer"], facts["lang"],
        facts["url"],
    )  # fmt: skip
    metadata = facts["metadata"]
    return ReleaseRow(
        StoredRelease(row["release"], release, facts["source"]),
        DocumentPages(page_starts(metadata), scan_confidence(metadata)),
        row["cluster"],
        row["replaced_by"],
        row["parts"],
    )
