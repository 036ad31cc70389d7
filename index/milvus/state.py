"""What a publication records of itself: which one it is, and the statistics of its words."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from index.errors import CollectionTooNewError, EngineError
from index.milvus.bm25 import Lengths
from index.milvus.connection import Connection
from index.milvus.schema import FORMAT, STATE, Names

EMPTY = (
    "nothing is published at {address}; publish releases: releaseqa --index {address} index FOLDER"
)


@dataclass(frozen=True, slots=True)
class State:
    """The state of a published collection.

    Attributes:
        format: Version of the rows.
        owner: Names the store that was published.
        generation: Number of the publication; rows that are born later are not visible yet.
        switching: Whether a publication is just becoming visible.
        identity: Versions of the rows, of the analyzer and of the model.
        fingerprint: Of the model; None without.
        model: Its name.
        dimension: Of its vectors.
        passages: How many there are.
        encoded: How many of them have vectors.
        mean: Mean lengths of passages and headlines.
        languages: The most frequent first.
        made: When the store was created.
        newest: Row number of the newest release.
        highest: The highest row number that a release ever had.
        status: The counts that `status` shows.
    """

    format: int
    owner: str
    generation: int
    switching: bool
    identity: str
    fingerprint: str | None
    model: str | None
    dimension: int
    passages: int
    encoded: int
    mean: Lengths
    languages: tuple[str, ...]
    made: str
    newest: int
    highest: int
    status: dict[str, Any]

    def to_json(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=True)

    @classmethod
    def from_json(cls, text: str) -> "State":
        """Read it.

        Raises:
            ValueError, TypeError, KeyError: When it is damaged.
        """
        found = json.loads(text)
        found["mean"] = Lengths(**found["mean"])
        found["languages"] = tuple(found["languages"])
        return cls(**found)


def read_state(connection: Connection) -> State | None:
    """Return the state of what is published at an address; None when nothing is.

    Raises:
        CollectionTooNewError: When a newer program published it.
        EngineError: When it is damaged.
    """
    rows = connection.query(Names.of(connection.address).facts, f'id == "{STATE}"', ["value"])
    if not rows:
        return None
    try:
        version = json.loads(rows[0]["value"])["format"]
        if version > FORMAT:
            raise CollectionTooNewError(
                f"{connection.address} was published by a newer version of releaseqa; "
                "upgrade: pip install --upgrade releaseqa"
            )
        return State.from_json(rows[0]["value"])
    except (ValueError, TypeError, KeyError) as error:
        raise EngineError(
            f"the state of {connection.address} is damaged; publish it again from its store"
        ) from error
