"""Pages, mail, feeds and Markdown are read in another process, which one of them may break."""

import dataclasses
import io
import os
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hostile_documents import PROSE
from index_parts import put

from index.errors import SourceError
from index.ingest.interruptible import StopRequest, until_interrupted
from index.ingest.update import update_collection
from index.readers import draft_json
from index.readers.base import BadRecord, Draft, Reader
from index.readers.html import HtmlReader
from index.readers.isolated import IsolatedReaders
from index.readers.reading_process import ReadingProcess
from index.readers.registry import reader_for
from index.readers.wide import WideReader
from index.structure.headline.issuer_evidence import Mention

PAGE = (
    "<html lang='en'><head><title>A bridge opens - Town of Poe</title></head><body><article>"
    f"<h1>A bridge opens</h1><p>{PROSE}</p><p>{PROSE}</p></article></body></html>"
).encode()
MAIL = (
    "From: Press Office <press@example.org>\r\nSubject: New footbridge opens in Halifax\r\n"
    "Date: Mon, 17 Apr 2023 22:00:00 -0400\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=edge\r\n\r\n"
    f"--edge\r\nContent-Type: text/plain\r\n\r\n{PROSE}\r\n"
    "--edge\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=a.html\r\n\r\n"
    f"{PAGE.decode()}\r\n--edge\r\nContent-Type: application/zip\r\n"
    "Content-Disposition: attachment; filename=b.zip\r\n\r\nPK\x03\x04\r\n--edge--\r\n"
).encode()
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>'
    f"<item><title>One</title><guid>a</guid><description>&lt;p&gt;{PROSE}</description></item>"
    f"<item><title>Two</title><guid>b</guid><author>Poe</author><description>{PROSE}"
    "</description></item></channel></rss>"
).encode()
MARKDOWN = f"---\ntitle: A bridge\nregion: north\n---\n# A bridge\n\n{PROSE}\n".encode()

NAMED = Draft("a", names=(Mention("sender", "b"),))

BROKEN_WORKER = """
import os, sys
sys.path.insert(0, {root!r})
from index.readers import isolated_worker
from index.readers.base import BadRecord
from index.readers.html import HtmlReader

read = HtmlReader.read

def broken(self, stream, max_bytes):
    page = stream.read()
    stream.seek(0)
    yield BadRecord("process", str(os.getpid()))
    if b"crash" in page:
        os.abort()
    while b"endless" in page:
        pass
    if b"junk" in page:
        os.write(3, b"[]\\n")
    yield from read(self, stream, max_bytes)

HtmlReader.read = broken
isolated_worker.CPU_SECONDS = {seconds}
isolated_worker.main()
"""
"""A worker with a parser that a page can make crash, or never end."""


def archive(**members: bytes) -> bytes:
    """A zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, data in members.items():
            packed.writestr(name.replace("_", "."), data)
    return file.getvalue()


@pytest.fixture
def process() -> Iterator[ReadingProcess]:
    """A process that reads."""
    with ReadingProcess() as process:
        yield process


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ReadingProcess]:
    """Makes processes that a page can break."""

    def make(cpu_seconds: int = 60, wall_seconds: float = 300) -> ReadingProcess:
        worker = tmp_path / "worker.py"
        root = str(Path(__file__).resolve().parents[3])
        worker.write_text(BROKEN_WORKER.format(root=root, seconds=cpu_seconds), encoding="utf-8")
        monkeypatch.setattr("index.readers.reading_process._WORKER", worker)
        return ReadingProcess(wall_seconds)

    return make


def found_by(reader: Reader, data: bytes) -> list[Draft | BadRecord | str]:
    """Return what a reader finds, with its refusal at the end."""
    found: list[Draft | BadRecord | str] = []
    try:
        found.extend(reader.read(io.BytesIO(data), 1_000_000))
    except SourceError as error:
        found.append(str(error))
    return found


def is_running(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def page_saying(word: str) -> bytes:
    """A page with a word more."""
    return PAGE.replace(b"<h1>", f"<p>{word}</p><h1>".encode())


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (PAGE, ".html"),
        (PAGE.decode().encode("utf-16"), ".html"),
        (MAIL, ".eml"),
        (FEED, ".xml"),
        (MARKDOWN, ".md"),
        (b"<html><body></body></html>", ".html"),
        (archive(a_html=PAGE, b_eml=MAIL, c_txt=PROSE.encode()), ".zip"),
    ],
    ids=["page", "wide page", "mail", "feed", "Markdown", "refused page", "archive"],
)
def test_the_other_process_finds_the_same(
    data: bytes, extension: str, process: ReadingProcess
) -> None:
    """Releases, what is skipped in them, and the reason for refusing a source are the same."""
    here = found_by(reader_for(data[:65_536], extension), data)
    apart = found_by(IsolatedReaders(process)(data[:65_536], extension), data)

    assert here
    assert here == apart


def test_what_has_a_parser_is_not_read_in_this_process(
    monkeypatch: pytest.MonkeyPatch, process: ReadingProcess
) -> None:
    """Not even a page in UTF-16 or inside an archive; `update_collection` reads like this."""

    def fail(*_: object) -> None:
        raise AssertionError("read in this process")

    for name in (
        "html.HtmlReader",
        "feed.FeedReader",
        "mail.MailReader",
        "markdown.MarkdownReader",
    ):
        monkeypatch.setattr(f"index.readers.{name}.read", fail)
    inputs = (PAGE, PAGE.decode().encode("utf-16"), MAIL, FEED, MARKDOWN, archive(a_html=PAGE))
    for data in inputs:
        found = found_by(IsolatedReaders(process)(data, ""), data)
        assert isinstance(found[0], Draft)


def test_an_update_reads_in_the_other_process(
    tmp_path: Path, broken: Callable[..., ReadingProcess]
) -> None:
    """A page that crashes its parser is skipped with a reason, and the others are added."""
    broken()
    put(tmp_path / "s" / "a.html", page_saying("crash"))
    put(tmp_path / "s" / "b.html", PAGE)

    report = update_collection(tmp_path / "c", [tmp_path / "s"], dry_run=True)

    assert 1 == report.added
    assert ("s/a.html", "it cannot be parsed") in [(s.item, s.reason) for s in report.skipped]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("endless", "reading it took more than 60 seconds"),
        ("crash", "it cannot be parsed"),
        ("junk", "it cannot be parsed"),
    ],
)
def test_a_page_that_breaks_its_parser_is_refused(
    word: str, reason: str, broken: Callable[..., ReadingProcess]
) -> None:
    """It may use a limited processor time and crash, and the next page is read."""
    with broken(cpu_seconds=1) as process:
        readers = IsolatedReaders(process)
        *_, refusal = found_by(readers(PAGE, ".html"), page_saying(word))
        *_, draft = found_by(readers(PAGE, ".html"), PAGE)

    assert reason == refusal
    assert isinstance(draft, Draft)


def test_a_page_may_take_a_limited_time_without_using_the_processor(
    broken: Callable[..., ReadingProcess],
) -> None:
    """The wait is limited as well."""
    with broken(wall_seconds=0.01) as process:
        found = found_by(IsolatedReaders(process)(PAGE, ".html"), page_saying("endless"))

    assert ["reading it took more than 0 seconds"] == found[-1:]


def test_an_interruption_ends_the_process(broken: Callable[..., ReadingProcess]) -> None:
    """Reading ends at once, and so does the parser that would never end."""
    request = StopRequest()
    before = signal.signal(signal.SIGALRM, lambda *_: request.make())
    try:
        with broken() as process:
            reader = IsolatedReaders(process)(PAGE, ".html")
            found = []
            data = io.BytesIO(page_saying("endless"))
            for item in until_interrupted(reader.read(data, 1_000_000), request):
                found.append(item)
                signal.setitimer(signal.ITIMER_REAL, 0.1)
            (started,) = found
            assert isinstance(started, BadRecord)
            assert not is_running(int(started.reason))
    finally:
        signal.signal(signal.SIGALRM, before)


def test_the_process_ends_with_the_block(broken: Callable[..., ReadingProcess]) -> None:
    """One process reads all documents; it does not outlive its user."""
    with broken() as process:
        readers = IsolatedReaders(process)
        started = [found_by(readers(PAGE, ".html"), PAGE)[0] for _ in range(2)]
        (pid,) = {int(one.reason) for one in started if isinstance(one, BadRecord)}
        assert is_running(pid)

    assert not is_running(pid)


def test_all_fields_of_a_draft_are_passed_on() -> None:
    """Also half of a surrogate pair, which JSON can hold, and what a source says otherwise."""
    full = Draft(
        "A\ud800 bridge\n", "id", "title", "date", "issuer", "lang", "url", {"a": [1, {"b": None}]},
        "member", (Mention("sender", "Poe"),), "place", "created", "note",
    )  # fmt: skip
    assert all(getattr(full, field.name) for field in dataclasses.fields(full))

    for found in (full, Draft(""), BadRecord("where", "reason")):
        assert found == draft_json.parse(draft_json.dump(found).encode())
    with pytest.raises(SourceError, match=r"^no text$"):
        draft_json.parse(draft_json.dump_refusal(SourceError("no text")).encode())


@pytest.mark.parametrize(
    "line",
    [
        b"", b"[]", b"{}", b"\xff", b'{"a": 1}', b'{"draft": 1}', b'{"draft": {}}',
        b'{"bad": {"where": 1, "reason": ""}}', b'{"refused": 1}',
        draft_json.dump(Draft("a")).replace('"a"', "1").encode(),
        draft_json.dump(Draft("a", title="b")).replace('"b"', "[]").encode(),
        draft_json.dump(Draft("a")).replace("{}", "[]").encode(),
        draft_json.dump(NAMED).replace('"b"', "1").encode(),
        draft_json.dump(NAMED).replace("sender", "x").encode(),
    ],
)  # fmt: skip
def test_what_is_not_written_by_the_worker_is_refused(line: bytes) -> None:
    """A document that took over its parser could write anything."""
    with pytest.raises(SourceError, match=r"^it cannot be parsed$"):
        draft_json.parse(line)


def test_plain_formats_start_no_process(process: ReadingProcess) -> None:
    """Records of JSON are read as they arrive, in this process."""
    choose = IsolatedReaders(process)

    for data in (b'{"text": "a"}\n', b"Some text.", b"id,text\n1,a\n"):
        assert type(reader_for(data, "")) is type(choose(data, ""))
    assert isinstance(choose('{"text": "a"}'.encode("utf-16"), ""), WideReader)
    assert not isinstance(choose(PAGE, ""), HtmlReader)
