"""The rules of structure: letterheads, headlines, datelines, quotations, transcripts."""

from structure_texts import BODY, LEAD

from fuzzing.core import Harness
from fuzzing.documents import letterheads, parse_all
from index.readers.base import Draft
from index.readers.charset import normalize_text
from index.structure.transcript import find_turns

_APART = "\x1f"
_TRANSCRIPT = """Minister Poe speaks on the ferry

Ann Poe, Minister of Ferries, spoke to the press on Monday. Here is what was said.

QUESTION: Why does the ferry leave so late?

MINISTER POE: Because of the ice. It takes an hour.

QUESTION: What will the new one cost, Minister?

MINISTER POE: Nothing more than now.
"""
_QUOTED = """FOR IMMEDIATE RELEASE
Contact: Ann Poe, 555-0100

“We waited,” said Dr. J.R. Poe, mayor of St. John's. “Now it is open.”
« C’est ouvert », a déclaré la ministre Jeanne Roy.

About the Town
The town is old.
-30-
"""


def run(data: bytes) -> None:
    """Parse a text; a title and an issuer may follow it, and each part is separated by 0x1f."""
    text, title, issuer = [
        *(
            normalize_text(part) or None
            for part in data.decode("utf-8", "replace").split(_APART, 2)
        ),
        None,
        None,
        None,
    ][:3]
    if text is None:
        return
    parse_all([Draft(text, title=title, issuer=issuer)])
    end = 0
    for turn in find_turns(text, 0, len(text), title or "", issuer or ""):
        start, stop = turn.span
        if not end <= start < stop <= len(text):
            raise AssertionError(turn)
        end = stop


def seeds() -> list[bytes]:
    """Releases of many issuers, a transcript, and quotations."""
    short = [_TRANSCRIPT, f"{_QUOTED}{_APART}It is open{_APART}Town of Poe", f"{LEAD}\n\n{BODY}"]
    return [*letterheads("txt", 2), *(text.encode() for text in short)]


HARNESS = Harness(
    run,
    seeds,
    words=tuple(
        word.encode()
        for word in (
            "\n\n",
            "\n",
            "“",
            "”",
            "« ",
            " »",
            '"',
            "’",
            " said ",
            ", said",
            " – ",
            " — ",
            "--",
            ":",
            "FOR IMMEDIATE RELEASE",
            "NEWS RELEASE",
            "Embargoed until ",
            "Contact: ",
            "HALIFAX, ",
            "March 3, 2021",
            "le 3 mars 2021",
            "03/04/2021",
            "(Business Wire)",
            "/CNW/ - ",
            "-30-",
            "###",
            "QUESTION: ",
            "MR. POE: ",
            "Q: ",
            "A: ",
            "About ",
            "• ",
            "1. ",
            "a) ",
            "Dr. ",
            "U.S.",
            "minister",
            "Senator",
            "Inc.",
            "\u2028",
            "\u200b",
            "\u0301",
            "İ",
            "ß",
            "ﬁ",
            "\u00ad",
            "\x1f",
            "Q. ",
            "[",
            "]",
            "(",
            ")",
            "…",
            "2021年3月3日",
            "Date: ",
            "Subject: ",
            "Re: ",
            "\t",
        )
    ),
)
