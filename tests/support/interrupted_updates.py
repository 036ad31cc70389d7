"""Interrupts an update at every point where that could matter, and compares what comes of it.

    python tests/support/interrupted_updates.py FOLDER [--every N] [--first N]

In FOLDER it makes a collection and changes its sources: a release is withdrawn, one changes, one
moves to another source, files are removed, renamed and added. Then, for each point, it starts
`index --prune` on a copy of that collection in a process that kills itself at the point, or is
cancelled there as by Ctrl+C, runs the command again to the end, and compares the collection with
one that was made undisturbed. The points are just before and just after each commit, and before
each renaming, removal and syncing of a file; SQLite's own steps within a commit are its own
business. Prints one JSON object a point, with the differences.

The processes are forked from one that has everything loaded; the encoder is a made one.
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from functools import cache, partial, wraps
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from index_parts import put
from same_collection import content_of, differences

from index.encoders.model import Model, load_model
from index.encoders.pooling import EncodedPassage
from index.ingest import embed, sync, update
from index.store.sqlite import Database
from index.types import Span

_DONE = 77
"""The exit status of a process that reached no point any more."""


class MadeEncoder:
    """Encodes a text as numbers made from its hash."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension

    def encode(
        self,
        passages: Sequence[tuple[str, Sequence[Span]]],
        *,
        cancelled: Callable[[], bool],  # noqa: ARG002 - as of an encoder
        on_encoded: Callable[[int], object],  # noqa: ARG002
    ) -> list[EncodedPassage]:
        """Return unit vectors, equal for equal texts."""
        return [
            EncodedPassage(
                self._vectors([text])[0], self._vectors([text[slice(*span)] for span in sentences])
            )
            for text, sentences in passages
        ]

    def _vectors(self, texts: Sequence[str]) -> Any:
        seeds = [hashlib.sha256(text.encode()).digest() for text in texts]
        made = [np.random.default_rng(list(seed)).normal(size=self._dimension) for seed in seeds]
        return np.array([one / np.linalg.norm(one) for one in made], dtype=np.float32)


class Points:
    """Counts the points that an update passes, and acts at one of them.

    Attributes:
        names: The names of the points that were passed.
    """

    def __init__(self, act: Callable[[], None], at: int, *, named: str | None = None) -> None:
        """Act at the point of this number, counted among those of a name if one is given."""
        self._act, self._at, self._named = act, at, named
        self.names: list[str] = []

    @property
    def name(self) -> str:
        """The name of the last point that was passed."""
        return self.names[-1] if self.names else ""

    def pass_point(self, name: str) -> None:
        """Count a point."""
        self.names.append(name)
        passed = len(self.names) if self._named is None else self.names.count(self._named)
        if passed == self._at and self._named in {None, name}:
            self._act()

    def watch(self, owner: Any, method: str, *, of: Callable[..., str | None]) -> None:
        """Count the calls of a method that `of` gives a name; commits count when done, too."""
        real = getattr(owner, method)

        @wraps(real)
        def watched(*arguments: Any, **options: Any) -> Any:
            name = of(*arguments)
            if name is None:
                return real(*arguments, **options)
            self.pass_point(f"before {name}")
            result = real(*arguments, **options)
            if name == "COMMIT":
                self.pass_point("after COMMIT")
            return result

        setattr(owner, method, watched)

    def watch_all(self) -> None:
        """Watch commits, changes of the journal mode, and the steps that make files last."""
        self.watch(Database, "execute", of=lambda _, sql, *__: sql if sql == "COMMIT" else None)
        self.watch(Database, "_change_mode", of=lambda _, *modes: f"mode {'-'.join(modes)}")
        for owner, method in ((os, "fsync"), (Path, "rename"), (Path, "replace"), (Path, "unlink")):
            self.watch(owner, method, of=lambda *_, method=method: method)
        self.watch(shutil, "rmtree", of=lambda *_: "rmtree")


def _record(number: str, text: str, **fields: str) -> str:
    return json.dumps({"id": number, "text": text, **fields})


def make_sources(folder: Path) -> None:
    """Make the sources as they are at first."""
    bridge = "Bridge {0} opens\n\nHALIFAX, March {0}, 2021 - Bridge number {0} is open at last."
    a = [_record(f"a{n}", bridge.format(n)) for n in range(1, 8)]
    put(folder / "a.jsonl", "\n".join(a))
    put(folder / "b.jsonl", _record("b1", "Ferry\n\nThe ferry sails at nine every morning."))
    put(folder / "c.txt", "Library closes\n\nThe library closes its doors in May for repairs.")
    put(folder / "d.txt", "Park grows\n\nThe park gets eleven more benches this summer.")


def change_sources(folder: Path) -> None:
    """Change the sources in every way that an update with `--prune` follows."""
    lines = (folder / "a.jsonl").read_text(encoding="utf-8").splitlines()
    lines[1] = _record("a2", "Bridge 2 stays shut\n\nHALIFAX - Bridge number 2 stays shut.")
    del lines[5], lines[2]  # a6 is withdrawn, a3 moves to another source
    lines.append(_record("a8", "Tunnel\n\nA tunnel of two kilometres is dug from June."))
    put(folder / "a.jsonl", "\n".join(lines), age_s=40)
    moved = _record("a3", "Bridge 3 moved\n\nHALIFAX - Bridge number 3 is another's now.")
    b = (folder / "b.jsonl").read_text(encoding="utf-8")
    put(folder / "b.jsonl", f"{b}\n{moved}\nno record at all", age_s=40)
    (folder / "c.txt").unlink()
    (folder / "d.txt").rename(folder / "e.txt")
    put(folder / "f.jsonl", _record("f1", "Ferry\n\nThe ferry sails at nine every morning."))
    put(folder / "g.txt", "Pool opens\n\nThe pool opens at seven. Lessons cost nothing.")


def index(folder: Path, sources: Path, cancelled: Callable[[], bool] = lambda: False) -> None:
    """Run `index --prune`."""
    update.update_collection(folder, [sources], prune=True, cancelled=cancelled)


def prepare(model: Model) -> None:
    """Replace the encoder by a made one, and read in small batches."""
    encoder = MadeEncoder(model.spec.dimension)
    made: tuple[tuple[Any, str, Any], ...] = (
        (update, "choose_model", lambda *_: model),
        (update, "passage_window", cache(update.passage_window)),
        (embed, "is_exported", lambda _: True),
        (embed, "_exported_encoder", lambda _: encoder),
        (sync, "_BATCH", 2),
        (embed, "_BATCH", 4),
    )
    for module, name, value in made:
        setattr(module, name, value)


def forked(act: Callable[[], None]) -> int:
    """Run `act` in a process of its own; return its exit status, as `os.waitstatus_to_exitcode`."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            act()
            status = 0
        except SystemExit as error:
            status = int(str(error.code))
        except BaseException:  # noqa: BLE001 - the process ends here, whatever it was
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_update(folder: Path, sources: Path, point: int, name: Path) -> None:
    """Update a collection and die at a point."""

    def die() -> None:
        name.write_text(points.name, encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)

    points = Points(die, point)
    points.watch_all()
    index(folder, sources)
    sys.exit(_DONE)


def cancelled_update(folder: Path, sources: Path, point: int, name: Path) -> None:
    """Update a collection, and be cancelled when it asks for the `point`-th time."""
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked >= point

    index(folder, sources, cancelled)
    name.write_text("cancelled", encoding="utf-8")
    sys.exit(0 if asked >= point else _DONE)


def main(arguments: Sequence[str]) -> None:
    """Interrupt at each point; print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="interrupt at every n-th point")
    parser.add_argument("--first", type=int, default=1, help="the first point")
    chosen = parser.parse_args(arguments)
    base: Path = chosen.folder
    sources, start, whole = base / "sources", base / "start", base / "whole"
    prepare(load_model())
    make_sources(sources)
    assert 0 == forked(lambda: index(start, sources))
    change_sources(sources)
    shutil.copytree(start, whole)
    assert 0 == forked(lambda: index(whole, sources))
    expected = content_of(whole)
    name = base / "point"
    for act in (killed_update, cancelled_update):
        for point in count(chosen.first, chosen.every):
            copy = base / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(start, copy)
            status = forked(partial(act, copy, sources, point, name))
            if status == _DONE:
                break
            found = ["the next update failed"]
            if forked(partial(index, copy, sources)) == 0:
                found = differences(expected, content_of(copy))
            result = {
                "how": act.__name__, "point": point, "status": status,
                "name": name.read_text(encoding="utf-8"), "differences": found,
            }  # fmt: skip
            sys.stdout.write(f"{json.dumps(result)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
