"""The exceptions of this package.

    ReleaseIndexError
    ├── ArchiveError              not an archive that can be restored
    ├── ClusterError              the machines that are to encode cannot be used
    ├── CollectionNotFoundError   no index folder here or above
    ├── CollectionBusyError       another process is writing
    ├── CollectionDamagedError    the store cannot be read
    ├── CollectionReplacedError   another collection is in its place
    ├── CollectionTooNewError     written by a newer version
    ├── EngineError               Milvus is away, refuses, or the extra is missing
    ├── ModelMismatchError        the store was made with another model
    ├── ModelRefusedError         a model that must not or cannot be loaded
    ├── NotAvailableError         not offered for a collection in Milvus
    ├── ReleaseNotFoundError      no such release
    ├── SourceError               a source that cannot be read (one item, not the run)
    └── StorageError              the disk failed

A message is one line: what is wrong and what to do about it. Exceptions of libraries are
translated where the library is called.
"""

import errno


class ReleaseIndexError(Exception):
    """Base of all exceptions of this package."""


class ArchiveError(ReleaseIndexError):
    """A backup or bundle is damaged, holds what it must not, or has no place to go."""


class ClusterError(ReleaseIndexError):
    """A Ray cluster cannot be reached or used, or computes other vectors than this machine."""


class CollectionNotFoundError(ReleaseIndexError):
    """There is no collection in the folder given, or in any folder searched."""


class CollectionBusyError(ReleaseIndexError):
    """Another process is writing to the collection."""


class CollectionDamagedError(ReleaseIndexError):
    """The store cannot be read; the message names the file and the remedy."""


class CollectionReplacedError(ReleaseIndexError):
    """Another collection was put in the place of an open one; open it again."""


class CollectionTooNewError(ReleaseIndexError):
    """The collection was written by a newer version of the program."""


class EngineError(ReleaseIndexError):
    """A collection in Milvus cannot be used: the server, the address, or the credentials."""


class ModelMismatchError(ReleaseIndexError):
    """The collection's vectors were made with another model."""


class ModelRefusedError(ReleaseIndexError):
    """The model is incomplete or changed, or would run code of its own."""


class NotAvailableError(ReleaseIndexError):
    """This is not offered for a collection in Milvus; the message says what is."""


class ReleaseNotFoundError(ReleaseIndexError):
    """The collection has no release of that id."""


class SourceError(ReleaseIndexError):
    """One source cannot be read: it is skipped and reported, and the run goes on."""


class StorageError(ReleaseIndexError):
    """Writing failed, as on a full disk; everything stored before is unchanged."""


_ADVICE = {
    errno.ENOSPC: "free some space, and run the command again",
    errno.EDQUOT: "free some space, and run the command again",
    errno.EIO: "check the disk, and run the command again",
    errno.ENOLCK: "this file system has no locks, as some network drives; use one on a local disk",
}
_OTHERWISE = "check the path and correct the permissions, and run the command again"


def advice(error: OSError) -> str:
    """Return what to do about an error of the disk, to follow a semicolon."""
    return _ADVICE.get(error.errno or 0, _OTHERWISE)
