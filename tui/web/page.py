"""The page that shows a chat, and the files it loads: all of them are on this computer.

textual-serve has the script that draws the screen in a browser, its style sheet and its font. Its
own page also loads a font from the network, so this program has a page of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from string import Template

_FONTS = "static/fonts/RobotoMono"
_FILES = (
    ("textual.js", "textual_serve", "static/js/textual.js", "text/javascript"),
    ("xterm.css", "textual_serve", "static/css/xterm.css", "text/css"),
    ("roboto-mono.ttf", "textual_serve", f"{_FONTS}-VariableFont_wght.ttf", "font/ttf"),
    (
        "roboto-mono-italic.ttf", "textual_serve", f"{_FONTS}-Italic-VariableFont_wght.ttf",
        "font/ttf",
    ),
    ("page.js", "tui.web", "page.js", "text/javascript"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file that the page loads."""

    body: bytes
    content_type: str


def static_files() -> Mapping[str, StaticFile]:
    """Return the files that the page loads, by name."""
    return {
        name: StaticFile((files(package) / path).read_bytes(), content_type)
        for name, package, path, content_type in _FILES
    }


def page_text(socket: str, idle_minutes: float) -> str:
    """Return the page.

    Args:
        socket: The address of the websocket; free of characters that HTML treats specially.
        idle_minutes: After how many minutes without a key a chat ends.
    """
    template = Template((files("tui.web") / "page.html").read_text(encoding="utf-8"))
    return template.substitute(socket=socket, idle=f"{idle_minutes:g} minutes")


def headers(host: str) -> Mapping[str, str]:
    """Return the headers of every answer: they tell the browser what the page may do.

    It may load and run what this server has, and speak to its websocket. It may not load or send
    anything elsewhere, open a window, download a file, be shown within another page, or tell its
    address to another. A browser keeps no copy of it.

    Args:
        host: The server as the browser calls it, with its port.
    """
    policy = (
        "default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'",
        "font-src 'self'", "img-src data:", f"connect-src ws://{host}", "base-uri 'none'",
        "form-action 'none'", "frame-ancestors 'none'", "sandbox allow-scripts allow-same-origin",
    )  # fmt: skip
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
