"""Settings files: beside a collection, and the user's own."""

import tempfile
from pathlib import Path

from fuzzing.core import Harness, declared
from qa.errors import SettingsError
from qa.settings import FILE_NAME, load_settings

_FOLDER = Path(tempfile.mkdtemp(prefix="releaseqa-fuzz-"))


def run(data: bytes) -> None:
    """Load the file in either place."""
    written = _FOLDER / FILE_NAME
    written.write_bytes(data)
    for folder, user_file in ((_FOLDER / "c", _FOLDER / "none"), (None, written)):
        with declared(SettingsError):
            loaded = load_settings(folder, {}, user_file)
            "\n".join(loaded.notes).encode()


def seeds() -> list[bytes]:
    """Files with all settings, and with wrong ones."""
    good = 'k = 7\nrisk = 0.05\nreader = false\nmax_mb = "9"\n[keys]\n"passage.copy" = "x"\n'
    return [good.encode(), b"model = 'x'\nwords_only = 'yes'\nk = 1e3\nunknown = 1979-05-27\n"]


HARNESS = Harness(
    run,
    seeds,
    words=(
        b"k = ",
        b"risk = ",
        b"reader = ",
        b"words_only = ",
        b"max_mb = ",
        b"model = ",
        b"[keys]\n",
        b"'''",
        b'"""',
        b"inf",
        b"nan",
        b"0x",
        b"1e400",
        b"\\ud800",
        b"true",
        b"[[",
        b"{",
        b"9" * 4400,
    ),
)
