"""Open thousands of states that a power cut could have left, and check that no work is lost.

    python benchmarks/power_cuts.py [--states 5000] [--seed 1] [--jobs 2] [--folder F] [--write]

Each command that writes is run once, traced by strace (`tests/support/cut_commands.py`): `index` to
make a collection and `index --prune` after its sources changed, `remove`, `verify --repair`,
`backup`, `restore` to a new folder and over a collection, a saved conversation, judged answers, and
`batch -o`. Then states are drawn that a power cut could have left at any moment
(`tests/support/crash_states.py`): with any part of what was not synced, in blocks of 512 or 4,096
bytes. Each is opened by the program and checked (`tests/support/cut_checks.py`).

A state is lost when what was acknowledged is not there, wrong when it cannot be read, and differs
when the next run of the command does not give what an undisturbed run gives. After that come the
controls: one kind of syncing or renaming is left out, and states are drawn until one is found that
is wrong for it. Some steps can be left out without effect; the table says why. The exit code is 1
when a state is wrong, or another control is not caught.

It needs Linux and strace. Ctrl+C ends it with the counts so far. With `--folder` the recording and
the states that were checked are kept there, and the same command goes on from them; a folder in
memory (/dev/shm) is several times faster than one on a disk. `--write` writes the table to
benchmarks/results/power_cuts.txt.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.pool import Pool
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
# Processes are forked from one that has everything loaded, which threads would not survive.
os.environ.update(HF_HUB_OFFLINE="1", OMP_NUM_THREADS="1", TOKENIZERS_PARALLELISM="false")

from crash_states import disks  # noqa: E402
from cut_checks import Checked, Checker, kinds_of, why_without_effect, without  # noqa: E402
from cut_commands import COMMANDS, Places, run_all  # noqa: E402
from interrupted_updates import prepare  # noqa: E402
from traced_disk import Recording, UntraceableError, operations, record  # noqa: E402

from index.encoders.model import load_model  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "power_cuts.txt"
UNTRACEABLE = 3
"""The exit status where nothing can be traced."""
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - where states are put that need not survive anything
_SLICE, _ROUND = 20, 400
"""How many states a process checks at once, and how many are drawn before counting again."""
_CONTROL_ROUNDS = 12
"""How often states of a control are drawn at most until one is caught."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Some states for a process to check.

    Attributes:
        command: The name of the command.
        control: What is left out; empty when nothing is.
        count: How many states.
        seed: Of the draw.
        known: States that were checked already.
    """

    command: str
    control: str
    count: int
    seed: int
    known: frozenset[bytes]


@dataclass
class Tally:
    """What was found of a command or a control.

    Attributes:
        known: The states that were checked.
        faults: How many of them are lost, wrong or differ.
    """

    known: set[bytes] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)

    def add(self, state: bytes, faults: Sequence[str]) -> bool:
        """Count a state with its kinds of faults, unless it was counted."""
        if state in self.known:
            return False
        self.known.add(state)
        self.faults.update(faults)
        return True


class Worker:
    """Checks slices, with a disk of its own."""

    def __init__(self, checker: Checker, recording: Recording) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process
        places = Places(checker.places.base, f"disk{os.getpid()}")
        self._checker = checker.at(places)
        self._recording = recording
        self._commands = {command.name: command for command in COMMANDS}

    def check(self, part: Slice) -> list[tuple[bytes, Checked]]:
        """Check the states of a slice."""
        checker = self._checker
        if part.control:
            checker = checker.of(without(self._recording, part.control))
        command = self._commands[part.command]
        return list(checker.check(command, part.count, part.seed, part.known))


_worker: list[Worker] = []
"""The worker of this process, when it is one."""


def _become_worker(checker: Checker, recording: Recording) -> None:
    _worker.append(Worker(checker, recording))


def _check_slice(part: Slice) -> tuple[Slice, list[tuple[bytes, Checked]]]:
    return part, _worker[0].check(part)


class Run:
    """One run of this script.

    Attributes:
        honest: What was found of each command.
        controls: What was found of each control.
    """

    def __init__(self, scratch: Path, chosen: argparse.Namespace) -> None:
        self._places, self._chosen = Places(scratch), chosen
        self._journal = scratch / "checked.jsonl"
        self._begun = time.monotonic()
        self.honest = {c.name: Tally() for c in COMMANDS if c.name in (chosen.only or {c.name})}
        self.controls: dict[str, Tally] = {}

    def check_all(self) -> None:
        """Check honest states and controls."""
        places = self._places
        recording = recorded(places, copy=self._chosen.copy)
        checker = Checker(places, recording, recording)
        if not (self._chosen.no_controls or self._chosen.copy):
            self.controls = {
                control: Tally() for control in self._chosen.control or kinds_of(recording)
            }
        self._go_on()
        fork = multiprocessing.get_context("fork")
        for sources in ("first", "second"):
            with suppress(FileNotFoundError):
                shutil.rmtree(places.sources)
            shutil.copytree(places.base / sources, places.sources)
            here = [command.name for command in COMMANDS if command.sources == sources]
            with fork.Pool(self._chosen.jobs, _become_worker, (checker, recording)) as pool:
                self._check_honest(pool, {
                    name: len(checker.moments(name)) for name in here if name in self.honest
                }, sum(len(checker.moments(name)) for name in self.honest))  # fmt: skip
                self._check_controls(pool, checker, recording, here)

    def _check_honest(self, pool: Pool, moments: Mapping[str, int], of: int) -> None:
        """Check states of some commands, in proportion to their moments, and fill up the rest."""
        left = dict(moments)
        last = not of or sum(moments.values()) == of or sum(map(_states, self.honest.values()))
        goal = self._chosen.states if last else self._chosen.states * sum(moments.values()) // of
        done = sum(_states(tally) for name, tally in self.honest.items() if name not in moments)
        while left and (missing := goal - done - sum(_states(self.honest[n]) for n in moments)) > 0:
            now = min(missing, _ROUND)
            wanted = {name: -(-now * left[name] // sum(left.values())) for name in left}
            parts = [
                Slice(name, "", min(_SLICE, count - start), self._seed_of(self.honest[name], start),
                      frozenset(self.honest[name].known))
                for name, count in wanted.items() for start in range(0, count, _SLICE)
            ]  # fmt: skip
            before = {name: _states(self.honest[name]) for name in left}
            self._take(pool, parts)
            for name, count in wanted.items():
                if _states(self.honest[name]) - before[name] < count / 10:
                    del left[name]  # all its states were drawn, or nearly

    def _check_controls(
        self, pool: Pool, checker: Checker, recording: Recording, here: Sequence[str]
    ) -> None:
        """Draw states without one kind of syncing or renaming until one of them is wrong."""
        touched = {
            control: checker.commands_of(without(recording, control)) & set(here)
            for control in self.controls
        }
        for turn in range(_CONTROL_ROUNDS):
            self._take(pool, [
                Slice(name, control, _SLICE, self._seed_of(tally, turn), frozenset(tally.known))
                for control, tally in self.controls.items() if not tally.faults
                for name in sorted(touched[control])
            ])  # fmt: skip

    def _seed_of(self, tally: Tally, number: int) -> int:
        """Return the seed of a draw; what was drawn before is not drawn again."""
        return hash((_states(tally), number)) + self._chosen.seed

    def _go_on(self) -> None:
        """Take over what an earlier run checked."""
        if not self._journal.exists():
            return
        for line in self._journal.read_text(encoding="ascii").splitlines():
            with suppress(ValueError):  # the last line of a run that was killed
                control, command, state, faults = json.loads(line)
                tally = self.controls.get(control) if control else self.honest.get(command)
                if tally is not None:
                    tally.add(bytes.fromhex(state), faults)

    def _take(self, pool: Pool, parts: Sequence[Slice]) -> None:
        for part, found in pool.imap_unordered(_check_slice, parts):
            tally = self.controls[part.control] if part.control else self.honest[part.command]
            for state, checked in found:
                kinds = sorted({fault.kind for fault in checked.faults})
                if not tally.add(state, kinds):
                    continue
                with self._journal.open("a", encoding="ascii") as journal:
                    print(
                        json.dumps([part.control, part.command, state.hex(), kinds]), file=journal
                    )
                if checked.faults and self._chosen.json:
                    _print_json({
                        "left out": part.control, "command": part.command,
                        "after": checked.cut.after, "kept": checked.cut.kept,
                        "faults": [f"{f.kind}: {f.detail}" for f in checked.faults[:5]],
                    })  # fmt: skip
                elif checked.faults and not part.control:
                    print(f"{part.command}: {checked}", file=sys.stderr)
            self._show()

    def _show(self) -> None:
        """Show how many states were checked, on a terminal."""
        if sys.stderr.isatty():
            states = sum(map(_states, self.honest.values()))
            caught = sum(bool(tally.faults) for tally in self.controls.values())
            sys.stderr.write(
                f"\r{states:,} of {self._chosen.states:,} states, {self.wrong} wrong; "
                f"{caught} of {len(self.controls)} controls caught "
            )

    @property
    def wrong(self) -> int:
        """How many honest states have a fault."""
        return sum(tally.faults.total() for tally in self.honest.values())

    @property
    def missed(self) -> list[str]:
        """The controls of which no state was wrong, though one had to be."""
        return sorted(
            name
            for name, tally in self.controls.items()
            if not tally.faults and not why_without_effect(name)
        )

    def lines(self) -> Iterator[str]:
        """Yield the table."""
        kinds = ("lost", "wrong", "differs")
        yield f"{'command':<20}{'states':>8}" + "".join(f"{kind:>9}" for kind in kinds)
        for name, tally in self.honest.items():
            counts = "".join(f"{tally.faults[kind]:>9,}" for kind in kinds)
            yield f"{name:<20}{_states(tally):>8,}{counts}"
        found = [sum(t.faults[kind] for t in self.honest.values()) for kind in kinds]
        states = sum(map(_states, self.honest.values()))
        yield f"{'all':<20}{states:>8,}" + "".join(f"{count:>9,}" for count in found)
        yield ""
        width = max(map(len, self.controls), default=37)
        yield f"{'left out, to see whether it is caught':<{width}}{'states':>8}{'faulty':>9}"
        for name, tally in self.controls.items():
            why = why_without_effect(name)
            faults = f"{tally.faults.total():,}" if tally.faults else "none" if why else "missed"
            reason = f"  {why}" * (not tally.faults)
            yield f"{name:<{width}}{_states(tally):>8,}{faults:>9}{reason}".rstrip()
        yield ""
        yield (
            f"seed {self._chosen.seed}, {self._chosen.jobs} processes, "
            f"{time.monotonic() - self._begun:,.0f} s"
        )


def recorded(places: Places, *, copy: bool = False) -> Recording:
    """Run all commands under strace, unless that was done; return what they did.

    Raises:
        UntraceableError: There is no strace, or it may not trace here.
    """
    whole = places.base / "recording"
    if whole.exists():
        for of_worker in places.base.glob(f"{places.name}?*"):
            shutil.rmtree(of_worker)  # of a run that was interrupted
        with whole.open(encoding="ascii") as lines:
            return operations(lines, places.disk)
    for left_over in places.base.iterdir():
        shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()
    places.disk.mkdir()
    trace = places.base / "trace"
    script = [sys.executable, __file__, "--record", places.base, *["--copy"] * copy]
    recording = record(script, places.disk, trace, os.environ)
    *_, (_, last) = disks(recording)
    disk = places.disk
    really = {
        str(path.relative_to(disk)): None if path.is_dir() else path.read_bytes()
        for path in disk.rglob("*")
    }
    seen = last.tree("all")
    other = [n for n in {**really, **seen} if really.get(n, b"-") != seen.get(n, b"-")]
    if [name for name in other if not name.endswith("-shm")]:
        raise RuntimeError(f"the trace does not hold everything that was done: {other}")
    trace.rename(whole)
    return recording


def version() -> str:
    """Return a hash of the program and of this check, by which a kept recording is found."""
    digest = hashlib.sha256()
    for path in sorted(
        p for name in ("index", "qa", "tests/support") for p in (ROOT / name).rglob("*.py")
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def place_of(kept: Path | None, variant: str) -> Iterator[Path]:
    """Give a folder for everything: one that is kept for this version, or a new one in memory.

    Word indexes are opened through temporary folders, which are put there, too: on a disk they
    would take most of the time.
    """
    parent = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
    with ExitStack() as stack:
        if kept is None:
            folder = Path(stack.enter_context(TemporaryDirectory("", "releaseqa-power-", parent)))
        else:
            folder = kept.absolute() / f"{version()}{variant}"
        base, scratch = folder / "run", folder / "tmp"
        for path in (base, scratch):
            path.mkdir(parents=True, exist_ok=True)
        os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
        yield base


def _copy(source: Path, target: Path) -> Path:
    """Do as `Path.replace` does for a file, but in steps."""
    if source.is_dir():
        os.rename(source, target)  # noqa: PTH104 - it is replaced
    else:
        shutil.copyfile(source, target)
        with target.open("rb") as stream:
            os.fsync(stream.fileno())
        source.unlink()
    return target


def _states(tally: Tally) -> int:
    return len(tally.known)


def _print_json(found: dict[str, Any]) -> None:
    print(json.dumps(found), flush=True)


def main(arguments: Sequence[str]) -> int:
    """Record, cut, check; print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--states", type=int, default=5000, help="different states to check")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--only", metavar="COMMAND", action="append", help="default: all")
    parser.add_argument(
        "--control", metavar="NAME", action="append", default=[],
        help="leave this out, as the table names it; default: each kind of syncing and renaming",
    )  # fmt: skip
    parser.add_argument("--copy", action="store_true", help="copy files in place of renaming them")
    parser.add_argument("--no-controls", action="store_true")
    parser.add_argument("--json", action="store_true", help="print each fault, and the counts")
    parser.add_argument("--folder", type=Path, help="keep what was done here, and go on from it")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    parser.add_argument("--record", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    prepare(load_model())
    if chosen.record:
        if chosen.copy:
            Path.rename = Path.replace = _copy  # type: ignore[assignment, method-assign]
        run_all(Places(chosen.record))
        return 0
    interrupted = False
    with place_of(chosen.folder, "-copy" * chosen.copy) as place:
        run = Run(place, chosen)
        try:
            run.check_all()
        except UntraceableError as error:
            print(error, file=sys.stderr)
            return UNTRACEABLE
        except KeyboardInterrupt:
            interrupted = True
    table = "\n".join(run.lines())
    if chosen.json:
        of = {name: _states(tally) for name, tally in run.honest.items()}
        _print_json({"states": sum(of.values()), "of": of, "wrong": run.wrong,
                     "controls": len(run.controls), "missed": run.missed})  # fmt: skip
    else:
        print(f"\n{table}" if sys.stderr.isatty() else table)
    if interrupted:
        return 130
    if chosen.write:
        RESULTS.write_text(f"{table}\n", encoding="utf-8")
    return 1 if run.wrong or run.missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
