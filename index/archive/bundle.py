"""What a bundle holds beside the store, for a computer without a network.

The reader and the packaged encoder are part of the program, and not in a bundle. The program is
not in it either: its libraries are other files on every system.
"""

from pathlib import Path
from shlex import quote

from index.archive.manifest import (
    MODEL_FOLDER,
    README_NAME,
    SETTINGS_NAME,
    is_archived_name,
)
from index.archive.write import Extra
from index.encoders.model import DEFAULT_FINGERPRINT, load_model
from index.errors import ModelMismatchError
from index.store.reader import FINGERPRINT_META, MODEL_META, Store
from index.text.shell_words import operand

_README = """This is a collection of press releases for releaseqa: {releases:,} releases.

To ask it, also on a computer without a network:

1. Install releaseqa. This file was written by version {program}.
2. releaseqa restore {command}
3. releaseqa ask "Your question"   or   releaseqa chat

Step 2 makes the folder .releaseqa where you are. It needs no network.

The files in this archive:

collection.sqlite3   the collection: an SQLite database
manifest.json        the size and the SHA-256 of each file
"""
_README_SETTINGS = "releaseqa.toml       settings of the sender; not in force until you copy them\n"
_README_MODEL = "model/               the encoder that made the vectors of the collection\n"


def bundle_files(
    store: Store,
    *,
    name: str,
    program: str,
    model: str | None = None,
    settings: bytes | None = None,
) -> Extra:
    """Return what a bundle holds beside the store.

    Args:
        store: The store in the bundle.
        name: The name of the bundle's file.
        program: The version of the program.
        model: Folder of the encoder's model, or its name when it was downloaded before; needed
            when the encoder is not the packaged one.
        settings: The settings file beside the collection.

    Raises:
        ModelMismatchError: When the model is not the one of the store, or is missing.
        ModelRefusedError: When the model is incomplete.
    """
    files = _model_files(store, model)
    command = f"{operand(name)} --use-model" if files else operand(name)
    readme = _README.format(
        releases=store.count("releases"), program=program,
        command=command,
    )  # fmt: skip
    texts = {}
    if settings is not None:
        readme += _README_SETTINGS
        texts[SETTINGS_NAME] = settings
    if files:
        readme += _README_MODEL
    return Extra(files, {README_NAME: readme.encode("utf-8", "replace"), **texts})


def _model_files(store: Store, model: str | None) -> dict[str, Path]:
    """Return the files of the encoder's model by their names; none of the packaged one."""
    fingerprint, name = store.meta(FINGERPRINT_META), str(store.meta(MODEL_META))
    found = None if model is None else load_model(model, download=False)
    if found is not None and found.spec.fingerprint != fingerprint:
        raise ModelMismatchError(f"the collection was encoded with {name}, not with {model}")
    if fingerprint in {None, DEFAULT_FINGERPRINT}:
        return {}
    if found is None:
        raise ModelMismatchError(
            f"the collection was encoded with {name}, which is not part of releaseqa; "
            f"name its folder, to put it in the bundle: --model {quote(name)}"
        )
    paths = sorted([*found.folder.glob("*"), *found.folder.glob("*/*")])
    names = {f"{MODEL_FOLDER}/{path.relative_to(found.folder).as_posix()}": path for path in paths}
    # Weights in other formats, and all that is no part of a model, stay behind.
    return {
        archived: path
        for archived, path in names.items()
        if path.is_file() and is_archived_name(archived)
    }
