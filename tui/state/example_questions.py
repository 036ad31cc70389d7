"""Example questions, made from what a collection holds."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from index.reports import Counts
from qa.types import ReleaseRef

SHOWN = 6
_SPEAKERS = 1
_MIN_QUOTES = 2
"""A speaker with fewer quotes is not asked about."""


def example_questions(releases: Sequence[ReleaseRef], speakers: Counts = ()) -> tuple[str, ...]:
    """Return questions about the newest release of each issuer, and about the main speaker.

    A headline that is not in English becomes the question as it is: mixing two languages in one
    question finds nothing.

    Args:
        releases: Newest first; those without a headline are left out.
        speakers: With the number of quotes, most quoted first.
    """
    speaker_questions = [
        f"What did {name} say?" for name, count in speakers[:_SPEAKERS] if count >= _MIN_QUOTES
    ]
    news = (question_about(release) for release in _mixed(releases))
    return (*islice(news, SHOWN - len(speaker_questions)), *speaker_questions)


def _mixed(releases: Iterable[ReleaseRef]) -> Iterator[ReleaseRef]:
    """Yield the newest release of each issuer, then the others."""
    seen: set[str | None] = set()
    later: list[ReleaseRef] = []
    for release in releases:
        if not release.title.strip():
            continue
        if release.issuer is not None and release.issuer in seen:
            later.append(release)
            continue
        seen.add(release.issuer)
        yield release
    yield from later


def question_about(release: ReleaseRef) -> str:
    """Return a question about the news in a release."""
    title = release.title.strip()
    return f"What does “{title}” announce?" if release.lang in {"en", None} else title
