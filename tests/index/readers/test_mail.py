"""Saved messages: what is read from them and their attachments."""

import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from hostile_documents import mail_long_field, mail_many_parts
from index_parts import RELEASE, Looked, look, put, text_of
from made_sources import MAIL_BODY, PARAGRAPHS, document_bytes, made_document, mail

from index.structure.passages import EncoderWindow


def read(message: EmailMessage | bytes, folder: Path, window: EncoderWindow) -> Looked:
    """Read a message from a file."""
    data = message if isinstance(message, bytes) else message.as_bytes()
    return look(window, put(folder / "a.eml", data))


def test_a_message_is_a_release(tmp_path: Path, window: EncoderWindow) -> None:
    """Subject, sender's name, the day in the sender's time zone, and the unchanged body."""
    looked = read(mail(Content_Language="en-CA"), tmp_path, window)
    (prepared,) = looked.releases.values()
    release = prepared.release

    assert MAIL_BODY == text_of(looked)
    assert ("New footbridge opens in Québec", "Ministère, Québec", "2023-04-17", "en") == (
        release.title, release.issuer, release.date, release.lang,
    )  # fmt: skip


def test_of_two_bodies_the_plain_one_is_read_unless_it_is_a_stub(
    tmp_path: Path, window: EncoderWindow
) -> None:
    """The plain body is read, unless it only refers to the HTML one."""
    html = (
        "<html><body>" + "".join(f"<p>{p}</p>" for p in MAIL_BODY.split("\n\n")) + "</body></html>"
    )
    both, stub = mail("Plain words, of some length, just as the others."), mail("See HTML.")
    alone = mail()
    for message in (both, stub):
        message.add_alternative(html, subtype="html")
    alone.set_content(html, subtype="html")
    texts = [text_of(read(message, tmp_path, window)) for message in (both, stub, alone)]

    assert ["Plain words, of some length, just as the others.", MAIL_BODY, MAIL_BODY] == texts


def test_lines_of_a_flowed_body_are_joined(tmp_path: Path, window: EncoderWindow) -> None:
    """In a format=flowed body, a line that ends with a space continues in the next one."""
    message = mail("It cost \n$4.2 million \nand more.\n\n From here on.\n-- \nPress office")
    message.replace_header("Content-Type", "text/plain; charset=utf-8; format=flowed")

    assert "It cost $4.2 million and more.\n\nFrom here on.\n-- \nPress office" == text_of(
        read(message, tmp_path, window)
    )


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("utf-8", "Le pont est à présent ouvert."),
        ("iso-8859-1", "Le pont est à présent ouvert."),
        ("iso-8859-2", "Łódź ma już nowy most."),
        ("iso-2022-jp", "橋が開通しました。"),
        ("shift_jis", "橋が開通しました。"),
    ],
)
def test_bodies_are_read_in_their_character_set(
    charset: str, words: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """The charset that a message declares is used, also where the bytes look like ASCII."""
    message = mail()
    message.set_content(words, charset=charset)

    assert words == text_of(read(message, tmp_path, window))


def test_attached_documents_are_releases_of_their_own(
    tmp_path: Path, window: EncoderWindow
) -> None:
    """Attachments in supported formats are read; pictures, calendars and archives are not."""
    message = mail()
    message.add_attachment(
        document_bytes(made_document("The second stage begins.")),
        maintype="application", subtype="octet-stream",
        filename="Second Stage.docx",
    )  # fmt: skip
    message.add_attachment("Third stage.", filename="third.txt")
    message.add_attachment("Of an odd name.", filename=".")
    message.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="logo.png")
    message.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="a.ics")
    message.add_attachment(mail("An inner message."))
    looked = read(message, tmp_path, window)
    found = {key: prepared.release for key, prepared in looked.releases.items()}

    assert {
        "a": MAIL_BODY,
        "a-second-stage": "The second stage begins.",
        "a-third": "Third stage.",
        "a-release": "Of an odd name.",
    } == {key: release.text for key, release in found.items()}
    assert ("2023-04-17", "Ministère, Québec") == (
        found["a-second-stage"].date, found["a-second-stage"].issuer,
    )  # fmt: skip
    assert "Ministère, Québec" == found["a-third"].issuer


def test_bad_attachments_are_named_and_the_rest_is_read(
    tmp_path: Path, window: EncoderWindow
) -> None:
    """A damaged attachment is named with the reason; the body is read."""
    message = mail()
    message.add_attachment(
        document_bytes(made_document(*PARAGRAPHS))[:500],
        maintype="application",
        subtype="msword",
        filename="b.docx",
    )
    looked = read(message, tmp_path, window)

    assert {"a.eml: b.docx": "a damaged zip archive or office document"} == looked.skipped


def test_attachments_beyond_the_limit_are_named(tmp_path: Path, window: EncoderWindow) -> None:
    """What is not read of a message with very many attachments is reported."""
    message = mail()
    for number in range(53):
        message.add_attachment(f"The road {number} was opened.", filename=f"{number}.txt")
    looked = read(message, tmp_path, window)

    assert {
        "a.eml: attachments 51 to 53": "only the first 50 attachments of a message are read"
    } == looked.skipped


@pytest.mark.parametrize(
    ("head", "is_mail"),
    [
        ("From: a@b.org\nDate: x\nSubject: y\n\n", True),
        ("From a@b.org Mon Apr 17 2023\nFrom: a@b.org\nMessage-ID: <1>\n\n", True),
        ("Received: by x;\r\n\tMon\r\nFrom: a@b.org\r\n\r\n", True),
        ("From: the press office\nSubject: y\n\n", False),
        ("Date: March 3, 2021\nSubject: y\nContact: z\n\n", False),
        ("From: a@b.org\nDate: x\nSubject: y\nand no header\n\n", False),
    ],
)
def test_messages_are_recognized_by_content(
    head: str, *, is_mail: bool, tmp_path: Path, window: EncoderWindow
) -> None:
    """A text that begins with lines like headers is a text; a message is one under any name."""
    looked = look(window, put(tmp_path / "a.txt", head + RELEASE))

    assert is_mail == ("Subject" not in text_of(looked))


@pytest.mark.parametrize(
    ("header", "body", "reason"),
    [
        ("Content-Type: multipart/mixed; " + "a=b; " * 9_000, "",
         "a message with a malformed header"),
        ("Content-Type: multipart/mixed; boundary=b", "--b\n\nx\n" * 9_000,
         "a message with too many parts"),
        ("Content-Type: " + "(" * 1_900, "", "the message cannot be parsed"),
    ],
    ids=["long_header", "many_parts", "deep_comment"],
)  # fmt: skip
def test_messages_made_to_keep_the_parser_busy_are_skipped(
    header: str, body: str, reason: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """Headers and parts that no mail program writes are refused in bounded time."""
    data = f"From: a@b.org\nMIME-Version: 1.0\n{header}\n\n{body}".encode()
    started = time.process_time()

    assert {"a.eml": reason} == read(data, tmp_path, window).skipped
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (mail_long_field(300), "a message with a malformed header"),
        (mail_many_parts(6_000), "a message with too many parts"),
        (mail().as_bytes() + b"\nContent-Type: text/plain; a=b; a=b; a=b; a=b; a=b" * 5_000,
         "a message with a malformed header"),
        (mail().as_bytes() + b"\n\nContent-Type:\n multipart/mixed; boundary=x" * 101,
         "a message with too many parts"),
        (mail().as_bytes() + b"\n\nContent-Type: message/delivery-status\n" + b"\na: b\n" * 6_000,
         "a message with too many parts"),
        (mail().as_bytes() + b"\na: b" * 201_000, "a message with too many headers"),
    ],
    ids=["field_after_cr", "parts_after_cr", "headers", "containers", "report", "fields"],
)  # fmt: skip
def test_what_would_fill_time_or_memory_is_refused(
    message: bytes, reason: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """The limits count what the library sees: it ends lines at bare CR too."""
    assert {"a.eml": reason} == read(message, tmp_path, window).skipped


def test_long_and_nested_headers_take_bounded_time(tmp_path: Path, window: EncoderWindow) -> None:
    """A subject of 200 KB is left out; nested parts are opened as far as possible."""
    nested = "".join(
        f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(60)
    )
    subject = "Subject: " + "a " * 100_000
    started = time.process_time()
    for header, body in (
        (subject, MAIL_BODY), ("Content-Type: multipart/mixed; boundary=b0", nested)
    ):  # fmt: skip
        data = f"From: {'<' * 3_000}\nMIME-Version: 1.0\n{header}\n\n{body}".encode()
        looked = read(data, tmp_path, window)
        assert 1 == len(looked.releases) + len(looked.skipped)
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Footbridge to open", "Footbridge to open"),
        ("Island ferry fares to fall", "Fares on island ferries to fall by a tenth in spring"),
        ("New timetable for buses", "New timetable for buses"),
    ],
)
def test_the_headline_in_the_body_stands_for_a_shorter_subject(
    subject: str, title: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """A subject with words of the headline below it is a short form; others are kept."""
    headline = "Fares on island ferries to fall by a tenth in spring"
    message = mail(f"NEWS RELEASE\n\n{headline}\n\nMarch 3, 2025\n\n{MAIL_BODY}")
    message.replace_header("Subject", subject)
    (prepared,) = read(message, tmp_path, window).releases.values()

    assert title == prepared.release.title


@pytest.mark.parametrize(
    ("sender", "forwarded", "issuer"),
    [
        ("Marrow Ferries press office", "", "Marrow Ferries"),
        ("Presse Stadtmuseum Marrow", "", "Stadtmuseum Marrow"),
        (
            "Jane Roe",
            "---------- Forwarded message ---------\nFrom: Marrow Ferries Media <m@x.example>\n",
            "Marrow Ferries",
        ),
    ],
)
def test_the_issuer_is_the_organization_that_sent_the_mail(
    sender: str, forwarded: str, issuer: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """Without its press office, and not the one who forwards the message."""
    message = mail(forwarded + "\n" + MAIL_BODY)
    message.replace_header("From", f"{sender} <press@example.org>")
    (prepared,) = read(message, tmp_path, window).releases.values()

    assert issuer == prepared.release.issuer


@pytest.mark.parametrize(
    ("greeting", "closing"),
    [("Dear all,", "Best wishes,\nJane"), ("Sehr geehrte Damen und Herren,", "Viele Grüße\nJane"),
     ("Bonjour,", "Cordialement,\n\nJane Roe")],
)  # fmt: skip
def test_the_release_below_a_note_is_read(
    greeting: str, closing: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """Title, date and issuer come from the release that the note sends."""
    body = (
        f"{greeting}\n\nplease find our release below. It is about the ferry fares of the island "
        f"and the children who travel on the ferries.\n\n{closing}\n\nFERRY BOARD OF MARROW\n"
        "PRESS RELEASE\n\n4 March 2025\n\nFerry fares to fall in spring for all islanders\n\n"
        "Fares will fall by a tenth from the first day of April, and children will travel free."
    )
    message = (
        "From: Roe, Jane <jane@ferries.example>\nDate: Mon, 3 Mar 2025 09:00:00 +0000\n"
        f"Subject: for your weekend pages\nMIME-Version: 1.0\n\n{body}\n"
    )
    looked = look(window, put(tmp_path / "note.eml", message.encode()))
    (prepared,) = looked.releases.values()
    release = prepared.release

    assert ("Ferry fares to fall in spring for all islanders", "2025-03-04") == (
        release.title, release.date,
    )  # fmt: skip
    assert "FERRY BOARD OF MARROW" == release.issuer


def test_a_forwarded_message_keeps_its_day(tmp_path: Path, window: EncoderWindow) -> None:
    """A release without a date is of the day on which it was first sent."""
    body = (
        "see below\n\n---------- Forwarded message ---------\nFrom: Ferry Board <a@b.example>\n"
        "Date: Wed, 5 Mar 2025 at 09:31\nSubject: Fares fall\nTo: <news@c.example>\n\n"
        "Ferry fares to fall in spring\n\nFares will fall by a tenth, the board said."
    )
    message = (
        "From: Jane Roe <jane@d.example>\nDate: Fri, 7 Mar 2025 09:00:00 +0000\n"
        f"Subject: Fwd: Fares fall\nMIME-Version: 1.0\n\n{body}\n"
    )
    (prepared,) = look(window, put(tmp_path / "f.eml", message.encode())).releases.values()

    assert "2025-03-05" == prepared.release.date
