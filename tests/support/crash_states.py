"""What a power cut can leave on a disk, after any of the operations of a recording.

What was synced is there. Of everything else any part can be there or be lost: each write, in whole
blocks of 512 or 4,096 bytes, each change of a file's size, each creation, renaming and removal of
a name. A file that was synced keeps its content, but its name only once its folder was synced, as
POSIX has it; most file systems promise more. A renaming is done or not done. These are the rules
of Pillai et al., "All File Systems Are Not Created Equal" (OSDI 2014), without any promise beyond.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from traced_disk import ROOT, Enter, Leave, Move, Operation, Recording, Resize, Sync, Write
from traced_disk import put as write_into
from traced_disk import resize as resize_content

Tree = dict[str, bytes | None]
"""The files of a disk by path, and its folders, which have None."""
Place = tuple[int, str]

BLOCKS = (512, 4096)
"""Bytes that a disk writes whole."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A power cut.

    Attributes:
        after: How many operations were done.
        kept: What of the unsynced operations is kept: `all`, `none`, `names` (but no data), `data`
            (but no names), `without N` or `only N` (N the number of an operation), or `drawn SEED`:
            each with a chance of its own, and the data in blocks; or `ordered SEED`: names up to
            some moment, as in the journal of a file system, and data as drawn.
    """

    after: int
    kept: str


@dataclass(slots=True)
class Disk:
    """A disk on which the first operations of a recording were done.

    Attributes:
        contents: What was synced of each file.
        entries: What was synced of each folder.
        data: Writes and changes of size that were not synced, by file.
        names: Changes of names that were not synced.
    """

    folders: frozenset[int]
    contents: dict[int, bytearray] = field(default_factory=dict)
    entries: dict[int, dict[str, int]] = field(default_factory=dict)
    data: dict[int, list[tuple[int, Write | Resize]]] = field(default_factory=dict)
    names: list[tuple[int, Enter | Leave | Move]] = field(default_factory=list)

    def apply(self, number: int, operation: Operation) -> None:
        """Do an operation."""
        if isinstance(operation, Write | Resize):
            self.data.setdefault(operation.node, []).append((number, operation))
        elif isinstance(operation, Enter | Leave | Move):
            self.names.append((number, operation))
        elif isinstance(operation, Sync):
            self._sync(operation.node)

    def _sync(self, node: int) -> None:
        if node not in self.folders:
            content = self.contents.setdefault(node, bytearray())
            for _, operation in self.data.pop(node, ()):
                _change(content, operation)
            return
        # Whatever was done before to the same names is settled by it, too.
        settled: set[Place] = set()
        left, synced = [], []
        for number, operation in reversed(self.names):
            places = _places(operation)
            if any(folder == node for folder, _ in places) or settled & set(places):
                settled.update(places)
                synced.append(operation)
            else:
                left.append((number, operation))
        self.names = left[::-1]
        for operation in reversed(synced):
            _rename(self.entries, operation)

    def pending(self) -> list[int]:
        """Return the numbers of the operations that were not synced."""
        of_data = [number for changes in self.data.values() for number, _ in changes]
        return sorted(of_data + [number for number, _ in self.names])

    def tree(self, kept: str) -> Tree:
        """Return what a power cut leaves.

        Args:
            kept: As in `Cut`.
        """
        keeps = _Keeps(kept, [number for number, _ in self.names])
        entries = {folder: dict(names) for folder, names in self.entries.items()}
        for number, operation in self.names:
            if keeps.name(number):
                _rename(entries, operation)
        found: Tree = {}
        contents: dict[int, bytes] = {}  # a file with two names is drawn once
        self._walk(ROOT, "", entries, keeps, contents, found)
        return found

    def _walk(
        self, folder: int, above: str, entries: Mapping[int, Mapping[str, int]], keeps: "_Keeps",
        contents: dict[int, bytes], found: Tree,
    ) -> None:  # fmt: skip
        for name, node in sorted(entries.get(folder, {}).items()):
            path = f"{above}{name}"
            if node in self.folders:
                found[path] = None
                self._walk(node, f"{path}/", entries, keeps, contents, found)
            else:
                if node not in contents:
                    contents[node] = self._content(node, keeps)
                found[path] = contents[node]

    def _content(self, node: int, keeps: "_Keeps") -> bytes:
        content = bytearray(self.contents.get(node, b""))
        for number, operation in self.data.get(node, ()):
            if isinstance(operation, Resize):
                if keeps.data(number):
                    resize_content(content, operation.size)
                continue
            for start, piece in _blocks(operation, keeps.block):
                if keeps.data(number):
                    write_into(content, start, piece)
        return bytes(content)


class _Keeps:
    """Decides which of the operations that were not synced are kept."""

    def __init__(self, kept: str, names: list[int]) -> None:
        how, _, value = kept.partition(" ")
        self.block: int | None = None
        self.name: Callable[[int], bool] = lambda _: how in {"all", "names"}
        self.data: Callable[[int], bool] = lambda _: how in {"all", "data"}
        if how == "without":
            self.name = self.data = lambda number: number != int(value)
        elif how == "only":
            self.name = self.data = lambda number: number == int(value)
        elif how in {"drawn", "ordered"}:
            draw = random.Random(value)
            self.block = draw.choice(BLOCKS)
            of_names, of_data = (draw.choice((0.1, 0.5, 0.9)) for _ in range(2))
            self.name = lambda _: draw.random() < of_names
            self.data = lambda _: draw.random() < of_data
            if how == "ordered":
                last = draw.choice([-1, *names])
                self.name = lambda number: number <= last


def _places(operation: Enter | Leave | Move) -> list[Place]:
    places = [(operation.folder, operation.name)]
    if isinstance(operation, Move):
        places.append((operation.to_folder, operation.to_name))
    return places


def _rename(entries: dict[int, dict[str, int]], operation: Enter | Leave | Move) -> None:
    names = entries.setdefault(operation.folder, {})
    if isinstance(operation, Enter):
        names[operation.name] = operation.node
        return
    names.pop(operation.name, None)
    if isinstance(operation, Move):
        entries.setdefault(operation.to_folder, {})[operation.to_name] = operation.node


def _change(content: bytearray, operation: Write | Resize) -> None:
    if isinstance(operation, Write):
        write_into(content, operation.offset, operation.data)
    else:
        resize_content(content, operation.size)


def _blocks(operation: Write, block: int | None) -> Iterator[tuple[int, bytes]]:
    """Yield the pieces of a write that a disk writes whole; all of it without a size of blocks."""
    start, end = operation.offset, operation.offset + len(operation.data)
    while start < end:
        stop = end if block is None else min(end, (start // block + 1) * block)
        yield start, operation.data[start - operation.offset : stop - operation.offset]
        start = stop


def disks(recording: Recording) -> Iterator[tuple[int, Disk]]:
    """Yield the disk before the first operation and after each, which is one that changes."""
    disk = Disk(recording.folders)
    yield 0, disk
    for number, operation in enumerate(recording.operations):
        disk.apply(number, operation)
        yield number + 1, disk


def draw_cuts(recording: Recording, moments: Sequence[int], count: int, seed: int) -> list[Cut]:
    """Return power cuts: as many at each moment as fit, the rest drawn, of every kind.

    Args:
        recording: What was done.
        moments: How many operations can have been done.
        count: How many cuts at most; fewer when some are drawn twice.
        seed: Of the draw.
    """
    draw = random.Random(seed)
    shuffled = draw.sample(moments, len(moments))
    pending = {after: disk.pending() for after, disk in disks(recording)}
    found: set[Cut] = set()
    for number in range(count):
        after = shuffled[number % len(shuffled)]
        how = draw.choice(("all", "none", "names", "data", *["without", "only"] * 3,
                           *["drawn", "ordered"] * 4))  # fmt: skip
        if how in {"without", "only"}:
            how = f"{how} {draw.choice(pending[after])}" if pending[after] else "all"
        elif how in {"drawn", "ordered"}:
            how = f"{how} {draw.getrandbits(40)}"
        found.add(Cut(after, how))
    return sorted(found, key=lambda cut: (cut.after, cut.kept))
