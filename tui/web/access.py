"""Who may use the server: what a request must have, whatever it asks for.

A server on 127.0.0.1 can be reached by every program and every user of this computer, and by every
page that its browser shows. So the address contains a secret, which only the person who started
the server knows. `Host` and `Origin` are checked as well, so that the secret alone is of no use to
a page of another site: one whose name was made to lead to 127.0.0.1 (DNS rebinding), and one that
opens a websocket to it.
"""

import secrets
from dataclasses import dataclass

HOST = "127.0.0.1"
"""The only address that is listened on."""

_TOKEN_BYTES = 32


def new_token() -> str:
    """Return a secret for an address: 256 random bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


@dataclass(frozen=True, slots=True)
class Access:
    """Decides which requests are answered.

    Attributes:
        token: The secret; the first part of every path.
        port: The server's.
    """

    token: str
    port: int

    @property
    def host(self) -> str:
        """The only name under which the server may be called, with its port."""
        return f"{HOST}:{self.port}"

    @property
    def address(self) -> str:
        """The address of the page."""
        return f"http://{self.host}/{self.token}/"

    def allows(self, path: str, host: str | None) -> bool:
        """Return whether a request may be answered.

        Args:
            path: As requested, from its first slash on.
            host: The header `Host`, or None without one.
        """
        given = path.removeprefix("/").partition("/")[0]
        known = secrets.compare_digest(given.encode("utf-8", "replace"), self.token.encode())
        return known and host == self.host

    def allows_origin(self, origin: str | None) -> bool:
        """Return whether a page may open a websocket.

        Args:
            origin: The header `Origin`, which a browser always sends, or None without one.
        """
        return origin == f"http://{self.host}"
