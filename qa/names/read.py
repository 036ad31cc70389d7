"""Finds the names in the texts of releases.

A run of words with capitals is taken apart by `qa.names.runs`; the words around it say what is
still open: a job title beside a name, a state behind a town, an acronym in brackets. Headlines and
lines set like one name nobody, since all their words have capitals. There is no list of names of
people; first names, job titles and the last words of organisations and places are lists.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from index.structure.quotations.job_titles import (
    find_job_title,
    is_title_word,
    title_in_apposition,
)
from index.text.sentences import ends_sentence
from index.types import Span
from qa.conversation.entities import PLACES
from qa.names.regions import REGION_OF, region_after
from qa.names.roles import clean_role, is_own_title
from qa.names.runs import RUN, Part, parts_of_run
from qa.names.types import Mention

_ACRONYM_AFTER = re.compile(r"\s\((?:the )?[“\"]?([A-Z][A-Za-z&]{1,7})[”\"]?\)")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_LIST_BEFORE = re.compile(r"(?:(?<![\w’'-])[A-Z][\w’-]+(?: [A-Z][\w’-]+)?, (?:and )?)+\Z")
_LIST_BEHIND = re.compile(
    r"(?:, [A-Z][\w’-]+(?: [A-Z][\w’-]+)?)*,? (?:and|&) (?:the )?[A-Z][\w’-]+(?: [A-Z][\w’-]+)?"
)
_COMMITTEE_ON = re.compile(r"(?:Committee|Subcommittee) on\b")
_LISTED_BEFORE = re.compile(r"(?<![\w.])([A-Z][\w’.-]*(?: [A-Z][\w’-]+)?), (?:and )?\Z")
_LONGEST_LISTED = 40
_LONGEST_LIST = 90
_SENTENCE_START = re.compile(r"(?:[.!?:”\"][ \n]+|\n|\A)[“\"]?\Z")
_TOWN_CUES = ("in", "at", "near", "from", "to", "outside", "around", "à", "In", "At", "Near")
_BEFORE_TOWN = tuple(f"{before}{word} " for word in _TOWN_CUES for before in " \n")
_MOST_LINE_WORDS = 30
_TITLE_CASE = 3
"""From so many words with capitals to one long word without, a line is set like a headline."""
_CACHED_RUNS = 400_000


class NameReader:
    """Finds names. What a run of words names is remembered, since releases repeat them."""

    def __init__(self, common_words: frozenset[str]) -> None:
        """Read with the help of words that the collection has without capitals.

        Args:
            common_words: Folded as `str.casefold`; a name that ends with one needs a title.
        """
        self._common = common_words
        self._parts: dict[str, tuple[Part, ...]] = {}

    def can_be_person(self, name: str) -> bool:
        """Whether a stored speaker has the form of a full name."""
        parts = parts_of_run(name)
        return (
            len(parts) == 1
            and parts[0].kind == "person"
            and parts[0].name == name
            and (parts[0].first_name or not self._ends_common(name))
        )

    def mentions(self, text: str, spans: Sequence[Span]) -> Iterator[Mention]:
        """Yield the names in some passages of a text, in order, with spans into the text."""
        titled: dict[str, str | None] = {}
        for begin, stop in spans:
            for match in RUN.finditer(text, begin, stop):
                run = match[0]
                parts = self._parts.get(run)
                if parts is None:
                    if len(self._parts) > _CACHED_RUNS:
                        self._parts.clear()
                    parts = self._parts[run] = parts_of_run(run)
                for part in parts:
                    start, end = match.start() + part.span[0], match.start() + part.span[1]
                    mention = self._mention(text, part, (start, end), (begin, stop), titled)
                    if mention is not None and not self._in_title_line(text, mention, begin, stop):
                        yield mention

    def _mention(
        self, text: str, part: Part, span: Span, passage: Span, titled: dict[str, str | None]
    ) -> Mention | None:
        followed = part.may_be_town and text.startswith(",", span[1])
        if followed and (region := region_after(text, span[1])) is not None:
            if self._opens_sentence(text, part.name, span[0]) or _in_list(text, span[0]):
                return None
            if part.name in REGION_OF and part.name not in {"Washington", "New York"}:
                region = None
            return Mention("place", part.name, span, "full", meaning=region)
        if part.kind == "organisation":
            return _organisation(text, part, span, passage)
        if part.kind == "place":
            return _place(text, part, span)
        return self._person(text, part, span, titled)

    def _person(
        self, text: str, part: Part, span: Span, titled: dict[str, str | None]
    ) -> Mention | None:
        if part.name not in titled or titled[part.name] is None:
            titled[part.name] = _title_beside(text, span)
        role = titled[part.name]
        form = part.form
        if form != "short" and not part.first_name and self._ends_common(part.name):
            return None
        if form == "likely" and (role or (part.first_name and not self._ends_common(part.name))):
            form = "full"
        return Mention("person", part.name, span, form, role=role)

    def _opens_sentence(self, text: str, name: str, start: int) -> bool:
        """Whether what stands before a state is a word such as "Unfortunately", or a list."""
        words = name.casefold().split()
        if len(words) == 1:
            first = _SENTENCE_START.search(text, max(0, start - 4), start) is not None
            return words[0].endswith("ally") or (first and words[0] in self._common)
        return len(words) > 2 and (words[-1] in self._common or words[-1] in PLACES)  # noqa: PLR2004

    def _ends_common(self, name: str) -> bool:
        return any(word.casefold() in self._common for word in name.split()[-1:])

    @staticmethod
    def _in_title_line(text: str, mention: Mention, begin: int, stop: int) -> bool:
        """Whether a name stands in a line that is set like a headline.

        A name with its job title, at the start of a line of its own, stands below a quotation.
        """
        start = text.rfind("\n", begin, mention.span[0]) + 1 or begin
        end = text.find("\n", mention.span[1], stop)
        line = text[start : stop if end < 0 else end]
        if not _is_title_case(line):
            return False
        if mention.kind == "person" and mention.role is not None:
            before = text[start : mention.span[0]].strip(" -–—―•*\t")
            behind = text[mention.span[1] : mention.span[1] + 1]
            if behind == "," and (not before or is_title_word(before.split()[-1])):
                return False
        return True


@lru_cache(maxsize=1 << 10)
def _is_title_case(line: str) -> bool:
    """Whether a line has capitals like a headline."""
    words = line.split()
    if len(words) > _MOST_LINE_WORDS:
        return False
    upper = sum(1 for word in words if word[0].isupper())
    lower = sum(1 for word in words if word[0].islower() and len(word) > 3)  # noqa: PLR2004
    if lower and line.rstrip(" ”\"'’)").endswith((".", "!", "?", ":", ";")):
        return False
    return not lower or upper >= _TITLE_CASE * lower


def _organisation(text: str, part: Part, span: Span, passage: Span) -> Mention | None:
    """Return an organisation, with the rest of a name that commas interrupt, and its acronym."""
    start, end = span
    if part.name.endswith("ommittee"):
        if before := _LIST_BEFORE.search(text, max(passage[0], start - _LONGEST_LIST), start):
            start = before.start()
    elif _COMMITTEE_ON.search(part.name) and (behind := _LIST_BEHIND.match(text, end, passage[1])):
        end = behind.end()
    if (start, end) == span:
        found = _ACRONYM_AFTER.match(text, end) if part.form == "full" else None
        meaning = found[1] if found and _abbreviates(found[1], part.name) else None
        return Mention("organisation", part.name, span, part.form, meaning=meaning)
    words = text[start:end].split()
    if any(is_title_word(word.strip(",")) for word in words):
        return None
    return Mention("organisation", " ".join(words), (start, end), part.form)


def _in_list(text: str, start: int) -> bool:
    """Whether another name and a comma stand before a town: "Yuma, Sedgwick, Washington"."""
    before = _LISTED_BEFORE.search(text, max(0, start - _LONGEST_LISTED), start)
    return before is not None and before[1] not in REGION_OF


def _place(text: str, part: Part, span: Span) -> Mention | None:
    start = span[0]
    if part.form == "short" and not text.endswith(_BEFORE_TOWN, 0, start):
        return None
    if part.name in REGION_OF and text[max(0, start - 2) : start] == ", ":
        return None  # said of the town before it
    if part.name.isupper() and len(part.name) > 4:  # noqa: PLR2004
        return None
    return Mention("place", part.name, span, part.form)


def _title_beside(text: str, span: Span) -> str | None:
    """Return the job title beside a name, if there can be one: looking is slow."""
    before = text[max(0, span[0] - 24) : span[0]].split()
    behind = text[span[1] : span[1] + 2]
    is_titled = bool(before) and (
        (is_title_word(before[-1]) and not _POSSESSIVE.search(before[-1]))
        or (before[-1][:1].isupper() and not ends_sentence(before[-1]))
    )
    if is_titled and (found := find_job_title(text, span)) is not None:
        return clean_role(found)
    if behind[:1] == "," or behind == " (":
        found = title_in_apposition(text, span[1])
        return clean_role(found) if found and is_own_title(found) else None
    return None


def _abbreviates(acronym: str, name: str) -> bool:
    """Whether an acronym has the initials of a name."""
    words = _WORD.findall(name)
    capitals = "".join(word[0] for word in words if word[0].isupper())
    every = "".join(word[0].upper() for word in words)
    return acronym.upper().replace("&", "") in {capitals, every}
