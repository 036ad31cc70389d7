"""Mail with attachments."""

from hostile_documents import mail_many_parts
from made_sources import HEADLINE, PARAGRAPHS, item, mail, rss

from fuzzing.core import Harness
from fuzzing.documents import letterheads, read
from index.readers.mail import MailReader
from index.readers.registry import reader_for


def run(data: bytes) -> None:
    """Read a message."""
    reader = MailReader(reader_for)
    reader.matches(data, ".eml")
    read(reader, data)


def seeds() -> list[bytes]:
    """Messages with bodies of both forms, with attachments, and forwarded ones."""
    attached = mail()
    attached.add_alternative("<p>The <b>bridge</b> is open.</p>", subtype="html")
    attached.add_attachment(rss(item()).encode(), "text", "xml", filename="news.xml")
    attached.add_attachment("\n\n".join(PARAGRAPHS), filename="é.txt")
    outer = mail("Dear all,\n\nsee below.\n")
    outer.add_attachment(mail())
    forwarded = mail(
        "FYI\n\n---------- Forwarded message ---------\nFrom: Ann Poe <a@b.example>\n"
        f"Date: Mon, Apr 17, 2023\nSubject: Fwd: {HEADLINE}\n\n> {HEADLINE}\n> It is open.\n"
    )
    messages = [mail(), attached, outer, forwarded]
    return [*letterheads("eml"), mail_many_parts(3), *(m.as_bytes() for m in messages)]


HARNESS = Harness(
    run,
    seeds,
    words=(
        b"\r\n\r\n",
        b"\r\n",
        b"\r",
        b"Content-Type: ",
        b"multipart/mixed; boundary=",
        b"text/html",
        b"Content-Transfer-Encoding: base64",
        b"quoted-printable",
        b"; charset=",
        b"utf-7",
        b"=?utf-8?q?",
        b"=?iso-2022-jp?b?",
        b"?=",
        b"filename*0*=",
        b'filename="',
        b"message/rfc822",
        b"Content-Disposition: attachment",
        b"Subject: ",
        b"From: ",
        b"Date: ",
        b"format=flowed",
        b"delsp=yes",
        b"message/delivery-status",
        b"x-uuencode",
        b"begin 644 a\n",
        b"\n--",
        b"--\n",
        b"-----Original Message-----",
        b"Begin forwarded message:",
        b"unknown-8bit",
        b"Group: ;",
    ),
)
