"""Bad pages (bad-inputs.md 31 to 36): best effort or a reason, in bounded time."""

import contextlib
import time
from pathlib import Path

import pytest
from checkout import SAMPLES
from growth import LINEAR, growth
from hostile_documents import html_attributes
from hypothesis import given
from hypothesis import strategies as st
from index_parts import look, put, text_of
from lxml import html

from index.errors import SourceError
from index.readers.html import HtmlReader
from index.readers.html_fragment import check_html_limits, has_markup
from index.readers.html_title import choose_title, read_page_titles
from index.structure.passages import EncoderWindow

ARTICLE = """<html><head><title>Bridge opens</title></head><body><article>
<h1>Bridge opens</h1>
<p>The province has opened a footbridge across the harbour, the minister said on Monday.</p>
<p>It cost {price} million and took two years to build, and people may walk on it at night.</p>
</article></body></html>"""


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<html><head><title>T</title></head></html>", "no article found in the page"),
        (
            "<html><script>var a = 'words ';</script><style>p {}</style></html>",
            "no article found in the page",
        ),
        (
            "<html><body>" + "<div>" * 100_000 + "text",
            "its elements are nested too deeply to be an article",
        ),
        (
            "<html><body>" + "<noscript><div>" * 500 + "text",
            "its elements are nested too deeply to be an article",
        ),
        ("<html><body>" + "<p>word" * 200_000, "it has too many elements to be an article"),
        ("<html><body>" + "<p a='<'>w" * 90_000, "it has too many elements to be an article"),
        (
            "<html><body>" + "<b a='>'>" * 90_000,
            "its elements are nested too deeply to be an article",
        ),
        (
            html_attributes(100_000).decode(),
            "an element has too many attributes to be one of an article",
        ),
        (
            f"<html><body><p a='{'<p>'}' {'a=b ' * 300}>{ARTICLE}",
            "an element has too many attributes to be one of an article",
        ),
        ("<html><body>" + "<" * 50_000_000, "it is too large to be an article"),
    ],
    ids=[
        "31_no_body",
        "33_script_and_style_only",
        "32_nested_divs",
        "32_in_noscript",
        "35_many_elements",
        "35_elements_in_quotes",
        "32_elements_in_quotes",
        "attributes",
        "attributes_after_a_quoted_tag",
        "35_50_MB",
    ],
)
def test_pages_without_an_article_are_skipped(
    page: str, reason: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """31, 32, 33, 35: A page without an article is skipped with the reason, without recursion."""
    looked = look(window, put(tmp_path / "a.html", page))

    assert {"a.html": reason} == looked.skipped


@pytest.mark.parametrize(
    "hiding",
    [
        "<!-- <script> -->{}", "<!-- <style> -->{}<!-- </style> -->", '<a title="<script>">{}',
        "<a title='<script>'>{}</script>", "<script></script x>{}</script>", "<script/>{}",
        "<!--><script x='{}",
    ],
)  # fmt: skip
def test_32_what_only_looks_like_a_script_hides_no_elements(
    hiding: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """32: Elements after "<script" in a comment or an attribute are counted."""
    page = "<html><body>" + hiding.format("<div>" * 100_000)
    looked = look(window, put(tmp_path / "a.html", page))

    assert {"a.html": "its elements are nested too deeply to be an article"} == looked.skipped


def test_32_elements_in_scripts_are_not_counted(tmp_path: Path, window: EncoderWindow) -> None:
    """32: A template in a script does not count, and the article is read."""
    script = f"<script type='text/x'>var a = \"{'<div>' * 1000}\";</script>"
    paragraph = "<p>The province opened a footbridge across the harbour on Monday morning.</p>"
    page = f"<html><head>{script}</head><body><article>{paragraph * 5}</article></body></html>"

    assert "footbridge" in text_of(look(window, put(tmp_path / "a.html", page)))


@pytest.mark.parametrize(
    "repeated",
    [
        "<div>",
        "<div ",
        "<p>",
        "<",
        "<!--",
        "<script>",
        "<a",
        "</",
        "<b <",
        "-->",
        '="',
        "='",
        "<script/",
        "= ",
    ],
)
def test_35_megabytes_of_unclosed_tags_take_bounded_time(
    repeated: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """35: Megabytes of unclosed tags are skipped within seconds: no step is quadratic."""
    path = put(tmp_path / "a.html", "<html><body>" + repeated * (600_000 // len(repeated)))
    started = time.process_time()
    looked = look(window, path)

    assert looked.skipped or looked.releases
    assert time.process_time() - started < 60


def test_35_of_millions_of_elements_the_first_are_enough() -> None:
    """35: A page of 50 MB with too many elements is refused by looking at the first of them."""
    page = "<html><body>" + "<p><b>" * 8_000_000
    started = time.process_time()

    with pytest.raises(SourceError, match="too many elements"):
        check_html_limits(page)
    assert time.process_time() - started < 1.5


def test_35_many_comments_before_no_page_take_bounded_time() -> None:
    """35: Recognizing a page looks at each comment once."""
    started = time.process_time()

    assert not HtmlReader().matches(b"<!---->" * 9_000 + b"x", ".html")
    assert time.process_time() - started < 10


@pytest.mark.parametrize("declared", ["iso-8859-1", "utf-16", "shift_jis", "no-such-charset"])
def test_34_a_wrong_charset_declaration_is_ignored(
    declared: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """34: A page in UTF-8 is read as UTF-8, whatever it declares."""
    page = ARTICLE.format(price="€4.2").replace("<head>", f'<head><meta charset="{declared}">')
    looked = look(window, put(tmp_path / "a.html", page.encode("utf-8")))

    assert "It cost €4.2 million" in text_of(looked)


def test_34_a_correct_charset_declaration_is_used(tmp_path: Path, window: EncoderWindow) -> None:
    """34: The declared charset is used where the bytes are not UTF-8."""
    page = ARTICLE.format(price="€4.2").replace("<head>", '<head><meta charset="cp1252">')
    looked = look(window, put(tmp_path / "a.html", page.encode("cp1252")))

    assert "It cost €4.2 million" in text_of(looked)


def test_36_a_page_of_menus(tmp_path: Path, window: EncoderWindow) -> None:
    """36: A page whose article cannot be told from its menus is read somehow, or skipped."""
    items = "".join(f"<li><a href='/{n}'>Topic {n}</a></li>" for n in range(60))
    page = f"<html><body><nav><ul>{items}</ul></nav></body></html>"
    looked = look(window, put(tmp_path / "a.html", page))

    assert 1 == len(looked.releases) + len(looked.skipped)


def test_unclosed_cells_and_options_do_not_nest(tmp_path: Path, window: EncoderWindow) -> None:
    """Elements that end where the next one begins, as in old pages, do not count as nested."""
    rows = "".join(
        f"<tr><td>Town {n}<td>gets {n} million dollars for its roads" for n in range(300)
    )
    page = ARTICLE.format(price="$4").replace("</article>", f"<table>{rows}</table></article>")
    looked = look(window, put(tmp_path / "a.html", page))

    assert "It cost $4 million" in text_of(looked)


def test_the_sample_pages_are_read(window: EncoderWindow) -> None:
    """Each sample page gives one release with title and date, and no menu in its text."""
    pages = sorted((SAMPLES / "releases").glob("*.html"))
    for page in pages:
        (prepared,) = look(window, page).releases.values()
        assert prepared.release.title
        assert prepared.release.date
        assert "Contact us" not in prepared.release.text
    assert pages


@given(
    st.lists(
        st.sampled_from(
            ("<p ", "<p", "<div ", "</p", "</", "<", ">", "/", "=", "'", '"', "a", "b ", "y='z' ",
             'q="<p>" ', "<!--", "-->", "--!>", "<!", "<?", " ", "\n", "\x0c", "<title>",
             "</title>",
             "<textarea>", "</textarea>", "<iframe>", "<style>", "</style>", "<script>",
             "</script>")
        ),
        max_size=30,
    )
)  # fmt: skip
def test_no_page_hides_attributes_from_the_count(before: list[str]) -> None:
    """Whatever stands before an element: if the parser finds its attributes, they are counted."""
    page = f"<div>{''.join(before)}<p {' '.join(f'k{i}' for i in range(250))}>text"
    found = max(len(e.attrib) for e in html.document_fromstring(page).iter() if e.tag != "!")
    refused = False
    try:
        check_html_limits(page)
    except SourceError:
        refused = True

    assert refused or found < 200


@pytest.mark.parametrize(
    "text", ["<!--", "<p ", "<title>", "<a='", '<a="', "<script>", "</", "&#1"]
)
def test_what_never_ends_takes_linear_time(text: str) -> None:
    """Tags, comments and quotes that are not closed are gone through once."""

    def check(page: str) -> None:
        has_markup(page)
        with contextlib.suppress(SourceError):
            check_html_limits(page)

    assert growth(check, lambda size: f"{text * size}", 20_000) < LINEAR


def test_many_headings_and_a_long_title_take_bounded_time() -> None:
    """Only some headings of a page are compared with its titles, and no endless ones."""

    def title(page: str) -> str | None:
        return choose_title(read_page_titles(page), None, "A bridge opens")

    def page(size: int) -> str:
        headings = "".join(f"<h1>Bridge number {i} opens</h1>" for i in range(size))
        return f"<html><head><title>{'Bridges ' * size}</title></head><body>{headings}"

    assert title(page(10)) == "Bridge number 0 opens"
    assert growth(title, page, 1_000) < LINEAR
