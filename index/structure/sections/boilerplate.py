"""Finds boilerplate: the issuer's standing text below a release, with or without a heading.

A heading "About …" counts when a suitable text follows. Without a heading, one of the last
paragraphs counts when it begins with a name and describes it in the usual words: whom an office
holder represents, on which committees they sit, what a company provides. Taking body text for
boilerplate is worse than leaving boilerplate as body text, so nothing else counts.
"""

import re
from collections.abc import Sequence

from index.structure.contacts import PHONE_OR_EMAIL, opens_contact
from index.structure.paragraphs import ABOUT_HEADING_RUN_IN, BULLET, WRAP_WIDTH, is_end_mark
from index.types import Span

MIN_TEXT = 80
"""Characters; the text below a heading "About X" is at least this long, or a list."""

_MAX_ABOUT = 1_500
"""Characters; a longer line that begins with "About X" contains other text as well."""

_MAX_LINE_BELOW = 60
"""Characters; lines up to this long may stand below a profile, such as a link or an end mark."""

_LAST_PARAGRAPHS = 12
"""Paragraphs at the end among which a profile stands."""

_MIN_SENTENCES = 3
"""Sentences; a shorter paragraph that only names offices may just as well be news."""

_MIN_LIFE_SENTENCES = 2
"""Sentences of a life story, at least."""

_HEADING = re.compile(
    r"^\W*(?:About|ABOUT|À propos d[eu’']s?|À PROPOS D[EU’']S?|Über|ÜBER|Sobre|SOBRE|"
    r"Acerca de|ACERCA DE)\s?"
    r"(?:(?:[Tt]he|THE|our|la|les?|l[’']|die|das|den|el|los|las)\s?)?(?P<name>[A-ZÀ-Þ“\"][^\n]{1,80})"
    r"(?<!\bBill)(?<!\bAct)(?<!\bLegislation)(?<!\bAmendment)(?<!\bReport)(?<![.!?,;])\s*:?$"
)
"""Text about a bill or a report is not boilerplate: it is what the release is about."""

_BARE_HEADING = re.compile(
    r"^\W*(?:About|ABOUT|À propos|À PROPOS|Über|ÜBER|Sobre)"
    r"(?: (?:us|US|nous|NOUS|uns|UNS|nosotros))?\W*$"
)
"""A heading without a name; the text below it has the name."""

_HEADING_WITHIN = re.compile(
    r"^\W*(?:About|À propos d[eu’']|Über|Sobre|Acerca de)\s?(?:the |la |l[’']|die |das |el )?"
    r"[A-ZÀ-Þ][^.:\n]{1,60}:\s*\S"
)
_TITLE = (
    r"(?:U\.S\. )?(?:Representative|Rep\.|Congressman|Congresswoman|Senator|Sen\.|"
    r"Minister|Governor|Gov\.|Mayor|Dr\.|Mr\.|Mrs\.|Ms\.)"
)
_NAME = (
    r"(?:[A-ZÀ-Þ][\w.’'&-]*|of|and|the|for|de)(?:,? (?:[A-ZÀ-Þ][\w.’'&-]*|of|and|the|for|de)){0,8}"
)
_SUBJECT = (
    r"(?!(?:It|He|She|We|They|This|That|These|There|I)\b)"
    rf"(?:The )?(?:{_TITLE} )*{_NAME}(?:,? (?:\([^()\n]{{2,20}}\)|Ph\.D\.|M\.D\.|Inc\.|Ltd\.))*,?"
)
_DOES = (
    r"(?:(?:is (?:proud|honored|honoured) to|proudly|currently|also|now) )*"
    r"(?:(?:has )?(?:represented|represents?|served?|serves|sat|sits|chaired|chairs)|"
    r"is (?:currently |also |now |in |serving )*"
    r"(?:a|an|the|one of the|serving (?:his|her|their))\b)"
)
_SELF_DESCRIPTION = (
    r"\b(?:District|Committees?|Subcommittees?|Caucus|Congress(?:wo)?man from|Member of Congress|"
    r"(?:Representative|Senator) (?:of|for|from)|(?:first|second|third|fourth|fifth|\w+th) term|"
    r"(?:leading|global|independent|non-?profit|not-for-profit|international|national) "
    r"(?:\w+ ){0,4}(?:provider|supplier|manufacturer|company|organi[sz]ation|association|charity|"
    r"firm|agency|institute|network|developer|producer|distributor|operator|group)|"
    r"(?:partnership|non-?profit|not-for-profit|foundation|corporation) (?:that|which|with|of))\b"
)
_SENTENCE = r"(?:[^.\n]|\.(?=\S)|(?<=U\.S)\.){0,240}?"
_PROFILE = re.compile(rf"\A\W*{_SUBJECT} {_DOES}{_SENTENCE}{_SELF_DESCRIPTION}")
_PROFILE_AFTER_END_MARK = re.compile(
    rf"\A\W*(?:The )?(?:{_TITLE} )+{_NAME}(?: \([^()\n]{{2,20}}\))?,? "
    r"(?:is|was|has been|has (?:long )?(?:represented|served)|represents|serves|sits|"
    r"chairs|co-chairs)\b"
)
"""An office holder and who they are: not news when it stands after the end mark."""

_LIFE_STORY = re.compile(
    rf"\A\W{{0,9}}(?=(?:The )?{_TITLE}|[^\n]*\b(?:Congress|Committee|Senate)\b)"
    rf"(?:The )?(?:{_TITLE} )*{_NAME}(?: \([^()\n]{{2,20}}\))?,? "
    r"(?:is (?:[\w-]+ ){0,3}(?:(?:[Cc]o-?|[Vv]ice )?[Cc]hair\w*|[Mm]ember)|has been(?= in | a )|"
    r"has (?:long )?(?:represented|served)|represents|serves|sits|chairs|co-chairs|was elected)\b"
    r"[^\n]*\b(?:served previously|previously served|"
    r"in (?:Congress|the Senate|the House|office) since|first elected|was born|ever to|"
    r"(?:was|were) (?:first )?(?:elected|appointed)|has been a(?: \w+)? leader|"
    r"co-?authored legislation)\b"
)
"""What an office holder has been before or did long ago: their life story, not news."""

_PROFILE_AS_MEMBER = re.compile(
    rf"\A\W*As (?:the |a )?(?:Ranking Member|Chair(?:man|woman)?|[Mm]ember|Vice Chair\w*|co-chair) "
    rf"of [^.\n]{{5,120}}, {_SUBJECT} (?:continues|works|oversees|leads)\b"
)
_SENTENCE_END = re.compile(r"(?<=[a-z)\d])[.!?](?=\s+[A-Z]|\Z)")
_REPRESENTS = re.compile(
    r"\b(?:District|represents|Representative (?:of|for)|(?:first|only) (?:[\w-]+ ){0,4}elected)\b"
)
_NEWS = re.compile(
    r"\b(?:today|yesterday|tomorrow|this (?:week|month|morning|bill|legislation)|said|announced|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|introduced|H\.R\.|S\. ?\d|Judicial)\b|[“”\"]"
)
"""Words about events, which standing text does not have."""


def opens_boilerplate(text: str, paragraphs: Sequence[Span], number: int) -> bool:
    """Whether a paragraph opens boilerplate: by a heading, on its own line or not, or a profile."""
    words = text[slice(*paragraphs[number])]
    if _is_heading(text, paragraphs, number):
        return True
    if number == 0:
        return False
    if _HEADING_WITHIN.match(words) and len(words) > MIN_TEXT:
        return True
    if ABOUT_HEADING_RUN_IN.match(words) and MIN_TEXT < len(words) <= _MAX_ABOUT:
        return True
    return max(2, len(paragraphs) - _LAST_PARAGRAPHS) <= number and _is_profile(
        text, paragraphs, number
    )


def _is_heading(text: str, paragraphs: Sequence[Span], number: int) -> bool:
    words = text[slice(*paragraphs[number])]
    if _BARE_HEADING.match(words) and 0 < number < len(paragraphs) - 1:
        below = text[slice(*paragraphs[number + 1])]
        return len(below) >= MIN_TEXT and below.endswith(".")
    heading = _HEADING.match(words if len(words) <= WRAP_WIDTH else "")
    if heading is None:
        return False
    if number + 1 == len(paragraphs):
        return number > 0
    below = text[slice(*paragraphs[number + 1])]
    if number == 0:  # a copy with nothing but the boilerplate: the text must repeat the name
        first = heading["name"].split()[0].casefold()
        return below.casefold().startswith(first) and len(below) >= MIN_TEXT
    return len(below) >= MIN_TEXT or BULLET.match(below) is not None


def _is_profile(text: str, paragraphs: Sequence[Span], number: int) -> bool:
    """Whether a paragraph says who the issuer is, with only formal lines and profiles below it."""
    words = text[slice(*paragraphs[number])]
    after_end = number > 0 and is_end_mark(text[slice(*paragraphs[number - 1])])
    if not _is_profile_text(words) and not (after_end and _is_profile_after_end_mark(words)):
        return False
    for later in range(number + 1, len(paragraphs)):
        below = text[slice(*paragraphs[later])]
        formal = (
            len(below) <= _MAX_LINE_BELOW or PHONE_OR_EMAIL.search(below) or _HEADING.match(below)
        )
        if not (
            formal or opens_contact(text, paragraphs, later) or _is_another_profile(below, words)
        ):
            return False
    return True


def _is_profile_text(words: str) -> bool:
    if len(words) <= _MAX_ABOUT and _LIFE_STORY.match(words):
        long = len(_SENTENCE_END.findall(words)) >= _MIN_LIFE_SENTENCES
        return long and not (_NEWS.search(words) or PHONE_OR_EMAIL.search(words))
    if not (_PROFILE.match(words) or _PROFILE_AS_MEMBER.match(words)):
        return False
    if not _REPRESENTS.search(words) and len(_SENTENCE_END.findall(words)) < _MIN_SENTENCES:
        return False
    return not (_NEWS.search(words) or PHONE_OR_EMAIL.search(words))


def _is_profile_after_end_mark(words: str) -> bool:
    return (
        _PROFILE_AFTER_END_MARK.match(words) is not None
        and len(words) >= MIN_TEXT
        and not _NEWS.search(words)
    )


def _is_another_profile(below: str, profile: str) -> bool:
    """Whether a paragraph below a profile is another one."""
    return _is_profile_text(below) and below != profile
