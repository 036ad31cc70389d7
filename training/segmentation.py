"""How texts fall into the pieces of a Unigram vocabulary, and what a smaller one changes.

Texts are counted as words between blanks. The pre-tokeniser cuts there, so the pieces are those of
the whole text (but for a lone blank at its end), and each word is tokenised only once.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Encoding, Tokenizer

FIELDS = ("title", "text", "question")
PREFIXES = ("query:", "passage:")
"""E5 reads one of them before every text."""
BLANKS = re.compile(r"[ \t\r\n]+")
BATCH = 20_000
UNKNOWN = "<unk>"


def _texts(path: Path) -> Iterator[list[str]]:
    """Yield the texts of each record of a .jsonl or .jsonl.gz file."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        for line in stream:
            record = json.loads(line)
            yield [record[field] for field in FIELDS if record.get(field)]


def count_words(path: Path, every: int) -> tuple[Counter[str], Counter[str]]:
    """Return how often words occur in a file of records.

    Args:
        path: A .jsonl or .jsonl.gz file, one record a line, of which `FIELDS` are read.
        every: Of so many records one is held back.

    Returns:
        The counts of the other records, and those of the records held back.
    """
    counted: Counter[str] = Counter()
    held_back: Counter[str] = Counter()
    for number, texts in enumerate(_texts(path), start=1):
        counts = held_back if number % every == 0 else counted
        for text in texts:
            counts.update(filter(None, BLANKS.split(text)))
        counts.update(PREFIXES)
    return counted, held_back


def _segment(tokenizer: Tokenizer, words: Collection[str]) -> Iterator[tuple[str, Encoding]]:
    """Yield each word with its pieces."""
    ordered = list(words)
    for start in range(0, len(ordered), BATCH):
        batch = ordered[start : start + BATCH]
        encodings = tokenizer.encode_batch(batch, add_special_tokens=False)
        yield from zip(batch, encodings, strict=True)


def count_pieces(tokenizer: Tokenizer, words: Mapping[str, int]) -> Counter[int]:
    """Return how often the id of each piece is used in counted words."""
    counts: Counter[int] = Counter()
    for word, encoding in _segment(tokenizer, words):
        for i in encoding.ids:
            counts[i] += words[word]
    return counts


@dataclass(frozen=True, slots=True)
class SegmentationChange:
    """What a smaller vocabulary changes, in tokens.

    Attributes:
        before: Tokens with the larger vocabulary.
        after: Tokens with the smaller one.
        changed: Tokens of the larger one without the same token at the same place in the smaller.
        unknown: Tokens that the smaller one does not know.
    """

    before: int
    after: int
    changed: int
    unknown: int

    def figures(self) -> dict[str, float]:
        """Return the tokens before, and the rest in percent of them."""
        whole = max(self.before, 1)
        return {
            "tokens": self.before,
            "changed_percent": round(100 * self.changed / whole, 4),
            "longer_percent": round(100 * (self.after / whole - 1), 4) if self.before else 0.0,
            "unknown_percent": round(100 * self.unknown / whole, 4),
        }


def _sum(changes: Iterable[tuple[SegmentationChange, int]]) -> SegmentationChange:
    """Return the sum of changes, each times a count."""
    totals = [0, 0, 0, 0]
    for one, times in changes:
        for at, tokens in enumerate((one.before, one.after, one.changed, one.unknown)):
            totals[at] += tokens * times
    return SegmentationChange(*totals)


def _change(before: Encoding, after: Encoding, unknown_id: int) -> SegmentationChange:
    """Return what changes in a word."""
    # An encoding names an unknown token by its text, hence the look at its id.
    same = {
        (span, token)
        for span, token, i in zip(after.offsets, after.tokens, after.ids, strict=True)
        if i != unknown_id
    }
    tokens = zip(before.offsets, before.tokens, strict=True)
    changed = sum(token not in same for token in tokens)
    return SegmentationChange(len(before.ids), len(after.ids), changed, after.ids.count(unknown_id))


def segmentation_changes(
    larger: Tokenizer, smaller: Tokenizer, files: Mapping[str, Mapping[str, int]]
) -> dict[str, SegmentationChange]:
    """Return what a smaller vocabulary changes in the counted words of each file, and in "all".

    Raises:
        ValueError: The smaller vocabulary has no token for what it does not know.
    """
    unknown_id = smaller.token_to_id(UNKNOWN)
    if unknown_id is None:
        raise ValueError(f"the vocabulary has no {UNKNOWN}")
    words = sorted({word for counts in files.values() for word in counts})
    pairs = zip(_segment(larger, words), _segment(smaller, words), strict=True)
    by_word = {word: _change(before, after, unknown_id) for (word, before), (_, after) in pairs}
    by_file = {
        name: _sum((by_word[word], times) for word, times in counts.items())
        for name, counts in files.items()
    }
    return by_file | {"all": _sum((change, 1) for change in by_file.values())}
