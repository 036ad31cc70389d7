"""Nothing that is typed or pasted is lost, or taken for something else."""

from typing import TYPE_CHECKING

import pytest
from textual import events

from tui.platform.key_parser import BackgroundReported, KeyParser

if TYPE_CHECKING:
    from textual.message import Message


def parsed(parser: KeyParser, *packets: str) -> list[str]:
    """The keys and pastes in packets of input, after which nothing more comes for a while."""
    found: list[Message] = []
    for packet in packets:
        found += parser.feed(packet)
    parser._timeout_time = 0.0 if parser._timeout_time is not None else None
    found += parser.tick()
    return [
        message.key if isinstance(message, events.Key) else f"<{message.text}>"
        for message in found
        if isinstance(message, (events.Key, events.Paste))
    ]


@pytest.mark.parametrize(
    ("packet", "keys"),
    [
        ("\x1bx", ["escape", "x"]),
        ("\x1bf", ["escape", "f"]),
        ("\x1b1", ["escape", "1"]),
        ("\x1bé", ["escape", "é"]),
        ("\x1bwhy", ["escape", "w", "h", "y"]),
        ("\x1b[", ["escape", "left_square_bracket"]),
        ("\x1bO", ["escape", "O"]),
        ("\x1b\r", ["escape", "enter"]),
        ("\x1b\x1b", ["escape", "escape"]),
        ("\x1b", ["escape"]),
        ("\x1b[A", ["up"]),
        ("\x1bOP", ["f1"]),
        ("\x1b[1;3D", ["alt+left"]),
    ],
)
def test_escape_and_a_key_in_one_packet_are_two_keys(packet: str, keys: list[str]) -> None:
    """Esc keeps its meaning, and so does the key; sequences of the terminal are still one key."""
    assert parsed(KeyParser(), packet) == keys


def test_a_key_that_is_bound_with_alt_is_one() -> None:
    """Where the user's settings name Alt and a letter, Esc and the letter together are that."""
    assert parsed(KeyParser({"x"}), "\x1bx", "\x1by") == ["alt+x", "escape", "y"]


@pytest.mark.parametrize("pasted", ["one\x1b\rtwo\r", "\x1b[A\r\x1bOP\r", "\x1b" * 40 + "\r", ""])
def test_a_paste_is_a_paste_whatever_is_in_it(pasted: str) -> None:
    """Sequences and line ends within a paste are text, however its packets are cut."""
    whole = f"a\x1b[200~{pasted}\x1b[201~b"
    expected = ["a", f"<{pasted}>", "b"]
    assert parsed(KeyParser(), whole) == expected
    assert parsed(KeyParser(), *whole) == expected
    for cut in range(1, len(whole)):
        assert parsed(KeyParser(), whole[:cut], whole[cut:]) == expected


def test_pastes_follow_each_other() -> None:
    """The second paste begins where it begins, and keys between them are keys."""
    packet = "\x1b[200~one\r\x1b[201~x\x1b[200~two\x1b[201~"
    assert parsed(KeyParser(), packet) == ["<one\r>", "x", "<two>"]


@pytest.mark.parametrize(
    ("colour", "parts"),
    [
        ("rgb:ffff/8080/0000", (1, 0x8080 / 0xFFFF, 0)),
        ("rgb:ff/80/00", (1, 0x80 / 0xFF, 0)),
        ("rgba:ffff/ffff/ffff/ffff", (1, 1, 1)),
    ],
)
@pytest.mark.parametrize("end", ["\x07", "\x1b\\"])
def test_the_background_is_reported_and_not_typed(
    colour: str, parts: tuple[float, ...], end: str
) -> None:
    """The terminal's answer is a colour, not keys, also when it comes in two packets."""
    answer = f"\x1b]11;{colour}{end}"
    for cut in (0, *range(len("\x1b]1"), len(answer))):
        parser = KeyParser()
        found = [*parser.feed("a" + answer[:cut]), *parser.tick(), *parser.feed(answer[cut:] + "b")]
        reports = [m for m in found if isinstance(m, BackgroundReported)]
        assert [(m.red, m.green, m.blue) for m in reports] == [parts]
        assert [m.key for m in found if isinstance(m, events.Key)] == ["a", "b"]


def test_the_beginning_of_a_report_without_its_end_is_keys() -> None:
    """Keys that look like the begin of an answer are not kept back for long."""
    parser = KeyParser()
    assert parsed(parser, "\x1b]1") + parsed(parser) == []
    assert parsed(parser) == ["escape", "right_square_bracket", "1"]
