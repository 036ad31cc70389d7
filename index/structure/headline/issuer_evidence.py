"""Gathers the names that may be the issuer's, each with the place where it stands.

A release names its issuer at several of these places, and others at some of them: a partner in the
lead, a portal as the site. `index.structure.headline.issuer` weighs them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from index.structure.headline import head_words as patterns
from index.structure.headline.choose_headline import is_sentence
from index.structure.headline.head_lines import HeadLine
from index.structure.headline.issuer_names import clean_name
from index.structure.headline.line_words import has_date, name_strength
from index.structure.headline.place import DASH, MAX_DATELINE, opening_place
from index.text.stopwords import function_words
from index.types import Span, overlap

Place = Literal[
    "source",
    "field",
    "beside label",
    "letterhead",
    "line above",
    "line below",
    "dateline",
    "ticker",
    "about",
    "copyright",
    "signature",
    "contact",
    "subject",
    "opening",
    "reporter",
    "office holder",
    "first named",
    "often named",
    "parent",
    "publisher",
    "site",
    "sender",
    "author",
    "page header",
]
"""Where a name stands; `index.structure.headline.issuer.WEIGHTS` explains each."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that may be the issuer's, cleaned, and where it stands."""

    place: Place
    name: str


_JOINING = patterns.CONNECTORS - {
    "the",
    "la",
    "le",
    "les",
    "el",
    "los",
    "las",
    "l",
    "der",
    "den",
    "a",
    "e",
}
"""Words with which the second line of a name begins."""

_LAST_LINES = 25
"""Lines from the end among which the issuer is named again: "SOURCE X", "About X"."""

_MAX_LEAD = 600
_MAX_READ = 8_000
"""Characters from the start in which names are counted."""

_MIN_WORD = 3
_MANY = 4
"""Names counted in the text that are considered."""

_LIST_MARK = re.compile(r"[*•·▪-]\s")
_SOURCE = re.compile(
    r"\A\W*(?:SOURCE\b\s*:?|Source\s*:|(?i:issued by|released by|published by|on behalf of:|"
    r"original-content von:|this email was sent .{0,80}on behalf of:|émis par|diffusé par|"
    r"herausgeber:|verantwortlich:))\s*(?i:the )?(?P<name>\S.*)\Z"
)
_ABOUT = re.compile(
    r"\A\W*(?:about|à propos d(?:e la|es|u|e l[’']|e|[’'])|über(?: die| das| den)?|"
    r"(?:acerca|sobre)(?: de)?(?: la| el)?) ?(?:the )?(?P<name>\S.{1,80}?)\W*\Z",
    re.IGNORECASE,
)
_TICKER = re.compile(
    r"\A\W*(?:The )?(?P<name>[A-ZÀ-Þ][\w.,&’' -]{1,70}?),? \((?:[“\"][^)]{1,80}[”\"]\)? ?\(?)?"
    r"(?:NYSE|NASDAQ|Nasdaq|TSXV?|TSX-V|LSE|AIM|ASX|OTC\w*|CSE|Euronext|FRA|SIX|JSE|HKEX|SGX|"
    r"NYSE American|Cboe|ISIN)\b"
)
_WORDS_OF_NAME = (
    r"[A-ZÀ-Þ][\w.’'&-]{0,40}(?:,? (?:[A-ZÀ-Þ][\w.’'&-]{0,40}|of|for|and|the|de|du|des|del|la|"
    r"las|los|"
    r"et|y|für|und|der|&|[dl][’']\w{1,40})){1,10}?"
)
_VERB = (
    r"(?:said|announce[sd]?|annonce|annoncé|issued|released|published|reported|confirmed|unveiled|"
    r"opened|warned|found|launche[sd]|today|has|have|will|is pleased|is proud|is announcing|"
    r"is launching|are delighted|est fière?|dévoile|publie|lance|a annoncé|hat|gab|wird|"
    r"aujourd[’']hui|ha|invertirá|obtuvo|anunció|presenta)"
)
_SUBJECT = re.compile(
    rf"(?:\A|[,.;]\s|[–—-]\s|“\s|”\s)(?:[Tt]he |[Aa]ujourd[’']hui,? |L[ea] |El |La |D(?:ie|er|"
    rf"as) )?"
    rf"(?P<name>{_WORDS_OF_NAME})(?: \([A-Z&]{{2,10}}\))? (?:today |aujourd[’']hui |has |have |a )?"
    rf"{_VERB}\b"
)
"""The subject of the first sentence, when it says or does something."""

_OPENING = re.compile(
    r"(?:(?:The|An?|Today|On \w+day),? |L[ea]s? |L[’']|El |Los |Las |D(?:ie|er|as) |In [\w "
    r"]{1,20}, )?"
    r"(?P<name>[A-ZÀ-Þ][\w.’'&-]{0,40}(?: (?:[A-ZÀ-Þ][\w.’'&-]{0,40}|of|for|and|de|du|des|del|"
    r"&)){0,8})"
    r"(?: \([A-Z&]{2,10}\))?(?=,? (?:[a-zà-ÿ(]|\())"
)
"""The capitalized words with which the lead begins."""

_REPORTER = re.compile(
    rf"(?:, |\b(?:by|from|of) )(?:the )?(?P<name>{_WORDS_OF_NAME}|[A-Z]{{2,10}})"
    r"(?: \([A-Z&]{2,10}\))? (?:said|announced|reported|warned|found|says|warns|announces)"
    r"(?: (?:today|yesterday|on \w+day)\b|\.|\Z)"
)
"""Who says what the first sentence tells: "…, the Bureau of Harbors reported today."."""

_HOLDER = re.compile(
    r"\b(?P<title>Senator|Sens?\.|Congressman|Congresswoman|Representative|Reps?\.|Governor|Gov\.|"
    r"Attorney General|Mayor)s? (?P<name>(?:[A-ZÀ-Þ][\w.’'-]{0,40} ){1,3}?[A-ZÀ-Þ][\w’'-]{1,40})"
    r"(?= \([A-Z]{1,3}-|,? (?:today|and|declared|announced|signed|said|is|has|on|joined|led|"
    r"introduced|"
    r"released|issued|urged|called|praised|voted|will|applauded|hosted|met|spoke|explained)\b|,|\Z)"
)
_HOLDER_FIRST = re.compile(
    r"(?:Today,? |On \w+day,? )?(?:[\w]+[’']s? (?:senior )?)?(?:U\.?S\.? |United States )?"
    r"(?:Senators?|Sens?\.|Congress(?:wo)?m[ae]n|Representatives?|Reps?\.|Governor|Gov\.) [A-ZÀ-Þ]"
)
"""A lead that begins with the holder of an office."""

_BEFORE_HOLDER = re.compile(
    r"\b(?:today|the|office|of|a|in|statement|by|from|on|\w+day|u\.?s\.?|united|states|state|\w+[’']s)\b|\W+",
    re.IGNORECASE,
)
"""What may stand before the office holder with whom a lead begins."""

_FULL_TITLES = {
    "Sen.": "Senator",
    "Sens.": "Senator",
    "Reps.": "Representative",
    "Rep.": "Representative",
    "Gov.": "Governor",
}
_FROM_VALUE = re.compile(r"\s*(?:\n| and (?=The |Rt|Hon)|, and (?=The ))")
_AND_PERSON = re.compile(
    r" and (?:[A-ZÀ-Þ][\w.’'-]* ){1,4}(?:MP|MSP|MS|MLA|MPP|MEP|TD)\Z|,? and The (?:Rt )?Hon\b.*\Z"
)
"""The minister behind the department in a field that names both."""

_COPYRIGHT = re.compile(
    r"\A\W*(?:copyright|©|\(c\))[\s©]*(?:\d{4}(?:\s?[-–]\s?\d{4})?,? )?(?:by |the )?"
    r"(?P<name>[A-ZÀ-Þ](?:(?! all rights)[^.|]|\.(?=\w)|(?<=\bSt)\.|(?<=\bInc)\.){0,120})",
    re.IGNORECASE,
)
_COPYRIGHT_WITHIN = re.compile(r"©\s*(?:\d{4},? )?(?P<name>[A-ZÀ-Þ][^|©\n.]{1,80})\Z")
_SOURCE_BESIDE_DATE = re.compile(r"(?:\||·|•|\s)\s*Source\s*:\s*(?P<name>[^|]+)\Z")
_LABEL_FROM = re.compile(
    r"\A(?:press|news|media) (?:release|statement|notice) (?:from|by) (?:the "
    r")?(?P<name>[A-ZÀ-Þ]\S.*)\Z",
    re.IGNORECASE,
)
_NAME_WITHIN = re.compile(
    r"\b(?P<name>[A-ZÀ-Þ][\w.’'&-]{0,40}(?:,? (?:of|for|and|the|de|du|des|del|la|et|y|für|und|&|"
    r"[A-ZÀ-Þ][\w.’'&-]{0,40})){0,11}"
    r" (?:[dl][’'])?[A-ZÀ-Þ][\w’'&-]{1,40})"
)
_INNER_UNIT = re.compile(
    r"\w (?:of the|of|de la|de l[’']|du|del|de|des|der) (?P<name>[A-ZÀ-Þ].*(?:ersity|ersité|"
    r"ersidad|ersität|ersità|"
    r"Department|Ministry|Agency|Institute|Hospital|Council|Government)\b.*|"
    r"(?:Universi|Minist|Depart|Agenc|Institut|Hospital|Hôpital|Council|Govern|Système|Sénat)\w*\b.*)\Z"
)
"""The body that a part belongs to: "the Institute of Ice of the University of Odal"."""

_BETWEEN_PARTS = re.compile(r"\s*[\n,|·•:]\s*|\s+[–—-]\s+")


def mentions_in_text(
    text: str, paragraphs: Sequence[Span], lines: Sequence[HeadLine], headline: Span | None
) -> list[Mention]:
    """Return the names that may be the issuer's: in the head, in the lead and below the text.

    Args:
        text: The text of the release.
        paragraphs: Its paragraphs.
        lines: The lines of its head.
        headline: The headline, if it has one.
    """
    lead = lead_of(text, lines)
    written = (
        *_in_head(text, lines, headline),
        *_in_lead(lead or "", "" if headline is None else text[slice(*headline)], text),
        *_at_end(text, paragraphs),
        *_counted(text),
    )
    return mentions(written)


def mentions(written: Sequence[tuple[Place, str]]) -> list[Mention]:
    """Return the written names cleaned; those of which nothing is left are dropped."""
    return [
        Mention(place, name) for place, words in written if (name := clean_name(words)) is not None
    ]


def lead_of(text: str, lines: Sequence[HeadLine]) -> str | None:
    """Return the first paragraph below the head without its dateline; None without one."""
    for line in lines:
        words = text[slice(*line.span)][:_MAX_LEAD]
        if line.kind == "prose" or is_sentence(words):
            opening = opening_place(words)
            return " ".join(words[opening[1] if opening else 0 :].split())
    return None


def _in_head(
    text: str, lines: Sequence[HeadLine], headline: Span | None
) -> Iterator[tuple[Place, str]]:
    labelled, dated = _beside(lines, "label"), _beside(lines, "date")
    for line in lines:
        words = text[slice(*line.span)]
        span = line.value or line.span
        yield from _in_field(text, line)
        yield from _beside_date(words, line)
        if line.kind == "contact":
            yield from _in_contact(words)
        if headline is not None and overlap(span, headline):
            continue
        below = headline is not None and span[0] > headline[0]
        if line.kind in {"label", "date"} and line.value is not None:
            strength = name_strength(text[slice(*span)])
            if strength is not None:
                place: Place = "beside label" if strength == "strong" else "line above"
                yield place, text[slice(*span)]
        elif line.kind == "name":
            yield "line below" if below else "letterhead", words
            holder = patterns.NAME_OF_OFFICE_HOLDER.match(words)
            if line.span in labelled or (line.span in dated and not holder):
                yield "beside label", words
        elif _may_name(words, line, labelled) and not below:
            yield "line above", words
    yield from _over_two_lines(text, lines, headline)


def _may_name(words: str, line: HeadLine, labelled: set[Span]) -> bool:
    return line.kind == "text" and (name_strength(words) is not None or line.span in labelled)


def _in_field(text: str, line: HeadLine) -> Iterator[tuple[Place, str]]:
    if line.kind == "field" and line.field == "issuer" and line.value is not None:
        value = text[slice(*line.value)]
        first = _FROM_VALUE.split(value)[0] if "\n" in value else _AND_PERSON.sub("", value)
        yield "field", first
    given = _LABEL_FROM.match(text[slice(*line.span)])
    if given is not None:
        yield "field", given["name"]


def _over_two_lines(
    text: str, lines: Sequence[HeadLine], headline: Span | None
) -> Iterator[tuple[Place, str]]:
    """Yield the names that fill two lines: "PREFECT" above "OF THE UPPER LYS"."""
    for above, below in pairwise(lines):
        if {above.kind, below.kind} - {"name", "text"} or (
            headline is not None
            and (overlap(above.span, headline) or overlap(below.span, headline))
        ):
            continue
        first, second = text[slice(*above.span)], text[slice(*below.span)]
        begins = second.split()[0].casefold() in _JOINING
        ends = first.split()[-1].casefold() in patterns.CONNECTORS
        if (begins or ends) and len(first) + len(second) <= MAX_DATELINE:
            yield "letterhead", f"{first} {second}"


def _beside(lines: Sequence[HeadLine], kind: str) -> set[Span]:
    """Return the spans of the lines right above or below one of a kind."""
    return {
        other.span
        for above, below in pairwise(lines)
        for label, other in ((above, below), (below, above))
        if label.kind == kind and other.kind in {"text", "name"}
    }


def _beside_date(words: str, line: HeadLine) -> Iterator[tuple[Place, str]]:
    """Yield the issuer in "Source: X" beside a date, or behind the place of a dateline."""
    source = _SOURCE_BESIDE_DATE.search(words[-MAX_DATELINE:])
    if source is not None and has_date(words):
        yield "source", source["name"]
    if line.kind != "prose" and not has_date(words):
        return
    parts = DASH.split(words[:MAX_DATELINE])
    if len(parts) > 2 and has_date(words[: len(parts[0]) + len(parts[1]) + 6]):  # noqa: PLR2004
        third = parts[2].strip()
        if name_strength(third) is not None and len(third.split()) > 1:
            yield "dateline", third


def _in_contact(words: str) -> Iterator[tuple[Place, str]]:
    for part in _BETWEEN_PARTS.split(words[: 2 * MAX_DATELINE]):
        if name_strength(part) == "strong":
            yield "contact", part


def _in_lead(lead: str, headline: str, text: str) -> Iterator[tuple[Place, str]]:
    ticker = _TICKER.match(lead)
    if ticker is not None:
        yield "ticker", ticker["name"]
    # behind a senator who announces a grant, the department that pays it is no issuer
    subject = _SUBJECT.match(lead) if _HOLDER_FIRST.match(lead) else _SUBJECT.search(lead)
    if subject is not None and name_strength(subject["name"]) == "strong":
        yield "subject", _without_members(subject["name"])
    opening = _OPENING.match(lead)
    first = clean_name(opening["name"]) if opening is not None else None
    if first and (" " in first or (first in headline.split() and _is_proper(first, text))):
        yield "opening", _without_members(first)
    for reporter in _REPORTER.finditer(lead):
        yield "reporter", reporter["name"]
    yield from _office_holder(lead, headline)
    for found in _NAME_WITHIN.finditer(lead):
        name = found["name"].removeprefix("The ")
        if name_strength(name) == "strong":
            yield "first named", _without_members(name)
            inner = _INNER_UNIT.search(name)
            if inner is not None:
                yield "parent", inner["name"]
            break


def _office_holder(lead: str, headline: str) -> Iterator[tuple[Place, str]]:
    """Yield the senator, governor or the like whom the lead names first or the headline too."""
    holder = _HOLDER.search(lead)
    if holder is None or holder.end() > MAX_DATELINE:
        return
    family = holder["name"].split()[-1].casefold()
    if family in headline.casefold() or not _BEFORE_HOLDER.sub("", lead[: holder.start()]):
        title = _FULL_TITLES.get(holder["title"], holder["title"])
        yield "office holder", f"{title} {holder['name']}"


def _without_members(name: str) -> str:
    """Return a body's name without those who belong to it: "Drivers of the Ferry Union"."""
    first, of, body = name.partition(" of the ")
    members = of and not patterns.UNIT_WORD.search(first) and name_strength(body) == "strong"
    return body if members else name


def _is_proper(word: str, text: str) -> bool:
    """Whether a word is a name: never in lower case as "hotel", also capitalized in sentences."""
    if len(word) < _MIN_WORD or word.casefold() in function_words():
        return False
    within = re.search(rf"[^\W\dA-ZÀ-Þ_],? {re.escape(word)}\b", text[:_MAX_READ])
    if within is None and not word.isupper():
        return False
    stem = re.escape(word.casefold().removesuffix("s"))
    return re.search(rf"(?<![\w@/.-]){stem}s?(?![\w@/]|\.\w)", text[:_MAX_READ]) is None


def _at_end(text: str, paragraphs: Sequence[Span]) -> Iterator[tuple[Place, str]]:
    """Yield the names in the lines below the text."""
    below = paragraphs[max(1, len(paragraphs) // 2) :][-_LAST_LINES:]
    listed = max((start for start, _ in below if _LIST_MARK.match(text, start)), default=0)
    for start, end in below:
        if end - start > 6 * MAX_DATELINE:
            continue
        for line in text[start:end].split("\n"):
            for place, name in _in_last_line(line.strip()):
                if place != "signature" or start > listed:  # above a list it is a heading
                    yield place, name


def _in_last_line(words: str) -> Iterator[tuple[Place, str]]:
    if not words or len(words) > 2 * MAX_DATELINE:
        return
    source = _SOURCE.match(words)
    if source is not None and not source["name"][0].islower():
        yield "source", re.split(r"\s[·|]\s|, übermittelt", source["name"])[0]
        return
    about = _ABOUT.match(words) if len(words) <= MAX_DATELINE // 2 else None
    if about is not None and not is_sentence(words):
        yield "about", about["name"]
        return
    rights = _COPYRIGHT.match(words) or _COPYRIGHT_WITHIN.search(words)
    if rights is not None:
        yield "copyright", rights["name"]
        return
    if is_sentence(words):
        return
    if name_strength(words) == "strong":
        yield "signature", words
        return
    yield from _in_contact(words)


def _counted(text: str) -> Iterator[tuple[Place, str]]:
    """Yield the offices and companies that a text names most often, at least twice."""
    counts = Counter(
        found["name"].removeprefix("The ") for found in _NAME_WITHIN.finditer(text[:_MAX_READ])
    )
    left = _MANY
    for name, count in counts.most_common(5 * _MANY):
        if count < 2 or not left:  # noqa: PLR2004 - named again
            break
        if name_strength(name) == "strong" and not patterns.NAME_OF_OFFICE_HOLDER.match(name):
            left -= 1
            yield "often named", name
