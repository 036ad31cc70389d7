"""What the page and the process of a chat send, and what of it is passed on."""

import asyncio
import json

import pytest

from tui.web.protocol import (
    START,
    Keys,
    Ping,
    Size,
    pong,
    read_message,
    read_screen,
    read_start,
    to_process,
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('["stdin", "Wer? \\u00e9\\ud800"]', Keys("Wer? é\ud800")),
        ('["resize", {"width": 100, "height": 30}]', Size(100, 30)),
        ('["resize", {"width": 99999999, "height": -3}]', Size(1000, 1)),
        ('["ping", "12"]', Ping("12")),
        ('["stdin", 1]', None), ('["stdin"]', None), ('["resize", {"width": 1e9}]', None),
        ('["resize", {"width": "1", "height": 1}]', None), ('["deliver", "/etc"]', None),
        ("{}", None), ("no JSON", None), ("", None), ("[" * 100_000, None), ("NaN", None),
    ],
)  # fmt: skip
def test_a_message_is_read_or_ignored(text: str, message: object) -> None:
    """What the page never sends is no error and reaches no chat; a size can be drawn."""
    assert message == read_message(text)


def test_a_process_is_told_in_packets() -> None:
    """A packet is its type, its length and its content; half of a letter becomes a mark."""
    assert b"D\0\0\0\3\xc3\xa9?" == to_process(Keys("é\ud800"))
    packet = to_process(Size(80, 24))
    assert (b"M", len(packet) - 5) == (packet[:1], int.from_bytes(packet[1:5], "big"))
    assert {"type": "resize", "width": 80, "height": 24} == json.loads(packet[5:])
    assert ["pong", "7"] == json.loads(pong(Ping("7")))


def packet(kind: bytes, content: bytes) -> bytes:
    """A packet as a process writes it."""
    return kind + len(content).to_bytes(4, "big") + content


async def test_only_the_screen_and_the_end_of_a_process_are_passed_on() -> None:
    """An address to open and a file to download are dropped, wherever they come from."""
    stream = asyncio.StreamReader()
    meta = [{"type": "open_url", "url": "https://a.example", "new_tab": True},
            {"type": "deliver_file_start", "key": "1", "path": "/etc/passwd"}]  # fmt: skip
    stream.feed_data(b"a warning\n" + START)
    for content in meta:
        stream.feed_data(packet(b"M", json.dumps(content).encode()))
    stream.feed_data(packet(b"P", b"a file") + packet(b"D", b"drawn"))
    stream.feed_data(packet(b"M", b'{"type": "exit"}') + packet(b"D", b"later"))
    stream.feed_eof()

    assert await read_start(stream)
    assert b"drawn" == await read_screen(stream)
    assert await read_screen(stream) is None


async def test_a_process_that_ends_early_is_noticed() -> None:
    """Neither a missing start nor half of a packet is taken for a screen."""
    stream = asyncio.StreamReader()
    stream.feed_data(b"Traceback\n")
    stream.feed_eof()
    assert not await read_start(stream)

    stream = asyncio.StreamReader()
    stream.feed_data(packet(b"D", b"drawn")[:-1])
    stream.feed_eof()
    assert await read_screen(stream) is None
