"""How well exact words match what annotators gave: EM and F1.

The measures of SQuAD (Rajpurkar et al., "SQuAD: 100,000+ questions for machine comprehension of
text", 2016): case, punctuation and articles count nothing, and of several annotators' answers
the nearest counts.
"""

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def exact_match(given: str, answers: Sequence[str]) -> float:
    """Return 1.0 when `given` is one of the answers, else 0.0."""
    return float(any(_words(given) == _words(answer) for answer in answers))


def token_f1(given: str, answers: Sequence[str]) -> float:
    """Return the best F1 of words shared with an answer, in [0, 1]."""
    return max((_f1(_words(given), _words(answer)) for answer in answers), default=0.0)


def _f1(given: list[str], answer: list[str]) -> float:
    shared = sum((Counter(given) & Counter(answer)).values())
    if not shared:
        return float(given == answer)
    precision, recall = shared / len(given), shared / len(answer)
    return 2 * precision * recall / (precision + recall)


def _words(text: str) -> list[str]:
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()
