"""The sample releases and questions: enough of them, varied, and in agreement."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from checkout import SAMPLES

FORMS = {".txt", ".md", ".html", ".jsonl"}
NOT_RELEASES = {"README.md", "questions.jsonl"}
RECORD_FIELDS = {"id", "title", "text", "date", "issuer", "lang", "url"}


def release_files() -> list[Path]:
    """List the files that hold releases."""
    files = [path for path in (SAMPLES / "releases").iterdir() if path.suffix in FORMS]
    return sorted(path for path in files if path.name not in NOT_RELEASES)


def json_lines(path: Path) -> list[dict[str, Any]]:
    """Read one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def records() -> list[dict[str, Any]]:
    """Read the releases that stand as records in a JSONL file."""
    return [
        record for path in release_files() if path.suffix == ".jsonl" for record in json_lines(path)
    ]


def visible(page: str) -> str:
    """Strip an HTML page to what a reader sees, spaces made plain."""
    page = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", page)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def release_texts() -> list[tuple[str, str]]:
    """List each release's id and the text its answers must stand in."""
    texts = [(record["id"], record["text"]) for record in records()]
    for path in release_files():
        if path.suffix == ".jsonl":
            continue
        raw = path.read_text(encoding="utf-8")
        texts.append((path.stem.lower(), visible(raw) if path.suffix == ".html" else raw))
    return texts


QUESTIONS = json_lines(SAMPLES / "questions.jsonl")
ANSWERABLE = [question for question in QUESTIONS if question["answerable"]]
UNANSWERABLE = [question for question in QUESTIONS if not question["answerable"]]
TEXTS = release_texts()


def issuers() -> set[str]:
    """Collect the issuers, each named in a record or in a media contact."""
    named = {record["issuer"] for record in records()}
    for path in release_files():
        raw = path.read_text(encoding="utf-8")
        if path.suffix != ".jsonl":
            named |= set(re.findall(r"(?:Media relations|les médias), ([^\n<]+)", raw))
    return named


def test_there_are_enough_releases_from_several_issuers() -> None:
    """The samples hold at least twelve releases, from at least four issuers."""
    assert len(TEXTS) >= 12
    assert len(issuers()) >= 4


def test_every_form_is_present() -> None:
    """Plain text, Markdown, HTML and JSONL releases are all among the samples."""
    assert {path.suffix for path in release_files()} == FORMS


def test_some_markdown_has_front_matter_and_some_has_none() -> None:
    """Both kinds of Markdown release are there: with front matter and without."""
    starts = {
        path.read_text(encoding="utf-8").startswith("---\n")
        for path in release_files()
        if path.suffix == ".md"
    }
    assert starts == {True, False}


def test_a_page_carries_json_ld() -> None:
    """At least one HTML release states its date and issuer as JSON-LD."""
    found = [
        json.loads(block)
        for path in release_files()
        if path.suffix == ".html"
        for block in re.findall(
            r'(?s)<script type="application/ld\+json">(.*?)</script>',
            path.read_text(encoding="utf-8"),
        )
    ]
    assert any(data.get("datePublished") and data.get("publisher") for data in found)


def test_records_are_complete() -> None:
    """Each JSONL record has every field filled and its text in several paragraphs."""
    assert len(records()) >= 3
    for record in records():
        assert record.keys() == RECORD_FIELDS
        assert all(record.values())
        assert record["text"].count("\n\n") >= 3


def test_one_release_is_in_french() -> None:
    """One release is in French, by the look of its commonest words."""

    def french(text: str) -> bool:
        words = re.findall(r"\w+", text.lower())
        return sum(word in {"les", "des", "une", "pour", "dans", "sur"} for word in words) > 20

    assert [release for release, text in TEXTS if french(text)] == ["tirage-orignal-2020"]


def test_a_correction_names_the_wrong_figure_and_the_right_one() -> None:
    """The correction quotes the figure its first version misprints, and mends it."""
    texts = dict(TEXTS)
    correction = texts["twillingate-trails-correction"]
    assert correction.startswith("CORRECTION:")
    assert "$237,811" in correction
    assert "$273,811" in correction
    assert "$237,811" in texts["twillingate-trails"]
    assert "$273,811" not in texts["twillingate-trails"]


def test_there_are_enough_questions_of_both_kinds() -> None:
    """At least thirty questions can be answered from the samples and six cannot."""
    assert len(ANSWERABLE) >= 30
    assert len(UNANSWERABLE) >= 6
    assert all(question["answers"] for question in ANSWERABLE)
    assert not any(question["answers"] for question in UNANSWERABLE)


def test_ids_are_unique() -> None:
    """No two releases share an id, nor do two questions."""
    release_ids = [release for release, _ in TEXTS]
    question_ids = [question["id"] for question in QUESTIONS]
    assert len(set(release_ids)) == len(release_ids)
    assert len(set(question_ids)) == len(question_ids)


def test_every_release_has_a_question() -> None:
    """Each release is asked about at least once."""
    assert {question["release"] for question in ANSWERABLE} == {release for release, _ in TEXTS}


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question["id"])
def test_each_answer_stands_in_its_release(question: dict[str, Any]) -> None:
    """An answer string stands, letter for letter, in the release the question names."""
    text = dict(TEXTS)[question["release"]]
    for answer in question["answers"]:
        assert answer in text
