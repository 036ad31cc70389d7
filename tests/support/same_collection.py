"""Everything two collections hold, row by row, to tell whether they are the same.

Row numbers, times and generations differ between collections that were made in other steps, so
rows are named by what they stand for, and the order of rows is compared in their place.
"""

from pathlib import Path
from typing import Any

from index.dedup.link import CLUSTERED_META
from index.store import artifacts
from index.store.reader import Store
from index.verify.verify import verify_collection

_COUNTERS = ("generation", "updated_at", CLUSTERED_META)
_TABLES = {
    "source": "SELECT s.path, s.label, s.size, s.mtime_ns, s.sha256, s.form FROM sources s",
    "release": (
        "SELECT r.release_id, s.path, r.title, r.text, r.date, r.issuer, r.lang, r.url, "
        "r.metadata, r.content_hash, r.date_source, r.date_guess, r.draft_hash "
        "FROM releases r LEFT JOIN sources s ON s.id = r.source_id ORDER BY r.id"
    ),
    "passage": (
        "SELECT r.release_id || '#' || p.ordinal, p.kind, p.speaker, p.start, p.stop, "
        "p.sentences, p.vector_key, p.role "
        "FROM passages p LEFT JOIN releases r ON r.id = p.release ORDER BY p.id"
    ),
    "vector": "SELECT v.vector_key, v.passage, v.sentences FROM vectors v",
    "family": (
        "SELECT r.release_id, f.signature, f.headline, f.marked, f.named_date, "
        "c.release_id, n.release_id FROM families f LEFT JOIN releases r ON r.id = f.release "
        "LEFT JOIN releases c ON c.id = f.family LEFT JOIN releases n ON n.id = f.replaced_by"
    ),
}
_ORDERED = ("release", "passage")


def content_of(folder: Path) -> dict[str, Any]:
    """Return everything that a collection holds, by the kind and the name of a row.

    What verifying it finds, the files of its folder that are left over, and what is to encode
    are part of it, so that only whole collections are the same.
    """
    found: dict[str, Any] = {}
    with Store(folder) as store:
        for kind, sql in _TABLES.items():
            rows = store.rows(sql)
            for name, *columns in rows:
                assert f"{kind} {name}" not in found
                found[f"{kind} {name}"] = columns
            if kind in _ORDERED:
                found[f"order of {kind}s"] = [row[0] for row in rows]
        for name, value in store.rows("SELECT name, value FROM meta"):
            if name not in _COUNTERS:
                found[f"meta {name}"] = value
        found["former releases"] = store.rows(
            "SELECT release_id, change, title, date, text, text_hash FROM former_releases "
            "ORDER BY release_id, id"
        )
        found["to encode"] = store.pending()
        current = {row[0] for row in store.rows("SELECT name FROM derived")}
        for kind in ("words", "vectors"):
            artifact = store.artifact(kind)
            found[f"artifact {kind}"] = artifact is not None and artifact.identity
        found["strays"] = artifacts.stray_files(folder, current)
    found["findings"] = verify_collection(folder).findings
    found["files"] = sorted(path.name for path in folder.iterdir())
    return found


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return the names of what two contents do not have in common, with the values."""
    return [
        f"{name}: {str(one.get(name))[:200]} and {str(other.get(name))[:200]}"
        for name in {**one, **other}
        if (name in one) != (name in other) or one.get(name) != other.get(name)
    ]
