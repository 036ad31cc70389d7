"""The steps of the soak: a command on the twin, the same killed on the collection, and the checks.

A check yields what it finds as a kind and a line: something is `lost`, `wrong`, or `different` from
what the undisturbed command gives.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from os import environ
from pathlib import Path

from changing_sources import change_something
from forks import in_fork
from index_parts import put
from kill_sessions import Tally, digests, kept_questions, look, run_kills
from soak_checks import (
    Harm,
    compared,
    differing_answers,
    errors_as_harm,
    last_turn,
    look_at_collection,
    reported,
    reported_answers,
    texts,
    texts_are_kept,
)
from soak_lane import STEADY, Counting, Lane
from soak_processes import Ran

_WORDS_ONLY = ("--words-only", "--risk", "0.99")
_JOURNAL = ".partial"
_A_CONVERSATION = 8
"""Steps in a conversation before another is begun."""
_SOUGHT = 3
"""Releases whose words are looked for after a kill."""
_GOES_ON = 0.4
"""The share of the watches that go on after their first round."""


def _disturb(
    lane: Lane, name: str, counts: Counting, left: int, words: list[str],
    *, killed: list[str] | None = None, ended: list[str] | None = None,
    mend: Callable[[Path], Ran] | None = None,
    done: Callable[[Ran], bool] = lambda ran: ran.status == 0,
    also: Callable[[], Iterator[Harm]] = lambda: iter(()),
) -> Iterator[Harm]:  # fmt: skip
    """Run a command on the twin, kill it on the collection, run it to its end, and compare.

    Args:
        lane: The lane.
        name: The command's name.
        counts: Counts the kills.
        left: How many kills there may be.
        words: The command.
        killed: The command that is killed, where it has other words.
        ended: The command that ends it, where it has other words.
        mend: Run on both afterwards.
        done: Whether a command that has ended did what it should.
        also: Checks something else after a kill.
    """
    harm: list[Harm] = []
    undisturbed = lane.run(lane.twin, words)
    if not done(undisturbed):
        raise RuntimeError(f"{words} failed undisturbed: {undisturbed}")
    if mend is not None:
        mend(lane.twin)
    before, after = lane.content, lane.read(lane.twin)
    lane.content = after
    held = texts(after)
    steady = [n for n, text in sorted(texts(before).items()) if n != STEADY and held.get(n) == text]
    for ran in lane.kills(name, counts, left, lambda: lane.kill(killed or words, undisturbed)):
        sought = lane.draw.sample(steady, min(_SOUGHT, len(steady)))
        said = not ran.killed or reported(ran.out)
        allowed = after if said and mend is None else before
        check = partial(look_at_collection, lane.collection, allowed, after, sought)
        harm += in_fork(partial(errors_as_harm, check))
        harm += also()
    with lane.quiet():
        ran = lane.run(lane.collection, ended or words, fault=True)
        if not done(ran):
            harm.append(("different", f"it cannot go on: {ran.status} {ran.out[-300:]}"))
        if mend is not None:
            mend(lane.collection)
        found = in_fork(partial(errors_as_harm, partial(compared, after, lane.collection)))
        harm += found
        harm += also()
    if harm:
        lane.start_over()
    yield from harm


def index(lane: Lane, counts: Counting, left: int, *, prune: bool = False) -> Iterator[Harm]:
    """Change the sources and index them."""
    for _ in range(lane.draw.randint(1, 3)):
        change_something(lane.sources, lane.draw)
    name = "index --prune" if prune else "index"
    words = ["index", str(lane.sources.folder), "--json", *["--prune"] * prune]
    yield from _disturb(lane, name, counts, left, words)


def remove(lane: Lane, counts: Counting, left: int) -> Iterator[Harm]:
    """Remove some releases. One that was removed before the kill is no longer there."""
    names = [name for name in sorted(texts(lane.content)) if name != STEADY]
    if not names:
        return
    words = ["remove", *lane.draw.sample(names, min(len(names), lane.draw.randint(1, 3)))]

    def done(ran: Ran) -> bool:
        return ran.status == 0 or "no release" in ran.out

    def repair(folder: Path) -> Ran:
        return lane.run(folder, ["verify", "--repair", "--json"])

    yield from _disturb(lane, "remove", counts, left, words, mend=repair, done=done)


def repair(lane: Lane, counts: Counting, left: int) -> Iterator[Harm]:
    """Damage what is derived, and repair it; the twin has nothing to repair.

    How a repair runs undisturbed is seen on a copy.
    """
    with lane.quiet():
        damaged = sorted((lane.collection / "derived").iterdir())
        target = lane.draw.choice(damaged)
        if lane.draw.random() < 0.5:
            shutil.rmtree(target) if target.is_dir() else target.unlink()
        else:
            files = sorted(target.iterdir()) if target.is_dir() else [target]
            put(lane.draw.choice(files), b"damaged")
        copy = lane.base / "damaged"
        shutil.copytree(lane.collection, copy)
    words = ["verify", "--repair", "--json"]
    undisturbed = lane.run(copy, words)
    shutil.rmtree(copy)
    harm: list[Harm] = []
    for _ in lane.kills("verify --repair", counts, left, lambda: lane.kill(words, undisturbed)):
        harm += in_fork(
            partial(errors_as_harm, partial(texts_are_kept, lane.collection, lane.content))
        )
    with lane.quiet():
        ran = lane.run(lane.collection, words, fault=True)
        if ran.status != 0:
            harm.append(("different", f"it cannot go on: {ran.status} {ran.out[-300:]}"))
        harm += in_fork(partial(errors_as_harm, partial(compared, lane.content, lane.collection)))
    if harm:
        lane.start_over()
    yield from harm


def batch(lane: Lane, counts: Counting, left: int) -> Iterator[Harm]:
    """Write the answers of a file of questions, in place of those of the last time."""
    out, other = lane.base / "out" / "o.jsonl", lane.base / "expected.jsonl"
    resume = lane.draw.random() < 0.7
    if resume:  # a complete output is not written again
        out.unlink(missing_ok=True)
    other.unlink(missing_ok=True)
    words = ["batch", str(lane.questions), "--no-timing", "-j", "1", *_WORDS_ONLY, "-o"]
    here = [*words, str(out), *["--resume"] * resume]
    undisturbed = lane.run(lane.twin, [*words, str(other)])
    if undisturbed.status != 0:
        raise RuntimeError(f"{words} failed undisturbed: {undisturbed}")
    allowed = [_content(out), other.read_bytes()]
    journal = out.with_name(f"{out.name}{_JOURNAL}")
    kept = 0
    for ran in lane.kills("batch", counts, left, lambda: lane.kill(here, undisturbed)):
        found = _content(out)
        if found not in allowed:
            yield "wrong" if found else "lost", f"the output is {str(found)[:80]}"
        if ran.status == 0:
            allowed = allowed[-1:]
        lines = (_content(journal) or b"").count(b"\n") - 1  # the first one is not an answer's
        if resume and 0 <= lines < kept:
            yield "lost", f"{kept} answers were kept, now {lines}"
        kept = max(0, lines)
    ran = lane.run(lane.collection, here, fault=True)
    said = re.search(r"after (\d+) questions", ran.out)
    if resume and int(said[1] if said else 0) != kept:
        yield "lost", f"{kept} answers were kept, and it said: {ran.out[-300:]}"
    if (ran.status, _content(out)) != (0, allowed[-1]):
        yield "different", f"the output is another one: {ran.status} {ran.out[-300:]}"
    beside = sorted(path.name for path in out.parent.iterdir())
    if beside != [out.name]:
        yield "different", f"files are left over: {beside}"


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def watch(lane: Lane, counts: Counting, left: int) -> Iterator[Harm]:
    """Change the sources, and answer standing questions from what is new."""
    for _ in range(lane.draw.randint(1, 2)):
        change_something(lane.sources, lane.draw)
    here, twin = lane.reports, lane.twin_reports
    words = ["watch", str(lane.sources.folder), "--questions", str(lane.questions), *_WORDS_ONLY]
    once = [*words, "--once", "-o", str(here)]
    on = [*words, "-o", str(here)] if lane.draw.random() < _GOES_ON else once
    before = reported_answers(twin)

    def answers_are_kept() -> Iterator[Harm]:
        found, expected = reported_answers(here), reported_answers(twin)
        if found not in (before, expected):
            yield "lost", differing_answers(found, expected)

    harm = list(
        _disturb(
            lane, "watch", counts, left, [*words, "--once", "-o", str(twin)],
            killed=on, ended=once, also=answers_are_kept,
        )
    )  # fmt: skip
    found, expected = reported_answers(here), reported_answers(twin)
    if found != expected:
        harm.append(("different", differing_answers(found, expected)))
    if harm:
        lane.start_over()
    yield from harm


def converse(lane: Lane, counts: Counting, left: int) -> Iterator[Harm]:
    """Ask in a saved conversation."""
    lane.step += 1
    name = f"talk-{lane.step // _A_CONVERSATION}"
    data = Path(environ["RELEASEQA_DATA"])
    words = ["ask", "--session", name, "--as-typed", "--json", "-q", *_WORDS_ONLY]
    kept = kept_questions(lane.collection, data, name)
    answers = digests(lane.collection, data)
    drawn = lane.draw.choice(lane.questions.read_text("utf-8").splitlines())
    undisturbed = lane.run(lane.twin, [*words, drawn])
    number = 0

    def asked(*, killed: bool) -> Ran:
        nonlocal number
        number += 1
        line = [*words, f"{lane.step}-{number}. {drawn}"]
        return (
            lane.kill(line, undisturbed) if killed else lane.run(lane.collection, line, fault=True)
        )

    def check(ran: Ran) -> Iterator[Harm]:
        nonlocal kept
        question = f"{lane.step}-{number}. {drawn}"
        for line in look(lane.collection, data, name, [*kept, question], answers, Tally()):
            yield "lost", line
        kept = kept_questions(lane.collection, data, name)
        if not ran.killed or reported(ran.out):
            answered = (name, last_turn(lane.collection, data, name)) in answers
            if kept[-1:] != [question] or not answered:
                yield "lost", f"an answer that was shown is not saved: {question}"

    for ran in lane.kills("conversation", counts, left, lambda: asked(killed=True)):
        yield from check(ran)
    ran = asked(killed=False)
    if ran.status not in {0, 4}:
        yield "different", f"it cannot go on: {ran.status} {ran.out[-300:]}"
    yield from check(ran)


def chat(lane: Lane, counts: Counting, left: int) -> Iterator[Harm]:
    """Kill the chat in a terminal, as `kill_sessions.py` does."""
    lane.step += 1
    data = lane.base / f"chat{lane.step}"
    data.mkdir()
    questions = lane.questions.read_text("utf-8").splitlines()
    tally = run_kills(lane.collection, data, questions, min(left, 2), lane.draw)
    counts.kills["chat"] += tally.kills
    for line in tally.harm:
        yield "lost", line


COMMANDS: dict[str, Callable[[Lane, Counting, int], Iterator[Harm]]] = {
    "index": index,
    "index --prune": partial(index, prune=True),
    "remove": remove,
    "verify --repair": repair,
    "batch": batch,
    "watch": watch,
    "conversation": converse,
    "chat": chat,
}
