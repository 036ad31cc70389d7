"""Corrections and updates: how a release says that it replaces an earlier one.

By a word before or after its headline ("CORRECTION:", "(Updated)"), a line of its own at its head,
or a sentence ("This release replaces the release of March 3"). Pure.
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
"""Characters at the start in which a line that says so stands."""
_ENDS = 1_500
"""Characters at the start and at the end in which a sentence that says so stands."""
_NEAR = 150
"""Characters after it in which it names the date of what it replaces."""


def edition(text: str, title: str) -> Edition:
    """Return what a release says of its place among others."""
    bare = _AFTER.sub("", _BEFORE.sub("", title.strip()))
    said = _SENTENCE.search(text[:_ENDS]) or _SENTENCE.search(text[-_ENDS:])
    marked = bare != title.strip() or said is not None or _LINE.search(text[:_HEAD]) is not None
    named = None
    if said is not None:
        after = said.string[said.end() : said.end() + _NEAR]
        found = find_date(after)
        named = found.iso if found else None
    words = re.findall(r"[^\W_]+", bare.casefold())
    return Edition(" ".join(words), marked, named)


@dataclass(frozen=True, slots=True)
class Version:
    """A release among those that it may replace or be replaced by.

    Attributes:
        key: Row number in the store.
        family: Row number of the first release of its family.
        date, issuer: As stored, or None.
        signature: Equal when the words are.
        edition: What it says of itself.
    """

    key: int
    family: int
    date: str | None
    issuer: str | None
    signature: bytes
    edition: Edition

    @property
    def day(self) -> str:
        """The date without a time; empty when there is none."""
        return (self.date or "")[:10]


def replaced_by(releases: Iterable[Version]) -> dict[int, int]:
    """Return, for the releases that another one replaces, which: the next newer one.

    Within a family a marked release replaces those that are not, and later copies under the same
    headline replace earlier ones whose words differ. A marked release also replaces one of
    another wording under the same headline, or of the day that it names: a mere notice.
    """
    families: dict[int, list[Version]] = {}
    headlines: dict[str, list[Version]] = {}
    everything = list(releases)
    for release in everything:
        families.setdefault(release.family, []).append(release)
        headlines.setdefault(release.edition.headline, []).append(release)
    found: dict[int, Version] = {}
    for members in families.values():
        for older in members:
            newer = [other for other in members if _replaces(other, older)]
            if newer:
                found[older.key] = min(newer, key=lambda r: (r.day or "9999", r.key))
    replacing = {release.key for release in found.values()}
    for notice in everything:
        if notice.edition.marked and notice.key not in replacing and notice.edition.headline:
            alike = headlines[notice.edition.headline]
            earlier = [other for other in alike if _announces(notice, other)]
            if earlier:
                last = max(
                    earlier, key=lambda r: (r.day == notice.edition.named_date, r.day, -r.key)
                )
                found.setdefault(last.key, notice)
    return {key: release.key for key, release in found.items()}


def _replaces(newer: Version, older: Version) -> bool:
    """Whether one of two members of a family replaces the other."""
    if newer is older or newer.signature == older.signature:
        return False
    later = bool(newer.day and older.day and newer.day > older.day)
    earlier = bool(newer.day and older.day and newer.day < older.day)
    if newer.edition.marked:
        return later or (not older.edition.marked and not earlier)
    same = newer.edition.headline == older.edition.headline != ""
    return later and same and not older.edition.marked


def _announces(notice: Version, older: Version) -> bool:
    """Whether a release of other words is the correction of one with the same headline."""
    issuers = {notice.issuer, older.issuer} - {None}
    known = bool(notice.day and older.day)
    return (
        not older.edition.marked
        and older.family != notice.family
        and len(issuers) < 2  # noqa: PLR2004
        and (not known or (notice.day >= older.day and _near(notice.day, older.day)))
    )


def _near(one: str, other: str) -> bool:
    """Whether two ISO dates are of one month, or of neighbouring ones."""
    months = [int(day[:4]) * 12 + int(day[5:7]) for day in (one, other)]
    return abs(months[0] - months[1]) <= 1
