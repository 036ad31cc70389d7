"""The items of a list in running text or in lines with bullets, around words that belong to it.

"… for Montana, Idaho and Wyoming" has three items, given any of them. Semicolons divide before
commas do; a list of lines has bullets. Where it is not clear where the list begins or ends, or
whether its pieces are items at all, there are none: one span is then the better answer.
"""

import re
from collections.abc import Iterator, Sequence

from index.structure.paragraphs import BULLET
from index.text.analyzer import fold
from index.types import Span
from qa.query.answer_type import answer_spans
from qa.query.question import AnswerType
from qa.query.several import Several
from qa.reader.prediction import trimmed

LONGEST_ITEM = 20
"""Words of an item between commas at most."""

LONGEST_CLAUSE = 60
"""Words of an item between semicolons, or of one with a bullet."""

_AND = r"(?:and|or|as well as|et|ou|ainsi que|und|oder|sowie|y|e|o|&)"
_COMMA = re.compile(
    # Not before a year, "Jr." or the state of a town, nor inside a number.
    rf",\s+(?!(?:\d{{4}}|(?:Jr|Sr|Inc|Ltd|LLC|Ph\.?D|[A-Z]\.[A-Z]|Ont|Que|Alta|Sask)\b)\b)(?:{_AND}\s+)?"
)
_SEMICOLON = re.compile(rf"\s*;\s+(?:{_AND}(?:\s*[:,])?\s+)?|,?\s+{_AND}\s*;\s+")
_CONJUNCTION = re.compile(rf"\s+{_AND}\s+")
_AND_WORD = re.compile(rf"\b{_AND}\b|&")
_LEADING_AND = re.compile(rf"(?:{_AND}|both|either)\s+")
_LEFT_OVER = re.compile(rf"[\s,;]+{_AND}\s*$")
"""The conjunction that ends the last line but one."""
_STARTS_CLAUSE = re.compile(
    r"(?:however|which|who|whom|whose|that|while|when|where|whereas|but|because|although|though|if|since|so"
    r"|it|he|she|they|we|i|you|there|this|these|those|including|such|according|with|as|based"
    r"|said|says|is|are|was|were|has|have|had|will|would|not|among|qui|que|dont|mais|car|dit)\b",
    re.IGNORECASE,
)
"""What begins something that is beside the list or after it, and no item of it."""
_ENDS_ITEM = re.compile(
    r"\s+(?:to|for|from|in|on|at|with|by|as|who|which|that|is|are|was|were|has|have|had|will|would"
    r"|can|could|may|must|after|before|during|while|when|where|into|through|under|all|each"
    r"|pour|dans|qui|que|sont|ont|a|au|aux)\s+"
)
"""What follows the noun phrase of a last item that the reader did not mark to its end."""
_LEAD_IN = re.compile(
    r".*(?::|\b(?:including|include[sd]?|such as|namely|are|were|of|from|in|to|for|with|between"
    r"|by|notamment|sont|comme|de|des|dans|a|aux)\b)\s+(?:both\s+)?",
    re.IGNORECASE | re.DOTALL,
)
"""What stands before the first item of a list, from the beginning of its sentence."""
_REST = re.compile(
    r"(?:\w+\s+){0,3}?(?:others|more|many more|other \w+|etc\.?|so on|autres|andere)\W*",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:\w+[\s-]+){0,4}?(?:minister|director|president|chair\w*|ceo|officer|secretary|mayor|chief"
    r"|premier|professor|commissioner|founder|manager|leader|senator|member|partner|owner"
    r"|spokes\w+|ministre|directrice|directeur|presidente?|maire|mairesse)\b"
)
_PERSON = re.compile(r"(?:[A-Z]\w*\.?\s+)?[A-ZÀ-Þ][\w’'-]+(?:\s+(?:[A-Z]\.|[A-ZÀ-Þ][\w’'-]+)){1,3}")
_NAME = (
    r"(?:the\s+)?[A-ZÀ-Þ][\w.’'&-]*(?:\s+(?:(?:of|for|the|de|du|des|la)\s+)*[A-ZÀ-Þ][\w.’'&-]*)*"
)
_TITLE = 3
"""Words that may stand before a name in an item."""
_ARTICLE = re.compile(r"(?:an?|une?)\s", re.IGNORECASE)
_OPENING, _CLOSING = "([", ")]"
_FEWEST = 2
_LABEL = re.compile(r"\s*(?::|\s[–—-]\s|\s\()")
"""What parts the name of a line from what is said of it."""


def list_items(
    several: Several,
    wanted: AnswerType | None,
    text: str,
    sentences: Sequence[Span],
    words: Span,
) -> tuple[Span, ...]:
    """Return the items of the list that the reader's words belong to, in their order.

    Args:
        several: What the question says of the things.
        wanted: The type of answer that it asks for.
        text: A passage.
        sentences: The spans of its sentences.
        words: The reader's words, inside one sentence.

    Returns:
        Spans into `text`, two at least; none where no list is to be delimited.
    """
    count = several.count
    for items in _readings(text, sentences, words):
        kept = tuple(trimmed(text, item) for item in items)
        if len(kept) < _FEWEST or not all(text[slice(*item)].strip() for item in kept):
            continue
        if count is not None and len(kept) != count:
            continue
        if _alike(wanted, text, kept, sure=count == len(kept)):
            return kept
    return ()


def _readings(text: str, sentences: Sequence[Span], words: Span) -> Iterator[Sequence[Span]]:
    """Yield the lists that the words may belong to, the surest first."""
    sentence = next((s for s in sentences if s[0] <= words[0] and words[1] <= s[1]), words)
    window = _within_marks(text, sentence, words)
    if len(_COMMA.findall(text, *words)) > 1:  # the reader marked the list itself
        yield _by_commas(text, window, words)
    yield _pair(text, words)
    yield _lines(text, words)
    yield _by_semicolons(text, sentence, words)
    yield _by_commas(text, window, words)


def _lines(text: str, words: Span) -> Sequence[Span]:
    """Return the items of the run of lines with bullets at, or right after, the words.

    Where the words are what stands before the colon or the dash of their line, so are the items.
    """
    lines = _line_spans(text)
    here = next((n for n, line in enumerate(lines) if line[0] <= words[0] <= line[1]), None)
    if here is None:
        return ()
    if not _has_bullet(text, lines[here]) and text[slice(*lines[here])].rstrip().endswith(":"):
        here += 1
    first = last = here
    while first > 0 and _has_bullet(text, lines[first - 1]):
        first -= 1
    while last < len(lines) and _has_bullet(text, lines[last]):
        last += 1
    if not first <= here < last:
        return ()
    items = [_without_bullet(text, line) for line in lines[first:last]]
    label = _LABEL.search(text, items[here - first][0], items[here - first][1])
    if label is not None and words[1] <= label.start():
        cut = [_LABEL.search(text, *item) for item in items]
        if all(cut):
            return [(item[0], at.start()) for item, at in zip(items, cut, strict=True) if at]
    return items


def _line_spans(text: str) -> list[Span]:
    return [match.span() for match in re.finditer(r"[^\n]*\S[^\n]*", text)]


def _has_bullet(text: str, line: Span) -> bool:
    return BULLET.match(text[slice(*line)]) is not None


def _without_bullet(text: str, line: Span) -> Span:
    match = BULLET.match(text[slice(*line)])
    start = line[0] + (match.end() - 1 if match else 0)
    end = line[1]
    ending = _LEFT_OVER.search(text, start, end)
    return start, ending.start() if ending else end


def _by_semicolons(text: str, sentence: Span, words: Span) -> Sequence[Span]:
    """Return the pieces between the semicolons of a sentence, from its colon if it has one."""
    start, end = sentence
    cuts = list(_SEMICOLON.finditer(text, start, end))
    if len(cuts) < _FEWEST and not any(_AND_WORD.search(cut.group()) for cut in cuts):
        return ()  # two clauses
    colon = text.rfind(": ", start, min(cuts[0].start(), words[1]))
    first = colon + 2 if colon >= 0 else min(words[0], cuts[0].start())
    last = words[1] if cuts[-1].end() < words[1] else end
    pieces = _pieces(first, last, [cut.span() for cut in cuts])
    # The words have to be in one of the items, or to begin with one.
    begins = any(piece[0] <= words[0] < piece[1] for piece in pieces)
    return pieces if begins and (colon >= 0 or words[0] == first) else ()


def _pieces(start: int, end: int, cuts: Sequence[Span]) -> list[Span]:
    """Return what is left between cuts."""
    later = [cut for cut in cuts if cut[0] > start]
    begins, ends = [start, *(b for _, b in later)], [*(a for a, _ in later), end]
    return [(a, b) for a, b in zip(begins, ends, strict=True) if b > a]


def _within_marks(text: str, sentence: Span, words: Span) -> Span:
    """Return the stretch of a sentence around the words without a bracket, colon or dash."""
    start, end = sentence
    depth = 0
    for place in range(words[0] - 1, start - 1, -1):
        character = text[place]
        depth += (character in _CLOSING) - (character in _OPENING)
        if depth < 0 or (depth == 0 and _divides(text, place)):
            start = place + 1
            break
    depth = 0
    for place in range(words[1], end):
        character = text[place]
        depth += (character in _OPENING) - (character in _CLOSING)
        if depth < 0 or (depth == 0 and _divides(text, place)):
            end = place
            break
    return start, end


def _divides(text: str, place: int) -> bool:
    return text[place] in ":;–—" and text[place + 1 : place + 2].isspace()


def _by_commas(text: str, window: Span, words: Span) -> Sequence[Span]:
    """Return the pieces between commas that make a list with the words."""
    cuts = [
        match.span()
        for match in _COMMA.finditer(text, *window)
        if not _bracketed(text, window[0], match.start())
    ]
    pieces = _pieces(*window, cuts)
    within = [n for n, piece in enumerate(pieces) if piece[0] < words[1] and words[0] < piece[1]]
    last = _last_piece(text, pieces, cuts, within[-1]) if within and cuts else None
    if last is None:
        return ()
    first = within[0]
    in_one = within[0] == within[-1]
    if in_one and not _CONJUNCTION.search(text, *words):
        # The items before the words may not be marked. Where several are, the first one is.
        first = _first_piece(text, pieces, first)
    items = list(pieces[first : last + 1])
    items[0] = _first_item(text, items[0], words, is_first=first == 0)
    if not (last == within[-1] and _covers_end(text, items[-1], words)):
        items[-1] = _cut_end(text, items[-1])
    else:
        items[-1] = (items[-1][0], words[1])
    items = _without_roles(text, _without_rest(text, items))
    if in_one and not _resemble(text, words, items, marked=first == within[0]):
        return ()
    joined = any(end == pieces[last][0] and _has_and(text, (start, end)) for start, end in cuts)
    return items if joined else [*items[:-1], *_split_at_and(text, items[-1])]


def _has_and(text: str, cut: Span) -> bool:
    return _AND_WORD.search(text, *cut) is not None


def _bracketed(text: str, start: int, place: int) -> bool:
    before = text[start:place]
    return sum(c in _OPENING for c in before) > sum(c in _CLOSING for c in before)


def _last_piece(text: str, pieces: Sequence[Span], cuts: Sequence[Span], at: int) -> int | None:
    """Return the index of the piece that ends the list: it has the conjunction, or follows one.

    A list in brackets and one after a colon end with them.

    Args:
        text: The passage.
        pieces: What is between the commas.
        cuts: The commas, with the conjunctions that follow some.
        at: Index of the last piece with words of the reader's.
    """
    following = list(range(max(at, 1), len(pieces)))
    after = (n for n in following if n > at and _STARTS_CLAUSE.match(text, pieces[n][0]))
    following = [n for n in following if n < next(after, len(pieces))]
    joined = {end for start, end in cuts if _has_and(text, (start, end))}
    ends = [n for n in following if pieces[n][0] in joined] or [
        n for n in following if _CONJUNCTION.search(text, *_cut_end(text, pieces[n]))
    ]
    if ends:
        return ends[0]
    opening = text[max(pieces[0][0] - 1, 0)]
    return len(pieces) - 1 if opening in "(:" else None


def _first_piece(text: str, pieces: Sequence[Span], at: int) -> int:
    """Return the index of the piece that the list begins in, given one that is in the list."""
    while at > 0 and not _STARTS_CLAUSE.match(text, pieces[at][0]):
        before = text[slice(*pieces[at - 1])].strip()
        if len(before.split()) > LONGEST_ITEM or _STARTS_CLAUSE.match(before):
            break
        at -= 1
    return at


def _first_item(text: str, piece: Span, words: Span, *, is_first: bool) -> Span:
    """Return the first item, without what leads to the list.

    Args:
        text: The passage.
        piece: The piece that the list begins in.
        words: The reader's words, which begin in that piece or after it.
        is_first: Whether the sentence begins with the piece.
    """
    if words[0] < piece[1]:
        return max(piece[0], words[0]), piece[1]
    names = re.search(r"(?:[A-ZÀ-Þ&][\w.’'&-]*\s*)+$", text[slice(*piece)])
    if is_first and names is not None and text[words[0]].isupper():
        return piece[0] + names.start(), piece[1]
    lead = _LEAD_IN.match(text, *piece) if is_first else None
    return (lead.end(), piece[1]) if lead else piece


def _resemble(text: str, words: Span, items: Sequence[Span], *, marked: bool) -> bool:
    """Whether the reader's words are most of one item, and the others are like it.

    Args:
        text: The passage.
        words: The reader's words, a part of one item.
        items: The items, the last perhaps two of them.
        marked: Whether the first item begins with the words.
    """
    count = len(text[slice(*words)].split())
    own = next((i for i in items if i[0] <= words[0] < i[1]), words)
    # The last may be two items yet.
    parts = _split_at_and(text, own) if own == items[-1] else [own]
    own = next((i for i in parts if i[0] <= words[0] < i[1]), own)
    if count * 2 < len(text[slice(*own)].split()):
        return False
    most = 3 * count + 4
    name = _is_name(text[slice(*words)])
    others = items if marked else items[:-1]
    return all(len(text[slice(*item)].split()) <= most for item in items) and all(
        _is_name(text[slice(*item)]) == name for item in others if item != own
    )


def _is_name(words: str) -> bool:
    """Whether a name begins an item, after a title or an article perhaps."""
    return any(word[:1].isupper() or word[:1].isdigit() for word in words.split()[:_TITLE])


def _covers_end(text: str, item: Span, words: Span) -> bool:
    """Whether the reader's words go to the last item of the list."""
    conjunction = _CONJUNCTION.search(text, item[0], item[1])
    return words[1] > item[0] and (
        words[0] < item[0] or conjunction is None or words[1] > conjunction.end()
    )


def _cut_end(text: str, item: Span) -> Span:
    """Return the last item without what the sentence says after it."""
    conjunction = _CONJUNCTION.search(text, *item)
    found = _ENDS_ITEM.search(text, conjunction.end() if conjunction else item[0], item[1])
    return (item[0], found.start()) if found else item


def _split_at_and(text: str, item: Span) -> list[Span]:
    found = _CONJUNCTION.search(text, *item)
    return [(item[0], found.start()), (found.end(), item[1])] if found else [item]


def _without_roles(text: str, items: Sequence[Span]) -> list[Span]:
    """Return items without what is only said of the one before: "Ann Lee, minister of health"."""
    kept: list[Span] = []
    for item in items:
        words = text[slice(*item)]
        if (
            kept
            and _ROLE.match(fold(words))
            and _PERSON.fullmatch(text[slice(*kept[-1])].strip())
            and not _PERSON.search(words, len(words.split(" ")[0]))
        ):
            continue
        kept.append(item)
    return kept


def _without_rest(text: str, items: Sequence[Span]) -> Sequence[Span]:
    """Return items without a last one that names nothing: "and a dozen others"."""
    return items[:-1] if items and _REST.fullmatch(text, *items[-1]) else items


def _pair(text: str, words: Span) -> Sequence[Span]:
    """Return the two halves of the reader's words, if one "and" stands between them."""
    found = list(_CONJUNCTION.finditer(text, *words))
    if len(found) != 1 or "," in text[slice(*words)]:
        return ()
    return [(words[0], found[0].start()), (found[0].end(), words[1])]


def _are_two_names(one: str, other: str) -> bool:
    """Whether two halves are names of their own: "Fish and Wildlife" are one name's."""
    compound = (" " in one) != (" " in other)
    return not compound and all(re.fullmatch(_NAME, words) for words in (one, other))


def _alike(wanted: AnswerType | None, text: str, items: Sequence[Span], *, sure: bool) -> bool:
    """Whether items are of one kind: all names or none, of the type that is asked for.

    Args:
        wanted: The type that is asked for.
        text: The passage.
        items: Spans of it, two at least.
        sure: Whether they are as many as the question says.
    """
    said = [text[slice(*item)] for item in items]
    between = text[items[0][1] : items[1][0]]
    parted = ";" in between or "\n" in between
    longest = LONGEST_CLAUSE if parted else LONGEST_ITEM
    if len({fold(words) for words in said}) < len(said) or any(
        len(words.split()) > longest or _STARTS_CLAUSE.match(words) for words in said
    ):
        return False
    if sure or parted:
        return True
    return _are_of_type(wanted, text, items) and _look_alike(said)


def _are_of_type(wanted: AnswerType | None, text: str, items: Sequence[Span]) -> bool:
    """Whether all items or none could be an answer of the type that is asked for."""
    if wanted is None:
        return True
    found = [span for span, _ in answer_spans(text, wanted)]
    typed = [any(a < item[1] and item[0] < b for a, b in found) for item in items]
    return all(typed) or not any(typed)


def _look_alike(said: Sequence[str]) -> bool:
    """Whether most items begin with a name, or most do not; both of two have to be names."""
    if len(said) == _FEWEST:
        return _are_two_names(*said)
    names = [_is_name(words) for words in said]
    if names[0] and _ARTICLE.match(said[1]):
        return False  # "Metro, a system of …"
    return 3 * min(sum(names), len(names) - sum(names)) <= len(names)
