"""What every front end says and shows of an answer in the same way.

How sure it is in words, the sentence for no answer, which highlights are painted, how a headline
reads, and which passages stand together. Pure functions over `Answer`; the text is cleaned where it
is drawn.
"""

import re
from collections.abc import Sequence

from index.filters import NO_FILTERS, Filters
from index.text.dates import MONTHS
from qa.figures.amounts import find_amounts, first_number
from qa.find_command import find_command, track_command
from qa.types import Answer, Highlight, RankedPassage, ReleaseRef

LEAST_READER = 0.9
"""Evidence below the first passage is painted where the reader is at least this sure that the
passage answers. Of the sentences marked in the second to fifth passages, 9 of 21 hold the answer
then, and 11 of 298 of the others (first set of questions about releases; of the second, 2 of 8 and
15 of 236; benchmarks/alternatives.py)."""

NO_PASSAGES = "no passage shares words or meaning with the question"
NOT_CLEAR = "no passage clearly answers the question"
NO_RELEASE = "no release mentions"
NOT_IN_RELEASE = "no passage searched in the release mentions"
"""Reasons, or how they begin, that name nothing to do about it: a list of the question's words is
for programs, while people see in the passages what is missing."""

ONLY_WORDS = "these passages only share words with the question"
"""Reason where a search by words follows one by meaning that found no answer."""

NO_ANSWER = "I couldn't find an answer"
CLOSEST_PASSAGES = "Closest passages:"

_SURE = (
    (95, "almost certain"),
    (80, "very likely"),
    (60, "likely"),
    (40, "perhaps"),
    (0, "unlikely"),
)
_LEAST, _MOST = 0.01, 0.99
BETWEEN = " · "
"""Stands between the items of a list, and between candidates."""

_RELATIVE_DAY = re.compile(
    r"\b(?:today|yesterday|tomorrow|tonight"
    r"|(?:this|last|next) (?:morning|afternoon|evening|night|week|month|year|fall|spring|summer"
    r"|winter)|(?:earlier )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)\Z",
    re.IGNORECASE,
)
"""Words that end with a day or a time that depends on the day of the release."""
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_LINE_END = re.compile("[\n\r\u2028\u2029]")
_BULLET = re.compile(r"^(?:[-–—•·*▪◦‣]|\d{1,3}[.)])\s+")
_QUOTE_MARKS = frozenset('“”„«»"')
_RELEASES = r"(?:press |news |media )?(?:releases|documents|articles)\b"
_BEGIN = r"^\W*(?:please |can you |could you |i want you to )*"
_COUNT = re.compile(
    rf"{_BEGIN}(?:how many {_RELEASES}|count (?:all|every|the)\b|"
    rf"(?:what is )?the number of {_RELEASES})",
    re.IGNORECASE,
)
_LIST = re.compile(
    rf"{_BEGIN}(?:(?:list|show|name|find|give)(?: me)? "
    rf"(?:(?:all|every|each|a list of)\b|(?:the )?{_RELEASES})|"
    rf"list (?:me )?the\b|(?:which|what) {_RELEASES}|what are all\b)",
    re.IGNORECASE,
)
_PROSE = re.compile(
    rf"{_BEGIN}(?:(?:give|write|make)(?: me)? an? (?:\w+ )?"
    r"(?:summary|overview|comparison|translation)|"
    r"summari[sz]e|sum up|compare|translate|rewrite|paraphrase)\b",
    re.IGNORECASE,
)
_INSTEAD = {
    _COUNT: "An answer is one passage, so nothing is counted: releaseqa list shows the releases "
    "that match the filters, releaseqa status says how many there are.",
    _LIST: "An answer is one passage, so it cannot list everything: releaseqa list shows the "
    "releases that match the filters, releaseqa table asks every release, releaseqa quotes lists "
    "who said what.",
    _PROSE: "Answers are copied word for word, so nothing is summarised, compared or translated: "
    "releaseqa show prints a whole release, releaseqa table puts facts of releases side by side.",
}
"""What to use where a question asks for more than a passage can be."""
_EVERYTHING = "An answer is one passage; for everything that matches: "
_TRACK = "releaseqa track "
_OVER_TIME = "An answer is one passage; for the answers of all releases, by date: "


def sure_words(confidence: float) -> str:
    """Describe a confidence in words, which fit the percentage that may stand beside them.

    Args:
        confidence: Between 0 and 1.
    """
    return next(words for bound, words in _SURE if round(confidence * 100) >= bound)


def percentage(confidence: float) -> str:
    """Return a confidence as a percentage that is never 0 or 100: no answer is certain.

    Args:
        confidence: Between 0 and 1.
    """
    if confidence > _MOST:
        return f"over {_MOST:.0%}"
    return "under 1%" if confidence < _LEAST else f"{round(confidence * 100)}%"


def no_more_than(confidence: float) -> str:
    """Return the percentage of a confidence that is too low, not rounded up to one that is not."""
    return "under 1%" if confidence < _LEAST else f"{min(99, int(confidence * 100 + 1e-6))}%"


def certainty(answer: Answer) -> str:
    """Return how sure an answer is, in words; with several candidates, that either may be right."""
    if not answer.alternatives:
        return sure_words(answer.confidence)
    return "any of them may be right" if answer.alternatives[1:] else "either may be right"


def candidates_line(answer: Answer) -> str:
    """Return the exact words, or all candidates where several compete; empty without words.

    The items of a list have the same sign between them.
    """
    if not answer.alternatives:
        return answer.answer.joined(BETWEEN) if answer.answer else ""
    words = BETWEEN.join(candidate.text for candidate in answer.candidates)
    return f"{len(answer.candidates)} candidates: {words}"


def undated_note(answer: Answer) -> str:
    """Return that nobody knows the day where the words are a day such as "today", else nothing.

    It is told from the date of the release, and this release has none.
    """
    if not answer.candidates:
        return ""
    words = answer.candidates[0]
    undated = answer.passages[words.passage].release.date is None
    return "the release is undated" if undated and _RELATIVE_DAY.search(words.text) else ""


def searched_instead(answer: Answer) -> str:
    """Return one sentence on the words that were taken for mistyped; empty if there are none."""
    if not answer.corrections:
        return ""
    *before, last = (f"{word.searched} instead of {word.typed}" for word in answer.corrections)
    words = f"{', '.join(before)} and {last}" if before else last
    return f"Searched for {words}; for the exact word, put it in quotation marks."


def everything(answer: Answer, filters: Filters = NO_FILTERS) -> str:
    """Return where to find everything that a question asks for: a command to paste.

    Args:
        answer: The answer, which is one passage.
        filters: The filters it was asked with.

    Returns:
        Empty, unless the question asks for all of something.
    """
    command = find_command(answer.asked_as, filters)
    if command is None:
        return ""
    return f"{_OVER_TIME if command.startswith(_TRACK) else _EVERYTHING}{command}"


def other_values(answer: Answer, filters: Filters = NO_FILTERS) -> str:
    """Return where to find the values that other releases give; empty if none competes.

    Args:
        answer: The answer.
        filters: The filters it was asked with, which the command has as options.
    """
    if answer.answer is None or not _is_value(answer.answer.text):
        return ""
    own = answer.passages[answer.answer.passage].release.id
    others = {answer.passages[words.passage].release for words in answer.alternatives}
    number = len({release.id for release in others if release.date and release.id != own})
    if not number:
        return ""
    verb = "gives another value" if number == 1 else "give other values"
    command = track_command(answer.asked_as, filters)
    return f"Others: {counted(number, 'release')} {verb}; by date: {command}"


def _is_value(words: str) -> bool:
    """Whether words are an amount, a percentage or a count, and no date."""
    text = " ".join(words.split())
    if any(word.strip(".,").casefold() in MONTHS for word in text.split()):
        return False
    number = first_number(text)
    return bool(find_amounts(text)) or (
        number is not None and not _YEAR.fullmatch(text[slice(*number.span)])
    )


def unmet_request(answer: Answer, filters: Filters = NO_FILTERS) -> str:
    """Return what to use for a question that asks for more than a passage; else an empty string.

    Such a question asks for a list, a count, or words that nobody wrote, such as a summary.
    """
    instead = (said for asks, said in _INSTEAD.items() if asks.match(answer.question))
    return everything(answer, filters) or next(instead, "")


def no_answer(answer: Answer, filters: Filters = NO_FILTERS) -> str:
    """Return one sentence that says there is no answer, with the reason where it helps.

    For a question that asks for more than a passage, another names what can be used instead.

    Args:
        answer: The answer.
        filters: The filters it was asked with, which a command has as options.
    """
    instead = unmet_request(answer, filters)
    if instead:
        return f"{NO_ANSWER}. {instead}"
    reason = answer.reason or NOT_CLEAR
    usual = reason in {NO_PASSAGES, NOT_CLEAR} or reason.startswith((NO_RELEASE, NOT_IN_RELEASE))
    return f"{NO_ANSWER}." if usual else f"{NO_ANSWER}: {reason.rstrip('.')}."


def quotation(words: str) -> str:
    """Return words of a release on one line, between quotation marks if they have none.

    A list item loses its bullet.
    """
    line = _BULLET.sub("", " ".join(words.split()))
    return line if is_quoted(line) else f"“{line}”"


def is_quoted(words: str) -> bool:
    """Whether words of a release have quotation marks, so that another pair would confuse."""
    return not _QUOTE_MARKS.isdisjoint(words)


def is_painted(passage: RankedPassage) -> bool:
    """Whether the evidence of a passage is painted: in the first, and where the reader is sure."""
    return passage.rank == 1 or (passage.scores.reader or 0.0) >= LEAST_READER


def painted(passage: RankedPassage) -> tuple[Highlight, ...]:
    """Return the highlights of a passage that are shown; words of the question always are."""
    if is_painted(passage):
        return passage.highlights
    return tuple(mark for mark in passage.highlights if mark.kind == "term")


def headline(release: ReleaseRef) -> str:
    """Return the headline of a release on one line, or what stands for it where there is none."""
    lines = map(str.strip, _LINE_END.split(release.title))
    return " ".join(filter(None, lines)) or "Untitled release"


def by_release(passages: Sequence[RankedPassage]) -> list[list[RankedPassage]]:
    """Return passages together with the others of their release, the best release first."""
    groups: dict[str, list[RankedPassage]] = {}
    for passage in passages:
        groups.setdefault(passage.release.id, []).append(passage)
    return list(groups.values())


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 passage`, `3 passages`."""
    return f"{number:,} {noun}" + "s" * (number != 1)
