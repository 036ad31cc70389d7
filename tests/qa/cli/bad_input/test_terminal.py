"""What a release tries on the screen, in any of its fields (15 to 29)."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from console_script import Indexed, Ran, index_files, run_program
from control_characters import raw_controls

pytestmark = pytest.mark.usefixtures("exported_encoder")


@dataclass(frozen=True)
class Attempt:
    """Characters that a release brings along.

    Attributes:
        raw: As they are in the release.
        shown: As they are shown.
    """

    raw: str
    shown: str


ATTEMPTS = {
    "15_title": Attempt("\x1b]0;owned\x07", "␛]0;owned␇"),
    "16_clipboard": Attempt("\x1b]52;c;ZXZpbA==\x07", "␛]52;c;ZXZpbA==␇"),
    "17_link": Attempt("\x1b]8;;http://evil.example\x1b\\", "␛]8;;http://evil.example␛\\"),
    "18_clear_screen": Attempt("\x1b[2J", "␛[2J"),
    "19_other_screen": Attempt("\x1b[?1049l", "␛[?1049l"),
    "20_c1_control": Attempt("\x9b2J", "\ufffd2J"),
    "21_carriage_return": Attempt("secret\rpublic", "secret\npublic"),
    "22_backspaces": Attempt("false\b\b\b\b\btrue", "false␈␈␈␈␈true"),
    "23_closing_markup": Attempt("[/]", "[/]"),
    "24_action_markup": Attempt("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
    "25_bold_markup": Attempt("[bold]loud", "[bold]loud"),
    "27_direction": Attempt("pay \u202e001$\u202c \u2066x\u2069", "pay ⇄001$⇄ ⇄x⇄"),
    "28_zero_width": Attempt("ex\u200bam\u200dple\ufeff", "ex◌am◌ple◌"),
    "29_marks": Attempt("e" + "\u0301" * 10_000, "e" + "\u0301" * 8 + "◌"),
}
"""By number in the list and name. What is shown may differ at line ends of the text alone."""
QUESTION = "When did the zebra crossing open?"


def record(name: str) -> dict[str, str]:
    """A release that makes an attempt in each field that is shown."""
    raw = ATTEMPTS[name].raw
    short = raw[:99]
    return {
        "id": f"{name} {short}",
        "title": f"Zebra {short} crossing opens",
        "issuer": f"Town {short} hall",
        "date": "2023-06-03",
        "url": f"https://example.org/{short}",
        "text": f"The zebra crossing {raw} opened on June 3, 2023.\n\n“It is {short} open,” said "
        f"Jane Doe {short}, Minister of Roads. “We are glad of it {short}.”",
    }


@pytest.fixture(scope="module", name="indexed")
def _indexed(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    """A collection of a release for each attempt; names of files make the attempts, too."""
    folder = tmp_path_factory.mktemp("terminal")
    files = {}
    for name, attempt in ATTEMPTS.items():
        odd = f"{name} {attempt.raw[:60]}".replace("/", "-")
        files |= {f"{odd}.jsonl": json.dumps(record(name)), f"{odd}.txt": ""}
    indexed = index_files(folder, files)
    questions = [
        {"id": f"{name} {attempt.raw[:40]}", "question": f"{QUESTION} {attempt.raw}"[:900]}
        for name, attempt in ATTEMPTS.items()
    ]
    (folder / "q.jsonl").write_text("\n".join(map(json.dumps, questions)))
    return indexed


REPORT = ["batch", "q.jsonl", "--words-only", "--no-reader", "--format", "markdown", "-k", "50"]
ASK = ["ask", QUESTION, "--words-only", "--no-reader", "-k", "50"]


def outputs(indexed: Indexed, *, terminal: bool) -> Iterator[Ran]:
    """What every command that shows texts, names or arguments writes."""
    shows = [["show", "--", release] for release in indexed.listed]
    raw = "".join(attempt.raw[:60] for attempt in ATTEMPTS.values())
    errors = (["show", f"no{raw}"], ["batch", f"no{raw}"], ["list", f"--{raw}"], ["cite", raw])
    for words in (
        ["list"], ASK, [*ASK, "--explain"], REPORT, ["quotes", "-k", "99"],
        ["index", "in"], *shows, *errors,
    ):  # fmt: skip
        yield indexed.run(*words, terminal=terminal)


OWN_STYLE = re.compile(r"\x1b\[(?:[0-9;]*m|\?25[lh]|[12]K|1A)|\r")
"""What the program writes for styles and progress bars on a terminal."""


@pytest.mark.parametrize("terminal", [False, True])
def test_15_to_29_nothing_a_release_tries_reaches_the_terminal(
    indexed: Indexed, *, terminal: bool
) -> None:
    """15 to 25, 27 to 29: All is shown as visible characters, also in errors and names of files."""
    written = "".join(result.both for result in outputs(indexed, terminal=terminal))
    written = OWN_STYLE.sub("", written) if terminal else written

    assert set() == raw_controls(written)
    assert not re.search("[\u200b\u2066-\u2069\ufeff]", written)
    assert not re.search("\u0301{9}", written)
    assert "internal error" not in written


def plain(text: str) -> str:
    """A text without white space, escapes of Markdown, and bold evidence."""
    unescaped = html.unescape(text).replace("\\", "").replace("**", "").replace("\n> ", " ")
    return " ".join(unescaped.split())


@pytest.mark.parametrize("name", ATTEMPTS)
def test_15_to_29_an_attempt_is_visible(name: str, indexed: Indexed) -> None:
    """15 to 25, 27 to 29: What was tried can be read, and JSON has each character of the text."""
    only = ["--source", f"in/{name} *"]
    release, facts = next(item for item in indexed.listed.items() if item[0].startswith(name))
    passages = json.loads(indexed.run(*ASK, *only, "--json").out)["passages"]
    attempt = ATTEMPTS[name]
    stored = attempt.raw.replace("\r", "\n")  # a line end in any form is one

    for words in (["show", "--", release], [*ASK, *only], [*REPORT, *only]):
        assert plain(attempt.shown) in plain(indexed.run(*words).out)
    on_terminal = indexed.run("show", "--", release, terminal=True).out
    assert plain(attempt.shown) in plain(OWN_STYLE.sub("", on_terminal))
    assert plain(attempt.shown[:40]).split()[0] in indexed.run("list", *only).out
    assert stored[:99] in facts["title"]
    assert any(stored[:200] in passage["text"] for passage in passages)
    assert any(item.startswith(f"{name} ") for item in indexed.skipped)


def test_15_to_29_json_has_no_character_that_acts(indexed: Indexed) -> None:
    """15 to 25, 27 to 29: In JSON they are escaped."""
    written = [indexed.run(*words, "--json").out for words in (ASK, ["list"], ["status"])]

    assert set() == raw_controls("".join(written))
    assert "\\u001b" in written[0]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"]
)
def test_26_a_dangerous_address_is_never_a_link(address: str, tmp_path: Path) -> None:
    """26: Reports show such an address at most as text; only http and https become links."""
    lines = [
        {"id": "bad", "title": "Zebra crossing", "text": f"A zebra. {address} [x]({address})",
         "url": address},
        {"id": "fine", "title": "Zebra crossing", "text": "The zebra crossing opened.",
         "url": "https://example.org/zebra"},
    ]  # fmt: skip
    indexed = index_files(tmp_path, {"a.jsonl": "\n".join(map(json.dumps, lines))})
    (tmp_path / "q.txt").write_text("zebra crossing\n")
    page, markdown = (
        run_program("batch", "q.txt", "--words-only", "--format", form, cwd=tmp_path).out
        for form in ("html", "markdown")
    )

    links = re.findall(r'(?:href|src|action)="?([^"> ]*)', page)
    assert "https://example.org/zebra" in links
    assert all(link.startswith(("https://example.org/", "#")) for link in links)
    assert f"]({address}" not in markdown
    assert f"<{address}" not in markdown
    assert {"bad", "fine"} < set(indexed.listed)
