"""List the licences of the libraries that the program is installed with.

    python tools/licences.py           # write THIRD-PARTY.md
    python tools/licences.py --check   # exit 1 if THIRD-PARTY.md lacks one or differs

The list is made from the metadata of the installed packages: releaseqa, its extras, and what these
need in turn. It has no versions, so that it changes only when a library comes, goes or changes its
licence.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "THIRD-PARTY.md"
PROGRAM = "releaseqa"
EXTRAS = (
    "mcp", "web", "parquet", "multilingual", "ocr", "milvus", "milvus-lite", "ray", "eval",
)  # fmt: skip
"""The extras for users; those for development are not distributed with anything."""
UNKNOWN = "unknown"

_ACCELERATOR = re.compile(r"nvidia-|cuda-|triton$")
"""Libraries for NVIDIA cards, which only some builds of torch bring along."""
_CLASSIFIER = "License :: "
_LONGEST = 80
"""Characters of a licence's name; a longer field is the text of the licence."""
_ROW = re.compile(
    r"\| (?:\[(?P<linked>[^\]]+)\]\([^)]*\)|(?P<plain>[^|]+?)) \| (?P<licence>.+?) \|"
)

_HEAD = """# Third-party software

Written by `make licences` from the metadata of the installed packages; do not edit. Each library is
under its own licence, which its package contains. Models and training data: see [NOTICE](NOTICE).

Some builds of torch bring libraries of NVIDIA, under NVIDIA's licences. They are not listed here.
"""


@dataclass(frozen=True, slots=True)
class Library:
    """A library: its canonical name, its licence in words, and its home page or an empty string."""

    name: str
    licence: str
    page: str = ""


def licence_of(package: Distribution) -> str:
    """Return the licence that a package declares: an SPDX expression, or its own words."""
    fields = package.metadata
    if expression := fields.get("License-Expression"):
        return str(expression)
    declared = (fields.get("License") or "").strip()
    if declared and "\n" not in declared and len(declared) <= _LONGEST:
        return declared
    named = [
        value.rpartition(" :: ")[2]
        for value in fields.get_all("Classifier") or ()
        if value.startswith(_CLASSIFIER)
    ]
    return ", ".join(named) or UNKNOWN


def page_of(package: Distribution) -> str:
    """Return the home page or the repository of a package, or an empty string."""
    fields = package.metadata
    pages = dict(
        reversed(value.split(", ", 1)) for value in fields.get_all("Project-URL") or ()
    )  # page to label
    by_label = {label.casefold(): page for page, label in pages.items()}
    for label in ("homepage", "home", "repository", "source", "source code", "github"):
        if by_label.get(label, "").startswith("https://"):
            return by_label[label]
    home = fields.get("Home-page") or ""
    return home if home.startswith("https://") else ""


def needed(name: str, extras: Iterable[str] = ()) -> dict[str, Distribution]:
    """Return the installed packages that a package needs, directly or not, by canonical name."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(name, extra) for extra in ("", *extras)]
    while waiting:
        current, extra = waiting.pop()
        if (current, extra) in seen:
            continue
        seen.add((current, extra))
        try:
            package = distribution(current)
        except PackageNotFoundError:
            continue  # of an extra that is not installed, or of another system
        key = canonicalize_name(current)
        if key != name:
            found[key] = package
        for line in package.requires or ():
            wanted = Requirement(line)
            if _ACCELERATOR.match(canonicalize_name(wanted.name)):
                continue
            if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
                waiting += [(wanted.name, more) for more in ("", *wanted.extras)]
    return found


def libraries() -> Iterator[tuple[str, list[Library]]]:
    """Yield a heading and its libraries, for the program and for each extra."""
    always = needed(PROGRAM)
    yield "With the program", _sorted(always)
    for extra in EXTRAS:
        more = needed(PROGRAM, [extra])
        yield (
            f"With the extra `{extra}`",
            _sorted({name: package for name, package in more.items() if name not in always}),
        )


def _sorted(packages: Mapping[str, Distribution]) -> list[Library]:
    return [
        Library(name, licence_of(package), page_of(package))
        for name, package in sorted(packages.items())
    ]


def document() -> str:
    """Return the text of THIRD-PARTY.md for what is installed."""
    parts = [_HEAD]
    for heading, found in libraries():
        rows = [f"| {_linked(library)} | {library.licence} |" for library in found]
        parts.append(
            "\n".join([f"## {heading}\n", "| library | licence |", "|---|---|", *rows, ""])
        )
    return "\n".join(parts)


def _linked(library: Library) -> str:
    return f"[{library.name}]({library.page})" if library.page else library.name


def listed(text: str) -> dict[str, str]:
    """Return the licences in the text of THIRD-PARTY.md, by library."""
    rows = (_ROW.fullmatch(line) for line in text.splitlines())
    return {row["linked"] or row["plain"]: row["licence"] for row in rows if row}


def problems(text: str) -> list[str]:
    """Return what THIRD-PARTY.md says wrong of what is installed.

    A library that is listed and not installed is right: other systems need other libraries.
    """
    known = listed(text)
    found = []
    for library in (library for _, group in libraries() for library in group):
        if library.licence == UNKNOWN:
            found.append(f"{library.name} declares no licence")
        elif library.name not in known:
            found.append(f"{library.name} ({library.licence}) is not listed")
        elif known[library.name] != library.licence:
            found.append(f"{library.name} is under {library.licence}, not {known[library.name]}")
    return found


def main() -> int:
    """Write the file, or check it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="check the file, write nothing")
    if not parser.parse_args().check:
        FILE.write_text(document(), encoding="utf-8")
        return 0
    found = problems(FILE.read_text(encoding="utf-8"))
    for problem in found:
        print(f"THIRD-PARTY.md: {problem}; run: make licences")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
