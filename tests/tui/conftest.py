"""A chat over a plain engine, to be started by each test as it needs it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from at_rest import rest_instead_of_sleep
from driving import Chat, StartChat
from plain_engine import PlainEngine, PlainUpdate
from releases import ORDINARY

from index.filters import NO_FILTERS, Filters
from qa.types import AskOptions
from tui.app import ReleaseQA
from tui.backend.protocols import ChatSettings, Engine, Renewal, Update


@pytest.fixture(autouse=True)
def _sessions_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the conversations of each test by themselves."""
    monkeypatch.setenv("RELEASEQA_DATA", str(tmp_path / "data"))


@pytest.fixture(autouse=True)
def _rest_instead_of_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the pilot wait until the app is at rest."""
    rest_instead_of_sleep(monkeypatch)


@pytest.fixture
def start_chat(tmp_path: Path) -> StartChat:
    """Start a chat over a plain engine; keyword arguments change what it starts with."""

    @asynccontextmanager
    async def start(
        engine: PlainEngine | None = None,
        *,
        size: tuple[int, int] = (120, 40),
        opener: Callable[[Path], Engine] | None = None,
        update: Update | None = None,
        renew: Renewal | None = None,
        environment: Mapping[str, str] | None = None,
        k: int = 5,
        filters: Filters = NO_FILTERS,
        **settings: object,
    ) -> AsyncIterator[Chat]:
        engine = engine or PlainEngine(ORDINARY)
        app = ReleaseQA(
            ChatSettings(tmp_path / ".releaseqa", options=AskOptions(k, filters), **settings),  # type: ignore[arg-type]
            opener=opener or (lambda _: engine),
            update=update or PlainUpdate(),
            renew=renew,
            environment=environment or {},
        )
        async with app.run_test(size=size) as pilot:
            chat = Chat(app, pilot, engine)
            await chat.settle()
            yield chat
            engine.warm_gate.set()
            engine.ask_gate.set()
        app.close()

    return start
