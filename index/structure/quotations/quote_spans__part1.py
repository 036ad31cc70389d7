"""Where the sentences of a stretch begin and end, abbreviations before a name left alone."""

import re

_CLAUSE_END = re.compile(r"[.!?][”\"»)]?\s+(?=\W?[A-ZÀ-Þ])|[.!?](?=[A-ZÀ-Þ“])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Sen|Sens|Rep|Reps|Gov|Hon|Gen|Lt|Col|Sgt|Supt|Prof|Rev|St|Jr|Sr|M|"
    r"Mme|U\.S|D\.C|No|Capt|Maj|Ste|vs|Inc|Corp|Co|Ltd)|\b[A-ZÀ-Þ])\.\Z"
)


def clause_start(text: str, start: int, end: int) -> int:
    """Return where the last sentence of a stretch begins."""
    found = start
    for match in _CLAUSE_END.finditer(text, start, end):
        if not _ABBREVIATED.search(text, max(0, match.start() - 5), match.start() + 1):
            found = match.end()
    return found


def clause_end(text: str, start: int, end: int) -> int:
    """Return where the first sentence of a stretch ends, its full stop included."""
    for match in _CLAUSE_END.finditer(text, start, end):
        if not _ABBREVIATED.search(text, max(0, match.start() - 5), match.start() + 1):
            return match.start() + 1
    return end
