"""The self-contained forms of a follow-up, from its own words and those of the conversation.

A pronoun is replaced by what it stands for (`qa.conversation.antecedents`), and "there" by "in" and
a place; "what about X?" becomes the previous question about X. This makes the form that is shown,
with the subject of the conversation in brackets where it names none. The form that is searched has
the other words that are probably meant too. Neither has words that were not said.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.text.analyzer import tokenize
from index.text.stopwords import function_words
from index.types import Span
from qa.conversation.antecedents import antecedents, find_antecedent
from qa.conversation.entities import entity_type
from qa.conversation.mentions import Term, content_words, conversation_texts, name_spans
from qa.conversation.noun_phrases import noun_phrases
from qa.conversation.references import Reference, References
from qa.conversation.types import Conversation
from qa.query.answer_type import answer_spans

MOST_WORDS = 16
"""Content words in brackets at most, the most probable first."""
GAP = 2
"""Function words that may stand between two words of one phrase."""
_IN = {"en": "in", "de": "in", "es": "en"}
"""The preposition before a place; French has several, by the place."""
_ABOUT = {"en": "about", "fr": "sur", "de": "über", "es": "sobre"}
MOST_PHRASES = 3
"""Phrases of the subject in brackets at most."""
LEAST_SUBJECT = 0.2
"""Least probability of a phrase of the subject; the likeliest is shown whatever it has."""
_NO_PREFIX = re.compile(r"(?:and|but|so|or)\s+(?=\w)", re.IGNORECASE)
_LIMIT = 8
"""Words of a phrase of the subject at most."""
_ADJECTIVAL = re.compile(r"\b(?:my|your|own)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A stretch of the conversation, with the probability of its likeliest term."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Forms:
    """The self-contained forms of a question.

    Attributes:
        shown: A question to be read.
        searched: With all words that may be meant.
        likely: With those that are likely meant, by which passages are judged.
    """

    shown: str
    searched: str
    likely: str


def rewrite(
    found: References,
    known: Mapping[str, Term],
    probabilities: Mapping[str, float],
    conversation: Conversation,
    *,
    least: float,
    likely: float,
) -> Forms:
    """Return the self-contained forms of a question that does not stand alone.

    Args:
        found: The question with its references.
        known: The terms of the conversation.
        probabilities: Of each term, that it belongs to the question.
        conversation: The turns before.
        least: Least probability of a term that is searched for.
        likely: The same of a term by which passages are judged.
    """
    text, lang = found.question.text, found.question.lang
    instead = _instead(found, conversation)
    form = instead or _with_antecedents(found, conversation)
    # What "it" is stays in brackets for the reader: it is guessed wrong most often.
    judged = instead or _with_antecedents(found, conversation, things=False)
    said = {token.term for token in tokenize(form, lang)}

    def phrases(said: set[str], least: float) -> list[str]:
        chosen = {t: p for t, p in probabilities.items() if p >= least and t not in said}
        chosen = dict(sorted(chosen.items(), key=lambda item: -item[1])[:MOST_WORDS])
        return [phrase.text for phrase in _phrases(chosen, known, conversation, lang)]

    def with_terms(form: str, least: float) -> str:
        more = phrases({token.term for token in tokenize(form, lang)}, least)
        return f"{form} ({', '.join(more)})" if more else form

    added = said & probabilities.keys()
    subject = (
        _subject(found, probabilities, said, conversation)
        if lang == "en"
        else phrases(said, least)[:MOST_PHRASES]
    )
    if any(known[term].is_name for term in added) and form != text:
        subject = []
    return Forms(
        shown=_readable(form, subject, text, lang),
        searched=with_terms(form, least),
        likely=with_terms(judged, likely),
    )


def _readable(form: str, subject: Sequence[str], text: str, lang: str) -> str:
    """Return a form with its subject and without an "and" that nothing comes before any more."""
    opening = _NO_PREFIX.match(form)
    if opening and (form != text or subject):
        form = form[opening.end() :]
        form = form[:1].upper() + form[1:]
    if not subject:
        return form
    about = f"{_ABOUT[lang]} " if lang in _ABOUT else ""
    return f"{form} ({about}{', '.join(subject)})"


def _subject(
    found: References,
    probabilities: Mapping[str, float],
    said: set[str],
    conversation: Conversation,
) -> list[str]:
    """Return the phrases that say what a conversation is about, the likeliest first."""
    lang = found.question.lang
    weighed: dict[str, float] = {}
    for phrase in _phrases_said(conversation, lang):
        terms = {token.term for token in tokenize(phrase, lang)} & probabilities.keys()
        if terms and not terms & said and len(phrase.split()) <= _LIMIT:
            weighed.setdefault(phrase, max(probabilities[term] for term in terms))
    order = sorted(weighed, key=lambda phrase: -weighed[phrase])
    chosen: list[str] = []
    held: set[str] = set()
    for phrase in order:
        terms = {token.term for token in tokenize(phrase, lang)} - function_words(lang)
        if terms & held or (chosen and weighed[phrase] < LEAST_SUBJECT):
            continue
        chosen.append(phrase)
        held |= terms
        if len(chosen) == MOST_PHRASES:
            break
    return chosen


def _phrases_said(conversation: Conversation, lang: str) -> Iterator[str]:
    """Yield the noun phrases and names of the questions, and the names of exact answers.

    Latest first; headings last.
    """
    headings = [turn.question for turn in conversation.turns if turn.is_heading]
    for turn in reversed([turn for turn in conversation.turns if not turn.is_heading]):
        for phrase in noun_phrases(turn.asked_as) if lang == "en" else ():
            if not phrase.head[:1].isupper() and not _ADJECTIVAL.search(phrase.text):
                yield phrase.text
        for text in (turn.asked_as, turn.exact):
            for start, end in name_spans(text, lang, whole=text == turn.exact):
                yield re.sub(r"['’]s?\Z", "", text[start:end])
        for start, end in (span for span, _ in answer_spans(turn.asked_as, "date")):
            yield turn.asked_as[start:end].strip()
    yield from headings


def _instead(found: References, conversation: Conversation) -> str | None:
    """Return the previous question with its date or name replaced by that of this one.

    A name replaces one of its type: after "When did Joly visit Korea?", "What about Japan?" asks of
    her.
    """
    fragment = found.question.text[found.opening :].strip(" ?!.")
    before = conversation.latest_question()
    if not found.instead or not fragment or before is None or found.references:
        return None
    lang = found.question.lang
    for kind in ("date", "name"):
        own = answer_spans(fragment, kind)
        if not own or len(found.content) > len(own[0][1]) + 1:
            continue
        (first, last), _ = own[0]
        if kind == "date":
            places = [span for span, _ in answer_spans(before, kind)]
            if not places:
                return f"{before.rstrip(' ?')} {fragment}?"
        else:
            wanted = entity_type(fragment[first:last], found.question.text[: found.opening]).kind
            places = name_spans(before, lang)
            alike = [p for p in places if _kind_at(before, p) == wanted]
            # A word with a capital that nothing speaks for is mostly a surname.
            if not alike and wanted == "thing":
                alike = [p for p in places if _kind_at(before, p) == "person"] or places
            places = alike
            if not places:
                return None
        start, end = places[-1]
        end -= len(before[start:end]) - len(before[start:end].rstrip())
        named = fragment[first:last] + _possessive(before[start:end])
        return f"{before[:start]}{named}{before[end:]}"
    return None


def _kind_at(text: str, span: Span) -> str:
    start, end = span
    return entity_type(text[start:end], text[:start], text[end:]).kind


def _possessive(name: str) -> str:
    ending = re.search(r"['’]s\Z", name)
    return ending.group() if ending else ""


def _with_antecedents(found: References, conversation: Conversation, *, things: bool = True) -> str:
    """Return the question with its pronouns and its "there" replaced, each sort once.

    Args:
        found: The question with its references.
        conversation: The turns before.
        things: Whether "it" is replaced too.
    """
    text, lang = found.question.text, found.question.lang
    known = list(antecedents(conversation, lang))
    replaced: list[tuple[Reference, str]] = []
    done: set[str] = set()
    for reference in found.references:
        word = text[slice(*reference.span)]
        # "What law did Grassley put his own provision in?": he is named in the question.
        named = found.inner and (reference.possessive or reference.pointer in ("person", "several"))
        if named or reference.pointer in done or (reference.pointer == "thing" and not things):
            continue
        antecedent = find_antecedent(reference, word, known, text)
        if antecedent is not None and reference.pointer == "place" and lang not in _IN:
            antecedent = None
        if antecedent is not None:
            done.add(reference.pointer)
            said = antecedent.text
            if reference.pointer == "place":
                said = f"{_IN[lang]} {said}"
            replaced.append((reference, said))
    for reference, said in reversed(replaced):
        text = _replaced(text, reference, said, lang)
    return text


def _replaced(text: str, pronoun: Reference, name: str, lang: str) -> str:
    start, end = pronoun.span
    if pronoun.possessive:
        if lang != "en":
            return text[:start] + f"{text[start:end]} [{name}]" + text[end:]
        name += "'" if name.endswith("s") else "'s"
    if text[start : start + 1] == "-":  # "Qui a-t-elle vu ?"
        name = f" {name}"
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
