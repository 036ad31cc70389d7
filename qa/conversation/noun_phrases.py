"""The noun phrases of an English question, by its function words and a list of common verbs.

    noun_phrases("What is the new minimum wage in Yukon?")  # "the new minimum wage in Yukon"

A stretch between function words is a noun phrase once its verb is cut off. This is far from a
parser, but questions are short, and what it gets wrong is only shown less well.
"""

import re
from dataclasses import dataclass

from index.text.stopwords import function_words
from index.types import Span
from qa.query.answer_type import answer_spans


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TOKEN = re.compile(r"[^\W_](?:(?:[\w'’.\-/&]|(?<=\d),(?=\d))*\w)?|[^\w\s]")
_INDEFINITE = re.compile(r"(?:a|an)\s+", re.IGNORECASE)
_ASKED_OF = re.compile(r"\s+(?:did|do|does|has|have|had|will|would|can|could|may|must|should)\b")
_PREPOSITION_BEFORE = re.compile(
    r"\b(?:of|for|with|on|in|against|at|from|to|by|about|into|under|after|over)\s+"
    r"(?:(?:which|what|how many)\s+)?\Z",
    re.IGNORECASE,
)
_DETERMINERS = _words("the a an this that these those")
_PRONOUN_DETERMINERS = _words("his her its their my our your whose")
_AUXILIARIES = _words(
    """
did does do is are was were has have had will would can could may might should must
    """
)
_NOT_NOUNS = _words(
    """
many much long large big old far per according late early overnight how's likely able aside wrong
right away
    """
)
_ATTACHED = _words("of for with on in against at")
"""Prepositions that may join a second noun phrase to the first."""
_BASE_VERBS = _words(
    """
accept accuse add agree allow announce appear apply appoint approve argue ask attend award back
ban begin believe block blame bring build burn buy call cause change charge choose claim close
come commit complain condemn confirm congratulate cost cover create criticise criticize cut deal
decide deliver demand discuss do draw drop earn end expect face fail fall fight file fill find
fix form fund gain get give go grant grow happen have head hear help hire hit hold honor honour
include increase introduce invest join keep launch lead learn leave let like live look lose make
manage mark mean meet mention move name need nominate obtain offer open oppose order own pass
pay pick plan play praise press pressure promise propose protect provide pull push put quit
raise reach receive recommend recover reduce refuse reject remain remember replace reply report
represent require respond return run save say secure see seek seize send serve set shut sign
speak spend stand start stay step stop study submit suffer support take talk tell test thank
think tour train treat try turn urge use visit vote want warn welcome win wish work write
    """
)
_PAST_VERBS = _words(
    """
began bought brought built came chose cost cut did drew fell felt fought found gave got grew
heard held hit kept knew led left let lost made meant met paid put quit ran said sat saw sent
set shut sold spent spoke stood taken took told thought went won wrote written given
    """
)
_UNCOUNTED = ("ss", "us", "is", "news", "series")
_PEOPLE = _words("people children men women kids police persons")
_MOST_WORDS = 9


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A noun phrase of a text.

    Attributes:
        text: Its words, with a second phrase that a preposition joins to it.
        span: Where the text stands.
        head: Its last word before any preposition.
        several: Whether the head is a plural.
        determined: Whether it has a determiner or a possessor of its own.
        acts: Whether it may be who does something: no preposition stands before it, and no
            question such as "How many cigarettes did Ontario seize?" makes it an object.
    """

    text: str
    span: Span
    head: str
    several: bool
    determined: bool
    acts: bool

    def with_article(self) -> str:
        """Return the text with "the" unless it has a determiner; "a" becomes "the" too."""
        return _INDEFINITE.sub("the ", self.text) if self.determined else f"the {self.text}"


def noun_phrases(text: str) -> list[NounPhrase]:
    """Return the noun phrases of a text in English, in order; dates are none."""
    dates = [span for span, _ in answer_spans(text, "date")]
    chunks = [c for c in _chunks(text) if not _is_date(text, c, dates)]
    found: list[NounPhrase] = []
    place = 0
    while place < len(chunks):
        first = chunks[place]
        start, end = first[0][0], first[-1][1]
        head = text[slice(*first[-1])]
        words = len(first)
        while place + 1 < len(chunks):
            following = chunks[place + 1]
            between = text[end : following[0][0]].split()
            if len(between) != 1 or between[0].lower() not in {*_ATTACHED, "and"}:
                break
            if between[0].lower() == "and":
                head = text[slice(*following[-1])]
            words += len(following) + 1
            if words > _MOST_WORDS:
                break
            end = following[-1][1]
            place += 1
        place += 1
        opening = text[slice(*first[0])]
        if opening.lower() in _PRONOUN_DETERMINERS or _is_pronoun(head):
            continue
        if re.search(r"['’]s?\Z", head):
            continue
        determined = (
            opening.lower() in _DETERMINERS
            or head[:1].isupper()
            or any(re.search(r"['’]s?\Z", text[slice(*word)]) for word in first[:-1])
        )
        acts = not (_ASKED_OF.match(text, end) or _PREPOSITION_BEFORE.search(text, 0, start))
        found.append(
            NounPhrase(text[start:end], (start, end), head, _is_plural(head), determined, acts)
        )
    return found


def _chunks(text: str) -> list[list[Span]]:
    """Return the stretches of words that are neither function words nor verbs, with determiners."""
    stop = function_words("en")
    chunks: list[list[Span]] = []
    current: list[Span] = []
    awaiting = False  # an auxiliary was read, its verb not yet
    verbless = True  # neither was read

    def close() -> None:
        nonlocal current
        if any(text[slice(*s)].lower() not in _DETERMINERS | _PRONOUN_DETERMINERS for s in current):
            chunks.append(current)
        current = []

    tokens = list(_TOKEN.finditer(text))
    for number, match in enumerate(tokens):
        word, lower = match.group(), match.group().lower()
        span = match.span()
        before_this = tokens[number - 1].group().lower() if number else ""
        following = tokens[number + 1].group().lower() if number + 1 < len(tokens) else ""
        before = text[slice(*current[-1])].lower() if current else ""
        opens = not current or before in _DETERMINERS | _PRONOUN_DETERMINERS
        if lower == "that" and current:  # "the bill that passed"
            close()
        elif lower in _DETERMINERS or lower in _PRONOUN_DETERMINERS:
            close()
            current = [span]
        elif lower in _AUXILIARIES or lower.removesuffix("'s").removesuffix("’s") in (
            "what", "who", "where", "how", "when", "why", "it", "that", "there", "he", "she",
        ):  # fmt: skip
            close()
            awaiting = awaiting or lower in _AUXILIARIES or "'" in lower or "’" in lower
            verbless = verbless and not awaiting
        elif (
            not word[0].isalnum()
            or lower in _NOT_NOUNS
            or (lower in stop and not (word[0].isupper() and current))
        ):
            close()
            verbless = verbless and lower not in _PAST_VERBS
        elif word[0].isupper() and current and _is_plural(before) and before in text:
            close()  # "the kids Santorum praised"
            current = [span]
        elif (
            (before_this == "to" and lower in _BASE_VERBS)
            or (before_this in ("who", "what", "many") and verbless and _may_follow_who(lower))
            or _is_verb(
                word, following=following, opens=opens, awaiting=awaiting, verbless=verbless
            )
        ):
            close()
            awaiting = verbless = False
        else:
            current.append(span)
    close()
    return chunks


def _may_follow_who(lower: str) -> bool:
    return (
        lower.endswith("ed")
        or lower in _PAST_VERBS
        or (lower.endswith("s") and lower[:-1] in _BASE_VERBS)
    )


def _is_verb(word: str, *, following: str, opens: bool, awaiting: bool, verbless: bool) -> bool:
    """Whether a word that is no function word is the verb of its clause.

    Args:
        word: The word.
        following: The next one, in small letters.
        opens: Whether it would open a noun phrase.
        awaiting: Whether an auxiliary calls for a verb.
        verbless: Whether no verb came before.
    """
    lower = word.lower()
    if word[0].isupper():
        return False
    if lower in _PAST_VERBS:
        return True
    if lower.endswith("ed") and len(lower) > 4:  # noqa: PLR2004 - not "red"
        return awaiting or not opens
    if lower.endswith("ing"):
        return awaiting
    if lower in _BASE_VERBS:
        return awaiting and following not in _BASE_VERBS
    return verbless and not opens and lower.endswith("s") and lower[:-1] in _BASE_VERBS


def _is_date(text: str, chunk: list[Span], dates: list[Span]) -> bool:
    """Whether a chunk has nothing but a date, besides its determiner."""
    return all(
        text[slice(*span)].lower() in _DETERMINERS
        or any(start <= span[0] and span[1] <= end for start, end in dates)
        or text[slice(*span)].isdigit()
        for span in chunk
    )


def _is_pronoun(word: str) -> bool:
    return word.lower() in ("one", "ones", "anybody", "anyone", "nothing", "something", "anything")


def _is_plural(word: str) -> bool:
    lower = word.lower()
    return lower in _PEOPLE or (lower.endswith("s") and not lower.endswith(_UNCOUNTED))
