"""The file of the packaged reader, checked by its hash."""

import hashlib
from importlib.resources import files

from index.errors import ModelRefusedError
from qa.packaged_data import packaged

FILE = "reader.onnx"


def reader_bytes() -> bytes:
    """Return the packaged network, checked.

    Raises:
        ModelRefusedError: When it is not installed, or not the one its weights were fitted with.
    """
    try:
        found = files("qa").joinpath("data", FILE).read_bytes()
    except OSError as error:
        raise ModelRefusedError(
            f"the reader is not installed ({FILE}); reinstall releaseqa or use --no-reader"
        ) from error
    digest = hashlib.sha256(found).hexdigest()
    if digest != packaged("reading.json")["reader"]:
        raise ModelRefusedError(
            f"{FILE} differs from the packaged file ({digest[:12]}); reinstall releaseqa or use "
            "--no-reader"
        )
    return found


def check_reader() -> str:
    """Say in words what is installed; raises as `reader_bytes`."""
    found = reader_bytes()
    digest = packaged("reading.json")["reader"]
    return f"matches the packaged hash ({digest[:12]}, {len(found) / 1e6:.0f} MB)"
