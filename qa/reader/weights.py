"""The files of the packaged networks, checked by their hashes."""

import hashlib
from importlib.resources import files

from index.encoders.model import MULTILINGUAL_MODEL
from index.errors import ModelRefusedError
from qa.packaged_data import packaged

_FACTS = "reading.json"


def reader_file(encoder: str = "") -> str:
    """Return the name of the network that belongs to an encoder family."""
    return f"reader-{encoder}.onnx" if encoder else "reader.onnx"


def reader_bytes(encoder: str = "") -> bytes:
    """Return a packaged network, checked.

    Args:
        encoder: The encoder family it was trained for; empty for the packaged encoder.

    Raises:
        ModelRefusedError: When it is not installed, or not the one its weights were fitted with.
    """
    name = reader_file(encoder)
    try:
        found = files("qa").joinpath("data", name).read_bytes()
    except OSError as error:
        raise ModelRefusedError(
            f"the reader is not installed ({name}); reinstall releaseqa or use --no-reader"
        ) from error
    digest = hashlib.sha256(found).hexdigest()
    if digest != _expected(encoder):
        raise ModelRefusedError(
            f"{name} differs from the packaged file ({digest[:12]}); reinstall releaseqa or use "
            "--no-reader"
        )
    return found


def check_reader() -> str:
    """Say in words what is installed; raises as `reader_bytes`."""
    sizes = [len(reader_bytes(encoder)) for encoder in ("", MULTILINGUAL_MODEL)]
    digest = _expected("")
    return (
        f"matches the packaged hash ({digest[:12]}, {sizes[0] / 1e6:.0f} MB); "
        f"so does the one for other languages ({sizes[1] / 1e6:.0f} MB)"
    )


def _expected(encoder: str) -> str:
    return str(packaged(_FACTS, encoder)["reader"])
