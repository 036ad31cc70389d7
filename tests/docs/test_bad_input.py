"""The page on bad input names a test for each of its rows, and each of those tests is there."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from checkout import ROOT

PAGE = ROOT / "docs" / "reference" / "bad-input.md"
FOLDER = ROOT / "tests" / "qa" / "cli" / "bad_input"
CASES = 83


@dataclass(frozen=True)
class Row:
    """A row of the page.

    Attributes:
        number: The number of the case.
        tests: The file and the name of each test.
    """

    number: int
    tests: tuple[tuple[Path, str], ...]


def rows() -> list[Row]:
    """The rows of all tables of the page."""
    return list(_rows(PAGE.read_text(encoding="utf-8")))


def _rows(page: str) -> Iterator[Row]:
    file = ""
    for line in page.splitlines():
        if found := re.fullmatch(r"Tests: `(.+)`", line):
            file = found[1]
        elif found := re.fullmatch(r"\| (\d+) \|.*\| ([^|]*) \|", line):
            names = re.findall(r"`([^`]+)`", found[2])
            places = [name if "::" in name else f"{file}::{name}" for name in names]
            pairs = [place.split("::") for place in places]
            yield Row(int(found[1]), tuple((ROOT / path, name) for path, name in pairs))


def docstrings_of(file: Path) -> dict[str, str]:
    """The docstring of each test in a file, by its name."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        node.name: ast.get_docstring(node) or ""
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[:5] == "test_"
    }


def cases_of(docstring: str) -> set[int]:
    """The cases that a docstring begins with, such as "3, 5 to 7: What is read."."""
    found = re.match(r"(\d+(?: to \d+)?(?:, \d+(?: to \d+)?)*): ", docstring)
    if found is None:
        return set()
    spans = [[int(end) for end in part.split(" to ")] for part in found[1].split(", ")]
    return {case for span in spans for case in range(span[0], span[-1] + 1)}


def test_each_case_has_one_row_with_a_test() -> None:
    """The cases are numbered through, and none is without a test."""
    assert list(range(1, CASES + 1)) == [row.number for row in rows()]
    assert [] == [row.number for row in rows() if not row.tests]


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row.number))
def test_each_test_is_there_and_names_its_case(row: Row) -> None:
    """A docstring begins with the cases; of several, the test's name or a parameter does too."""
    for file, name in row.tests:
        found = docstrings_of(file)
        assert name in found
        cases = cases_of(found[name])
        assert row.number in cases
        if len(cases) > 1 and file.parent == FOLDER:
            number = f"{row.number:02}_"
            text = file.read_text(encoding="utf-8")
            assert f"_{number}" in name or f'"{number}' in text


@pytest.mark.parametrize("file", sorted(FOLDER.glob("test_*.py")), ids=lambda file: file.stem)
def test_each_test_of_bad_input_is_on_the_page(file: Path) -> None:
    """A test that is about a case is named."""
    page = PAGE.read_text(encoding="utf-8")
    tests = docstrings_of(file).items()

    assert [] == [name for name, text in tests if cases_of(text) and f"{name}`" not in page]


@pytest.mark.parametrize(
    ("docstring", "cases"),
    [
        ("7: Read.", {7}), ("3, 5 to 7: Read.", {3, 5, 6, 7}), ("1 to 2, 9: Read.", {1, 2, 9}),
        ("Ten to one: not.", set()), ("80 columns are enough.", set()),
    ],
)  # fmt: skip
def test_the_cases_of_a_docstring(docstring: str, cases: set[int]) -> None:
    """Single numbers and ranges are read; another number at the start is none."""
    assert cases == cases_of(docstring)
