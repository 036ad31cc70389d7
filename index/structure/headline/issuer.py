"""Finds who issued a release: in a field, in the letterhead, in what its text says of itself.

The surest first: "SOURCE X" at the end, a field such as "From: …", the name behind the place of a
dateline, the names in the letterhead, the ticker symbol or "About X", the subject of the lead.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.structure.headline import head_words as patterns
from index.structure.headline.choose_headline import fold_lines, is_sentence, recurs
from index.structure.headline.head_lines import HeadLine, has_date, name_strength, overlap
from index.structure.headline.place import DASH, MAX_DATELINE, opening_place
from index.types import Span

_LAST_LINES = 25
"""Lines from the end among which the issuer is named again: "SOURCE X", "About X"."""

_SOURCE = re.compile(r"\A\W*(?:SOURCE\b\s*:?|Source\s*:)\s*(?P<name>\S.*)\Z")
_ABOUT = re.compile(
    r"\A\W*(?:about|à propos d(?:e la|es|u|e l[’']|e|[’'])) ?(?:the )?(?P<name>\S.{1,80}?)\W*\Z",
    re.IGNORECASE,
)
_TICKER = re.compile(
    r"\A\W*(?:The )?(?P<name>[A-ZÀ-Þ][\w.,&’' -]{1,70}?),? \((?:[“\"][^)]*[”\"]\)? ?\(?)?"
    r"(?:NYSE|NASDAQ|Nasdaq|TSXV?|TSX-V|LSE|AIM|ASX|OTC\w*|CSE|Euronext|FRA|SIX|JSE|HKEX|SGX|"
    r"NYSE American|Cboe)\b"
)
_LEAD_SUBJECT = re.compile(
    r"(?:\A|[,.;]\s|[–—-]\s|“\s|”\s)(?:[Tt]he |[Aa]ujourd[’']hui,? )?(?P<name>[A-ZÀ-Þ][\w.’'&-]*"
    r"(?:,? (?:[A-ZÀ-Þ][\w.’'&-]*|of|for|and|the|de|du|des|la|et|[dl][’']\w+)){1,8}?)"
    r"(?: \([A-Z&]{2,10}\))? (?:today |aujourd[’']hui |has |have |a )?"
    r"(?:(?<=has )\w+ed|said|announced?|announces|launched|annonce|annoncé|issued|released|"
    r"published|reported|"
    r"confirmed|unveiled|opened|is pleased|is proud|is announcing|is launching|est fière?|"
    r"dévoile)\b"
)
"""The subject of the first sentence, when it says or announces something."""

_FROM_VALUE = re.compile(r"\s*(?:\n| and (?=The |Rt|Hon)|, and (?=The ))")
_AND_PERSON = re.compile(
    r" and (?:[A-ZÀ-Þ][\w.’'-]* ){1,4}(?:MP|MSP|MS|MLA|MPP|MEP|TD)\Z|,? and The (?:Rt )?Hon\b.*\Z"
)
"""The minister behind the department in a field that names both."""

_COPYRIGHT = re.compile(
    r"\A\W*(?:copyright|©|\(c\))[\s©]*(?:\d{4}(?:\s?[-–]\s?\d{4})?,? )?(?:by |the )?"
    r"(?P<name>[A-ZÀ-Þ](?:(?! all rights)[^.|]|\.(?=\w)|(?<=\bSt)\.|(?<=\bInc)\.)*)",
    re.IGNORECASE,
)
_LEGISLATOR = re.compile(
    r"\b(?P<title>Senator|Sen\.|Congressman|Congresswoman|Representative|Rep\.)s? "
    r"(?P<name>(?:[A-ZÀ-Þ][\w.’'-]* ){1,3}?[A-ZÀ-Þ][\w’'-]+)"
    r"(?= \([DRI]-|,? (?:today|and)\b|$)"
)
_GERMAN_ARTICLE = re.compile(r"\A(?:Die|Der|Das) (?=.+ (?:AG|GmbH|SE|KG|KGaA|eG|e\.V\.)\Z)")
_LEAD_VERB = re.compile(r"\W*(?:today|has|have|is|announced?|announces|said|will)\b")

_PRESS_SECTION = re.compile(
    r"(?<=\w) (?:news|newsroom|(?:news|media|press) (?:centre|center|room|office|service|team))\Z",
    re.IGNORECASE,
)
"""The section of an issuer's site or office, behind its name."""

_NAME_WITHIN = re.compile(
    r"\b(?P<name>[A-ZÀ-Þ][\w.’'&-]*(?: (?:of|for|and|the|de|du|des|la|et|&|"
    r"[A-ZÀ-Þ][\w.’'&-]*)){0,6}"
    r" [A-ZÀ-Þ][\w’'&-]+)"
)
_MAX_READ = 20_000
_SOURCE_BESIDE_DATE = re.compile(r"(?:\||·|•|\s)\s*Source\s*:\s*(?P<name>[^|]+)\Z")


def find_issuer(
    text: str, paragraphs: Sequence[Span], lines: Sequence[HeadLine], headline: Span | None
) -> str | None:
    """Return the name of the issuer as the release writes it, or None.

    Args:
        text: The text of the release.
        paragraphs: Its paragraphs.
        lines: The lines of its head.
        headline: The headline, if it has one.
    """
    named = [*_names_in_head(text, lines, headline)]
    strong = [name for name, strength in named if strength == "strong"]
    return (
        _source_at_end(text, paragraphs)
        or _issuer_in_field(text, lines)
        or _name_beside_date(text, lines)
        or _most_specific(strong)
        or _recurring_name(text, lines, named)
        or _issuer_in_text(text, paragraphs)
        or next(iter(strong), None)
        or _subject_of_lead(text, lines)
        or _name_at_end(text, paragraphs)
        or _legislator_of_lead(text, lines, headline)
        or _subject_of_both(text, lines, headline)
        or _first_line(lines, named)
    )


def _name_at_end(text: str, paragraphs: Sequence[Span]) -> str | None:
    """Return the issuer in the copyright line, the signature or the contact below the text.

    A signature or contact names the issuer when its name also stands in the text above.
    """
    last = paragraphs[len(paragraphs) // 2 :][-_LAST_LINES:]
    for span in last:
        words = text[slice(*span)]
        for part in words.split("\n"):
            rights = _COPYRIGHT.match(part) if len(part) <= MAX_DATELINE else None
            if rights is not None and name_strength(rights["name"]) is not None:
                return _name(rights["name"])
    for span in last:
        words = text[slice(*span)]
        if len(words) > 2 * MAX_DATELINE:
            continue
        body = fold_lines(text[: span[0]])
        for part in re.split(r"[\n,]\s*", words):
            name = _name(part)
            named = name is not None and name_strength(part) == "strong"
            if named and name and not patterns.PRESS_UNIT.match(name) and recurs(body, name):
                return name
    return None


def _lead(text: str, lines: Sequence[HeadLine]) -> str | None:
    """Return the first paragraph below the head without its dateline; None without one."""
    for line in lines:
        words = text[slice(*line.span)][: 4 * MAX_DATELINE]
        if line.kind == "prose" or is_sentence(words):
            opening = opening_place(words)
            return words[opening[1] if opening else 0 :].lstrip()
    return None


def _legislator_of_lead(text: str, lines: Sequence[HeadLine], headline: Span | None) -> str | None:
    """Return the legislator that the lead begins with and the headline names."""
    found = _LEGISLATOR.search((_lead(text, lines) or "")[:MAX_DATELINE])
    if found is None or headline is None:
        return None
    family = found["name"].split()[-1].casefold()
    if family not in text[slice(*headline)].casefold():
        return None
    title = {"Sen.": "Senator", "Rep.": "Representative"}.get(found["title"], found["title"])
    return f"{title} {found['name']}"


def _subject_of_both(text: str, lines: Sequence[HeadLine], headline: Span | None) -> str | None:
    """Return the one word with which headline and lead begin, before a verb of the lead."""
    lead = _lead(text, lines)
    if headline is None or not lead:
        return None
    first = lead.split()[0]
    own = text[slice(*headline)].split(maxsplit=1)[0]
    begins = own == first and first.isalpha() and first[0].isupper()
    return first if begins and _LEAD_VERB.match(lead[len(first) :]) else None


def _first_line(lines: Sequence[HeadLine], named: Sequence[tuple[str, str]]) -> str | None:
    """Return the first line when it may be a name, for want of anything else."""
    for name, _ in named[:1]:
        if " " in name and "," not in name and lines[0].kind == "text":
            return name
    return None


def most_named(text: str) -> str | None:
    """Return the office or company that a text names most often, at least twice; None without."""
    start = text[:_MAX_READ]
    names = Counter(
        found["name"].removeprefix("The ")
        for found in _NAME_WITHIN.finditer(start)
        if name_strength(found["name"]) == "strong"
        and not patterns.NAME_OF_OFFICE_HOLDER.match(found["name"])
    )
    best = max(names, key=lambda name: names[name], default=None)
    return best if best is not None and names[best] > 1 else None


def _source_at_end(text: str, paragraphs: Sequence[Span]) -> str | None:
    for span in reversed(paragraphs[-_LAST_LINES:]):
        words = text[slice(*span)]
        source = _SOURCE.match(words) if len(words) <= MAX_DATELINE else None
        if source is not None and "SOURCE" in words:
            return _name(source["name"])
    return None


def _issuer_in_field(text: str, lines: Sequence[HeadLine]) -> str | None:
    for line in lines:
        if line.kind == "field" and line.field == "issuer" and line.value is not None:
            name = _field_name(text[slice(*line.value)])
            if name is not None:
                return name
    return None


def _most_specific(names: Sequence[str]) -> str | None:
    """Return the first name that is neither a press office nor the state above the issuer."""
    own = [name for name in names if not patterns.PRESS_UNIT.match(name)]
    return next((name for name in own if not patterns.STATE.match(name)), next(iter(own), None))


def _recurring_name(
    text: str, lines: Sequence[HeadLine], named: Sequence[tuple[str, str]]
) -> str | None:
    """Return the first line that may be a name and stands within the text below as one."""
    body = fold_lines(text)
    labelled = _names_beside_labels(text, lines)
    for name, strength in named:
        if strength == "weak" and (" " in name or name in labelled) and recurs(body, name):
            return name
    return None


def _names_beside_labels(text: str, lines: Sequence[HeadLine]) -> set[str]:
    """Return the lines right above or below a label."""
    return {
        " ".join(text[slice(*other.span)].split())
        for above, below in pairwise(lines)
        for label, other in ((above, below), (below, above))
        if label.kind == "label" and other.kind == "text"
    }


def _issuer_in_text(text: str, paragraphs: Sequence[Span]) -> str | None:
    """Return the issuer that the first sentence, or what stands below the release, names."""
    for span in paragraphs[:_LAST_LINES]:
        words = text[slice(*span)]
        opening = opening_place(words)
        ticker = _TICKER.match(words[opening[1] if opening else 0 :])
        if ticker is not None:
            return _name(ticker["name"])
    for span in paragraphs[-_LAST_LINES:]:
        words = text[slice(*span)]
        about = _ABOUT.match(words) if len(words) <= MAX_DATELINE // 2 else None
        if about is not None and name_strength(about["name"]) is not None:
            return _name(about["name"])
    return None


def _subject_of_lead(text: str, lines: Sequence[HeadLine]) -> str | None:
    """Return the issuer that the first sentence names as who says or announces something."""
    for line in lines:
        words = text[slice(*line.span)][: 4 * MAX_DATELINE]
        if line.kind != "prose" and not is_sentence(words):
            continue
        opening = opening_place(words)
        for subject in _LEAD_SUBJECT.finditer(words, opening[1] if opening else 0):
            if name_strength(subject["name"]) == "strong":
                return _name(subject["name"])
        return None
    return None


def _name(words: str) -> str | None:
    name = _PRESS_SECTION.sub("", " ".join(words.split()).strip(" ,;:|–—-*"))
    name = _GERMAN_ARTICLE.sub("", name)
    if not name or patterns.PORTAL.search(name) or len(name) > MAX_DATELINE:
        return None
    return name


def _field_name(value: str) -> str | None:
    """Return the issuer in the value of a field; None when it names the part that sends mail."""
    name = _name(_FROM_VALUE.split(value)[0] if "\n" in value else _AND_PERSON.sub("", value))
    if name is None or patterns.PRESS_UNIT.match(name) or not name[0].isupper():
        return None
    return name


def _name_beside_date(text: str, lines: Sequence[HeadLine]) -> str | None:
    """Return the issuer in "Source: X" beside a date, or behind the place of a dateline."""
    for line in lines:
        words = text[slice(*line.span)]
        source = _SOURCE_BESIDE_DATE.search(words)
        if source is not None and has_date(words):
            return _name(source["name"])
        if line.kind != "prose" and not has_date(words):
            continue
        parts = DASH.split(words[:MAX_DATELINE])
        if len(parts) > 2 and has_date(words[: len(parts[0]) + len(parts[1]) + 6]):  # noqa: PLR2004
            third = parts[2].strip()
            if name_strength(third) is not None and len(third.split()) > 1:
                return _name(third)
    return None


def _names_in_head(
    text: str, lines: Sequence[HeadLine], headline: Span | None
) -> Iterator[tuple[str, str]]:
    """Yield the names of the letterhead with their strength, in order."""
    for line in lines:
        if line.kind in {"label", "date"} and line.value is not None:
            words = text[slice(*line.value)]
        elif line.kind in {"name", "text"}:
            words = text[slice(*line.span)]
        else:
            continue
        span = line.value or line.span
        if headline is not None and overlap(span, headline):
            continue
        strength = name_strength(words)
        name = _name(words)
        if strength is not None and name is not None:
            yield name, "weak" if patterns.PRESS_UNIT.match(words) else strength
