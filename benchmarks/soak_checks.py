"""What the soak compares after a kill, and after a command has ended.

A check returns what it finds as a kind and a line: something is `lost`, `wrong`, or `different`
from what the undisturbed command gives.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from same_collection import content_of, differences

from index.filters import NO_FILTERS
from index.search.searcher import Searcher
from index.store.reader import Store
from index.verify.verify import verify_collection
from qa.batch.watch import ANSWERS, STATE
from qa.paths import FILE_NAME, collection_key
from qa.sessions.store import open_sessions

Harm = tuple[str, str]
Content = Mapping[str, Any]

_SHOWN = 5
"""Lines of harm of one check."""
_SHOWN_CHARACTERS = 200
"""Characters of a value that is not as it should be."""


def look_at_collection(
    folder: Path, before: Content, after: Content, sought: Iterable[str]
) -> list[Harm]:
    """Compare a collection with those before and after a command that was killed.

    Args:
        folder: The collection's.
        before: What it held before the command.
        after: What it holds when the command has ended.
        sought: Ids of releases to search by the word that only they have.
    """
    harm: list[Harm] = []
    old, new = texts(before), texts(after)
    with Store(folder) as store:
        held = dict(store.rows("SELECT release_id, text FROM releases"))
    for name in sorted({*held, *old, *new}):
        found, allowed = held.get(name), {old.get(name), new.get(name)}
        if found not in allowed:
            kind = "lost" if found is None else "wrong"
            harm.append((kind, f"{name} is {str(found)[:80]!r}"))
    harm += [
        ("wrong", f"{finding.name} {finding.place}: {finding.detail}")
        for finding in verify_collection(folder).findings
        if finding.verdict == "wrong"
    ]
    with closing(Searcher(folder)) as searcher:
        for name in sought:
            word = held[name].partition("The file is ")[2].partition(".")[0]
            hits = [key for key, _ in searcher.search_lexical([word], 5, NO_FILTERS)]
            found_in = {p.passage_id for p in searcher.store.passages(hits).values()}
            if not any(one.startswith(f"{name}#") for one in found_in):
                harm.append(("lost", f"{name} is not found by {word!r}: {found_in}"))
    return harm[:_SHOWN]


def texts(content: Content) -> dict[str, str]:
    """Return the text of each release."""
    kind = "release "
    return {
        name.removeprefix(kind): columns[2]
        for name, columns in content.items()
        if name.startswith(kind)
    }


def compared(expected: Content, folder: Path) -> list[Harm]:
    """Compare all that a collection holds with what it has to hold."""
    return [("different", line) for line in differences(dict(expected), content_of(folder))][
        :_SHOWN
    ]


def errors_as_harm(check: Callable[[], list[Harm]]) -> list[Harm]:
    """Check; a collection that cannot be read is wrong, too."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
        return [("wrong", repr(error))]


def reported(out: str) -> bool:
    """Whether a command had printed its result, as one JSON object."""
    for line in out.splitlines():
        try:
            if line.startswith("{") and json.loads(line):
                return True
        except ValueError:
            continue
    return False


def texts_are_kept(folder: Path, content: Content) -> list[Harm]:
    """Compare the texts alone, which a repair never changes."""
    with Store(folder) as store:
        held = dict(store.rows("SELECT release_id, text FROM releases"))
    return [] if held == texts(content) else [("lost", "a repair has changed the texts")]


def reported_answers(folder: Path) -> list[dict[str, Any]]:
    """Return the answers that a watch has reported, as far as its state goes, timing aside.

    Raises:
        ValueError: There is half an answer.
    """
    state = folder / STATE
    if not state.exists():
        return []
    length = json.loads(state.read_bytes())["bytes"]
    lines = (folder / ANSWERS).read_bytes()[:length].splitlines() if length else []
    return [{**json.loads(line), "timing": None} for line in lines]


def differing_answers(
    found: Sequence[Mapping[str, Any]], expected: Sequence[Mapping[str, Any]]
) -> str:
    """Say how answers differ: which questions were answered, or the fields of the first answer."""
    ids, wanted = ([str(answer["id"]) for answer in answers] for answers in (found, expected))
    if ids != wanted:
        return f"{len(ids)} answers, to {ids[-30:]}, not {len(wanted)}, to {wanted[-30:]}"
    for number, (one, other) in enumerate(zip(found, expected, strict=True)):
        if fields := [name for name in one if one[name] != other[name]]:
            return f"answer {number}, to {one['id']}: " + "; ".join(
                f"{name} {str(one[name])[:_SHOWN_CHARACTERS]} / "
                f"{str(other[name])[:_SHOWN_CHARACTERS]}"
                for name in fields
            )
    return "nothing differs"


def last_turn(folder: Path, data: Path, name: str) -> int:
    """Return the key of the last turn of a conversation; -1 if it has none."""
    with open_sessions(data / FILE_NAME) as store:
        turns = store.turns(store.find(collection_key(folder), name).key)
    return turns[-1].key if turns else -1
