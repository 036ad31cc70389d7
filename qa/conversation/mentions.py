"""The names, dates and content words that a conversation has mentioned, and where.

Each is a term of the history that may or may not belong to the current question, as in query
resolution for conversational search (Voskarides et al., "Query resolution for conversational
search with limited supervision", SIGIR 2020). The terms of one name stay together.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from index.text.analyzer import fold, tokenize
from index.text.stopwords import function_words
from index.types import Span, overlap
from qa.conversation.types import Conversation
from qa.query.answer_type import answer_spans

LATEST = 8
"""The latest turns that count, besides those that name the topic."""

_INITIAL = re.compile(r"\b[A-Z]\Z")
_ABBREVIATION = re.compile(r"(?:\b[A-Z]\.){2,}\Z")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a term stands.

    Attributes:
        where: `topic` for a heading, `section` for the answer to a heading, `headline` for that
            of a release found, `question`, or `answer`: the answer span if it is known.
        age: Turns back, 1 for the latest; 0 for topics.
        order: Content words before it in its text.
        size: Content words in its text.
    """

    where: str
    age: int
    order: int
    size: int


@dataclass(slots=True)
class Term:
    """A term of the conversation.

    Attributes:
        term: Its compared form.
        text: As it was last written.
        phrase: The name or date it is part of, as written; else the word itself.
        is_name: Whether it is part of a name.
        is_number: Whether it holds a digit.
        mentions: Where it stands, oldest first.
    """

    term: str
    text: str
    phrase: str
    is_name: bool
    is_number: bool
    mentions: list[Mention] = field(default_factory=list)


def conversation_terms(conversation: Conversation, lang: str) -> dict[str, Term]:
    """Return the content terms of a conversation by their compared form, in order of mention.

    Args:
        conversation: The turns.
        lang: The language its words are compared in.
    """
    found: dict[str, Term] = {}
    for text, where, age in _texts(conversation):
        words = content_words(text, lang)
        for order, word in enumerate(words):
            term = found.get(word.term)
            if term is None:
                term = found[word.term] = Term(
                    word.term, word.text, word.phrase, word.is_name, word.is_number
                )
            elif word.is_name >= term.is_name and len(word.phrase) >= len(term.phrase):
                term.text, term.phrase = word.text, word.phrase
                term.is_name = word.is_name
            term.mentions.append(Mention(where, age, order, len(words)))
    return found


def _texts(conversation: Conversation) -> Iterator[tuple[str, str, int]]:
    """Yield the texts of a conversation, oldest first: text, where, age."""
    spoken = [turn for turn in conversation.turns if not turn.is_heading]
    for turn in conversation.turns:
        if turn.is_heading:
            yield turn.question, "topic", 0
            if turn.answer:
                yield turn.answer, "section", 0
    for age, turn in reversed(list(enumerate(reversed(spoken[-LATEST:]), start=1))):
        if turn.passages and turn.answer:
            yield turn.passages[0].title, "headline", age
        yield turn.asked_as, "question", age
        if turn.exact or turn.answer:
            yield turn.exact or turn.answer, "answer", age


def conversation_texts(conversation: Conversation, *, headlines: bool = True) -> tuple[str, ...]:
    """Return the texts of a conversation, latest first: headings, questions, answers, headlines."""
    order = ("topic", "section", "question", "answer", "headline")
    texts = [text for text in _texts(conversation) if headlines or text[1] != "headline"]
    said = sorted(texts, key=lambda text: (text[2], order.index(text[1])))
    return tuple(text for text, _, _ in said)


@dataclass(frozen=True, slots=True)
class ContentWord:
    """A content word of a text, with the name it is part of."""

    term: str
    text: str
    phrase: str
    is_name: bool
    is_number: bool


def content_words(text: str, lang: str) -> tuple[ContentWord, ...]:
    """Return the content words of a text, in order.

    Args:
        text: Any text.
        lang: The language its words are compared in.
    """
    stop = function_words(lang)
    names = name_spans(text, lang)
    found = []
    for token in tokenize(text, lang):
        start, end = token.span
        surface = text[start:end]
        name = next((span for span in names if span[0] <= start and end <= span[1]), None)
        if token.term in stop and (name is None or surface[:1].islower()):
            continue
        found.append(
            ContentWord(
                token.term,
                surface,
                text[slice(*name)] if name else surface,
                name is not None,
                bool(_DIGIT.search(surface)),
            )
        )
    return tuple(found)


def name_spans(text: str, lang: str, *, whole: bool = False) -> list[Span]:
    """Return the spans of names, without a leading function word; dates are none.

    Args:
        text: Any text.
        lang: Its language.
        whole: Whether the text is an answer, in which a capital at the beginning marks a name.
    """
    dates = [span for span, _ in answer_spans(text, "date")]
    stop = function_words(lang)
    found = []
    for start, end in _with_initials(text, [span for span, _ in answer_spans(text, "name")]):
        words = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text[start:end])]
        while words and fold(text[slice(*words[0])]).strip("'’") in stop:
            del words[0]
        if not words or any(overlap((words[0][0], words[-1][1]), date) for date in dates):
            continue
        if whole or len(words) > 1 or not _begins(text, words[0][0]):
            found.append((words[0][0], words[-1][1]))
    return found


def _with_initials(text: str, spans: list[Span]) -> list[Span]:
    """Return spans of names joined where only the point of an initial parts them.

    "David E. Nahmias" and "U.S." are one name each.
    """
    joined: list[Span] = []
    for start, end in spans:
        before = joined[-1] if joined else None
        if before and _INITIAL.search(text[slice(*before)]) and text[before[1] : start] in (
            ".", ". ",
        ):  # fmt: skip
            joined[-1] = (before[0], end)
        else:
            joined.append((start, end))
    return [
        (start, end + 1) if _ABBREVIATION.search(text[start : end + 1]) else (start, end)
        for start, end in joined
    ]


def _begins(text: str, start: int) -> bool:
    """Whether a word begins a sentence, so that its capital marks no name."""
    before = text[:start].rstrip(" \"“'‘(")
    return not before or before[-1] in ".!?:\n"
