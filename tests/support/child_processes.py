"""The processes below a process, and what they listen on (Linux)."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
CAN_TELL = (_PROC / "self" / "task").is_dir()
"""Whether this system tells; tests that need it are skipped elsewhere."""

_LISTENING = "0A"


def descendants(process: int) -> list[int]:
    """The processes below a process, at any depth, that have not ended."""
    parents: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                # The name, in parentheses, may contain anything.
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    parents.setdefault(int(parent), []).append(int(entry.name))

    def below(parent: int) -> Iterator[int]:
        for child in parents.get(parent, ()):
            yield child
            yield from below(child)

    return list(below(process))


def is_running(process: int) -> bool:
    """Whether a process has not ended."""
    try:
        return (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def listening(processes: list[int]) -> list[str]:
    """The internet addresses that processes listen on, as `127.0.0.1:80`."""
    inodes = set()
    for process in processes:
        for descriptor in (_PROC / str(process) / "fd").iterdir():
            with suppress(OSError):
                inodes |= set(re.findall(r"socket:\[(\d+)\]", str(descriptor.readlink())))
    found = []
    for table in ("tcp", "tcp6"):
        path = _PROC / str(processes[0]) / "net" / table
        rows = [line.split() for line in path.read_text().splitlines()[1:]] if path.exists() else []
        found += [row[1] for row in rows if row[3] == _LISTENING and row[9] in inodes]
    return [_readable(address) for address in found]


def _readable(address: str) -> str:
    host, port = address.split(":")
    if len(host) > len("7F000001"):
        return f"[{host}]:{int(port, 16)}"
    return ".".join(str(byte) for byte in reversed(bytes.fromhex(host))) + f":{int(port, 16)}"
