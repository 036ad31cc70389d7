"""A conversation as a file shows what was said, and nothing in it acts."""

import json
import time
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from made_answers import made_answer, made_passage, made_release

from qa.answer_json import answer_from_json, answer_to_json
from qa.errors import OutputError
from qa.sessions.export import Format, check_target, export, write_export
from qa.sessions.store import SessionStore
from qa.sessions.types import Judgement, Remark, Transcript, when
from qa.types import Answer, Highlight

HERE = "/collections/here"
ATTACK = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b]0;owned\x07\"'><!--"
    "</p></article></body>\x00\ud800\u202etxt.exe ![x](javascript:alert(3)) <style>*{}</style>"
)


def saved(store: SessionStore, *answers: Answer, name: str = "a talk") -> Transcript:
    """A session of answers."""
    session = store.begin(HERE, name)
    for answer in answers:
        store.settle(store.ask(session.key, answer.question), "done", answer)
    return store.transcript(store.find(HERE, name))


def text_of(transcript: Transcript, form: Format) -> str:
    """A whole export."""
    return "".join(export(transcript, form))


class Seen(HTMLParser):
    """What a page holds: its elements, attributes and words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that elements are closed in the order they were opened."""
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        if self.open and self.open[-1] != "style":
            self.words += data


@pytest.mark.parametrize("form", ["markdown", "html", "json"])
def test_everything_said_is_in_every_form(store: SessionStore, form: Format) -> None:
    """Questions, how they were understood, words, citations, pins, notes and judgements."""
    answer = made_answer(made_passage(exact=(44, 46)), made_passage(2, text="Second.", ordinal=5))
    answer = replace(answer, asked_as="When does the Hill bridge open?")
    session = store.begin(HERE, "a talk")
    key = store.ask(session.key, answer.question)
    store.settle(key, "done", answer)
    store.remark(key, Remark("bridge-2023#5", pinned=True, note="look here"))
    store.judge(HERE, [Judgement(answer.asked_as, "bridge-2023", "bridge-2023#3", 1)])
    store.ask(session.key, "Cut off?")
    text = text_of(store.transcript(session), form)

    for words in ("a talk", answer.question, answer.asked_as, "Cut off?", "look here", "Second."):
        assert words in text, words
    assert "chars 100" in text
    marks = {"markdown": ("**Pinned**", "Judged: answers"), "html": ("Pinned", "Judged: answers")}
    for words in marks.get(form, ('"pinned": true', '"grade": 1')):
        assert words in text


def test_json_holds_the_answers_whole(store: SessionStore) -> None:
    """Another program finds each answer as in the reference."""
    answers = [made_answer(made_passage(text=ATTACK, evidence=None)), made_answer(answered=False)]
    text = text_of(saved(store, *answers), "json")
    found = json.loads(text)

    assert answers == [answer_from_json(turn["answer"]) for turn in found["turns"]]
    assert text.isascii() or "\x1b" not in text
    assert answer_to_json(answers[0]) == found["turns"][0]["answer"]


def test_a_hostile_document_stays_text_in_the_page(store: SessionStore) -> None:
    """No element, attribute, control or reversed line of a document gets into the page."""
    release = made_release(title=ATTACK, issuer=ATTACK, url="javascript:alert(1)", lang='en" x="')
    passage = replace(
        made_passage(text=ATTACK, release=release, evidence=(0, 20)),
        speaker=ATTACK, kind=ATTACK, citation=ATTACK, passage_id=ATTACK,
    )  # fmt: skip
    session = store.begin(HERE, "<b>bold</b>")
    key = store.ask(session.key, ATTACK)
    answer = replace(made_answer(passage, question=ATTACK), asked_as=ATTACK + "?", reason=ATTACK)
    store.settle(key, "done", answer)
    store.remark(key, Remark(ATTACK, pinned=True, note=ATTACK))
    store.settle(store.ask(session.key, "b"), "failed", None, ATTACK)
    page = text_of(store.transcript(session), "html")

    seen = Seen(page)
    assert [] == seen.open
    allowed = {
        "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "nav",
        "ol", "li", "a", "main", "section", "span", "article", "mark", "footer", "code", "strong",
    }  # fmt: skip
    assert allowed >= {tag for tag, _ in seen.elements}
    attributes = {name for _, found in seen.elements for name in found}
    known = {"lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "value"}
    assert attributes <= known | {"rel"}
    assert {"#q1", "#q2"} == {found["href"] for tag, found in seen.elements if tag == "a"}
    assert "<script>alert(1)</script>" in seen.words
    assert not any((c < " " and c != "\n") or "\x7f" <= c <= "\x9f" or c == "\u202e" for c in page)
    assert page.encode()


def test_only_addresses_of_the_web_become_links(store: SessionStore) -> None:
    """A release's address is a link when it is http or https, and text of its own otherwise."""
    urls = ["https://a.example/x?a=1&b=2", "javascript:alert(1)", "data:text/html,x", "file:///etc"]
    urls += ["https:no-host", "//b.example", "http://[broken"]
    answers = [made_answer(made_passage(release=made_release(url=url))) for url in urls]
    page = Seen(text_of(saved(store, *answers), "html"))

    links = [found["href"] for tag, found in page.elements if tag == "a"]
    assert [urls[0]] == [link for link in links if link and not link.startswith("#")]


def test_the_page_loads_and_runs_nothing(store: SessionStore) -> None:
    """No script, nothing fetched, and a policy that forbids both."""
    page = text_of(saved(store, made_answer()), "html")

    policies = [found for tag, found in Seen(page).elements if "http-equiv" in found]
    assert ["default-src 'none'"] == [str(p["content"]).split(";")[0] for p in policies]
    assert "<script" not in page
    assert "url(" not in page
    assert "@import" not in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_overlapping_marks_nest_and_change_no_word(store: SessionStore) -> None:
    """Evidence, exact words and terms may overlap; the text reads as it is stored."""
    text = "Work starts in May. The bridge opens on June 3."
    marks = (Highlight((0, 19), "evidence", 0.9), Highlight((5, 30), "term", 0.5))
    passage = replace(
        made_passage(text=text), highlights=(*marks, Highlight((15, 40), "answer", 0.8))
    )
    page = Seen(text_of(saved(store, made_answer(passage)), "html"))

    assert text in page.words


def test_markdown_keeps_hostile_text_as_text(store: SessionStore) -> None:
    """Links, images and HTML of a document or a note are escaped; controls are drawn."""
    session = store.begin(HERE, "*x*")
    key = store.ask(session.key, ATTACK)
    store.settle(key, "done", made_answer(made_passage(text=ATTACK, evidence=None)))
    store.remark(key, Remark("bridge-2023#3", note=ATTACK))
    text = text_of(store.transcript(session), "markdown")

    assert "# \\*x\\*" in text
    assert "\x1b" not in text
    assert "](javascript" not in text.replace("\\]", "")
    assert "<script>" not in text.replace("\\<", "")


def test_a_file_is_whole_and_nothing_is_replaced_unasked(
    store: SessionStore, tmp_path: Path
) -> None:
    """The suffix names the form; a path that will not do is told before anything is written."""
    transcript = saved(store, made_answer())
    write_export(transcript, tmp_path / "talk.HTML")
    assert (tmp_path / "talk.HTML").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert ["data", "talk.HTML"] == sorted(path.name for path in tmp_path.iterdir())

    assert "ends" in str(check_target("talk.exe")) or "end in" in str(check_target("talk.exe"))
    assert "already" in str(check_target(str(tmp_path / "talk.HTML")))
    assert "no folder" in str(check_target(str(tmp_path / "none" / "talk.md")))
    assert check_target(str(tmp_path / "new.md")) is None
    with pytest.raises(OutputError, match="no known extension"):
        write_export(transcript, tmp_path / "talk")
    with pytest.raises(OutputError, match="cannot be written"):
        write_export(transcript, tmp_path / "none" / "talk.md")


def test_moments_are_said_in_utc_or_by_the_clock_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Exports name the zone; lists follow the clock; nonsense harms nothing."""
    monkeypatch.setenv("TZ", "AST4")
    time.tzset()
    try:
        assert "2026-03-01 02:30 UTC" == when("2026-03-01T02:30:00Z")
        assert "2026-02-28 22:30" == when("2026-03-01T02:30:00Z", local=True)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert "at an unknown time" == when("\x1b[2J")
