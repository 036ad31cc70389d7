"""A file of sessions of each test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.sessions.store import SessionStore, open_sessions


@pytest.fixture
def sessions_path(tmp_path: Path) -> Path:
    """Where the sessions of the test are."""
    return tmp_path / "data" / "sessions.sqlite3"


@pytest.fixture
def store(sessions_path: Path) -> Iterator[SessionStore]:
    """The sessions, empty."""
    with open_sessions(sessions_path) as store:
        yield store
