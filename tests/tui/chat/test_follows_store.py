"""The chat searches what any process has stored, and waits until something is."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from driving import FERRY_STARTS, VISIT, StartChat
from plain_engine import PlainEngine, PlainUpdate, missing
from releases import BATTERY, FERRY, ORDINARY, SEOUL

from index.reports import Progress, UpdateReport
from tui.state.store_news import store_news


async def test_releases_of_another_process_are_searched(start_chat: StartChat) -> None:
    """While nothing is asked, the chat notices what was stored, and says so."""
    engine = PlainEngine((SEOUL,))
    async with start_chat(engine) as chat:
        engine.documents, engine.changed = ORDINARY, True
        chat.queue.look()
        await chat.until(lambda: chat.status == "2 new releases, now searching 3")
        assert "3 releases" in str(chat.screen.query_one(".status--collection").render())


async def test_a_question_searches_the_store_as_it_is(start_chat: StartChat) -> None:
    """What was stored a moment ago is searched by the next question already."""
    engine = PlainEngine((SEOUL,))
    async with start_chat(engine) as chat:
        await chat.ask(VISIT)
        engine.documents, engine.changed = ORDINARY, True
        await chat.ask(FERRY_STARTS)
        assert not engine.changed
        assert chat.selected == "ferry-service#0"
        await chat.until(lambda: chat.status == "2 new releases, now searching 3")


def test_news_in_words() -> None:
    """Releases may be added, removed or only changed."""
    three, one = PlainEngine(ORDINARY).status(), PlainEngine((FERRY,)).status()
    assert store_news(one, three) == "2 new releases, now searching 3"
    assert store_news(None, one) == "1 new release, now searching 1"
    assert store_news(three, one) == "2 releases removed, now searching 1"
    assert store_news(one, one) == "The collection was updated, now searching 1 releases"


async def test_a_question_waits_for_a_collection(start_chat: StartChat) -> None:
    """Without a collection a question is kept, and asked when another process has made one."""
    engine = PlainEngine(ORDINARY)
    there = False

    def opener(folder: Path) -> PlainEngine:
        return engine if there else missing(folder)

    async with start_chat(engine, opener=opener) as chat:
        await chat.write("Who met Park Jin in Seoul?")
        await chat.press("enter")
        assert chat.status.startswith("There are no releases yet.")
        assert engine.asked == []
        there = True
        chat.queue.look()
        await chat.until(lambda: bool(chat.turns[0].settled))
        assert chat.turns[0].state == "done"
        assert chat.titles[0] == "1 seoul-visit#2"


async def test_a_question_waits_while_the_collection_is_empty(start_chat: StartChat) -> None:
    """During a first indexing the collection is there but empty: a question waits for words."""
    engine = PlainEngine(())
    update = PlainUpdate(UpdateReport(added=1), steps=(Progress("read", 1, 3),))
    async with start_chat(engine, update=update, sources=("a",)) as chat:
        await chat.write("Who met Park Jin in Seoul?")
        await chat.press("enter")
        assert (
            chat.status == "Your question waits for the first releases to be indexed (Esc cancels)"
        )
        assert engine.asked == []
        engine.documents, engine.changed = (BATTERY, SEOUL), True
        chat.queue.indexing._progressed(Progress("meaning", 0, 3), "words")
        await chat.until(lambda: bool(chat.turns[0].settled))
        assert chat.titles[0] == "1 seoul-visit#2"
        update.gate.set()
        await chat.until(lambda: not chat.queue.indexing.running)


async def test_a_waiting_question_can_be_cancelled(start_chat: StartChat) -> None:
    """Esc takes it back while there is still nothing to search."""
    async with start_chat(opener=missing) as chat:
        await chat.press("x", "enter", "escape")
        assert chat.turns[0].state == "cancelled"


async def test_quitting_while_indexing_reports_to_no_screen(start_chat: StartChat) -> None:
    """Progress that arrives after the end goes nowhere: no error, no task on a closed screen."""
    gone, done = threading.Event(), threading.Event()
    errors: list[dict[str, Any]] = []

    def update(
        *_: object, progress: Callable[[Progress], None], cancelled: Callable[[], bool]
    ) -> UpdateReport:
        while not cancelled():
            gone.wait(0.01)
        gone.wait(60)
        progress(Progress("meaning", 1, 2))
        done.set()
        return UpdateReport(interrupted=True)

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: errors.append(context))
    async with start_chat(update=update, sources=("a",)) as chat:
        started: list[object] = []
        chat.queue.indexing._start = started.append  # type: ignore[assignment]
        await chat.pilot.press("ctrl+q")
    gone.set()
    await asyncio.to_thread(done.wait, 60)
    await asyncio.sleep(0.05)
    assert errors == []
    assert started == []
