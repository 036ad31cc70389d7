"""The words of a passage, analysed once and cached with the open collection.

Every question is compared with a hundred passages, and the same passages come again and again.
What is cached of each decides both how long a question takes and how much memory a long batch
needs. Words are cached as numbers (`hash`) in arrays, which are concatenated for all candidates
of a question: a fifth of the memory of the words themselves, and compared all at once. Two words
with the same 64-bit number would be taken for one; that happens in one of 10^14 questions.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from index.text.analyzer import extract_terms as compared_terms
from index.text.analyzer import fold, tokenize
from index.types import Span
from qa.query.answer_type import answer_spans
from qa.query.question import AnswerType

T = TypeVar("T")
Numbers = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]

PREFIX = 5
"""Words that share this many first letters count as related: `Korean` and `Koreans'`."""

SHORT = 0
"""Stands for the prefix of a word shorter than `PREFIX`."""

ALWAYS_COUNTED: tuple[AnswerType, AnswerType] = ("name", "number")
"""The types of answer span that are counted in every passage, whatever the question asks."""

CACHED_PASSAGES = 1 << 14
"""Passages whose terms are cached, about 5 KB each."""

_END = "\n"
"""Between the words of a joined text; no word holds it."""

_BACK = re.compile(
    r"(?:it|its|he|his|she|her|they|their|this|these|that|those|such|the (?:two|company|group"
    r"|agreement|program|project|bill|act)|il|elle|ils|elles|ce|cette|ces|son|sa|ses|er|sie|es"
    r"|dies\w*|él|ella|ellos|este|esta|estos|su|sus)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class CandidateSpans:
    """The stretches of a passage that could be an answer of some types.

    Attributes:
        bin: For each stretch, its sentence times the number of types plus its type, shape
            (stretches,).
        sizes: How many words each has, at least 1, shape (stretches,).
        words: The numbers of their words, one stretch after another.
    """

    bin: Places
    sizes: Places
    words: Numbers


@dataclass(frozen=True, eq=False)
class PassageTerms:
    """A passage with its words, ready to be compared.

    Attributes:
        text: Its text.
        lang: The language its words are compared in; English when None.
        sentences: Spans into `text`, in order, at least one.
        words: The number of each term, in order, shape (terms,).
        prefixes: The number of its first `PREFIX` characters, `SHORT` for shorter ones.
        spans: Where it stands in the text, shape (terms, 2).
        sentence: The index of its sentence.
        lengths: How many terms each sentence has, shape (sentences,).
        refers_back: Whether a sentence begins with a word that points at the one before: "It",
            "The company"; shape (sentences,).
        vocabulary: The distinct terms, each between line ends.
        always_counted: Its answer spans of the types `ALWAYS_COUNTED`.
    """

    text: str
    lang: str | None
    sentences: tuple[Span, ...]
    words: Numbers
    prefixes: Numbers
    spans: Places
    sentence: Places
    lengths: Places
    refers_back: npt.NDArray[np.bool_]
    vocabulary: str
    always_counted: CandidateSpans
    _other_spans: dict[AnswerType, CandidateSpans] = field(
        default_factory=dict, init=False, repr=False
    )

    @cached_property
    def folded(self) -> str:
        """The text without case and accents: equal for copies of one passage."""
        return fold(self.text)

    def answer_spans(self, wanted: AnswerType) -> CandidateSpans:
        """Return the stretches that could be an answer of one type, found once."""
        if wanted not in self._other_spans:
            self._other_spans[wanted] = _find_spans(self.text, self.sentences, (wanted,))
        return self._other_spans[wanted]


class TwoGenerations(Generic[T]):
    """Keeps the results of a function that were used in this generation or the one before.

    Thread-safe: two threads may find the same result, of which one is kept.

    Args:
        function: Takes hashable arguments; its results are not None.
        size: Results in a generation; the next begins when there are more.
    """

    def __init__(self, function: Callable[..., T], size: int) -> None:
        self._function = function
        self._size = size
        self._generations: tuple[dict[tuple[Hashable, ...], T], ...] = ({}, {})

    def __call__(self, *args: Hashable) -> T:
        """Return the function's result."""
        young, old = self._generations
        result = young.get(args)
        if result is None:
            result = old.get(args)
            if result is None:
                result = self._function(*args)
            if len(young) >= self._size:
                self.age()
                young, _ = self._generations
            young[args] = result
        return result

    def age(self) -> None:
        """Begin a generation; what was not used in the last one is forgotten."""
        young, _ = self._generations
        self._generations = ({}, young)

    def __len__(self) -> int:
        """Return how many results are kept."""
        young, old = self._generations
        return len(young | old)


class PassageCache:
    """The terms of passages and headlines while a collection is open. Thread-safe."""

    def __init__(self) -> None:
        self.terms = TwoGenerations(tokenize_passage, CACHED_PASSAGES // 2)
        self.title_terms = TwoGenerations(tokenize_title, CACHED_PASSAGES // 2)

    def age(self) -> None:
        """Forget what was used neither since the last call nor between the last two.

        To be called when the collection has changed: passages that are gone are not asked for
        again, and in a collection that changes often they would fill the cache.
        """
        self.terms.age()
        self.title_terms.age()


def numbers_of(words: Iterable[str]) -> Numbers:
    """Return the number that stands for each word in this process."""
    return np.fromiter(map(hash, words), np.int64)


def number_of_prefix(term: str) -> int:
    """Return the number of a term's first `PREFIX` characters, `SHORT` for a shorter one."""
    return hash(term[:PREFIX]) if len(term) >= PREFIX else SHORT


def tokenize_passage(text: str, lang: str | None, sentences: tuple[Span, ...]) -> PassageTerms:
    """Return a passage with its words and the sentence each stands in.

    Args:
        text: The passage.
        lang: Its language; English when None.
        sentences: Spans into `text`; the whole text is one sentence when there are none.
    """
    sentences = sentences or ((0, len(text)),)
    found = tokenize(text, lang)
    terms = [token.term for token in found]
    spans = np.array([token.span for token in found], np.int32).reshape(-1, 2)
    where = _sentence_of(spans[:, 0], sentences)
    return PassageTerms(
        text=text,
        lang=lang,
        sentences=sentences,
        words=numbers_of(terms),
        prefixes=np.fromiter(map(number_of_prefix, terms), np.int64, len(terms)),
        spans=spans,
        sentence=where,
        lengths=np.bincount(where, minlength=len(sentences)).astype(np.int32),
        refers_back=np.array([bool(_BACK.match(text, start)) for start, _ in sentences]),
        vocabulary=_joined(terms),
        always_counted=_find_spans(text, sentences, ALWAYS_COUNTED),
    )


def tokenize_title(title: str, lang: str | None) -> str:
    """Return the distinct terms of a headline, each between line ends."""
    return _joined(compared_terms(title, lang))


def term_spans(read: PassageTerms, terms: Iterable[str]) -> tuple[Span, ...]:
    """Return the spans of those words of a passage whose compared forms are among `terms`."""
    found = read.spans[np.isin(read.words, numbers_of(terms))]
    return tuple((start, end) for start, end in found.tolist())


def contains_term(vocabulary: str, term: str) -> bool:
    """Whether a `vocabulary` holds a term."""
    return f"{_END}{term}{_END}" in vocabulary


def _find_spans(
    text: str, sentences: tuple[Span, ...], kinds: tuple[AnswerType, ...]
) -> CandidateSpans:
    bins: list[int] = []
    found: list[tuple[str, ...]] = []
    for kind, wanted in enumerate(kinds):
        # A span without words is none: every question holds all of its words.
        offered = [(start, words) for (start, _), words in answer_spans(text, wanted) if words]
        where = _sentence_of([start for start, _ in offered], sentences)
        bins += (where * len(kinds) + kind).tolist()
        found += [words for _, words in offered]
    return CandidateSpans(
        bin=np.array(bins, np.int32),
        sizes=np.array([len(words) for words in found], np.int32),
        words=numbers_of(word for words in found for word in words),
    )


def _sentence_of(starts: "Sequence[int] | Places", sentences: tuple[Span, ...]) -> Places:
    """Return the sentence of each place in a text; a place after the last belongs to the last."""
    ends = np.array([end for _, end in sentences[:-1]], np.int64)
    return ends.searchsorted(starts, side="right").astype(np.int32)


def _joined(terms: Iterable[str]) -> str:
    return _END + "".join(term + _END for term in dict.fromkeys(terms))
