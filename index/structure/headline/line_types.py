"""What a line at the head of a release is: a release label, a date line, a dateline."""

import re

from index.text.dates import ambiguous_readings, find_date

MAX_HEADLINE = 220
"""Characters; a longer first line is a paragraph, not a headline."""

MAX_DATE_LINE = 60
"""Characters; a line up to this long that holds a date may be a date line."""

HEAD_CHARACTERS = 1_500
"""Characters from the start in which a release's headline and its date can stand."""

HEAD_PARAGRAPHS = 8
"""Paragraphs from the start in which they can stand."""

_RELEASE_LABEL = re.compile(
    r"^(?:for immediate release|immediate release|for release|news release|press release|"
    r"media release|media advisory|news|français|english|(?:pour )?(?:diffusion|publication) "
    r"immédiate|communiqué(?: de presse)?|under embargo.{0,60}|"
    r"(?:sous )?embargo.{0,60})\W*$",
    re.IGNORECASE,
)
_PLACE = r"[A-ZÀ-Þ][\w.'’ -]{1,40}(?:,\s*+[A-ZÀ-Þ][\w.'’ -]{1,30}){0,2}"
_DATELINE = re.compile(
    rf"\A\s*+\(?(?P<place>{_PLACE})(?:\s*+\([\w. ]{{2,12}}\))?"
    r"(?:\s*+[,(–—-]{0,2}\s*+(?P<date>[^–—\n]{6,40}?))?\s*+\)?\s*+(?:–|—|−|--|-(?=\s))\s*+\S",
)
STATEMENT = re.compile(
    r"\A(?:(?:opening|floor|joint|prepared|keynote|closing) )?(?:statements?|remarks|testimony|"
    r"speech|address|déclaration|discours|allocution)(?: as prepared(?: for delivery)?)? "
    r"(?:of|by|from|de|du)\b",
    re.IGNORECASE,
)
"""The beginning of a line that says whose words follow."""

HEAD_MATTER = re.compile(
    r"\A\W*\(?[“\"][^”\"]{2,40}[”\"](?:,| or| and|\))|\|.*\||\bcase [A-Z]?-?\d|\bnot for "
    r"(?:publication|release)\b|"
    r"\bregistered (?:charity|office|in)\b|^\W*(?:home|news) ?[>|/]|\bview (?:this|it) "
    r"(?:e-?mail|as)\b",
    re.IGNORECASE,
)
"""Lines of head matter: a defined name, a menu, the number of a case or a charity, an embargo."""

_DATE_ALONE = re.compile(r"\A\s*(?P<date>[^–—\n]{6,30}?)\s*(?:–|—|--|-(?=\s))\s")
_PREPOSITION = re.compile(
    r"\A\W*(?:in|on|by|at|from|since|until|after|before|during|le|en|dès|depuis|après|avant)\b",
    re.IGNORECASE,
)
"""A first word after which a date is part of a sentence."""

_LOWERCASE_WORD = re.compile(r"(?<![\w'’-])[^\W\d_A-ZÀ-Þ][^\W\d_]*")
_DATE_LINE_WORD_LIST = """
    a m p am pm h at on of the until for release released issued published posted updated dated date
    immediate embargo embargoed by and à au aux de du d l la le les et pour jusqu publié publiée
    diffusé diffusée diffusion immédiate mise jour heures lundi mardi mercredi jeudi vendredi samedi
    dimanche den vom der del el di
"""
_DATE_LINE_WORDS = frozenset(_DATE_LINE_WORD_LIST.split())
"""Lower-case words that may stand in a date line beside the date. With any other word a line is a
sentence, however short: "The ferry leaves on 12 June 2021"."""

_LONG_WORD = re.compile(r"(?<!\w)\w{4,}")


def is_release_label(words: str) -> bool:
    """Whether a line is a label such as "NEWS RELEASE", "FOR IMMEDIATE RELEASE" or an embargo."""
    return _RELEASE_LABEL.match(words) is not None


def is_date_line(words: str) -> bool:
    """Whether a line is short and gives only a date, perhaps as the date of issue."""
    if len(words) > MAX_DATE_LINE:
        return False
    found = find_date(words) or next(iter(ambiguous_readings(words)), None)
    if found is None:
        return False
    start, end = found.span
    return _DATE_LINE_WORDS.issuperset(_LOWERCASE_WORD.findall(f"{words[:start]} {words[end:]}"))


def dateline_end(words: str) -> int:
    """Return where the dateline that opens a paragraph ends; 0 without one."""
    match = _DATELINE.match(words)
    if match is None or any(word[0].islower() for word in _LONG_WORD.findall(match["place"])):
        return 0  # long lower-case words belong to a sentence, not to the name of a place
    return match.end() - 1


def opening_dateline_end(words: str) -> int:
    """Return where a dateline, or a date alone, that opens a paragraph ends; 0 without one."""
    if _PREPOSITION.match(words):
        return 0
    date = _DATE_ALONE.match(words)
    if date is not None and find_date(date["date"]) is not None:
        return date.end()
    return dateline_end(words)
