"""Reading one document that is not added."""

import io
import json
import zipfile

import pytest

from index.errors import SourceError
from index.ingest.article import MAX_SENTENCES, read_article

_STORY = (
    "The bridge at Salmon Cove was closed on Monday. Nobody was hurt, the mayor said.\n\n"
    "It will open again in May. The repair costs two million dollars, and the town pays half of it."
)


def read(data: bytes, name: str = "article.txt", max_bytes: int = 1_000_000) -> list[str]:
    """The sentences of an article."""
    article = read_article(io.BytesIO(data), name, max_bytes)
    return [article.text[slice(*span)] for span in article.sentences]


def test_sentences_of_pasted_text() -> None:
    """In order, whatever paragraph they are in."""
    assert read(_STORY.encode()) == [
        "The bridge at Salmon Cove was closed on Monday.",
        "Nobody was hurt, the mayor said.",
        "It will open again in May.",
        "The repair costs two million dollars, and the town pays half of it.",
    ]


def test_the_format_is_found_by_content() -> None:
    """A page without its menus, and without its headline, which is the title."""
    paragraphs = "".join(f"<p>{text}</p>" for text in _STORY.split("\n\n"))
    story = f"<h1>Bridge closed</h1>{paragraphs}"
    page = f"<html><body><nav>Home Sports</nav><article>{story}</article></body></html>"
    article = read_article(io.BytesIO(page.encode()), "page.html", 1_000_000)

    assert article.title == "Bridge closed"
    assert len(article.sentences) == 4


@pytest.mark.parametrize("data", [b"", b" \n\n ", b"***"])
def test_no_text_is_refused(data: bytes) -> None:
    """Whether nothing, white space or signs alone."""
    with pytest.raises(SourceError, match="no text"):
        read(data)


def test_several_documents_are_refused() -> None:
    """An archive or a file of records is no article."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", _STORY)
        archive.writestr("b.txt", _STORY)
    lines = "\n".join(json.dumps({"id": n, "text": _STORY}) for n in "ab")
    for data, name in ((packed.getvalue(), "a.zip"), (lines.encode(), "a.jsonl")):
        with pytest.raises(SourceError, match="several documents"):
            read(data, name)


def test_size_and_length_are_limited() -> None:
    """A large file is refused before it is read whole, a long text before it is compared."""
    with pytest.raises(SourceError, match="larger than"):
        read(b"word " * 1_000_000, max_bytes=2_000_000)
    line = "The bridge at Salmon Cove was closed. Nobody of the town was hurt, the mayor said."
    long = "\n\n".join([line] * (MAX_SENTENCES // 2 + 1))
    with pytest.raises(SourceError, match="1,002 sentences"):
        read(long.encode())


def test_a_sentence_without_end_is_split() -> None:
    """So that no comparison takes long."""
    assert max(map(len, read(b"bridge " * 40_000))) <= 2_000
