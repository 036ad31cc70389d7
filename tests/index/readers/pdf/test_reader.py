"""PDF documents: reading order, paragraphs, repeated lines, bad ones (bad-inputs.md 44 to 49)."""

import datetime as dt
import io
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission
from index_parts import RELEASE, look, put, text_of
from PIL import Image
from raw_pdf import packed_blanks, pdf_stream, raw_pdf
from scans import TEXTLESS_PDF

from index.readers.pdf import worker
from index.readers.pdf.columns import TextRun
from index.readers.pdf.layout import PageText, lay_out, strip_running_lines
from index.readers.pdf.reader import draft_of
from index.structure.passages import EncoderWindow

PARAGRAPHS = [
    f"{name} of the footbridges across the harbour opened on a cold day in March, and people who "
    "had asked for it for twenty years walked from one side to the other and back again. It cost "
    f"{number} million dollars."
    for number, name in enumerate(("The first", "The second", "The third", "The fourth"), start=2)
]


class Letter(FPDF):
    """Pages with a running header and page numbers."""

    def header(self) -> None:
        """Write the header."""
        self.set_font("Helvetica", size=9)
        self.cell(0, 8, "Province of Nova Scotia - News", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        """Write the number."""
        self.set_y(-15)
        self.set_font("Helvetica", size=9)
        self.cell(0, 8, str(self.page_no()), align="C")


def made(*paragraphs: str, document: FPDF | None = None, gap: float = 3) -> FPDF:
    """A document of paragraphs."""
    document = document or FPDF()
    document.add_page()
    document.set_font("Times", size=11)
    for paragraph in paragraphs:
        document.multi_cell(0, 5, paragraph, new_x="LMARGIN", new_y="NEXT")
        document.ln(gap)
    return document


def written(document: FPDF) -> bytes:
    """The bytes of its file."""
    return bytes(document.output())


def paragraphs_of(data: bytes, folder: Path, window: EncoderWindow) -> list[str]:
    """The paragraphs read from a file."""
    return text_of(look(window, put(folder / "a.pdf", data))).split("\n\n")


@pytest.mark.parametrize("gap", [3, 0])
def test_paragraphs_end_at_gaps_and_after_short_lines(
    gap: float, tmp_path: Path, window: EncoderWindow
) -> None:
    """Lines are joined to paragraphs, with space between the paragraphs or without."""
    assert PARAGRAPHS == paragraphs_of(written(made(*PARAGRAPHS, gap=gap)), tmp_path, window)


def test_headline_by_size_and_fields_by_properties(tmp_path: Path, window: EncoderWindow) -> None:
    """The headline is the largest line but banners; author and date are in the properties."""
    document = FPDF()
    document.set_author("Province of Nova Scotia")
    document.set_title("Microsoft Word - draft3.doc")
    document.set_creation_date(dt.datetime(2022, 5, 6, tzinfo=dt.UTC))
    document.add_page()
    for words, size in (("NEWS RELEASE", 30), ("New footbridge opens in Halifax", 18)):
        document.set_font("Helvetica", size=size)
        document.cell(0, 15, words, new_x="LMARGIN", new_y="NEXT")
    document.set_font("Times", size=11)
    document.multi_cell(0, 5, PARAGRAPHS[0])
    (prepared,) = look(window, put(tmp_path / "a.pdf", written(document))).releases.values()
    release = prepared.release

    assert ("New footbridge opens in Halifax", "Province of Nova Scotia", "2022-05-06") == (
        release.title, release.issuer, release.date,
    )  # fmt: skip


def test_columns_are_read_one_after_the_other(tmp_path: Path, window: EncoderWindow) -> None:
    """Below a headline over both columns, the left column is read before the right one."""
    document = FPDF()
    document.add_page()
    document.set_font("Helvetica", size=16)
    document.cell(0, 12, "A headline that goes across both of the columns", new_y="NEXT")
    document.set_font("Times", size=11)
    top = document.get_y()
    for left, paragraphs in ((10, PARAGRAPHS[:2]), (110, PARAGRAPHS[2:])):
        document.set_xy(left, top)
        for paragraph in paragraphs:
            document.set_x(left)
            document.multi_cell(90, 5, paragraph, new_x="LEFT", new_y="NEXT")
            document.ln(3)

    assert ["A headline that goes across both of the columns", *PARAGRAPHS] == paragraphs_of(
        written(document), tmp_path, window
    )


def test_a_table_is_read_row_by_row(tmp_path: Path, window: EncoderWindow) -> None:
    """Cells of a row stay together: short cells are not columns of text."""
    document = made(PARAGRAPHS[0])
    rows = ["Deck 4.2", "Piers 3.1", "Lights 0.4", "Paths 1.7"]
    for row in rows:
        for cell in row.split():
            document.cell(60, 6, cell)
        document.ln(6)

    assert " ".join(rows) == " ".join(paragraphs_of(written(document), tmp_path, window)[1:])


def test_headers_and_page_numbers_are_left_out(tmp_path: Path, window: EncoderWindow) -> None:
    """A paragraph continues over the page break, and the start of each page is kept."""
    words = PARAGRAPHS[0].split()
    many = [f"{n}. {' '.join([*words[n:], *words[:n]])}" for n in range(1, 40)]
    looked = look(window, put(tmp_path / "a.pdf", written(made(*many, document=Letter()))))
    (prepared,) = looked.releases.values()
    text = prepared.release.text
    starts = prepared.release.metadata["page_starts"]

    assert many == text.split("\n\n")
    assert isinstance(starts, list)
    assert [0, *sorted(starts)[1:]] == starts
    assert [2, True] == [len(starts), all(0 < start < len(text) for start in starts[1:])]


def _line(text: str, top: int, left: float = 72, size: float = 10) -> TextRun:
    return TextRun(text, left, left + 5 * len(text), 800 - top, size)


def test_hyphenated_words_are_joined() -> None:
    """A hyphen at a line's end is removed, unless the document shows that the word has it."""
    filler = "The long and short term of information, a co-operation here too."
    lines = [
        filler,
        "For years the ministry has collected and also shared the infor-",
        "mation on the long-",
        "term plan, and on co-",
        "operation with low-",
        "and middle-income people in Quebec and on its multi-",
        "lateral work on the Anglo-",
        "American side.",
    ]
    runs = tuple(_line(text, 14 * number) for number, text in enumerate(lines))
    text = lay_out([PageText(600, 800, runs)]).text

    assert (
        "shared the information on the long-term plan, and on co-operation with low- and "
        "middle-income people in Quebec and on its multilateral work on the Anglo-American side."
    ) in text.replace("\n\n", " ")


def test_lines_that_most_pages_repeat_are_left_out() -> None:
    """A line in the same place on most pages is removed; one on a few or elsewhere stays."""
    pages = [
        PageText(600, 800, (
            _line(f"News {number}", 20), _line("same words, other place", 40 + 60 * number),
            _line("words" if number % 3 else "now and then", 300), _line(f"- {number} -", 780),
            *([_line("-30-", 700)] if number == 4 else [_line("-more-", 770)]),
        )) for number in range(1, 5)
    ]  # fmt: skip
    left = [run.text for runs in strip_running_lines(pages) for run in runs]

    assert {"same words, other place", "words", "now and then", "-30-"} == set(left)
    assert 4 == left.count("same words, other place")


GOOD = written(made(*PARAGRAPHS))


def _encrypted() -> bytes:
    document = made(*PARAGRAPHS)
    document.set_encryption("owner", "user", permissions=AccessPermission.none())
    return written(document)


def _scanned() -> bytes:
    document = FPDF()
    document.add_page()
    picture = io.BytesIO()
    Image.new("L", (50, 50), 128).save(picture, "PNG")
    document.image(picture)
    return written(document)


def test_the_base_of_the_bad_documents_is_readable(tmp_path: Path, window: EncoderWindow) -> None:
    """The document that the bad ones are made from is read."""
    words = pdf_stream(b"BT /F1 12 Tf 72 700 Td (The bridge is open to all people.) Tj ET")

    assert ["The bridge is open to all people."] == paragraphs_of(raw_pdf(words), tmp_path, window)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (_encrypted(), "an encrypted PDF document"),
        (_scanned(), TEXTLESS_PDF),
        (b"%PDF-1.4\nxref broken", "a damaged PDF document"),
        (GOOD[:200], "a damaged PDF document"),
        (raw_pdf(packed_blanks(1_000)), None),
        (raw_pdf(pdf_stream(b"BI /W 9 /H 9 /BPC 8 /CS /G ID " + b"x" * 9_000)), None),
        (raw_pdf(pdf_stream(b""), pages=b"[2 0 R 2 0 R]"), None),
    ],
    ids=["44_encrypted", "45_pictures", "46_no_xref", "46_cut", "47_bomb", "48_inline", "49_loop"],
)
def test_44_to_49_bad_documents_are_skipped(
    content: bytes, reason: str | None, tmp_path: Path, window: EncoderWindow
) -> None:
    """44 to 49: Encrypted, textless, damaged and hostile documents are skipped and named."""
    put(tmp_path / "s" / "a.pdf", content)
    put(tmp_path / "s" / "b.txt", RELEASE)
    started = time.process_time()
    looked = look(window, tmp_path / "s", base=tmp_path / "s")

    assert [["a.pdf"], {"b"}] == [list(looked.skipped), set(looked.releases)]
    assert reason in {None, looked.skipped["a.pdf"]}
    assert time.process_time() - started < 20


def test_46_a_document_with_a_broken_xref_is_read(tmp_path: Path, window: EncoderWindow) -> None:
    """46: The objects are found without the table of their positions."""
    broken = GOOD[: GOOD.rindex(b"xref")] + b"startxref\n99999\n%%EOF"
    trailer = GOOD[GOOD.rindex(b"trailer") :]

    assert PARAGRAPHS == paragraphs_of(broken + trailer, tmp_path, window)


def test_62_a_document_is_recognized_by_content(tmp_path: Path, window: EncoderWindow) -> None:
    """62: A PDF is read under any name; a text with the extension .pdf is read as text."""
    assert PARAGRAPHS == text_of(look(window, put(tmp_path / "a.txt", GOOD))).split("\n\n")
    assert RELEASE.strip("\n") == text_of(look(window, put(tmp_path / "b.pdf", RELEASE)))


def test_a_document_that_takes_too_long_is_skipped(
    tmp_path: Path, window: EncoderWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is ended after its time, and the file is skipped."""
    monkeypatch.setattr("index.readers.pdf.reader.WALL_SECONDS", 0.001)
    looked = look(window, put(tmp_path / "a.pdf", GOOD))

    assert {"a.pdf": "reading it took more than 0.001 seconds"} == looked.skipped


def test_documents_are_read_where_the_system_has_no_kill_signals(
    tmp_path: Path, window: EncoderWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows `signal` lacks SIGKILL and SIGXCPU; documents are read or skipped as elsewhere."""
    monkeypatch.delattr("signal.SIGKILL")
    monkeypatch.delattr("signal.SIGXCPU")
    put(tmp_path / "s" / "good.pdf", GOOD)
    put(tmp_path / "s" / "bad.pdf", GOOD[:200])
    looked = look(window, tmp_path / "s", base=tmp_path / "s")

    assert ({"bad.pdf": "a damaged PDF document"}, {"good"}) == (
        looked.skipped, set(looked.releases),
    )  # fmt: skip


def test_limits_that_the_system_lacks_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker sets the limits there are: some systems lack one, or refuse to change it."""
    limits = {}

    def setrlimit(kind: int, value: tuple[int, int]) -> None:
        if kind == 2:
            raise ValueError("current limit exceeds maximum limit")
        limits[kind] = value

    resource = SimpleNamespace(
        RLIM_INFINITY=-1, RLIMIT_CPU=1, RLIMIT_AS=2, RLIMIT_CORE=3,
        getrlimit=lambda kind: (-1, 30 if kind == 1 else -1), setrlimit=setrlimit,
    )  # fmt: skip
    monkeypatch.setitem(sys.modules, "resource", resource)

    worker._set_limits()

    assert {1: (30, 30), 3: (0, 0)} == limits


@pytest.mark.parametrize(
    ("degrees", "direction", "first", "down"),
    [
        (0, "1 0 0 1", (50, 700), (0, -12)),
        (90, "0 1 -1 0", (100, 50), (12, 0)),
        (180, "-1 0 0 -1", (550, 100), (0, 12)),
        (270, "0 -1 1 0", (500, 750), (-12, 0)),
    ],
)
def test_a_page_is_read_as_it_is_shown(
    degrees: int, direction: str, first: tuple[int, int], down: tuple[int, int]
) -> None:
    """Pages that were scanned or made sideways are turned by the document."""
    lines = (
        "A bridge opens",
        "",
        "The town has waited for it for many years and",
        "now it is open.",
    )
    operators = "".join(
        f"{direction} {first[0] + down[0] * row} {first[1] + down[1] * row} Tm ({line}) Tj\n"
        for row, line in enumerate(lines)
    )
    data = raw_pdf(pdf_stream(f"BT /F1 10 Tf\n{operators}ET".encode()))
    turned = data.replace(b"/MediaBox", b"/Rotate %d/MediaBox" % degrees)

    assert "\n\n".join((lines[0], f"{lines[2]} {lines[3]}")) == (
        draft_of(worker.read_document(pypdfium2, turned)).text
    )
