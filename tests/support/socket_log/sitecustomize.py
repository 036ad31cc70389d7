"""Writes down every internet socket that a process and its children ask for.

Python imports this module at start-up where its folder is on PYTHONPATH. The lines go to the file
that SOCKET_LOG names.
"""

import os
import socket
import sys

_INTERNET = (socket.AF_INET, socket.AF_INET6)
_NAMES = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


def _write_down(event: str, arguments: tuple[object, ...]) -> None:
    if event in _NAMES or (event == "socket.__new__" and arguments[1] in _INTERNET):
        with open(os.environ["SOCKET_LOG"], "a", encoding="utf-8") as log:  # noqa: PTH123
            log.write(f"{event} {sys.argv[:2]} {sys._getframe(1).f_code.co_filename}\n")


if "SOCKET_LOG" in os.environ:
    sys.addaudithook(_write_down)
