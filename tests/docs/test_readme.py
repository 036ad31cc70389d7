"""The README shows what the program prints."""

import re
import shlex
from pathlib import Path

import pytest
from checkout import ROOT
from typer.testing import CliRunner

from qa.cli.app import app

BLOCK = re.compile(r"(?m)^```console\n\$ releaseqa (ask|cite) (.*)\n(?!\$)((?:.+\n|\n)*?)```")
SHOWN = [found for found in BLOCK.findall((ROOT / "README.md").read_text("utf-8")) if found[2]]


@pytest.mark.parametrize(
    ("command", "words", "expected"), SHOWN, ids=[words[:30] for _, words, _ in SHOWN]
)
def test_the_output_is_what_the_samples_give(
    sample_collection: Path, command: str, words: str, expected: str
) -> None:
    """A command prints the lines below it; an ellipsis leaves out some. Line breaks and figures
    do not count.
    """
    arguments = shlex.split(words.partition(" | ")[0])

    result = CliRunner().invoke(app, ["--index", str(sample_collection), command, *arguments])

    printed = _plain(result.stdout)
    first, *others = [part.strip() for part in _plain(expected).split(" …")]
    assert first
    assert printed.startswith(first)
    assert printed.endswith(others[-1] if others else first)


def _plain(text: str) -> str:
    """Return a text on one line, without confidence and time, which depend on the machine."""
    return " ".join(re.sub(r"[a-z ]+ \(confidence \d\.\d+\) · \d+ ms", "", text).split())
