"""A release as the screens show it."""

from typing import Protocol

from index.types import Passage
from qa.types import ReleaseRef


class Document(Protocol):
    """A release with its text and structure."""

    @property
    def ref(self) -> ReleaseRef:
        """Its title, date, issuer and source."""

    @property
    def text(self) -> str:
        """Its text as stored."""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Its passages in order; their spans are into `text`."""
