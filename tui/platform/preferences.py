"""What the chat remembers of a user's habits: the theme, and how often each command was chosen.

It is kept in a small file in the user's data folder. A file that cannot be read or written is no
reason to stop: the chat then begins as for a new user, or forgets at its end.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from qa.atomic_file import atomic_text

MAX_BYTES = 100_000
"""A larger file is not one of ours."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What is remembered.

    Attributes:
        theme: Name of the theme that the user chose; None before that.
        commands: How often each command of the palette was chosen, by its name.
    """

    theme: str | None = None
    commands: Mapping[str, int] = field(default_factory=dict)

    def with_use(self, name: str) -> "Preferences":
        """Return these with one more use of a command."""
        return replace(self, commands={**self.commands, name: self.commands.get(name, 0) + 1})


def read_preferences(path: Path) -> Preferences:
    """Return what is remembered in a file; nothing if it cannot be read."""
    try:
        with path.open("rb") as stream:
            found = json.loads(stream.read(MAX_BYTES))
        theme, commands = found.get("theme"), found.get("commands", {})
        return Preferences(
            theme if isinstance(theme, str) else None,
            {str(name): count for name, count in commands.items() if isinstance(count, int)},
        )
    except (OSError, ValueError, AttributeError, RecursionError):
        return Preferences()


def write_preferences(path: Path, preferences: Preferences) -> None:
    """Remember; do nothing if the file cannot be written."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_text(path) as stream:
            json.dump(asdict(preferences), stream, indent=1)
