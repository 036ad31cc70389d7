"""Ignore files leave out what git would, and cost little whatever is in them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_parts import RELEASE, contents, index_words, look, put

from index.ingest.discover import LeftOut, SourceFile, scan
from index.ingest.ignore_rules import IGNORE_FILE, MAX_BYTES, IgnoreRules, parse_rule
from index.reports import Skip
from index.structure.passages import EncoderWindow

NAMES = ("a", "b", "ab", "a b", "a ", "#a", "!a", "a-b", "a*b", "[a]", "a\\b", "a.txt")
TREE = [
    *NAMES,
    *(f"d/{name}" for name in NAMES),
    "d/a/b-", "d/e/a.x/b", "d/e/f/a-", "e/d/a", "e/f/d/b", "e/e/e/a", "e/e/b",
]  # fmt: skip
_FILES = [name for name in TREE if not any(other.startswith(f"{name}/") for other in TREE)]


def found_by_git(folder: Path) -> set[str]:
    """The files that git would add."""
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    git = ["git", "-C", str(folder), "-c", f"core.excludesFile={os.devnull}"]
    if not (folder / ".git").exists():
        subprocess.run([*git, "init", "-q"], env=env, check=True)
    listed = subprocess.run(
        [*git, "ls-files", "--others", "--exclude-standard", "-z"],
        env=env, check=True, capture_output=True,
    ).stdout  # fmt: skip
    return {name for name in listed.decode().split("\0") if name and "ignore" not in name}


def found(folder: Path) -> set[str]:
    """The files that an update reads."""
    return {item.label for item in scan([folder], folder) if isinstance(item, SourceFile)}


def put_rules(folder: Path, *lines: str) -> None:
    """Write an ignore file, for us and for git."""
    for name in (IGNORE_FILE, ".gitignore"):
        put(folder / name, "\n".join(lines))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of many names, in folders of such names."""
    folder = tmp_path_factory.mktemp("tree")
    for number, name in enumerate(_FILES):
        put(folder / name, f"{number}")
    return folder


LINES = st.one_of(
    st.text("ab*?/!\\[]-^ #d", max_size=8),
    st.lists(
        st.sampled_from(["a", "b", "d", "e", "f", "*", "**", "a*", "?", "[ab]", "[!a]", ""]),
        min_size=1, max_size=4,
    ).map("/".join),
)  # fmt: skip


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@settings(max_examples=150, derandomize=True)
@given(st.lists(LINES, max_size=4), st.lists(LINES, max_size=2))
def test_what_is_left_out_is_what_git_leaves_out(
    tree: Path, lines: list[str], below: list[str]
) -> None:
    """Any patterns, in the folder and in one below it: the files that are left are the same."""
    put_rules(tree, *lines)
    put_rules(tree / "d", *below)

    assert found_by_git(tree) == found(tree)


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["# a comment", "", "  ", "!"], {"a.txt", "b.md", "d/a.txt", "d/e/b.md"}),
        (["*.txt"], {"b.md", "d/e/b.md"}),
        (["/*.txt"], {"b.md", "d/a.txt", "d/e/b.md"}),
        (["d/"], {"a.txt", "b.md"}),
        (["b.md/"], {"a.txt", "b.md", "d/a.txt", "d/e/b.md"}),  # a file is no folder
        (["d/**/b.md"], {"a.txt", "b.md", "d/a.txt"}),
        (["**/e/**"], {"a.txt", "b.md", "d/a.txt"}),
        (["*", "!*.md"], {"b.md"}),  # nothing below a folder that is left out comes back
        (["*.*", "!*.md"], {"b.md", "d/e/b.md"}),
        (["[!a].md", "a.txt\r"], set()),
        (["\ufeffa.txt"], {"b.md", "d/e/b.md"}),
    ],
)
def test_patterns_mean_what_they_mean_in_git(
    tmp_path: Path, lines: list[str], left: set[str]
) -> None:
    """Comments, names anywhere, anchors, folders, `**`, exceptions, ends of lines of Windows."""
    for name in ("a.txt", "b.md", "d/a.txt", "d/e/b.md"):
        put(tmp_path / name, RELEASE)
    put(tmp_path / IGNORE_FILE, "\n".join(lines))

    assert left == found(tmp_path)


@pytest.mark.parametrize("line", ["[a", "a[", "\\", "a\\", "[z-a]", "/", "!/", "[]", "[!]"])
def test_what_is_malformed_matches_nothing(line: str) -> None:
    """A pattern that git does not understand either is left alone."""
    assert parse_rule(line) is None


@pytest.mark.parametrize(
    ("pattern", "path", "match"),
    [
        ("*a" * 30 + "*b", ["a" * 250], ["a" * 249 + "b"]),
        ("/" + "*a" * 30 + "*b/c", ["a" * 250, "c"], ["a" * 249 + "b", "c"]),
        ("?*" * 60 + "b", ["a" * 250], ["a" * 249 + "b"]),
        ("a/**/" * 30 + "b", ["a"] * 90, [*["a"] * 89, "b"]),
        ("**/a/" * 30 + "b", ["a"] * 90, [*["a"] * 89, "b"]),
    ],
)
def test_no_pattern_takes_long(pattern: str, path: list[str], match: list[str]) -> None:
    """Patterns on which a search that goes back would take for ever are answered."""
    rules = IgnoreRules().with_file(pattern.encode(), 0)

    assert not rules.leave_out(path, is_folder=False)
    assert rules.leave_out(match, is_folder=False)


def test_ignore_files_are_limited_together(tmp_path: Path) -> None:
    """A file that would bring more patterns than may be in force is named, and the rest goes on."""
    folder = tmp_path / "s"
    for name in ("a.txt", "d/a.txt", "d/b.txt", "e/a.txt"):
        put(folder / name, RELEASE)
    half = "#" * (MAX_BYTES // 2)
    put(folder / IGNORE_FILE, f"{half}\na.txt\n")
    put(folder / "d" / IGNORE_FILE, "b.txt\n")
    small = found(folder)
    put(folder / "d" / IGNORE_FILE, f"{half}\nb.txt\n")
    skips = [item for item in scan([folder], folder) if isinstance(item, Skip)]

    assert (set(), {"d/b.txt"}) == (small, found(folder))
    reason = "more than 32 kB of patterns would be in force; it leaves nothing out"
    assert [Skip(f"d/{IGNORE_FILE}", reason)] == skips


def test_an_ignore_file_that_is_none_is_named(tmp_path: Path, window: EncoderWindow) -> None:
    """A pipe does not block, and a link out of the folder is not followed."""
    put(tmp_path / "out.txt", "*")
    folder = tmp_path / "s"
    put(folder / "a.txt", RELEASE)
    put(folder / "d" / "b.txt", RELEASE)
    os.mkfifo(folder / IGNORE_FILE)
    (folder / "d" / IGNORE_FILE).symlink_to(tmp_path / "out.txt")
    looked = look(window, folder, base=folder)
    followed = look(window, folder, base=folder, follow=True)

    assert {"a", "b"} == set(looked.releases)
    assert looked.skipped == {
        IGNORE_FILE: "not a file; it leaves nothing out",
        f"d/{IGNORE_FILE}": "a link out of the folder; use --follow to read it; "
        "it leaves nothing out",
    }
    assert {"a"} == set(followed.releases)


def test_it_only_leaves_out(tmp_path: Path) -> None:
    """An exception takes in nothing that would not be read: hidden files, folders of tools."""
    for name in (".hidden.txt", "node_modules/a.txt", "~$a.docx", "a.url"):
        put(tmp_path / name, RELEASE)
    put(tmp_path / IGNORE_FILE, "!*\n!.hidden.txt\n!node_modules/\n!~$a.docx\n!*.url")

    assert set() == found(tmp_path)


def test_a_named_file_is_read(tmp_path: Path) -> None:
    """What the user names is read, whatever an ignore file above it says."""
    put(tmp_path / "d" / "a.txt", RELEASE)
    put(tmp_path / IGNORE_FILE, "d/\n*.txt")

    assert set() == found(tmp_path)
    for named in (tmp_path / "d", tmp_path / "d" / "a.txt"):
        assert ["d/a.txt"] == [
            item.label for item in scan([named], tmp_path) if isinstance(item, SourceFile)
        ]


def test_litter_is_left_out_without_a_word(tmp_path: Path, window: EncoderWindow) -> None:
    """Locks of office programs, shortcuts and thumbnails are neither read nor reported."""
    for name in (
        "~$plan.docx", ".~lock.plan.odt#", "Site.URL", "site.webloc", "a.lnk", "Thumbs.db",
        ".DS_Store", "desktop.ini", "plan.txt",
    ):  # fmt: skip
        put(tmp_path / name, RELEASE)
    looked = look(window, tmp_path)

    assert ({"plan"}, {}) == (set(looked.releases), looked.skipped)
    assert {False} == {
        item.ignored for item in scan([tmp_path], tmp_path) if isinstance(item, LeftOut)
    }


def test_a_release_that_is_left_out_is_pruned(tmp_path: Path) -> None:
    """It counts as one whose file is gone: kept and counted, and removed with `prune`."""
    folder, source = tmp_path / "c", tmp_path / "s"
    for name in ("a.txt", "b.txt", "drafts/c.txt", "drafts/d/e.txt"):
        put(source / name, f"{RELEASE}\n\nNumber {name}.")
    first = index_words(folder, [source])
    put(source / IGNORE_FILE, "b.txt\ndrafts/\n")
    kept = index_words(folder, [source])
    other = index_words(folder, [source], ignore=False, prune=True)
    told = index_words(folder, [source], prune=True, dry_run=True)
    pruned = index_words(folder, [source], prune=True)

    assert (4, 0) == (first.added, first.ignored)
    assert (1, 3, 2) == (kept.unchanged, kept.vanished, kept.ignored)
    assert (4, 0, 0) == (other.unchanged, other.removed, other.ignored)
    assert (3, 3) == (told.removed, pruned.removed)
    assert {"a"} == set(contents(folder))


def test_the_id_of_a_release_that_is_left_out_is_free(tmp_path: Path) -> None:
    """A record of another file with its id is stored in the place of it."""
    folder, source = tmp_path / "c", tmp_path / "s"
    put(source / "a.jsonl", '{"id": "x", "text": "The old bridge."}')
    index_words(folder, [source])
    put(source / "b.jsonl", '{"id": "x", "text": "The new bridge."}')
    put(source / IGNORE_FILE, "a.jsonl")
    report = index_words(folder, [source], prune=True)

    assert ((), 1, 0) == (report.skipped, report.updated, report.removed)
    assert "b.jsonl" in contents(folder)["x"][1]
