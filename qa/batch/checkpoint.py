"""Where a file of standing questions was asked last: a mark for each file and collection.

Marks are the user's, not the collection's: asking never writes into a collection, and two people
who ask the same one each have their own. They stand in the user's data folder, in `marks/`, a
small JSON file each that says in words what it is of.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.store.checkpoints import Checkpoint
from qa.answer_json import dumps
from qa.atomic_file import atomic_text
from qa.errors import OutputError

FOLDER = "marks"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class BatchCheckpoint:
    """The mark of a file of questions on a collection.

    Attributes:
        path: Its file, whether it exists or not.
        collection: The collection's folder, whole.
        questions: The file of questions, whole.
    """

    path: Path
    collection: str
    questions: str

    def read(self) -> Checkpoint | None:
        """Return where the questions were asked last; None when they never were.

        A file that cannot be read for a mark is as good as none.
        """
        with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            found: Any = json.loads(self.path.read_bytes())
            if found["version"] == _VERSION:
                return checkpoint_from_json(found["point"])
        return None

    def write(self, point: Checkpoint) -> None:
        """Remember where they were asked now.

        Raises:
            OutputError: It cannot be written; the message names the file.
        """
        found = {
            "version": _VERSION,
            "collection": self.collection,
            "questions": self.questions,
            "point": checkpoint_to_json(point),
        }
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_text(self.path) as stream:
                stream.write(dumps(found, indent=1) + "\n")
        except OSError as error:
            raise OutputError(
                f"the checkpoint for --since-last cannot be written to {self.path}: "
                f"{error.strerror or error}."
            ) from error


def checkpoint_of(collection: Path, questions: Path, data: Path) -> BatchCheckpoint:
    """Return the mark of a file of questions on a collection.

    Args:
        collection: Its folder.
        questions: The file.
        data: The user's data folder.
    """
    names = [str(path.expanduser().resolve()) for path in (collection, questions)]
    digest = hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    shown = [name.encode("utf-8", "replace").decode("utf-8") for name in names]
    return BatchCheckpoint(data / FOLDER / f"{digest}.json", *shown)


def checkpoint_to_json(point: Checkpoint) -> dict[str, Any]:
    """Return a point as a JSON object."""
    return {"made": point.made, "release": point.release}


def checkpoint_from_json(found: Any) -> Checkpoint:  # noqa: ANN401 - whatever a file holds
    """Return the point that `checkpoint_to_json` wrote.

    Raises:
        ValueError: It is none; other errors of access may be raised, too.
    """
    made, release = found["made"], found["release"]
    if not isinstance(made, str) or type(release) is not int or not 0 <= release < 1 << 62:
        raise ValueError("no point in a collection's history")
    return Checkpoint(made, release)
