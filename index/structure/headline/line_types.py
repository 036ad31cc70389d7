"""What one line at the head of a release says: what paper it is, whose words, where, when."""

import re

from index.structure.headline.match import DATE_LINE
from index.text.dates import ambiguous_readings, find_date

_FORM = re.compile(
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
"""How a line begins that says whose words follow."""

_SMALL_WORD = re.compile(r"(?<![\w'’-])[^\W\d_A-ZÀ-Þ][^\W\d_]*")
_ISSUING_WORDS = """
    a m p am pm h at on of the until for release released issued published posted updated dated date
    immediate embargo embargoed by and à au aux de du d l la le les et pour jusqu publié publiée
    diffusé diffusée diffusion immédiate mise jour heures lundi mardi mercredi jeudi vendredi samedi
    dimanche den vom der del el di
"""
_ISSUING = frozenset(_ISSUING_WORDS.split())
"""The words in small letters that a date line may have beside its date. With any other it is a
sentence, "The ferry leaves on 12 June 2021", however short."""

_LONG_WORD = re.compile(r"(?<!\w)\w{4,}")


def is_form(words: str) -> bool:
    """Whether a line says what kind of paper this is, or until when it is withheld."""
    return _FORM.match(words) is not None


def is_date_line(words: str) -> bool:
    """Whether a line is short and holds a date, with nothing said of it but that it is of issue."""
    if len(words) > DATE_LINE:
        return False
    found = find_date(words) or next(iter(ambiguous_readings(words)), None)
    if found is None:
        return False
    start, end = found.span
    return _ISSUING.issuperset(_SMALL_WORD.findall(f"{words[:start]} {words[end:]}"))


def dateline_end(words: str) -> int:
    """Return where the place and the date that open a paragraph end; 0 when there are none."""
    match = _DATELINE.match(words)
    if match is None or any(word[0].islower() for word in _LONG_WORD.findall(match["place"])):
        return 0  # the words of a sentence are no place
    return match.end() - 1
