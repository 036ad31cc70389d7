"""Citations: one line that names a passage and that the collection can check.

    “Canada and Korea mark 60 years”, Global Affairs Canada, 2023-04-17
    [releaseqa korea-visit#3 319-1061 sha256:dvyazcdkvbo2pgm3guuk5sbpfi]

The bracket has the release, the passage, the span in the stored text, and a digest of these and of
the text there. Characters of the release's id that do not fit on a line are percent-encoded. The
part before the bracket is for people. It is compared too, so that no character of a citation can be
changed unnoticed.

The digest has 130 bits. Citations of version 0.1 had 48 bits of a hash of the text alone, which is
so short that two wordings with the same one can be found. They are still checked, and called weak.
"""

import base64
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from index.errors import ReleaseNotFoundError
from index.store.reader import Store
from index.text.dates import SHORT_MONTHS
from index.types import Passage, Release, Span, StoredRelease
from qa.types import RankedPassage, ReleaseRef

_DIGITS = 26
"""Characters of a digest, five bits each."""
_OLD_DIGITS = 12
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Categories of characters that cannot be seen or that break a line."""
_MARK = "[releaseqa "
_LOCATOR = re.compile(
    r"(?P<id>.+)#(?P<ordinal>\d+) (?P<start>\d+)-(?P<end>\d+) "
    r"sha256:(?P<hash>[a-z2-7]{26}|[0-9a-f]{12})\]\Z"
)
_DIGEST = re.compile(r"#\d+ \d+-\d+ sha256:(?P<digest>\w*)\]\Z")
_UNFIT = re.compile(r"(?<=\s)\s|[^\S ]|^ | $|%(?=[0-9A-Fa-f]{2})|\[(?=releaseqa )")
_WRAPPED = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Locator:
    """The place that a citation names; `span` is into the stored text of the release."""

    release_id: str
    ordinal: int
    span: Span
    digest: str

    @property
    def weak(self) -> bool:
        """Whether the digest is an old, short one, for which other words can be found."""
        return len(self.digest) == _OLD_DIGITS


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """The result of checking a citation.

    Attributes:
        ok: Whether the cited text is at the cited place, unchanged.
        detail: The result in words.
        release_id, passage_id: The cited passage, as far as it can be read.
        text: The text at the cited place now, or None.
        weak: Whether the citation is of the old form, whose digest is too short to be sure.
    """

    ok: bool
    detail: str
    release_id: str | None = None
    passage_id: str | None = None
    text: str | None = None
    weak: bool = False


def digest(release_id: str, ordinal: int, span: Span, text: str) -> str:
    """Return a digest of a passage: 130 bits of SHA-256 as 26 characters of Base32 (`a-z2-7`).

    What is hashed is JSON, so that no part can be taken for the end of the one before it.

    Args:
        release_id: The id of the release.
        ordinal: The number of the passage.
        span: Its place in the release's text.
        text: The text there.
    """
    cited = json.dumps([release_id, ordinal, *span, text]).encode("ascii")
    return base64.b32encode(hashlib.sha256(cited).digest()).decode("ascii").lower()[:_DIGITS]


def _old_digest(text: str) -> str:
    """Return the digest that version 0.1 put into citations."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:_OLD_DIGITS]


def citation_of(release: Release, passage: Passage, text: str | None = None) -> str:
    """Return the citation of a passage, always on one line.

    Args:
        release: The release; its text is needed only without `text`.
        passage: The passage.
        text: The text of the passage.
    """
    words = release.text[slice(*passage.span)] if text is None else text
    return _citation(
        release, passage, digest(release.release_id, passage.ordinal, passage.span, words)
    )


def _citation(release: Release, passage: Passage, found: str) -> str:
    """Return the citation of a passage with the digest `found`."""
    start, end = passage.span
    place = f"{_name(release.release_id)}#{passage.ordinal}"
    bracket = f"[releaseqa {place} {start}-{end} sha256:{found}]"
    head = f"“{plain_line(release.title)}”" if release.title else UNTITLED
    facts = [head, *(plain_line(part) for part in (release.issuer, release.date) if part)]
    return f"{', '.join(facts)} {bracket}"


def parse(text: str) -> Locator | None:
    """Return the place that a citation names, or None if `text` is not a citation."""
    found = _LOCATOR.fullmatch(text.rpartition(_MARK)[2]) if _MARK in text else None
    if found is None:
        return None
    try:
        span = (int(found["start"]), int(found["end"]))
        return Locator(unquote(found["id"]), int(found["ordinal"]), span, found["hash"])
    except ValueError:  # more digits than Python converts
        return None


def _not_a_citation(text: str) -> CitationCheck:
    """Return the result of checking what `parse` does not read."""
    detail = "not a releaseqa citation"
    found = _DIGEST.search(text) if _MARK in text else None
    if found is not None and len(found["digest"]) not in {_DIGITS, _OLD_DIGITS}:
        detail += f": its digest has {len(found['digest'])} characters instead of {_DIGITS}"
    return CitationCheck(ok=False, detail=detail)


def unwrapped(text: str) -> str:
    """Return a citation on one line, if a terminal has wrapped it."""
    return _WRAPPED.sub(" ", text.strip())


def _name(release_id: str) -> str:
    """Return an id for the bracket; characters that do not fit on a line are percent-encoded."""
    escaped = _UNFIT.sub(lambda found: quote(found[0], safe=""), release_id)
    return "".join(quote(c) if unicodedata.category(c) in _UNSEEN else c for c in escaped)


def plain_line(text: str) -> str:
    """Return text on one line with single spaces, without characters that cannot be seen."""
    shown = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in text)
    return " ".join(shown.split())


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A passage to cite, or a release, whose citation is then empty.

    Attributes:
        release: The release.
        passage_id: The id of the passage, or of the release.
        citation: As `citation_of` returns it.
    """

    release: ReleaseRef
    passage_id: str
    citation: str


Citable = RankedPassage | CitedPassage

UNTITLED = "Untitled release"
_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d\d))?)?", re.ASCII)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+|!~])")
_BIBTEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_FENCES = re.compile("`+")
_UNFIT_KEY = re.compile(r"[^A-Za-z0-9.:+/-]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`\[\]]+")


def plain(passage: Citable) -> str:
    """Return the citation as `releaseqa cite` checks it."""
    return passage.citation


def markdown(passage: Citable) -> str:
    """Return the headline with a link, the issuer, the date, and the citation as code."""
    release = passage.release
    title = _MARKDOWN.sub(r"\\\1", plain_line(release.title) or UNTITLED)
    if release.url and _ADDRESS.fullmatch(release.url):
        address = release.url.replace("(", "%28").replace(")", "%29")
        title = f"[{title}]({address})"
    given = (part for part in (release.issuer, release.date) if part)
    facts = [_MARKDOWN.sub(r"\\\1", plain_line(part)) for part in given]
    fence = "`" * (1 + max(map(len, _FENCES.findall(passage.citation)), default=0))
    return f"{', '.join([title, *facts])} {fence}{passage.citation}{fence}"


def bibtex(cited: Citable) -> str:
    """Return a BibTeX entry for the release, with the citation in its note.

    Both `date`, which biblatex reads, and the `year` and `month` of older styles are given.
    """
    release = cited.release
    key = _UNFIT_KEY.sub("-", cited.passage_id).strip("-") or "release"
    year, month, _ = _date_parts(release.date)
    fields = {
        "title": f"{{{_escaped(release.title or UNTITLED)}}}",
        "author": f"{{{_escaped(release.issuer)}}}" if release.issuer else "",
        "date": _escaped(release.date or ""),
        "year": year,
        "howpublished": "Press release",
        "url": _address(release),
        "note": _escaped(cited.citation),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if month:
        lines.append(f"  month = {SHORT_MONTHS[int(month) - 1].lower()},")
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def ris(cited: Citable) -> str:
    """Return a RIS record for the release, with the citation in its notes.

    RIS has no type for press releases. They are reports of the type "Press release", as reference
    managers store them. A field is one line; asterisks are not allowed in the name of an author.
    """
    release = cited.release
    year, month, day = _date_parts(release.date)
    issuer = plain_line(release.issuer or "")
    fields = [
        ("TY", "RPRT"),
        ("AU", plain_line(issuer.replace("*", " "))),
        ("TI", plain_line(release.title) or UNTITLED),
        ("M3", "Press release"),
        ("PB", issuer),
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/" if year else ""),
        ("UR", _address(release)),
        ("N1", plain_line(cited.citation)),
    ]
    lines = [f"{tag}  - {value}" for tag, value in fields if value]
    return "\n".join([*lines, "ER  - "])


STYLES: Mapping[str, Callable[[Citable], str]] = {
    "plain": plain,
    "Markdown": markdown,
    "BibTeX": bibtex,
    "RIS": ris,
}
"""The styles that a citation can be copied in, by name."""


def _address(release: ReleaseRef) -> str:
    """Return the address of a release on the web; empty if it has none."""
    return release.url if release.url and _ADDRESS.fullmatch(release.url) else ""


def _date_parts(date: str | None) -> tuple[str, str, str]:
    """Return the year, the month and the day of an ISO date; empty where it has none."""
    found = _DATE.match(date or "")
    return (found["year"], found["month"] or "", found["day"] or "") if found else ("", "", "")


def _escaped(text: str) -> str:
    return "".join(_BIBTEX.get(character, character) for character in plain_line(text))


def check_citation(store: Store, citation: str) -> CitationCheck:
    """Check that the cited text is unchanged at the cited place of the release."""
    locator = parse(unwrapped(citation))
    if locator is None:
        return _not_a_citation(unwrapped(citation))
    try:
        stored = store.release(locator.release_id)
    except ReleaseNotFoundError:
        return CitationCheck(
            ok=False, detail=f"no release {locator.release_id!r} in the collection",
            release_id=locator.release_id, passage_id=_passage_id(locator), weak=locator.weak,
        )  # fmt: skip
    return check_against(stored, store.passages_of(stored.key), citation)


def check_against(
    stored: StoredRelease, passages: Sequence[Passage], citation: str
) -> CitationCheck:
    """Check a citation against the release that it names and the passages of that release."""
    text = unwrapped(citation)
    locator = parse(text)
    if locator is None:
        return _not_a_citation(text)
    words = stored.release.text[slice(*locator.span)]
    place = (locator.ordinal, locator.span)
    known = next((p for p in passages if place == (p.ordinal, p.span)), None)
    found = _old_digest(words) if locator.weak else digest(locator.release_id, *place, words)
    ok = False
    if found != locator.digest:
        detail = "the words at the cited place have changed, or the citation was edited"
    elif known is None:
        detail = "the release has no such passage"
    elif _citation(stored.release, known, found) != text:
        detail = "the cited words are unchanged, but the citation itself was edited"
    else:
        ok = True
        detail = (
            "unchanged as far as an old, short citation can tell"
            if locator.weak
            else "the cited words are unchanged"
        )
    return CitationCheck(
        ok=ok, detail=detail, release_id=locator.release_id, passage_id=_passage_id(locator),
        text=words or None, weak=locator.weak,
    )  # fmt: skip


def _passage_id(locator: Locator) -> str:
    return f"{locator.release_id}#{locator.ordinal}"
