"""Everything that `index` raises on purpose.

    ReleaseIndexError
    ├── CollectionNotFoundError   no index folder here or above
    ├── CollectionBusyError       another process is writing
    ├── CollectionDamagedError    the store cannot be read
    ├── CollectionTooNewError     written by a newer version
    ├── ModelMismatchError        the store was made with another model
    ├── ModelRefusedError         a model that must not or cannot be loaded
    ├── ReleaseNotFoundError      no such release
    ├── SourceError               a source that cannot be read (one item, not the run)
    └── StorageError              the disk said no

Each message is one line: what is wrong and what to do about it. Exceptions of the
libraries underneath are translated where the library is called, nowhere else.
"""


class ReleaseIndexError(Exception):
    """Base of every error of this package."""


class CollectionNotFoundError(ReleaseIndexError):
    """There is no collection at the place given, or at any place searched."""


class CollectionBusyError(ReleaseIndexError):
    """Another process is writing to the collection."""


class CollectionDamagedError(ReleaseIndexError):
    """The store cannot be read; the message names the file and the remedy."""


class CollectionTooNewError(ReleaseIndexError):
    """The collection was written by a newer version of the program."""


class ModelMismatchError(ReleaseIndexError):
    """The collection's vectors were made with another model."""


class ModelRefusedError(ReleaseIndexError):
    """The model folder is incomplete, altered, or would run foreign code."""


class ReleaseNotFoundError(ReleaseIndexError):
    """No release of that name is in the collection."""


class SourceError(ReleaseIndexError):
    """One source could not be read: it is skipped and reported, the rest goes on."""


class StorageError(ReleaseIndexError):
    """Writing failed, as on a full disk; the state before the write still stands."""
