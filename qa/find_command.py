"""The command that gives everything a question asks for: `find`, `said`, `list` and others.

An answer is one passage, so a question that asks for all of something ("List all releases that
mention wild horses", "How many releases are about coal?"), for what somebody said ("Everything
Joly said about Korea", "What did Joly say about Korea?"), for amounts ("List releases that
announce more than $1 million"), for a change over time ("How has the minimum wage changed?") or
for news ("What is new since yesterday?", "What has changed since Monday?") is told the command that
does it. Patterns over English questions, and over the commonest of these in French
(`qa.french_requests`); pure.
"""

import re
import shlex

from index.filters import FILTERS, NO_FILTERS, Filters
from index.text.stopwords import function_words
from qa.figures.amounts import find_amounts
from qa.figures.types import Bound
from qa.french_requests import french_request

_THINGS = (
    r"(?:(?:press\s+|news\s+)?releases?|passages?|paragraphs?|articles?|announcements?|statements?"
    r"|mentions?|quotes?|quotations?|times|things?)"
)
_ABOUT = (
    r"(?:(?:that|which|where|who|it)\s+)*"
    r"(?:mention(?:s|ed|ing)?|(?:is|are|was|were)\s+(?:mentioned|about)|about|on|of|concern(?:s"
    r"|ing)?"
    r"|regarding|discuss(?:es)?|talks?\s+about|deals?\s+with|refers?\s+to|contains?"
    r"|related\s+to|there\s+(?:is|are)\s+(?:about|on))?"
)
_ASKS_FOR_ALL = re.compile(
    rf"""\W*(?:please\s+|can\s+you\s+|could\s+you\s+)?
    (?:
        (?:list|show|name|find|give|tell)(?:\s+(?:me|us))?\s+
        (?:(?:all|every|each|everything)\b|(?=(?:the\s+)?(?:\w+\s+)?(?:releases|articles)\b))
      | (?P<count>how\s+many\s+(?={_THINGS}\b))
      | (?:all|every|each)\s+(?=(?:of\s+)?(?:the\s+)?{_THINGS}\b)
      | (?:all|everything)\s+(?=(?:that\s+)?[^?]*\b(?:said|says|say|stated)\b)
      | everything\b
      | (?:which|what)\s+
        (?=(?:\w+\s+)?(?:releases|passages|articles|announcements|statements)
           \s+(?:mention|discuss|talk|deal|refer|contain|concern|are\s+about))
      | (?:all|every)\s+(?=(?:of\s+)?(?:the\s+)?\w+s\b)
        (?![^?]*\b(?:are|can|could|do|have|must|should|were|will|would)\b)
    )
    \s*(?:(?:of\s+)?(?:the\s+)?{_THINGS}\b)?\s*{_ABOUT}\s*(?P<topic>.*)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SAID = re.compile(
    r"(?:that\s+|what\s+)*(?P<who>.+?)\s+(?:has\s+|have\s+|had\s+)?(?:ever\s+)?"
    r"(?:said|says|say|stated)\b\s*(?:about|on|of|regarding|concerning)?\s*(?P<topic>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WHAT_DID = re.compile(
    r"\W*what\s+(?:else\s+)?(?:did|does|has|have)\s+(?P<who>.+?)\s+(?:ever\s+)?(?:say|said)\s+"
    r"(?:about|on|of|regarding|concerning)\s+(?P<topic>.*)",
    re.IGNORECASE | re.DOTALL,
)
_BY = re.compile(
    r"by\s+(?P<who>.+?)\s+(?:about|on|of|regarding|concerning)\s+(?P<topic>.*)",
    re.IGNORECASE | re.DOTALL,
)
_OVER_TIME = r"over\s+time|over\s+the\s+(?:years|months)|through\s+the\s+years"
_CHANGED = re.compile(
    rf"""\W*(?:
      how\s+(?:has|have|had|did|does)\s+(?P<changed>.+?)\s+
        (?:changed?|developed?|evolved?|risen|rise|fallen|fall|grown?|increased?|decreased?)
      | (?:(?:show|give)(?:\s+me)?\s+)?(?:an?\s+|the\s+)?(?:timeline|chronology)\s+(?:of|for)\s+
        (?P<timeline>.+?)
      | track\s+(?!records?\b)(?:how\s+)?(?P<tracked>.+?)(?:\s+(?:changed?|changes))?
      | (?:show\s+(?:me\s+)?|what\s+(?:is|was|are|were)\s+)?(?P<over>.+?)(?=\s+(?:{_OVER_TIME}))
    )(?:\s+(?:{_OVER_TIME}))?(?P<rest>(?:\s+(?:in|since|from|until|after|before)\s+(?:19|20)\d\d)*)
    \W*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_QUESTION_WORD = re.compile(r"(?:what|how|who|which|when|where)\b", re.IGNORECASE)
_YEARS = re.compile(r"\b(?P<word>in|since|from|until|after|before)\s+(?P<year>(?:19|20)\d\d)\b")
_WHEN = (
    r"today|yesterday|(?:this|last)\s+(?:week|month|year)"
    r"|(?:last\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|\d{1,3}\s+(?:days?|weeks?|months?|years?)\s+ago|\d{4}-\d\d-\d\d"
)
"""Dates as people say them and options take them."""
_SINCE_WHEN = re.compile(rf"\bsince\s+(?P<when>{_WHEN})(?!\w)", re.IGNORECASE)
_NEWS = re.compile(
    rf"""\W*(?:
        (?:(?:show|tell)\s+me\s+)?what(?:['’]s|\s+is|\s+was)?
      | (?P<anything>(?:is\s+there\s+)?anything)
      | (?:list|show|which)(?:\s+me)?(?:\s+the)?\s+(?:press\s+|news\s+)?releases(?:\s+that)?
    )
    \s+(?:new|(?:has|have)\s+(?:come\s+in|arrived|been\s+added)|came\s+in|arrived|were\s+added)
    (?:\s+(?:about|on|regarding|concerning)\s+(?P<topic>.+?))?
    (?:\s+(?:since\s+)?(?P<when>{_WHEN}))?\W*\Z""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_CHANGES = re.compile(
    rf"""\W*(?:what|(?P<releases>which\s+(?:press\s+|news\s+)?releases?))
    (?:\s+(?:has|have|was|were))?(?:\s+been)?
    \s+(?:changed|altered|edited|corrected|removed|withdrawn|deleted)
    (?:\s+(?:since\s+)?(?P<when>{_WHEN}))?\W*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_MENTIONED = re.compile(r"\s+(?:(?:is|are|was|were)\s+)?mentioned\W*$", re.IGNORECASE)
_AMOUNTS = re.compile(
    r"(?:the\s+)?(?:dollar\s+)?(?P<kind>amounts?(?:\s+of\s+money)?|sums?(?:\s+of\s+money)?|funding"
    r"\s+amounts|percentages|target\s+dates|deadlines)\b(?:\s+(?:that|which)\b)?",
    re.IGNORECASE,
)
_UNIT_OF = {"percentages": "percent", "target dates": "date", "deadlines": "date"}
_OVER: frozenset[Bound] = frozenset({"over", "at least"})
_UNDER: frozenset[Bound] = frozenset({"under", "up to"})
_LIMIT = re.compile(
    r"(?:an?\s+)?(?:more|less|greater|fewer)\s+than|over|under|above|below|exceed(?:s|ing)?"
    r"|at\s+least"
    r"|at\s+most|up\s+to|in\s+excess\s+of|no\s+(?:more|less)\s+than",
    re.IGNORECASE,
)
_OF_MONEY = re.compile(
    r"\b(?:announc|invest|spend|spent|pay|paid|provid|award|cost|grant|fund|giv|commit|pledg|worth"
    r"|promis|allocat|contribut|receiv|secur)\w*|\bin\s+funding\b",
    re.IGNORECASE,
)
"""Words that say no more than that it is about money."""
_PRONOUNS = frozenset({"he", "her", "him", "it", "one", "she", "them", "they", "we", "you"})
_CONTENT = frozenset({"mine", "will"})
"""Function words that are more often a pit and a testament in a topic."""
_WORD = re.compile(r"[^\s\"“”„«»(),;:!?]+")


def find_command(question: str, filters: Filters = NO_FILTERS) -> str | None:
    """Return the command for a question that asks for all, ready to paste into a shell.

    Args:
        question: The question, self-contained.
        filters: What was searched; the command has them as options.

    Returns:
        The command on one line; None if the question does not ask for all, or names nothing. For
        what somebody said, it is `releaseqa said`, for amounts `releaseqa figures`, for a change
        over time `releaseqa track`, and for what came in or changed since some day `releaseqa list`
        or `releaseqa changes`.
    """
    return (
        _news_command(question, filters)
        or _changes_command(question)
        or _track_command(question, filters)
        or _everything_command(question, filters)
        or _french_command(question, filters)
    )


def _everything_command(question: str, filters: Filters) -> str | None:
    """Return `find`, or `said` or `figures`, for a question that asks for all of something."""
    said = _WHAT_DID.match(question)
    asked = None if said else _ASKS_FOR_ALL.match(question)
    if asked is None and said is None:
        return None
    options = _filter_options(filters)
    topic = asked["topic"] if asked else ""
    said = said or _SAID.match(topic) or _BY.match(topic)
    speaker: list[str] = []
    if said is not None:
        topic = said["topic"]
        speaker = _words(said["who"])
        if " ".join(speaker).lower() in _PRONOUNS:
            return None  # nobody said who is meant
        options.pop("speaker", None)
    for found in _YEARS.finditer(topic):
        options |= _years(found["word"].lower(), int(found["year"]))
    for found in _SINCE_WHEN.finditer(topic):
        options["since"] = _date_option(found["when"])
    topic = _SINCE_WHEN.sub(" ", _YEARS.sub(" ", topic))
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    amounts = _figures_options(topic)
    if amounts is not None:
        topic, given_amounts = amounts
        words = _content(_OF_MONEY.sub(" ", topic))
        return shlex.join(["releaseqa", "figures", *words, *given_amounts, *given])
    words = _content(_MENTIONED.sub("", topic))
    if speaker:
        about = ["about", *words] if words else []
        return shlex.join(["releaseqa", "said", " ".join(speaker), *about, *given])
    if not words:
        return None
    count = ["--count"] if asked and asked["count"] else []
    return shlex.join(["releaseqa", "find", *words, *given, *count])


def _french_command(question: str, filters: Filters) -> str | None:
    """Return the command for a French question that asks for all of something, or for news."""
    asked = french_request(question)
    if asked is None:
        return None
    options = _filter_options(filters)
    if asked.since:
        options["indexed-since" if asked.news else "since"] = asked.since
    if asked.until:
        options["until"] = asked.until
    if asked.who:
        options.pop("speaker", None)
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    if asked.who:
        command = ["said", asked.who, *(["about", *asked.words] if asked.words else [])]
    elif asked.words or not asked.news:
        command = ["find", *asked.words]
    else:
        command = ["list"]
    since_last = ["--since-last"] if asked.news and not asked.since else []
    count = ["--count"] if asked.count else []
    return shlex.join(["releaseqa", *command, *given, *since_last, *count])


def _changes_command(question: str) -> str | None:
    """Return the command for what was changed or removed; "What was removed?" asks for facts."""
    asked = _CHANGES.match(question)
    if asked is None or not (asked["releases"] or asked["when"]):
        return None
    since = ["--since", _date_option(asked["when"])] if asked["when"] else []
    return shlex.join(["releaseqa", "changes", *since])


def _news_command(question: str, filters: Filters) -> str | None:
    """Return the command for what came in since a day, or else since it was last run.

    "What is new about the ferry?" asks for facts, unless it says since when.
    """
    news = _NEWS.match(question)
    if news is None:
        return None
    words = _content(news["topic"] or "")
    if (news["topic"] and not words) or (words and not (news["when"] or news["anything"])):
        return None
    options = _filter_options(filters)
    if news["when"]:
        options["indexed-since"] = _date_option(news["when"])
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    command = ["find", *words] if words else ["list"]
    return shlex.join(["releaseqa", *command, *given, *([] if news["when"] else ["--since-last"])])


def _date_option(when: str) -> str:
    return " ".join(when.lower().split())


def track_command(question: str, filters: Filters = NO_FILTERS) -> str:
    """Return the command that shows the answers to a question over time."""
    options = [part for n, value in _filter_options(filters).items() for part in (f"--{n}", value)]
    return shlex.join(["releaseqa", "track", " ".join(question.split()), *options])


def _track_command(question: str, filters: Filters) -> str | None:
    """Return the command for a question about a change over time; None for another."""
    found = _CHANGED.fullmatch(question)
    if found is None:
        return None
    names = ("changed", "timeline", "tracked", "over")
    topic = " ".join(next(found[name] for name in names if found[name]).split())
    if not _content(topic):
        return None
    asked = f"{topic}?" if _QUESTION_WORD.match(topic) else f"What is {topic}?"
    options = _filter_options(filters)
    for year in _YEARS.finditer(found["rest"]):
        options |= _years(year["word"].lower(), int(year["year"]))
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    return shlex.join(["releaseqa", "track", asked, *given])


def _figures_options(topic: str) -> tuple[str, list[str]] | None:
    """Return the rest of a topic that asks for amounts, and the options for them."""
    kind = _AMOUNTS.match(topic)
    rest = topic[kind.end() :] if kind is not None else topic
    for figure in find_amounts(rest, units=("money", "percent")):
        name = "over" if figure.bound in _OVER else "under" if figure.bound in _UNDER else None
        if name is None:
            continue
        options = ["--unit", figure.unit, f"--{name}", str(figure.value)]
        if figure.currency is not None and figure.currency.isalpha():
            options += ["--currency", figure.currency]
        start, stop = figure.span
        return f"{_LIMIT.sub(' ', rest[:start])} {rest[stop:]}", options
    if kind is None:
        return None
    return rest, ["--unit", _UNIT_OF.get(" ".join(kind["kind"].lower().split()), "money")]


def _words(text: str) -> list[str]:
    """Return the words of a text, as they were written, each of which begins with a letter."""
    words = [word.strip("'’-") for word in _WORD.findall(text)]
    return [word for word in words if word[:1].isalnum()]


def _content(topic: str) -> list[str]:
    """Return the words of a topic that matter, as they were written."""
    stop = function_words("en") - _CONTENT
    words = [re.sub("['’]s$", "", word.strip(".'’-")) for word in _WORD.findall(topic)]
    return [word for word in words if re.search(r"\w", word) and word.lower() not in stop]


def _years(word: str, year: int) -> dict[str, str]:
    if word in {"until", "before"}:
        return {"until": str(year - (word == "before"))}
    if word == "in":
        return {"since": str(year), "until": str(year)}
    return {"since": str(year + (word == "after"))}


def _filter_options(filters: Filters) -> dict[str, str]:
    """Return filters as the options that set them, without the two dashes."""
    values = {spec.option[2:]: spec.value(filters) for spec in FILTERS}
    return {
        name: ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value in values.items()
        if value
    }
