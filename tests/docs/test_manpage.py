"""The manual page, made of the reference."""

import shutil
import subprocess
import sys
from pathlib import Path

import manpage
import pytest
import typer
from checkout import ROOT

from qa.cli.app import app

COMMANDS = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_every_command_exit_code_and_variable_is_on_the_page() -> None:
    """The page has a part for each command, in the order of the help."""
    lines = manpage.page().splitlines()

    assert COMMANDS == [line.removeprefix(".SS ") for line in lines if line.startswith(".SS ")]
    assert {r"\fB130\fR", "130"} & set(lines)
    assert r"\fBRELEASEQA_INDEX\fR" in lines
    assert r"\fB\-\-index DIR\fR" in lines


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("`a-b` and [a page](x.md)", [".PP", r"\fBa\-b\fR and a page"]),
        (".hidden 'x'", [".PP", r"\&.hidden \(aqx\(aq"]),
        ("a\\b ~ ^", [".PP", r"a\eb \(ti \(ha"]),
        ("- one\n- two", [".IP \\(bu 2", "one", ".IP \\(bu 2", "two"]),
        (
            "| option | meaning |\n|---|---|\n| `-k N` | Number. |",
            [".TP", r"\fB\-k N\fR", "Number."],
        ),
        (
            "| tool | takes | returns |\n|---|---|---|\n| `a` | b | C. |",
            [".TP", r"\fBa\fR", "takes: b. returns: C."],
        ),
        ("```sh\n.x -y\n```", [".PP", ".in +4n", ".EX", r"\&.x \-y", ".EE", ".in"]),
    ],
)  # fmt: skip
def test_the_reference_is_set_as_a_page(written: str, expected: list[str]) -> None:
    """Signs that the page would take for requests are themselves; links are their words."""
    assert expected == list(manpage.blocks(written))


def test_the_page_is_shown_without_a_warning(tmp_path: Path) -> None:
    """The tool writes a file, its folder too, that `man` shows."""
    if shutil.which("man") is None or shutil.which("groff") is None:
        pytest.skip("man and groff are not installed")
    file = tmp_path / "man1" / "releaseqa.1"
    subprocess.run([sys.executable, ROOT / "tools" / "manpage.py", file], check=True)

    shown = subprocess.run(
        ["man", "--warnings=all", "-l", file],
        capture_output=True, check=True,
        env={"PATH": "/usr/bin:/bin", "MANWIDTH": "80", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip

    assert "" == shown.stderr.decode()
    assert "releaseqa index press-releases/" in shown.stdout.decode()
