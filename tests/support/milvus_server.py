"""A Milvus server for tests: milvus-lite in a process of its own, or the cluster at MILVUS_URI."""

import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

URI = "MILVUS_URI"
_START_SECONDS = 60


def missing() -> str | None:
    """Return why there can be no server, or None."""
    wanted = ["pymilvus"] if os.environ.get(URI) else ["pymilvus", "milvus_lite"]
    lacking = [name for name in wanted if importlib.util.find_spec(name) is None]
    extra = "milvus" if os.environ.get(URI) else "milvus-lite"
    return f"{lacking[0]} is not installed: pip install 'releaseqa[{extra}]'" if lacking else None


@contextmanager
def milvus_server(folder: Path | None = None) -> Iterator[str]:
    """Run milvus-lite; yield the start of addresses, `milvus://HOST:PORT/`.

    Args:
        folder: Where it keeps its data; default: one that is removed afterwards.
    """
    given = urlsplit(os.environ.get(URI, ""))
    if given.hostname:
        scheme = "milvus+tls" if given.scheme == "https" else "milvus"
        yield f"{scheme}://{given.hostname}:{given.port or 19530}/"
        return
    with tempfile.TemporaryDirectory() as scratch, socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
        chosen.close()
        command = [sys.executable, "-m", "milvus_lite", "server", "--data-dir",
                   str(folder or scratch), "--host", "127.0.0.1", "--port", str(port)]  # fmt: skip
        log = Path(scratch) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            _wait(port, process, log)
            yield f"milvus://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"milvus-lite did not start: {log.read_text(errors='replace')[-500:]}")


def new_name() -> str:
    """Return the name of a collection that nobody else uses."""
    return f"releaseqa_test_{uuid.uuid4().hex[:12]}"


def drop(address: str) -> None:
    """Remove what is published at an address."""
    from contextlib import closing

    from index.milvus.address import parse_address
    from index.milvus.connection import Connection
    from index.milvus.schema import Names

    place = parse_address(address)
    with closing(Connection(place)) as connection:
        for name in Names.of(place).all():
            connection.drop(name)


def is_cluster() -> bool:
    """Return whether the server is not one that the tests start."""
    return bool(os.environ.get(URI))
