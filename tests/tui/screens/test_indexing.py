"""Indexing from the screen: progress, asking during it, stopping, what was skipped."""

from collections.abc import Callable
from pathlib import Path

from driving import FERRY_STARTS, StartChat
from plain_engine import SKIP, PlainEngine, PlainUpdate, missing
from releases import ORDINARY
from textual.widgets import OptionList

from index.errors import StorageError
from index.reports import Progress, UpdateReport
from tui.screens.index_folder import IndexFolderScreen
from tui.screens.indexing import IndexingScreen
from tui.widgets.input import TextField
from tui.widgets.status_line import ProgressLine, outcome_text, progress_text, report_text

HALF = Progress("meaning", 50, 100)


async def test_sources_are_indexed_first_with_progress(start_chat: StartChat) -> None:
    """A chat started with sources shows how far indexing is and sums up at the end."""
    update = PlainUpdate(UpdateReport(added=3), steps=(Progress("read", 2, 3), HALF))
    async with start_chat(update=update, sources=("a-folder",)) as chat:
        line = chat.screen.query_one(ProgressLine)
        assert line.display
        assert "50 of 100" in str(line.render())
        update.gate.set()
        await chat.until(lambda: chat.status == "Indexed: 3 added.")
        assert not line.display
        assert update.sources == ["a-folder"]


async def test_questions_are_answered_as_soon_as_words_are_stored(start_chat: StartChat) -> None:
    """Without a collection yet, a question waits until indexing has stored the words."""
    engine = PlainEngine(ORDINARY)
    update = PlainUpdate(UpdateReport(added=3), steps=(Progress("read", 1, 3),))
    opened = False

    def opener(folder: Path) -> PlainEngine:
        return engine if opened else missing(folder)

    async with start_chat(opener=opener, update=update, sources=("a-folder",)) as chat:
        assert "Indexing" in str(chat.screen.query_one("#counts").render())
        await chat.write(FERRY_STARTS)
        await chat.press("enter")
        assert chat.verdicts == ["Searching…"]
        opened = True
        chat.queue.indexing._progressed(HALF, "words")
        await chat.until(lambda: "likely" in chat.verdicts[0])
        assert chat.queue.indexing.running
        update.gate.set()
        await chat.until(lambda: not chat.queue.indexing.running)


async def test_examples_are_renewed_after_indexing(start_chat: StartChat) -> None:
    """Once the report is shown, example questions are chosen and offered."""
    engine = PlainEngine(ORDINARY)
    update = PlainUpdate(UpdateReport(added=3))
    seen: list[str] = []

    def renew(folder: Path, stopped: Callable[[], bool]) -> bool:
        seen.append(f"{folder.name} {stopped()}")
        engine.questions = {"ferry-service": FERRY_STARTS}
        return True

    async with start_chat(engine, update=update, renew=renew, sources=("a",)) as chat:
        choices = chat.screen.welcome.query_one(OptionList)
        assert choices.option_count == 0
        update.gate.set()
        await chat.until(lambda: choices.option_count == 1)
        assert seen == [".releaseqa False"]
        assert chat.status == "Indexed: 3 added."


async def test_examples_are_not_chosen_when_indexing_was_stopped(start_chat: StartChat) -> None:
    """Who stops it wants it to end; a failure to choose some is not reported."""
    seen: list[Path] = []

    def renew(folder: Path, stopped: Callable[[], bool]) -> bool:  # noqa: ARG001
        seen.append(folder)
        raise StorageError("full")

    update = PlainUpdate(UpdateReport(added=1), steps=(HALF,))
    async with start_chat(update=update, renew=renew, sources=("a",)) as chat:
        await chat.screen.run_action("stop_indexing")
        await chat.until(lambda: not chat.queue.indexing.running)
        assert not seen
        update.gate.set()
        chat.queue.index(("a",))
        await chat.until(lambda: bool(seen))
        await chat.settle()
        assert chat.status == "Indexed: 1 added."


async def test_a_folder_is_indexed_by_the_palette(start_chat: StartChat, tmp_path: Path) -> None:
    """The command asks for a path, refuses one that is not there, and indexes one that is."""
    update = PlainUpdate(UpdateReport(added=2, skipped=(SKIP,)))
    async with start_chat(update=update) as chat:
        await chat.screen.run_action("index_folder")
        await chat.settle()
        assert isinstance(chat.app.screen, IndexFolderScreen)
        await chat.press("x", "enter")
        assert isinstance(chat.app.screen, IndexFolderScreen)
        assert chat.app.screen.query_one(".window--error").display
        chat.app.screen.query_one(TextField).value = str(tmp_path)
        await chat.press("enter")
        assert update.sources == [str(tmp_path)]
        update.gate.set()
        await chat.until(lambda: "1 skipped" in chat.status)
        await chat.screen.run_action("indexing")
        await chat.settle()
        assert isinstance(chat.app.screen, IndexingScreen)


async def test_indexing_can_be_stopped(start_chat: StartChat) -> None:
    """Stop indexing ends it soon; what was done is reported."""
    update = PlainUpdate(UpdateReport(added=1, to_encode=90), steps=(HALF,))
    async with start_chat(update=update, sources=("a",)) as chat:
        await chat.screen.run_action("stop_indexing")
        end = "Indexing stopped: 1 added; 90 passages not yet searched by meaning."
        await chat.until(lambda: chat.status == end)
        assert not chat.queue.indexing.running


async def test_a_failed_update_is_one_calm_line(start_chat: StartChat) -> None:
    """A full disk is reported; questions are still answered."""
    update = PlainUpdate(error=StorageError("The disk is full; free some space."))
    update.gate.set()
    async with start_chat(update=update, sources=("a",)) as chat:
        await chat.until(lambda: chat.status == "! The disk is full; free some space.")
        await chat.ask(FERRY_STARTS)
        assert "likely" in chat.verdicts[0]


async def test_quitting_stops_indexing(start_chat: StartChat) -> None:
    """Ctrl+Q tells the update to stop, so that the program ends soon."""
    update = PlainUpdate(steps=(HALF,))
    async with start_chat(update=update, sources=("a",)) as chat:
        queue = chat.queue
        await chat.pilot.press("ctrl+q")
    assert queue.indexing._cancel.is_set()


def test_progress_and_reports_in_words() -> None:
    """Each stage has its words, unknown totals have no bar, counts of zero are left out."""
    assert progress_text(Progress("read", 7)) == "Reading  7"
    assert progress_text(Progress("words", 5, 10)) == (
        "Indexing words  ━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌  5 of 10"
    )
    assert progress_text(Progress("meaning", 20, 10)).endswith("━━  20 of 10")
    assert report_text(UpdateReport()) == "Indexed: nothing new."
    assert report_text(UpdateReport(added=1_200, removed=2)) == "Indexed: 1,200 added, 2 removed."


def test_the_last_run_is_one_sentence() -> None:
    """Nothing new is no failure, and what was skipped is always counted."""
    assert outcome_text(UpdateReport(unchanged=22)) == (
        "Up to date: 22 releases unchanged, 0 skipped."
    )
    assert outcome_text(UpdateReport(added=3, skipped=(SKIP,))) == "Indexed: 3 added. 1 skipped."


async def test_a_new_collection_begins_with_a_folder_to_index(
    start_chat: StartChat, tmp_path: Path
) -> None:
    """Where there is no collection, the chat asks for a folder, indexes it, and can be asked."""
    engine = PlainEngine(ORDINARY)
    update = PlainUpdate(UpdateReport(added=3), steps=(Progress("read", 1, 3),))
    opened = False

    def opener(folder: Path) -> PlainEngine:
        return engine if opened else missing(folder)

    async with start_chat(opener=opener, update=update, new=True) as chat:
        assert isinstance(chat.app.screen, IndexFolderScreen)
        chat.app.screen.query_one(TextField).value = str(tmp_path)
        await chat.press("enter")
        assert update.sources == [str(tmp_path)]
        assert "Indexing" in str(chat.screen.query_one("#counts").render())
        opened = True
        update.gate.set()
        await chat.until(lambda: chat.status == "Indexed: 3 added.")
        await chat.ask(FERRY_STARTS)
        assert "likely" in chat.verdicts[0]


async def test_declining_to_make_a_collection_leaves_the_chat(start_chat: StartChat) -> None:
    """Who gives no folder has nothing to ask: Esc ends the chat."""
    async with start_chat(opener=missing, new=True) as chat:
        await chat.pilot.press("escape")
        await chat.until(lambda: not chat.app.is_running)
        assert chat.app.return_code == 0
