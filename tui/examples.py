"""Questions to start from, made of what a collection holds."""

from collections.abc import Iterable
from itertools import islice

from qa.answer import ReleaseRef

SHOWN = 6


def example_questions(releases: Iterable[ReleaseRef]) -> tuple[str, ...]:
    """Ask for the news of the first releases that have a headline.

    A headline in another language than English is asked as it stands: a question half in one
    language and half in another is none.
    """
    titled = (release for release in releases if release.title.strip())
    return tuple(_question(release) for release in islice(titled, SHOWN))


def _question(release: ReleaseRef) -> str:
    title = release.title.strip()
    return f"What does “{title}” announce?" if release.lang in {"en", None} else title
