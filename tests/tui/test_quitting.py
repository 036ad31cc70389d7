"""The chat is ended while it indexes: at once, in order, and nothing of the collection is lost."""

import json
import signal
from pathlib import Path

import pytest
from checkout import SUPPORT
from pseudo_terminal import terminal

from index.ingest.update import update_collection
from index.verify.verify import verify_collection

pytestmark = pytest.mark.terminal
LEFT = b"\x1b[?1049l"
"""What a terminal is sent when the screen is left."""
UNFINISHED = b"Indexing was not finished."
RELEASES = 250
"""More than are encoded without loading the whole model, which is a long moment to quit in."""


@pytest.mark.parametrize(("how", "status"), [("key", 0), ("SIGTERM", 143), ("SIGINT", 130)])
def test_indexing_that_does_not_stop_holds_nothing_up(
    tmp_path: Path, how: str, status: int
) -> None:
    """The program ends although a thread still indexes; it leaves the terminal in order."""
    program = str(SUPPORT / "unstoppable_chat.py")
    with terminal(tmp_path, program, str(tmp_path / ".releaseqa")) as chat:
        chat.see("1 of 2")
        assert status == chat.end(how)
        _, left, after = chat.drawn.rpartition(LEFT)
        assert left
        assert UNFINISHED in after
        assert b"Traceback" not in chat.drawn


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moment", "how", "status"),
    [
        ("Reading", "key", 0),
        ("Encoding", "key", 0),
        ("Encoding", "SIGTERM", 143),
        ("Encoding", "closed", -signal.SIGHUP),
    ],
)
def test_what_was_indexed_stays_and_the_next_run_goes_on(
    tmp_path: Path, moment: str, how: str, status: int
) -> None:
    """Whatever ends the chat while it indexes, the collection is whole and is completed later."""
    source = tmp_path / "many.jsonl"
    source.write_text(
        "".join(
            json.dumps({"id": f"r{number}", "title": "", "text": f"Ferry {number} sails."}) + "\n"
            for number in range(RELEASES)
        ),
        encoding="utf-8",
    )
    folder = tmp_path / ".releaseqa"
    program = ("-m", "qa", "--index", str(folder), "chat", str(source))
    with terminal(tmp_path, *program) as chat:
        chat.see(moment)
        assert status == chat.end(how)
        assert b"Traceback" not in chat.drawn
    assert not verify_collection(folder).damaged
    report = update_collection(folder, [source])
    assert (report.passages, report.to_encode, report.interrupted) == (RELEASES, 0, False)
