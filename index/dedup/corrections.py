"""Detect corrections and updates, and which release each of them replaces.

A release says that it replaces an earlier one by a word before or after its headline
("CORRECTION:", "(Updated)"), by a line of its own near the start, or by a sentence ("This release
replaces the release of March 3"). Pure functions.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.text.dates import find_date
from index.types import Edition

_WORD = (
    r"(?:c\s?o\s?r\s?r\s?e\s?c\s?t\s?i\s?o\s?n|corrected|correcting\s+and\s+replacing|"
    r"corrects?\s+and\s+replaces?|updated?|revised|revision|amended|erratum|errata|rectificatif|"
    r"rectification|corrigée?|mise\s+à\s+jour|mis\s+à\s+jour|révisée?)"
    r"(?:\s+(?:(?:news|press|media)\s+)?(?:release|version|advisory|statement|communiqué))?"
)
_BEFORE = re.compile(
    rf"^[^\w]*(?:{_WORD})(?:\s*[:/|*\])]+|\s+[–—-]+|\s*--+|[–—])[\s\W]*", re.IGNORECASE
)
_AFTER = re.compile(rf"\s*(?:[(\[*/|–—]|\s-)\s*(?:{_WORD})[\s)\]*/|]*$", re.IGNORECASE)
_LINE = re.compile(rf"^[^\w\n]*(?:{_WORD})[^\w\n]*$", re.IGNORECASE | re.MULTILINE)
_PAPER = r"(?:(?:news|press|media)\s+)?(?:release|version|statement|advisory)"
_SENTENCE = re.compile(
    rf"\b(?:replaces?|supersedes?|corrects(?:\s+and\s+replaces)?|is\s+a\s+correction\s+(?:of|to))\s+"
    rf"(?:the|our|an?|all)\s+(?:(?:earlier|previous|prior|original|first)\s+)*{_PAPER}\b|"
    rf"\bcorrecting\s+and\s+replacing\b|"
    r"\bremplace\s+(?:le|la|notre)\s+(?:communiqué|version|déclaration)\b",
    re.IGNORECASE,
)
_HEAD = 400
"""Characters at the start of the text in which such a line is looked for."""
_ENDS = 1_500
"""Characters at the start and at the end of the text in which such a sentence is looked for."""
_NEAR = 150
"""Characters after such a sentence in which the date of the replaced release is looked for."""


def find_edition(text: str, title: str) -> Edition:
    """Return what a release says about its relation to others."""
    headline = _AFTER.sub("", _BEFORE.sub("", title.strip()))
    sentence = _SENTENCE.search(text[:_ENDS]) or _SENTENCE.search(text[-_ENDS:])
    marked = (
        headline != title.strip() or sentence is not None or _LINE.search(text[:_HEAD]) is not None
    )
    named_date = None
    if sentence is not None:
        found = find_date(sentence.string[sentence.end() : sentence.end() + _NEAR])
        named_date = found.iso if found else None
    words = re.findall(r"[^\W_]+", headline.casefold())
    return Edition(" ".join(words), marked, named_date)


@dataclass(frozen=True, slots=True)
class ReleaseVersion:
    """A release that may replace another one or be replaced.

    Attributes:
        key: Row number in the store.
        cluster: Row number of the first release of its near-duplicate cluster.
        date, issuer: As stored, or None.
        signature: Equal for releases with the same words.
        edition: What it says about its relation to others.
    """

    key: int
    cluster: int
    date: str | None
    issuer: str | None
    signature: bytes
    edition: Edition

    @property
    def day(self) -> str:
        """The date without a time; empty when there is none."""
        return (self.date or "")[:10]


def find_replacements(releases: Iterable[ReleaseVersion]) -> dict[int, int]:
    """Return the releases that are replaced, each with the next newer one that replaces it.

    Within a cluster, a marked release replaces those that are not marked, and a later duplicate
    with the same headline replaces an earlier one whose words differ. A mere notice, marked and
    with other words, replaces a release with the same headline or of the date that it names.
    """
    clusters: dict[int, list[ReleaseVersion]] = {}
    headlines: dict[str, list[ReleaseVersion]] = {}
    everything = list(releases)
    for release in everything:
        clusters.setdefault(release.cluster, []).append(release)
        headlines.setdefault(release.edition.headline, []).append(release)
    replaced_by: dict[int, ReleaseVersion] = {}
    for members in clusters.values():
        for older in members:
            newer = [other for other in members if _replaces(other, older)]
            if newer:
                replaced_by[older.key] = min(newer, key=lambda r: (r.day or "9999", r.key))
    replacing = {release.key for release in replaced_by.values()}
    for notice in everything:
        edition = notice.edition
        if edition.marked and notice.key not in replacing and edition.headline:
            earlier = [other for other in headlines[edition.headline] if _announces(notice, other)]
            if earlier:
                last = max(earlier, key=lambda r: (r.day == edition.named_date, r.day, -r.key))
                replaced_by.setdefault(last.key, notice)
    return {key: release.key for key, release in replaced_by.items()}


def _replaces(newer: ReleaseVersion, older: ReleaseVersion) -> bool:
    """Return whether one member of a cluster replaces another."""
    if newer is older or newer.signature == older.signature:
        return False
    dated = bool(newer.day and older.day)
    later = dated and newer.day > older.day
    earlier = dated and newer.day < older.day
    if newer.edition.marked:
        return later or (not older.edition.marked and not earlier)
    same = newer.edition.headline == older.edition.headline != ""
    return later and same and not older.edition.marked


def _announces(notice: ReleaseVersion, older: ReleaseVersion) -> bool:
    """Return whether a marked release with other words corrects one with the same headline."""
    issuers = {notice.issuer, older.issuer} - {None}
    dated = bool(notice.day and older.day)
    return (
        not older.edition.marked
        and older.cluster != notice.cluster
        and len(issuers) < 2  # noqa: PLR2004
        and (not dated or (notice.day >= older.day and _near(notice.day, older.day)))
    )


def _near(one: str, other: str) -> bool:
    """Return whether two ISO dates are in the same month or in neighboring ones."""
    months = [int(day[:4]) * 12 + int(day[5:7]) for day in (one, other)]
    return abs(months[0] - months[1]) <= 1
