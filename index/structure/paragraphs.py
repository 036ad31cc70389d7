"""A text's paragraphs, as stretches of it: by blank lines, by line ends, by headings run in.

Copies of releases often lost their line ends; a heading such as "Quick Facts:" in the middle
of a line is then the only sign that a new part begins, and `- 30 -` that the release ends.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from index.structure.sections.contacts import run_in
from index.types import Span

WRAP_WIDTH = 100
"""A block none of whose lines is longer is one paragraph wrapped at a fixed width."""

_RUN_IN = 100
"""Characters; only in a line longer than this are headings looked for."""

_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
BULLET = re.compile(r"\s*(?:[•●▪■◦‣*\-–—·o]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+\S")
END_MARK = r"(?:(?<!\S)[-–—]\s*30\s*[-–—](?!\S)|#\s?#\s?#+)"
"""Within a line; alone on one, more forms are taken."""

_END_LINE = re.compile(
    r"^\W*(?:#\s*#\s*#|[-–—]+\s*30\s*[-–—]+|###+|\* ?\* ?\*|ends?|fin)\W*$", re.IGNORECASE
)
_SPELT_END = re.compile(r"[^\W\d_]")
_OPENING_END = re.compile(r"\A" + END_MARK + r"(?=\s+\S)")
_CLOSING_CONTACT = re.compile(
    r"(?<=\s)(?:(?:Media|Press|MEDIA) (?:[Cc]ontacts?|CONTACTS?)|"
    r"(?:For|for) (?:more|further|additional) information,? (?:please )?contact|"
    r"For (?:all |any )?[Mm]edia [Rr]equests?,? (?:please )?[Cc]ontact)\s*:?\Z"
)
"""A contact's heading that a line above the contact ends with."""

_HEADING = re.compile(
    r"(?P<end>" + END_MARK + r")|"
    r"(?P<papers>Document\(s\)\s*:|(?<=\s)BACKGROUNDER(?=\s+[A-ZÀ-Þ]))|"
    r"(?:(?<=[.!?”\"»)\]])\s*|(?<=\s))(?P<heading>"
    r"(?:Quick Facts?|Quick facts?|Fast Facts|Faits en bref|Les faits|Additional Resources|"
    r"Ressources additionnelles|Learn More|Learn more|Related Links|Liens connexes|Quotes?|"
    r"Citations?)\s*:|"
    r"(?:Quick Facts|Quick facts|Faits en bref|Related Links)(?=\s+[A-ZÀ-Þ•])|"
    r"(?:For Ministerial Media Requests, Contact|MEDIA CONTACTS?|MEDIA INQUIR\w{2,4}|"
    r"Media Inquir\w{2,4}|Media inquir\w{2,4}|"
    r"Media Enquir\w{2,4}|Media enquir\w{2,4}|Media Contacts?|Media contacts?|Press Contacts?|"
    r"Press contacts?|Contacts? (?:pour les )?m[ée]dias|Renseignements aux médias|"
    r"Relations (?:avec les )?médias|(?:For (?:all |any )?(?:[A-Z][\w-]+ )?)?[Mm]edia "
    r"[Rr]equests?(?: [\w-]+){0,4},? (?:please )?[Cc]ontact|"
    r"(?:For|for) (?:more|further|additional) information, "
    r"(?:please )?contact)(?:\s*:|(?=\s+[A-ZÀ-Þ]))|"
    r"(?:For|for) (?:more|further|additional) information,? (?:please )?contact\s*:)"
)
ABOUT_RUN_IN = re.compile(
    r"(?:\A\W*|(?<=[.!?”\"»)\]])\s+)(?P<about>(?:About|À propos d[eu’'])\s?"
    r"(?:(?:[Tt]he|[Oo]ur|la|les?|l[’'])\s?)?"
    r"(?P<name>[A-ZÀ-Þ][\w.'’&-]*(?:\s+(?:[A-ZÀ-Þ&][\w.'’-]*|of|and|for|the|on|in|de|du|des|la|et)){0,9}?)"
    r"(?:\s+\([A-ZÀ-Þ]{2,}\))?\s+(?:(?:The\s+)?(?P=name)\b(?=\s+[a-zà-ÿ(])|"
    r"(?:The|Since|As|With|For|In|Founded|Established|Created|Formed|Launched|Incorporated|Based|"
    r"Headquartered|Celebrating|Serving|Located|Depuis|Fondée?|Créée?|Établie?)\s[^.!?\n]{25}))"
)
"""A heading "About X" run into its text, which names X anew or begins as such texts do."""

_SENTENCE_CONTACT = re.compile(
    r"(?<=[.!?”\"])\s*(?P<heading>(?:For|for) ?(?:more|further|additional) information[^.\n]{0,80}"
    r"\bcontact(?:ez)? (?=[A-ZÀ-Þ])[^\n]{0,200}?(?:\d{3}[-. ]\d{4}|@[\w-]+\.\w{2,})(?:\.\w+)*)"
)
"""A sentence at the end of a line that names whom to ask, with a number or an address."""


def blocks(text: str) -> Iterator[Span]:
    """Yield the paragraphs of `text`, in order, without white space at their ends."""
    position = 0
    bounds = [(m.start(), m.end()) for m in _BLANK.finditer(text)]
    for start, end in (*bounds, (len(text), len(text))):
        for line in _lines(text, (position, start)):
            yield from _cut(text, line)
        position = end


def _lines(text: str, block: Span) -> Iterator[Span]:
    lines: list[Span] = []
    position = block[0]
    for line in text[slice(*block)].split("\n"):
        if stripped := line.strip():
            start = position + line.index(stripped[0])
            lines.append((start, start + len(stripped)))
        position += len(line) + 1
    if len(lines) > 1 and _wrapped(text, lines):
        yield (lines[0][0], lines[-1][1])
    else:
        yield from lines


def _wrapped(text: str, lines: list[Span]) -> bool:
    """Whether `lines` are one paragraph broken at a fixed width rather than several."""
    words = [text[slice(*line)] for line in lines]
    longest = max(map(len, words))
    if longest > WRAP_WIDTH or any(map(BULLET.match, words)):
        return False
    full = sum(len(line) > longest * 0.7 for line in words[:-1])
    ended = sum(line.endswith((".", "!", "?", ":", "”", '"')) for line in words[:-1])
    return full >= 0.8 * (len(words) - 1) and ended <= 0.5 * (len(words) - 1)


def _cut(text: str, line: Span) -> Iterator[Span]:
    """Yield the parts of a long line before and from each heading run into it."""
    start, end = line
    words = text[start:end]
    headings = list(_HEADING.finditer(words))
    cuts = set(run_in(words)) | {m.start() for m in _CLOSING_CONTACT.finditer(words)}
    if end - start <= _RUN_IN:
        cuts |= {m.end() for m in _OPENING_END.finditer(words)}
    else:
        cuts |= {m.start(m.lastgroup or 0) for m in headings}
        cuts |= {m.end("end") for m in headings if m["end"]}
        cuts |= {m.start("about") for m in ABOUT_RUN_IN.finditer(words) if m.start("about")}
        asking = list(_SENTENCE_CONTACT.finditer(words))
        if asking and not any(map(str.isalpha, words[asking[-1].end() :])):
            cuts.add(asking[-1].start("heading"))
    for papers in (m.span("papers") for m in headings if m["papers"]):
        cuts -= set(range(papers[0] + 1, papers[1]))  # an address may be glued to it
        cuts.add(papers[0])
    for left, right in pairwise(sorted({0, len(words), *cuts})):
        yield from trimmed(text, (start + left, start + right))


def is_end_mark(words: str) -> bool:
    """Whether a line is an end mark; one in letters is kept as body text unless in capitals."""
    if not _END_LINE.match(words if len(words) <= WRAP_WIDTH else "x"):
        return False
    return not _SPELT_END.search(words) or words.isupper()


def trimmed(text: str, span: Span) -> Iterator[Span]:
    """Yield `span` without white space at its ends, nothing when nothing is left."""
    words = text[slice(*span)]
    if stripped := words.strip():
        start = span[0] + len(words) - len(words.lstrip())
        yield (start, start + len(stripped))
