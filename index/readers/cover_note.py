"""Finds where the release begins in a mail that opens with a note to the reader.

"Dear all, please find our release below. Best wishes, Jane" stands above many releases; so do the
headers of a message that was forwarded, which say who sent it, and when.
"""

import re

_MAX_NOTE = 3_000
"""Characters from the start in which a note stands."""

_GREETING = re.compile(
    r"\A\s*(?:hi|hello|dear|good (?:morning|afternoon|day)|bonjour|bonsoir|madame|monsieur|"
    r"mesdames|"
    r"chère?s?|sehr geehrte|guten (?:tag|morgen)|liebe[rs]?|hallo|hola|buen(?:os|as) \w+|"
    r"estimad[oa]s?|beste|geachte|caro|gentil[ei]|prezad[oa]s?)\b[^\n]{0,60}[,!:.]?[ \t]*\n",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^(?:(?:(?:with )?(?:best|kind|warm|many)?(?: ?(?:wishes|regards|thanks))|best|cheers|"
    r"thanks?(?: you)?|"
    r"sincerely|yours \w+|"
    r"(?:bien )?cordialement|vous en souhaitant bonne réception|salutations|mit "
    r"(?:freundlichen|besten) "
    r"grüßen|viele grüße|freundliche grüße|beste grüße|(?:un )?(?:cordial )?saludos?|atentamente|"
    r"met vriendelijke groet|cordiali saluti|atenciosamente))[,.!]?[ "
    r"\t]*(?:\n[^\n]{1,60})?(?:\n|\Z)",
    re.IGNORECASE | re.MULTILINE,
)
_FORWARDED = re.compile(
    r"^(?:[->]{2,40} ?)?(?:(?:begin )?forwarded message|original message|message transféré|message "
    r"d[’']origine|weitergeleitete nachricht|mensaje reenviado)?[ :>-]{0,40}\n?"
    r"(?:^>?[ \t]*\*?(?:from|de|von|to|à|an|para|cc|date|datum|fecha|sent|envoyé|gesendet|enviado|"
    r"subject|objet|betreff|asunto)\*? ?:\*?[^\n]*\n){2,8}",
    re.IGNORECASE | re.MULTILINE,
)
_FORWARDED_DATE = re.compile(
    r"^>?[ \t]*\*?(?:date|datum|fecha|sent|envoyé|gesendet|enviado)\*? ?:\*?[ "
    r"\t]*(?P<date>[^\n]{6,80})",
    re.IGNORECASE | re.MULTILINE,
)

_FORWARDED_FROM = re.compile(
    r"^-+ ?(?:forwarded message|original message|message transféré|message d[’']origine) ?-+\s*\n"
    r"(?:(?:date|sent|subject|to)[^\n]*\n)*(?:from|de) ?: (?P<name>[^\n<@]+?) *<",
    re.IGNORECASE | re.MULTILINE,
)


def release_start(text: str) -> int:
    """Return where the release begins behind a note or a forwarded message's headers; 0 without."""
    start = 0
    forwarded = _FORWARDED.search(text, 0, _MAX_NOTE)
    if forwarded is not None:
        start = forwarded.end()
    greeting = _GREETING.match(text[start : start + _MAX_NOTE])
    if greeting is not None:
        closing = _CLOSING.search(text, start + greeting.end(), start + _MAX_NOTE)
        if closing is not None:
            start = closing.end()
    return start if text[start:].strip() else 0


def forwarded_date(text: str) -> str | None:
    """Return the date in the headers of the message that another one carries, as it is written."""
    forwarded = _FORWARDED.search(text, 0, _MAX_NOTE)
    found = _FORWARDED_DATE.search(forwarded[0]) if forwarded is not None else None
    return found["date"] if found is not None else None


def forwarded_sender(text: str) -> str | None:
    """Return the name of the sender of the message that another one carries."""
    forwarded = _FORWARDED_FROM.search(text)
    return forwarded["name"].strip(' "') if forwarded is not None else None
