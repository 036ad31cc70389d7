"""Questions to start from, made of what a collection holds."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from index.reports import Counts
from qa.types import ReleaseRef

SHOWN = 6
_QUOTED = 1
_ENOUGH = 2
"""Quotes that make someone worth asking for."""


def example_questions(releases: Sequence[ReleaseRef], speakers: Counts = ()) -> tuple[str, ...]:
    """Ask for the news of the newest releases, of one issuer after another, and for a speaker.

    A headline in another language than English is asked as it stands: a question half in one
    language and half in another is none.

    Args:
        releases: Newest first; those without a headline are left out.
        speakers: Who is quoted how often, most often first.
    """
    said = [f"What did {name} say?" for name, count in speakers[:_QUOTED] if count >= _ENOUGH]
    news = (question_about(release) for release in _mixed(releases))
    return (*islice(news, SHOWN - len(said)), *said)


def _mixed(releases: Iterable[ReleaseRef]) -> Iterator[ReleaseRef]:
    """Yield the newest of each issuer, then the others."""
    met: set[str | None] = set()
    later: list[ReleaseRef] = []
    for release in releases:
        if not release.title.strip():
            continue
        if release.issuer is not None and release.issuer in met:
            later.append(release)
            continue
        met.add(release.issuer)
        yield release
    yield from later


def question_about(release: ReleaseRef) -> str:
    """Ask for the news of a release."""
    title = release.title.strip()
    return f"What does “{title}” announce?" if release.lang in {"en", None} else title
