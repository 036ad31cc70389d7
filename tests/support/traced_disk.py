"""What a program did to the files below a folder, from a trace of its system calls.

strace sees the calls of every library, those of tantivy, which bypass the C library, among them.
`operations` turns its output into operations on files and folders that are told apart by number,
as inodes are, because names change. Memory that is mapped and written is not in a trace: of this
program that is the index of SQLite's log alone, which SQLite makes again after a power cut.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = 0
"""The number of the folder that was watched."""
_MARK = "/no-such-folder/mark/"
"""A folder that cannot be made below here is a mark in the trace."""
_CALLS = (
    "open,openat,creat,close,dup,dup2,dup3,write,pwrite64,writev,pwritev,pwritev2,lseek,"
    "ftruncate,truncate,fallocate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,rmdir,"
    "mkdir,mkdirat,link,linkat,symlink,symlinkat,sendfile,copy_file_range"
)
_LINE = re.compile(r"(?P<thread>\d+) +(?:<\.\.\. \w+ resumed>)?(?P<rest>.*)")
_CALL = re.compile(r"(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)")
_UNFINISHED = " <unfinished ...>"
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes written to a file."""

    node: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Resize:
    """A file cut off, or made longer with zeros."""

    node: int
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """A file or a folder synced: what was done to it before survives a power cut."""

    node: int


@dataclass(frozen=True, slots=True)
class Enter:
    """A name given to a file or folder, as when it is created."""

    folder: int
    name: str
    node: int


@dataclass(frozen=True, slots=True)
class Leave:
    """A name taken away."""

    folder: int
    name: str


@dataclass(frozen=True, slots=True)
class Move:
    """A renaming, which replaces what had the new name."""

    folder: int
    name: str
    to_folder: int
    to_name: str
    node: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that the traced program marked."""

    text: str


Operation = Write | Resize | Sync | Enter | Leave | Move | Mark


class UntraceableError(Exception):
    """Why nothing was traced: there is no strace, or it may not trace here."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What was done below a folder.

    Attributes:
        operations: In order.
        folders: The numbers of those nodes that are folders; the others are files.
    """

    operations: tuple[Operation, ...]
    folders: frozenset[int]


def mark(text: str) -> None:
    """Mark a moment in the trace of this process."""
    with suppress(OSError):
        os.mkdir(_MARK + text)  # noqa: PTH102 - one system call


def record(
    command: Sequence[str | Path], root: Path, trace: Path, environment: Mapping[str, str]
) -> Recording:
    """Run a command; return what it did below `root`, which is empty.

    Raises:
        UntraceableError: There is no strace, or it may not trace here.
    """
    if shutil.which("strace") is None:
        raise UntraceableError("strace is not installed")
    done = subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-qq", "-xx", "-s", str(1 << 28), "-e", "signal=none",
         "-e", f"trace={_CALLS}", "-o", trace, *command],
        capture_output=True, check=False, env=environment,
    )  # fmt: skip
    if done.returncode and b"ptrace" in done.stderr.lower():
        raise UntraceableError("strace may not trace here")
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    with trace.open(encoding="ascii") as lines:
        return operations(lines, root)


def operations(lines: Iterable[str], root: Path) -> Recording:
    """Return what the lines of a trace say was done below `root`."""
    watched = _Watched(str(root))
    for name, arguments, result in _calls(lines):
        watched.call(name, arguments, result)
    return Recording(tuple(watched.done), frozenset(watched.folders))


def _calls(lines: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Yield the calls in the order in which they ended.

    A file is closed when the call begins, since another thread can get its number before it ends.
    """
    begun: dict[str, str] = {}
    for line in lines:
        match = _LINE.fullmatch(line.rstrip("\n"))
        if match is None:
            continue
        thread, rest = match["thread"], match["rest"]
        if rest.endswith(_UNFINISHED):
            begun[thread] = rest.removesuffix(_UNFINISHED)
            if rest.startswith("close("):
                yield "close", begun[thread].removeprefix("close("), 0
                begun[thread] = ""
            continue
        whole = begun.pop(thread, "") + rest
        call = _CALL.match(whole)
        if call is not None:
            yield call["name"], call["arguments"], int(call["result"])


class _Watched:
    """The files and folders below a folder while a trace is followed."""

    def __init__(self, root: str) -> None:
        self.done: list[Operation] = []
        self.folders: dict[int, dict[str, int]] = {ROOT: {}}
        self._root = root
        self._files: dict[int, bytearray] = {}
        self._descriptors: dict[int, list[int]] = {}
        """The node, the position and whether it is appended to, by file descriptor."""

    def call(self, name: str, arguments: str, result: int) -> None:
        """Follow a system call."""
        texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(arguments)]
        words = arguments.split(", ")
        if name in {"mkdir", "mkdirat"} and os.fsdecode(texts[0]).startswith(_MARK):
            self.done.append(Mark(os.fsdecode(texts[0]).removeprefix(_MARK)))
        elif result >= 0:
            getattr(self, f"_{name}")(words, texts, result)

    def _openat(self, words: list[str], texts: list[bytes], result: int) -> None:
        self._opened(self._place(words[0], texts[0]), " ".join(words[2:]), result)

    def _open(self, words: list[str], texts: list[bytes], result: int) -> None:
        self._opened(self._place("", texts[0]), " ".join(words[1:]), result)

    def _creat(self, _: list[str], texts: list[bytes], result: int) -> None:
        self._opened(self._place("", texts[0]), "O_CREAT|O_TRUNC", result)

    def _opened(self, place: tuple[int, str] | None, flags: str, descriptor: int) -> None:
        self._descriptors.pop(descriptor, None)
        if place is None:
            return
        node = self._find(place)
        if node is None:
            node = self._new(bytearray())
            self._enter(place, node)
        elif "O_TRUNC" in flags and self._files.get(node):
            self._resize(node, 0)
        self._descriptors[descriptor] = [node, 0, int("O_APPEND" in flags)]

    def _close(self, words: list[str], _: list[bytes], __: int) -> None:
        self._descriptors.pop(int(words[0]), None)

    def _dup(self, words: list[str], _: list[bytes], result: int) -> None:
        self._descriptors.pop(result, None)
        if int(words[0]) in self._descriptors:
            self._descriptors[result] = self._descriptors[int(words[0])]  # they share the position

    def _lseek(self, words: list[str], _: list[bytes], result: int) -> None:
        if int(words[0]) in self._descriptors:
            self._descriptors[int(words[0])][1] = result

    def _write(self, words: list[str], texts: list[bytes], result: int) -> None:
        self._append(int(words[0]), b"".join(texts)[:result])

    def _append(self, descriptor: int, data: bytes) -> None:
        if descriptor in self._descriptors:
            state = self._descriptors[descriptor]
            node, position, appends = state
            start = len(self._files[node]) if appends else position
            self._put(node, start, data)
            state[1] = start + len(data)

    def _pwrite64(self, words: list[str], texts: list[bytes], result: int) -> None:
        if int(words[0]) in self._descriptors:
            node = self._descriptors[int(words[0])][0]
            self._put(node, int(words[-1]), b"".join(texts)[:result])

    def _sendfile(self, words: list[str], _: list[bytes], result: int) -> None:
        if int(words[0]) in self._descriptors:
            source, start = (
                self._descriptors[int(words[1])][0],
                int(words[2].split("]")[0].strip("[")),
            )
            self._append(int(words[0]), bytes(self._files[source][start : start + result]))

    def _copy_file_range(self, words: list[str], _: list[bytes], __: int) -> None:
        if int(words[2]) in self._descriptors:
            raise NotImplementedError("copy_file_range")

    def _ftruncate(self, words: list[str], _: list[bytes], __: int) -> None:
        if int(words[0]) in self._descriptors:
            self._resize(self._descriptors[int(words[0])][0], int(words[1]))

    def _truncate(self, words: list[str], texts: list[bytes], _: int) -> None:
        place = self._place("", texts[0])
        if place is not None:
            self._resize(self.folders[place[0]][place[1]], int(words[-1]))

    def _fallocate(self, words: list[str], _: list[bytes], __: int) -> None:
        if int(words[0]) in self._descriptors:
            node = self._descriptors[int(words[0])][0]
            end = int(words[2]) + int(words[3])
            if words[1] == "0" and end > len(self._files[node]):
                self._resize(node, end)

    def _fsync(self, words: list[str], _: list[bytes], __: int) -> None:
        if int(words[0]) in self._descriptors:
            self.done.append(Sync(self._descriptors[int(words[0])][0]))

    def _rename(self, _: list[str], texts: list[bytes], __: int) -> None:
        self._move(self._place("", texts[0]), self._place("", texts[1]))

    def _renameat(self, words: list[str], texts: list[bytes], _: int) -> None:
        self._move(self._place(words[0], texts[0]), self._place(words[2], texts[1]))

    def _move(self, source: tuple[int, str] | None, target: tuple[int, str] | None) -> None:
        if source is None and target is None:
            return
        if source is None or target is None:
            raise NotImplementedError("a renaming across the border of what is watched")
        node = self.folders[source[0]].pop(source[1])
        self.folders[target[0]][target[1]] = node
        self.done.append(Move(*source, *target, node))

    def _unlink(self, _: list[str], texts: list[bytes], __: int) -> None:
        self._leave(self._place("", texts[0]))

    def _unlinkat(self, words: list[str], texts: list[bytes], _: int) -> None:
        self._leave(self._place(words[0], texts[0]))

    def _leave(self, place: tuple[int, str] | None) -> None:
        if place is not None:
            del self.folders[place[0]][place[1]]
            self.done.append(Leave(*place))

    def _mkdir(self, _: list[str], texts: list[bytes], __: int) -> None:
        self._make_folder(self._place("", texts[0]))

    def _mkdirat(self, words: list[str], texts: list[bytes], _: int) -> None:
        self._make_folder(self._place(words[0], texts[0]))

    def _make_folder(self, place: tuple[int, str] | None) -> None:
        if place is not None:
            self._enter(place, self._new(None))

    def _link(self, _: list[str], texts: list[bytes], __: int) -> None:
        self._linked(self._place("", texts[0]), self._place("", texts[1]))

    def _linkat(self, words: list[str], texts: list[bytes], _: int) -> None:
        self._linked(self._place(words[0], texts[0]), self._place(words[2], texts[1]))

    def _linked(self, source: tuple[int, str] | None, target: tuple[int, str] | None) -> None:
        if target is not None:
            node = None if source is None else self._find(source)
            if node is None:
                raise NotImplementedError("a link across the border of what is watched")
            self._enter(target, node)

    def _symlinkat(self, words: list[str], texts: list[bytes], _: int) -> None:
        place = self._place(words[1] if len(words) > len(texts) else "", texts[-1])
        if place is not None:
            raise NotImplementedError("symlink")

    def _pwritev(self, words: list[str], _: list[bytes], __: int) -> None:
        if int(words[0]) in self._descriptors:
            raise NotImplementedError("pwritev")

    def _place(self, folder: str, path: bytes) -> tuple[int, str] | None:
        """Return the folder and the name of a path, or None when it is not watched."""
        name = os.fsdecode(path)
        if name == self._root:
            return ROOT, "."
        if name.startswith("/"):
            if not name.startswith(f"{self._root}/"):
                return None
            node, name = ROOT, name.removeprefix(f"{self._root}/")
        elif folder.isdecimal() and int(folder) in self._descriptors:
            node = self._descriptors[int(folder)][0]
        else:
            return None
        *above, last = os.path.normpath(name).split("/")
        for step in above:
            node = self.folders[node][step]
        return node, last

    def _find(self, place: tuple[int, str]) -> int | None:
        return place[0] if place[1] == "." else self.folders[place[0]].get(place[1])

    def _new(self, content: bytearray | None) -> int:
        node = len(self.folders) + len(self._files)
        if content is None:
            self.folders[node] = {}
        else:
            self._files[node] = content
        return node

    def _enter(self, place: tuple[int, str], node: int) -> None:
        self.folders[place[0]][place[1]] = node
        self.done.append(Enter(*place, node))

    def _put(self, node: int, offset: int, data: bytes) -> None:
        put(self._files[node], offset, data)
        self.done.append(Write(node, offset, data))

    def _resize(self, node: int, size: int) -> None:
        resize(self._files[node], size)
        self.done.append(Resize(node, size))

    # The same calls by other names.
    _fdatasync = _fsync
    _writev = _write
    _pwritev2 = _pwritev
    _dup2 = _dup3 = _dup
    _renameat2 = _renameat
    _rmdir = _unlink
    _symlink = _symlinkat


def put(content: bytearray, offset: int, data: bytes) -> None:
    """Write to a file in memory; what is skipped becomes zeros."""
    if offset > len(content):
        resize(content, offset)
    content[offset : offset + len(data)] = data


def resize(content: bytearray, size: int) -> None:
    """Cut off a file in memory, or make it longer with zeros."""
    if size < len(content):
        del content[size:]
    else:
        content.extend(bytes(size - len(content)))
