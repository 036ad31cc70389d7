"""Sources that change as those of a user do, and what an index of them has to hold.

Each release has a version, which stands in its text as a word of its own, so that the text that a
collection holds, or a search finds, tells the version.
"""

import json
import random
import re
from pathlib import Path

from index_parts import put

_PLACES = (
    "Halifax",
    "Gander",
    "Truro",
    "Moncton",
    "Regina",
    "Whitehorse",
    "Iqaluit",
    "Yellowknife",
)
_THINGS = ("bridge", "hospital", "ferry terminal", "library", "fire hall", "school", "rink", "road")
FEWEST = 12
"""Releases that are left at least, unless another number is asked for."""
_MARK = re.compile(r"\bmark([0-9]+)x([0-9]+)\b")


def mark(release: str, version: int) -> str:
    """Return the word that only this version of a release has."""
    return f"mark{release.removeprefix('r')}x{version}"


def text_of(release: str, version: int) -> str:
    """Return the text of a version of a release."""
    chance = random.Random(f"{release} {version}")
    place, thing = chance.choice(_PLACES), chance.choice(_THINGS)
    return (
        f"New {thing} for {place}\n\n{place} gets {chance.randrange(2, 900)} thousand dollars for "
        f"its {thing}. The file is {mark(release, version)}.\n\n"
        f"“The people of {place} asked for {version + 2} years,” said Mayor Ada Byrne."
    )


def version_of(release: str, text: str) -> int:
    """Return the version of a stored text.

    Raises:
        AssertionError: It is not a version of this release, as a whole.
    """
    found = _MARK.search(text)
    assert found is not None, f"{release} has another's text: {text[:80]!r}"
    version = int(found[2])
    assert mark(release, version) == found[0], f"{release} has the text of {found[0]}"
    whole = re.sub(r"\s+", " ", text_of(release, version)).strip()
    assert whole in re.sub(r"\s+", " ", text), f"{release} has part of its text: {text[:80]!r}"
    return version


class ChangingSources:
    """A folder of JSON Lines files.

    Attributes:
        folder: The folder.
        files: The version of each release, by the name of the file that has it.
    """

    def __init__(self, folder: Path) -> None:
        """Begin with an empty folder."""
        folder.mkdir(parents=True)
        self.folder = folder
        self.files: dict[str, dict[str, int]] = {}
        self._releases = self._versions = 0

    def held(self) -> dict[str, int]:
        """Return the version of each release that is in a file."""
        return {name: version for file in self.files.values() for name, version in file.items()}

    def add(self, file: str, count: int = 1) -> None:
        """Add releases to a file, which is made if it is missing."""
        for _ in range(count):
            self._releases += 1
            self.files.setdefault(file, {})[f"r{self._releases}"] = self._version()
        self._write(file)

    def change(self, release: str) -> None:
        """Change a release."""
        file = self._file_of(release)
        self.files[file][release] = self._version()
        self._write(file)

    def withdraw(self, release: str) -> None:
        """Take a release out of its file; the last one with the file."""
        file = self._file_of(release)
        del self.files[file][release]
        if self.files[file]:
            self._write(file)
        else:
            self.remove(file)

    def remove(self, file: str) -> None:
        """Remove a file."""
        del self.files[file]
        (self.folder / file).unlink()

    def rename(self, file: str, to: str) -> None:
        """Give a file another name, which is free."""
        self.files[to] = self.files.pop(file)
        (self.folder / file).rename(self.folder / to)

    def _version(self) -> int:
        self._versions += 1
        return self._versions

    def _file_of(self, release: str) -> str:
        (file,) = (name for name, releases in self.files.items() if release in releases)
        return file

    def _write(self, file: str) -> None:
        lines = [
            json.dumps({"id": release, "text": text_of(release, version)})
            for release, version in self.files[file].items()
        ]
        # The time is the version's, so that no change goes unnoticed for want of another time.
        put(self.folder / file, "".join(f"{line}\n" for line in lines), age_s=4000 - self._versions)


def change_something(sources: ChangingSources, draw: random.Random, fewest: int = FEWEST) -> None:
    """Change the sources in one way that is drawn; none is taken away that leaves too few."""
    releases, files = sorted(sources.held()), sorted(sources.files)
    name = f"f{draw.randrange(10_000)}.jsonl"
    way = draw.choice(("add", "add", "change", "change", "withdraw", "new", "remove", "rename"))
    spare = len(releases) - fewest
    removable = [file for file in files if len(sources.files[file]) <= spare]
    if way == "new" or not files:
        sources.add(name, draw.randint(1, 4))
    elif way == "add" or spare < 0:
        sources.add(draw.choice(files), draw.randint(1, 3))
    elif way == "change":
        sources.change(draw.choice(releases))
    elif way == "withdraw" and spare:
        sources.withdraw(draw.choice(releases))
    elif way == "remove" and removable:
        sources.remove(draw.choice(removable))
    elif name not in sources.files:
        sources.rename(draw.choice(files), name)
