"""What a machine says of itself; no cluster is needed for it."""

import subprocess
import sys

import pytest
from checkout import process_environment

from index.distributed.check import refusal
from index.distributed.worker import EncodingWorker, encode_packed, library_versions, probe_passages
from index.encoders import sbert
from index.encoders.model import Model
from index.encoders.sbert import BulkEncoder


def _worker(model: Model, fingerprint: str | None = None, *, bfloat16: bool) -> EncodingWorker:
    spec = model.spec
    return EncodingWorker(
        spec.name, str(model.folder), fingerprint or spec.fingerprint, bfloat16=bfloat16
    )


def test_a_machine_like_this_one_encodes_as_this_one(
    model: Model, bulk_encoder: BulkEncoder
) -> None:
    """The model is found by its fingerprint, and its vectors are the same bits."""
    worker = _worker(model, bfloat16=bulk_encoder.bfloat16)
    there = worker.prepare()
    probe = encode_packed(bulk_encoder, probe_passages())

    assert probe == there["probe"] == worker.encode(probe_passages())
    assert refusal(library_versions(), probe, there, model.spec.dimension) is None


def test_another_precision_is_another_encoder(model: Model, bulk_encoder: BulkEncoder) -> None:
    """float32 is computed when it is asked for, whatever the processor has."""
    worker = _worker(model, bfloat16=False)
    probe = encode_packed(BulkEncoder(model, bfloat16=False), probe_passages())
    assert probe == worker.prepare()["probe"]
    if bulk_encoder.bfloat16:
        assert probe != encode_packed(bulk_encoder, probe_passages())


def test_a_processor_without_bfloat16_is_told(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not emulated, which would take thirty times as long."""
    monkeypatch.setattr(sbert, "has_bfloat16", lambda: False)
    assert "does not compute in bfloat16" in _worker(model, bfloat16=True).prepare()["problem"]


def test_another_model_is_told(model: Model) -> None:
    """A folder with another model than the fingerprint's is named with its own fingerprint."""
    found = _worker(model, "0" * 20, bfloat16=False).prepare()
    assert f"is another model ({model.spec.fingerprint})" in found["problem"]


def test_a_machine_without_the_program_says_so() -> None:
    """The module needs nothing but Python to be loaded, and names what is missing."""
    script = """
import runpy, sys
worker = runpy.run_path(sys.argv[1])["EncodingWorker"]
print(worker("m", "/nowhere", "0" * 20, bfloat16=False).prepare()["problem"])
"""
    environment = process_environment()
    del environment["PYTHONPATH"]
    done = subprocess.run(
        [sys.executable, "-S", "-c", script, sys.modules[EncodingWorker.__module__].__file__],
        capture_output=True, text=True, check=False, env=environment, cwd="/",
    )  # fmt: skip
    assert (0, "index is not installed there\n", "") == (done.returncode, done.stdout, done.stderr)
