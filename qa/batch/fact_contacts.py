"""Contacts in a table of facts: which words of a release name one.

The reader answers "Who is the contact?" in any paragraph that speaks of contact: "people who had
close contact with that person". A cell of such a column has a contact: words with a phone number
or an e-mail address, or a name that stands in a contact paragraph or right beside a number.
"""

import re

from index.structure.contacts import PHONE_OR_EMAIL
from index.types import Span
from qa.query.question import ParsedQuestion

_BESIDE = 60
"""Characters between a name and a number that are beside each other."""
_NUMBER_LABELS = frozenset(
    "phone telephone tel cell mobile fax email e-mail mail téléphone tél courriel telefon".split()  # noqa: SIM905
)
"""Words before a number or an address."""
_LABELS = _NUMBER_LABELS | frozenset(
    "contact contacts media press news presse médias kontakt contacto prensa".split()  # noqa: SIM905
)
"""Words of headings, too, which name nobody."""
_JOINS = frozenset("of and for the de du des la le les et von van der den del".split())  # noqa: SIM905
_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
_LABEL_AT_END = re.compile(r"(?P<label>[^\W\d_][\w-]*)\W*\Z")
_TO_NUMBER = re.compile(r"[\s:.(+]{0,4}")


def asks_for_a_contact(question: ParsedQuestion) -> bool:
    """Whether a question asks for a contact: a person, an office, a number or an address."""
    return question.intent.section == "contact"


def contact_span(passage: str, kind: str, span: Span) -> Span | None:
    """Return where the contact in an answer stands; None if the answer is no contact.

    A number or an address that the answer cuts off is completed, and a label at its end is
    followed by its number or left out: "Health Regina Phone".

    Args:
        passage: The text of the passage.
        kind: The part that it plays in the release.
        span: Of the answer, into `passage`.
    """
    start, end = span
    numbers = [
        match.span()
        for match in PHONE_OR_EMAIL.finditer(passage)
        if any(map(str.isdigit, match[0])) or "@" in match[0]
    ]
    label = _LABEL_AT_END.search(passage, start, end)
    if label is not None and label["label"].lower() in _NUMBER_LABELS:
        at = _TO_NUMBER.match(passage, end)
        follows = [stop for begin, stop in numbers if at and end <= begin <= at.end()]
        end = follows[0] if follows else start + len(passage[start : label.start()].rstrip())
    for begin, stop in numbers:
        if begin < end < stop:
            end = stop
        if begin < start < stop:
            start = begin
    if start >= end:
        return None
    if any(start <= begin and stop <= end for begin, stop in numbers):
        return start, end
    near = kind == "contact" or any(
        begin - _BESIDE <= end and start <= stop + _BESIDE for begin, stop in numbers
    )
    return (start, end) if near and _begins_with_a_name(passage[start:end]) else None


def _begins_with_a_name(text: str) -> bool:
    """Whether a text begins with two words in capitals, or one of a script that has none."""
    names = 0
    for match in _WORD.finditer(text):
        word = match[0]
        if word.lower() in _LABELS or (names and word in _JOINS):
            continue
        if word[0].islower():
            return False
        names += 1
        if names > 1 or word.lower() == word.upper():
            return True
    return False
