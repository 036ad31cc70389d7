"""What was read of the store lately, kept while the store stays as it is."""

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_MISSING = object()


class Kept(Generic[Key, Value]):
    """Values by key, at most some thousand of them. Safe to share between threads.

    There are two halves. What is asked for comes into the younger; when it is full, it becomes the
    elder, and what was not asked for since is let go.
    """

    def __init__(self, size: int) -> None:
        """Keep up to `size` values."""
        self._half = max(1, size // 2)
        self._young: dict[Key, Value | None] = {}
        self._old: dict[Key, Value | None] = {}
        self._version: Hashable = None
        self._lock = threading.Lock()

    def get(
        self,
        keys: Iterable[Key],
        version: Hashable,
        read: Callable[[list[Key]], Mapping[Key, Value]],
    ) -> dict[Key, Value]:
        """Return the values of keys, in their order; those that there are none of are left out.

        Args:
            keys: Which.
            version: Of what they are read from; another one than before empties this.
            read: Reads values that are not kept.
        """
        wanted = list(dict.fromkeys(keys))
        with self._lock:
            if version != self._version:
                self._young, self._old, self._version = {}, {}, version
            young, old = self._young, self._old
            known = {}
            for key in wanted:
                found = young.get(key, _MISSING)
                known[key] = old.get(key, _MISSING) if found is _MISSING else found
        missing = [key for key in wanted if known[key] is _MISSING]
        if missing:
            fresh = read(missing)
            known |= {key: fresh.get(key) for key in missing}
        with self._lock:
            if version == self._version:
                self._young |= known  # type: ignore[arg-type] # nothing is missing any more
                if len(self._young) >= self._half:
                    self._old, self._young = self._young, {}
        return {key: value for key, value in known.items() if value is not None}  # type: ignore[misc]
