"""The chat in terminals that can do little, and where there is no collection yet."""

from pathlib import Path

import pytest
from pseudo_terminal import terminal

pytestmark = pytest.mark.terminal
CHAT = ("-m", "qa", "--index", "new", "chat")


def test_a_terminal_that_cannot_move_the_cursor_is_refused(tmp_path: Path) -> None:
    """With TERM=dumb one sentence names the command that works there, and nothing is drawn."""
    with terminal(tmp_path, *CHAT, TERM="dumb") as chat:
        assert chat.end("") == 1
    assert chat.drawn.count(b"\n") == 1
    assert b"releaseqa ask" in chat.drawn
    assert b"\x1b" not in chat.drawn


def test_declining_to_index_a_folder_leaves_with_a_sentence(tmp_path: Path) -> None:
    """Without a collection the chat asks for a folder; Esc leaves, and nothing was made."""
    with terminal(tmp_path, *CHAT) as chat:
        chat.see("Esc leaves the chat")
        chat.press("\x1b")
        assert chat.end("") == 0
    after = chat.drawn.rpartition(b"\x1b[?1049l")[2].replace(b"\r\n", b" ")
    assert b"run: releaseqa index FOLDER" in after
    assert not (tmp_path / "new").exists()
