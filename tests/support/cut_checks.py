"""Compares what power cuts leave of a command's work with what was there before them.

A state is right when what it holds is what there was at a moment since the last commit or command
that had ended: nothing that was acknowledged is lost, nothing is there in part, searches find what
they found at that moment, and verifying finds nothing wrong that was not wrong then. And when the
command, run again to the end, gives the same as an undisturbed run.
"""

import copy
import hashlib
import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from crash_states import Cut, Tree, disks, draw_cuts
from cut_commands import BEGIN, END, Command, Outcome, Places
from same_collection import differences
from traced_disk import ROOT, Enter, Mark, Move, Operation, Recording, Sync

Kind = Literal["lost", "wrong", "differs"]
"""What was acknowledged is not there, or not whole; it cannot be read; the next run gives
something else than an undisturbed one."""

_ERROR = "error"
_VARIABLE = re.compile(r"(?<=-)[0-9a-f]{16,}|\b[0-9a-f]{32}\b|(?<=\.)\d+(?=\.tmp)|(?<=words-\*/).*")
_WITHOUT_EFFECT = (
    (r"^renaming to disk/answers\.jsonl\.partial$",
     "without the journal the next run begins anew, with the same output"),
    (r"^renaming to disk/c/\.restore-\*/derived/(words|vectors)-\*$",
     "it is renamed to another folder before anything names it"),
    (r"^renaming to disk/c/derived/\.damaged-\*$",
     "the next renaming replaces what had the name"),
    (r"^syncing of disk/c/\.restore-\*(/derived)?$",
     "what is in it is renamed to another folder, which is synced, before anything names it"),
    (r"^syncing of disk/(r|c/\.restore-\*)/collection\.sqlite3-wal$",
     "the log is written back into the store, which is synced, before the store gets its name"),
    (r"^syncing of disk/\.releaseqa-backup-\*",
     "the copy of the store in it is removed when the backup is written"),
    (r"^syncing of disk/data/sessions\.sqlite3-journal$",
     "the page that it restores is empty, and of zeros after the first sector"),
)  # fmt: skip
"""What can be left out without effect, with the reason."""
_ROUNDS = 6
"""How often cuts are drawn until there are as many different states as wanted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a state."""

    kind: Kind
    detail: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A state that was checked.

    Attributes:
        cut: A power cut that leaves it.
        faults: What is wrong with it.
    """

    cut: Cut
    faults: tuple[Fault, ...]


class Checker:
    """Checks states of a recording."""

    def __init__(self, places: Places, recording: Recording, honest: Recording) -> None:
        """Take what was done.

        Args:
            places: Where the states are put.
            recording: What is cut.
            honest: What was really done, with as many operations.
        """
        self.places, self._recording = places, recording
        self._whole = [disk.tree("all") for _, disk in disks(honest)]
        self._command: list[str | None] = [None]
        self._since = [0]
        for number, operation in enumerate(honest.operations):
            current, since = self._command[-1], self._since[-1]
            if isinstance(operation, Mark):
                since = number + 1
                if operation.text.startswith(BEGIN):
                    current = operation.text.removeprefix(BEGIN)
            self._command.append(current)
            self._since.append(since)
        self._ends = {
            operation.text.removeprefix(END): number
            for number, operation in enumerate(honest.operations)
            if isinstance(operation, Mark) and operation.text.startswith(END)
        }
        self._seen: dict[tuple[str, bytes], Outcome] = {}
        self._finished: dict[tuple[str, bytes], dict[str, Any] | str] = {}

    def at(self, places: Places) -> "Checker":
        """Return one that puts the states elsewhere."""
        found = copy.copy(self)
        found.places = places
        return found

    def of(self, recording: Recording) -> "Checker":
        """Return one for another recording of the same commands, with as many operations."""
        found = copy.copy(self)
        found._recording = recording
        return found

    def commands_of(self, recording: Recording) -> set[str]:
        """Return the commands in which another recording has other operations."""
        both = zip(self._recording.operations, recording.operations, strict=True)
        found = {
            self._command[number + 1] for number, (one, other) in enumerate(both) if one != other
        }
        return {name for name in found if name is not None}

    def moments(self, command: str) -> list[int]:
        """Return the moments of a command: before each syncing, after anything else."""
        return [
            after
            for number, operation in enumerate(self._recording.operations)
            for after in [number if isinstance(operation, Sync) else number + 1]
            if self._command[after] == command
        ]

    def check(
        self, command: Command, count: int, seed: int, known: Collection[bytes] = ()
    ) -> Iterator[tuple[bytes, Checked]]:
        """Yield different states after power cuts of a command, with what names each of them.

        Args:
            command: The command.
            count: How many states at most; there may be fewer.
            seed: Of the draw.
            known: States that are left out.
        """
        seen = set(known)
        wanted = count + len(seen)
        moments = self.moments(command.name)
        for turn in range(_ROUNDS):
            left = wanted - len(seen)
            if left <= 0 or not moments:
                return
            cuts = draw_cuts(self._recording, moments, left, seed + 1000 * turn)
            for cut, tree in self._trees(cuts):
                state = digest_of(tree, self._since[cut.after])
                if state not in seen:
                    seen.add(state)
                    yield state, Checked(cut, tuple(self._faults(command, cut.after, tree)))

    def _trees(self, cuts: Sequence[Cut]) -> Iterator[tuple[Cut, Tree]]:
        wanted: dict[int, list[Cut]] = {}
        for cut in cuts:
            wanted.setdefault(cut.after, []).append(cut)
        for after, disk in disks(self._recording):
            for cut in wanted.get(after, ()):
                yield cut, disk.tree(cut.kept)

    def _faults(self, command: Command, after: int, tree: Tree) -> Iterator[Fault]:
        found = self._look(command, tree)
        allowed: list[Outcome] = []
        for moment in range(after, self._since[after] - 1, -1):
            then = self._look(command, self._whole[moment])
            if then[0] == _ERROR:
                continue
            if then not in allowed:
                allowed.append(then)
            if then == found:
                break
        else:
            kind: Kind = "wrong" if found[0] == _ERROR else "lost"
            yield Fault(kind, f"it is {str(found)[:300]}, and was one of {str(allowed)[:500]}")
            return
        finished = self._finish(command, tree)
        expected = self._finish(command, self._whole[self._ends[command.name]])
        if isinstance(finished, str) or isinstance(expected, str):
            yield Fault("differs", f"it cannot go on: {finished}"[:500])
        else:
            yield from (Fault("differs", line) for line in differences(expected, finished))

    def _look(self, command: Command, tree: Tree) -> Outcome:
        key = (command.name, digest_of(tree))
        if key not in self._seen:
            self._put(tree)
            try:
                outcome = command.look(self.places)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                outcome = (_ERROR, repr(error))
            self._seen[key] = outcome
        return self._seen[key]

    def _finish(self, command: Command, tree: Tree) -> dict[str, Any] | str:
        """Run the command to the end; return what comes of it, or why it fails."""
        key = (command.name, digest_of(tree))
        if key not in self._finished:
            self._put(tree)
            try:
                self._finished[key] = command.finish(self.places)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                self._finished[key] = repr(error)
        return self._finished[key]

    def _put(self, tree: Tree) -> None:
        """Put a state on the disk."""
        shutil.rmtree(self.places.disk, ignore_errors=True)
        self.places.disk.mkdir()
        for name, content in tree.items():
            path = self.places.disk / name
            if content is None:
                path.mkdir()
            else:
                path.write_bytes(content)


def digest_of(tree: Tree, since: int = 0) -> bytes:
    """Return a hash of a state, and of the moment since which anything else is allowed."""
    digest = hashlib.blake2b(digest_size=16, key=since.to_bytes(8, "big"))
    for name, content in tree.items():
        digest.update(f"{name}\0{-1 if content is None else len(content)}\0".encode())
        digest.update(content or b"")
    return digest.digest()


def names_of(recording: Recording) -> dict[int, str]:
    """Return the path that each file and folder had last."""
    places: dict[int, tuple[int, str]] = {}
    for operation in recording.operations:
        if isinstance(operation, Enter):
            places[operation.node] = (operation.folder, operation.name)
        elif isinstance(operation, Move):
            places[operation.node] = (operation.to_folder, operation.to_name)

    def path(node: int) -> str:
        return "disk" if node == ROOT else f"{path(places[node][0])}/{places[node][1]}"

    return {ROOT: "disk", **{node: path(node) for node in places}}


def why_without_effect(kind: str) -> str:
    """Return why leaving out a kind of step need not be noticed; nothing when it must be."""
    return next((why for pattern, why in _WITHOUT_EFFECT if re.search(pattern, kind)), "")


def kinds_of(recording: Recording) -> list[str]:
    """Return what can be left out of a recording, for `without`: each kind of step once."""
    return sorted(
        {_kind(operation, names_of(recording)) for operation in recording.operations} - {""}
    )


def without(recording: Recording, kind: str) -> Recording:
    """Return the recording of a program that leaves out all steps of a kind.

    Args:
        recording: What was done.
        kind: As in `kinds_of`.
    """
    paths = names_of(recording)
    done = tuple(
        Mark("left out") if _kind(operation, paths) == kind else operation
        for operation in recording.operations
    )
    assert done != recording.operations, f"there is no {kind}"
    return replace(recording, operations=done)


def _kind(operation: Operation, paths: Mapping[int, str]) -> str:
    """Return the name of a syncing or a renaming; nothing for anything else."""
    if isinstance(operation, Sync):
        return f"syncing of {_VARIABLE.sub('*', paths[operation.node])}"
    if isinstance(operation, Move):
        path = f"{paths[operation.to_folder]}/{operation.to_name}"
        return f"renaming to {_VARIABLE.sub('*', path)}"
    return ""
