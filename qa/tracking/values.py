"""The value that an answer states, and the words that tell what it is a value of. Pure.

Values are figures (`qa.figures`): an amount of money, a percentage, a count or a date. An answer
without one is its words.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.text.analyzer import extract_terms, fold, tokenize
from index.text.dates import MONTHS
from index.text.stopwords import function_words
from index.types import Span, overlap
from qa.figures.amounts import first_number
from qa.figures.extract import ReleaseFacts, find_figures, on_one_line
from qa.figures.number_words import number_in_words
from qa.figures.types import Figure, Unit
from qa.query.dates import day_of, find_periods
from qa.query.question import ParsedQuestion
from qa.reader.prediction import FoundSpan
from qa.tracking.types import Frame

_AROUND = 14
"""Words on either side of a value that make its frame."""
_MOST_WORDS = 5
"""Of an answer with fewer words beside its figure, all are shown."""

_UNITS: dict[str | None, tuple[Unit, ...]] = {
    "money": ("money",),
    "number": ("count", "percent", "money"),
    "date": ("date",),
    None: ("money", "percent", "count"),
}
"""Units of the figures that can answer, by the type of answer; a question that asks for a name or a
place is answered by words."""

_HOW_MANY = re.compile(
    r"\bhow many (?P<noun>(?:(?!(?:of|in|on|at|for|with|from|to|who|that|are|is|was|were|be"
    r"|have|has|had|did|does|do|will|would|can|could|should|may|must|there)\b)[\w’'-]+ ?){1,4})",
    re.IGNORECASE,
)
PEOPLE = frozenset({"people", "persons", "individuals", "americans", "canadians", "residents"})
_QUANTITY = re.compile(
    r"\b(?:rate|deficit|surplus|debt|price|cost|average|percentage|share|number|amount|wage|salary"
    r"|limit|size|toll|total|budget|population|maximum|minimum)\b"
)
"""A question for one of these asks for a figure, whatever its question word."""
_OF_A_DAY = frozenset({"yesterday", "daily", "overnight"})
"""Words that tell the value of a day from a total; like names, two alike frames have the same."""
_LEVEL = frozenset(
    """
    be is are was were been being stand stands stood sit sits remain remains remained stay stays
    stayed rise rises rose risen rising fall falls fell fallen falling climb climbs climbed drop
    drops dropped dropping grow grows grew grown growing increase increases increased increasing
    decrease decreases decreased decreasing decline declines declined jump jumped soar soared
    surge surged edge edged tick ticked reach reaches reached hit hits total totals totaled
    totalled currently current now today date number amount figure level record
    reported report reports slightly unchanged high higher highest low lower lowest
    approximately nearly almost about roughly around over under more less least most up down
    considered go goes went gone set still has have had will far latest last previous month
    months week weeks year years day days monday tuesday wednesday thursday friday saturday
    sunday overall
    """.split()  # noqa: SIM905
)
"""Words that say how a value stands or moves, and when, but not of what it is a value."""

_MOVES = (
    r"(?:increas|decreas|ris|rose|grow|grew|fell|fall|declin|drop|climb|jump|soar|surg|cut|reduc"
    r"|rais|add|boost|slash|trim|expand)\w*"
)
_DIFFERENCE = re.compile(
    rf"\b(?:{_MOVES}(?: (?!to\b|from\b|at\b|and\b|is\b|was\b|of (?:about )?\Z)[\w’'-]+){{0,2}}"
    r"|by(?: between)?|another|an additional|a further|an extra|additional|gain(?:ed|s)? of)"
    r"(?: (?:about|nearly|almost|some|over|more than|up to|an|a|the|approximately|roughly))* ?\Z",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\A\W?(?:(?:more|additional|fewer|further|extra|new)\b"
    r"|(?:\w+ )?(?:has|have|had|was|were|is|are|be) (?:been )?added\b)",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:(?:higher|lower|greater|smaller|larger|better|worse) than(?: the)?(?: [\w’']+)?"
    r"|(?:up|down) from|compared (?:to|with)|as (?:opposed|compared) to) ?\Z",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\A\W?(?:above|below|higher|lower)\b|\A (?:in |of )?(?:[\w’'-]+ ){0,2}?"
    r"(?:reductions?|cuts?|savings|relief|forgiveness)\b",
    re.IGNORECASE,
)
"""What follows a difference, or an amount of something else."""
_BESIDE_ASKED = re.compile(r"\b(?:reduc|cut|sav|relie|forgiv|above|below|higher|lower)\w*")
_PURPOSE = re.compile(
    r"\bto (?:rais|increas|boost|cut|lower|reduc|bring|expand|keep|prevent)\w*\b[^.;]*\Z",
    re.IGNORECASE,
)
_SUPPOSED = (
    "would", "could", "if", "should", "might", "were to", "propos", "promis", "pledg", "seek",
    "call for", "calling for", "called for", "call on", "project", "forecast", "predict", "goal",
    "target", "request", "plans to", "expected to", "estimates that",
)  # fmt: skip
_TOTAL = re.compile(
    r"\b(?:total|totals|totalling|totaling)(?: [\w’'-]+){0,8}? (?:to|of|is|at) ?\Z", re.IGNORECASE
)
_ASKS_FOR_CHANGE = re.compile(rf"\b(?:{_MOVES}|more|additional|change\w*|new)\b")
_ASKS_FOR_NEW = re.compile(r"\b(?:new|newly|additional|more|further)\b")
_SINCE = re.compile(
    r"\b(?:since|from|than in|over|between|after)\s+(?:[\w.,]+ ){0,3}?(?:19|20)\d\d",
    re.IGNORECASE,
)
_PART_OF_NUMBER = re.compile(r"\d, ?\Z")
_PART = re.compile(
    r"\bincluding(?: (?:over|about|nearly|almost|some|at least|more than|up to|the))* ?\Z",
    re.IGNORECASE,
)
_OF_THEM = re.compile(r"\A (?:\w+ )?of (?:them|whom|these|those)\b", re.IGNORECASE)
_PER = re.compile(
    r"\b(?:(?:per|each|every|an?) (?P<period>year|month|week|day|hour)"
    r"|(?P<adverb>annually|annual|yearly|monthly|weekly|daily|hourly))\b"
)
_ADVERBS = {
    "annually": "year", "annual": "year", "yearly": "year", "monthly": "month",
    "weekly": "week", "daily": "day", "hourly": "hour",
}  # fmt: skip
_GROUP = re.compile(
    r"\b(?:african|black|white|hispanic|latin[oax]|asian|native|indigenous|youth|young|teen|child"
    r"|kids|women|woman|men|girls|boys|senior|elderly|minorit)",
    re.IGNORECASE,
)
"""Parts of a population; a question that names none asks about everybody."""
_CLAUSE_END = re.compile(r"[,;:–—()]")
_BEHIND = 40
"""Characters behind a figure in which the part of a population that it is of is looked for."""
_NEAR = 60
"""Characters on either side of a figure in which a period is looked for."""
_YEAR = 366
_BREAK = re.compile(r"\s[–—-]+\s|—|;")
_OF_SEVERAL = "= total"
"""Marks the total of a sentence that has other figures, too; no name has a blank."""
_TO_FROM = re.compile(r"\A[\s,]*(?:up |down )?from[\s,]*(?:\w+[\s,]){0,4}\Z", re.IGNORECASE)
_DURATION = re.compile(
    r"[\w,.-]+[ -](?:minutes?|hours?|days?|weeks?|months?|years?)\b", re.IGNORECASE
)
_THEN = re.compile(
    r"\bwhen\b[^.;]{1,60}\b(?:took|came|became|left|was|were|led|started|began)\b", re.IGNORECASE
)
_WORD = re.compile(r"[\w-]+")
_FROM_TO = re.compile(r"\A[\s,]*to[\s,]*(?:\w+[\s,]){0,4}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with words in it that may answer.

    Attributes:
        sentence: The sentence.
        spans: Of the words, into it, with their probabilities, the most probable first.
        facts: What decides how its figures are read.
    """

    sentence: str
    spans: tuple[FoundSpan, ...]
    facts: ReleaseFacts

    def words(self, span: Span) -> str:
        """Return the words of a span on one line."""
        return on_one_line(self.sentence[slice(*span)])


@dataclass(frozen=True, slots=True)
class Value:
    """What an answer amounts to.

    Attributes:
        span: Of its exact words, into the sentence.
        figure: The figure; None for words.
        probability: Of the value, if the passage answers: of all spans with it.
    """

    span: Span
    figure: Figure | None
    probability: float


def units_asked_for(question: ParsedQuestion) -> tuple[Unit, ...]:
    """Return the units of the figures that can answer a question; none if words answer."""
    return _UNITS.get(question.answer_type, ())


def value_of(question: ParsedQuestion, said: Statement) -> Value | None:
    """Return the most probable value of a sentence.

    Returns:
        None if the question asks for a figure and the sentence has none that answers it: it is a
        difference, what something is compared with, or only supposed.
    """
    units = units_asked_for(question)
    figures = find_figures(said.sentence, said.facts, units) if units else []
    found: dict[Span | None, Value] = {}
    for answer in said.spans:
        figure = _figure(said, answer.span, figures, units)
        shown = answer.span if figure is None else _shown(said, answer.span, figure.span)
        key = figure.span if figure is not None else None
        before = found.get(key)
        total = answer.probability + (before.probability if before else 0.0)
        if before is None:
            found[key] = Value(shown, figure, total)
        else:
            found[key] = replace(before, probability=total)
    best = max(found.values(), key=lambda value: value.probability, default=None)
    if best is None or best.figure is None:
        return None if asks_for_figure(question) else best
    if best.figure.unit != "date" and not _is_stated(question, said, best.figure):
        return None
    return best


def asks_for_figure(question: ParsedQuestion) -> bool:
    """Whether a question asks for a figure, and words do not answer it."""
    return question.answer_type in {"money", "number", "date"} or (
        question.answer_type is None and _QUANTITY.search(question.folded) is not None
    )


def _figure(
    said: Statement, span: Span, figures: Sequence[Figure], units: tuple[Unit, ...]
) -> Figure | None:
    """Return the figure in words that answer; of a change, the later one."""
    if units == ("date",):
        return _date(said, span, figures)
    inside = [figure for figure in figures if overlap(figure.span, span)]
    if "count" in units and not inside:
        return _count(said, span)
    if len(inside) < 2:  # noqa: PLR2004
        return inside[0] if inside else None
    one, two = inside[:2]
    between = said.sentence[one.span[1] : two.span[0]]
    if one.unit != two.unit or _TO_FROM.match(between):
        return one
    return two if _FROM_TO.match(between) else None


def _count(said: Statement, span: Span) -> Figure | None:
    """Return a number that stands alone: "53 are active", "Sixty-one of the cases"."""
    if _DURATION.match(on_one_line(said.sentence), span[0]):
        return None  # "14 days"
    words = said.words(span)
    figure = first_number(words, said.facts.lang)
    spelled = _spelled(words)
    if spelled is not None and (figure is None or spelled.span[0] < figure.span[0]):
        figure = spelled
    if figure is None:
        return None
    return replace(figure, span=(figure.span[0] + span[0], figure.span[1] + span[0]))


def _spelled(words: str) -> Figure | None:
    """Return the number in words at the start of some words."""
    number = number_in_words(words)
    for word in _WORD.finditer(words):
        if number is not None and number_in_words(words[: word.end()]) == number:
            return Figure("count", (0, word.end()), number)
    return None


def _date(said: Statement, span: Span, figures: Sequence[Figure]) -> Figure | None:
    periods = find_periods(said.words(span), said.facts.lang)
    if periods:
        first = periods[0].first.isoformat()
        length = {"year": 4, "month": 7}.get(periods[0].grain, 10)
        return Figure("date", span, date=first[:length])
    return next((f for f in figures if f.date and overlap(f.span, span)), None)


def _shown(said: Statement, words: Span, figure: Span) -> Span:
    """Return the words that are shown: those that answer, or the figure if they say more."""
    start, end = min(words[0], figure[0]), max(words[1], figure[1])
    others = f"{said.sentence[start : figure[0]]} {said.sentence[figure[1] : end]}"
    more = any(character.isdigit() or character in "()" for character in others)
    return figure if more or len(others.split()) >= _MOST_WORDS else (start, end)


def _is_stated(question: ParsedQuestion, said: Statement, figure: Figure) -> bool:
    """Whether a sentence states a figure as what is, unless the question asks for another."""
    text = on_one_line(said.sentence)
    start, end = figure.span
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return not (
        "point" in text[start:end].lower()
        or _is_difference(question, before, after)
        or _is_part(question, before, after)
        or not _has_period(question, text, figure)
        or (not question.dates and _is_past(said, text, figure))
        or _is_supposed(question, text, figure.span)
    )


def _is_difference(question: ParsedQuestion, before: str, after: str) -> bool:
    """Whether a figure says how much something changed, or with what it is compared.

    A question can ask for that; a question for what is new does not ask for the total.
    """
    asked = question.folded
    if _ASKS_FOR_NEW.search(asked) and _TOTAL.search(before):
        return True
    if _COMPARED.search(before) or (_BESIDE.match(after) and not _BESIDE_ASKED.search(asked)):
        return True
    return _ASKS_FOR_CHANGE.search(asked) is None and bool(
        _DIFFERENCE.search(before) or _MORE.match(after) or _PURPOSE.search(before)
    )


def _is_part(question: ParsedQuestion, before: str, after: str) -> bool:
    """Whether a figure is a part of a number, or of something else in the sentence."""
    return bool(
        _PART_OF_NUMBER.search(before)
        or _PART.search(before)
        or _OF_THEM.match(after)
        or _is_of_a_group(question, before, after)
    )


def _has_period(question: ParsedQuestion, text: str, figure: Figure) -> bool:
    """Whether a sentence gives a figure for each year, or so, if the question asks for that."""
    asked = _PER.search(question.folded)
    if asked is None:
        return True
    period = asked["period"] or _ADVERBS[asked["adverb"]]
    found = (m["period"] or _ADVERBS[m["adverb"]] for m in _PER.finditer(fold(text)))
    return figure.per == period or period in found


def _is_of_a_group(question: ParsedQuestion, before: str, after: str) -> bool:
    """Whether a figure is of a part of the population that the question does not name."""
    near = f"{_CLAUSE_END.split(before)[-1]} {_CLAUSE_END.split(after)[0][:_BEHIND]}"
    return any(found[0].lower() not in question.folded for found in _GROUP.finditer(near))


def _is_past(said: Statement, text: str, figure: Figure) -> bool:
    """Whether a figure is of another time: the only periods near it ended over a year before."""
    if _THEN.search(text, 0, figure.span[0]):
        return True
    issued = day_of(said.facts.issued)
    near = text[max(0, figure.span[0] - _NEAR) : figure.span[1] + _NEAR]
    periods = find_periods(_SINCE.sub(" ", near), said.facts.lang)
    if issued is None or not periods:
        return False
    return all((issued - period.last).days > _YEAR for period in periods)


def _is_supposed(question: ParsedQuestion, text: str, span: Span) -> bool:
    near = f" {fold(' '.join(_near(text, span)))} "
    return any(f" {cue}" in near and cue not in question.folded for cue in _SUPPOSED)


def _near(text: str, span: Span) -> list[str]:
    before, after = text[: span[0]].split(), text[span[1] :].split()
    return [*before[-_AROUND:], *after[:_AROUND]]


def frame_of(
    question: ParsedQuestion,
    sentence: str,
    span: Span,
    lang: str | None,
    issuer: str | None = None,
) -> Frame:
    """Return the words around a value in its sentence.

    The name of the issuer is left out: a value is taken to be of the issuer unless another is
    named.
    """
    text = on_one_line(sentence)
    asked, own = set(question.terms(lang)), set(extract_terms(issuer or "", lang))
    stop = function_words(lang or "en") | function_words("en")
    tokens = tokenize(text, lang)
    breaks = [found.span() for found in _BREAK.finditer(text)]
    begin = max((end for _, end in breaks if end <= span[0]), default=0)
    stop_at = min((start for start, _ in breaks if start >= span[1]), default=len(text))
    before = [token for token in tokens if begin <= token.span[0] < span[0]][-_AROUND:]
    after = [token for token in tokens if span[1] <= token.span[0] < stop_at][:_AROUND]
    names, terms = set(), set()
    others = (text[slice(*token.span)] for token in tokens if not overlap(token.span, span))
    if _TOTAL.search(text, 0, span[0]) and any(map(_is_number, others)):
        names.add(_OF_SEVERAL)
    for token in (*before, *after):
        word = text[slice(*token.span)]
        folded = fold(word).removesuffix("'s").removesuffix("’s")
        if folded in _OF_A_DAY:
            names.add(token.term)
        elif token.term in asked:
            terms.add(token.term)
        if token.term in (asked | own) or folded in stop or folded in _LEVEL or folded in MONTHS:
            continue
        if _is_number(word) or len(folded) < 2:  # noqa: PLR2004
            continue
        if word[0].isupper() and token.span[0] > 0:
            names.add(token.term)
        else:
            terms.add(token.term)
    return Frame(frozenset(names), frozenset(terms))


def _is_number(word: str) -> bool:
    return any(map(str.isdigit, word)) or number_in_words(word) is not None


def counts_what_is_asked(question: ParsedQuestion, sentence: str, lang: str | None) -> bool:
    """Whether a sentence has the noun of "how many NOUN"; people have many other names."""
    found = _HOW_MANY.search(question.text)
    if found is None:
        return True
    nouns = tokenize(found["noun"], lang)
    if not nouns or fold(found["noun"].split()[-1]) in PEOPLE:
        return True
    return nouns[-1].term in {token.term for token in tokenize(sentence, lang)}


def has_names(question: ParsedQuestion, texts: Iterable[str], lang: str | None) -> bool:
    """Whether texts have all names and numbers of a question between them."""
    names = {
        term
        for term, word in zip(question.terms(lang), question.words, strict=True)
        if word.is_name or word.is_number
    }
    if not names:
        return True
    has = {token.term for text in texts for token in tokenize(text, lang)}
    return names <= has
