"""Addresses of collections in Milvus, and the credentials for them.

An address is a word of the command line and of the environment, so it ends up in histories and
lists of processes: it never has credentials. They come from the environment, or from a file that
nobody else can read.
"""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.errors import EngineError

SCHEME, TLS_SCHEME = "milvus", "milvus+tls"
FORM = "milvus://HOST:PORT/COLLECTION"
TOKEN, TOKEN_FILE = "RELEASEQA_MILVUS_TOKEN", "RELEASEQA_MILVUS_TOKEN_FILE"
STORE = "RELEASEQA_MILVUS_STORE"
"""Environment variables: the credentials, a file of them, and the folder of the writer's store."""
DEFAULT_PORT = 19530
_LONGEST = 4_096
"""Bytes of a file of credentials that are read."""

_ADDRESS = re.compile(r"(milvus(?:\+tls)?)://(.*)", re.DOTALL)
_PLACE = re.compile(
    r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"/(?P<name>[A-Za-z_][A-Za-z0-9_]{0,199})/?"
)


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """Where a collection is in Milvus.

    Attributes:
        host: Name or IP address; an IPv6 address in brackets.
        port: Of the server.
        name: The collection's; letters, digits and underscores.
        tls: Whether the connection is encrypted.
    """

    host: str
    port: int
    name: str
    tls: bool = False

    def __str__(self) -> str:
        return f"{TLS_SCHEME if self.tls else SCHEME}://{self.host}:{self.port}/{self.name}"

    @property
    def uri(self) -> str:
        """The server's address as pymilvus has it."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"


def is_address(text: str) -> bool:
    """Return whether a text is meant as an address in Milvus, not as a folder."""
    return _ADDRESS.match(text) is not None


def parse_address(text: str) -> MilvusAddress:
    """Read an address.

    Raises:
        EngineError: When it is none. The message does not repeat what may be a password.
    """
    scheme = _ADDRESS.fullmatch(text)
    place = scheme and _PLACE.fullmatch(scheme[2])
    if scheme is not None and "@" in scheme[2]:
        raise EngineError(
            f"an address must not contain a user name or a password, since others can read it; "
            f"use {FORM}, and put USER:PASSWORD in a file that {TOKEN_FILE} names"
        )
    if scheme is None or not place or not 0 < int(place["port"] or DEFAULT_PORT) <= 65_535:  # noqa: PLR2004
        raise EngineError(
            f"{text!r} is not an address in Milvus; use {FORM} (a name has letters, digits and _)"
        )
    port = int(place["port"] or DEFAULT_PORT)
    return MilvusAddress(place["host"].lower(), port, place["name"], scheme[1] == TLS_SCHEME)


def read_token(environ: Mapping[str, str] = os.environ) -> str:
    """Return the credentials, `USER:PASSWORD` or an API key; empty when there are none.

    Raises:
        EngineError: When the file of credentials cannot be read, or others can read it.
    """
    if given := environ.get(TOKEN):
        return given.strip()
    named = environ.get(TOKEN_FILE)
    if not named:
        return ""
    path = Path(named).expanduser()
    try:
        # What is checked and what is read is one file, also if the name changes its meaning.
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise EngineError(f"{path}, named by {TOKEN_FILE}, is not a regular file")
            if os.name != "nt" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise EngineError(
                    f"{path}, named by {TOKEN_FILE}, can be read or changed by others; "
                    f"run: chmod 600 {path}"
                )
            content = stream.read(_LONGEST + 1)
        text = content.decode("utf-8").strip()
    except OSError as error:
        raise EngineError(
            f"{path}, named by {TOKEN_FILE}, cannot be read ({error.strerror})"
        ) from error
    except UnicodeDecodeError as error:
        raise EngineError(f"{path}, named by {TOKEN_FILE}, is not a text file") from error
    if not text or len(content) > _LONGEST or "\n" in text:
        raise EngineError(f"{path}, named by {TOKEN_FILE}, must have one line: USER:PASSWORD")
    return text


def writer_folder(address: MilvusAddress, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the store that is published to an address, whether it exists or not.

    RELEASEQA_MILVUS_STORE names it; by default it is in the user's data folder, since it cannot be
    made again from Milvus.
    """
    if named := environ.get(STORE):
        return Path(named).expanduser()
    import platformdirs

    data = Path(environ.get("RELEASEQA_DATA") or platformdirs.user_data_dir("releaseqa"))
    host = address.host.strip("[]").replace(":", "_")
    return data / "milvus" / f"{host}-{address.port}-{address.name}"


def find_place(explicit: str | Path | None = None) -> Path | MilvusAddress:
    """Return the address or the folder of the collection to read.

    Args:
        explicit: What the user named; default: RELEASEQA_INDEX, else the nearest `.releaseqa`.

    Raises:
        CollectionNotFoundError: As for `index.store.paths.find_collection`.
        EngineError: The address is none.
    """
    from index.store.paths import find_collection

    return named_address(explicit) or find_collection(explicit)


def named_address(
    explicit: str | Path | None, environ: Mapping[str, str] = os.environ
) -> MilvusAddress | None:
    """Return the address that the user or RELEASEQA_INDEX names; None when that is no address."""
    named = str(explicit or environ.get("RELEASEQA_INDEX") or "")
    return parse_address(named) if is_address(named) else None
