"""Chooses example questions by asking them: those stay that are answered surely and rightly.

A question is right if the exact words found are the fact that it was made from, in the release that
states it, and no other passage offers other words.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from index.filters import fold_name
from index.text.analyzer import fold
from qa.examples.candidates import Candidate, candidates
from qa.types import Answer, AskOptions, ReleaseDocument, ReleaseRef

SHOWN = 5
"""Example questions of a collection at most."""
_READ = 300
"""Releases that are read for candidates at most: a large collection need not be read whole."""
_OF_RELEASE = 4
"""Candidates of one release that are asked at most."""
_ASKED = 24
"""Questions asked at most; one takes some tens of milliseconds."""
_SURE = 0.9
"""Least confidence. The threshold for answers is lower; an example should leave no doubt."""
_OPTIONS = AskOptions(k=5)

Ask = Callable[[str, AskOptions], Answer]


@dataclass(frozen=True, slots=True)
class Made:
    """A question that was made from a release.

    Attributes:
        candidate: The question.
        release: The release.
    """

    candidate: Candidate
    release: ReleaseRef


def choose(
    releases: Iterable[ReleaseRef],
    read: Callable[[str], ReleaseDocument],
    ask: Ask,
    stopped: Callable[[], bool],
) -> list[Made]:
    """Return questions about different releases that are answered, of as many kinds as there are.

    Args:
        releases: Newest first.
        read: Returns a release by its id.
        ask: Answers a question.
        stopped: Asked before each step; once it is true, what was found so far is returned.
    """
    made: dict[str, list[Made]] = {}
    for release in islice(mixed(releases), _READ):
        if stopped():
            return []
        if release.replaced_by is None:
            for candidate in _made_from(read(release.id)):
                made.setdefault(candidate.kind, []).append(Made(candidate, release))
    found: list[Made] = []
    used: set[str] = set()
    for question in islice(_by_turns(list(made.values())), _ASKED):
        if stopped() or len(found) == SHOWN:
            break
        names = {question.release.id, question.candidate.question}
        if used.isdisjoint(names) and is_right(
            ask(question.candidate.question, _OPTIONS), question
        ):
            found.append(question)
            used |= names
    return found


def about_release(document: ReleaseDocument, ask: Ask) -> str | None:
    """Return a question about one release that is answered from it, or None."""
    for candidate in _made_from(document):
        made = Made(candidate, document.ref)
        if is_right(ask(candidate.question, _OPTIONS), made):
            return candidate.question
    return None


def _made_from(document: ReleaseDocument) -> list[Candidate]:
    return candidates(document.text, document.passages, document.ref.lang)[:_OF_RELEASE]


def is_right(answer: Answer, made: Made) -> bool:
    """Whether an answer surely gives the fact that its question was made from."""
    if not answer.answered or answer.confidence < _SURE or answer.answer is None:
        return False
    passage = answer.passages[answer.answer.passage]
    return (
        made.release.id in {passage.release.id, *passage.also_in}
        and not answer.alternatives
        and made.candidate.fact in " ".join(fold(answer.answer.text).split())
    )


def mixed(releases: Iterable[ReleaseRef]) -> Iterator[ReleaseRef]:
    """Yield the newest release of each issuer, then the others."""
    seen: set[str] = set()
    later: list[ReleaseRef] = []
    for release in releases:
        issuer = fold_name(release.issuer or "")
        if issuer in seen:
            later.append(release)
        else:
            seen.add(issuer)
            yield release
    yield from later


def _by_turns(groups: Sequence[Sequence[Made]]) -> Iterator[Made]:
    """Yield one of each group, then the next of each group, and so on."""
    return (made for made in chain.from_iterable(zip_longest(*groups)) if made is not None)
