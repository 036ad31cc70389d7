"""`releaseqa serve`: the chat in a browser on this computer."""

import asyncio
import sys
from typing import Annotated

from index.filters import Filters
from qa.cli.chat import Questions, first_questions
from qa.cli.context import Context
from qa.cli.errors import FINE, needing_extra
from qa.cli.options import K, Reader, Risk, WordsOnly, option


def serve(
    context: Context,
    *,
    filters: Filters,
    k: K = None,
    risk: Risk = None,
    words_only: WordsOnly = None,
    reader: Reader = None,
    questions: Questions = None,
    port: Annotated[
        int,
        option(
            "--port",
            metavar="PORT",
            min=0,
            max=65_535,
            text="Port to listen on. Default: any that is free.",
        ),
    ] = 0,
    max_chats: Annotated[
        int,
        option(
            "--max-chats",
            metavar="N",
            min=1,
            max=100,
            text="Number of chats open at once; each needs about as much memory as `chat`. "
            "Default: 4.",
        ),
    ] = 4,
    idle: Annotated[
        int,
        option(
            "--idle",
            metavar="MINUTES",
            min=1,
            max=10_080,
            text="End a chat that was not used for so many minutes. Default: 60.",
        ),
    ] = 60,
    save_sessions: Annotated[
        bool,
        option(
            "--save-sessions",
            text="Save the conversations among yours, where all who have the address see them. "
            "Default: each is forgotten when its page is closed.",
        ),
    ] = False,
) -> int:
    """Serve the chat to browsers on this computer, until Ctrl+C.

    Prints an address. Whoever opens it in a browser on this computer can ask questions and read the
    releases, and nothing else: the address contains a secret that is new each time, without which
    nothing is answered. No other computer can connect.
    """
    folder = context.folder()
    settings = context.settings(folder, k=k, risk=risk, words_only=words_only, reader=reader)
    with needing_extra("web", command="serve"):
        from tui.web.server import Limits, Told, serve_chats
    from tui.backend.protocols import ChatSettings

    def print_address(address: str) -> None:
        context.write(f"{address}\n")
        sys.stdout.flush()
        context.say("Open this address in a browser on this computer. Ctrl+C ends the server.")

    chat_settings = ChatSettings(
        folder.absolute(),
        options=settings.ask_options(filters),
        questions=tuple(first_questions(questions)) if questions else (),
        keys=tuple(settings.keys.items()),
        in_browser=True,
        save_sessions=save_sessions,
    )
    told = Told(print_address, context.warn, verbose=context.verbose)
    asyncio.run(serve_chats(chat_settings, Limits(port, max_chats, idle), told))
    return FINE


COMMANDS = (("serve", serve, ("releaseqa serve", "releaseqa serve --port 8765")),)
