"""Names that the user joined or parted, kept in the store of their collection.

They are in the store, not in a file beside it, so that a backup has them, `verify` compares their
seal, and a killed command leaves the earlier ones. What they mean is up to `qa.names`.
"""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from index.errors import CollectionDamagedError, StorageError
from index.store.reader import Store
from index.text.surrogates import has_surrogate
from index.types import NAME_KINDS, NameKind

if TYPE_CHECKING:
    from index.store.writer import StoreWriter

META = "name decisions"
"""Name under which the store has them."""

Act = Literal["merge", "part"]
MOST = 10_000
"""How many decisions a collection may have: a store may be a stranger's."""
LONGEST_NAME = 200
"""Characters of a name, at most."""
_LONGEST_RECORD = 8_000_000
_VERSION = 1


@dataclass(frozen=True, slots=True)
class NameDecision:
    """What the user said of two names.

    Attributes:
        act: `merge`: both name the same. `part`: they do not, and the first is listed by itself.
        kind: What they name.
        names: The two (untrusted: the store may be a stranger's).
    """

    act: Act
    kind: NameKind
    names: tuple[str, str]


def load_name_decisions(store: Store) -> tuple[NameDecision, ...]:
    """Return what the user said of names, the earliest first.

    Raises:
        CollectionDamagedError: The record is none that this program writes.
    """
    return parse_name_decisions(store.meta(META))


def parse_name_decisions(record: str | None) -> tuple[NameDecision, ...]:
    """Return the decisions of a record of the store; see `load_name_decisions`."""
    if record is None:
        return ()
    try:
        return _parsed(record)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CollectionDamagedError(
            "the record of merged and parted names cannot be read; restore the collection from a "
            "backup, or forget all of them: releaseqa names --undo"
        ) from error


def _parsed(record: str) -> tuple[NameDecision, ...]:
    """Return the decisions of a record; raises ValueError, TypeError, KeyError, RecursionError."""
    if len(record) > _LONGEST_RECORD:
        raise ValueError(record[:100])
    found = json.loads(record)
    if found["version"] != _VERSION or len(found["decisions"]) > MOST:
        raise ValueError(found["version"])
    return tuple(map(_decision, found["decisions"]))


def _decision(written: Any) -> NameDecision:  # noqa: ANN401 - any JSON value
    """Return the decision of a JSON object; raises ValueError or TypeError."""
    act, kind, (name, other) = written["act"], written["type"], written["names"]
    for text in (name, other):
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST_NAME or has_surrogate(text):
            raise ValueError(str(text)[:100])
    if act not in get_args(Act) or kind not in NAME_KINDS:
        raise ValueError(str(act)[:100])
    return NameDecision(act, kind, (name, other))


def add_name_decision(folder: Path, decision: NameDecision) -> None:
    """Record what the user said of names in the collection in `folder`.

    Raises:
        CollectionBusyError: Another process is writing to it.
        CollectionDamagedError: The record cannot be read.
        StorageError: It cannot be written, or is full.
    """
    with _open_writer(folder) as store:
        after = (*load_name_decisions(store), decision)
        if len(after) > MOST:
            raise StorageError(
                f"a collection can have {MOST:,} merged and parted names; undo some first"
            )
        with store.transaction():
            store.set_meta(META, _record(after))


def drop_last_name_decision(folder: Path) -> tuple[NameDecision, ...] | None:
    """Take back what the user said last.

    Returns:
        The decision, or nothing if there is none. None for a record that cannot be read, which is
        empty now.

    Raises:
        CollectionBusyError: Another process is writing to it.
        StorageError: It cannot be written.
    """
    with _open_writer(folder) as store:
        try:
            before = load_name_decisions(store)
        except CollectionDamagedError:
            before = None
        with store.transaction():
            store.set_meta(META, _record((before or ())[:-1]))
        return None if before is None else before[-1:]


@contextmanager
def _open_writer(folder: Path) -> Iterator["StoreWriter"]:
    from index.store.writer import StoreWriter, writing_lock

    with Store(folder):
        pass  # a missing collection is not created
    with writing_lock(folder), closing(StoreWriter(folder)) as store:
        yield store


def _record(decisions: tuple[NameDecision, ...]) -> str:
    written = [{"act": d.act, "type": d.kind, "names": list(d.names)} for d in decisions]
    return json.dumps({"version": _VERSION, "decisions": written}, ensure_ascii=True)
