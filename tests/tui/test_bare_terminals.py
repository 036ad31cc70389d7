"""The chat in terminals that can do little, and where there is no collection yet."""

import re
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


TRUE_COLOUR = rb"\x1b\[(?:[\d;]*;)?[34]8;2;"
OF_256 = rb"\x1b\[(?:[\d;]*;)?[34]8;5;"
OF_16 = rb"\x1b\[(?:\d;)*(?:3|4|9|10)[0-7](?:;\d+)*m"
GREYS = {0, 7, 8, 15, 16, 59, 102, 145, 188, 231, *range(232, 256)}
"""Of the 256 colours."""


@pytest.mark.parametrize(
    ("variables", "used", "unused"),
    [
        ({"TERM": "xterm", "COLORTERM": ""}, [OF_16], [OF_256, TRUE_COLOUR]),
        ({"TERM": "screen", "COLORTERM": ""}, [OF_16], [OF_256, TRUE_COLOUR]),
        ({"TERM": "tmux-256color", "COLORTERM": ""}, [OF_256], [TRUE_COLOUR]),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, [TRUE_COLOUR], []),
        ({"TERM": "xterm-256color", "COLORTERM": "", "NO_COLOR": "1"}, [OF_256], [TRUE_COLOUR]),
    ],
    ids=["16", "screen", "tmux", "true", "none"],
)
def test_a_terminal_gets_no_more_colours_than_it_has(
    tmp_path: Path,
    sample_collection: Path,
    variables: dict[str, str],
    used: list[bytes],
    unused: list[bytes],
) -> None:
    """A question is answered in each, and it is left as it was. NO_COLOR leaves shades of grey."""
    with terminal(
        tmp_path, "-m", "qa", "--index", str(sample_collection), "chat", **variables
    ) as chat:
        chat.see("Ask")
        chat.press("How long will Canada keep taking part in Operation NEON?\r")
        chat.see("almost certain")
        assert chat.end("key") == 0
    for pattern in used:
        assert re.search(pattern, chat.drawn)
    for pattern in unused:
        assert not re.search(pattern, chat.drawn)
    if "NO_COLOR" in variables:
        assert {int(n) for n in re.findall(rb"[34]8;5;(\d+)", chat.drawn)} <= GREYS
    assert b"\x1b[?1049l" in chat.drawn
