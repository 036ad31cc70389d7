"""Splits a plain English sentence into subject, verb and the rest, by a closed list of verbs.

    split_clause("Senator Hagel today introduced a bill in the Senate.")
    # subject "Senator Hagel", auxiliary "did", verb "introduce", rest " a bill in the Senate."

This is no parser. What it cannot split surely, it does not split.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


def word_list(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


def _past(base: str) -> str:
    return base + ("d" if base.endswith("e") else "ed")


def _present(base: str) -> str:
    return base + ("es" if base.endswith(("ch", "sh", "ss")) else "s")


_REGULAR = word_list(
    """
accept add allocate announce applaud approve attract authorize award celebrate chair collect
complete condemn contain contribute cosponsor cover create deliver denounce direct donate earmark
employ expand feature fund generate grant hire host include install introduce invest issue join
launch name obtain offer open oppose pass plant pledge praise produce propose provide purchase raise
reach receive recognize release represent request require save secure serve sponsor start support
tour train unveil urge visit
    """
)
_IRREGULAR = {
    "became": "become", "began": "begin", "bought": "buy", "built": "build", "committed": "commit",
    "cost": "cost", "gave": "give", "held": "hold", "led": "lead", "made": "make", "met": "meet",
    "paid": "pay", "sent": "send", "spent": "spend", "took": "take", "won": "win",
}  # fmt: skip
_PAST = {_past(base): base for base in _REGULAR} | _IRREGULAR
_PRESENT = {_present(base): base for base in (*_REGULAR, *_IRREGULAR.values())}
_BASE = _any(
    {
        *_REGULAR,
        *_IRREGULAR.values(),
        *word_list("attend close end occur participate return run speak"),
    }
)
_PARTICIPLE = (
    r"[a-z]{2,}ed|begun|built|bought|committed|given|held|led|made|met|paid|sent|set|spent|taken"
    r"|won"
)
_ADVERB = (
    r"(?:also|today|yesterday|now|first|again|later|[a-z]+ly|this (?:morning|afternoon|week)"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri)day)"
)
_VERB = re.compile(
    rf"(?:(?P<will>will|would) (?:{_ADVERB} )?"
    rf"(?P<future>(?:{_BASE})|be (?:{_PARTICIPLE}|[a-z]+ing))"
    rf"|(?P<has>has|have) (?:{_ADVERB} )?(?P<perfect>(?:been )?(?:{_PARTICIPLE}))"
    rf"|(?P<be>is|are|was|were) (?:{_ADVERB} )?(?P<passive>(?:being )?(?:{_PARTICIPLE}|[a-z]+ing))"
    rf"|(?P<past>{_any(_PAST)})|(?P<present>{_any(_PRESENT)}))(?![\w’'-])"
)
_LEAD_IN = re.compile(
    r"\A(?:earlier )?(?:today|yesterday|this (?:week|morning|afternoon)"
    r"|on (?:mon|tues|wednes|thurs|fri|satur|sun)day),? ",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r" \([^()]{1,40}\)")
_APPOSITION = re.compile(
    r", (?!and\b|[^,]* and [A-Z]|[^,]*\b(?:is|are|was|were|has|have|had|will|that)\b)"
    r"[^,]{3,110},?\Z"
)
_ADVERB_AT_END = re.compile(rf",? {_ADVERB},?\Z")
_CUT = re.compile(
    r"[;()—–]|,(?!\d)| (?:-+ |(?:that|which|who|whose|whom|he|she|they|it|we|as|while|when|where"
    r"|after|because|so|since|until|if|but|including|through|under|during|following|thanks"
    r"|according|today|yesterday|annually|over the|by|before|earlier|this|next|last|not|using"
    r"|announced|said|starting|beginning|totaling|totalling|entitled|called"
    r"|located|held|aimed)\b)"
)
"""Where the rest of a sentence can be left off."""
_LIST = re.compile(r",(?: [^\s,]+){1,6},? (?:and|or|&) |,(?: [^\s,]+){1,6},(?: [^\s,]+){1,6},")
_SECOND_VERB = re.compile(
    rf" (?:and|or|to also) (?:{_any(_PAST)}|{_any(_PRESENT)})\b"
    r"| (?:has|have|had|is|are|was|were|will|would|can|could|may|must) "
)
_PHRASE = re.compile(r" (?:for|in|at|on|across|throughout|among) ")
_PHRASE_OR_INFINITIVE = re.compile(
    r" (?:to (?=[a-z])|(?:for|in|from|at|on|across|throughout|among) )"
)
_NOT_LAST = word_list(
    """
a an the of in on at to for from with by and or nor but as into toward towards its their his her our
is are was were be been will has have had would not more than other new first up out
    """
)
_UNFINISHED = re.compile(
    r"(?:[a-z]ed|(?<!train)(?<!fund)(?<!hous)(?<!build)(?<!farm)(?<!min)ing|['’]s|[a-z]ly"
    r"|written|made|given|sent|taken)\Z"
)
_NOT_IN_SUBJECT = word_list(
    """
is are was were be been has have had will would can could may might should must do does did by to
when while if after before because since although though as than with from but not under during
through according says said including between that which who whose where this these those only how
what why it he she we they i you there here his her its their our my your first most in on at over
unless among throughout despite upon like
    """
)
_NAME_JOINS = word_list("of and for the")
_MAX_SUBJECT = 9
_ACRONYM = 4


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence, split so that a question can be made of it.

    Attributes:
        subject: As it stands within a sentence.
        auxiliary: Stands before the subject in a question.
        verb: Stands behind it.
        rest: What follows the verb, with the space before it.
        past: The verb as it stands, if it is a past tense without auxiliary.
    """

    subject: str
    auxiliary: str
    verb: str
    rest: str
    past: str | None = None


def split_clause(sentence: str, people: Iterable[str] = ()) -> Clause | None:
    """Return the parts of a sentence, or None if it is not a plain one.

    Args:
        sentence: On one line, without a dateline.
        people: Names of people; one that ends the subject stands for the whole of it.
    """
    sentence = _PARENTHESIS.sub("", _LEAD_IN.sub("", sentence, count=1))
    match = _VERB.search(sentence)
    if match is None or not sentence[: match.start()].endswith(" "):
        return None
    subject = _subject(sentence[: match.start()].rstrip(), people)
    if subject is None:
        return None
    rest = sentence[match.end() :]
    if past := match["past"]:
        return Clause(subject, "did", _PAST[past], rest, past)
    if present := match["present"]:
        return Clause(subject, "does", _PRESENT[present], rest)
    auxiliary = match["will"] or match["has"] or match["be"]
    return Clause(subject, auxiliary, match["future"] or match["perfect"] or match["passive"], rest)


def _subject(text: str, people: Iterable[str]) -> str | None:
    """Return a subject as it stands within a sentence, or None if it is not a plain one."""
    while (shorter := _ADVERB_AT_END.sub("", text)) != text:
        text = shorter
    text = _APPOSITION.sub("", text)
    if " and " not in text:
        for name in people:
            if text.endswith(f" {name}"):
                return name
    words = text.split()
    lower = [word.lower().rstrip(".") for word in words]
    if (
        not 1 < len(words) <= _MAX_SUBJECT
        or not _NOT_IN_SUBJECT.isdisjoint(lower)
        or lower[0] in _NAME_JOINS - {"the"}  # "For the 2021 season, the team will be based in"
        or any(sign in text for sign in ',;:“”"$%')
        or (words[0].isupper() and len(words[0]) > _ACRONYM)  # the place of a dateline
    ):
        return None
    if words[0] == "The":
        return f"the {' '.join(words[1:])}"
    # A common noun may have the capital of the sentence, but the word after it has none.
    is_name = words[0][0].isupper() and (words[1][0].isupper() or lower[1] in _NAME_JOINS)
    return text if is_name and words[0] not in {"A", "An"} else None


def rest_of(text: str) -> str | None:
    """Return the beginning of what follows a verb, up to where the rest can be left off.

    None if a question cannot end there, a list goes on, or another verb has come before.
    """
    cut = _CUT.search(text)
    if cut is not None and _LIST.match(text, cut.start()):
        return None
    rest = (text[: cut.start()] if cut else text).rstrip(" .")
    return rest if _SECOND_VERB.search(f"{rest} ") is None and _is_closed(rest) else None


def shorter_rests(rest: str, *, infinitives: bool) -> Iterator[str]:
    """Yield a rest without its last prepositional phrase, without the last two, and so on.

    Args:
        rest: What follows a verb.
        infinitives: Whether "to support …" can be left off too.
    """
    starts = _PHRASE_OR_INFINITIVE if infinitives else _PHRASE
    for match in reversed(list(starts.finditer(rest))):
        if match.start() and _is_closed(shorter := rest[: match.start()]):
            yield shorter


def _is_closed(rest: str) -> bool:
    """Whether a question can end there."""
    last = rest.rsplit(maxsplit=1)[-1] if rest else ""
    return last.lower() not in _NOT_LAST and _UNFINISHED.search(last) is None
