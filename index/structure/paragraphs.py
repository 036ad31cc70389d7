"""Splits a text into paragraphs: at blank lines, at line ends, and at headings within lines.

Copies of releases have often lost their line ends. Then a heading such as "Quick Facts:" in the
middle of a line is the only sign that a new section begins, and `- 30 -` that the release ends.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from index.structure.contacts import contact_edges_within
from index.text.sentences import last_sentence_start
from index.types import Span

WRAP_WIDTH = 100
"""Characters; text whose lines are all shorter may be one paragraph wrapped at a fixed width."""

MAX_PARAGRAPH = 50_000
"""Characters of a paragraph; a longer one is cut. No release has one, and each step that looks at a
paragraph as a whole takes several times its memory: the tokenizer 150 bytes for a character."""

_CUT_WITHIN = 2_000
"""Characters before the place of such a cut, in which the end of a sentence is looked for."""

_MIN_SPLIT = 100
"""Characters; headings are looked for only in lines longer than this."""

_SPACES = " \n\t\u3000"
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
BULLET = re.compile(r"\s*(?:[•●▪■◦‣*\-–—·o]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+\S")
END_MARK = r"(?:(?<!\S)[-–—]\s*30\s*[-–—](?!\S)|#\s?#\s?#+)"
"""An end mark within a line; on a line of its own, `_END_LINE` allows more forms."""

_END_LINE = re.compile(
    r"^\W*(?:#\s*#\s*#|[-–—]+\s*30\s*[-–—]+|###+|\* ?\* ?\*|ends?|fin)\W*$", re.IGNORECASE
)
_LETTER = re.compile(r"[^\W\d_]")
_OPENING_END = re.compile(r"\A" + END_MARK + r"(?=\s+\S)")
_CLOSING_CONTACT = re.compile(
    r"(?<=\s)(?:(?:Media|Press|MEDIA) (?:[Cc]ontacts?|CONTACTS?)|"
    r"(?:For|for) (?:more|further|additional) information,? (?:please )?contact|"
    r"For (?:all |any )?[Mm]edia [Rr]equests?,? (?:please )?[Cc]ontact)\s*:?\Z"
)
"""A contact's heading at the end of the line above the contact."""

_HEADING = re.compile(
    r"(?P<end>" + END_MARK + r")|"
    r"(?P<documents>Document\(s\)\s*:|(?<=\s)BACKGROUNDER(?=\s+[A-ZÀ-Þ]))|"
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
ABOUT_HEADING_RUN_IN = re.compile(
    r"(?:\A\W*|(?<=[.!?”\"»)\]])\s+)(?P<about>(?:About|À propos d[eu’'])\s?"
    r"(?:(?:[Tt]he|[Oo]ur|la|les?|l[’'])\s?)?"
    r"(?P<name>[A-ZÀ-Þ][\w.'’&-]*(?:\s+(?:[A-ZÀ-Þ&][\w.'’-]*|of|and|for|the|on|in|de|du|des|la|et)){0,9}?)"
    r"(?:\s+\([A-ZÀ-Þ]{2,}\))?\s+(?:(?:The\s+)?(?P=name)\b(?=\s+[a-zà-ÿ(])|"
    r"(?:The|Since|As|With|For|In|Founded|Established|Created|Formed|Launched|Incorporated|Based|"
    r"Headquartered|Celebrating|Serving|Located|Depuis|Fondée?|Créée?|Établie?)\s[^.!?\n]{25}))"
)
"""A heading "About X" followed in the same line by its text, which repeats X or begins with a
typical word."""

_SENTENCE_CONTACT = re.compile(
    r"(?<=[.!?”\"])\s*(?P<heading>(?:For|for) ?(?:more|further|additional) information[^.\n]{0,80}"
    r"\bcontact(?:ez)? (?=[A-ZÀ-Þ])[^\n]{0,200}?(?:\d{3}[-. ]\d{4}|@[\w-]+\.\w{2,})(?:\.\w+)*)"
)
"""A sentence at the end of a line that names a contact with a number or an address."""


def split_paragraphs(text: str) -> Iterator[Span]:
    """Yield the spans of the paragraphs of `text`, in order, without white space at their ends."""
    position = 0
    bounds = [(m.start(), m.end()) for m in _BLANK.finditer(text)]
    for start, end in (*bounds, (len(text), len(text))):
        for line in _lines(text, (position, start)):
            for piece in bounded_pieces(text, line):
                yield from _split_at_headings(text, piece)
        position = end


def bounded_pieces(text: str, span: Span) -> Iterator[Span]:
    """Yield a paragraph, in pieces if it is very long: cut between sentences, or between words."""
    start, end = span
    while end - start > MAX_PARAGRAPH:
        stop = start + MAX_PARAGRAPH
        near = stop - _CUT_WITHIN
        cut = last_sentence_start(text, near, stop)
        if cut == near:
            cut = max(text.rfind(space, near, stop) for space in _SPACES) + 1 or stop
        yield from strip_span(text, (start, cut))
        start = cut
    yield from strip_span(text, (start, end))


def _lines(text: str, block: Span) -> Iterator[Span]:
    """Yield the lines between two blank lines, or all as one when they are a wrapped paragraph."""
    lines: list[Span] = []
    position = block[0]
    for line in text[slice(*block)].split("\n"):
        if stripped := line.strip():
            start = position + line.index(stripped[0])
            lines.append((start, start + len(stripped)))
        position += len(line) + 1
    if len(lines) > 1 and _is_wrapped(text, lines):
        yield (lines[0][0], lines[-1][1])
    else:
        yield from lines


def _is_wrapped(text: str, lines: list[Span]) -> bool:
    """Whether `lines` are one paragraph wrapped at a fixed width rather than several."""
    words = [text[slice(*line)] for line in lines]
    longest = max(map(len, words))
    if longest > WRAP_WIDTH or any(map(BULLET.match, words)):
        return False
    full = sum(len(line) > longest * 0.7 for line in words[:-1])
    ended = sum(line.endswith((".", "!", "?", ":", "”", '"')) for line in words[:-1])
    return full >= 0.8 * (len(words) - 1) and ended <= 0.5 * (len(words) - 1)


def _split_at_headings(text: str, line: Span) -> Iterator[Span]:
    """Yield the pieces of a line, split before headings and contacts and around end marks."""
    start, end = line
    words = text[start:end]
    headings = list(_HEADING.finditer(words))
    cuts = set(contact_edges_within(words)) | {m.start() for m in _CLOSING_CONTACT.finditer(words)}
    if end - start <= _MIN_SPLIT:
        cuts |= {m.end() for m in _OPENING_END.finditer(words)}
    else:
        cuts |= {m.start(m.lastgroup or 0) for m in headings}
        cuts |= {m.end("end") for m in headings if m["end"]}
        cuts |= {m.start("about") for m in ABOUT_HEADING_RUN_IN.finditer(words) if m.start("about")}
        contacts = list(_SENTENCE_CONTACT.finditer(words))
        if contacts and not any(map(str.isalpha, words[contacts[-1].end() :])):
            cuts.add(contacts[-1].start("heading"))
    for documents in (m.span("documents") for m in headings if m["documents"]):
        cuts -= set(range(documents[0] + 1, documents[1]))  # no space may separate an address
        cuts.add(documents[0])
    for left, right in pairwise(sorted({0, len(words), *cuts})):
        yield from strip_span(text, (start + left, start + right))


def is_end_mark(words: str) -> bool:
    """Whether a line is an end mark, such as `- 30 -`; a word such as END must be in capitals."""
    if not _END_LINE.match(words if len(words) <= WRAP_WIDTH else "x"):
        return False
    return not _LETTER.search(words) or words.isupper()


def strip_span(text: str, span: Span) -> Iterator[Span]:
    """Yield `span` without white space at its ends; yield nothing when it is all white space."""
    words = text[slice(*span)]
    if stripped := words.strip():
        start = span[0] + len(words) - len(words.lstrip())
        yield (start, start + len(stripped))
