"""Questions generated from press releases, for the first stage of the training.

There are tens of thousands of releases and no questions about them. But a release says things more
than once: a name, a date or a sum of one paragraph comes back in another. So a sentence in which
such a word is replaced by a question word is a question, another paragraph of the same release that
contains the word answers it, and a paragraph without it does not. The idea is recurring span
selection (Ram et al., "Few-shot question answering by pretraining span selection", 2021) with
clozes turned into questions (Lewis et al., "Unsupervised question answering by cloze translation",
2019). The encoder has never seen a question and a passage together, and its own training texts are
not press releases.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from reading_sets import Example, Group

from index.text.stopwords import function_words

SETS = ("us-congress", "canada-provinces")
MOST_OF_A_RELEASE = 4
SPAN = re.compile(
    r"(?P<money>\$ ?\d[\d,.]*\d(?: (?:million|billion|trillion))?|\$\d+)"
    r"|(?P<date>(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December) \d{1,2}(?:, \d{4})?|\b(?:19|20)\d\d\b)"
    r"|(?P<number>\b\d[\d,.]*(?: ?(?:percent|%|million|billion))?(?: (?:[a-z]{4,}s)\b)?)"
    r"|(?P<name>\b[A-Z][\w'’-]+(?: (?:of |the |de |for |and )?[A-Z][\w'’-]+){0,4})"
)
WORD_FOR = {
    "money": ("how much",),
    "date": ("when", "when", "what date"),
    "number": ("how many", "how many", "what number of"),
    "name": ("who", "what", "which"),
    "phrase": ("what",),
}
PHRASE = re.compile(r"(?=\b(?P<phrase>[a-z][a-z'’-]{3,}(?: [a-z][a-z'’-]{3,}){1,2})\b)")
PHRASES = 0.3
"""The share of sentences that ask for a plain phrase first, as many real questions do."""
PERSON = re.compile(r"\b(?:Senator|Sen\.|Rep\.|Congress(?:wo)?man|Minister|Dr\.|Premier|President)")
SHORTEST, LONGEST = 12, 170
QUESTION_WORDS = 26
SENTENCE_END = re.compile(r"(?<=[.!?])[\"”]?\s+(?=[\"“A-Z])")


def cloze_groups(data: Path, count: int, seed: int) -> list[Group]:
    """Return `count` groups, at most four a release, from releases drawn at random."""
    draw = random.Random(seed)
    texts = [text for name in SETS for text in _texts(data / "press" / name / "corpus.jsonl.gz")]
    draw.shuffle(texts)
    found: list[Group] = []
    for text in texts:
        found += islice(_of_release(text, draw), MOST_OF_A_RELEASE)
        if len(found) >= count:
            break
    return found[:count]


def _texts(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)["text"]


def _of_release(text: str, draw: random.Random) -> Iterator[Group]:
    paragraphs = [
        " ".join(p.split()) for p in re.split(r"\n+", text) if SHORTEST <= len(p.split()) <= LONGEST
    ]
    if len(paragraphs) < 3:
        return
    order = list(range(len(paragraphs)))
    draw.shuffle(order)
    for place in order:
        sentences = [s for s in SENTENCE_END.split(paragraphs[place]) if 8 <= len(s.split()) <= 45]
        if not sentences:
            continue
        sentence = draw.choice(sentences)
        spans = [m for m in SPAN.finditer(sentence) if m.start() > 0 or " " in m.group()]
        draw.shuffle(spans)
        phrases = [m for m in PHRASE.finditer(sentence) if m.start() > 0 and _is_plain(m)]
        draw.shuffle(phrases)
        for span in [*phrases, *spans] if draw.random() < PHRASES else spans:
            group = _group(span, sentence, place, paragraphs, draw)
            if group:
                yield group
                break


def _is_plain(span: re.Match[str]) -> bool:
    """Whether a phrase has no function words."""
    return function_words("en").isdisjoint(span["phrase"].split())


def _group(
    span: re.Match[str], sentence: str, place: int, paragraphs: list[str], draw: random.Random
) -> Group | None:
    start, end = _place(span)
    words = span.string[start:end]
    if len(words) < 3:
        return None
    whole = re.compile(rf"(?<![\w$]){re.escape(words)}(?!\w)")
    others = [p for i, p in enumerate(paragraphs) if i != place and p != paragraphs[place]]
    holding = [p for p in others if whole.search(p) and sentence not in p]
    lacking = [p for p in others if not whole.search(p)]
    if not holding or not lacking or len(holding) > len(others) / 2:
        return None
    question = _question(span, sentence, draw)
    passage = draw.choice(holding)
    answers = tuple(m.span() for m in whole.finditer(passage))
    return Group(Example(question, passage, answers), (Example(question, draw.choice(lacking)),))


def _place(span: re.Match[str]) -> tuple[int, int]:
    """Return the span of a match; a phrase is matched by lookahead."""
    return span.span("phrase") if "phrase" in span.re.groupindex else span.span()


def _question(span: re.Match[str], sentence: str, draw: random.Random) -> str:
    """Return the sentence with a question word for the span, half the time moved to the front."""
    kind = next(name for name, value in span.groupdict().items() if value)
    start, end = _place(span)
    before, after = sentence[:start].split(), sentence[end:].split()
    asking = draw.choice(WORD_FOR[kind])
    if kind == "name" and PERSON.search(" ".join(before[-2:]) + sentence[start:end]):
        asking = "who"
    room = QUESTION_WORDS - 2
    after = after[: max(room - len(before), room // 2)]
    before = before[-(room - len(after)) :] if room > len(after) else []
    text = [*before, asking, *after] if draw.random() < 0.4 else [asking, *after, *before]
    return " ".join(text).strip(" .,;:") + "?"
