"""What is told of changed and removed releases."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from index.errors import ReleaseNotFoundError
from index.ingest.update import remove_releases, update_collection
from index.store import writer
from index.store.reader import Store
from qa.changes import SentenceChange, recorded_changes, sentence_changes
from qa.cli.app import app
from qa.errors import AmbiguousReleaseError

FIRST = "The bridge opens in May. It cost $4 million.\n\nAnn Doe said so. Nobody objected."
SECOND = "The bridge opens in June. It cost $4 million.\n\nA ferry runs till then. Ann Doe said so."
Folder = Callable[..., Path]


def test_sentences_are_told_in_their_order() -> None:
    """One that is much the same is one that changed; others were removed or added."""
    assert list(sentence_changes(FIRST, SECOND)) == [
        SentenceChange("The bridge opens in May.", "The bridge opens in June."),
        SentenceChange(None, "A ferry runs till then."),
        SentenceChange("Nobody objected.", None),
    ]


def test_line_breaks_are_no_change() -> None:
    """White space does not count; letter case and punctuation do."""
    assert (
        list(sentence_changes("It  opens\nin May. It is so.", "It opens in May. It is so.")) == []
    )
    assert list(sentence_changes("It opens in May.", "It opens in may.")) == [
        SentenceChange("It opens in May.", "It opens in may.")
    ]


def test_a_text_that_repeats_itself_does_not_take_for_ever() -> None:
    """Nor does a sentence without an end. Ten thousand equal sentences differ in one."""
    same = "Go on. " * 10_000
    assert SentenceChange(None, "Stop here.") in list(sentence_changes(same, f"{same}Stop here."))
    endless = "go on " * 20_000
    assert list(sentence_changes(endless, f"{endless}and on")) == [
        SentenceChange(endless.strip(), None),
        SentenceChange(None, f"{endless}and on"),
    ]


@given(
    st.lists(st.sampled_from(["One bridge opens.", "Two roads close.", "Go on."]), max_size=8),
    st.lists(st.sampled_from(["One bridge opens.", "Two roads shut.", "Go on."]), max_size=8),
)
def test_the_changes_lead_from_one_text_to_the_other(before: list[str], after: list[str]) -> None:
    """What was removed and added accounts for how often each sentence occurs."""
    found = list(sentence_changes(" ".join(before), " ".join(after)))

    left = sorted([*before, *(one.after for one in found if one.after is not None)])
    assert left == sorted([*after, *(one.before for one in found if one.before is not None)])


@pytest.fixture(name="indexed")
def _indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Index releases by id on a day, without those that are left out; return the collection."""

    def indexed(day: str, **texts: str) -> Path:
        monkeypatch.setattr(writer, "_now", lambda: f"{day}T12:00:00Z")
        records = [
            {"id": name, "title": f"Release {name}", "date": "2023-05-01", "text": text}
            for name, text in texts.items()
        ]
        (tmp_path / "s").mkdir(exist_ok=True)
        (tmp_path / "s" / "r.jsonl").write_text("\n".join(map(json.dumps, records)))
        update_collection(tmp_path / "c", [tmp_path / "s"], prune=True)
        return tmp_path / "c"

    return indexed


def digest(text: str) -> str:
    """The hash that is shown of a text."""
    return sha256(text.encode()).hexdigest()


def test_each_version_is_compared_with_the_one_after_it(indexed: Folder) -> None:
    """The latest change comes first."""
    indexed("2024-03-01", a=FIRST, b=FIRST)
    indexed("2024-03-02", a=SECOND, b=FIRST)
    folder = indexed("2024-03-03", a=f"{SECOND} It is new.", b=FIRST)

    with Store(folder) as store:
        found = recorded_changes(store)
        assert recorded_changes(store, "b").changes == ()
    new, old = found.changes
    assert [(one.at[:10], one.stored_at[:10]) for one in (new, old)] == [
        ("2024-03-03", "2024-03-02"), ("2024-03-02", "2024-03-01"),
    ]  # fmt: skip
    assert new.sentences == (SentenceChange(None, "It is new."),)
    assert old.sentences == tuple(sentence_changes(FIRST, SECOND))
    assert new.after is not None
    assert old.after == new.before
    assert [v.sha256 for v in (old.before, new.before, new.after)] == [
        digest(FIRST), digest(SECOND), digest(f"{SECOND} It is new."),
    ]  # fmt: skip


def test_of_a_removed_release_only_its_identity_is_told(indexed: Folder) -> None:
    """What it said before is not compared any more, also after it came back."""
    indexed("2024-03-01", a=FIRST, b=FIRST)
    indexed("2024-03-02", a=SECOND, b=FIRST)
    folder = indexed("2024-03-03", b=FIRST)
    with Store(folder) as store:
        removed, changed = recorded_changes(store).changes
        assert recorded_changes(store, since="2024-03-03T00:00:00Z").changes == (removed,)
    assert (removed.change, removed.after, removed.sentences) == ("removed", None, None)
    assert (removed.before.sha256, removed.is_present) == (digest(SECOND), False)
    assert (changed.after, changed.sentences) == (removed.before, None)

    indexed("2024-03-04", a=FIRST, b=FIRST)
    with Store(folder) as store:
        assert recorded_changes(store).changes[0].is_present


def run(*words: str) -> Any:
    """Run a command."""
    return CliRunner().invoke(app, list(words))


def test_the_command_shows_what_differs(indexed: Folder) -> None:
    """Word by word, with both hashes; the head counts."""
    indexed("2024-03-01", a=FIRST, b=FIRST)
    indexed("2024-03-02", a=SECOND, b=FIRST)
    folder = indexed("2024-03-05", a=SECOND)

    result = run("--index", str(folder), "changes")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "2 changes: 1 changed, 1 removed",
        "",
        "Release b",
        "2023-05-01 · b · removed 2024-03-05T12:00:00Z",
        f"   sha256 {digest(FIRST)}, stored 2024-03-01T12:00:00Z",
        "",
        "Release a",
        "2023-05-01 · a · changed 2024-03-02T12:00:00Z",
        "   The bridge opens in [-May.-] {+June.+}",
        "   {+A ferry runs till then.+}",
        "   [-Nobody objected.-]",
        f"   sha256 {digest(FIRST)}, stored 2024-03-01T12:00:00Z",
        f"   sha256 {digest(SECOND)}, stored 2024-03-02T12:00:00Z",
    ]
    assert run("--index", str(folder), "changes", "--since", "2024-03-03").stdout.startswith(
        "1 change: 1 removed\n"
    )
    one = run("--index", str(folder), "changes", "--limit", "1").stdout
    assert one.startswith("2 changes\n")
    assert one.endswith("… and 1 more; --limit 0 shows all\n")


def test_the_command_prints_json(indexed: Folder) -> None:
    """A line for each change; a text hash is that of the text that `show` prints."""
    indexed("2024-03-01", a=FIRST)
    folder = indexed("2024-03-02", a=SECOND)

    (line,) = run("--index", str(folder), "changes", "a", "--json").stdout.splitlines()
    shown = json.loads(run("--index", str(folder), "show", "a", "--json").stdout)

    assert json.loads(line) == {
        "release": "a",
        "change": "changed",
        "at": "2024-03-02T12:00:00Z",
        "stored_at": "2024-03-01T12:00:00Z",
        "before": {"title": "Release a", "date": "2023-05-01", "sha256": digest(FIRST)},
        "after": {"title": "Release a", "date": "2023-05-01", "sha256": digest(shown["text"])},
        "sentences": [
            {
                "change": "changed",
                "before": "The bridge opens in May.",
                "after": "The bridge opens in June.",
            },
            {"change": "added", "before": None, "after": "A ferry runs till then."},
            {"change": "removed", "before": "Nobody objected.", "after": None},
        ],
        "present": True,
    }
    assert (shown["added_at"], shown["updated_at"]) == (
        "2024-03-01T12:00:00Z", "2024-03-02T12:00:00Z",
    )  # fmt: skip


def test_what_is_not_there_is_said(indexed: Folder) -> None:
    """A release without changes, one that never was, a date that is none."""
    folder = indexed("2024-03-01", a=FIRST, b=FIRST)
    result = run("--index", str(folder), "changes", "a")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "No change is recorded.\n")

    assert "no release 'x'" in run("--index", str(folder), "changes", "x").stderr
    wrong = run("--index", str(folder), "changes", "--since", "soon")
    assert (wrong.exit_code, "--since: 'soon' is not a date" in wrong.stderr) == (2, True)
    remove_releases(folder, ["a"])
    assert run("--index", str(folder), "changes", "a").stdout.startswith("1 change: 1 removed")


def test_a_release_is_called_by_the_start_of_its_id(indexed: Folder) -> None:
    """As in `show`, by its title, too; also one that was removed. Several are listed."""
    indexed("2026-01-01", road=FIRST, bridge=FIRST, bride=FIRST)
    folder = indexed("2026-01-02", road=SECOND, bride=FIRST)

    with Store(folder) as store:
        for name, meant in (("ro", "road"), ("Release road", "road"), ("bridg", "bridge")):
            assert [meant] == [c.release_id for c in recorded_changes(store, name).changes]
        with pytest.raises(AmbiguousReleaseError, match="2 releases match 'brid'"):
            recorded_changes(store, "brid")
        with pytest.raises(ReleaseNotFoundError):
            recorded_changes(store, "ferry")
