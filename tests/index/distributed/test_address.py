"""Addresses of Ray clusters."""

import pytest

from index.distributed.address import Address, parse_address
from index.errors import ClusterError


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("auto", None, 0),
        ("local", None, 0),
        ("head.example.org:6379", "head.example.org", 6379),
        ("ray://10.0.0.7:10001", "10.0.0.7", 10_001),
        ("ray://[fd00::7]:10001", "fd00::7", 10_001),
    ],
)
def test_an_address_has_a_host_and_a_port(text: str, host: str | None, port: int) -> None:
    """An address is taken as it is, and its parts are known."""
    assert Address(text, host, port) == parse_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "head", "head:", ":6379", "head:0", "head:65536", "head:6379 ", "http://head:6379",
        "ray://head", "ray://head:10001/path", "ray://user@head:10001", "AUTO", "head:６３７９",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    """What is no address is refused, with the forms that there are."""
    with pytest.raises(ClusterError, match="use auto, local, HOST:PORT or ray://HOST:PORT"):
        parse_address(text)
