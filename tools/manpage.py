"""Write the manual page from the reference.

    python tools/manpage.py ~/.local/share/man/man1/releaseqa.1

The page has the commands of docs/reference/commands.md, the exit codes and the environment
variables. It is made when a wheel is built (setup.py) or the program is installed with `make`, and
not kept in the repository, so it cannot differ from the reference. A build has nothing of the
program installed, so this needs only the texts of this folder.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
DEFINITIONS = frozenset({"option", "variable", "code"})
"""Heads of tables that become lists of terms with their meaning."""

_SPECIAL = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"}
_START = """.\\" Written by tools/manpage.py from docs/reference.
.TH RELEASEQA 1 "" "releaseqa {version}" "User Commands"
.SH NAME
releaseqa \\- answer questions from a folder of press releases
.SH SYNOPSIS
.B releaseqa
.RI [ "global options" ]
.I COMMAND
.RI [ options ]
.RI [ arguments ]
"""
_END = """.SH SEE ALSO
.B releaseqa
.I COMMAND
.B \\-\\-help
shows the options and examples of a command.
"""


def escape(text: str) -> str:
    """Return text for the body of the page: its signs as they are, no line a request."""
    found = "".join(_SPECIAL.get(sign, sign) for sign in text)
    return re.sub(r"(?m)^\.", r"\\&.", found)


def inline(token: Token) -> str:
    """Return the text of a paragraph or cell: code in bold, links as their words."""
    parts = []
    for child in token.children or ():
        if child.type == "code_inline":
            parts.append(rf"\fB{escape(child.content)}\fR")
        elif child.type == "text":
            parts.append(escape(child.content))
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif child.type == "strong_open":
            parts.append(r"\fB")
        elif child.type == "strong_close":
            parts.append(r"\fR")
    text = "".join(parts)
    return rf"\&{text}" if text[:1] in {".", "'"} else text


def blocks(text: str) -> Iterator[str]:
    """Yield the lines of the page for a part of the reference, which is Markdown."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    at = 0
    inside = ""
    while at < len(tokens):
        token = tokens[at]
        if token.type == "table_open":
            end = next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")
            yield from _table(tokens[at:end])
            at = end
        elif token.type == "list_item_open":
            inside = ".IP \\(bu 2"
        elif token.type == "bullet_list_close":
            inside = ""
        elif token.type == "heading_open":
            yield from (".PP", rf"\fB{inline(tokens[at + 1])}\fR")
            at += 2
        elif token.type == "inline":
            yield from (inside or ".PP", inline(token))
            inside = inside and ".IP"
        elif token.type == "fence":
            yield from (".PP", ".in +4n", ".EX", escape(token.content.rstrip("\n")), ".EE", ".in")
        at += 1


def _table(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield a table as terms, each with the other cells of its row below it."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(inline(token))
    head, *body = rows
    for term, *others in body:
        yield ".TP"
        yield term or r"\&"
        labelled = head[0] not in DEFINITIONS and len(others) > 1
        names = [f"{name}: " if labelled else "" for name in head[1:]]
        cells = [f"{name}{cell}" for name, cell in zip(names, others, strict=True) if cell]
        yield ". ".join(cell.rstrip(".") for cell in cells) + "." if cells else r"\&"


def page() -> str:
    """Return the manual page."""
    commands = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", commands, flags=re.MULTILINE)
    intro = re.sub(r"(?ms)^See also:.*?(?=\n\n|\Z)", "", parts[0].partition("\n")[2])
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [_START.format(version=project["version"]), ".SH DESCRIPTION"]
    lines += [*blocks(project["description"]), *blocks(intro)]
    for name in ("Global options", "Filters"):
        lines += [f".SH {name.upper()}", *blocks(sections.pop(name))]
    lines.append(".SH COMMANDS")
    for name, text in sections.items():
        lines += [f".SS {name}", *blocks(text)]
    codes = (REFERENCE / "exit-codes.md").read_text(encoding="utf-8").partition("\n")[2]
    lines += [".SH EXIT STATUS", *blocks(codes.partition("\n## ")[0])]
    settings = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    variables = re.search(r"(?ms)^Other environment variables:\n\n(.*?)\n\n", settings)
    if variables is None:
        raise SystemExit("docs/reference/settings.md has no table of other environment variables")
    lines += [".SH ENVIRONMENT", *blocks(variables[1]), _END]
    return "\n".join(line.rstrip("\n") for line in lines) + "\n"


def write(file: Path) -> None:
    """Write the page to a file, whose folder is made if need be."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page(), encoding="utf-8")


def main() -> int:
    """Write the page to the file that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, help="where to write it")
    write(parser.parse_args().file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
