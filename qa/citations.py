"""Citations: one line that names a passage and that the collection can check.

    “Canada and Korea mark 60 years”, Global Affairs Canada, 2023-04-17
    [releaseqa korea-visit#3 319-1061 sha256:1f2e3d4c5b6a]

The bracket has the release, the passage, the span in the stored text, and a hash of the text there.
Characters of the release's id that do not fit on a line are percent-encoded. The part before the
bracket is for people. It is compared too, so that no character of a citation can be changed
unnoticed.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from index.errors import ReleaseNotFoundError
from index.store.reader import Store
from index.types import Passage, Release, Span
from qa.types import RankedPassage

_DIGITS = 12
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Categories of characters that cannot be seen or that break a line."""
_MARK = "[releaseqa "
_LOCATOR = re.compile(
    r"(?P<id>.+)#(?P<ordinal>\d+) (?P<start>\d+)-(?P<end>\d+) "
    r"sha256:(?P<hash>[0-9a-f]{12})\]\Z"
)
_UNFIT = re.compile(r"(?<=\s)\s|[^\S ]|^ | $|%(?=[0-9A-Fa-f]{2})|\[(?=releaseqa )")
_WRAPPED = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Locator:
    """The place that a citation names; `span` is into the stored text of the release."""

    release_id: str
    ordinal: int
    span: Span
    digest: str


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """The result of checking a citation.

    Attributes:
        ok: Whether the cited text is at the cited place, unchanged.
        detail: The result in words.
        release_id, passage_id: The cited passage, as far as it can be read.
        text: The text at the cited place now, or None.
    """

    ok: bool
    detail: str
    release_id: str | None = None
    passage_id: str | None = None
    text: str | None = None


def digest(text: str) -> str:
    """Return the first twelve hexadecimal digits of the SHA-256 of `text` in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:_DIGITS]


def citation_of(release: Release, passage: Passage, text: str | None = None) -> str:
    """Return the citation of a passage, always on one line.

    Args:
        release: The release; its text is needed only without `text`.
        passage: The passage.
        text: The text of the passage.
    """
    start, end = passage.span
    words = release.text[start:end] if text is None else text
    place = f"{_name(release.release_id)}#{passage.ordinal}"
    bracket = f"[releaseqa {place} {start}-{end} sha256:{digest(words)}]"
    head = f"“{plain_line(release.title)}”" if release.title else "Untitled release"
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


_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+|!~])")
_BIBTEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_FENCES = re.compile("`+")
_UNFIT_KEY = re.compile(r"[^A-Za-z0-9.:+/-]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`\[\]]+")


def plain(passage: RankedPassage) -> str:
    """Return the citation as `releaseqa cite` checks it."""
    return passage.citation


def markdown(passage: RankedPassage) -> str:
    """Return the headline with a link, the issuer, the date, and the citation as code."""
    release = passage.release
    title = _MARKDOWN.sub(r"\\\1", plain_line(release.title) or "Untitled release")
    if release.url and _ADDRESS.fullmatch(release.url):
        address = release.url.replace("(", "%28").replace(")", "%29")
        title = f"[{title}]({address})"
    given = (part for part in (release.issuer, release.date) if part)
    facts = [_MARKDOWN.sub(r"\\\1", plain_line(part)) for part in given]
    fence = "`" * (1 + max(map(len, _FENCES.findall(passage.citation)), default=0))
    return f"{', '.join([title, *facts])} {fence}{passage.citation}{fence}"


def bibtex(passage: RankedPassage) -> str:
    """Return a BibTeX entry for the release, with the citation in its note."""
    release = passage.release
    key = _UNFIT_KEY.sub("-", passage.passage_id).strip("-") or "release"
    fields = {
        "title": f"{{{_escaped(release.title or 'Untitled release')}}}",
        "author": f"{{{_escaped(release.issuer)}}}" if release.issuer else "",
        "date": _escaped(release.date or ""),
        "howpublished": "Press release",
        "url": release.url if release.url and _ADDRESS.fullmatch(release.url) else "",
        "note": _escaped(passage.citation),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


STYLES: Mapping[str, Callable[[RankedPassage], str]] = {
    "plain": plain,
    "Markdown": markdown,
    "BibTeX": bibtex,
}
"""The styles that a citation can be copied in, by name."""


def _escaped(text: str) -> str:
    return "".join(_BIBTEX.get(character, character) for character in plain_line(text))


def check_citation(store: Store, citation: str) -> CitationCheck:
    """Check that the cited text is unchanged at the cited place of the release."""
    text = unwrapped(citation)
    locator = parse(text)
    if locator is None:
        return CitationCheck(ok=False, detail="not a releaseqa citation")
    passage_id = f"{locator.release_id}#{locator.ordinal}"
    try:
        stored = store.release(locator.release_id)
    except ReleaseNotFoundError:
        return CitationCheck(
            ok=False, detail=f"no release {locator.release_id!r} in the collection",
            release_id=locator.release_id, passage_id=passage_id,
        )  # fmt: skip
    start, end = locator.span
    words = stored.release.text[start:end]
    known = [
        p
        for p in store.passages_of(stored.key)
        if p.ordinal == locator.ordinal and p.span == locator.span
    ]
    if digest(words) != locator.digest:
        detail = "the words at the cited place have changed"
    elif not known:
        detail = "the release has no such passage"
    elif citation_of(stored.release, known[0]) != text:
        detail = "the cited words are unchanged, but the citation itself was edited"
    else:
        return CitationCheck(
            ok=True, detail="the cited words are unchanged",
            release_id=locator.release_id, passage_id=passage_id, text=words,
        )  # fmt: skip
    return CitationCheck(
        ok=False, detail=detail, release_id=locator.release_id, passage_id=passage_id,
        text=words or None,
    )  # fmt: skip
