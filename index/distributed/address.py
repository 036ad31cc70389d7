"""Addresses of Ray clusters, as a user writes them."""

import re
from dataclasses import dataclass

from index.errors import ClusterError

_HOST_AND_PORT = re.compile(
    r"(?P<client>ray://)?(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{1,5})"
)
_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Address:
    """Where a cluster is.

    Attributes:
        text: As Ray takes it.
        host: Of its head node; None for `auto` and `local`.
        port: Of its head node, 0 where there is no host.
    """

    text: str
    host: str | None = None
    port: int = 0

    @property
    def is_local(self) -> bool:
        """Whether it is a cluster that is started for the run, on this machine alone."""
        return self.text == "local"

    @property
    def is_client(self) -> bool:
        """Whether this machine is no node of the cluster."""
        return self.text.startswith("ray://")


def parse_address(text: str) -> Address:
    """Read the address of a cluster.

    Args:
        text: `auto`, `local`, `HOST:PORT` or `ray://HOST:PORT`.

    Raises:
        ClusterError: When it is none of these.
    """
    if text in {"auto", "local"}:
        return Address(text)
    found = _HOST_AND_PORT.fullmatch(text)
    if found is None or not 0 < int(found["port"]) <= _LAST_PORT:
        raise ClusterError(
            f"{text!r} is no address of a Ray cluster; use auto, local, HOST:PORT or "
            "ray://HOST:PORT"
        )
    return Address(text, found["host"].strip("[]"), int(found["port"]))
