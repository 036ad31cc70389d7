"""Search only releases that are new since the last run, for `--since-last` and `watch`.

Both keep a checkpoint of the collection in a small JSON file. `watch` keeps it beside its
answers. A command with `--since-last` keeps it in the user's data folder, one file for each
collection and what is asked of it: asking never writes to a collection, and each user has their own
checkpoints.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.filters import Filters
from index.milvus.address import MilvusAddress
from index.store.checkpoints import Checkpoint
from index.store.syncing import make_folder
from qa.answer_json import dumps
from qa.atomic_file import atomic_text
from qa.filter_syntax import merge_filters

if TYPE_CHECKING:
    from qa.collection import Collection

FOLDER = "marks"
"""Folder of the checkpoints of `--since-last`, in the user's data folder."""
_VERSION = 1


@dataclass(frozen=True, slots=True)
class SavedCheckpoint:
    """A checkpoint as it is kept in a file, with other values that belong to it."""

    checkpoint: Checkpoint
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewReleases:
    """What a run answers from.

    Attributes:
        filters: The filters of the run, and those that select the new releases.
        count: How many releases are new; None if the run answers from all of them.
        checkpoint: Where the collection stands now, to be saved when the run is complete.
    """

    filters: Filters
    count: int | None
    checkpoint: Checkpoint


def new_releases(
    collection: "Collection", last: Checkpoint | None, filters: Filters
) -> NewReleases:
    """Return what to answer from after a checkpoint.

    That is everything if there is no checkpoint, or if the collection was made anew since.
    Releases that are added after this call are new for the next run.
    """
    now = collection.checkpoint()
    since = None if last is None else collection.releases_since(last)
    if last is None or since is None:
        return NewReleases(filters, None, now)
    added, count = since
    now = replace(now, release=max(now.release, last.release))
    return NewReleases(merge_filters(filters, added), count, now)


def checkpoint_path(collection: Path | MilvusAddress, data: Path, *asked: str) -> Path:
    """Return the path of the checkpoint of what is asked of a collection.

    Args:
        collection: The collection's folder, or its address.
        data: The user's data folder.
        *asked: What tells it from everything else that is asked: for `batch`, the resolved path of
            the file of questions.
    """
    place = collection.expanduser().resolve() if isinstance(collection, Path) else collection
    names = "\0".join((str(place), *asked))
    digest = hashlib.sha256(names.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return data / FOLDER / f"{digest}.json"


def read_checkpoint(path: Path) -> SavedCheckpoint:
    """Read what `write_checkpoint` wrote.

    Raises:
        OSError: The file cannot be read.
        ValueError: It does not contain a checkpoint.
    """
    try:
        found = json.loads(path.read_bytes())
        version, point = found.pop("version"), found.pop("point")
        made, release = point["made"], point["release"]
    except (AttributeError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"{path} contains no checkpoint") from error
    sound = isinstance(made, str) and type(release) is int and 0 <= release < 1 << 62
    if version != _VERSION or not sound:
        raise ValueError(f"{path} contains no checkpoint of this version")
    return SavedCheckpoint(Checkpoint(made, release), found)


def write_checkpoint(path: Path, saved: SavedCheckpoint) -> None:
    """Write a checkpoint and its values, and make the folder if needed.

    Raises:
        OSError: The file cannot be written.
    """
    point = {"made": saved.checkpoint.made, "release": saved.checkpoint.release}
    make_folder(path.parent)
    with atomic_text(path) as stream:
        stream.write(dumps({"version": _VERSION, **saved.values, "point": point}, indent=1) + "\n")
