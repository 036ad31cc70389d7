"""`releaseqa status` and `releaseqa doctor`: how things stand."""

import os
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

from index.errors import CollectionNotFoundError
from index.reports import Status
from qa.cli.context import Context
from qa.cli.errors import FAILED, FINE
from qa.cli.options import Json
from qa.display import clean_line

if TYPE_CHECKING:
    from pathlib import Path

    from qa.cli.doctor import CheckResult

_UNIT = 1024
_SIGNS = {"fine": "ok   ", "note": "note ", "wrong": "WRONG"}


def status(session: Context, *, json: Json = False) -> int:
    """Show the state of the collection: counts, sizes, model and what is still to encode."""
    from index.search.searcher import Searcher

    with closing(Searcher(session.folder())) as searcher:
        found = searcher.status()
    if json:
        session.write_json({**asdict(found), "languages": dict(found.languages)})
        return FINE
    for name, value in _status_rows(found):
        session.write(f"{name:<12} {clean_line(value)}\n")
    for note in found.notes:
        session.warn(note)
    return FINE


def doctor(session: Context, *, json: Json = False) -> int:
    """Check the environment: libraries, model, threads, terminal and folders.

    Reports what is wrong and how to fix it. The exit code is 1 if anything is wrong.
    """
    from qa.cli.doctor import examine

    folder: Path | None = None
    with suppress(CollectionNotFoundError):
        folder = session.folder()
    findings = list(examine(os.environ, folder))
    loaded = session.load_settings(folder)
    if json:
        session.write_json(
            {
                "findings": [asdict(finding) for finding in findings],
                "settings": asdict(loaded.settings),
                "origins": dict(loaded.origins),
                "notes": list(loaded.notes),
            }
        )
    else:
        for finding in findings:
            session.write(_finding_lines(finding))
        for name, value in asdict(loaded.settings).items():
            origin = loaded.origins.get(name, "default")
            session.write(clean_line(f"      setting {name}: {value} ({origin})") + "\n")
        for note in loaded.notes:
            session.say(note)
    return FAILED if any(finding.verdict == "wrong" for finding in findings) else FINE


def _finding_lines(finding: "CheckResult") -> str:
    line = clean_line(f"{finding.name}: {finding.detail}")
    remedy = f"\n      -> {clean_line(finding.remedy)}" if finding.remedy else ""
    return f"{_SIGNS[finding.verdict]} {line}{remedy}\n"


def _status_rows(found: Status) -> Iterator[tuple[str, str]]:
    dates = f", {found.first_date} to {found.last_date}" if found.dated else ""
    languages = ", ".join(f"{code or 'unknown'} {count:,}" for code, count in found.languages)
    yield "folder", found.folder
    yield "releases", f"{found.releases:,} ({found.dated:,} dated{dates})"
    yield "issuers", f"{found.issuers:,}"
    yield "languages", languages or "none"
    yield "passages", f"{found.passages:,}"
    yield "to encode", f"{found.to_encode:,}" if found.to_encode else "nothing"
    yield "model", found.model or "none yet"
    yield "size", f"{_bytes(found.store_bytes)} store, {_bytes(found.derived_bytes)} derived"
    yield "updated", found.updated_at or "never"


def _bytes(count: int) -> str:
    size = float(count)
    for unit in ("B", "KB", "MB"):
        if size < _UNIT:
            return f"{size:.0f} {unit}"
        size /= _UNIT
    return f"{size:.1f} GB"


COMMANDS = (
    ("status", status, ("releaseqa status", "releaseqa status --index archive/.releaseqa --json")),
    ("doctor", doctor, ("releaseqa doctor", "releaseqa doctor --json")),
)
