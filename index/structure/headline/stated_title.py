"""Cleans a title that a page, a message or a document states, by the text it stands above.

Such titles carry more than the headline: the site ("… | GOV.UK"), a label ("PRESS RELEASE: …"), the
office that sends. Where a part of the title is a line of the text, that part is the headline.
Titles of structured sources (JSON Lines, tables, feeds, front matter) are left as they are.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from index.structure.headline import head_words as patterns
from index.structure.headline.head_lines import is_site_line
from index.structure.headline.line_types import HEAD_MATTER, MAX_HEADLINE
from index.structure.headline.line_words import name_strength, without_metadata

_FORWARDED = re.compile(
    r"\A(?:\W*(?:re|fwd?|tr|rv|aw|wg|ext(?:ernal)?|external email|spam|ml)\s*[:\]]\s*)+",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+(?:[|–—·•»«›-]|::|//)\s+|\s*\|\s*|\s*:\s+|\s+//\s*")
_TAGS = re.compile(r"\A(?:\s*\[[^\]]{1,24}\]\s*)+(?=\S)")
_LETTER = re.compile(r"[^\W_]")
_MIN_WORDS = 2
_MAX_NAME_WORDS = 7


def clean_title(stated: str | None, lines: Iterable[str]) -> str | None:
    """Return the headline in a stated title; None when the title is only a label or a site.

    Args:
        stated: The title.
        lines: The lines of the text near its start.
    """
    title = _TAGS.sub("", _FORWARDED.sub("", " ".join((stated or "").split())))
    title = title.strip(" |–—-·•")
    if not title:
        return None
    parts = [*_parts(title)]
    while len(parts) > 1 and _is_label(title[slice(*parts[0])]):
        parts = parts[1:]
    known, joined = _known_lines([*lines])
    for known_lines, (start, end) in product((known, joined), _runs(parts)):
        words = title[start:end]
        if (
            letters_of(words) in known_lines
            and len(words.split()) >= _MIN_WORDS
            and not _is_label(words)
        ):
            if name_strength(words) == "strong" and (start, end) != (0, len(title)):
                continue
            return words
    while len(parts) > 1 and (_is_label(title[slice(*parts[0])]) or _is_site(title, parts[0])):
        parts = parts[1:]
    while len(parts) > 1 and (_is_label(title[slice(*parts[-1])]) or _is_site(title, parts[-1])):
        parts = parts[:-1]
    words = title[parts[0][0] : parts[-1][1]]
    return None if _is_label(words) or is_site_line(words) else words


def is_headline_like(words: str) -> bool:
    """Whether words in large type can be a headline: no label, no menu, no issuer's name."""
    words = " ".join(words.split())
    return (
        len(words.split()) >= _MIN_WORDS
        and len(words) <= MAX_HEADLINE
        and not (_is_label(words) or is_site_line(words) or name_strength(words) == "strong")
        and not HEAD_MATTER.search(words)
    )


def site_name(stated: str | None, title: str | None) -> str | None:
    """Return the name that a page's title has beside the headline, if it reads like an issuer's."""
    if not stated or not title:
        return None
    whole = " ".join(stated.split())
    for start, end in _parts(whole):
        words = whole[start:end]
        if letters_of(words) in letters_of(title) or letters_of(title) in letters_of(words):
            continue
        if name_strength(words) is not None and not is_carrier(words):
            return words
    return None


def is_in_lines(title: str, lines: Sequence[str]) -> bool:
    """Whether a title is one of the lines, or two or three lines in a row."""
    return any(letters_of(title) in known for known in _known_lines(lines))


def _known_lines(lines: Sequence[str]) -> tuple[set[str], set[str]]:
    """Return the letters of each line, and of two and three lines in a row."""
    letters = [letters_of(line) for line in lines]
    joined = {
        "".join(run)
        for length in (2, 3)
        for run in zip(*(letters[start:] for start in range(length)), strict=False)
        if all(run)
    }
    return set(letters), joined


def _parts(title: str) -> Iterator[tuple[int, int]]:
    place = 0
    for gap in _SEPARATOR.finditer(title):
        if gap.start() > place:
            yield place, gap.start()
        place = gap.end()
    if place < len(title):
        yield place, len(title)


def _runs(parts: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans of neighbouring parts, longest first."""
    runs = [
        (parts[first][0], parts[last][1])
        for first in range(len(parts))
        for last in range(first, len(parts))
    ]
    yield from sorted(runs, key=lambda run: run[0] - run[1])


def letters_of(words: str) -> str:
    """Return the letters and digits of words in lower case, by which copies are compared."""
    return "".join(_LETTER.findall(words.casefold()))


def _is_label(words: str) -> bool:
    """Whether words say only what kind of paper this is."""
    labelled = patterns.LABEL.search(words) or not _LETTER.search(words)
    return bool(labelled) and not re.search(r"[^\W\d_¦]", without_metadata(words))


def _is_site(title: str, part: tuple[int, int]) -> bool:
    """Whether a part of a title names a site or an issuer rather than the news."""
    words = title[slice(*part)]
    if is_carrier(words):
        return True
    strength = name_strength(words)
    before = title[: part[0]].rstrip()
    after = title[part[1] :].lstrip()
    if (before.endswith(":") and not before.endswith("::")) or after.startswith(
        ": "
    ):  # "Ferries: new timetable" is a headline
        return strength == "strong" and part[0] == 0 and len(words.split()) > 1
    return strength is not None and len(words.split()) <= _MAX_NAME_WORDS


def is_carrier(words: str) -> bool:
    """Whether words name a site, a section of one, or a service that carries releases."""
    return bool(patterns.PORTAL.search(words) or patterns.PRESS_UNIT.match(words)) or is_site_line(
        words
    )
