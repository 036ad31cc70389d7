"""The questions that the documentation and the help ask by way of example are answered."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from checkout import ROOT

from qa import open_collection
from qa.cli.app import app
from qa.conversation.types import NO_CONVERSATION, Conversation

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
ASKED = re.compile(r"releaseqa ask (?!QUESTION|-)([^`|\n]+)")
CALLED = re.compile(r'\.ask\(\s*"([^"]+)"')
SHOWS_NO_ANSWER = {
    "Which rocket will carry the Killick-1 satellite to orbit?",
    "Who won the world cup?",
}
"""They show what the program says when there is no answer."""


def asked_in(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield each question of a text, and the session it belongs to."""
    for command in ASKED.findall(text):
        words = shlex.split(command)
        session = words[words.index("--session") + 1] if "--session" in words else None
        question = []
        for word in words:
            if word.startswith("-"):
                break
            question.append(word)
        yield " ".join(question), session
    called = list(CALLED.findall(text))
    for question in called:
        yield question, "python" if len(called) > 1 else None


def help_texts() -> Iterator[tuple[str, str]]:
    """Yield the help of the program and of each command."""
    group: Any = typer.main.get_command(app)
    for name, command in (("releaseqa", group), *group.commands.items()):
        yield f"{name} --help", f"{command.help}\n{command.epilog}"


TEXTS = [
    *((str(page.relative_to(ROOT)), page.read_text(encoding="utf-8")) for page in PAGES),
    *help_texts(),
    *((name, (ROOT / name).read_text("utf-8")) for name in ("qa/__init__.py", "qa/collection.py")),
]
EXAMPLES = [
    (name, found)
    for name, text in TEXTS
    if (found := [pair for pair in asked_in(text) if "…" not in pair[0]])
]


def test_the_examples_are_found() -> None:
    """The README, the tutorial, the reference and the help of two commands ask something."""
    names = {name for name, _ in EXAMPLES}

    assert names >= {
        "README.md", "docs/tutorial/first-collection.md", "docs/reference/commands.md",
        "docs/reference/answer.md", "releaseqa --help", "ask --help", "qa/__init__.py",
    }  # fmt: skip
    assert SHOWS_NO_ANSWER <= {question for _, found in EXAMPLES for question, _ in found}


@pytest.mark.parametrize(("name", "found"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_they_are_answered_by_the_samples(
    sample_collection: Path, name: str, found: list[tuple[str, str | None]]
) -> None:
    """Each is answered, the follow-ups in their conversation; a few show what "no answer" is."""
    sessions: dict[str, Conversation] = {}
    with open_collection(sample_collection) as collection:
        for question, session in found:
            before = sessions.get(session or "", NO_CONVERSATION) if session else NO_CONVERSATION
            answer = collection.ask(question, conversation=before)
            if session:
                sessions[session] = before.plus(answer)
            assert answer.answered is (question not in SHOWS_NO_ANSWER), f"{name}: {question}"
