"""THIRD-PARTY.md lists what is installed, and the packaged models are the known ones."""

import hashlib
import json
import re
from importlib.metadata import requires

import licences
import pytest
from checkout import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from index.encoders.model import DEFAULT_SHA256, load_model

DATA = ROOT / "qa" / "data"
TEXT = licences.FILE.read_text(encoding="utf-8")


def test_every_library_that_the_program_names_is_listed() -> None:
    """What the program and its extras need by name stands in the file.

    `make check` compares everything that is installed. Tests do not: a library may come to need
    another one at any time, and nothing of this project would be wrong then.
    """
    named = {
        canonicalize_name(Requirement(line).name)
        for line in requires(licences.PROGRAM) or ()
        if not re.search(r"extra == .(?:dev|fuzz|train)", line)
    }

    assert set() == named - licences.listed(TEXT).keys() - {licences.PROGRAM}
    assert {"numpy", "torch", "textual", "mcp", "pyarrow"} <= licences.listed(TEXT).keys()


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (re.sub(r"\| \[rich\].*\n", "", TEXT), "rich (MIT) is not listed"),
        (
            re.sub(r"(\| \[rich\].*\| )MIT", r"\1GPL-3.0-only", TEXT),
            "rich is under MIT, not GPL-3.0-only",
        ),
    ],
    ids=["missing", "changed"],
)
def test_a_missing_or_changed_licence_is_noticed(changed: str, problem: str) -> None:
    """The check fails for a library that is not listed, or listed under another licence."""
    assert problem in licences.problems(changed)


def test_the_file_is_what_the_tool_writes() -> None:
    """A row that the tool would write is in the file as it stands there."""
    head, *_ = licences.document().partition("## ")

    assert TEXT.startswith(head)


def test_the_packaged_models_are_the_known_ones() -> None:
    """The readers and the default encoder have the recorded hashes, and there is no other model."""
    encoder = load_model().folder / "model.safetensors"
    for kind in ("", "-multilingual"):
        reader = (DATA / f"reader{kind}.onnx").read_bytes()
        facts = json.loads((DATA / f"reading{kind}.json").read_text(encoding="utf-8"))
        assert facts["reader"] == hashlib.sha256(reader).hexdigest()
    assert DEFAULT_SHA256 == hashlib.sha256(encoder.read_bytes()).hexdigest()
    models = sorted(file.name for file in DATA.iterdir() if file.suffix != ".json")
    assert ["reader-multilingual.onnx", "reader.onnx"] == models
