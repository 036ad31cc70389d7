"""Finds the turns of a transcript: who speaks, and which turns are a journalist's questions.

A turn begins with a label, "SENATOR ROE: …" or "Q: …", at the start of a line or, in copies that
lost their line ends, behind the last sentence of the turn before. Other papers have labels as well
("WHEN: …", "Recipient: …"), so a text counts as a transcript only when a few labels take turns
through most of it and some of the turns ask something.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.structure.headline.head_words import NAME_OF_UNIT
from index.structure.quotations.people import surname_of
from index.types import Span

_MIN_TURNS = 6
_MIN_SPEAKERS = 2
_MIN_TURNS_EACH = 2
"""Turns of at least two speakers."""

_MIN_CHANGES = 0.5
"""Share of the turns that follow one of another speaker, at least."""

_MIN_COVERED = 0.5
"""Share of the text from the first label on, at least."""

_MIN_ASKING = 0.1
"""Share of the turns that ask something, at least."""

_MIN_CHARACTERS = 40
"""Characters of a turn, on average at least; the lines of a form have fewer."""

_INTERVIEWER = 0.5
"""Share of a speaker's turns with a question from which the speaker is an interviewer."""

_MORE_THAN_OTHERS = 0.3, 2.0
"""A lower such share that is enough, when it is so many times that of another speaker."""

_MIN_INTERVIEWER_TURNS = 3
_MAX_LABEL = 48
_MAX_READ = 200_000
"""Characters of a release in which the name of a speaker is looked for in full."""

_TITLE = (
    r"(?:(?:U\.S\. )?(?:Sen(?:ator|s)?|Rep(?:resentative)?|Gov(?:ernor)?|Gen(?:eral)?|Col(?:onel)?|"
    r"Lt|Dr|Mr|Mrs|Ms|Miss|Prof(?:essor)?|Hon|Sec(?:retary)?|Amb(?:assador)?|Adm(?:iral)?|Capt|"
    r"President|Premier|(?:Ranking )?Member|Vice|Administrator|Host|Minister|Mayor|Chair(?:man|"
    r"woman)?|Congress(?:man|woman)|Speaker|Leader|"
    r"Judge|Justice|Chief|Director|Commissioner|M|Mme|Mmes|Mlle|[Ll]['’]hon)\b\.? )"
)
_QUESTION_WORDS = (
    r"(?:q(?:uestion(?:er)?)?s?|(?:female |male |unidentified |unknown )?(?:journalist|reporter|"
    r"questioner|interviewer|moderator)s?|media|press|host|anchor|presenter|journaliste|"
    r"animat(?:eur|rice)|modérat(?:eur|rice)|intervieweu(?:r|se))"
)
_CAPITALS = (
    r"(?:SENS?|REPS?|GOV|GEN|COL|LT|MRS?|MS|DR|HON|PROF|AMB|ADM|[A-Z])\. ?|[A-ZÀ-Þ][A-ZÀ-Þ'’-]+,? "
)
"""A word of a name in capitals before the last one."""

_LABEL_END = r"(?:\s*\([^()\n]{1,40}\))?\s?:(?=\s|\Z)"
_LABEL = re.compile(
    r"(?:(?m:^)[^\S\n]*|(?<=[.!?…”\"\])»–—-])\s+)"
    rf"(?P<name>(?i:{_QUESTION_WORDS})(?: ?\#?\d{{1,2}})?|"
    rf"(?:{_CAPITALS}){{0,4}}[A-ZÀ-Þ][A-ZÀ-Þ'’-]+|"
    rf"(?i:{_TITLE})[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’.-]+){{0,2}}){_LABEL_END}|"
    rf"(?m:^)[^\S\n]*(?P<full>[A-ZÀ-Þ][\w'’.-]+(?: [A-ZÀ-Þ][\w'’.-]+){{0,3}}|A){_LABEL_END}"
)
_NAME_LINE = re.compile(
    rf"(?m:^)[^\S\n]*(?P<name>(?i:{_QUESTION_WORDS})|(?:{_TITLE})?[A-ZÀ-Þ][\w'’.-]+"
    r"(?: [A-ZÀ-Þ][\w'’.-]+){0,3})[^\S\n]*(?m:$)"
)
"""A speaker alone on the line above a turn."""

_GENERIC_QUESTION = re.compile(rf"{_QUESTION_WORDS}(?: ?#?\d+)?", re.IGNORECASE)
_ANSWER = re.compile(r"a(?:nswer)?|réponse|r", re.IGNORECASE)
_NOT_SPEAKER = re.compile(
    r"\b(?:what|when|where|who|why|how|time|date|day|location|venue|place|address|contacts?|media "
    r"(?:advisory|contacts?)|note|notes|summary|background(?:er)?|topics?|participants?|guests?|"
    r"speakers?|transcript|embed|watch|listen|source|amount|recipient|project|program|grant|"
    r"title|subject|re|fax|phone|tel|email|e-mail|website|update|release|embargo|credit|caption|"
    r"highlights?|link|rsvp|county|region|municipality|district|quoi|quand|où|qui|lieu|"
    r"heure|objet|section|step|tip|fact|myth|example|ps|p\.s|warning|important|agenda|excerpts?|"
    r"graphics?|video|audio|clip|summary|total|main|line)\b",
    re.IGNORECASE,
)
_HEARING = re.compile(
    r"\b(?:hearing|committee|testif\w+|testimony|confirmation|questions|presses|grills|judge|"
    r"nomination|nominee|debate|colloquy)\b",
    re.IGNORECASE,
)
_HOSTED = re.compile(r"\b(?:with|on|by|to|and|chez|avec)\b(?: [\w.’']+){0,3}\W*\Z")
"""The words before a host's name: "interviewed by NBC's Ann Poe"."""

_QUESTION_MARK = re.compile(r"\?(?=[\s”\"»)\]]|\Z)")


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of a transcript.

    Attributes:
        span: From the label to the next one.
        label: The span of the label.
        speaker: The speaker, by the fullest name in the release; None for a nameless journalist.
        asks: Whether it is the turn of a journalist or an interviewer, which is no statement.
    """

    span: Span
    label: Span
    speaker: str | None
    asks: bool


def find_turns(
    text: str, start: int, end: int, title: str = "", issuer: str = ""
) -> tuple[Turn, ...]:
    """Return the turns of a transcript; none when the text is no transcript.

    Args:
        text: The text of the release.
        start: Where the first turn can begin, below the headline.
        end: Where the last turn ends at the latest.
        title: The headline; whom it is about is no interviewer.
        issuer: The issuer's name; the same holds.
    """
    turns = _as_transcript(text, _labels(text, _LABEL, start, end), end)
    if not turns:
        turns = _as_transcript(text, _labels(text, _NAME_LINE, start, end), end)
    if not turns or end - turns[0][1][0] < _MIN_COVERED * (end - start):
        return ()
    asking = _interviewers(text, turns, title, issuer)
    names = {key: _full_name(text, key) for key, _, _ in turns}
    return tuple(Turn(span, label, names[key], asks=key in asking) for key, span, label in turns)


_Labelled = tuple[str, Span, Span]
"""The folded label of a turn, the span of the turn, the span of the label."""


def _labels(text: str, pattern: re.Pattern[str], start: int, end: int) -> list[tuple[str, Span]]:
    found = []
    for match in pattern.finditer(text, start, end):
        group = "name" if match["name"] else "full"
        words = match[group]
        name = " ".join(words.split())
        if len(name) > _MAX_LABEL or _NOT_SPEAKER.search(name) or NAME_OF_UNIT.match(name):
            continue
        found.append((_key(name), (match.start(group), match.end())))
    return found


def _key(name: str) -> str:
    """Return what the labels of one speaker have in common: "SEN. ROE" and "ROE" are one."""
    plain = re.sub(rf"\A(?i:{_TITLE})+", "", name) or name
    return " ".join(plain.casefold().strip(" .").split())


def _as_transcript(text: str, labels: Sequence[tuple[str, Span]], end: int) -> list[_Labelled]:
    """Return the turns that labels begin, when they read like those of a transcript."""
    times = Counter(key for key, _ in labels)
    full = {key for key, count in times.items() if count >= _MIN_TURNS_EACH}
    surnames = Counter(surname_of(key) for key in full)
    kept = [
        (key, label) for key, label in labels
        if key in full or surnames[surname_of(key)] or _GENERIC_QUESTION.fullmatch(key)
    ]  # fmt: skip
    speakers = {key for key, _ in kept if key in full}
    if len(kept) < _MIN_TURNS or len(speakers) < _MIN_SPEAKERS:
        return []
    stops = [label[0] for _, label in kept[1:]] + [end]
    turns = [(key, (label[0], stop), label) for (key, label), stop in zip(kept, stops, strict=True)]
    changes = sum(first[0] != second[0] for first, second in pairwise(turns))
    asking = sum(_asks(text, span) for _, span, _ in turns)
    long = sum(span[1] - label[1] for _, span, label in turns) >= _MIN_CHARACTERS * len(turns)
    if changes < _MIN_CHANGES * (len(turns) - 1) or asking < _MIN_ASKING * len(turns) or not long:
        return []
    return turns


def _asks(text: str, span: Span) -> bool:
    return _QUESTION_MARK.search(text, *span) is not None


def _interviewers(text: str, turns: Sequence[_Labelled], title: str, issuer: str) -> set[str]:
    """Return the labels of journalists: by the word, or since many of their turns ask.

    In a hearing, members ask witnesses; their words are no journalist's.
    """
    times = Counter(key for key, _, _ in turns)
    asked = Counter(key for key, span, _ in turns if _asks(text, span))
    generic = {key for key in times if _GENERIC_QUESTION.fullmatch(key)}
    if _HEARING.search(title):
        return generic
    own = _own_speakers(times, title, issuer)
    often = {key for key, count in times.items() if count >= _MIN_INTERVIEWER_TURNS}
    shares = {key: asked[key] / times[key] for key in often}
    least = min(shares.values(), default=0.0)
    low, factor = _MORE_THAN_OTHERS
    most = max(shares.values(), default=0.0)
    named = {
        key for key, share in shares.items()
        if (share >= _INTERVIEWER or (share == most and share >= max(low, factor * least)))
        and key not in own and not _ANSWER.fullmatch(key)
    }  # fmt: skip
    names = {surname_of(key) for key in named}
    named |= {key for key in times if surname_of(key) in names and key not in own}
    return generic if named | generic == set(times) else named | generic


def _own_speakers(times: Counter[str], title: str, issuer: str) -> set[str]:
    """Return the labels of those whose release it is: the issuer, and who is the title's subject.

    "Senator Roe talks to Ann Poe" is Roe's, and in "This Week with Ann Poe" Poe is the host.
    """
    folded, named = title.casefold(), issuer.casefold()
    own = set()
    places = {}
    for key in times:
        surname = re.escape(surname_of(key))
        if re.search(rf"{surname}\b", named):
            own.add(key)
        found = re.search(rf"\b{surname}\b", folded)
        if found is not None and not _HOSTED.search(folded[: found.start()]):
            places[key] = found.start()
    first = min(places.values(), default=-1)
    return own | {key for key, place in places.items() if place == first}


def _full_name(text: str, key: str) -> str | None:
    """Return a speaker's name as the release has it in full, else the label with capitals."""
    if _GENERIC_QUESTION.fullmatch(key) or _ANSWER.fullmatch(key):
        return None
    plain = key.title() if key.isascii() else key.capitalize()
    if " " in key:
        return plain
    surname = re.escape(key)
    full = re.compile(
        rf"\b(?!(?i:{_TITLE}))(?P<name>[A-ZÀ-Þ][a-zà-ÿ'’-]+ (?:[A-ZÀ-Þ]\. )?(?i:{surname}))\b"
    )
    for found in full.finditer(text[:_MAX_READ]):
        if not re.match(rf"(?i:{_TITLE}|the |and |with |says? )", f"{found['name']} "):
            first, _, last = found["name"].rpartition(" ")
            return f"{first} {plain if last.isupper() else last}"
    return plain


def split_at_turns(spans: Sequence[Span], turns: Sequence[Turn]) -> Iterator[Span]:
    """Yield the paragraphs, split where turns begin; a label on its own joins the text below it.

    A label above another label has no text and is yielded alone.
    """
    starts = [turn.span[0] for turn in turns]
    labels = {turn.label for turn in turns}
    above: Span | None = None
    for span in spans:
        cuts = [place for place in starts if span[0] < place < span[1]]
        for left, right in pairwise([span[0], *cuts, span[1]]):
            if any(label[0] == left and right <= label[1] + 1 for label in labels):
                if above is not None:
                    yield above
                above = left, right
            elif above is None:
                yield left, right
            else:
                yield above[0], right
                above = None
    if above is not None:
        yield above


def turn_of(span: Span, turns: Sequence[Turn]) -> Turn | None:
    """Return the turn that a paragraph belongs to."""
    return next((turn for turn in turns if turn.span[0] <= span[0] < turn.span[1]), None)
