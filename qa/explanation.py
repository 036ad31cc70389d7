"""Why a passage has its place and how sure the answer is, in three plain sentences.

What decides the confidence is said as it was measured: over the sample questions, its log-odds
correlate most with the reader's (.90), then with the meaning (.77) and with the lead of the first
passage over the others (.70). Pure functions over `Answer`; the text is cleaned where it is drawn.
"""

from collections.abc import Sequence

from index.text.analyzer import extract_terms
from qa.presentation import ONLY_WORDS, no_more_than, percentage, sure_words
from qa.types import Answer, RankedPassage

_FOUND = 0.5
"""Score of the reader from which it is said to find an answer."""
_SURE = 0.8
_NEARLY = 0.7
"""Share of the first passage's score from which another is said to fit nearly as well."""
_NAMED = 4


def explain(answer: Answer, passage: RankedPassage, filters: Sequence[str] = ()) -> tuple[str, ...]:
    """Return three sentences: why this passage, how sure the answer is, what would change it.

    Args:
        answer: The answer, which has the passage.
        passage: One of its passages.
        filters: Those the question was asked with, each in words.
    """
    return _place(answer, passage), _confidence(answer, passage), _change(answer, filters)


def _place(answer: Answer, passage: RankedPassage) -> str:
    """Say why a passage has its rank."""
    first = answer.passages[0]
    reasons = _reasons(answer, passage)
    if passage.rank == 1:
        because = _joined(reasons) or "no other passage fits the question better"
        return f"This passage is first because {because}."
    against = _against(passage, first)
    said = _joined([*reasons, f"but {against}"]) if reasons else against
    return f"This passage is number {passage.rank}: {said}."


def _reasons(answer: Answer, passage: RankedPassage) -> list[str]:
    reasons = []
    if (passage.scores.reader or 0.0) >= _FOUND:
        words = next((w.text for w in answer.candidates if w.passage == passage.rank - 1), "")
        named = f" (“{words}”)" if words else ""
        reasons.append(f"the reading model finds an answer in it{named}")
    if words_shared := _shared_words(passage):
        named = ", ".join(f"“{word}”" for word in words_shared[:_NAMED])
        of_question = "a word" if len(words_shared) == 1 else "words"
        reasons.append(f"it contains {of_question} of your question ({named})")
    if _is_closest(answer, passage):
        reasons.append("it is the closest in meaning")
    return reasons


def _against(passage: RankedPassage, first: RankedPassage) -> str:
    """Say what another passage lacks of the first."""
    own, best = passage.scores.reader, first.scores.reader
    if best is not None and best >= _FOUND:
        if own is None:
            return "it fits too little to be read by the reading model"
        if own < _FOUND:
            return "the reading model finds no answer in it"
        if own < best:
            return "the reading model is surer of the first passage"
    if len(_shared_words(passage)) < len(_shared_words(first)):
        return "the first passage contains more words of your question"
    return "the first passage fits the question better as a whole"


def _shared_words(passage: RankedPassage) -> list[str]:
    """Return the words of the question in a passage, as they stand there, each in one form."""
    found: dict[str, str] = {}
    for mark in passage.highlights:
        if mark.kind == "term":
            word = passage.text[slice(*mark.span)]
            terms = extract_terms(word, passage.release.lang)
            found.setdefault(" ".join(terms) or word.casefold(), word)
    return list(found.values())


def _is_closest(answer: Answer, passage: RankedPassage) -> bool:
    known = [p.scores.dense for p in answer.passages if p.scores.dense is not None]
    return len(known) > 1 and passage.scores.dense == max(known)


def _confidence(answer: Answer, passage: RankedPassage) -> str:
    """Say how sure the answer is, and what decides that."""
    if not answer.answered:
        too_low = f"The confidence is {no_more_than(answer.confidence)}, too low for an answer"
        return f"{too_low}{_why_low(answer)}."
    sure = f"{percentage(answer.confidence)} ({sure_words(answer.confidence)})"
    return f"The confidence is {sure}{_why_sure(answer, passage)}."


def _why_low(answer: Answer) -> str:
    if (judged := _judged_without_reader(answer)) is not None:
        return judged
    if not _reader_answers(answer):
        return ", mostly because the reading model finds no clear answer in it"
    if _rivals(answer):
        return ", mostly because other passages fit the question nearly as well"
    return ", although the reading model finds one, because other signs speak against it"


def _why_sure(answer: Answer, passage: RankedPassage) -> str:
    if answer.alternatives:
        return ", but other words are nearly as likely"
    if (judged := _judged_without_reader(answer)) is not None:
        return judged
    if not _reader_answers(answer):
        return ", because words and meaning fit, although the reading model finds no clear answer"
    if passage.rank == 1:  # that the model finds an answer was said of its place
        apart = "" if _rivals(answer) else ", and because it stands out from the other passages"
        return f", mostly because of this answer{apart}"
    reader = "the reading model finds an answer in the first passage"
    apart = "" if _rivals(answer) else ", which stands out from the others"
    return f", mostly because {reader}{apart}"


def _judged_without_reader(answer: Answer) -> str | None:
    """Say by what an answer was judged that was not read; None where the reader read."""
    if answer.by_words:
        return ", judged only by the words that it shares with the question"
    read = any(passage.scores.reader is not None for passage in answer.passages)
    return None if read else ", judged by its meaning and by the words it shares with the question"


def _reader_answers(answer: Answer) -> bool:
    return (answer.passages[0].scores.reader or 0.0) >= _FOUND


def _rivals(answer: Answer) -> bool:
    """Whether another passage ranks nearly as high as the first."""
    scores = [passage.score for passage in answer.passages]
    return len(scores) > 1 and scores[1] >= _NEARLY * scores[0]


def _change(answer: Answer, filters: Sequence[str]) -> str:
    """Say what would make the answer another one, or surer."""
    if answer.partial and answer.reason != ONLY_WORDS:
        return "A search by meaning, too, may change the order and the confidence."
    if not answer.answered and filters:
        return f"A search without the filters ({', '.join(filters)}) may find a better passage."
    if answer.alternatives:
        return "A date, a place or a name in the question would decide between the candidates."
    if not answer.answered and not (_reader_answers(answer) and _rivals(answer)):
        return "A question in the words that the releases use may find a better passage."
    if answer.confidence < _SURE:
        return "A date, a place or a name in the question would set the right passage apart."
    return "Another passage with a different answer would make this one less certain."


def _joined(parts: Sequence[str]) -> str:
    """Join parts as in a sentence: `a, b and c`; before `but` there is a comma alone."""
    if not parts:
        return ""
    *before, last = parts
    if not before:
        return last
    between = ", " if last.startswith("but ") else " and "
    return ", ".join(before) + between + last
