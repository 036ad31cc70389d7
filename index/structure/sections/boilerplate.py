"""What an issuer says of itself below every release: "About …", or a profile without a heading.

A heading counts where a text follows that looks the part. Without one, the last paragraphs of a
release count that begin with a name and say what it is, in the words in which offices and
companies describe themselves: whom they represent, on what they sit, what they provide. Body text
taken for boilerplate is worse than boilerplate left as body, so nothing else does.
"""

import re
from collections.abc import Sequence

from index.structure.paragraphs import ABOUT_RUN_IN, BULLET, WRAP_WIDTH, is_end_mark
from index.structure.sections.contacts import REACHED, opens_contact
from index.types import Span

PROSE = 80
"""Characters; what stands below a heading "About X" is at least as long, or a list."""

_LONGEST_ABOUT = 1_500
"""Characters; in a longer line what a heading "About X" opens has run on into something else."""

_BELOW = 60
"""Characters; a line no longer than this may stand below a profile: a link, an end mark."""

_LAST_BLOCKS = 12
"""Blocks at the end among which a profile stands."""

_STANDING = 3
"""Sentences; a shorter paragraph that names offices alone is as likely about the news."""

_LIFE_SENTENCES = 2
"""Sentences; a life has at least as many."""

_HEADING = re.compile(
    r"^\W*(?:About|ABOUT|À propos d[eu’']s?|À PROPOS D[EU’']S?)\s?"
    r"(?:(?:[Tt]he|THE|our|la|les?|l[’'])\s?)?(?P<name>[A-ZÀ-Þ“\"][^\n]{1,80})"
    r"(?<!\bBill)(?<!\bAct)(?<!\bLegislation)(?<!\bAmendment)(?<!\bReport)(?<![.!?,;])\s*:?$"
)
"""What is said about a bill or a report is no boilerplate: the release is about it."""

_BARE = re.compile(r"^\W*(?:About|ABOUT|À propos|À PROPOS)(?: (?:us|US|nous|NOUS))?\W*$")
"""A heading that leaves the name to the text below it."""

_RUN_IN = re.compile(
    r"^\W*(?:About|À propos d[eu’'])\s?(?:the |la |l[’'])?[A-ZÀ-Þ][^.:\n]{1,60}:\s*\S"
)
_OFFICE = (
    r"(?:U\.S\. )?(?:Representative|Rep\.|Congressman|Congresswoman|Senator|Sen\.|"
    r"Minister|Governor|Gov\.|Mayor|Dr\.|Mr\.|Mrs\.|Ms\.)"
)
_NAME = (
    r"(?:[A-ZÀ-Þ][\w.’'&-]*|of|and|the|for|de)(?:,? (?:[A-ZÀ-Þ][\w.’'&-]*|of|and|the|for|de)){0,8}"
)
_SUBJECT = (
    r"(?!(?:It|He|She|We|They|This|That|These|There|I)\b)"
    rf"(?:The )?(?:{_OFFICE} )*{_NAME}(?:,? (?:\([^()\n]{{2,20}}\)|Ph\.D\.|M\.D\.|Inc\.|Ltd\.))*,?"
)
_DOES = (
    r"(?:(?:is (?:proud|honored|honoured) to|proudly|currently|also|now) )*"
    r"(?:(?:has )?(?:represented|represents?|served?|serves|sat|sits|chaired|chairs)|"
    r"is (?:currently |also |now |in |serving )*"
    r"(?:a|an|the|one of the|serving (?:his|her|their))\b)"
)
_SELF = (
    r"\b(?:District|Committees?|Subcommittees?|Caucus|Congress(?:wo)?man from|Member of Congress|"
    r"(?:Representative|Senator) (?:of|for|from)|(?:first|second|third|fourth|fifth|\w+th) term|"
    r"(?:leading|global|independent|non-?profit|not-for-profit|international|national) "
    r"(?:\w+ ){0,4}(?:provider|supplier|manufacturer|company|organi[sz]ation|association|charity|"
    r"firm|agency|institute|network|developer|producer|distributor|operator|group)|"
    r"(?:partnership|non-?profit|not-for-profit|foundation|corporation) (?:that|which|with|of))\b"
)
_SENTENCE = r"(?:[^.\n]|\.(?=\S)|(?<=U\.S)\.){0,240}?"
_PROFILE = re.compile(rf"\A\W*{_SUBJECT} {_DOES}{_SENTENCE}{_SELF}")
_BEHIND_END = re.compile(
    rf"\A\W*(?:The )?(?:{_OFFICE} )+{_NAME}(?: \([^()\n]{{2,20}}\))?,? "
    r"(?:is|was|has been|has (?:long )?(?:represented|served)|represents|serves|sits|"
    r"chairs|co-chairs)\b"
)
"""A holder of an office and what they are: behind the end mark that is no news."""

_LIFE = re.compile(
    rf"\A\W{{0,9}}(?=(?:The )?{_OFFICE}|[^\n]*\b(?:Congress|Committee|Senate)\b)"
    rf"(?:The )?(?:{_OFFICE} )*{_NAME}(?: \([^()\n]{{2,20}}\))?,? "
    r"(?:is (?:[\w-]+ ){0,3}(?:(?:[Cc]o-?|[Vv]ice )?[Cc]hair\w*|[Mm]ember)|has been(?= in | a )|"
    r"has (?:long )?(?:represented|served)|represents|serves|sits|chairs|co-chairs|was elected)\b"
    r"[^\n]*\b(?:served previously|previously served|"
    r"in (?:Congress|the Senate|the House|office) since|first elected|was born|ever to|"
    r"(?:was|were) (?:first )?(?:elected|appointed)|has been a(?: \w+)? leader|"
    r"co-?authored legislation)\b"
)
"""What a holder of an office has been before or did long ago: their life, not the news."""

_AS_MEMBER = re.compile(
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
"""Words of what happened, which no standing text has in its first sentence."""


def opens_boilerplate(text: str, blocks: Sequence[Span], number: int) -> bool:
    """Whether a paragraph opens boilerplate: a heading, one run into its text, a profile."""
    words = text[slice(*blocks[number])]
    if _is_heading(text, blocks, number):
        return True
    if number == 0:
        return False
    if _RUN_IN.match(words) and len(words) > PROSE:
        return True
    if ABOUT_RUN_IN.match(words) and PROSE < len(words) <= _LONGEST_ABOUT:
        return True
    return max(2, len(blocks) - _LAST_BLOCKS) <= number and _is_profile(text, blocks, number)


def _is_heading(text: str, blocks: Sequence[Span], number: int) -> bool:
    words = text[slice(*blocks[number])]
    if _BARE.match(words) and 0 < number < len(blocks) - 1:
        below = text[slice(*blocks[number + 1])]
        return len(below) >= PROSE and below.endswith(".")
    heading = _HEADING.match(words if len(words) <= WRAP_WIDTH else "")
    if heading is None:
        return False
    if number + 1 == len(blocks):
        return number > 0
    below = text[slice(*blocks[number + 1])]
    if number == 0:  # the first line of a copy that has nothing else: it must be named again
        first = heading["name"].split()[0].casefold()
        return below.casefold().startswith(first) and len(below) >= PROSE
    return len(below) >= PROSE or BULLET.match(below) is not None


def _is_profile(text: str, blocks: Sequence[Span], number: int) -> bool:
    """Whether a paragraph near the end says who the issuer is, with nothing but such below it."""
    words = text[slice(*blocks[number])]
    behind = number > 0 and is_end_mark(text[slice(*blocks[number - 1])])
    if not _reads_as_profile(words) and not (behind and _reads_behind_end(words)):
        return False
    for later in range(number + 1, len(blocks)):
        below = text[slice(*blocks[later])]
        formal = len(below) <= _BELOW or REACHED.search(below) or _HEADING.match(below)
        if not (formal or opens_contact(text, blocks, later) or _goes_with_profile(below, words)):
            return False
    return True


def _reads_as_profile(words: str) -> bool:
    if len(words) <= _LONGEST_ABOUT and _LIFE.match(words):
        told = len(_SENTENCE_END.findall(words)) >= _LIFE_SENTENCES
        return told and not (_NEWS.search(words) or REACHED.search(words))
    if not (_PROFILE.match(words) or _AS_MEMBER.match(words)):
        return False
    if not _REPRESENTS.search(words) and len(_SENTENCE_END.findall(words)) < _STANDING:
        return False
    return not (_NEWS.search(words) or REACHED.search(words))


def _reads_behind_end(words: str) -> bool:
    return _BEHIND_END.match(words) is not None and len(words) >= PROSE and not _NEWS.search(words)


def _goes_with_profile(below: str, profile: str) -> bool:
    """Whether a paragraph below a profile is another one."""
    return _reads_as_profile(below) and below != profile
