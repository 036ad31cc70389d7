"""Findings for other programs: JSON and CSV."""

from collections.abc import Iterable, Iterator
from typing import Any

from qa.answer_json import DIGITS, release_to_json
from qa.export.csv import SEPARATOR, csv_table, release_cells
from qa.finding.counts import FindingCounts
from qa.finding.types import FoundPassage

COLUMNS = (
    *("date", "issuer", "title", "speaker", "kind", "passage", "match"),
    *("release_id", "passage_id", "source", "url", "citation", "also_in"),
)


def passage_to_json(found: FoundPassage) -> dict[str, Any]:
    """Return a found passage as a JSON object, keys in their fixed order.

    `pages` is there only if the document has pages, and
    `scan_confidence` only if it is a scan.
    """
    match = found.match
    value: dict[str, Any] = {
        "release": release_to_json(found.release),
        "passage_id": found.passage_id,
        "ordinal": match.ordinal,
        "kind": match.kind,
        "speaker": match.speaker,
        "span": list(found.span),
        "text": found.text,
        "match": match.by,
        "scores": {"lexical": _rounded(match.lexical), "dense": _rounded(match.dense)},
        "highlights": [{"span": list(span), "kind": "term"} for span in found.highlights],
        "also_in": list(match.also_in),
        "citation": found.citation,
    }
    if found.pages is not None:
        value["pages"] = list(found.pages)
    if found.scan_confidence is not None:
        value["scan_confidence"] = found.scan_confidence
    return value


def counts_to_json(counts: FindingCounts) -> dict[str, Any]:
    """Return counts as a JSON object, keys in their fixed order."""
    return {
        "passages": counts.passages,
        "releases": counts.releases,
        "by_words": counts.by_words,
        "by_meaning": counts.by_meaning,
        "from": counts.first,
        "to": counts.last,
        "undated": {"passages": counts.undated_passages, "releases": counts.undated_releases},
        f"by_{counts.period}": {str(row.name): row.passages for row in counts.periods},
        "by_issuer": [{"issuer": row.name, "passages": row.passages} for row in counts.issuers],
        "by_speaker": [{"speaker": row.name, "passages": row.passages} for row in counts.speakers],
    }


def csv_rows(passages: Iterable[FoundPassage]) -> Iterator[str]:
    """Return the header, then each passage as one row."""
    return csv_table(
        COLUMNS,
        (
            release_cells(found.release)
            | {
                "speaker": found.match.speaker,
                "kind": found.match.kind,
                "passage": found.text,
                "match": found.match.by,
                "passage_id": found.passage_id,
                "citation": found.citation,
                "also_in": SEPARATOR.join(found.match.also_in),
            }
            for found in passages
        ),
    )


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, DIGITS)
