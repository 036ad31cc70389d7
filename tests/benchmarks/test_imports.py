"""The scripts of benchmarks/ and training/ import only names that the packages have."""

import ast
import importlib
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted([*ROOT.glob("benchmarks/*.py"), *ROOT.glob("training/*.py")])


def missing_names(script: Path) -> list[str]:
    """Return the names that a script imports from our packages and that are not there."""
    found = []
    for node in ast.walk(ast.parse(script.read_text("utf-8"))):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        if node.module.partition(".")[0] not in ("index", "qa", "tui"):
            continue
        found += [f"{node.module}.{a.name}" for a in node.names if not has(node.module, a.name)]
    return found


def has(module: str, name: str) -> bool:
    """Whether a module has a name, or a package a module of that name."""
    found = importlib.import_module(module)
    if hasattr(found, name):
        return True
    return hasattr(found, "__path__") and find_spec(f"{module}.{name}") is not None


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_imports_what_is_there(script: Path) -> None:
    """Scripts are run seldom; a renamed function breaks them unnoticed."""
    assert [] == missing_names(script)
