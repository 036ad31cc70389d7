"""What was new when the chat was opened stays new until it is left, and scripts miss nothing."""

from pathlib import Path

import pytest

from tui.backend.command import output_of
from tui.backend.seen_news import SeenNews

COMMAND = "releaseqa list --since-last"
ARGUMENTS = ["list", "--since-last"]


async def first_line(news: SeenNews, collection: Path) -> str:
    """Run the command as the screen does; what it says first."""
    with news.environment(COMMAND) as variables:
        shown = [line async for line in output_of(ARGUMENTS, collection, 100, variables)]
    return shown[0]


NO_RUN = "This list has no earlier run; searching all releases."
NONE_NEW = "0 new or changed releases since the last run."


@pytest.mark.slow
async def test_asking_twice_shows_the_same_and_the_next_chat_goes_on(
    sample_collection: Path, tmp_path: Path
) -> None:
    """The first look counts as seen for the next chat; for a script nothing was seen."""
    folder = tmp_path / "data" / "chat"
    news = SeenNews(folder, keep=True)
    assert [await first_line(news, sample_collection) for _ in range(2)] == [NO_RUN] * 2
    later = SeenNews(folder, keep=True)
    assert [await first_line(later, sample_collection) for _ in range(2)] == [NONE_NEW] * 2
    in_terminal = [line async for line in output_of(ARGUMENTS, sample_collection, 100)]
    assert in_terminal[0] == NO_RUN


@pytest.mark.slow
async def test_a_chat_that_saves_nothing_counts_nothing_as_seen(
    sample_collection: Path, tmp_path: Path
) -> None:
    """The next chat shows it again."""
    folder = tmp_path / "data" / "chat"
    for _ in range(2):
        news = SeenNews(folder, keep=False)
        assert await first_line(news, sample_collection) == NO_RUN
    assert not folder.exists()


def test_other_commands_run_as_they_are(tmp_path: Path) -> None:
    """Only what depends on the last run gets a place for it."""
    news = SeenNews(tmp_path, keep=True)
    with news.environment("releaseqa find coal") as variables:
        assert variables == {}
