"""`releaseqa mcp`: serve the collection to AI assistants."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from qa.cli.context import Context
from qa.cli.errors import FINE, INTERRUPTED, needing_extra
from qa.cli.options import Reader

if TYPE_CHECKING:
    from qa.collection import Collection


def mcp(context: Context, *, reader: Reader = None) -> int:
    """Serve the collection to AI assistants over the Model Context Protocol (MCP).

    The assistant starts this command and talks to it over standard input and output. The server
    exits when its input is closed. Its tools (ask, list, show, cite) only read the collection.
    """
    folder = context.folder()
    settings = context.settings(folder, reader=reader)
    with needing_extra("mcp", command="mcp"):
        from qa.mcp.server import make_server
    with context.collection(folder) as collection:
        server = make_server(collection, reader=settings.reader, verbose=context.verbose)
        with _interruptible(context, collection):
            server.run("stdio")
    return FINE


@contextmanager
def _interruptible(context: Context, collection: "Collection") -> Iterator[None]:
    """End the program at Ctrl+C; a thread waiting for input would keep it alive forever."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        del number, frame
        with suppress(Exception):  # another thread may be using it
            collection.close()
        context.warn("Interrupted.")
        os._exit(INTERRUPTED)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


COMMANDS = (("mcp", mcp, ("releaseqa mcp", "releaseqa --index ~/releases/.releaseqa mcp")),)
