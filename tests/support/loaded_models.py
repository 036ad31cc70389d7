"""Models that a worker process loads once, however many collections its tests open.

Checking and loading them takes half a second, asking a question of the samples a twentieth. What
is loaded is told by the state of its file, so that a test may damage a model; tests of loading
import the classes themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch


@contextmanager
def loaded_once() -> Iterator[None]:
    """Replace what loads models by functions that remember what they loaded."""
    from index.encoders import model, onnx
    from qa.reader import onnx_reader, weights

    files, hash_of = weights.files, model._weights_hash

    @cache
    def encoder(folder: Path, _: object) -> onnx.OnnxQueryEncoder:
        return query_encoder(folder)

    @cache
    def weights_hash(folder: Path, _: object) -> str:
        return hash_of(folder)

    @cache
    def packaged_reader() -> onnx_reader.OnnxReader:
        return reader()

    query_encoder, reader = onnx.OnnxQueryEncoder, onnx_reader.OnnxReader

    def open_encoder(folder: Path) -> onnx.OnnxQueryEncoder:
        parts = ("encoder.json", onnx.GRAPH, onnx.WEIGHTS)
        return encoder(folder, tuple(_state(folder / name) for name in parts))

    def open_reader(file: Path | None = None) -> onnx_reader.OnnxReader:
        untouched = file is None and weights.files is files
        return packaged_reader() if untouched else reader(file)

    with (
        patch.object(onnx, "OnnxQueryEncoder", open_encoder),
        patch.object(onnx_reader, "OnnxReader", open_reader),
        patch.object(
            model, "_weights_hash", lambda f: weights_hash(f, _state(f / "model.safetensors"))
        ),
    ):
        yield


def _state(file: Path) -> object:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
