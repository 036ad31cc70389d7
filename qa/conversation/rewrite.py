"""The self-contained form of a follow-up, from its own words and those of the conversation.

A pronoun is replaced by the name it most likely stands for, and "there" by "in" and a place; "what
about X?" becomes the previous question about X. Other words that are needed follow in brackets, as
they were said. No words are made up, so what is shown is what is searched.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.text.analyzer import fold, tokenize
from index.text.stopwords import function_words
from index.types import Span
from qa.conversation.mentions import Term, content_words, conversation_texts
from qa.conversation.references import Reference, References
from qa.conversation.types import Conversation
from qa.query.answer_type import answer_spans

MOST_WORDS = 16
"""Content words in brackets at most, the most probable first."""
STANDS_FOR = 0.25
"""Least probability of a name that replaces a pronoun for a person."""
FULL_NAME = 1.5
"""How many times as likely a name of several words is to be a person."""
GAP = 2
"""Function words that may stand between two words of one phrase."""
_IN = {"en": "in", "de": "in", "es": "en"}
"""The preposition before a place; French has several, by the place."""
_BEFORE_PLACE = re.compile(
    r"\b(?:in|at|near|across|to|from|visit(?:s|ed|ing)?|tour(?:s|ed|ing)?|reach(?:es|ed)?|left"
    r"|nach|aus|besuch\w*|en|desde|hacia)\s+(?:the\s+)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A stretch of the conversation, with the probability of its likeliest term."""

    text: str
    probability: float


def rewrite(
    found: References,
    known: Mapping[str, Term],
    probabilities: Mapping[str, float],
    conversation: Conversation,
    *,
    least: float,
) -> str:
    """Return the self-contained form of a question that does not stand alone.

    Args:
        found: The question with its references.
        known: The terms of the conversation.
        probabilities: Of each term, that it belongs to the question.
        conversation: The turns before.
        least: Least probability of a term that is added.
    """
    text = found.question.text
    instead = _instead(found, conversation)
    said = {token.term for token in tokenize(instead or text, found.question.lang)}
    form = instead or _with_antecedent(found, known, probabilities, said, conversation)
    chosen = {t: p for t, p in probabilities.items() if p >= least and t not in said}
    chosen = dict(sorted(chosen.items(), key=lambda item: -item[1])[:MOST_WORDS])
    phrases = _phrases(chosen, known, conversation, found.question.lang)
    if not phrases:
        return form
    return f"{form} ({', '.join(phrase.text for phrase in phrases)})"


def _instead(found: References, conversation: Conversation) -> str | None:
    """Return the previous question with its date or name replaced by that of this one."""
    fragment = found.question.text[found.opening :].strip(" ?!.")
    before = conversation.latest_question()
    if not found.instead or not fragment or before is None or found.references:
        return None
    for kind in ("date", "name"):
        own = answer_spans(fragment, kind)
        if not own or len(found.content) > len(own[0][1]) + 1:
            continue
        places = [span for span, _ in answer_spans(before, kind)]
        places = [span for span in places if not _is_function(before[slice(*span)], found)]
        if not places:
            return f"{before.rstrip(' ?')} {fragment}?" if kind == "date" else None
        start, end = _named(before, places[-1], found)
        end -= len(before[start:end]) - len(before[start:end].rstrip())
        (first, last), _ = own[0]
        return f"{before[:start]}{fragment[first:last]}{before[end:]}"
    return None


def _is_function(text: str, found: References) -> bool:
    stop = function_words(found.question.lang)
    return all(fold(word) in stop for word in text.split())


def _named(text: str, span: Span, found: References) -> Span:
    """Return a name's span without function words at its beginning ("Did Joly")."""
    start, end = span
    for match in re.finditer(r"\S+\s*", text[start:end]):
        if fold(match.group().strip()) not in function_words(found.question.lang):
            return start + match.start(), end
    return span


def _with_antecedent(
    found: References,
    known: Mapping[str, Term],
    probabilities: Mapping[str, float],
    said: set[str],
    conversation: Conversation,
) -> str:
    """Return the question with its first pronoun and its "there" replaced.

    The terms of the names that replace them are added to `said`.
    """
    text, lang = found.question.text, found.question.lang
    if found.inner:
        return text
    # "It" seldom stands for something with a name; what it may mean follows in brackets.
    pronoun = next((r for r in found.references if r.pointer in ("person", "several")), None)
    there = next((r for r in found.references if r.pointer == "place"), None)
    named: list[tuple[Reference, str]] = []
    place = _place(known, probabilities, said, conversation, lang) if there else None
    if there and place:
        said.update(token.term for token in tokenize(place, lang))
        named.append((there, f"{_IN[lang]} {place}"))
    name = _antecedent(known, probabilities, said, found) if pronoun else None
    if pronoun and name:
        said.update(token.term for token in tokenize(name, lang))
        named.append((pronoun, name))
    for reference, instead in sorted(named, key=lambda pair: -pair[0].span[0]):
        text = _replaced(text, reference, instead, lang)
    return text


def _place(
    known: Mapping[str, Term],
    probabilities: Mapping[str, float],
    said: set[str],
    conversation: Conversation,
    lang: str,
) -> str | None:
    """Return the most likely name of a place: one after "in", "visited" and the like."""
    best, least = None, 0.0
    for text in conversation_texts(conversation) if lang in _IN else ():
        for word in content_words(text, lang):
            at = text.find(word.phrase)
            probability = probabilities.get(word.term, 0.0)
            if (
                word.is_name
                and word.term in known
                and word.term not in said
                and probability > least
                and _BEFORE_PLACE.search(text, 0, at)
            ):
                best, least = word.phrase, probability
    return best


def _antecedent(
    known: Mapping[str, Term], probabilities: Mapping[str, float], said: set[str], found: References
) -> str | None:
    """Return the name that a pronoun most likely stands for.

    People are named in full before they are "she"; names of places and bodies are often shorter.
    """
    best, least = None, STANDS_FOR
    for term in known.values():
        probability = probabilities.get(term.term, 0.0)
        own = {token.term for token in tokenize(term.phrase, found.question.lang)}
        if not term.is_name or own & said or probability <= STANDS_FOR:
            continue
        weighed = probability * (FULL_NAME if len(own) > 1 else 1.0)
        if weighed > least:
            best, least = term.phrase, weighed
    return best


def _replaced(text: str, pronoun: Reference, name: str, lang: str) -> str:
    start, end = pronoun.span
    if pronoun.possessive:
        if lang != "en":
            return text[:start] + f"{text[start:end]} [{name}]" + text[end:]
        name += "'" if name.endswith("s") else "'s"
    return text[:start] + name + text[end:]


def _phrases(
    chosen: Mapping[str, float], known: Mapping[str, Term], conversation: Conversation, lang: str
) -> list[_Phrase]:
    """Return stretches of the conversation that hold the chosen terms, each term once.

    A term is taken from the latest text that holds it; names stay whole.
    """
    left = dict(chosen)
    found: list[_Phrase] = []
    names: dict[str, set[str]] = {}
    for term in sorted(chosen, key=lambda t: -chosen[t]):
        if known[term].is_name:
            own = {word.term for word in content_words(known[term].phrase, lang)}
            names.setdefault(known[term].phrase, set()).update(own, {term})
    for said, terms in names.items():
        if terms & left.keys():
            found.append(_phrase(said, terms, chosen))
            for term in terms:
                left.pop(term, None)
    for text in conversation_texts(conversation):
        for start, end, terms in list(_runs(text, left, lang)):
            if terms & left.keys():
                found.append(_phrase(text[start:end], terms, chosen))
                for term in terms:
                    left.pop(term, None)
    return sorted(found, key=lambda phrase: -phrase.probability)


def _phrase(text: str, terms: set[str], chosen: Mapping[str, float]) -> _Phrase:
    return _Phrase(text.strip("()[] "), max(chosen.get(term, 0.0) for term in terms))


def _runs(text: str, wanted: Mapping[str, float], lang: str) -> Iterator[tuple[int, int, set[str]]]:
    """Yield stretches whose content words are all wanted, with few function words between them."""
    stop = function_words(lang)
    run: list[tuple[Span, str]] = []
    gap = 0
    for token in tokenize(text, lang):
        if token.term in wanted:
            apart = run and re.search(r"[^\w\s'’,\-]", text[run[-1][0][1] : token.span[0]])
            if run and (gap > GAP or apart):
                yield _run(run)
                run = []
            run.append((token.span, token.term))
            gap = 0
        elif token.term in stop:
            gap += 1
        else:
            gap = GAP + 1
    if run:
        yield _run(run)


def _run(run: Sequence[tuple[Span, str]]) -> tuple[int, int, set[str]]:
    return run[0][0][0], run[-1][0][1], {term for _, term in run}
